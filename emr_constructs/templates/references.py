"""What the properties of a resource refer to, or name as text, in one scenario."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import is_unknown
from ..rules import Finding, check
from ..rules.references import LISTED, NAMED, OWNER, REFERENCE, REFERRING, ROLE_NAMES
from .functions import MAPPINGS, SCALARS
from .intrinsics import Scenario, section
from .links import OWNERS
from .requests import CLUSTER, SECURITY_CONFIGURATION
from .tokens import Reference

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["named_resource", "reference", "reference_findings"]

_TOKEN: Final = re.compile(r"\$\{Token\[([\w:]+)(?:\.([\w.]+))?\]\}")
_BUCKET: Final = re.compile(r"(s3[an]?://)?\$\{Token\[(\w+)\.([\w.]+)\]\}.*", re.DOTALL)
_TYPE_OF_PARAMETER: Final = re.compile(
    r"(?:AWS::SSM::Parameter::Value<)?(?:List<)?(AWS::EC2::\w+?(?:::GroupName)?)(?:::Id|::KeyName)?>{0,2}"
)
_LOCATIONS: Final = ("DefaultS3Location", "LogUri", "Path")
_URIS: Final = ("Jar", "Args")
# The lists of strings in the properties of EMR, and the strings that a list is often passed for.
_LISTS: Final = (
    "AdditionalMasterSecurityGroups", "AdditionalSlaveSecurityGroups", "Args", "Ec2SubnetIds", "SubnetIds",
)  # fmt: skip
_TEXT: Final = (
    "Ec2KeyName", "Ec2SubnetId", "EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup",
    "EngineSecurityGroupId", "InstanceType", "ServiceAccessSecurityGroup", "VpcId", "WorkspaceSecurityGroupId",
)  # fmt: skip
_LIST_TYPE: Final = re.compile(r"CommaDelimitedList|List<.*>|AWS::SSM::Parameter::Value<(CommaDelimitedList|List<.*)>")
_BUCKET_NAMES: Final = ("Ref", "BucketName")
_STUDIO: Final = ("AWS::EMR::Studio", "AWS::EMR::StudioSessionMapping")
_TEXTS: Final = ("JobFlowRole", "ServiceRole", "AutoScalingRole", "LogEncryptionKmsKeyId")
# By property: the type of the resource that it names, and the property of that resource with its name.
_NAMES: Final = {
    "JobFlowRole": ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    **dict.fromkeys(("ServiceRole", "AutoScalingRole", "UserRole"), ("AWS::IAM::Role", "RoleName")),
    "SecurityConfiguration": (SECURITY_CONFIGURATION, "Name"),
    "Ec2KeyName": ("AWS::EC2::KeyPair", "KeyName"),
}


def reference(value: Any) -> Reference | None:
    """Return the reference that ``value`` is, also one in ``Fn::Sub`` without other text; None if it is none."""
    if isinstance(value, Reference):
        return value
    match = _TOKEN.fullmatch(value) if isinstance(value, str) and "{" in value else None
    return Reference(match[1], match[2]) if match and match[2] else None


def named_resource(graph: Graph, scenario: Scenario, value: Any, kind: str, member: str) -> str | None:
    """Return the resource of a type that ``value`` refers to, or whose property ``member`` is that name or ARN."""
    found = reference(value)
    if found is not None:
        return found.resource if graph.kind(found.resource) == kind else None
    if not isinstance(value, str) or is_unknown(value):
        return None
    text = value.rpartition("/")[2] if value.startswith("arn:") else value
    for other in graph.of_kind(kind):
        name = scenario.value(graph.properties(other).get(member))
        if name == text and not is_unknown(name) and scenario.exists(graph.resources[other]):
            return other
    return None


def reference_findings(
    template: Mapping[str, Any], graph: Graph, scenario: Scenario, name: str, properties: Mapping[str, Any]
) -> Iterator[Finding]:
    """Return the findings in the references and names of a resource, with paths in its properties.

    :param properties: its properties in the scenario.
    """
    parameters = section(template, "Parameters")
    kind = graph.kind(name)
    if kind == SECURITY_CONFIGURATION:
        for place, member, value in _leaves(properties):
            if member == "AwsKmsKey":
                yield from _at(place, _of_property(graph, scenario, name, member, value))
        return
    for place, member, value in _leaves(properties):
        # Most strings are neither references nor names.
        if "{" in value or member in _NAMES:
            yield from _at(place, _of_property(graph, scenario, name, member, value))
            wrong = list(_of_parameter(parameters, member, value))
            is_item = place.endswith("]")
            yield from _at(place, wrong or _of_list(graph, parameters, member, value, is_item=is_item))
    if kind in OWNERS and isinstance(owner := properties.get(OWNERS[kind]), str):
        yield from _at(OWNERS[kind], graph.checked(OWNER, {"ClusterId": owner}))
    if kind == CLUSTER:
        texts = {member: known for member in _TEXTS if (known := _known_part(properties.get(member)))}
        yield from graph.checked(ROLE_NAMES, texts)


def _at(place: str, findings: Iterator[Finding] | list[Finding]) -> Iterator[Finding]:
    return (changed(finding, path=place) for finding in findings)


def _leaves(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The strings in ``properties``: their paths, the properties that hold them, and themselves."""
    waiting: deque[tuple[str, str, Any]] = deque([("", "", properties)])
    while waiting:
        place, member, value = waiting.popleft()
        if isinstance(value, str):
            yield place, member, value
        elif type(value) not in SCALARS and isinstance(value, MAPPINGS):
            waiting += [(f"{place}.{key}".lstrip("."), str(key), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}[{at}]", member, item) for at, item in enumerate(value)]


def _of_property(graph: Graph, scenario: Scenario, name: str, member: str, value: str) -> Iterator[Finding]:
    found = reference(value)
    if found is None and (member in _LOCATIONS or (member in _URIS and value.startswith("s3"))):
        found = _bucket(value)
    elif found is None:
        yield from _by_name(graph, scenario, name, member, value)
    kind = graph.kind(found.resource) if found is not None else ""
    if (
        found is None
        or not kind
        or member not in REFERRING
        or (member == "JobFlowRole" and _names_profile(graph, scenario, found))
    ):
        return
    is_of_studio = graph.kind(name) in _STUDIO
    if not _is_right(member, kind, found.attribute, is_of_studio=is_of_studio):
        facts = _facts(member, found.resource, kind, found.attribute, is_of_studio=is_of_studio)
        yield from check(REFERENCE, facts)


@lru_cache(maxsize=4096)
def _is_right(member: str, kind: str, attribute: str, *, is_of_studio: bool) -> bool:
    """Whether a property can refer to an attribute of a resource of a type."""
    return not check(REFERENCE, _facts(member, "Resource", kind, attribute, is_of_studio=is_of_studio))


def _facts(member: str, name: str, kind: str, attribute: str, *, is_of_studio: bool = False) -> dict[str, Any]:
    facts: dict[str, Any] = {"Property": member, "LogicalId": name, "Type": kind, "Attribute": attribute}
    return {**facts, "IsOfStudio": True} if is_of_studio else facts


def _of_parameter(parameters: Mapping[str, Any], member: str, value: str) -> Iterator[Finding]:
    """The findings in a property whose value is a parameter of a type of Amazon EC2."""
    match = _TOKEN.fullmatch(value) if "{" in value else None
    if match and not match[2] and match[1] in parameters:
        kind = _TYPE_OF_PARAMETER.fullmatch(str(section(parameters, match[1]).get("Type")))
        if kind:
            yield from check(REFERENCE, _facts(member, match[1], kind[1], "Ref"))


def _of_list(
    graph: Graph, parameters: Mapping[str, Any], member: str, value: str, *, is_item: bool
) -> Iterator[Finding]:
    """The findings in a list that is one reference, and in one value that is a reference to a list."""
    if member not in _LISTS and member not in _TEXT:
        return
    wants_list = member in _LISTS and not is_item
    found, match = reference(value), _TOKEN.fullmatch(value)
    if found is not None:
        # An attribute can be a list.
        if not wants_list or found.attribute != "Ref":
            return
        name, is_list = found.resource, False
    elif match and not match[2] and match[1] in parameters:
        kind = section(parameters, match[1]).get("Type")
        name, is_list = match[1], bool(_LIST_TYPE.fullmatch(str(kind)))
        if not isinstance(kind, str) or is_list is wants_list:
            return
    else:
        return
    facts = {"Property": member, "LogicalId": name, "IsList": is_list, "IsItem": is_item}
    yield from graph.checked(LISTED, facts)


def _names_profile(graph: Graph, scenario: Scenario, found: Reference) -> bool:
    """Whether a reference to a role also returns the name of an instance profile, because both have the same name."""
    if graph.kind(found.resource) != "AWS::IAM::Role" or found.attribute != "Ref":
        return False
    names = {str(found), scenario.value(graph.properties(found.resource).get("RoleName"))} - {None}
    kind, member = _NAMES["JobFlowRole"]
    return any(
        isinstance(name := scenario.value(graph.properties(profile).get(member)), str) and name in names
        for profile in graph.of_kind(kind)
    )


def _bucket(value: str) -> Reference | None:
    """The reference to a bucket in a location, unless the location is s3:// and the name of the bucket."""
    match = _BUCKET.fullmatch(value)
    if not match or (match[1] and match[3] in _BUCKET_NAMES):
        return None
    return Reference(match[2], match[3])


def _by_name(graph: Graph, scenario: Scenario, name: str, member: str, value: str) -> Iterator[Finding]:
    if member not in _NAMES or is_unknown(value):
        return
    kind, named = _NAMES[member]
    other = named_resource(graph, scenario, value, kind, named)
    is_logical_id = other is None and graph.kind(value) == kind and scenario.exists(graph.resources[value])
    if is_logical_id or other is not None:
        found = other or value
        facts = {"LogicalId": found, "IsLogicalId": is_logical_id, "IsOrdered": found in graph.all_of(name)}
        yield from graph.checked(NAMED, {"Property": member, "Text": value, **facts})


def _known_part(value: Any) -> str | None:
    """A string with names in place of what is unknown in it; None if it is known, or is a reference."""
    if not isinstance(value, str) or not is_unknown(value) or reference(value) is not None:
        return None
    text = _TOKEN.sub(lambda match: f"<{match[1]}>", value)
    return None if is_unknown(text) else text
