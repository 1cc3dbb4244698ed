"""Checks a resource together with the other resources of its template: references, roles, network, additions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
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
from .network import listed, network, resources_of, studio_groups
from .ordering import unordered
from .references import reference, reference_findings
from .requests import CLUSTER, coerced
from .roles import cluster_roles, studio_roles
from .vpc import SUBNETS, cluster_vpc, studio_vpc

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph

__all__ = ["related", "related_launch"]

_STUDIO: Final = "AWS::EMR::Studio"
_MAPPING: Final = "AWS::EMR::StudioSessionMapping"
_NODE_GROUPS: Final = (
    "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup",
    "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups",
)
_ACCESS_GROUP: Final = "ServiceAccessSecurityGroup"
# The properties that can lead to what a rule is about.
_PLACES: Final = {
    "emr-added-step-failure": ("ActionOnFailure",),
    "emr-api-gateway-endpoint": SUBNETS,
    "emr-auto-scaling-role-trust": ("AutoScalingRole",),
    "emr-ha-public-addresses": SUBNETS,
    "emr-instance-profile-role-name": ("JobFlowRole",),
    "emr-instance-profile-roles": ("JobFlowRole",),
    "emr-instance-role-trust": ("JobFlowRole",),
    # The role of an instance profile is one that no property names.
    "emr-managed-policy-name": ("JobFlowRole", "ServiceRole", "AutoScalingRole", "UserRole"),
    "emr-managed-policy-tag": ("Tags",),
    "emr-no-route-to-s3": SUBNETS,
    "emr-node-egress": _NODE_GROUPS,
    "emr-pass-role": ("JobFlowRole", "AutoScalingRole"),
    "emr-placement-group-role": ("ServiceRole",),
    "emr-role-policy-of-another": ("JobFlowRole", "ServiceRole", "AutoScalingRole"),
    "emr-role-source-arn": ("ServiceRole", "UserRole"),
    "emr-role-without-policies": ("ServiceRole",),
    "emr-public-ingress": _NODE_GROUPS,
    "emr-service-access-port": (_ACCESS_GROUP,),
    "emr-service-access-shared": (_ACCESS_GROUP,),
    "emr-service-role-trust": ("ServiceRole",),
    "emr-several-vpcs": (
        *SUBNETS, *_NODE_GROUPS, _ACCESS_GROUP, "WorkspaceSecurityGroupId", "EngineSecurityGroupId"
    ),
    "emr-studio-engine-port": ("EngineSecurityGroupId",),
    "emr-studio-workspace-egress": ("WorkspaceSecurityGroupId",),
    "emr-studio-role-trust": ("ServiceRole", "UserRole"),
    "emr-subnet-addresses": SUBNETS,
    "emr-subnets-mixed": SUBNETS,
    "emr-vpc-dns": SUBNETS,
    "emr-vpc-private-addresses": SUBNETS,
}  # fmt: skip


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
        yield from _placed(graph.checked(VPC, studio_vpc(graph, scenario, members)), members)
        groups = studio_groups(graph, scenario, members)
        yield from _placed(graph.checked(STUDIO_GROUPS, coerced(STUDIO_GROUPS, groups)), members)
        for roles in studio_roles(graph, scenario, members):
            yield from _placed(graph.checked(ROLES, roles), members)
    elif kind == _MAPPING:
        for studio in resources_of(members.get("StudioId"), graph, _STUDIO):
            mode = mapping(scenario.value(graph.properties(studio))).get("AuthMode")
            found = graph.checked(MAPPED_STUDIO, {"LogicalId": studio, "AuthMode": mode})
            yield from _placed(found, members, otherwise="StudioId")
    elif kind in OWNERS:
        found = graph.checked(ADDITION, addition(graph, scenario, name, members))
        yield from _placed(found, members, otherwise=OWNERS[kind])


def _placed(
    findings: list[Finding], members: Mapping[str, Any], within: str = "", otherwise: str = ""
) -> Iterator[Finding]:
    """``findings`` at the properties that lead to what they are about.

    :param members: the structure that has these properties.
    :param within: its path.
    :param otherwise: the property for findings that no property leads to.
    """
    for finding in findings:
        places = list(_leading(finding, members))
        _, place = min(places, key=itemgetter(0), default=(0, otherwise))
        yield changed(finding, path=f"{within}.{place}".strip("."))


def _leading(finding: Finding, members: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The properties that can lead to what a finding is about, and the items of lists; those that it names first."""
    for name in _PLACES.get(finding.rule, ()):
        value = members.get(name)
        if value is not None:
            yield 1, name
        for at, item in enumerate(listed(value)):
            found = reference(item)
            if found is not None and repr(found.resource) in finding.message:
                yield 0, f"{name}[{at}]" if isinstance(value, list) else name


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
    if others:
        yield from graph.checked(REFERENCES, {"Unordered": others})
    yield from _environment(template, graph, scenario, members)


def _environment(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, members: Mapping[str, Any]
) -> Iterator[Finding]:
    """The findings in the roles and in the network of a cluster."""
    yield from _placed(graph.checked(ROLES, cluster_roles(graph, scenario, members)), members)
    for shape, found in (
        (NETWORK, network(graph, scenario, members)),
        (VPC, cluster_vpc(template, graph, scenario, members)),
    ):
        if found:
            findings = graph.checked(shape, coerced(shape, found))
            yield from _placed(findings, mapping(members.get("Instances")), within="Instances")
