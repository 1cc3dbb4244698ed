"""Members of a request that EMR keeps for releases before 4.0, or that have no effect any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .sources import api_reference

__all__ = ["APPLICATION", "CLUSTER"]

CLUSTER: Final = {
    "AmiVersion": ("works only before release 4.0", "specify a release label instead"),
    "HadoopVersion": ("works only before release 4.0", "remove it; the release determines the version"),
    "NewSupportedProducts": ("works only before release 4.0", "specify applications instead"),
    "SupportedProducts": ("works only before release 4.0", "specify applications instead"),
}
"""Members of a cluster and of its ``Instances`` that EMR rejects: why, and what to do instead."""

APPLICATION: Final = {
    "AdditionalInfo": ("works only for third-party products", "remove it; only the name has an effect"),
    "Args": ("works only before release 4.0", "use configurations instead; only the name has an effect"),
    "Version": ("works only before release 4.0", "remove it; the release determines the version"),
}
"""Members of an application that EMR rejects: why, and what to do instead."""
_RUN = api_reference("RunJobFlow")


@rule("emr-retired-property", "RunJobFlowInput", "JobFlowInstancesConfig", fix="remove it", severity=Severity.WARNING,
      source=_RUN)  # fmt: skip
def _cluster_has_nothing_retired(part: Part) -> Iterator[At]:
    """A cluster must have only members that work with release 4.0 and later."""
    # A version of the AMIs before release 4.0 brings the others with it.
    found = ["AmiVersion"] if "AmiVersion" in part else [member for member in CLUSTER if member in part]
    for member in found:
        reason, fix = CLUSTER[member]
        yield At(part.at(member), f"{member} {reason}", fix)


@rule("emr-application-name-only", "Application", fix="remove it", severity=Severity.WARNING,
      source=api_reference("Application"))  # fmt: skip
def _application_has_only_a_name(application: Part) -> Iterator[At]:
    """An application must have only a name, from release 4.0."""
    for member, (reason, fix) in APPLICATION.items():
        if member in application:
            message = f"{member} of application {application.get('Name')!r} {reason}"
            yield At(application.at(member), message, fix)


# fmt: off
constraint("emr-visible-to-all-users", "RunJobFlowInput", "VisibleToAllUsers must be true, because false has no effect",
           lambda cluster: cluster.get("VisibleToAllUsers") is False, at="VisibleToAllUsers",
           fix="remove it, and restrict access to the cluster with IAM policies", severity=Severity.WARNING,
           source=_RUN)
