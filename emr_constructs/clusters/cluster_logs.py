"""Logs that a cluster sends to Amazon CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from ..security.node_role import NodeRole

__all__ = ["CloudWatchLogs", "bind_logs"]

_RETENTIONS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_ONE_YEAR: Final = 365
_WITH_OWN_POLICY: Final[WeakSet[Any]] = WeakSet()


@check_calls
@value_class(kw_only=True)
class CloudWatchLogs:
    """The logs of steps and of Spark that the nodes send to Amazon CloudWatch while the cluster runs.

    Requires emr-7.11.0 or later. The application AmazonCloudWatchAgent, which sends the logs and also publishes
    metrics, is added to the cluster, and the instance role can write to the log group. Nodes in private subnets require
    a NAT gateway or an endpoint of CloudWatch Logs.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-logging-cw.html

    :raises EmrError: ``log_group`` is combined with ``retention_days``, or a value is invalid.
    """

    log_group: logs.ILogGroup | None = None
    """The log group, with its own retention and key. Default: a log group that is encrypted with the key of the
    profile, and retained when the stack is deleted."""

    retention_days: int | Duration | None = None
    """After how many days CloudWatch deletes events from the log group that is created, or a ``cdk.Duration``. Default:
    365."""

    log_stream_prefix: str | None = None
    """Begins the names of the log streams. Default: none."""

    log_types: Mapping[str, Sequence[str]] | None = None
    """The outputs of each type of logs: ``STEP_LOGS``, ``SPARK_DRIVER`` and ``SPARK_EXECUTOR``, each with ``STDOUT``,
    ``STDERR`` or both. Default: both outputs of steps and Spark drivers."""

    def __post_init__(self) -> None:
        problems = []
        if self.log_group is not None and self.retention_days is not None:
            problems.append("retention_days can't be combined with log_group, which has its own; remove one of them")
        days = self.retention_days
        if days is not None and not is_unknown(days) and days not in _RETENTIONS:
            listed = ", ".join(map(str, _RETENTIONS[:-1]))
            problems.append(f"retention_days must be {listed} or {_RETENTIONS[-1]}, got {days}; use one of these")
        if problems:
            raise EmrError(problems)
        enforce("CloudWatchLogConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``CloudWatchLogConfiguration`` of the EMR API, without the log group."""
        configuration: dict[str, Any] = {"Enabled": True}
        if self.log_stream_prefix is not None:
            configuration["LogStreamNamePrefix"] = self.log_stream_prefix
        if self.log_types is not None:
            configuration["LogTypes"] = {name: list(outputs) for name, outputs in self.log_types.items()}
        return configuration


def bind_logs(given: CloudWatchLogs, scope: Construct, nodes: NodeRole, key: kms.IKey | None) -> dict[str, Any]:
    """Return ``CloudWatchLogConfiguration`` with a log group that ``nodes`` can write to.

    :param scope: the cluster, which a log group is created in.
    :param key: encrypts a new log group. Default: CloudWatch encrypts it.
    :raises EmrError: the instance role isn't known.
    """
    from ..security import nag_findings
    from ..security.policies import write_cloudwatch_logs

    nodes.known_role("write logs to Amazon CloudWatch", "remove cloudwatch_logs", at=scope)
    name = _create(given, scope, key) if given.log_group is None else given.log_group.log_group_name
    permissions = nodes.permissions.in_stack_of(scope)
    for statement in write_cloudwatch_logs(name):
        permissions.allow(statement)
        known = nag_findings.of_statements([statement], nag_findings.LOG_STREAMS)
        permissions.acknowledge(nag_findings.wildcards(scope, known))
    return {**given._render(), "LogGroupName": name}


def _create(given: CloudWatchLogs, scope: Construct, key: kms.IKey | None) -> str:
    from aws_cdk import RemovalPolicy
    from aws_cdk import aws_logs as logs

    from .._core import tokens
    from .._core.cloudformation import create_resource
    from ..security.key_policies import allow_log_encryption

    properties: dict[str, Any] = {"RetentionInDays": given.retention_days or _ONE_YEAR}
    if key is not None:
        properties["KmsKeyId"] = tokens.key_arn(key)
        if key not in _WITH_OWN_POLICY:
            _WITH_OWN_POLICY.add(key)
            allow_log_encryption(key)
    group = create_resource(logs.CfnLogGroup, scope, "ClusterLogs", properties)
    group.apply_removal_policy(RemovalPolicy.RETAIN)
    return group.ref
