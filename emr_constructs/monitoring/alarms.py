"""CloudWatch alarms on a cluster.

``ClusterAlarms(self, "Alarms", cluster=cluster, hdfs_utilization_above=70, idle_for=Duration.hours(3))``

Each alarm has a description and an action. Set a threshold to ``None`` to disable its alarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from constructs import Construct

from .._core.errors import EmrError
from .._core.scopes import check_scope, with_scope_errors
from .._core.types import ALARM_ACTION, CLUSTER, DURATION, TOPIC, ListOf, MappingOf, check_types
from .._core.unset import DEFAULT, Default
from .alarm_severity import (
    LEVELS,
    AlarmSeverity,
    DurationLevels,
    Levels,
    by_severity,
    runbook_problems,
    severity_problems,
    topic_problems,
)
from .alarm_thresholds import DAY, PERIOD, Threshold
from .alarm_topic import AlarmTopic, key_of, topic_for_alarms
from .cluster_alarm import ClusterAlarm

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns

    from ..interfaces import IClusterRef
    from .alarm_topic import Topic

__all__ = ["ClusterAlarms"]

_DURATIONS: Final = MappingOf((DURATION,), (AlarmSeverity,))


class ClusterAlarms(Construct):
    """Alarms on one cluster, defined in this app or imported."""

    @with_scope_errors
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: IClusterRef,
        topic: Topic | None = None,
        topics: Mapping[AlarmSeverity, Topic] | None = None,
        severities: Mapping[str, AlarmSeverity] | None = None,
        runbook_url: str | None = None,
        actions: Sequence[cloudwatch.IAlarmAction] | None = None,
        hdfs_utilization_above: Levels = 80,
        missing_blocks_above: Levels = 0,
        corrupt_blocks_above: Levels = 0,
        unhealthy_nodes_above: Levels = 0,
        new_lost_nodes_above: Levels = 0,
        core_nodes_pending_for: DurationLevels | Default = DEFAULT,
        new_failed_applications_above: Levels = 0,
        pending_applications_above: Levels = 10,
        yarn_memory_available_below: Levels = 15,
        idle_for: DurationLevels | Default = DEFAULT,
        master_nodes_running_below: int | None | Default = DEFAULT,
        master_quorum: bool | Default = DEFAULT,
    ) -> None:
        """Define the alarms.

        Lost nodes and failed applications are counters that YARN keeps until its ResourceManager restarts. Their alarms
        are on the increase within 5 minutes and return to OK without a new one, so what the first datapoint after the
        start of the cluster, or after a gap, already counts doesn't raise an alarm: see
        ``ClusterMetrics.increase``.

        While a cluster is unreachable, or after it has terminated, EMR publishes no metrics. The alarms are OK then,
        except for ``master_quorum``: it is in ALARM without data, which includes the minutes between its creation and
        the first datapoint, and the time between the end of the cluster and that of the stack.

        A threshold or a time can also be a mapping with a value for each severity, which defines one alarm each:
        ``hdfs_utilization_above={AlarmSeverity.WARNING: 70, AlarmSeverity.CRITICAL: 90}``.

        The thresholds of idle time, YARN memory and primary nodes follow the EMR Management Guide, the others
        convention.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_ViewingMetrics.html
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha-considerations.html

        :param cluster: the cluster to watch.
        :param topic: the topic that the alarms publish to. CloudWatch must be allowed to publish: the policies of an
            ``AlarmTopic``, and of a topic and a key that this app defines, are extended. The policy of an imported
            topic must allow cloudwatch.amazonaws.com ``sns:Publish``, that of its key ``kms:Decrypt`` and
            ``kms:GenerateDataKey*``; the AWS managed key alias/aws/sns can't be used. Default: a new
            ``AlarmTopic``.
        :param topics: the topics by severity, instead of one. By default, lost blocks and a lost quorum are critical,
            an idle cluster is info, and the others are warnings.
        :param severities: the severities of alarms by name, such as ``{"LostNodes": AlarmSeverity.CRITICAL}``.
            Default: those described for ``topics``.
        :param runbook_url: the address of the instructions for the alarms, which is a part of their descriptions.
            ``{alarm}`` stands for the name of the alarm. Default: none.
        :param actions: the actions of all alarms instead of a topic. Default: publish to ``topic``.
        :param hdfs_utilization_above: used percentage of HDFS, for 15 minutes. Default: 80.
        :param missing_blocks_above: HDFS blocks without a replica. Default: 0.
        :param corrupt_blocks_above: corrupt HDFS blocks. Default: 0.
        :param unhealthy_nodes_above: nodes that YARN considers unhealthy, for 10 minutes. Default: 0.
        :param new_lost_nodes_above: nodes that YARN loses within 5 minutes. Default: 0.
        :param core_nodes_pending_for: how long core nodes can be pending, up to 1 day. EMR documents the metric for
            instance groups. Default: 15 minutes.
        :param new_failed_applications_above: YARN applications that fail within 5 minutes. Default: 0.
        :param pending_applications_above: YARN applications that wait, for 15 minutes. Default: 10.
        :param yarn_memory_available_below: available percentage of YARN memory, for 15 minutes. Default: 15.
        :param idle_for: how long the cluster can be idle, up to 1 day. Default: 2 hours; with an idle timeout, 1 hour
            more than that, and no alarm if this exceeds 1 day. No alarm for a cluster with HBase, Presto or Trino,
            whose work doesn't count.
        :param master_nodes_running_below: running primary nodes, 1 to 3, for 10 minutes. Default: 3 for a cluster with
            three primary nodes; no alarm for others.
        :param master_quorum: whether to watch for the loss of two of three primary nodes, from which a cluster can't
            recover, for 10 minutes. Default: true for a cluster with three primary nodes.
        :raises EmrError: an argument has the wrong type, a threshold or a time is out of range, all alarms are
            disabled, ``actions`` is empty or combined with ``topic``, or the cluster doesn't have three primary nodes
            to watch.
        """
        check_scope(scope, construct_id)
        super().__init__(scope, construct_id)
        check_types(
            self,
            cluster=(cluster, CLUSTER),
            topic=(topic, TOPIC, AlarmTopic, None),
            topics=(topics, MappingOf((TOPIC, AlarmTopic), (AlarmSeverity,)), None),
            severities=(severities, MappingOf((AlarmSeverity,)), None),
            runbook_url=(runbook_url, str, None),
            actions=(actions, ListOf(ALARM_ACTION), None),
            hdfs_utilization_above=(hdfs_utilization_above, float, LEVELS, None),
            missing_blocks_above=(missing_blocks_above, float, LEVELS, None),
            corrupt_blocks_above=(corrupt_blocks_above, float, LEVELS, None),
            unhealthy_nodes_above=(unhealthy_nodes_above, float, LEVELS, None),
            new_lost_nodes_above=(new_lost_nodes_above, float, LEVELS, None),
            core_nodes_pending_for=(core_nodes_pending_for, DURATION, _DURATIONS, type(DEFAULT), None),
            new_failed_applications_above=(new_failed_applications_above, float, LEVELS, None),
            pending_applications_above=(pending_applications_above, float, LEVELS, None),
            yarn_memory_available_below=(yarn_memory_available_below, float, LEVELS, None),
            idle_for=(idle_for, DURATION, _DURATIONS, type(DEFAULT), None),
            master_nodes_running_below=(master_nodes_running_below, int, type(DEFAULT), None),
            master_quorum=(master_quorum, bool, type(DEFAULT)),
        )
        request = cluster.run_job_flow_request
        three_masters = bool(cluster.has_three_masters)
        problems = []
        if request is not None and not three_masters:
            problems += _problems_without_masters(
                master_nodes_running_below=master_nodes_running_below, master_quorum=master_quorum
            )
        if master_nodes_running_below is DEFAULT:
            master_nodes_running_below = 3 if three_masters else None
        if master_quorum is DEFAULT:
            master_quorum = three_masters
        pending_minutes = (
            15 if core_nodes_pending_for is DEFAULT else self._minutes("core_nodes_pending_for", core_nodes_pending_for)
        )
        idle_minutes = _idle_minutes(request) if idle_for is DEFAULT else self._minutes("idle_for", idle_for)
        fewer = (
            "No primary node has" if master_nodes_running_below == 1 else "Fewer than {threshold} primary nodes have"
        )
        thresholds = [
            Threshold(
                name="HdfsUtilization", parameter="hdfs_utilization_above",
                metric="HDFSUtilization", above=hdfs_utilization_above, bounds=(0, 100), minutes=15,
                description="HDFS utilization has been above {threshold}% for {minutes} minutes; add core nodes or "
                "delete data.",
            ),
            Threshold(
                name="MissingBlocks", parameter="missing_blocks_above",
                metric="MissingBlocks", statistic="Maximum", above=missing_blocks_above,
                description="{more} HDFS blocks are missing; data may be lost.",
                at_zero="HDFS has missing blocks; data may be lost.",
            ),
            Threshold(
                name="CorruptBlocks", parameter="corrupt_blocks_above",
                metric="CorruptBlocks", statistic="Maximum", above=corrupt_blocks_above,
                description="{more} HDFS blocks are corrupt; data may be lost.",
                at_zero="HDFS has corrupt blocks; data may be lost.",
            ),
            Threshold(
                name="UnhealthyNodes", parameter="unhealthy_nodes_above",
                metric="MRUnhealthyNodes", statistic="Minimum", above=unhealthy_nodes_above, minutes=10,
                description="{more} nodes have been unhealthy for {minutes} minutes, often because of low disk space.",
            ),
            Threshold(
                name="LostNodes", parameter="new_lost_nodes_above",
                metric="MRLostNodes", statistic="Maximum", increases=True, above=new_lost_nodes_above,
                description="{more} nodes stopped communicating with YARN within {minutes} minutes; the cluster runs "
                "at reduced capacity.",
            ),
            Threshold(
                name="CoreNodesPending", parameter="core_nodes_pending_for",
                metric="CoreNodesPending", statistic="Minimum", above=0, minutes=pending_minutes,
                description="Core nodes have been pending for {minutes} minutes; check EC2 capacity and service "
                "quotas.",
            ),
            Threshold(
                name="FailedApplications", parameter="new_failed_applications_above",
                metric="AppsFailed", statistic="Maximum", increases=True, above=new_failed_applications_above,
                description="{more} YARN applications failed within {minutes} minutes; check their logs.",
            ),
            Threshold(
                name="PendingApplications", parameter="pending_applications_above",
                metric="AppsPending", statistic="Minimum", above=pending_applications_above, minutes=15,
                description="{more} YARN applications have been pending for {minutes} minutes; consider scaling out.",
            ),
            Threshold(
                name="YarnMemoryAvailable", parameter="yarn_memory_available_below",
                metric="YARNMemoryAvailablePercentage",
                below=yarn_memory_available_below, bounds=(0, 100), minutes=15,
                description="Available YARN memory has been below {threshold}% for {minutes} minutes; consider scaling "
                "out.",
            ),
            Threshold(
                name="Idle", parameter="idle_for",
                # EMR checks IsIdle every 5 minutes, or every minute; the metric does not cover the time between.
                metric="IsIdle", statistic="Minimum", above=0, minutes=idle_minutes,
                description="The cluster has been idle for {minutes} minutes and is still incurring cost.",
            ),
            Threshold(
                name="MasterNodesRunning", parameter="master_nodes_running_below",
                metric="MultiMasterInstanceGroupNodesRunning", statistic="Maximum",
                below=master_nodes_running_below, bounds=(1, 3), minutes=10,
                description=f"{fewer} been running for {{minutes}} minutes; check that EMR replaces failed nodes.",
            ),
            Threshold(
                name="MasterQuorum",
                metric="MultiMasterInstanceGroupNodesRunning", statistic="Maximum",
                below=2 if master_quorum else None, minutes=10, breaches_without_data=True,
                description="Fewer than {threshold} primary nodes have been running, or no metrics were published, for "
                "{minutes} minutes; without a quorum the cluster can't recover, so migrate its data.",
            ),
        ]  # fmt: skip
        problems += severity_problems(thresholds, severities or {})
        problems += runbook_problems(runbook_url, (threshold.name for threshold in thresholds))
        leveled = [
            alarm
            for threshold in thresholds
            for alarm in by_severity(threshold, severities or {}, has_topics=topics is not None)
        ]
        enabled = [threshold for threshold in leveled if threshold.value is not None]
        problems += [problem for threshold in enabled for problem in threshold.problems()]
        if not enabled:
            problems.append("all alarms are disabled; enable at least one, or remove ClusterAlarms")
        if actions is not None and not actions:
            problems.append("actions must not be empty; specify at least one action, or omit it to use a topic")
        if actions is not None and topic is not None:
            problems.append("topic can't be combined with actions; remove one of them")
        problems += topic_problems(topics, enabled, topic=topic, actions=actions)
        if problems:
            raise EmrError(problems, at=self)

        self.topic: sns.ITopic | None = None
        """The topic of the alarms; None if they have several topics or other actions."""
        published_to: list[sns.ITopic] = []
        by_level = {severity: [topic_for_alarms(given)] for severity, given in (topics or {}).items()}
        if topics is None and actions is None:
            if topic is None:
                topic = AlarmTopic(self, "AlarmTopic", encryption_key=key_of(cluster))
            self.topic = topic_for_alarms(topic)
            published_to = [self.topic]
        cluster_id = cluster.cluster_id
        self._alarms = {
            threshold.name: ClusterAlarm(
                self,
                threshold.name,
                threshold=threshold,
                cluster_id=cluster_id,
                topics=published_to if topics is None else by_level[AlarmSeverity(str(threshold.severity))],
                runbook_url=runbook_url,
            )
            for threshold in enabled
        }
        if actions is not None:
            for alarm in self._alarms.values():
                alarm.add_alarm_action(*actions)

    @property
    def alarms(self) -> Mapping[str, ClusterAlarm]:
        """The alarms by name: ``alarms["HdfsUtilization"].add_ok_action(...)``."""
        return MappingProxyType(self._alarms)

    def _minutes(self, parameter: str, duration: DurationLevels) -> Any:
        if isinstance(duration, Mapping):
            return {severity: self._minutes(parameter, each) for severity, each in duration.items()}
        if duration is not None and duration.is_unresolved():
            raise EmrError(
                f"{parameter} must be known at synth time, got a token; specify a Duration of a plain number", at=self
            )
        return None if duration is None else duration.to_milliseconds() / 60_000


def _problems_without_masters(**given: object) -> list[str]:
    return [
        f"{parameter} requires a cluster with three primary nodes, got {value!r}; remove it"
        for parameter, value in given.items()
        if value is not DEFAULT and value
    ]


def _idle_minutes(request: Mapping[str, Any] | None) -> int | None:
    """Return 2 hours, or longer than an idle timeout.

    The alarm then reports a cluster that did not terminate.
    """
    from ..rules.termination import not_on_yarn

    if request is None:
        return 120
    if not_on_yarn(application["Name"] for application in request.get("Applications", ())):
        return None
    timeout = request.get("AutoTerminationPolicy", {}).get("IdleTimeout")
    if timeout is None:
        return 120
    minutes = -(-timeout // (60 * PERIOD)) * PERIOD + 60
    return minutes if minutes <= DAY else None
