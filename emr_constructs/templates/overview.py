"""What each cluster of a template launches, at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .._core.unknown import is_unknown
from ..rules.instance_types import facts
from ..rules.releases import applications
from .graph import Graph
from .intrinsics import Reference, Scenario, described, mapping, section
from .requests import CLUSTER, SECURITY_CONFIGURATION, STEP, Request, coerced, document

__all__ = ["Nodes", "Overview", "overviews"]

# EMR attaches volumes to a type without instance storage, by its size; from release 5.22.0 on 16 GiB for each vCPU.
_DEFAULT_EBS: Final = 16
_ROLES: Final = "master core task"
# How often HDFS keeps a block, by the number of core nodes from which on that is so.
_REPLICATION: Final = ((10, 3), (4, 2), (0, 1))


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of an instance group or an instance fleet."""

    role: str
    """``master``, ``core`` or ``task``."""

    name: str
    instance_types: tuple[str, ...]
    count: int | None
    """How many nodes, or units of a fleet, the cluster starts with; None where the template does not tell."""

    unit: str
    """``nodes``, or ``units`` of a fleet."""

    purchase: str
    vcpus: int | None
    """Of all of these nodes; None for a fleet, which chooses among types, and for types that are not known."""

    memory_gib: float | None
    storage_gib: float | None
    """Volumes and instance storage of all of these nodes, without the root volumes."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A cluster at a glance; what the template does not tell is written ``<in angle brackets>``."""

    cluster: str
    """The logical id."""

    name: str
    release: str
    nodes: tuple[Nodes, ...]
    hdfs: str
    scaling: tuple[str, ...]
    applications: tuple[str, ...]
    """With their versions, where the release is known."""

    access: tuple[str, ...]
    encryption: tuple[str, ...]
    logs: str
    steps: tuple[str, ...]
    ends: str
    """What ends the cluster."""


def overviews(template: Mapping[str, Any]) -> list[Overview]:
    """An overview of each cluster of a template, with the defaults of its parameters."""
    graph, scenario = Graph(template), Scenario(template)
    return [
        _Reading(graph, scenario, name).overview()
        for name in graph.of_kind(CLUSTER)
        if scenario.exists(graph.resources[name])
    ]


