"""What terminates a cluster."""

from __future__ import annotations

from collections.abc import Iterable

from .constraints import constraint, in_range, requires_release
from .parts import Part
from .registry import Severity
from .releases import parse
from .sources import api_reference, management_guide

__all__ = ["is_terminated_after_steps", "not_on_yarn", "outside_yarn"]

_IDLE = management_guide("emr-auto-termination-policy")
# Auto-termination watches YARN; these serve requests without it.
_NOT_ON_YARN = ("HBase", "Presto", "PrestoSQL", "Trino")


def not_on_yarn(applications: Iterable[str]) -> list[str]:
    """The names among ``applications`` of those that do not run on YARN."""
    names = {application.lower() for application in applications}
    return [name for name in _NOT_ON_YARN if name.lower() in names]


def outside_yarn(cluster: Part) -> str | None:
    """The applications of a cluster that do not run on YARN, in words."""
    found = not_on_yarn(str(application.get("Name")) for application in cluster.items("Applications"))
    return " and ".join(found) or None


def is_terminated_after_steps(cluster: Part) -> bool:
    """Whether the cluster terminates when it has no steps left."""
    return cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False


def _has_no_steps(cluster: Part) -> bool:
    return cluster.is_complete("Steps") and not cluster.items("Steps")


def _ends_by_default(cluster: Part) -> str | None:
    """What terminates a cluster unless the member that keeps it alive is specified; None if it is, or is unknown."""
    is_known = "Instances" in cluster and cluster.is_complete("Instances")
    if not is_known or "KeepJobFlowAliveWhenNoSteps" in cluster.part("Instances"):
        return None
    return "an idle timeout" if "AutoTerminationPolicy" in cluster else "no steps" if _has_no_steps(cluster) else None


def _old_scale_down(cluster: Part) -> str | None:
    release = parse(cluster.get("ReleaseLabel", ""))
    is_old = cluster.get("ScaleDownBehavior") == "TERMINATE_AT_INSTANCE_HOUR"
    return release.label if is_old and release and not (5, 1, 0) <= release.version < (5, 10, 0) else None


# fmt: off
in_range("emr-idle-timeout", "AutoTerminationPolicy", "IdleTimeout", 60, 604800, what="the idle timeout",
         unit="seconds", fix="use one minute to seven days", source=_IDLE)
requires_release("emr-idle-release", "RunJobFlowInput", {"auto_termination": "AutoTerminationPolicy"},
                 fix="use a later release, or terminate the cluster manually", source=_IDLE)
constraint("emr-idle-not-on-yarn", "RunJobFlowInput",
           "auto-termination must not be used with applications that don't run on YARN, because it only monitors YARN",
           lambda cluster: "AutoTerminationPolicy" in cluster and outside_yarn(cluster), at="AutoTerminationPolicy",
           fix="remove the auto-termination policy, or acknowledge this warning if YARN jobs keep the cluster busy",
           library_fix="use Termination.manual(), or acknowledge this warning if YARN jobs keep the cluster busy",
           severity=Severity.WARNING, source=_IDLE)
constraint("emr-idle-without-keep-alive", "RunJobFlowInput",
           "auto-termination can't be combined with termination after the steps",
           lambda cluster: "AutoTerminationPolicy" in cluster and is_terminated_after_steps(cluster),
           at="Instances.KeepJobFlowAliveWhenNoSteps",
           fix="set KeepJobFlowAliveWhenNoSteps to true, or remove the auto-termination policy",
           severity=Severity.WARNING, source=_IDLE)
constraint("emr-no-steps-no-keep-alive", "RunJobFlowInput", "a cluster that terminates after its steps must have steps",
           lambda cluster: is_terminated_after_steps(cluster) and _has_no_steps(cluster)
           and "AutoTerminationPolicy" not in cluster, at="Instances.KeepJobFlowAliveWhenNoSteps",
           fix="specify steps, or set KeepJobFlowAliveWhenNoSteps to true",
           library_fix="pass steps, or use Termination.when_idle() or Termination.manual()", severity=Severity.WARNING,
           source=management_guide("UsingEMR_TerminationProtection"))
constraint("emr-ends-at-once", "RunJobFlowInput",
           "a request for a cluster with an idle timeout or without steps must specify KeepJobFlowAliveWhenNoSteps, "
           "because the API's default is false", _ends_by_default, at="Instances.KeepJobFlowAliveWhenNoSteps",
           fix="set Instances.KeepJobFlowAliveWhenNoSteps to true, or specify steps and no idle timeout",
           severity=Severity.WARNING, source=api_reference("JobFlowInstancesConfig"))
constraint("emr-scale-down-behavior", "RunJobFlowInput",
           "TERMINATE_AT_INSTANCE_HOUR requires a release from 5.1.0 to before 5.10.0", _old_scale_down,
           at="ScaleDownBehavior", fix="remove it; from release 5.10.0 EMR waits for tasks to complete",
           severity=Severity.WARNING, source=management_guide("emr-scaledown-behavior"))
