"""Alarms on what goes wrong with a cluster; each threshold says what is tolerated.

``ClusterAlarms(self, "Alarms", cluster=cluster, hdfs_utilization_above=70, idle_for=Duration.hours(3))``

Every alarm has a description, an action and a choice for missing data. ``None`` leaves an alarm out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._default import DEFAULT, Default
from .._errors import EmrError
from .._types import ALARM_ACTION, DURATION, Several, require
from ..rules.engine import is_unknown
from .alarm_topic import AlarmTopic

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns
    from constructs import IConstruct

    from ..cluster_base import ClusterBase
    from ..cluster_definition import ClusterDefinition

__all__ = ["ClusterAlarms"]

_PERIOD: Final = 5
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class _Tolerated:
    """One alarm: how long which value is tolerated."""

    name: str
    metric: Callable[[], cloudwatch.Metric]
    above: float | None = None
    below: float | None = None
    minutes: float | None = _PERIOD
    description: str = ""
    highest: float | None = None
    is_lost_when_silent: bool = False

    @property
    def threshold(self) -> float | None:
        return self.below if self.above is None else self.above

    def problems(self) -> list[str]:
        found = []
        if is_unknown(self.threshold):
            found.append(
                f"the threshold of the alarm {self.name} is only known at deployment; give a plain number, which its "
                "description tells"
            )
        elif self.threshold is not None and not 0 <= self.threshold <= (self.highest or self.threshold):
            bounds = "0 or more" if self.highest is None else f"0 to {self.highest:g}"
            found.append(f"the threshold of the alarm {self.name} is {self.threshold:g}; use {bounds}")
        if self.minutes is not None and (self.minutes % _PERIOD or not _PERIOD <= self.minutes <= _DAY):
            found.append(
                f"the alarm {self.name} waits for {self.minutes:g} minutes; use 5 minutes to a day, in steps of 5 "
                "minutes as EMR publishes its metrics"
            )
        return found


class ClusterAlarms(Construct):
    """Alarms on one cluster, defined here or elsewhere."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: ClusterBase,
        actions: Sequence[cloudwatch.IAlarmAction] | None = None,
        hdfs_utilization_above: float | None = 80,
        missing_blocks_above: float | None = 0,
        corrupt_blocks_above: float | None = 0,
        unhealthy_nodes_above: float | None = 0,
        lost_nodes_above: float | None = 0,
        core_nodes_pending_for: cdk.Duration | None | Default = DEFAULT,
        failed_applications_above: float | None = 0,
        pending_applications_above: float | None = 10,
        yarn_memory_available_below: float | None = 15,
        idle_for: cdk.Duration | None | Default = DEFAULT,
        master_nodes_running_below: float | None | Default = DEFAULT,
        master_quorum: bool | Default = DEFAULT,
    ) -> None:
        """Define the alarms.

        The thresholds for idle time, YARN memory and master nodes follow the metrics page of the EMR Management Guide,
        the others convention: https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_ViewingMetrics.html

        :param cluster: the cluster to watch.
        :param actions: what every alarm does. Default: it publishes to an :class:`AlarmTopic`, see ``topic``.
        :param hdfs_utilization_above: percent of HDFS in use, for 15 minutes. Default: 80.
        :param missing_blocks_above: HDFS blocks without a replica. Default: 0.
        :param corrupt_blocks_above: corrupt HDFS blocks. Default: 0.
        :param unhealthy_nodes_above: nodes that YARN marks unhealthy, for 10 minutes. Default: 0.
        :param lost_nodes_above: nodes that YARN has lost. Default: 0.
        :param core_nodes_pending_for: how long core nodes may be on their way, up to a day. Default: 15 minutes.
        :param failed_applications_above: YARN applications that fail within 5 minutes. Default: 0.
        :param pending_applications_above: YARN applications that wait, for 15 minutes. Default: 10.
        :param yarn_memory_available_below: percent of YARN memory that is free, for 15 minutes. Default: 15.
        :param idle_for: how long the cluster may be idle, up to a day. Default: 2 hours. For a cluster that ends itself
            when idle: an hour more than its timeout, and no alarm where that is more than a day.
        :param master_nodes_running_below: share of the requested master nodes that run, 0 to 1, for 10 minutes.
            Default: 1 for a cluster with three masters; no alarm for others.
        :param master_quorum: whether to watch for the loss of two of three masters, which a cluster does not survive.
            Default: for a cluster with three masters.
        :raises EmrError: a threshold or a time is out of range, no alarm is left, or ``actions`` is empty.
        """
        super().__init__(scope, construct_id)
        require(
            self,
            actions=(actions, Several(ALARM_ACTION), None),
            hdfs_utilization_above=(hdfs_utilization_above, float, None),
            missing_blocks_above=(missing_blocks_above, float, None),
            corrupt_blocks_above=(corrupt_blocks_above, float, None),
            unhealthy_nodes_above=(unhealthy_nodes_above, float, None),
            lost_nodes_above=(lost_nodes_above, float, None),
            core_nodes_pending_for=(core_nodes_pending_for, DURATION, type(DEFAULT), None),
            failed_applications_above=(failed_applications_above, float, None),
            pending_applications_above=(pending_applications_above, float, None),
            yarn_memory_available_below=(yarn_memory_available_below, float, None),
            idle_for=(idle_for, DURATION, type(DEFAULT), None),
            master_nodes_running_below=(master_nodes_running_below, float, type(DEFAULT), None),
        )
        definition: ClusterDefinition | None = getattr(cluster, "definition", None)
        three_masters = definition is not None and definition.instances.has_three_masters
        pending_minutes = 15 if core_nodes_pending_for is DEFAULT else _minutes(core_nodes_pending_for, self)
        idle_minutes = _idle_minutes(definition) if idle_for is DEFAULT else _minutes(idle_for, self)
        if master_nodes_running_below is DEFAULT:
            master_nodes_running_below = 1 if three_masters else None
        if master_quorum is DEFAULT:
            master_quorum = three_masters
        metrics = cluster.metrics
        masters = metrics.multi_master_instance_group_nodes_running_percentage
        tolerated = [
            _Tolerated(
                "HdfsUtilization", metrics.hdfs_utilization, above=hdfs_utilization_above, minutes=15, highest=100,
                description="HDFS is more than {:g} % full for {:g} minutes: add core nodes, or delete data",
            ),
            _Tolerated(
                "MissingBlocks", metrics.missing_blocks, above=missing_blocks_above,
                description="more than {:g} blocks of HDFS have no replica: data may be lost",
            ),
            _Tolerated(
                "CorruptBlocks", metrics.corrupt_blocks, above=corrupt_blocks_above,
                description="more than {:g} blocks of HDFS are corrupt",
            ),
            _Tolerated(
                "UnhealthyNodes", metrics.mr_unhealthy_nodes, above=unhealthy_nodes_above, minutes=10,
                description="more than {:g} nodes are unhealthy for {:g} minutes, often for want of disk space",
            ),
            _Tolerated(
                "LostNodes", metrics.mr_lost_nodes, above=lost_nodes_above,
                description="more than {:g} nodes do not talk to YARN any more",
            ),
            _Tolerated(
                "CoreNodesPending", metrics.core_nodes_pending, above=0, minutes=pending_minutes,
                description="core nodes are pending for {1:g} minutes: EC2 lacks capacity, or a limit is reached",
            ),
            _Tolerated(
                "FailedApplications", metrics.apps_failed, above=failed_applications_above,
                description="more than {:g} YARN applications failed within {:g} minutes",
            ),
            _Tolerated(
                "PendingApplications", metrics.apps_pending, above=pending_applications_above, minutes=15,
                description="more than {:g} YARN applications wait for {:g} minutes: the cluster is too small for them",
            ),
            _Tolerated(
                "YarnMemoryAvailable", metrics.yarn_memory_available_percentage,
                below=yarn_memory_available_below, minutes=15, highest=100,
                description="less than {:g} % of the memory of YARN is free for {:g} minutes: the cluster is too small",
            ),
            _Tolerated(
                "Idle", metrics.is_idle, above=0, minutes=idle_minutes,
                description="the cluster has nothing to do for {1:g} minutes, and costs",
            ),
            _Tolerated(
                "MasterNodesRunning", masters, below=master_nodes_running_below, minutes=10, highest=1,
                description="less than {:.0%} of the requested master nodes run for {:g} minutes",
            ),
            _Tolerated(
                "MasterQuorum", masters, below=0.5 if master_quorum else None, minutes=15, is_lost_when_silent=True,
                description="less than {:.0%} of the requested master nodes run: the cluster cannot recover",
            ),
        ]  # fmt: skip
        wanted = [alarm for alarm in tolerated if alarm.threshold is not None and alarm.minutes is not None]
        problems = [problem for alarm in wanted for problem in alarm.problems()]
        if not wanted:
            problems.append("every alarm is left out; keep one, or leave the alarms out")
        if actions is not None and not actions:
            problems.append("actions is an empty list; give an action, or leave it out for a topic")
        if problems:
            raise EmrError(problems, at=self)

        self.topic: sns.ITopic | None = None
        """The topic of the alarms; None where other actions were given."""
        if actions is None:
            self.topic = AlarmTopic(self, "AlarmTopic", encryption_key=_key_of(cluster)).topic
            actions = [cloudwatch_actions.SnsAction(self.topic)]
        self._alarms = {alarm.name: self._define(alarm, actions) for alarm in wanted}

    @property
    def alarms(self) -> Mapping[str, cloudwatch.Alarm]:
        """The alarms by name, for example ``alarms["HdfsUtilization"]``."""
        return MappingProxyType(self._alarms)

    def _define(self, tolerated: _Tolerated, actions: Sequence[cloudwatch.IAlarmAction]) -> cloudwatch.Alarm:
        threshold, minutes = tolerated.threshold, tolerated.minutes
        assert threshold is not None
        assert minutes is not None
        comparison = cloudwatch.ComparisonOperator
        missing = cloudwatch.TreatMissingData
        description = tolerated.description.format(threshold, minutes)
        alarm = cloudwatch.Alarm(
            self,
            tolerated.name,
            metric=tolerated.metric(),
            threshold=threshold,
            evaluation_periods=int(minutes) // _PERIOD,
            comparison_operator=(
                comparison.LESS_THAN_THRESHOLD if tolerated.above is None else comparison.GREATER_THAN_THRESHOLD
            ),
            # A cluster that ended publishes nothing: that is no alarm, unless it was meant to live on.
            treat_missing_data=missing.BREACHING if tolerated.is_lost_when_silent else missing.NOT_BREACHING,
            alarm_description=description[0].upper() + description[1:],
        )
        alarm.add_alarm_action(*actions)
        return alarm


def _minutes(duration: cdk.Duration | None, at: IConstruct) -> float | None:
    if duration is not None and duration.is_unresolved():
        raise EmrError("the time of an alarm is only known at deployment; give a Duration of a plain number", at=at)
    return None if duration is None else duration.to_milliseconds() / 60_000


def _idle_minutes(definition: ClusterDefinition | None) -> int | None:
    """Two hours, or longer where the cluster ends itself: then the alarm says that it did not."""
    timeout = definition.termination.idle_timeout_seconds if definition is not None else None
    if timeout is None:
        return 120
    minutes = -(-timeout // (60 * _PERIOD)) * _PERIOD + 60
    return minutes if minutes <= _DAY else None


def _key_of(cluster: ClusterBase) -> kms.Key | None:
    """The key of the cluster's profile, if it is one whose policy can be extended."""
    profile = getattr(cluster, "profile", None)
    key = profile.encryption_key if profile is not None else None
    return key if isinstance(key, kms.Key) else None
