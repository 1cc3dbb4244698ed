"""When a cluster is terminated.

- ``Termination.when_idle(Duration.minutes(30))``: EMR terminates the cluster when it has been idle for 30 minutes. The
  default is one hour.
- ``Termination.after_steps()``: EMR terminates the cluster when the steps of its definition have run.
- ``Termination.manual(protected=True)``: you terminate the cluster, after you disabled termination protection.
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
    """When a cluster is terminated; use one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-view-clusters.html
    """

    keep_alive: bool
    protected: Flag
    idle_timeout_seconds: int | None = None

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
        if timeout is None:
            return cls(True, False, _ONE_HOUR)
        return cls(True, False, whole_seconds("the idle timeout", timeout, accepts_tokens=True))

    @classmethod
    def after_steps(cls) -> Termination:
        """Terminate the cluster after its steps have completed or failed.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html
        """
        return cls(False, False)

    @classmethod
    def manual(cls, *, protected: Flag = False) -> Termination:
        """Let the cluster run (and be billed) until you terminate it or delete the stack.

        :param protected: whether the cluster has termination protection. The stack can then only be deleted after a
            deployment with ``protected=False``. Default: false; a cluster with three primary nodes gets a warning.
        """
        return cls(True, protected)

    def _render(self) -> dict[str, Any]:
        """Render the value as members of RunJobFlow."""
        members: dict[str, Any] = {
            "Instances": {"KeepJobFlowAliveWhenNoSteps": self.keep_alive, "TerminationProtected": self.protected}
        }
        if self.idle_timeout_seconds is not None:
            members["AutoTerminationPolicy"] = {"IdleTimeout": self.idle_timeout_seconds}
        return members
