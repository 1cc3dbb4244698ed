"""The IAM roles of clusters.

- The *service role* allows EMR to launch and manage instances, with a ``ServiceRolePolicy``.
- The *instance role* has the permissions of the nodes and therefore of jobs; an instance profile contains it.
- A *runtime role* has the permissions of a single job, instead of the instance role.
- The *Auto Scaling role* allows Application Auto Scaling to resize instance groups.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.signatures import check_calls
from .nag_findings import AUTO_SCALING_POLICY, LAUNCH_POLICY, SERVICE_POLICY, acknowledge, of_statements, wildcards
from .permissions import managed_policy
from .service_policies import service_policies

if TYPE_CHECKING:
    from constructs import Construct

__all__ = [
    "ServiceRolePolicy",
    "auto_scaling_role",
    "aws_managed",
    "emr_of_account",
    "emr_principal",
    "instance_role",
    "runtime_role",
    "service_role",
    "trust",
]


@check_calls
class ServiceRolePolicy(Enum):
    """The policy of the service role.

    Permissions to pass roles and use keys are added separately.
    """

    AWS_MANAGED = "aws-managed"
    """``AmazonEMRServicePolicy_v2``, which AWS updates when EMR requires more permissions."""

    CUSTOMER_MANAGED = "customer-managed"
    """A copy limited to the account and Region. With an outdated copy, launches of new releases can fail."""


def service_role(
    scope: Construct, construct_id: str, policy: ServiceRolePolicy
) -> tuple[iam.Role, list[iam.ManagedPolicy]]:
    """Create the service role, which only EMR in this account and Region can assume.

    It has EMR's managed policy or policies with a copy of it.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html
    """
    by_aws = policy is ServiceRolePolicy.AWS_MANAGED
    role = iam.Role(
        scope,
        construct_id,
        description="Allows Amazon EMR to launch and manage the instances of clusters",
        assumed_by=emr_of_account(),
        managed_policies=[aws_managed("AmazonEMRServicePolicy_v2")] if by_aws else None,
    )
    if by_aws:
        acknowledge(role, SERVICE_POLICY)
        return role, []
    copies = []
    for name, statements in service_policies().items():
        copy = managed_policy(scope, f"{construct_id}{name}", statements, roles=[role])
        acknowledge(copy, wildcards(scope, of_statements(statements, LAUNCH_POLICY)))
        copies.append(copy)
    return role, copies


@cache
def emr_of_account() -> iam.ServicePrincipal:
    """Return the principal of EMR, limited to this account and Region."""
    conditions = {
        "StringEquals": {"aws:SourceAccount": tokens.account()},
        "ArnLike": {"aws:SourceArn": tokens.arn("elasticmapreduce", "*")},
    }
    return iam.ServicePrincipal(emr_principal(), conditions=conditions)


def emr_principal() -> str:
    """Return the service principal of EMR, which has a suffix in the China Regions."""
    return f"elasticmapreduce.{tokens.url_suffix()}"


@cache
def _ec2() -> iam.ServicePrincipal:
    return iam.ServicePrincipal("ec2.amazonaws.com")


def instance_role(scope: Construct, construct_id: str) -> iam.Role:
    """Create the instance role, without permissions; a separate policy adds them.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
    """
    return iam.Role(
        scope,
        construct_id,
        description="Allows the nodes of Amazon EMR clusters to call AWS services",
        assumed_by=_ec2(),
    )


def runtime_role(scope: Construct, construct_id: str, nodes: iam.IRole, actions: Sequence[str]) -> iam.Role:
    """Create a role that only the nodes can assume for a job, with ``actions``.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """
    principal = iam.ArnPrincipal(nodes.role_arn)
    role = iam.Role(
        scope,
        construct_id,
        description="Allows jobs on Amazon EMR clusters that use this runtime role to call AWS services",
        assumed_by=principal,
    )
    assert role.assume_role_policy is not None
    more = [action for action in actions if action != "sts:AssumeRole"]
    role.assume_role_policy.add_statements(iam.PolicyStatement(actions=more, principals=[principal]))
    return role


def trust(role: iam.IRole, nodes: iam.IRole, actions: Sequence[str]) -> bool:
    """Allow ``nodes`` to assume ``role``; returns whether its trust policy allows it.

    The trust policy of an imported role can't be changed here. That of a role in another stack can't reference these
    nodes, because the stacks would depend on each other.
    """
    if not isinstance(role, iam.Role) or role.assume_role_policy is None:
        return False
    if not tokens.same_stack(role, nodes):
        return False
    principal = iam.ArnPrincipal(nodes.role_arn)
    role.assume_role_policy.add_statements(iam.PolicyStatement(actions=list(actions), principals=[principal]))
    return True


def auto_scaling_role(scope: Construct, construct_id: str) -> iam.Role:
    """Create the role that only Application Auto Scaling in this account can assume.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-automatic-scaling.html
    """
    conditions = {
        "StringEquals": {"aws:SourceAccount": tokens.account()},
        "ArnLike": {"aws:SourceArn": tokens.arn("application-autoscaling", "scalable-target/*")},
    }
    role = iam.Role(
        scope,
        construct_id,
        description="Allows Application Auto Scaling to resize the instance groups of Amazon EMR clusters",
        assumed_by=iam.ServicePrincipal("application-autoscaling.amazonaws.com", conditions=conditions),
        managed_policies=[aws_managed("AmazonElasticMapReduceforAutoScalingRole")],
    )
    acknowledge(role, AUTO_SCALING_POLICY)
    return role


@cache
def aws_managed(name: str) -> iam.IManagedPolicy:
    """Return a policy of AWS for service roles."""
    return iam.ManagedPolicy.from_aws_managed_policy_name(f"service-role/{name}")
