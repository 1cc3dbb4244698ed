"""Summarizes what each cluster of a template launches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import is_unknown
from ..rules.releases import applications
from .graph import Graph
from .intrinsics import Scenario, items, mapping, mappings, section, shown
from .links import request_of, security_document
from .nodes import hdfs_capacity, nodes_of, role_name
from .requests import CLUSTER, STEP, coerced

if TYPE_CHECKING:
    from .nodes import Nodes

__all__ = ["Overview", "overviews"]

_AUTHORIZATION: Final = {
    "IAMConfiguration": "runtime roles",
    "EmrFsConfiguration": "EMRFS role mappings",
    "LakeFormationConfiguration": "Lake Formation",
    "RangerConfiguration": "Apache Ranger",
}
_SCALING_UNITS: Final = {"VCPU": "vCPUs", "InstanceFleetUnits": "units"}
_DURATIONS: Final = (("day", 86400), ("hour", 3600), ("minute", 60))
# Of a policy without IdleTimeout: https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-auto-termination-policy.html
_IDLE_TIMEOUT: Final = 3600


@dataclass(frozen=True, slots=True)
class Overview:
    """A summary of a cluster; values that the template doesn't determine are written ``<in angle brackets>``."""

    cluster: str
    """The logical ID."""

    name: str
    release: str
    nodes: tuple[Nodes, ...]
    hdfs: str
    scaling: tuple[str, ...]
    applications: tuple[str, ...]
    """With their versions, if the release is known."""

    access: tuple[str, ...]
    encryption: tuple[str, ...]
    logs: str
    steps: tuple[str, ...]
    terminates: str
    """When or by whom the cluster is terminated."""


def overviews(template: Mapping[str, Any]) -> list[Overview]:
    """Return an overview of each cluster of a template, with the defaults of its parameters."""
    graph, scenario = Graph(template), Scenario(template)
    return [
        _overview(graph, scenario, name) for name in graph.of_kind(CLUSTER) if scenario.exists(graph.resources[name])
    ]


def _overview(graph: Graph, scenario: Scenario, name: str) -> Overview:
    request = coerced("RunJobFlowInput", request_of(graph, scenario, name).members)
    instances = section(request, "Instances")
    document = security_document(graph, scenario, request.get("SecurityConfiguration"))
    nodes = nodes_of(instances)
    return Overview(
        cluster=name,
        name=shown(request.get("Name")),
        release=shown(request.get("ReleaseLabel")),
        nodes=nodes,
        hdfs=hdfs_capacity(nodes, request.get("Configurations")),
        scaling=tuple(_scaling(request, instances)),
        applications=tuple(_applications(request)),
        access=tuple(_access(request, instances, mapping(document))),
        encryption=tuple(_encryption(request, document)),
        logs=shown(request.get("LogUri"), "not archived"),
        steps=tuple(_steps(graph, scenario, name, request)),
        terminates=_termination(request, instances),
    )


def _scaling(request: Mapping[str, Any], instances: Mapping[str, Any]) -> Iterator[str]:
    limits = section(section(request, "ManagedScalingPolicy"), "ComputeLimits")
    if limits:
        parts = {"core": "MaximumCoreCapacityUnits", "On-Demand": "MaximumOnDemandCapacityUnits"}
        more = [f"{part} up to {shown(limits[member])}" for part, member in parts.items() if member in limits]
        unit = _SCALING_UNITS.get(shown(limits.get("UnitType")), "nodes")
        bounds = f"{shown(limits.get('MinimumCapacityUnits'))} to {shown(limits.get('MaximumCapacityUnits'))} {unit}"
        yield f"managed scaling: {bounds}{' (' + ', '.join(more) + ')' if more else ''}"
    for group in mappings(instances.get("InstanceGroups")):
        policy = section(group, "AutoScalingPolicy")
        if policy:
            constraints = section(policy, "Constraints")
            rules = len(mappings(policy.get("Rules")))
            role = role_name(group.get("InstanceRole"))
            bounds = f"{shown(constraints.get('MinCapacity'))} to {shown(constraints.get('MaxCapacity'))} nodes"
            yield f"automatic scaling of {role} nodes: {bounds}, {rules} rule{'' if rules == 1 else 's'}"


