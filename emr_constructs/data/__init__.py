"""The facts about EMR that the library ships as data, and how to read them.

- ``releases.json``: release labels, their applications, and the releases that have each feature.
- ``classifications.json``: the configuration classifications of releases, and the applications that install tools.
- ``api_shapes.json``: what the EMR API accepts as RunJobFlow input, member by member.
- ``cloudformation.json``: what CloudFormation takes for each resource of ``AWS::EMR``, and what an update of it does.
- ``ec2_figures.json``: vCPUs, memory and storage of instance types in EC2, where they differ from those in EMR.
- ``replacements.json``: what replaces other resources around a cluster, and which property names them.

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
