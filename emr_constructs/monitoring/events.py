"""EventBridge rules on the events of a cluster, with any target.

- ``cluster.events.on_step_failed("StepFailed", targets.LambdaFunction(repair))``
- ``cluster.events.on_state_change("Terminated", target, states=[ClusterState.TERMINATED])``
- ``cluster.events.notify_failures("Failures", topic)`` publishes failures to a topic.

A rule matches the cluster ID, so it is created after the cluster has started; if the launch fails, the deployment
fails instead. EMR's events are delivered on a best-effort basis.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-cloudwatch-events.html
https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-emr.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import aws_events as events

from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.types import CLUSTER, QUEUE, RULE_TARGET, TOPIC, ListOf, check_types, type_errors
from .._core.unknown import is_unknown
from .alarm_topic import AlarmTopic, rule_target
from .event_states import AutoScalingPolicyState, ClusterState, InstanceFleetState, InstanceGroupState, StepState

if TYPE_CHECKING:
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

    from ..interfaces import IClusterRef
    from .alarm_topic import Topic

__all__ = ["ClusterEvents"]

_TIMEOUTS: Final = [{"prefix": "Spot Provisioning timeout"}, {"prefix": "On-Demand Provisioning timeout"}]
_GROUP_RESIZE: Final = "EMR Instance Group Resize"
_FLEET_RESIZE: Final = "EMR Instance Fleet Resize"


class ClusterEvents:
    """EventBridge rules on the events of one cluster, defined in this app or imported."""

    def __init__(self, cluster: IClusterRef) -> None:
        """Define the events of ``cluster``.

        :raises EmrError: ``cluster`` isn't a cluster.
        """
        check_types(cluster=(cluster, CLUSTER))
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
        """Define a rule on events without a method.

        https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-emr.html

        :param construct_id: the ID of the rule, which is defined below the cluster.
        :param detail_types: for example ``EMR Instance Fleet Update``.
        :param detail: the event pattern that the detail must match: a list of values for each field. Default: any
            detail of this cluster.
        :param description: the description of the rule. Default: none.
        :raises EmrError: an argument has the wrong type, the cluster has a construct of this ID, ``detail_types`` is
            empty, or ``detail`` isn't an event pattern or names a cluster.
        """
        problems = self._problems(construct_id, target)
        problems += type_errors(
            {
                "detail_types": (detail_types, ListOf(str)),
                "detail": (detail, Mapping, None),
                "description": (description, str, None),
            }
        )
        if not problems and not detail_types:
            problems.append("detail_types must not be empty; specify at least one type of event")
        if not problems:
            texts = {
                "description": description,
                **{f"detail_types[{at}]": item for at, item in enumerate(detail_types)},
            }
            problems += [
                f"{name} must be a string, got a number token; use a string token"
                for name, text in texts.items()
                if isinstance(text, float)
            ]
            reject_inputs("detail", detail, at=self._cluster)
            problems += _pattern_problems(detail or {})
        if problems:
            raise EmrError(problems, at=self._cluster)
        pattern = events.EventPattern(
            source=["aws.emr"],
            detail_type=list(detail_types),
            detail={"clusterId": [self._cluster.cluster_id], **(detail or {})},
        )
        return events.Rule(
            cast("Construct", self._cluster),
            construct_id,
            event_pattern=pattern,
            targets=[target],
            description=description,
        )

    def on_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[ClusterState] | None = None
    ) -> events.Rule:
        """Define a rule on changes of the cluster's state.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Cluster State Change", ClusterState, states)

    def on_failure(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on the termination of the cluster because of an error.

        An error of EMR, an instance, a bootstrap action or a step; its event has the severity CRITICAL.
        """
        return self.on_event(
            construct_id, target, detail_types=["EMR Cluster State Change"], detail={"severity": ["CRITICAL"]}
        )

    def on_step_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[StepState] | None = None
    ) -> events.Rule:
        """Define a rule on changes of a step's state.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Step Status Change", StepState, states)

    def on_step_failed(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on failed steps, with any action on failure."""
        return self.on_step_state_change(construct_id, target, states=[StepState.FAILED])

    def on_instance_group_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[InstanceGroupState] | None = None
    ) -> events.Rule:
        """Define a rule on changes of an instance group's state, such as resizes.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Instance Group State Change", InstanceGroupState, states)

    def on_instance_fleet_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[InstanceFleetState] | None = None
    ) -> events.Rule:
        """Define a rule on changes of an instance fleet's state, such as resizes.

        :param states: the new states. Default: any.
        """
        return self._on_state(construct_id, target, "EMR Instance Fleet State Change", InstanceFleetState, states)

    def on_auto_scaling_policy_state_change(
        self, construct_id: str, target: events.IRuleTarget, *, states: Sequence[AutoScalingPolicyState] | None = None
    ) -> events.Rule:
        """Define a rule on changes of an automatic scaling policy's state.

        :param states: the new states. Default: any.
        """
        return self._on_state(
            construct_id, target, "EMR Auto Scaling Policy State Change", AutoScalingPolicyState, states
        )

    def on_configuration_error(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on configuration errors that keep EMR from managing the cluster."""
        return self.on_event(construct_id, target, detail_types=["EMR Configuration Error"])

    def on_provisioning_failed(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on instances that EMR can't provision at start or in a resize.

        EC2 lacks capacity, the subnet lacks addresses, or a quota is reached.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-events-response-insuff-capacity.html
        """
        return self.on_event(
            construct_id,
            target,
            detail_types=[
                "EMR Instance Group Provisioning",
                "EMR Instance Fleet Provisioning",
                _GROUP_RESIZE,
                _FLEET_RESIZE,
            ],
            detail={"eventCode": [{"prefix": "EC2 provisioning"}]},
        )

    def on_instance_group_resize(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on resizes of instance groups."""
        return self.on_event(construct_id, target, detail_types=[_GROUP_RESIZE])

    def on_instance_fleet_resize(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on resizes of instance fleets, also if they time out."""
        return self.on_event(construct_id, target, detail_types=[_FLEET_RESIZE])

    def on_resize_timeout(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on instance fleets that exceed their resize timeout.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-events-response-timeout-events.html
        """
        return self.on_event(construct_id, target, detail_types=[_FLEET_RESIZE], detail={"eventCode": _TIMEOUTS})

    def on_managed_scaling_action(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on the actions of managed scaling.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-scaling.html
        """
        return self.on_event(construct_id, target, detail_types=["EMR Managed Scaling Action"])

    def on_unhealthy_node_replacement(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on unhealthy core nodes that EMR replaces.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-node-replacement.html
        """
        return self.on_event(construct_id, target, detail_types=["EMR Unhealthy Node Replacement"])

    def on_application_health_state_change(self, construct_id: str, target: events.IRuleTarget) -> events.Rule:
        """Define a rule on changes of an application's health on the nodes."""
        return self.on_event(construct_id, target, detail_types=["EMR Application Health State Change"])

    def notify_failures(
        self,
        construct_id: str,
        topic: Topic,
        *,
        dead_letter_queue: sqs.IQueue | None = None,
        step_details: bool = True,
    ) -> list[events.Rule]:
        """Publish failures of cluster, steps, provisioning and resizing to ``topic``.

        A failed step is published by a state machine as JSON: with the reason, the message and the log file that EMR
        finds, and a link to the cluster in the console. The other failures are published as one line of text.
        https://docs.aws.amazon.com/emr/latest/APIReference/API_FailureDetails.html

        EventBridge must be allowed to publish. The policies of an ``AlarmTopic``, and of a topic and a key that
        this app defines, are extended. The policy of an imported topic must allow events.amazonaws.com ``sns:Publish``,
        that of its key ``kms:Decrypt`` and ``kms:GenerateDataKey*`` without conditions on the source account or ARN,
        which aren't supported there. The AWS managed key alias/aws/sns can't be used.
        https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

        :param construct_id: the prefix of the IDs of the rules.
        :param dead_letter_queue: keeps the events that can't be published. Default: that of an ``AlarmTopic``;
            no queue for another topic.
        :param step_details: whether to create the state machine, with a role and a log group. False: a failed step is
            published as the text of EMR's event, which has no details. Default: true.
        :raises EmrError: an argument has the wrong type, or the cluster has a construct with the ID of a rule.
        """
        step_details = True if step_details is None else step_details
        check_types(
            self._cluster,
            construct_id=(construct_id, str),
            topic=(topic, TOPIC, AlarmTopic),
            dead_letter_queue=(dead_letter_queue, QUEUE, None),
            step_details=(step_details, bool),
        )
        field = events.EventField.from_path
        text = f"{events.EventField.detail_type}: {field('$.detail.message')} (cluster {field('$.detail.clusterId')})"
        message = events.RuleTargetInput.from_text(text)
        if isinstance(topic, AlarmTopic):
            target = topic.event_target(message, dead_letter_queue=dead_letter_queue)
        else:
            target = rule_target(topic, message, dead_letter_queue)
        failed = self.on_failure(f"{construct_id}Cluster", target)
        if step_details:
            from .step_failures import StepFailures

            details_id = f"{construct_id}StepDetails"
            failures = StepFailures(self._cluster, details_id, topic=topic, dead_letter_queue=dead_letter_queue)
            step_failed = self.on_step_failed(f"{construct_id}Step", failures.target)
            step_failed.node.add_dependency(*failures.dependencies)
        else:
            step_failed = self.on_step_failed(f"{construct_id}Step", target)
        return [
            failed,
            step_failed,
            self.on_provisioning_failed(f"{construct_id}Provisioning", target),
            self.on_resize_timeout(f"{construct_id}Resize", target),
        ]

    def _on_state(
        self,
        construct_id: str,
        target: events.IRuleTarget,
        detail_type: str,
        kind: type[StrEnum],
        states: Sequence[StrEnum] | None,
    ) -> events.Rule:
        problems = self._problems(construct_id, target)
        problems += type_errors({"states": (states, ListOf(kind), None)})
        if not problems and states is not None and not states:
            problems.append(f"states must not be empty; specify at least one {kind.__name__}, or omit it for any state")
        if problems:
            raise EmrError(problems, at=self._cluster)
        detail = None if states is None else {"state": [str(state) for state in states]}
        return self.on_event(construct_id, target, detail_types=[detail_type], detail=detail)

    def _problems(self, construct_id: str, target: events.IRuleTarget) -> list[str]:
        """Validate the arguments that every rule has."""
        problems = list(type_errors({"construct_id": (construct_id, str), "target": (target, RULE_TARGET)}))
        if not problems and is_unknown(construct_id):
            problems.append("construct_id must be known at synth time, got a token; use a plain string")
        elif not problems and not construct_id:
            problems.append("construct_id must not be empty; specify an ID for the rule")
        elif not problems and self._cluster.node.try_find_child(construct_id) is not None:
            problems.append(
                f"construct_id must be unique below the cluster, got {construct_id!r}, which exists; specify another ID"
            )
        return problems


def _pattern_problems(pattern: Mapping[str, Any], path: str = "detail") -> Iterator[str]:
    """Validate ``pattern`` against the requirements of EventBridge.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    """
    for name, value in pattern.items():
        if not isinstance(name, str) or not name:
            yield f"each key of {path} must be the name of a field, got {name!r}; use a string"
        elif path == "detail" and name == "clusterId":
            yield f"detail must not contain 'clusterId', got {value!r}; remove it; the rule already matches its cluster"
        elif isinstance(value, Mapping):
            yield from _pattern_problems(value, f"{path}.{name}")
        elif not isinstance(value, Sequence) or isinstance(value, str):
            yield f"{path}.{name} must be a list of values, got {value!r}; use [{value!r}]"
        elif not value:
            yield f"{path}.{name} must not be empty; specify at least one value"
