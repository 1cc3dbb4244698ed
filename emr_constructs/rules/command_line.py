"""The structures that ``aws emr create-cluster`` reads, where they differ from those of the EMR API.

https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html
"""

from __future__ import annotations

from typing import Final

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
