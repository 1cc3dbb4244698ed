"""What a cluster in a template refers to: its profile, its roles, its security configuration, and what it depends on.

The request alone cannot show it, since a reference has no value before deployment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, matches
from .registry import Part, Severity
from .shapes import add_list, add_shape
from .sources import management_guide, template_reference

__all__ = ["REFERENCES"]

REFERENCES: Final = "ClusterReferences"
"""The resources of the same template that a cluster refers to, and those that it should depend on."""

_CLUSTER = template_reference("aws-resource-emr-cluster")
_PROFILE = management_guide("emr-iam-role-for-ec2")
add_shape("ResourceReference", {"LogicalId": "String", "Type": "String", "Attribute": "String"})
add_list("ResourceReferenceList", "ResourceReference")
_RESOURCES: Final = ("JobFlowRole", "ServiceRole", "AutoScalingRole", "SecurityConfiguration")
_OTHERS: Final = {"Unordered": "ResourceReferenceList", "KeepAlive": "Boolean", "HasSteps": "Boolean"}
add_shape(REFERENCES, {**dict.fromkeys(_RESOURCES, "ResourceReference"), **_OTHERS})


def _is_other(kind: str | None, expected: str) -> bool:
    """Whether a resource can't have the expected name; a nested stack or a custom resource can."""
    services = ("AWS::IAM::", "AWS::EMR::", "AWS::EC2::", "AWS::KMS::")
    return kind is not None and kind != expected and kind.startswith(services)


def _others(references: Part, expected: str, *members: str) -> Iterator[str]:
    for member in members:
        found = references.part(member)
        if _is_other(found.get("Type"), expected):
            yield f"{found.get('LogicalId')!r}, an {found.get('Type')}, for {member}"


def _other_profiles(references: Part) -> Iterator[str]:
    yield from _others(references, "AWS::IAM::InstanceProfile", "JobFlowRole")
    profile = references.part("JobFlowRole")
    if profile.get("Type") == "AWS::IAM::InstanceProfile" and profile.get("Attribute") == "Arn":
        yield f"the ARN of {profile.get('LogicalId')!r}"


def _unordered(references: Part) -> str | None:
    names = sorted(str(found.get("LogicalId")) for found in references.items("Unordered"))
    return f"no dependency on {', '.join(names)}" if names else None


# fmt: off
matches("emr-profile-name", "RunJobFlowInput", "JobFlowRole", "(?!arn:).*", what="JobFlowRole",
        must="be the name of an instance profile", fix="use the name", source=_PROFILE)
constraint("emr-profile-reference", REFERENCES, "JobFlowRole must be the name of an instance profile", _other_profiles,
           fix="refer to the instance profile; Ref returns its name", source=_PROFILE)
constraint("emr-role-reference", REFERENCES, "service role and Auto Scaling role must be IAM roles",
           lambda references: _others(references, "AWS::IAM::Role", "ServiceRole", "AutoScalingRole"),
           fix="refer to the role, with Ref or its ARN", source=_CLUSTER)
constraint("emr-security-configuration-reference", REFERENCES,
           "SecurityConfiguration must be the name of a security configuration",
           lambda references: _others(references, "AWS::EMR::SecurityConfiguration", "SecurityConfiguration"),
           fix="refer to the AWS::EMR::SecurityConfiguration; Ref returns its name",
           source=template_reference("aws-resource-emr-securityconfiguration"))
constraint("emr-unordered-resources", REFERENCES,
           "a cluster must depend on the policies of its roles and the rules of its security groups, because it uses "
           "them from launch to termination",
           _unordered,
           fix="specify them in DependsOn of the cluster", severity=Severity.WARNING, source=_CLUSTER)
constraint("emr-ends-at-once", REFERENCES,
           "a cluster without steps must have KeepJobFlowAliveWhenNoSteps, because CloudFormation's default is false",
           lambda references: references.get("KeepAlive") is False and references.get("HasSteps") is False,
           fix="set Instances.KeepJobFlowAliveWhenNoSteps to true, or specify steps", severity=Severity.WARNING,
           source=template_reference("aws-properties-emr-cluster-jobflowinstancesconfig"))
