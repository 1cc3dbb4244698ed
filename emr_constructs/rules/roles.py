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
    register(rule_id, (ROLES,), sentence(f"the {condition}"), find, fix=fix, source=source, severity=severity)


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
    for member in ("ServiceRole", "InstanceRole", "AutoScalingRole", "StudioRole"):
        role = roles.part(member)
        for policy in role.items("ManagedPolicies"):
            known = {name.lower(): path for name, path in _MANAGED.items()}
            right = known.get(policy.rpartition("/")[2].lower())
            if right is not None and right != policy:
                message = f"AWS managed policy for EMR must exist, got {policy!r} in role {role.get('LogicalId')!r}"
                yield message, f"use {right!r}"


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
           _profile(lambda names: next((name for name in names if name.startswith("arn:")), None)),
           fix="use Ref of the role, which returns its name",
           source=template_reference("aws-resource-iam-instanceprofile"))
constraint("emr-pass-role", ROLES,
           "a service role with AmazonEMRServicePolicy_v2 must have another policy to pass roles with names other than "
           "EMR_EC2_DefaultRole and EMR_AutoScaling_DefaultRole", _not_passed,
           fix="allow iam:PassRole for the role, or use the default name", severity=Severity.WARNING,
           source=management_guide("emr-iam-role"))
constraint("emr-managed-policy-tag", ROLES,
           "a cluster whose service role has AmazonEMRServicePolicy_v2, its subnets and its security groups must have "
           "the tag for-use-with-amazon-emr-managed-policies with the value true",
           lambda roles: f"none on {' and '.join(roles.items('Untagged'))}" if roles.items("Untagged") else None,
           fix="add the tag", severity=Severity.WARNING, source=management_guide("emr-managed-iam-policies"))
