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

__all__ = ["cluster_roles", "studio_roles", "trusting_role"]

_ROLE: Final = "AWS::IAM::Role"
_PROFILE: Final = "AWS::IAM::InstanceProfile"
_POLICY: Final = "policy/service-role/AmazonEMRServicePolicy_v2"
_AWS_POLICY: Final = re.compile(r"arn:.*:iam::aws:policy/(.+)")
_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy")
_NAME: Final = re.compile(r"[\w+=,.@/-]+")
_SOURCE: Final = "aws:sourcearn"
_ASSUMES: Final = re.compile(r"\*|sts:(\*|Assume.*\*|AssumeRole)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"\$\{Token\[[^\]]*\]\}")
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
    found: dict[str, Any] = {"HasPlacementGroups": True} if members.get("PlacementGroupConfigs") else {}
    for member in ("ServiceRole", "AutoScalingRole"):
        role = named_resource(graph, scenario, members.get(member), _ROLE, "RoleName")
        if role:
            found[member] = _role(graph, scenario, role)
            if member == "ServiceRole" and _has_managed_policy(graph, scenario, role):
                found["Untagged"] = list(_untagged(graph, scenario, members))
                found["HasOnlyManagedPolicy"] = _has_only_managed_policy(graph, scenario, role)
    if found.get("ServiceRole", {}).get("HasOtherPolicies") is False:
        found["OthersHavePolicies"] = any(_declares_policies(graph, role) for role in graph.of_kind(_ROLE))
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
    return not is_opaque(graph, role) and not any(graph.of_kind(kind) for kind in _POLICIES)


def _may_have_policies(graph: Graph, role: str) -> bool:
    """Whether another resource may attach a policy to a role: one that refers to it, or has its name."""
    if is_opaque(graph, role):
        return True
    name = graph.properties(role).get("RoleName")
    if any(graph.referring(kind, ("Roles", "RoleName"), [role]) for kind in _POLICIES):
        return True
    policies = [policy for kind in _POLICIES for policy in graph.of_kind(kind)]
    return any(graph.is_open(policy) or (name is not None and not _refers_only(graph, policy)) for policy in policies)


def _declares_policies(graph: Graph, role: str) -> bool:
    return any(member in graph.properties(role) for member in ("ManagedPolicyArns", "Policies"))


def _refers_only(graph: Graph, policy: str) -> bool:
    """Whether a policy names its roles only by references to resources."""
    properties = graph.properties(policy)
    roles = [*_listed(properties.get("Roles")), *_listed(properties.get("RoleName"))]
    names = (role["Ref"] if isinstance(role, Mapping) and role.keys() == {"Ref"} else None for role in roles)
    return all(isinstance(name, str) and name in graph.resources for name in names)


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
    known = [match[1] for match in found if match]
    names = [arn for arn in arns if isinstance(arn, str) and _NAME.fullmatch(arn)]
    has_others = bool({"Policies", "Fn::Transform"} & properties.keys()) or len(arns) > len(names) + len(known)
    role = {
        **trusting_role(name, document),
        "ManagedPolicies": known,
        "HasOtherPolicies": has_others or _may_have_policies(graph, name),
    }
    if names:
        role["PolicyNames"] = names
    if "Fn::Transform" not in properties:
        role["Name"] = properties.get("RoleName", name)
    return role


def trusting_role(name: str, document: Any) -> dict[str, Any]:
    """Return what the trust policy ``document`` of a role says, in the shape of a role of ``rules.roles.ROLES``."""
    found: dict[str, Any] = {"LogicalId": name, "Services": list(dict.fromkeys(_services(document)))}
    arns = list(_source_arns(document))
    return {**found, "SourceArns": arns} if arns else found


def _services(document: Any) -> Iterator[str]:
    """The services that may assume a role; an unknown string for other principals."""
    statements = _statements(document)
    if statements is None:
        yield UNKNOWN
    for statement in statements or ():
        if not isinstance(statement, Mapping) or is_unknown(statement) or is_unknown(statement.get("Effect")):
            yield UNKNOWN
        elif statement.get("Effect") == "Allow" and _lets_assume(statement):
            yield from _principals(UNKNOWN if "NotPrincipal" in statement else statement.get("Principal"))


def _statements(document: Any) -> list[Any] | None:
    """The statements of a policy, an object or its JSON string; None if they are unknown."""
    if isinstance(document, str) and not is_unknown(document):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            document = None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    return None if statements is None else _listed(statements)


def _source_arns(document: Any) -> Iterator[dict[str, str]]:
    """The conditions on the ARN of the caller, of the statements that let a role be assumed."""
    for statement in _statements(document) or ():
        if not isinstance(statement, Mapping) or is_unknown(statement) or statement.get("Effect") != "Allow":
            continue
        for operator, keys in mapping(statement.get("Condition")).items():
            for key, values in mapping(keys).items():
                if str(key).lower() == _SOURCE and len(_listed(values)) == 1 and isinstance(_listed(values)[0], str):
                    yield {"Operator": str(operator), "Value": _TOKEN.sub("<unknown>", _listed(values)[0])}


def _lets_assume(statement: Mapping[str, Any]) -> bool:
    actions = _listed(statement.get("Action", "*"))
    return any(not isinstance(action, str) or is_unknown(action) or _ASSUMES.fullmatch(action) for action in actions)


def _principals(principal: Any) -> Iterator[str]:
    if principal is None:
        return
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