class _Reading:
    def __init__(self, graph: Graph, scenario: Scenario, name: str) -> None:
        self.graph, self.scenario, self.name = graph, scenario, name
        properties = mapping(scenario.value(graph.properties(name)))
        self.request = coerced("RunJobFlowInput", Request(CLUSTER, properties).members)
        self.instances = section(self.request, "Instances")
        self.document = self._document()

    def overview(self) -> Overview:
        nodes = tuple(sorted(self._nodes(), key=lambda found: _ROLES.find(found.role)))
        return Overview(
            cluster=self.name,
            name=_text(self.request.get("Name")),
            release=_text(self.request.get("ReleaseLabel")),
            nodes=nodes,
            hdfs=self._hdfs(nodes),
            scaling=tuple(self._scaling()),
            applications=tuple(self._applications()),
            access=tuple(self._access()),
            encryption=tuple(self._encryption()),
            logs=_text(self.request.get("LogUri"), "not kept"),
            steps=tuple(self._steps()),
            ends=self._ends(),
        )

    def _document(self) -> Mapping[str, Any] | None:
        given = self.request.get("SecurityConfiguration")
        if not isinstance(given, Reference) or self.graph.kind(given.resource) != SECURITY_CONFIGURATION:
            return None
        try:
            found = document(mapping(self.scenario.value(self.graph.properties(given.resource))))
        except ValueError:
            return None
        return found if isinstance(found, Mapping) else None

    def _nodes(self) -> Iterator[Nodes]:
        for group in _mappings(self.instances.get("InstanceGroups")):
            count = group.get("InstanceCount")
            known = count if isinstance(count, int) and not is_unknown(count) else None
            name = _text(group.get("InstanceType"))
            kind = facts(name)
            bid = f" at {_text(group['BidPrice'])}" if "BidPrice" in group else ""
            yield Nodes(
                role=_text(group.get("InstanceRole")).lower(),
                name=_text(group.get("Name"), ""),
                instance_types=(name,),
                count=known,
                unit="nodes",
                purchase=_text(group.get("Market"), "SPOT" if bid else "ON_DEMAND").replace("_", " ").lower() + bid,
                vcpus=kind["vcpu"] * known if kind and known is not None else None,
                memory_gib=kind["memory_gib"] * known if kind and known is not None else None,
                storage_gib=_times(_storage(group, kind), known),
            )
        for fleet in _mappings(self.instances.get("InstanceFleets")):
            targets = {"on demand": fleet.get("TargetOnDemandCapacity", 0), "spot": fleet.get("TargetSpotCapacity", 0)}
            known_targets = [target for target in targets.values() if isinstance(target, int)]
            types = [_weighted(kind) for kind in _mappings(fleet.get("InstanceTypeConfigs"))]
            yield Nodes(
                role=_text(fleet.get("InstanceFleetType")).lower(),
                name=_text(fleet.get("Name"), ""),
                instance_types=tuple(types),
                count=sum(known_targets) if len(known_targets) == len(targets) else None,
                unit="units",
                purchase=", ".join(f"{_text(target)} {kind}" for kind, target in targets.items() if target != 0),
                vcpus=None,
                memory_gib=None,
                storage_gib=None,
            )

    def _hdfs(self, nodes: tuple[Nodes, ...]) -> str:
        core = [found for found in nodes if found.role == "core"] or [
            found for found in nodes if found.role == "master"
        ]
        sizes = [found.storage_gib for found in core]
        if not core or None in sizes:
            return "depends on what is launched"
        raw = sum(size for size in sizes if size is not None)
        count = sum(found.count or 0 for found in core)
        copies = self._replication() or next(copies for first, copies in _REPLICATION if count >= first)
        each = "" if copies == 1 else f", {raw / copies:.0f} GiB of data in {copies} copies"
        return f"{raw:.0f} GiB{each}"

    def _replication(self) -> int | None:
        for configuration in _mappings(self.request.get("Configurations")):
            given = str(section(configuration, "Properties").get("dfs.replication"))
            if configuration.get("Classification") == "hdfs-site" and re.fullmatch(r"[1-9]\d{0,2}", given):
                return int(given)
        return None

    def _scaling(self) -> Iterator[str]:
        limits = section(section(self.request, "ManagedScalingPolicy"), "ComputeLimits")
        if limits:
            more = [
                f"{what} up to {_text(limits[member])}"
                for what, member in (
                    ("core", "MaximumCoreCapacityUnits"),
                    ("on demand", "MaximumOnDemandCapacityUnits"),
                )
                if member in limits
            ]
            unit = {"VCPU": "vCPUs", "InstanceFleetUnits": "units"}.get(_text(limits.get("UnitType")), "nodes")
            bounds = (
                f"{_text(limits.get('MinimumCapacityUnits'))} to {_text(limits.get('MaximumCapacityUnits'))} {unit}"
            )
            yield f"managed: {bounds}{' (' + ', '.join(more) + ')' if more else ''}"
        for group in _mappings(self.instances.get("InstanceGroups")):
            policy = section(group, "AutoScalingPolicy")
            if policy:
                span_of = section(policy, "Constraints")
                rules = len(_mappings(policy.get("Rules")))
                role = _text(group.get("InstanceRole")).lower()
                span = f"{_text(span_of.get('MinCapacity'))} to {_text(span_of.get('MaxCapacity'))} nodes"
                yield f"{role}: {span} by {rules} rule{'' if rules == 1 else 's'}"

    def _applications(self) -> Iterator[str]:
        versions = {
            name.lower(): version for name, version in applications(str(self.request.get("ReleaseLabel"))).items()
        }
        for application in _mappings(self.request.get("Applications")):
            name = _text(application.get("Name"))
            version = versions.get(name.lower())
            yield f"{name} {version}" if version else name

    def _access(self) -> Iterator[str]:
        yield f"instance profile {_text(self.request.get('JobFlowRole'))}"
        yield f"service role {_text(self.request.get('ServiceRole'))}"
        subnets = [self.instances.get("Ec2SubnetId"), *_items(self.instances.get("Ec2SubnetIds"))]
        named = [_text(subnet) for subnet in subnets if subnet is not None]
        yield f"subnet{'s' if len(named) > 1 else ''} {', '.join(named)}" if named else "no subnet given"
        key = self.instances.get("Ec2KeyName")
        yield f"SSH with the key pair {_text(key)}" if key is not None else "no SSH key pair"
        if "KerberosAttributes" in self.request:
            yield f"Kerberos realm {_text(section(self.request, 'KerberosAttributes').get('Realm'))}"
        authorization = section(self.document, "AuthorizationConfiguration")
        for member, what in (
            ("IAMConfiguration", "runtime roles"),
            ("EmrFsConfiguration", "EMRFS role mappings"),
            ("LakeFormationConfiguration", "Lake Formation"),
            ("RangerConfiguration", "Apache Ranger"),
        ):
            if member in authorization:
                yield what

    def _encryption(self) -> Iterator[str]:
        given = self.request.get("SecurityConfiguration")
        if self.document is None:
            yield "none" if given is None else f"as the security configuration {_text(given)} says"
            return
        encryption = section(self.document, "EncryptionConfiguration")
        at_rest = section(encryption, "AtRestEncryptionConfiguration")
        s3 = section(at_rest, "S3EncryptionConfiguration")
        disk = section(at_rest, "LocalDiskEncryptionConfiguration")
        tls = section(section(encryption, "InTransitEncryptionConfiguration"), "TLSCertificateConfiguration")
        if encryption.get("EnableAtRestEncryption") is True:
            if s3:
                yield f"S3 with {_text(s3.get('EncryptionMode'))}"
            if disk:
                volumes = ", EBS volumes too" if disk.get("EnableEbsEncryption") is True else ""
                yield f"local disks with {_text(disk.get('EncryptionKeyProviderType'))}{volumes}"
        if encryption.get("EnableInTransitEncryption") is True:
            yield f"in transit with certificates of {_text(tls.get('CertificateProviderType'))}"
        imds = section(self.document, "InstanceMetadataServiceConfiguration")
        if imds.get("MinimumInstanceMetadataServiceVersion") == 2:
            yield "IMDSv2 only"
        if not encryption:
            yield "nothing is encrypted"

    def _steps(self) -> Iterator[str]:
        yield from (_text(step.get("Name")) for step in _mappings(self.request.get("Steps")))
        for name in self.graph.users(STEP, self.name):
            if self.scenario.exists(self.graph.resources[name]):
                yield _text(self.scenario.value(self.graph.properties(name).get("Name")))

    def _ends(self) -> str:
        alive = self.instances.get("KeepJobFlowAliveWhenNoSteps", False)
        is_protected = self.instances.get("TerminationProtected") is True
        protection = ", and it is protected from termination" if is_protected else ""
        if "AutoTerminationPolicy" in self.request:
            seconds = section(self.request, "AutoTerminationPolicy").get("IdleTimeout", 3600)
            return f"{_duration(seconds)} without work{protection}"
        if alive is False:
            return "when its steps are done"
        return ("nobody but you" if alive is True else f"its steps, unless {_text(alive)}") + protection


