"""The resources that a cluster uses, for its picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .display import member, shown
from .intrinsics import mapping, section
from .tokens import Reference

if TYPE_CHECKING:
    from .launches import Launch

__all__ = ["Relation", "relations"]

_GROUPS: Final = {
    "EmrManagedMasterSecurityGroup": "primary",
    "EmrManagedSlaveSecurityGroup": "core and task",
    "ServiceAccessSecurityGroup": "service access",
    "AdditionalMasterSecurityGroups": "primary",
    "AdditionalSlaveSecurityGroups": "core and task",
}
_ROLES: Final = {
    "JobFlowRole": "instance profile",
    "ServiceRole": "service role",
    "AutoScalingRole": "Auto Scaling role",
}
_KEYS: Final = ("AwsKmsKey", "EncryptionKeyArn", "EncryptionKeyId")
_SCHEDULES: Final = {"AWS::Scheduler::Schedule": "ScheduleExpression", "AWS::Events::Rule": "ScheduleExpression"}


@dataclass(frozen=True, slots=True)
class Relation:
    """A resource that a cluster uses."""

    kind: str
    """Such as ``subnet`` or ``security group``."""

    name: str
    """As the file names it; the logical ID of a resource of the template is ``<in angle brackets>``."""

    use: str = ""
    """What the cluster uses it for; the VPC of a subnet."""


def relations(launch: Launch, document: Mapping[str, Any]) -> Iterator[Relation]:
    """Yield the resources that a cluster uses, each once.

    :param document: the document of its security configuration; empty if it is unknown.
    """
    seen = set()
    for found in (*_network(launch), *_security(launch, document), *_logs(launch), *_schedules(launch)):
        if found not in seen:
            seen.add(found)
            yield found


def _network(launch: Launch) -> Iterator[Relation]:
    instances = section(launch.request, "Instances")
    for value in (*_listed(instances.get("Ec2SubnetId")), *_listed(instances.get("Ec2SubnetIds"))):
        vpc = _properties(launch, value).get("VpcId")
        yield Relation("subnet", shown(value), shown(vpc, ""))
    for name, use in _GROUPS.items():
        for value in _listed(instances.get(name)):
            yield Relation("security group", shown(value), use)


def _security(launch: Launch, document: Mapping[str, Any]) -> Iterator[Relation]:
    request = launch.request
    for name, kind in _ROLES.items():
        if request.get(name) is not None:
            roles = [shown(role) for role in _listed(_properties(launch, request[name]).get("Roles"))]
            yield Relation(kind, shown(request[name]), f"role {', '.join(roles)}" if roles else "")
    if request.get("SecurityConfiguration") is not None:
        yield Relation("security configuration", shown(request["SecurityConfiguration"]))
    for key in _keys(document):
        yield Relation("key", shown(key), "encryption at rest")
    if request.get("LogEncryptionKmsKeyId") is not None:
        yield Relation("key", shown(request["LogEncryptionKmsKeyId"]), "logs")
    pair = section(request, "Instances").get("Ec2KeyName")
    if pair is not None:
        yield Relation("key pair", shown(pair), "SSH")


def _logs(launch: Launch) -> Iterator[Relation]:
    if launch.request.get("LogUri") is not None:
        yield Relation("logs", shown(launch.request["LogUri"]))


def _schedules(launch: Launch) -> Iterator[Relation]:
    for kind, expression in _SCHEDULES.items():
        for name in launch.graph.users(kind, launch.machine) if launch.machine else ():
            if launch.scenario.exists(launch.graph.resources[name]):
                properties = mapping(launch.scenario.value(launch.graph.properties(name)))
                if expression in properties:
                    zone = member(properties, "ScheduleExpressionTimezone", "")
                    yield Relation("schedule", f"{shown(properties[expression])} {zone}".strip(), name)


def _properties(launch: Launch, value: Any) -> Mapping[str, Any]:
    """The properties of the resource of the template that ``value`` refers to."""
    if not isinstance(value, Reference):
        return {}
    return mapping(launch.scenario.value(launch.graph.properties(value.resource)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _keys(value: Any) -> Iterator[Any]:
    """The keys that a security configuration names, at any depth."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in _KEYS and not isinstance(item, Mapping | list):
                yield item
            else:
                yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)
