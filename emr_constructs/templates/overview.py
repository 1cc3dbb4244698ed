"""Summarizes what each cluster of a file launches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN, is_unknown
from ..rules.releases import applications
from .display import is_open, member, shown
from .intrinsics import items, mapping, mappings, section
from .links import security_document
from .nodes import figures_of_ec2, hdfs_capacity, nodes_of, role_name
from .relations import Relation, relations

if TYPE_CHECKING:
    from .launches import Launch
    from .nodes import Nodes

__all__ = ["Overview", "overview_of"]

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
_UNKNOWN: Final = "unknown"
_NODES: Final = {"InstanceGroups": "instance groups", "InstanceFleets": "instance fleets"}


@dataclass(frozen=True, slots=True)
class Overview:
    """A summary of a cluster; values that the file doesn't determine are ``unknown``, or ``<in angle brackets>``."""

    cluster: str
    """The logical ID, also of the resource that publishes the request; of a cluster that a state machine launches, the
    state; empty for a request."""

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
    """When the cluster is terminated, or what terminates it."""

    machine: str = ""
    """The state machine that launches the cluster: its logical ID."""

    unknown: tuple[str, ...] = ()
    """What can change the cluster in ways that the file doesn't show."""

    figures: tuple[str, ...] = ()
    """The figures of EC2 for instance types for which EMR reports others, as in ``nodes``."""

    relations: tuple[Relation, ...] = ()
    """The resources that the cluster uses."""


def overview_of(launch: Launch) -> Overview:
    """Return an overview of a cluster."""
    request = launch.request
    instances = _instances(request)
    document = security_document(launch.graph, launch.scenario, request.get("SecurityConfiguration"))
    nodes = nodes_of(mapping(instances), launch.nodes)
    related = tuple(relations(launch, mapping(document)))
    doubts = (*launch.doubts, *_doubts(request), *_assumptions(launch))
    return Overview(
        cluster=shown(launch.where),
        name=member(request, "Name", "no name"),
        release=member(request, "ReleaseLabel"),
        nodes=nodes,
        hdfs=_UNKNOWN if is_open(instances) else hdfs_capacity(nodes, request.get("Configurations")),
        scaling=tuple(_scaling(request, launch.nodes)),
        applications=tuple(_applications(request)),
        access=tuple(_access(request, mapping(document))),
        encryption=tuple(_encryption(request, document)),
        logs=member(request, "LogUri", "not archived"),
        steps=tuple(_steps(launch)),
        terminates=("by its state machine; otherwise " if launch.is_terminated else "") + _termination(launch),
        machine=shown(launch.machine),
        unknown=doubts,
        figures=tuple(figures_of_ec2(nodes)),
        relations=related,
    )


def _instances(request: Mapping[str, Any]) -> Any:
    """The nodes and the network of a request; unknown if it may have what isn't shown."""
    return request.get("Instances", UNKNOWN if is_open(request) else None)


