"""The roles of a cluster or Studio that its template defines, for the rules about them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import UNKNOWN, is_unknown
from ..rules.names import MANAGED_TAG
from .intrinsics import Scenario, mapping
from .network import is_opaque
from .references import named_resource, reference

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["cluster_roles", "studio_roles"]

_ROLE: Final = "AWS::IAM::Role"
_PROFILE: Final = "AWS::IAM::InstanceProfile"
_POLICY: Final = "policy/service-role/AmazonEMRServicePolicy_v2"
_AWS_POLICY: Final = re.compile(r"arn:.*:iam::aws:policy/(.+)")
_ASSUMES: Final = re.compile(r"\*|sts:(\*|Assume.*\*|AssumeRole)", re.IGNORECASE)
_SUFFIX: Final = "${Token[AWS::URLSuffix]}"
# The members of Instances with subnets and security groups, and what they are called in words.
_TAGGED: Final = {
    "Ec2SubnetId": "subnet",
    "Ec2SubnetIds": "subnet",
    "EmrManagedMasterSecurityGroup": "security group",
    "EmrManagedSlaveSecurityGroup": "security group",
    "ServiceAccessSecurityGroup": "security group",
}
_TAGGED_KINDS: Final = ("AWS::EC2::Subnet", "AWS::EC2::SecurityGroup")


def cluster_roles(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the roles of a cluster in the shape of ``rules.roles.ROLES``.

    :param members: the request of the cluster, with references to resources.
    """
    found: dict[str, Any] = {}
    for member in ("ServiceRole", "AutoScalingRole"):
        role = named_resource(graph, scenario, members.get(member), _ROLE, "RoleName")
        if role:
            found[member] = _role(graph, scenario, role)
            if member == "ServiceRole" and _has_managed_policy(graph, scenario, role):
                found["Untagged"] = list(_untagged(graph, scenario, members))
                found["HasOnlyManagedPolicy"] = _has_only_managed_policy(graph, scenario, role)
    profile = named_resource(graph, scenario, members.get("JobFlowRole"), _PROFILE, "InstanceProfileName")
    if profile:
        roles = graph.member(scenario, profile, "Roles")
        roles = [] if roles is None else roles
        if isinstance(roles, list):
            found["Profile"] = {"LogicalId": profile, "Roles": [_name(graph, item) for item in roles]}
            names = [named_resource(graph, scenario, item, _ROLE, "RoleName") for item in roles]
            if len(names) == 1 and names[0]:
                found["InstanceRole"] = _role(graph, scenario, names[0])
    return found


def _has_only_managed_policy(graph: Graph, scenario: Scenario, role: str) -> bool:
    """Whether a role certainly has no other policy than the managed one, which passes only the default roles."""
    properties = graph.known_properties(scenario, role)
    arns = properties.get("ManagedPolicyArns")
    if {"Policies", "Fn::Transform"} & properties.keys() or not isinstance(arns, list) or len(arns) != 1:
        return False
    others = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
    return not is_opaque(graph, role) and not any(graph.of_kind(kind) for kind in others)


def studio_roles(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the roles of a Studio, one at a time, in the shape of ``rules.roles.ROLES``."""
    for member in ("ServiceRole", "UserRole"):
        role = named_resource(graph, scenario, members.get(member), _ROLE, "RoleName")
        if role:
            yield {"StudioRole": _role(graph, scenario, role)}


def _name(graph: Graph, item: Any) -> Any:
    """The role in an instance profile, as far as it is known: its logical ID stands for its name."""
    found = reference(item)
    if found is None or graph.kind(found.resource) != _ROLE:
        return item
    return f"arn:{found.resource}" if found.attribute == "Arn" else found.resource


def _role(graph: Graph, scenario: Scenario, name: str) -> dict[str, Any]:
    document = scenario.value(graph.properties(name).get("AssumeRolePolicyDocument"))
    properties = graph.known_properties(scenario, name)
    arns = _listed(properties.get("ManagedPolicyArns"))
    found = (
        _AWS_POLICY.fullmatch(arn) for arn in arns if isinstance(arn, str) and not is_unknown(arn.rpartition(":")[2])
    )
    role = {
        "LogicalId": name,
        "Services": list(dict.fromkeys(_services(document))),
        "ManagedPolicies": [match[1] for match in found if match],
    }
    if "Fn::Transform" not in properties:
        role["Name"] = properties.get("RoleName", name)
    return role


def _services(document: Any) -> Iterator[str]:
    """The services that may assume a role; an unknown string for other principals."""
    if isinstance(document, str) and not is_unknown(document):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            document = None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if statements is None:
        yield UNKNOWN
    for statement in _listed(statements):
        if not isinstance(statement, Mapping) or is_unknown(statement) or is_unknown(statement.get("Effect")):
            yield UNKNOWN
        elif statement.get("Effect") == "Allow" and _lets_assume(statement):
            yield from _principals(statement.get("Principal"))


def _lets_assume(statement: Mapping[str, Any]) -> bool:
    actions = _listed(statement.get("Action", "*"))
    return any(not isinstance(action, str) or is_unknown(action) or _ASSUMES.fullmatch(action) for action in actions)


def _principals(principal: Any) -> Iterator[str]:
    if not isinstance(principal, Mapping) or is_unknown(principal) or principal.get("AWS") == "*":
        yield UNKNOWN
        return
    for service in _listed(principal.get("Service")):
        yield _service(service) if isinstance(service, str) else UNKNOWN


def _service(text: str) -> str:
    """A service principal, also one with unknown parts after the name of the service."""
    text = text.replace(_SUFFIX, "amazonaws.com")
    name, _, rest = text.partition(".")
    return f"{name}.amazonaws.com" if is_unknown(rest) and not is_unknown(name) else text


def _has_managed_policy(graph: Graph, scenario: Scenario, role: str) -> bool:
    policies = scenario.value(graph.properties(role).get("ManagedPolicyArns"))
    return any(isinstance(policy, str) and policy.endswith(_POLICY) for policy in _listed(policies))


def _untagged(graph: Graph, scenario: Scenario, members: Mapping[str, Any]) -> Iterator[str]:
    """The cluster, and the subnets and security groups of the template, without the tag of the managed policy."""
    if _lacks_tag(members.get("Tags")):
        yield "the cluster"
    instances = mapping(members.get("Instances"))
    seen = set()
    for member, noun in _TAGGED.items():
        for item in _listed(instances.get(member)):
            found = reference(item)
            if found is None or found.resource in seen or graph.kind(found.resource) not in _TAGGED_KINDS:
                continue
            seen.add(found.resource)
            if _lacks_tag(graph.member(scenario, found.resource, "Tags")):
                yield f"{noun} {found.resource!r}"


def _lacks_tag(tags: Any) -> bool:
    if tags is None:
        return True
    if not isinstance(tags, list):
        return False
    known = [tag for tag in tags if isinstance(tag, Mapping) and not is_unknown(tag)]
    pairs = [(tag.get("Key"), tag.get("Value")) for tag in known]
    unknown = (is_unknown(key) or (key == MANAGED_TAG and is_unknown(value)) for key, value in pairs)
    if len(known) < len(tags) or any(unknown):
        return False
    return not any(key == MANAGED_TAG and str(value).lower() == "true" for key, value in pairs)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
