"""Facts about EMR as data files.

- ``releases.json``: release labels, their applications, and the releases with each feature.
- ``lifecycles.json``: the dates of the support of releases, and whether AWS states them.
- ``classifications.json``: the configuration classifications of releases, and the applications that install tools.
- ``api_shapes.json``: the RunJobFlow input that the EMR API accepts.
- ``declared_shapes.json``: other structures that rules are about, such as the security configuration.
- ``cloudformation.json``: the properties of the ``AWS::EMR`` resources, and the effects of updates.
- ``ec2_figures.json``: vCPUs, memory and storage of instance types in EC2, if they differ from EMR.
- ``instance_types.json``: the instance types that EMR supports, and the releases that support them.
- ``instance_catalogs.json``: the instance types of earlier days, so that newer data doesn't change a choice.
- ``yarn_memory.json``: the instance types whose YARN memory the EMR Release Guide lists.
- ``replacements.json``: the properties that name resources around a cluster, and whose change replaces them.
- ``unique_items.json``: the lists of each resource that must not contain identical items.

``python -m emr_constructs.data.refresh`` updates the files that come from a service model.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["load"]


@cache
def load(name: str) -> Any:
    """Return the content of a JSON file of this folder, cached; don't modify it."""
    # importlib.resources takes longer to load than most of the files.
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
