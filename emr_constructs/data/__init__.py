"""The facts about EMR that the library ships as data, and how to read them.

- ``releases.json``: release labels, their applications, and the releases that have each feature.
- ``api_shapes.json``: what the EMR API accepts as RunJobFlow input, member by member.
- ``cloudformation.json``: what CloudFormation takes for each resource of ``AWS::EMR``, and what an update of it does.
- ``unique_items.json``: the lists of each resource that may not have identical items.

``python -m emr_constructs.data.refresh`` renews what can be read from a service model.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["load"]


@cache
def load(name: str) -> Any:
    """The content of the JSON file ``name`` of this folder; read once, treat as read-only."""
    return json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
