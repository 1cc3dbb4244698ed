"""The roles that a cluster runs under.

- The *service role* lets EMR launch and manage instances; :class:`ServiceRolePolicy` says with which policy.
- The *instance role* is what the nodes, and so the jobs, may do; EMR takes it as an instance profile.
- A *runtime role* is what one job may do, instead of the instance role.
- The *autoscaling role* lets Application Auto Scaling resize instance groups.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam

from .. import _aws
from .acknowledgments import AUTO_SCALING_POLICY, LAUNCH_POLICY, SERVICE_POLICY, acknowledge, of_statements, wildcards
from .policies import Statement, service_policies

if TYPE_CHECKING:
    from constructs import Construct, IDependable

__all__ = [
    "RolePermissions",
    "ServiceRolePolicy",
    "auto_scaling_role",
    "emr_of_account",
    "instance_role",
    "runtime_role",
    "service_role",
    "trust",
]


class ServiceRolePolicy(Enum):
    """Which policy the service role has, besides passing the roles in use and using the keys in use."""

    AWS_MANAGED = "aws-managed"
    """``AmazonEMRServicePolicy_v2``, which AWS extends when EMR needs more."""

    CUSTOMER_MANAGED = "customer-managed"
    """A copy in the stack, limited to its account and region. A copy goes stale: launches can fail on new releases."""


def service_role(
    scope: Construct, construct_id: str, policy: ServiceRolePolicy
) -> tuple[iam.Role, list[iam.ManagedPolicy]]:
    """The service role, which only EMR in this account and region can assume, and its policies where they are a copy.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html
    """
    by_aws = policy is ServiceRolePolicy.AWS_MANAGED
    role = iam.Role(
        scope,
        construct_id,
        description="Amazon EMR launches and manages the instances of clusters",
        assumed_by=emr_of_account(),
        managed_policies=[_aws_managed("AmazonEMRServicePolicy_v2")] if by_aws else None,
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


def emr_of_account() -> iam.ServicePrincipal:
    """EMR when it acts for this account and region, and for nobody else."""
    conditions = {
        "StringEquals": {"aws:SourceAccount": _aws.account()},
        "ArnLike": {"aws:SourceArn": _aws.arn("elasticmapreduce", "*")},
    }
    return iam.ServicePrincipal(emr_principal(), conditions=conditions)


def emr_principal() -> str:
    """The service principal of EMR; the only one of a cluster that has a suffix of its own in the China regions."""
    return f"elasticmapreduce.{_aws.url_suffix()}"


def instance_role(scope: Construct, construct_id: str) -> iam.Role:
    """The role of the nodes; without permissions, which a policy of its own adds.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
    """
    return iam.Role(
        scope,
        construct_id,
        description="The nodes of Amazon EMR clusters",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
    )


def runtime_role(scope: Construct, construct_id: str, nodes: iam.IRole, actions: Sequence[str]) -> iam.Role:
    """A role that the nodes assume for a job with ``actions``, and nobody else.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html
    """
    principal = iam.ArnPrincipal(nodes.role_arn)
    role = iam.Role(
        scope,
        construct_id,
        description="Jobs on Amazon EMR clusters that are submitted with this runtime role",
        assumed_by=principal,
    )
    assert role.assume_role_policy is not None
    more = [action for action in actions if action != "sts:AssumeRole"]
    role.assume_role_policy.add_statements(iam.PolicyStatement(actions=more, principals=[principal]))
    return role


def trust(role: iam.IRole, nodes: iam.IRole, actions: Sequence[str]) -> bool:
    """Let ``nodes`` do ``actions`` to assume ``role``; tells whether the trust policy of the role can say so from here.

    A role that was made elsewhere has its trust policy there, and one of another stack cannot name these nodes: each
    stack would wait for the other.
    """
    if not isinstance(role, iam.Role) or role.assume_role_policy is None:
        return False
    if cdk.Stack.of(role).node.addr != cdk.Stack.of(nodes).node.addr:
        return False
    principal = iam.ArnPrincipal(nodes.role_arn)
    role.assume_role_policy.add_statements(iam.PolicyStatement(actions=list(actions), principals=[principal]))
    return True


def auto_scaling_role(scope: Construct, construct_id: str) -> iam.Role:
    """The role for custom automatic scaling, which only Application Auto Scaling in this account can assume.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-automatic-scaling.html
    """
    conditions = {
        "StringEquals": {"aws:SourceAccount": _aws.account()},
        "ArnLike": {"aws:SourceArn": _aws.arn("application-autoscaling", "scalable-target/*")},
    }
    role = iam.Role(
        scope,
        construct_id,
        description="Application Auto Scaling resizes the instance groups of Amazon EMR clusters",
        assumed_by=iam.ServicePrincipal("application-autoscaling.amazonaws.com", conditions=conditions),
        managed_policies=[_aws_managed("AmazonElasticMapReduceforAutoScalingRole")],
    )
    acknowledge(role, AUTO_SCALING_POLICY)
    return role


class RolePermissions:
    """What the library allows a role: a managed policy of its own, since checkers refuse inline policies.

    A role that is imported, or that must not change, takes statements in the way CDK does it for such roles.
    """

    def __init__(
        self, scope: Construct, construct_id: str, role: iam.IRole, statements: Iterable[Statement] = ()
    ) -> None:
        initial = list(statements)
        self._scope = scope
        self._construct_id = construct_id
        self._role = role
        self._policy: iam.ManagedPolicy | None = None
        self._dependencies: list[IDependable] = []
        if initial and isinstance(role, iam.Role):
            self._policy = managed_policy(scope, construct_id, initial, roles=[role])
        else:
            for statement in initial:
                self.allow(statement)

    @property
    def dependencies(self) -> list[IDependable]:
        """What has to be there for the role to have the permissions."""
        return [*self._dependencies] if self._policy is None else [self._policy]

    @cached_property
    def principal(self) -> iam.IPrincipal:
        """Whom to grant to: the role, which takes what it may do into the policy."""
        if isinstance(self._role, iam.Role):
            return cast("iam.IPrincipal", _RoleWithPolicy(self._role, self))
        return self._role

    def acknowledge(self, reasons: Mapping[str, str]) -> None:
        """Record findings about the policy as known; a role that was given answers for itself."""
        if self._policy is not None:
            acknowledge(self._policy, reasons)

    def allow(self, statement: Statement) -> None:
        """Add a statement."""
        self.add(iam.PolicyStatement.from_json(statement))

    def add(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add a statement; tells where it went, as CDK does."""
        if isinstance(self._role, iam.Role):
            if self._policy is None:
                self._policy = iam.ManagedPolicy(self._scope, self._construct_id, roles=[self._role])
            self._policy.add_statements(statement)
            return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self._policy)
        added = self._role.add_to_principal_policy(statement)
        if added.policy_dependable is not None:
            self._dependencies.append(added.policy_dependable)
        return added


