"""The roles of a cluster or Studio that its template defines: what they trust, and what their policies require."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from .constraints import constraint, sentence
from .parts import Part
from .registry import Severity, Violation, register, rule
from .sources import management_guide, template_reference

__all__ = ["ROLES"]

ROLES: Final = "TemplateRoles"
"""The roles of a cluster or Studio, the instance profile, and what lacks the tag that the managed policy requires."""

_SERVICE: Final = "elasticmapreduce"
_NODES: Final = "ec2"
_SCALING: Final = "application-autoscaling"
_ROLES: Final = ("ServiceRole", "InstanceRole", "AutoScalingRole", "StudioRole")
_WILDCARDS: Final = frozenset("*?")
_EXACT: Final = "String"
# By the managed policy, the roles that it is for.
_POLICY_OF: Final = {
    "service-role/AmazonElasticMapReduceRole": "ServiceRole",
    "service-role/AmazonEMRServicePolicy_v2": "ServiceRole",
    "service-role/AmazonElasticMapReduceforEC2Role": "InstanceRole",
    "service-role/AmazonElasticMapReduceforAutoScalingRole": "AutoScalingRole",
    "AmazonEMRFullAccessPolicy_v2": "users",
    "AmazonEMRReadOnlyAccessPolicy_v2": "users",
}
_TITLES: Final = {
    "ServiceRole": "service role",
    "InstanceRole": "role of the instance profile",
    "AutoScalingRole": "Auto Scaling role",
}
_WITHOUT_PLACES: Final = "service-role/AmazonElasticMapReduceRole"
_PASSED: Final = ("EMR_EC2_DefaultRole", "EMR_AutoScaling_DefaultRole")
# The policies for EMR that AWS manages, with their paths.
_MANAGED: Final = {
    name: f"{path}{name}"
    for path, names in (
        ("service-role/", (
            "AmazonElasticMapReduceRole", "AmazonElasticMapReduceforEC2Role", "AmazonElasticMapReduceEditorsRole",
            "AmazonElasticMapReduceforAutoScalingRole", "AmazonEMRServicePolicy_v2",
        )),
        ("", (
            "AmazonElasticMapReduceFullAccess", "AmazonElasticMapReduceReadOnlyAccess",
            "AmazonElasticMapReducePlacementGroupPolicy", "AmazonEMRFullAccessPolicy_v2",
            "AmazonEMRReadOnlyAccessPolicy_v2",
        )),
    )
    for name in names
}  # fmt: skip
_SERVICE_ROLE = management_guide("emr-iam-role")
_INSTANCE_ROLE = management_guide("emr-iam-role-for-ec2")


def _trusts(role: Part, service: str) -> bool:
    pattern = re.compile(rf"{service}(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
    return any(pattern.fullmatch(found) for found in role.items("Services"))


def _lacks_trust(role: Part, service: str) -> bool:
    return "Services" in role and role.is_complete("Services") and not _trusts(role, service)


def _trust(
    rule_id: str, member: str, service: str, what: str, source: str, *, severity: Severity = Severity.ERROR
) -> None:
    """Declare that the role ``member`` trusts ``service``."""
    condition = f"{what} must trust {service}.amazonaws.com"

    def find(roles: Part) -> list[Violation]:
        role = roles.part(member)
        if not _lacks_trust(role, service):
            return []
        trusted = " and ".join(role.items("Services")) or "no service"
        message = f"{condition}, got {trusted} in role {role.get('LogicalId')!r}"
        if member != "AutoScalingRole" and _are_swapped(roles):
            return [(message, "swap the service role and the instance role")]
        return [message]

    fix = f"allow {service}.amazonaws.com to call sts:AssumeRole in AssumeRolePolicyDocument of the role"
    library_fix = f"use iam.Role(..., assumed_by=iam.ServicePrincipal('{service}.amazonaws.com'))"
    text = sentence(f"the {condition}")
    register(rule_id, (ROLES,), text, find, fix=fix, library_fix=library_fix, source=source, severity=severity)


def _are_swapped(roles: Part) -> bool:
    return _trusts(roles.part("ServiceRole"), _NODES) and _trusts(roles.part("InstanceRole"), _SERVICE)


def _profile(finds: Callable[[list[str]], str | None]) -> Callable[[Part], str | None]:
    def violated(roles: Part) -> str | None:
        profile = roles.part("Profile")
        if "Roles" not in profile or not profile.is_complete("Roles"):
            return None
        found = finds(profile.items("Roles"))
        return f"{found} in {profile.get('LogicalId')!r}" if found else None

    return violated


def _arn(name: str) -> str:
    """An ARN in words: one without an account is that of a role of the template."""
    return name if name.count(":") > 1 else f"the ARN of {name.removeprefix('arn:')!r}"


def _role_count(names: list[str]) -> str | None:
    return None if len(names) == 1 else f"{len(names)} roles" if names else "no role"


def _not_passed(roles: Part) -> Iterator[str]:
    for member in ("InstanceRole", "AutoScalingRole") if roles.get("HasOnlyManagedPolicy") is True else ():
        name = roles.part(member).get("Name")
        if name is not None and name not in _PASSED:
            yield f"role {roles.part(member).get('LogicalId')!r}"


@rule("emr-managed-policy-name", ROLES, severity=Severity.WARNING, fix="correct the ARN",
      source=management_guide("emr-managed-iam-policies"))  # fmt: skip
def _managed_policies_exist(roles: Part) -> Iterator[tuple[str, str]]:
    """An AWS managed policy for EMR must exist, and be specified with its path."""
    for member in _ROLES:
        role = roles.part(member)
        for name in role.items("PolicyNames"):
            right = {name.lower(): path for name, path in _MANAGED.items()}.get(name.lower())
            fix = f"use arn:aws:iam::aws:policy/{right}" if right else "use the ARN of the policy"
            yield f"managed policy must be an ARN, got {name!r} in role {role.get('LogicalId')!r}", fix
        for policy in role.items("ManagedPolicies"):
            known = {name.lower(): path for name, path in _MANAGED.items()}
            right = known.get(policy.rpartition("/")[2].lower())
            if right is not None and right != policy:
                message = f"AWS managed policy for EMR must exist, got {policy!r} in role {role.get('LogicalId')!r}"
                yield message, f"use {right!r}"


@rule("emr-role-source-arn", ROLES, severity=Severity.WARNING, fix="use the ARN of clusters or Studios with ArnLike",
      source=management_guide("emr-iam-role"))  # fmt: skip
def _sources_are_of_emr(roles: Part) -> Iterator[tuple[str, str]]:
    """A condition on aws:SourceArn in the trust policy of a role must match what EMR sends."""
    for member, service in (("ServiceRole", "elasticmapreduce"), ("StudioRole", "elasticmapreduce")):
        role = roles.part(member)
        for condition in role.items("SourceArns"):
            value, operator = condition.get("Value", ""), condition.get("Operator", "")
            found = f"{value!r} in role {role.get('LogicalId')!r}"
            if operator.startswith(_EXACT) and "Like" not in operator and _WILDCARDS & set(value):
                yield f"{operator} compares every character, got aws:SourceArn {found}", "use ArnLike"
            elif re.match(rf"arn:[^:]*:(?!{service}:)[a-z0-9-]+:", value):
                fix = f"use an ARN such as arn:aws:{service}:us-east-1:111122223333:*"
                yield f"aws:SourceArn must be an ARN of EMR, got {found}", fix


def _without_policies(roles: Part) -> str | None:
    role = roles.part("ServiceRole")
    is_known = role.get("HasOtherPolicies") is False and role.is_complete("ManagedPolicies")
    is_without = is_known and not role.items("ManagedPolicies") and not role.items("PolicyNames")
    return f"none in role {role.get('LogicalId')!r}" if is_without and roles.get("OthersHavePolicies") is True else None


def _of_another(role: Part) -> tuple[str, ...]:
    """The uses that all policies of a role are for; none if it has others."""
    policies = role.items("ManagedPolicies")
    is_known = role.is_complete("ManagedPolicies") and role.get("HasOtherPolicies") is False
    return tuple(_POLICY_OF[name] for name in policies) if is_known and set(policies) <= _POLICY_OF.keys() else ()


@rule("emr-role-policy-of-another", ROLES, severity=Severity.WARNING, fix="use the policy for the role",
      source=management_guide("emr-iam-roles"))  # fmt: skip
def _policies_fit_the_roles(roles: Part) -> Iterator[tuple[str, str]]:
    """The managed policies of a role must be for its use."""
    uses = {member: _of_another(roles.part(member)) for member in _TITLES}
    wrong = [member for member, found in uses.items() if found and member not in found]
    swapped = wrong[:2] == ["ServiceRole", "InstanceRole"] and set(uses["ServiceRole"]) == {"InstanceRole"}
    for member in wrong[1:] if swapped else wrong:
        role = roles.part(member)
        got = f"only {' and '.join(role.items('ManagedPolicies'))} in role {role.get('LogicalId')!r}"
        right = next(name for name, owner in _POLICY_OF.items() if owner == member)
        is_swapped = swapped and member == "InstanceRole"
        fix = (
            "swap the policies of the service role and the role of the instance profile"
            if is_swapped
            else f"use {right}"
        )
        yield f"managed policies of the {_TITLES[member]} must be for it, got {got}", fix


def _cannot_place(roles: Part) -> str | None:
    role = roles.part("ServiceRole")
    is_known = role.is_complete("ManagedPolicies") and role.get("HasOtherPolicies") is False
    is_without = is_known and set(role.items("ManagedPolicies")) == {_WITHOUT_PLACES}
    return f"only {_WITHOUT_PLACES}" if is_without and roles.get("HasPlacementGroups") is True else None


_trust("emr-service-role-trust", "ServiceRole", _SERVICE, "service role of a cluster", _SERVICE_ROLE)
_trust("emr-instance-role-trust", "InstanceRole", _NODES, "instance role of a cluster", _INSTANCE_ROLE)
_trust("emr-auto-scaling-role-trust", "AutoScalingRole", _SCALING, "Auto Scaling role",
       management_guide("emr-iam-role-automatic-scaling"), severity=Severity.WARNING)  # fmt: skip
_trust("emr-studio-role-trust", "StudioRole", _SERVICE, "service role or user role of a Studio",
       management_guide("emr-studio-service-role"), severity=Severity.WARNING)  # fmt: skip

# fmt: off
constraint("emr-instance-profile-roles", ROLES, "an instance profile must have exactly one role",
           _profile(_role_count), fix="specify one role", source=template_reference("aws-resource-iam-instanceprofile"))
constraint("emr-instance-profile-role-name", ROLES, "an instance profile must specify its role by name",
           _profile(lambda names: next((_arn(name) for name in names if name.startswith("arn:")), None)),
           fix="use Ref of the role, which returns its name",
           source=template_reference("aws-resource-iam-instanceprofile"))
constraint("emr-pass-role", ROLES,
           "a service role with AmazonEMRServicePolicy_v2 must have another policy to pass roles with names other than "
           "EMR_EC2_DefaultRole and EMR_AutoScaling_DefaultRole", _not_passed,
           fix="allow iam:PassRole for the role, or use the default name", severity=Severity.WARNING,
           source=management_guide("emr-iam-role"))
constraint("emr-role-without-policies", ROLES,
           "the service role of a cluster must have policies, because EMR can't launch instances without permissions",
           _without_policies, fix="attach a policy, such as service-role/AmazonElasticMapReduceRole",
           severity=Severity.WARNING, source=_SERVICE_ROLE)
constraint("emr-placement-group-role", ROLES,
           "a service role for a cluster with placement groups must allow ec2:CreatePlacementGroup", _cannot_place,
           fix="attach AmazonElasticMapReducePlacementGroupPolicy to the service role", severity=Severity.WARNING,
           source=management_guide("emr-plan-ha-placementgroup"))
constraint("emr-managed-policy-tag", ROLES,
           "a cluster whose service role has AmazonEMRServicePolicy_v2, its subnets and its security groups must have "
           "the tag for-use-with-amazon-emr-managed-policies with the value true",
           lambda roles: f"none on {' and '.join(roles.items('Untagged'))}" if roles.items("Untagged") else None,
           fix="add the tag", severity=Severity.WARNING, source=management_guide("emr-managed-iam-policies"))
