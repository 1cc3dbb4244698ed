"""What EMR would refuse, and what it would accept but not do as meant; pure Python over plain dictionaries.

One module per topic; :mod:`.checking` runs them. Nothing here imports CDK.
"""

from __future__ import annotations

from .._core.findings import Finding, Severity
from . import (
    authorization,
    capacity,
    classifications,
    encryption,
    fleets,
    high_availability,
    instance_types,
    kerberos,
    keys,
    names,
    network,
    operating_system,
    ranger,
    references,
    releases,
    retired,
    scaling,
    security_configuration,
    security_groups,
    software,
    steps,
    studio,
    termination,
    topology,
    wal_workspace,
)
from .checking import check, enforce
from .registry import Rule, all_rules

__all__ = [
    "Finding",
    "Rule",
    "Severity",
    "all_rules",
    "authorization",
    "capacity",
    "check",
    "classifications",
    "encryption",
    "enforce",
    "fleets",
    "high_availability",
    "instance_types",
    "kerberos",
    "keys",
    "names",
    "network",
    "operating_system",
    "ranger",
    "references",
    "releases",
    "retired",
    "scaling",
    "security_configuration",
    "security_groups",
    "software",
    "steps",
    "studio",
    "termination",
    "topology",
    "wal_workspace",
]