@jsii.implements(iam.IPrincipal)
class _RoleWithPolicy:
    """A role as the principal of a grant whose statements go to a managed policy instead of an inline one.

    The policy alone would not do: a grant that extends the policy of a key or a secret has to name the role.
    """

    def __init__(self, role: iam.Role, permissions: RolePermissions) -> None:
        self._role = role
        self._permissions = permissions

    @property
    def grant_principal(self) -> iam.IPrincipal:
        return cast("iam.IPrincipal", self)

    @property
    def assume_role_action(self) -> str:
        return self._role.assume_role_action

    @property
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        return self._role.policy_fragment

    @property
    def principal_account(self) -> str | None:
        return self._role.principal_account

    def add_to_policy(self, statement: iam.PolicyStatement) -> bool:
        return bool(self._permissions.add(statement).statement_added)

    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        return self._permissions.add(statement)


def managed_policy(
    scope: Construct, construct_id: str, statements: Sequence[Statement], *, roles: Sequence[iam.IRole] = ()
) -> iam.ManagedPolicy:
    """A customer-managed policy of ``statements``, attached to ``roles``."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return iam.ManagedPolicy(
        scope, construct_id, document=iam.PolicyDocument.from_json(document), roles=list(roles) or None
    )


@cache
def _aws_managed(name: str) -> iam.IManagedPolicy:
    return iam.ManagedPolicy.from_aws_managed_policy_name(f"service-role/{name}")
