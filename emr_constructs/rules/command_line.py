"""The structures that ``aws emr create-cluster`` reads, where they differ from those of the EMR API.

https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html
"""

from __future__ import annotations

from typing import Final

from .shapes import add_enum, add_list, add_shape

__all__ = ["BOOTSTRAP_ACTIONS", "EC2_ATTRIBUTES", "EMRFS", "STEPS", "STEP_TYPES"]

BOOTSTRAP_ACTIONS: Final = "BootstrapActionOptions"
"""The list for ``--bootstrap-actions``."""

EC2_ATTRIBUTES: Final = "Ec2Attributes"
"""The structure for ``--ec2-attributes``."""

EMRFS: Final = "EmrfsOptions"
"""The structure for ``--emrfs``."""

STEPS: Final = "StepOptions"
"""The list for ``--steps``."""

STEP_TYPES: Final = ("CUSTOM_JAR", "STREAMING", "HIVE", "PIG", "IMPALA", "SPARK")
"""The types of steps."""

_GROUPS: Final = ("AdditionalMasterSecurityGroups", "AdditionalSlaveSecurityGroups")
_MANAGED: Final = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup")
_TEXTS: Final = ("KeyName", "SubnetId", "AvailabilityZone", "InstanceProfile", *_MANAGED)
_LISTS: Final = ("SubnetIds", "AvailabilityZones", *_GROUPS)
add_shape(EC2_ATTRIBUTES, {**dict.fromkeys(_TEXTS, "String"), **dict.fromkeys(_LISTS, "StringList")}, is_apart=True)

add_enum("StepType", STEP_TYPES)
add_shape("Step", {
    "Type": "StepType", "Name": "String", "ActionOnFailure": "ActionOnFailure", "Jar": "String",
    "Args": "StringList", "MainClass": "String", "Properties": "String", "LogUri": "String",
    "EncryptionKeyArn": "String",
}, is_apart=True)  # fmt: skip
add_list(STEPS, "Step")

add_shape(
    "BootstrapAction", {"Path": "String", "Name": "String", "Args": "StringList"}, required=["Path"], is_apart=True
)
add_list(BOOTSTRAP_ACTIONS, "BootstrapAction")

_EMRFS: Final = ("Encryption", "ProviderType", "KMSKeyId", "CustomProviderLocation", "CustomProviderClass")
add_shape(EMRFS, {
    **dict.fromkeys(_EMRFS, "String"), "Consistent": "Boolean", "SSE": "Boolean", "RetryCount": "Integer",
    "RetryPeriod": "Integer", "Args": "StringList",
}, is_apart=True)  # fmt: skip
