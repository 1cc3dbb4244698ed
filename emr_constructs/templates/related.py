"""Checks a resource together with the other resources of its template: references, roles, network, additions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..rules import Finding, check
from ..rules.additions import ADDITION
from ..rules.references import REFERENCES
from ..rules.roles import ROLES
from ..rules.security_groups import NETWORK
from ..rules.studio import MAPPED_STUDIO, STUDIO_GROUPS
from ..rules.vpc import VPC
from .additions import addition
from .intrinsics import Scenario, mapping
from .links import OWNERS
from .lists import repeated_items
from .network import network, resources_of, studio_groups
from .ordering import unordered
from .references import reference_findings
from .requests import CLUSTER, coerced
from .roles import cluster_roles, studio_roles
from .vpc import cluster_vpc, studio_vpc

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["related", "related_launch"]

_STUDIO: Final = "AWS::EMR::Studio"
_MAPPING: Final = "AWS::EMR::StudioSessionMapping"
# The property that leads to what a rule is about.
_PLACES: Final = {
    "emr-added-step-failure": "ActionOnFailure",
    "emr-auto-scaling-role-trust": "AutoScalingRole",
    "emr-instance-profile-role-name": "JobFlowRole",
    "emr-instance-profile-roles": "JobFlowRole",
    "emr-instance-role-trust": "JobFlowRole",
    "emr-service-role-trust": "ServiceRole",
}


def related(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]
) -> Iterator[Finding]:
    """Return the findings in a resource together with others in one scenario, with paths in its properties.

    :param members: the request that the resource stands for.
    """
    kind = graph.kind(name)
    properties = mapping(scenario.value(graph.properties(name)))
    yield from reference_findings(template, graph, scenario, name, properties)
    yield from repeated_items(kind, properties)
    if kind == CLUSTER:
        yield from _of_cluster(template, graph, scenario, name, members)
    elif kind == _STUDIO:
        yield from check(VPC, studio_vpc(graph, scenario, members))
        groups = studio_groups(graph, scenario, members)
        yield from check(STUDIO_GROUPS, coerced(STUDIO_GROUPS, groups))
        for roles in studio_roles(graph, scenario, members):
            yield from check(ROLES, roles)
    elif kind == _MAPPING:
        for studio in resources_of(members.get("StudioId"), graph, _STUDIO):
            mode = mapping(scenario.value(graph.properties(studio))).get("AuthMode")
            yield from check(MAPPED_STUDIO, {"LogicalId": studio, "AuthMode": mode})
    elif kind in OWNERS:
        yield from _placed(check(ADDITION, addition(graph, scenario, name, members)), OWNERS[kind])


def _placed(findings: list[Finding], place: str = "") -> Iterator[Finding]:
    """``findings`` at the properties that they are about, or at ``place``."""
    return (replace(finding, path=_PLACES.get(finding.rule, place)) for finding in findings)


def related_launch(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]
) -> Iterator[Finding]:
    """Return the findings in a request for a cluster together with the resources of its template.

    :param name: the resource that launches the cluster later, so that their order doesn't matter.
    """
    found = reference_findings(template, graph, scenario, name, members)
    yield from (finding for finding in found if finding.rule != "emr-name-not-reference")
    yield from _environment(template, graph, scenario, members)


def _of_cluster(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]
) -> Iterator[Finding]:
    others = [{"LogicalId": other, "Type": graph.kind(other)} for other in unordered(graph, scenario, name, members)]
    yield from check(REFERENCES, {"Unordered": others})
    yield from _environment(template, graph, scenario, members)


def _environment(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, members: Mapping[str, Any]
) -> Iterator[Finding]:
    """The findings in the roles and in the network of a cluster."""
    yield from _placed(check(ROLES, cluster_roles(graph, scenario, members)))
    for shape, found in (
        (NETWORK, network(graph, scenario, members)),
        (VPC, cluster_vpc(template, graph, scenario, members)),
    ):
        if found:
            yield from _placed(check(shape, coerced(shape, found)), "Instances")
