"""What ends a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .registry import Part, Severity, rule
from .releases import lacks, parse
from .sources import management_guide

_IDLE = management_guide("emr-auto-termination-policy")
_PROTECTION = management_guide("UsingEMR_TerminationProtection")
# Auto-termination watches YARN; these serve requests without it.
_NOT_ON_YARN = ("HBase", "Presto", "PrestoSQL", "Trino")


def not_on_yarn(applications: Iterable[str]) -> list[str]:
    """The names among ``applications`` of those that do not run on YARN."""
    names = {application.lower() for application in applications}
    return [name for name in _NOT_ON_YARN if name.lower() in names]


@rule(
    "emr-idle-timeout",
    "AutoTerminationPolicy",
    do="use 60 to 604800 seconds (one minute to seven days)",
    source=_IDLE,
)
def _idle_timeout_is_in_range(policy: Part) -> Iterator[str]:
    """The idle timeout is one minute to seven days."""
    timeout = policy.get("IdleTimeout")
    if timeout is not None and not 60 <= timeout <= 604800:
        yield f"the idle timeout is {timeout} seconds"


@rule("emr-idle-release", "RunJobFlowInput", do="use a newer release, or end the cluster by hand", source=_IDLE)
def _idle_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Auto-termination needs a release from 5.30.0 on, and not 6.0."""
    if "AutoTerminationPolicy" in cluster:
        yield from lacks(cluster, "auto_termination")


@rule(
    "emr-idle-not-on-yarn",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="end the cluster by hand (Termination.manual()), or acknowledge this warning if YARN jobs keep the cluster busy",
    source=_IDLE,
)
def _idle_means_no_yarn_work(cluster: Part) -> Iterator[str]:
    """Auto-termination looks at YARN only: a cluster that works for HBase, Presto or Trino seems idle."""
    if "AutoTerminationPolicy" not in cluster:
        return
    serving = not_on_yarn(str(application.get("Name")) for application in cluster.items("Applications"))
    if serving:
        yield f"the cluster ends itself when YARN is idle, which says nothing about {' and '.join(serving)}"


@rule(
    "emr-idle-without-keep-alive",
    "RunJobFlowInput",
    do="keep the cluster alive, or leave the idle timeout out",
    source=_IDLE,
)
def _idle_needs_keep_alive(cluster: Part) -> Iterator[str]:
    """An idle timeout only makes sense for a cluster that stays alive without steps."""
    if "AutoTerminationPolicy" in cluster and cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False:
        yield "the cluster ends after its steps and has an idle timeout"


@rule(
    "emr-no-steps-no-keep-alive",
    "RunJobFlowInput",
    do="give steps, or keep the cluster alive with Termination.when_idle() or Termination.manual()",
    source=_PROTECTION,
)
def _something_to_do(cluster: Part) -> Iterator[str]:
    """A cluster that ends after its steps has steps; without any it ends right after the start."""
    ends = cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is False
    if ends and not cluster.items("Steps") and cluster.is_complete("Steps"):
        yield "the cluster ends after its steps and has none"


@rule(
    "emr-scale-down-behavior",
    "RunJobFlowInput",
    do="leave it out: from release 5.10.0 on EMR waits for tasks to complete",
    source=management_guide("emr-scaledown-behavior"),
)
def _scale_down_at_the_hour_is_old(cluster: Part) -> Iterator[str]:
    """Scaling down at the instance hour can be chosen on releases 5.1.0 to 5.9.1 only."""
    release = parse(cluster.get("ReleaseLabel", ""))
    if cluster.get("ScaleDownBehavior") != "TERMINATE_AT_INSTANCE_HOUR" or release is None:
        return
    if not (5, 1, 0) <= release.version < (5, 10, 0):
        yield f"{release.label} scales down at the instance hour"
