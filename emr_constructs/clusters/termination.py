"""What ends a cluster.

- ``Termination.when_idle(Duration.minutes(30))``: EMR ends it after half an hour without work. The default, at an hour.
- ``Termination.after_steps()``: it runs the steps it was defined with and ends.
- ``Termination.manual(protected=True)``: somebody ends it, after switching the protection off.

One value says it, so that keeping alive, protecting and timing out cannot contradict each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._core.durations import whole_seconds
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = ["Termination"]

_ONE_HOUR: Final = 3600


@check_calls
@value_class
class Termination:
    """How a cluster comes to its end; made with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-view-clusters.html
    """

    keep_alive: bool
    protected: bool
    idle_timeout_seconds: int | None = None

    def __post_init__(self) -> None:
        if self.idle_timeout_seconds is not None:
            enforce("AutoTerminationPolicy", {"IdleTimeout": self.idle_timeout_seconds})

    @classmethod
    def when_idle(cls, timeout: Duration | None = None) -> Termination:
        """EMR ends the cluster when YARN and the steps have been idle for ``timeout``.

        Needs emr-5.30.0, or emr-6.1.0 and newer. Work of HBase, Presto and Trino does not count.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-auto-termination-policy.html

        :param timeout: one minute to seven days. Default: one hour.
        :raises EmrError: ``timeout`` is out of range, not a whole number of seconds, or only known at deployment.
        """
        if timeout is None:
            return cls(True, False, _ONE_HOUR)
        return cls(True, False, whole_seconds("the idle timeout", timeout))

    @classmethod
    def after_steps(cls) -> Termination:
        """The cluster ends when the steps that it was defined with have run, whether they failed or not.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html
        """
        return cls(False, False)

    @classmethod
    def manual(cls, *, protected: bool = False) -> Termination:
        """The cluster runs, and costs, until somebody ends it or the stack is deleted.

        :param protected: whether EMR refuses to end it. The stack can then only be deleted after a deployment with
            ``protected=False``. Default: not protected; a cluster with three masters gets a warning.
        """
        return cls(True, protected)

    def _render(self) -> dict[str, Any]:
        """The choice as members of RunJobFlow."""
        members: dict[str, Any] = {
            "Instances": {"KeepJobFlowAliveWhenNoSteps": self.keep_alive, "TerminationProtected": self.protected}
        }
        if self.idle_timeout_seconds is not None:
            members["AutoTerminationPolicy"] = {"IdleTimeout": self.idle_timeout_seconds}
        return members
