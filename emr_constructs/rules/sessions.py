"""Spark Connect sessions, and the runtime role of the steps of a request."""

from __future__ import annotations

from typing import Final

from .constraints import constraint, requires_release
from .parts import Part
from .registry import At, Severity
from .releases import lacks_application
from .sources import api_reference, management_guide
from .topology import three_masters_at

_PAGE: Final = management_guide("emr-spark-connect-sessions")


def _has_sessions(cluster: Part) -> bool:
    return cluster.get("SessionEnabled") is True


def _three_masters(cluster: Part) -> At | None:
    place = three_masters_at(cluster)
    return At(place, "three") if _has_sessions(cluster) and place else None


def _role_without_steps(cluster: Part) -> bool:
    has_role = "StepExecutionRoleArn" in cluster
    # A request without a service role is a part of one.
    return has_role and "ServiceRole" in cluster and cluster.is_complete("Steps") and not cluster.items("Steps")


# fmt: off
requires_release("emr-session-release", "RunJobFlowInput", {"spark_sessions": _has_sessions},
                 fix="use a later release, or remove the sessions", source=_PAGE)
constraint("emr-session-spark", "RunJobFlowInput", "Spark Connect sessions require the application Spark",
           lambda cluster: _has_sessions(cluster) and lacks_application(cluster, "Spark"),
           at="Applications", fix="add Spark to the applications", severity=Severity.WARNING, source=_PAGE)
constraint("emr-session-ha", "RunJobFlowInput", "Spark Connect sessions require a cluster with one primary node",
           _three_masters, fix="use one primary node", severity=Severity.WARNING, source=_PAGE)
constraint("emr-step-execution-role-steps", "RunJobFlowInput",
           "a runtime role for the steps of the request requires steps in the request", _role_without_steps,
           at="StepExecutionRoleArn", fix="add steps, or submit later steps with AddJobFlowSteps and ExecutionRoleArn",
           library_fix="pass steps, or submit later steps with ExecutionRoleArn", severity=Severity.WARNING,
           source=api_reference("RunJobFlow"))