def _applications(request: Mapping[str, Any]) -> Iterator[str]:
    versions = {name.lower(): version for name, version in applications(str(request.get("ReleaseLabel"))).items()}
    for application in mappings(request.get("Applications")):
        name = shown(application.get("Name"))
        version = versions.get(name.lower())
        yield f"{name} {version}" if version else name


def _access(request: Mapping[str, Any], instances: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    yield f"instance profile {shown(request.get('JobFlowRole'))}"
    yield f"service role {shown(request.get('ServiceRole'))}"
    subnets = [instances.get("Ec2SubnetId"), *items(instances.get("Ec2SubnetIds"))]
    named = [shown(subnet) for subnet in subnets if subnet is not None]
    yield f"subnet{'s' if len(named) > 1 else ''} {', '.join(named)}" if named else "no subnet specified"
    key = instances.get("Ec2KeyName")
    yield f"SSH key pair {shown(key)}" if key is not None else "no SSH key pair"
    if "KerberosAttributes" in request:
        yield f"Kerberos realm {shown(section(request, 'KerberosAttributes').get('Realm'))}"
    authorization = section(document, "AuthorizationConfiguration")
    yield from (what for member, what in _AUTHORIZATION.items() if member in authorization)


def _encryption(request: Mapping[str, Any], document: Any) -> Iterator[str]:
    name = request.get("SecurityConfiguration")
    if not isinstance(document, Mapping):
        yield "none" if name is None else f"defined by security configuration {shown(name)}"
        return
    encryption = section(document, "EncryptionConfiguration")
    at_rest = section(encryption, "AtRestEncryptionConfiguration")
    s3 = section(at_rest, "S3EncryptionConfiguration")
    disk = section(at_rest, "LocalDiskEncryptionConfiguration")
    tls = section(section(encryption, "InTransitEncryptionConfiguration"), "TLSCertificateConfiguration")
    if encryption.get("EnableAtRestEncryption") is True:
        if s3:
            yield f"S3 with {shown(s3.get('EncryptionMode'))}"
        if disk:
            volumes = ", including EBS volumes" if disk.get("EnableEbsEncryption") is True else ""
            yield f"local disks with {shown(disk.get('EncryptionKeyProviderType'))}{volumes}"
    if encryption.get("EnableInTransitEncryption") is True:
        yield f"in transit with {shown(tls.get('CertificateProviderType'))} certificates"
    imds = section(document, "InstanceMetadataServiceConfiguration")
    if imds.get("MinimumInstanceMetadataServiceVersion") == 2:
        yield "IMDSv2 only"
    if not encryption:
        yield "no encryption settings"


def _steps(graph: Graph, scenario: Scenario, name: str, request: Mapping[str, Any]) -> Iterator[str]:
    yield from (shown(step.get("Name")) for step in mappings(request.get("Steps")))
    for step in graph.users(STEP, name):
        if scenario.exists(graph.resources[step]):
            yield shown(scenario.value(graph.properties(step).get("Name")))


def _termination(request: Mapping[str, Any], instances: Mapping[str, Any]) -> str:
    # CloudFormation's default; that of the API is false.
    alive = instances.get("KeepJobFlowAliveWhenNoSteps", True)
    is_protected = instances.get("TerminationProtected") is True
    protection = " (termination-protected)" if is_protected else ""
    if "AutoTerminationPolicy" in request:
        seconds = section(request, "AutoTerminationPolicy").get("IdleTimeout", _IDLE_TIMEOUT)
        return f"after {_duration(seconds)} idle{protection}"
    if alive is False:
        return "when its steps finish"
    return ("manually only" if alive is True else f"when its steps finish, unless {shown(alive)} is true") + protection


def _duration(seconds: Any) -> str:
    if not isinstance(seconds, int) or is_unknown(seconds):
        return shown(seconds)
    for unit, length in _DURATIONS:
        if seconds >= length and seconds % length == 0:
            amount = seconds // length
            return f"{amount} {unit}{'' if amount == 1 else 's'}"
    return f"{seconds} seconds"
