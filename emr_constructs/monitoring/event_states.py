"""The states that EMR reports in its events.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-cloudwatch-events.html
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AutoScalingPolicyState", "ClusterState", "InstanceFleetState", "InstanceGroupState", "StepState"]


class ClusterState(StrEnum):
    """The cluster states with events: all but BOOTSTRAPPING and TERMINATING."""

    STARTING = "STARTING"
    RUNNING = "RUNNING"
    """The cluster runs steps."""
    WAITING = "WAITING"
    """The cluster is up and has no step to run."""
    TERMINATED = "TERMINATED"
    TERMINATED_WITH_ERRORS = "TERMINATED_WITH_ERRORS"


class StepState(StrEnum):
    """The step states that EMR sends an event for."""

    PENDING = "PENDING"
    CANCEL_PENDING = "CANCEL_PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class InstanceGroupState(StrEnum):
    """https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceGroupStatus.html"""

    PROVISIONING = "PROVISIONING"
    BOOTSTRAPPING = "BOOTSTRAPPING"
    RUNNING = "RUNNING"
    RECONFIGURING = "RECONFIGURING"
    RESIZING = "RESIZING"
    SUSPENDED = "SUSPENDED"
    TERMINATING = "TERMINATING"
    TERMINATED = "TERMINATED"
    ARRESTED = "ARRESTED"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    ENDED = "ENDED"


class InstanceFleetState(StrEnum):
    """https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceFleetStatus.html"""

    PROVISIONING = "PROVISIONING"
    BOOTSTRAPPING = "BOOTSTRAPPING"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    """The target capacity is reached; only events report this state."""
    RESIZING = "RESIZING"
    RECONFIGURING = "RECONFIGURING"
    SUSPENDED = "SUSPENDED"
    TERMINATING = "TERMINATING"
    TERMINATED = "TERMINATED"


class AutoScalingPolicyState(StrEnum):
    """The states of automatic scaling policies with events."""

    PENDING = "PENDING"
    ATTACHED = "ATTACHED"
    DETACHED = "DETACHED"
    FAILED = "FAILED"
