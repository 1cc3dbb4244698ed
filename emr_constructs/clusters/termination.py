"""When a cluster is terminated.

- ``Termination.when_idle(Duration.minutes(30))``: EMR terminates the cluster when it has been idle for 30 minutes. The
  default is one hour.
- ``Termination.after_steps()``: EMR terminates the cluster when the steps of its definition have run.
- ``Termination.manual(protected=True)``: you terminate the cluster, after you disable termination protection.
- ``Termination.explicit(protected=False)``: the template has only the members that you pass, like an existing one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._core.durations import whole_seconds
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration

    from .._core.unknown import Flag

__all__ = ["Termination"]

_ONE_HOUR: Final = 3600


@check_calls
@value_class
class Termination:
    """When a cluster is terminated; created with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-view-clusters.html
    """

    keep_alive: Flag | None = None
    """Whether the cluster continues to run without steps. None: left out."""

    protected: Flag | None = None
    """Whether the cluster has termination protection. None: left out."""

    idle_timeout_seconds: int | Duration | None = None
    """The idle timeout in seconds, or a ``cdk.Duration``. None: none."""

    def __post_init__(self) -> None:
        if self.idle_timeout_seconds is not None:
            enforce("AutoTerminationPolicy", {"IdleTimeout": self.idle_timeout_seconds})

    @classmethod
    def when_idle(cls, timeout: Duration | None = None) -> Termination:
        """Terminate the cluster when YARN and the steps have been idle for ``timeout``.

        Requires emr-5.30.0, or emr-6.1.0 or later. The work of HBase, Presto and Trino doesn't count.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-auto-termination-policy.html

        :param timeout: one minute to seven days; a token in seconds. Default: one hour.
        :raises EmrError: ``timeout`` is out of range, not a whole number of seconds, or a token in another unit.
        """
        return cls(True, False, _seconds(timeout) if timeout is not None else _ONE_HOUR)

    @classmethod
    def after_steps(cls) -> Termination:
        """Terminate the cluster after its steps have completed or failed.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html
        """
        return cls(False, False)

    @classmethod
    def manual(cls, *, protected: Flag = False) -> Termination:
        """Keep the cluster running (and billed) until you terminate it or delete the stack.

        :param protected: whether the cluster has termination protection. The stack can then only be deleted after a
            deployment with ``protected=False``. Default: false; a cluster with three primary nodes gets a warning.
        """
        return cls(True, protected)

    @classmethod
    def explicit(
        cls, *, keep_alive: Flag | None = None, protected: Flag | None = None, idle_timeout: Duration | None = None
    ) -> Termination:
        """Write only the members that are passed, as in an existing template.

        Without arguments, the template has no member about termination: CloudFormation keeps the cluster running until
        you terminate it or delete the stack. Adding ``KeepJobFlowAliveWhenNoSteps`` to a deployed cluster replaces it;
        the other two members are updated in place.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-emr-cluster-jobflowinstancesconfig.html

        :param keep_alive: ``KeepJobFlowAliveWhenNoSteps``, whether the cluster continues to run without steps. Default:
            left out.
        :param protected: ``TerminationProtected``, whether the cluster has termination protection. Default: left out,
            which means false.
        :param idle_timeout: the timeout of ``AutoTerminationPolicy``, one minute to seven days. Default: left out; the
            cluster isn't terminated when it is idle.
        :raises EmrError: ``idle_timeout`` is out of range, not a whole number of seconds, or a token in another unit.
        """
        return cls(keep_alive, protected, None if idle_timeout is None else _seconds(idle_timeout))

    def _render(self) -> dict[str, Any]:
        """Render the value as members of RunJobFlow."""
        instances = {"KeepJobFlowAliveWhenNoSteps": self.keep_alive, "TerminationProtected": self.protected}
        members: dict[str, Any] = {"Instances": {name: value for name, value in instances.items() if value is not None}}
        if self.idle_timeout_seconds is not None:
            members["AutoTerminationPolicy"] = {"IdleTimeout": self.idle_timeout_seconds}
        return members


def _seconds(timeout: Duration) -> int:
    return whole_seconds("the idle timeout", timeout, accepts_tokens=True)