def _storage(group: Mapping[str, Any], kind: Mapping[str, Any] | None) -> float | None:
    """What a node of an instance group stores, in GiB, without its root volume."""
    devices = _mappings(section(group, "EbsConfiguration").get("EbsBlockDeviceConfigs"))
    total = _gib(kind["storage_gb"]) if kind else None
    for device in devices:
        size = section(device, "VolumeSpecification").get("SizeInGB")
        count = device.get("VolumesPerInstance", 1)
        if not isinstance(size, int) or not isinstance(count, int):
            return None
        total = (total or 0) + size * count
    if kind and not devices and kind["ebs_only"]:
        return float(_DEFAULT_EBS * kind["vcpu"])
    return total


def _gib(gigabytes: float) -> float:
    return round(gigabytes * 10**9 / 2**30)


def _times(value: float | None, count: int | None) -> float | None:
    return None if value is None or count is None else value * count


def _weighted(kind: Mapping[str, Any]) -> str:
    weight = kind.get("WeightedCapacity", 1)
    return _text(kind.get("InstanceType")) + (f" x{_text(weight)}" if weight != 1 else "")


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in _items(value) if isinstance(item, Mapping)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any, default: str = "not given") -> str:
    return default if value is None else str(described(value))


def _duration(seconds: Any) -> str:
    if not isinstance(seconds, int) or is_unknown(seconds):
        return _text(seconds)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            amount = seconds // length
            return f"{amount} {unit}{'' if amount == 1 else 's'}"
    return f"{seconds} seconds"
