"""Differences in spelling between the EMR API, CloudFormation and Step Functions.

``data/cloudformation.json`` describes the properties; this module contains the names and places that differ from
RunJobFlow.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["API_ONLY", "RENAMED", "ROLES", "STATE_NAMES", "STEP_LOGS", "Listed"]

API_ONLY: Final = frozenset({"ExtendedSupport", "RepoUpgradeOnBoot", "SessionEnabled", "StepExecutionRoleArn"})
"""RunJobFlow has these; ``AWS::EMR::Cluster`` had no property for them in November 2026."""

RENAMED: Final[dict[str, dict[str, str]]] = {
    "Configurations": {"Properties": "ConfigurationProperties"},
    "HadoopJarStep": {"Properties": "StepProperties"},
}
"""By the member that holds a structure, which of its members CloudFormation calls something else."""

STEP_LOGS: Final = ("StepMonitoringConfiguration", "S3MonitoringConfiguration")
"""``AWS::EMR::Step`` has the members of this structure of ``StepConfig`` as its own properties."""


STATE_NAMES: Final = {
    "ADDomainJoinPassword": "AdDomainJoinPassword",
    "ADDomainJoinUser": "AdDomainJoinUser",
    "OSReleaseLabel": "OsReleaseLabel",
}
"""Step Functions names members as the AWS SDK for Java 2 does, which folds capitals at the start of a name."""


class Listed(NamedTuple):
    """Nodes that are a list in the API and separate properties in CloudFormation."""

    role_member: str
    """The member of each item with its role."""

    properties: dict[str, str]
    """The property of each role; that of the task nodes is a list."""


ROLES: Final[dict[str, Listed]] = {
    "InstanceGroups": Listed(
        "InstanceRole",
        {"MASTER": "MasterInstanceGroup", "CORE": "CoreInstanceGroup", "TASK": "TaskInstanceGroups"},
    ),
    "InstanceFleets": Listed(
        "InstanceFleetType",
        {"MASTER": "MasterInstanceFleet", "CORE": "CoreInstanceFleet", "TASK": "TaskInstanceFleets"},
    ),
}
"""By member of the API's ``Instances``."""
