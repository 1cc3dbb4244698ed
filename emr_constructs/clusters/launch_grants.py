"""Permissions to launch clusters with a launch template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from .._core.launch_requests import TEMPLATE_TAG
from .._core.signatures import check_calls
from .._core.types import implements
from .._core.unknown import is_unknown
from ..interfaces import IJobRole
from ..security import job_policies, nag_findings
from ..security.grants import DataGrants
from ..security.permissions import RolePermissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import IConstruct

    from ..interfaces import IRuntimeRole
    from ..security.policies import Statement
    from .profile import ClusterProfile
    from .publication import Publications

__all__ = ["LaunchGrants", "launch_statements"]

_OPTIONS: Final = {"Action": "actions", "Resource": "resource_arns", "Condition": "conditions"}


class _Launcher(IJobRole, Protocol):
    """The members of a launch template that grants require."""

    @property
    def has_runtime_roles(self) -> bool: ...

    profile: ClusterProfile
    launcher: str
    run_job_flow_request: Mapping[str, Any]


@check_calls
class LaunchGrants(DataGrants):
    """Permissions to launch and use clusters, and permissions of their jobs on data."""

    def __init__(
        self, template: _Launcher, acknowledge: Callable[[Mapping[str, str]], None], published: Publications
    ) -> None:
        super().__init__(template, acknowledge)
        self._template = template
        self._published = published
        self._granted: dict[str, tuple[iam.IPrincipal, iam.IGrantable]] = {}

    def launch(self, grantee: iam.IGrantable, *, runtime_roles: Sequence[IRuntimeRole] = ()) -> iam.Grant:
        """Allow ``grantee`` to launch clusters with the request, and to view, use and terminate them.

        Includes reading what the launch template publishes, also later, and passing the roles of the profile to EMR. A
        tag in the request limits the permissions to clusters of this launch template: a request without the tag is
        denied. Statements for a role of this app go to a managed policy in the stack of the role.

        :param grantee: such as the execution role of an Amazon MWAA environment or a Lambda function.
        :param runtime_roles: the roles that ``grantee`` can run steps with on running clusters. Required with a
            security configuration with runtime roles. Default: none.
        :raises EmrError: runtime roles are required, the instance role isn't known, or permissions can't be added to
            ``grantee``.
        """
        if self._template.has_runtime_roles and not runtime_roles:
            raise EmrError(
                "runtime_roles must contain the roles of the steps on clusters with runtime roles, got none; specify "
                "runtime_roles=[...]",
                at=self._template,
            )
        principal = grantee.grant_principal
        self._check_account(principal)
        # JavaScript objects that Python doesn't know yet become another object each time.
        known = cast("IConstruct", principal).node.path if implements(principal, "node") else str(id(principal))
        holder = self._granted[known][1] if known in self._granted else self._holder_of(grantee, principal)
        allow = partial(_allow, holder, self._places(principal))
        statements = self._statements([role.role_arn for role in runtime_roles])
        try:
            grant = allow(statements)
        except RuntimeError as error:
            if "cross-environment" not in str(error):
                raise
            raise EmrError(
                "grantee in another Region requires roles with explicit names, got roles that CloudFormation names; "
                "pass roles with role_name to the profile, or create the grantee in the Region of the launch "
                "template",
                at=self._template,
            ) from None
        if not grant.success:
            raise EmrError(
                "grantee must be a principal whose policies can be extended, such as an IAM role, got one that can't; "
                "pass an iam.Role, or a resource with a role such as a Lambda function",
                at=self._template,
            )
        if known not in self._granted:
            self._granted[known] = (principal, holder)
            self._published.add_reader(allow)
        return grant

    def _statements(self, runtime_role_arns: Sequence[str]) -> list[Statement]:
        """Return the permissions to launch clusters and to use them."""
        template, tag = self._template, TEMPLATE_TAG
        policies = job_policies.policies_set_by(template.run_job_flow_request)
        return [
            *launch_statements(
                template,
                template.profile,
                template.run_job_flow_request,
                tag=(tag, template.launcher),
                action="pass the instance role to EC2 with this permission",
                instead="add the permissions where the grantee is defined",
            ),
            *job_policies.use_launched_clusters(template.launcher, runtime_role_arns, tag=tag),
            *job_policies.set_policies(template.launcher, policies, tag=tag),
        ]

    def _places(self, principal: iam.IPrincipal) -> Mapping[str, str]:
        """Return what pseudo parameters become in the stack of ``principal``, which may be in another Region."""
        if not implements(principal, "node") or tokens.same_stack(cast("IConstruct", principal), self._template):
            return {}
        stack = tokens.stack_of(self._template)
        return {tokens.region(): stack.region, tokens.account(): stack.account}

    def _check_account(self, principal: iam.IPrincipal) -> None:
        account, other = tokens.stack_of(self._template).account, principal.principal_account
        if other is not None and account != other and not is_unknown(account) and not is_unknown(other):
            raise EmrError(
                f"grantee must be in the account of the launch template, {account}, in which clusters run, got one in "
                f"{other}; let it assume a role in {account}, and pass that role",
                at=self._template,
            )

    def _holder_of(self, grantee: iam.IGrantable, principal: iam.IPrincipal) -> iam.IGrantable:
        """Return what statements are added to: for a role of this app, a managed policy in its stack."""
        if not isinstance(principal, iam.Role):
            return grantee
        policy_id = f"Launch{self._template.node.addr}"
        permissions = RolePermissions(principal, policy_id, principal)
        known = {"*": nag_findings.TEMPLATE_LAUNCHES, job_policies.clusters(): nag_findings.TEMPLATE_CLUSTERS}
        permissions.acknowledge(nag_findings.wildcards(self._template, known))
        return permissions.principal


def launch_statements(
    at: IConstruct,
    profile: ClusterProfile,
    request: Mapping[str, Any],
    *,
    tag: tuple[str, str],
    action: str,
    instead: str,
) -> list[Statement]:
    """Return the permissions to launch clusters of ``profile`` with ``request``.

    :param tag: the key and the value of the tag that only these clusters have.
    :param action: what an instance role that isn't known can't be used for, and ``instead`` of that.
    :raises EmrError: the instance role isn't known.
    """
    key, value = tag
    scaling = profile.auto_scaling_role
    return job_policies.launch_clusters(
        value,
        service_role_arn=profile.service_role.role_arn,
        instance_role_arn=profile._node_role.role_to_pass(action, instead, at=at),
        auto_scaling_role_arn=scaling.role_arn if scaling and "AutoScalingRole" in request else None,
        tag=key,
    )


def _allow(holder: iam.IGrantable, places: Mapping[str, str], statements: Iterable[Statement]) -> iam.Grant:
    grant: iam.Grant | None = None
    for statement in statements:
        options = {option: statement[name] for name, option in _OPTIONS.items() if name in statement}
        for pseudo_parameter, value in places.items():
            arns = options["resource_arns"]
            options["resource_arns"] = [arn.replace(pseudo_parameter, value) for arn in arns]
        added = iam.Grant.add_to_principal(grantee=holder, **options)
        grant = added if grant is None else added.combine(grant)
    assert grant is not None
    return grant
