"""What EMR tells EventBridge about a cluster, to any target.

- ``cluster.events.on_step_failed("StepFailed", targets.LambdaFunction(repair))``
- ``cluster.events.on_state_change("Ended", target, states=[ClusterState.TERMINATED])``
- ``cluster.events.notify_failures("Failures", topic)`` sends what went wrong to an :class:`AlarmTopic`.

A rule names the cluster by its id, so it exists once the cluster has started: what happens before fails the deployment,
which tells it.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-cloudwatch-events.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_events as events

from .._errors import EmrError

if TYPE_CHECKING:
    from ..cluster_base import ClusterBase
    from .alarm_topic import AlarmTopic

__all__ = [
    "AutoScalingPolicyState",
    "ClusterEvents",
    "ClusterState",
    "InstanceFleetState",
    "InstanceGroupState",
    "StepState",
]

_TIMEOUTS: Final = [{"prefix": "Spot Provisioning timeout"}, {"prefix": "On-Demand Provisioning timeout"}]


class ClusterState(StrEnum):
    """The states of a cluster that EMR sends an event for; there is none for BOOTSTRAPPING and TERMINATING."""

    STARTING = "STARTING"
    RUNNING = "RUNNING"
    """It runs steps."""
    WAITING = "WAITING"
    """It is up and has no step to run."""
    TERMINATED = "TERMINATED"
    TERMINATED_WITH_ERRORS = "TERMINATED_WITH_ERRORS"


class StepState(StrEnum):
    """The states of a step that EMR sends an event for."""

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
    """The target capacity is there; only events say it."""
    RESIZING = "RESIZING"
    RECONFIGURING = "RECONFIGURING"
    SUSPENDED = "SUSPENDED"
    TERMINATING = "TERMINATING"
    TERMINATED = "TERMINATED"


class AutoScalingPolicyState(StrEnum):
    """The states of the scaling policy of an instance group that EMR sends an event for."""

    PENDING = "PENDING"
    ATTACHED = "ATTACHED"
    DETACHED = "DETACHED"
    FAILED = "FAILED"


class ClusterEvents:
    """Rules on the events of one cluster; needs no more than a reference to it."""

    def __init__(self, cluster: ClusterBase) -> None:
        self._cluster = cluster

    def on_event(
        self,
        construct_id: str,
        target: events.IRuleTarget,
        *,
        detail_types: Sequence[str],
        detail: Mapping[str, Any] | None = None,
        description: str | None = None,
    ) -> events.Rule:
        """Send events of the cluster to ``target``, for those that have no method here.

        :param construct_id: the id of the rule, below the cluster.
        :param detail_types: for example ``EMR Instance Group Status Notification``.
        :param detail: what the detail of an event matches, besides the id of the cluster. Default: nothing else.
        :param description: Default: none.
        :raises EmrError: no detail type is given.
        """
        if not detail_types:
            raise EmrError("detail_types is an empty list; give the types of the events", at=self._cluster)
        pattern = events.EventPattern(
            source=["aws.emr"],
            detail_type=list(detail_types),
            detail={"clusterId": [self._cluster.cluster_id], **(detail or {})},
        )
        return events.Rule(
            self._cluster, construct_id, event_pattern=pattern, targets=[target], description=description
        )

    def on_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[ClusterState] | None = None
    ) -> events.Rule:
        """When the cluster changes its state.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Cluster State Change", states)

    def on_failure(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """When the cluster ends for an error: of EMR, of an instance, of a bootstrap action or of a step."""
        return self.on_event(
            construct_id, target, detail_types=["EMR Cluster State Change"], detail={"severity": ["CRITICAL"]}
        )

    def on_step_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[StepState] | None = None
    ) -> events.Rule:
        """When a step of the cluster changes its state.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Step Status Change", states)

    def on_step_failed(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """When a step fails, whatever that means for the cluster."""
        return self.on_step_state_change(construct_id, target, states=[StepState.FAILED])

    def on_instance_group_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[InstanceGroupState] | None = None
    ) -> events.Rule:
        """When an instance group of the cluster changes its state, for example while it is resized.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Instance Group State Change", states)

    def on_instance_fleet_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[InstanceFleetState] | None = None
    ) -> events.Rule:
        """When an instance fleet of the cluster changes its state, for example while it is resized.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Instance Fleet State Change", states)

    def on_auto_scaling_policy_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[AutoScalingPolicyState] | None = None
    ) -> events.Rule:
        """When the custom scaling policy of an instance group is attached, detached, or fails.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Auto Scaling Policy State Change", states)

    def on_configuration_error(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """When EMR finds a configuration that keeps it from managing the cluster."""
        return self.on_event(construct_id, target, detail_types=["EMR Configuration Error"])

    def on_provisioning_failed(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """When EMR cannot provision instances: EC2 lacks capacity, the subnet addresses, or a limit is reached.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-events-response-insuff-capacity.html
        """
        return self.on_event(
            construct_id,
            target,
            detail_types=["EMR Instance Group Provisioning", "EMR Instance Fleet Provisioning"],
            detail={"eventCode": [{"prefix": "EC2 provisioning"}]},
        )

    def on_resize_timeout(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """When an instance fleet does not reach its size within the time that its resize specification allows.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-events-response-timeout-events.html
        """
        return self.on_event(
            construct_id, target, detail_types=["EMR Instance Fleet Resize"], detail={"eventCode": _TIMEOUTS}
        )

    def notify_failures(self, construct_id: str, topic: AlarmTopic) -> list[events.Rule]:
        """Publish to ``topic`` when the cluster or a step fails, or EMR cannot provision or resize.

        :param construct_id: begins the ids of the rules.
        """
        field = events.EventField.from_path
        text = f"{events.EventField.detail_type}: {field('$.detail.message')} (cluster {field('$.detail.clusterId')})"
        target = topic.event_target(events.RuleTargetInput.from_text(text))
        return [
            self.on_failure(f"{construct_id}Cluster", target),
            self.on_step_failed(f"{construct_id}Step", target),
            self.on_provisioning_failed(f"{construct_id}Provisioning", target),
            self.on_resize_timeout(f"{construct_id}Resize", target),
        ]

    def _on_state(
        self, construct_id: str, target: events.IRuleTarget, detail_type: str, states: Sequence[StrEnum] | None
    ) -> events.Rule:
        if states is not None and not states:
            raise EmrError("states is an empty list; give states, or leave it out for all of them", at=self._cluster)
        detail = None if states is None else {"state": [state.value for state in states]}
        return self.on_event(construct_id, target, detail_types=[detail_type], detail=detail)
