"""Members of a request that EMR keeps for releases before 4.0, or that have no effect any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .registry import Part, Severity, rule
from .sources import api_reference

__all__ = ["APPLICATION", "CLUSTER"]

CLUSTER: Final = {
    "AmiVersion": ("was for releases before 4.0", "give a release label"),
    "HadoopVersion": ("was for releases before 4.0", "leave it out: the release decides it"),
    "NewSupportedProducts": ("was for releases before 4.0", "name the applications"),
    "SupportedProducts": ("was for releases before 4.0", "name the applications"),
}
"""Members of a cluster and of its ``Instances`` that are refused: why, and what to do instead."""

APPLICATION: Final = {
    "AdditionalInfo": ("was for products of third parties", "leave it out: only the name counts"),
    "Args": ("was for releases before 4.0", "use configurations instead: only the name counts"),
    "Version": ("was for releases before 4.0", "leave it out: the release decides the version"),
}
"""Members of an application that are refused: why, and what to do instead."""


@rule(
    "emr-retired-property",
    "RunJobFlowInput",
    "JobFlowInstancesConfig",
    do="leave it out",
    source=api_reference("RunJobFlow"),
)
def _cluster_has_nothing_retired(part: Part) -> Iterator[tuple[str, str]]:
    """A cluster has no member that EMR only read before release 4.0."""
    for member, (reason, fix) in CLUSTER.items():
        if member in part:
            yield f"{member} {reason}", fix


@rule("emr-application-name-only", "Application", do="leave it out", source=api_reference("Application"))
def _application_has_a_name_alone(application: Part) -> Iterator[tuple[str, str]]:
    """From release 4.0 on an application has a name and nothing else."""
    for member, (reason, fix) in APPLICATION.items():
        if member in application:
            yield f"{member} of the application {application.get('Name')!r} {reason}", fix


@rule(
    "emr-visible-to-all-users",
    "RunJobFlowInput",
    do="give true; limit who may see the cluster with IAM policies",
    source=api_reference("RunJobFlow"),
    severity=Severity.WARNING,
)
def _visibility_has_no_effect(cluster: Part) -> Iterator[str]:
    """Hiding a cluster from other users of the account has no effect any more."""
    if cluster.get("VisibleToAllUsers") is False:
        yield "VisibleToAllUsers is false, which has no effect"