def _doubts(request: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a request that are unknown, or that may have more than what is shown."""
    if is_open(request):
        yield "the cluster may have more properties"
    instances = _instances(request)
    if is_open(instances):
        yield "nodes and network are unknown" if is_unknown(instances) else "Instances may have more members"
    for name, what in _NODES.items():
        if is_open(mapping(instances).get(name)):
            yield f"{what} are unknown"
    for name in ("Configurations", "BootstrapActions", "Steps", "Applications"):
        value = request.get(name)
        if is_open(value):
            yield f"{name} {'are' if name.endswith('s') else 'is'} unknown"
        elif any(map(is_open, items(value))):
            yield f"a part of {name} is unknown"


def _assumptions(launch: Launch) -> Iterator[str]:
    """The outcomes of conditions that depend on unknown values."""
    for expression, is_true in launch.scenario.condition_values.items():
        value = json.loads(expression)
        name = launch.conditions.get(expression) or mapping(value).get("Condition")
        what = f"condition {shown(name)}" if name else f"a condition ({shown(value)})"
        yield f"{what} is assumed to be {str(is_true).lower()}"


def _scaling(request: Mapping[str, Any], added: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    policy = request.get("ManagedScalingPolicy")
    limits = section(policy, "ComputeLimits")
    if limits:
        parts = {"core": "MaximumCoreCapacityUnits", "On-Demand": "MaximumOnDemandCapacityUnits"}
        more = [f"{part} up to {shown(limits[name])}" for part, name in parts.items() if name in limits]
        unit = _SCALING_UNITS.get(shown(limits.get("UnitType")), "nodes")
        bounds = f"{member(limits, 'MinimumCapacityUnits')} to {member(limits, 'MaximumCapacityUnits')} {unit}"
        yield f"managed scaling: {bounds}{' (' + ', '.join(more) + ')' if more else ''}"
    elif policy is not None or is_open(request):
        yield _UNKNOWN if policy is None else "managed scaling with unknown limits"
    groups = [*mappings(section(request, "Instances").get("InstanceGroups")), *(group for _, group in added)]
    for group in groups:
        scaling = group.get("AutoScalingPolicy")
        if isinstance(scaling, Mapping) and scaling:
            constraints = section(scaling, "Constraints")
            rules = len(mappings(scaling.get("Rules")))
            role = role_name(group.get("InstanceRole"))
            bounds = f"{member(constraints, 'MinCapacity')} to {member(constraints, 'MaxCapacity')} nodes"
            yield f"automatic scaling of {role} nodes: {bounds}, {rules} rule{'' if rules == 1 else 's'}"


def _applications(request: Mapping[str, Any]) -> Iterator[str]:
    versions = {name.lower(): version for name, version in applications(str(request.get("ReleaseLabel"))).items()}
    found = request.get("Applications")
    for application in items(found):
        name = member(application, "Name", _UNKNOWN)
        version = versions.get(name.lower())
        yield f"{name} {version}" if version else name
    if not isinstance(found, list) and (is_open(request) or found is not None):
        yield _UNKNOWN if found is None else shown(found)


def _access(request: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    instances = _instances(request)
    yield f"instance profile {member(request, 'JobFlowRole')}"
    yield f"service role {member(request, 'ServiceRole')}"
    inside = mapping(instances)
    several = inside.get("Ec2SubnetIds")
    subnets = [inside.get("Ec2SubnetId"), *(several if isinstance(several, list) else [several])]
    named = [shown(subnet) for subnet in subnets if subnet is not None]
    if named:
        yield f"subnet{'s' if len(named) > 1 else ''} {', '.join(named)}"
    else:
        yield "subnet unknown" if is_open(instances) else "no subnet specified"
    key = inside.get("Ec2KeyName")
    if key is not None and key != "":
        yield f"SSH key pair {shown(key)}"
    else:
        yield "SSH key pair unknown" if is_open(instances) else "no SSH key pair"
    if request.get("KerberosAttributes") is not None:
        yield f"Kerberos realm {member(request['KerberosAttributes'], 'Realm')}"
    authorization = section(document, "AuthorizationConfiguration")
    yield from (what for name, what in _AUTHORIZATION.items() if name in authorization)


def _encryption(request: Mapping[str, Any], document: Any) -> Iterator[str]:
    name = request.get("SecurityConfiguration")
    if not isinstance(document, Mapping):
        absent = _UNKNOWN if is_open(request) else "none"
        yield absent if name is None else f"defined by security configuration {shown(name)}"
        return
    encryption = document.get("EncryptionConfiguration")
    if is_open(document) or is_open(encryption):
        yield "partly unknown"
    at_rest = section(encryption, "AtRestEncryptionConfiguration")
    s3 = section(at_rest, "S3EncryptionConfiguration")
    disk = section(at_rest, "LocalDiskEncryptionConfiguration")
    tls = section(section(encryption, "InTransitEncryptionConfiguration"), "TLSCertificateConfiguration")
    if (is_on := _switch(encryption, "EnableAtRestEncryption")) is not None:
        if s3:
            yield f"S3 with {member(s3, 'EncryptionMode')}{is_on}"
        if disk:
            volumes = ", including EBS volumes" if disk.get("EnableEbsEncryption") is True else ""
            yield f"local disks with {member(disk, 'EncryptionKeyProviderType')}{volumes}{is_on}"
    if (is_on := _switch(encryption, "EnableInTransitEncryption")) is not None:
        yield f"in transit with {member(tls, 'CertificateProviderType')} certificates{is_on}"
    imds = section(document, "InstanceMetadataServiceConfiguration")
    if imds.get("MinimumInstanceMetadataServiceVersion") == 2:
        yield "IMDSv2 only"
    if encryption is None and not is_open(document):
        yield "no encryption settings"


def _switch(encryption: Any, name: str) -> str | None:
    """On which condition a kind of encryption is on, empty if it is on in any case; None if it is off."""
    value = mapping(encryption).get(name)
    return "" if value is True else f" if {shown(value)} is true" if is_unknown(value) else None


def _steps(launch: Launch) -> Iterator[str]:
    steps = launch.request.get("Steps")
    yield from (member(step, "Name") if isinstance(step, Mapping) else shown(step) for step in items(steps))
    if not isinstance(steps, list) and (steps is not None or is_open(launch.request)):
        yield _UNKNOWN if steps is None else shown(steps)
    yield from (member(step, "Name", name) for name, step in launch.steps)


def _termination(launch: Launch) -> str:
    request, instances = launch.request, _instances(launch.request)
    inside = mapping(instances)
    alive = inside.get("KeepJobFlowAliveWhenNoSteps", _UNKNOWN if is_open(instances) else launch.stays_alive)
    protected = inside.get("TerminationProtected")
    protection = " (termination-protected)" if protected is True else ""
    if alive is False:
        ignored = "; its idle timeout has no effect" if "AutoTerminationPolicy" in request else ""
        return f"when its steps finish{ignored}"
    manually = "manually only"
    if "AutoTerminationPolicy" in request:
        policy = request["AutoTerminationPolicy"]
        seconds = mapping(policy).get("IdleTimeout", _UNKNOWN if is_open(policy) else _IDLE_TIMEOUT)
        manually = f"after {_duration(seconds)} idle"
    elif is_open(request):
        manually = _UNKNOWN
    if alive == _UNKNOWN:
        return _UNKNOWN
    if alive is True:
        return manually + protection
    rest = "" if manually == "manually only" else f"; then {manually}"
    return f"when its steps finish, unless {shown(alive)} is true{rest}{protection}"


def _duration(seconds: Any) -> str:
    if not isinstance(seconds, int) or is_unknown(seconds):
        return shown(seconds)
    for unit, length in _DURATIONS:
        if seconds >= length and seconds % length == 0:
            amount = seconds // length
            return f"{amount} {unit}{'' if amount == 1 else 's'}"
    return f"{seconds} seconds"
