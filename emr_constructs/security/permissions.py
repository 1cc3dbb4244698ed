"""Permissions that the library adds to a role, as customer managed policies.

Compliance checkers reject inline policies.

- A statement about a resource in another stack goes to a policy in that stack, which is attached to the role from
  there. Otherwise the stacks would depend on each other.
- When a policy is full, another one is created.
- A repeated statement isn't counted again. A statement that lists more objects of a bucket extends the previous one,
  because CDK doesn't merge statements with different conditions.
- Resources that use the role also depend on statements that are added later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import jsii
from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from .._core.lengths import longest
from .._core.unknown import is_unknown, literal_part
from .._core.values import value_class
from .existing_roles import unknown_role
from .nag_findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct, IDependable

    from .policies import Statement

__all__ = ["RolePermissions", "managed_policy", "reader_of"]

# IAM ignores white space in the size of a policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_LONGEST_POLICY: Final = 6144 - len('{"Version":"2012-10-17","Statement":[]}')
_LONGEST_VALUE: Final = {"AWS::AccountId": 12, "AWS::Partition": 10, "AWS::Region": 16, "AWS::URLSuffix": 20}
# The length of the ARN of a role with a name of maximum length.
_LONGEST_ATTRIBUTE: Final = 100


class RolePermissions:
    """The permissions that the library adds to a role.

    Statements for an imported or immutable role are added with CDK's own methods.
    """

    def __init__(
        self, scope: Construct, construct_id: str, role: iam.IRole | None, statements: Iterable[Statement] = ()
    ) -> None:
        """Attach ``statements`` to ``role``.

        :param role: None if it isn't known; to add permissions is then an error.
        """
        self._scope = scope
        self._construct_id = construct_id
        self._role = role
        self._policies: list[iam.ManagedPolicy] = []
        self._not_measured: list[Statement] = []
        self._length = 0
        self._known: dict[str, iam.ManagedPolicy] = {}
        self._listings: dict[str, _Listing] = {}
        self._reasons: dict[str, str] = {}
        self._dependencies: list[IDependable] = []
        self._waiting: list[tuple[Construct, Construct]] = []
        self._elsewhere: dict[Construct, RolePermissions] = {}
        initial = list(statements)
        if initial and isinstance(role, iam.Role):
            self._policies.append(managed_policy(scope, construct_id, initial, roles=[role]))
            self._not_measured = initial
        else:
            for statement in initial:
                self.allow(statement)

    @property
    def dependencies(self) -> list[IDependable]:
        """The resources that the permissions consist of."""
        return [*self._dependencies, *self._policies]

    def dependencies_of(self, scope: Construct) -> list[IDependable]:
        """Return the resources of the permissions that ``scope`` requires."""
        elsewhere = self._elsewhere.get(scope)
        own = [] if elsewhere in (None, self) else elsewhere.dependencies
        return [*self.dependencies, *own]

    def wait_for_grants(self, resource: Construct, *, of: Construct) -> None:
        """Let ``resource`` of the construct ``of`` depend on later permissions."""
        self._waiting.append((resource, of))
        elsewhere = self._elsewhere.get(of, self)
        if elsewhere is not self:
            elsewhere.wait_for_grants(resource, of=of)

    def in_stack_of(self, scope: Construct) -> RolePermissions:
        """Return the permissions for resources in the stack of ``scope``."""
        if not isinstance(self._role, iam.Role):
            return self
        if scope not in self._elsewhere:
            if tokens.same_stack(scope, self._scope):
                self._elsewhere[scope] = self
            else:
                made = RolePermissions(scope, self._construct_id, self._role)
                for resource, of in self._waiting:
                    if of is scope:
                        made.wait_for_grants(resource, of=of)
                self._elsewhere[scope] = made
        return self._elsewhere[scope]

    @cached_property
    def principal(self) -> iam.IPrincipal:
        """The principal to grant permissions to, which adds statements to the policy.

        :raises EmrError: the role isn't known.
        """
        if isinstance(self._role, iam.Role):
            return cast("iam.IPrincipal", _RoleWithPolicy(self._role, self))
        return self._known_role

    def acknowledge(self, reasons: Mapping[str, str]) -> None:
        """Acknowledge findings about the permissions, unless the role is an existing one."""
        self._reasons |= reasons
        for policy in self._policies:
            acknowledge(policy, reasons)

    def allow(self, statement: Statement) -> None:
        """Add a statement."""
        self.add(iam.PolicyStatement.from_json(statement))

    def add(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add a statement, and return the result as CDK does."""
        if isinstance(self._role, iam.Role):
            policy = self._place(statement)
            return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=policy)
        added = self._known_role.add_to_principal_policy(statement)
        if added.policy_dependable is not None:
            self._dependencies.append(added.policy_dependable)
            self._let_wait(added.policy_dependable)
        return added

    @property
    def _known_role(self) -> iam.IRole:
        if self._role is None:
            message = unknown_role("access resources", "add the permissions where the role is defined")
            raise EmrError(message, at=self._scope)
        return self._role

    def _place(self, statement: iam.PolicyStatement) -> iam.ManagedPolicy:
        """Add a statement to a policy with enough room."""
        stack = tokens.stack_of(self._scope)
        self._length += sum(_length(stack.resolve(initial)) for initial in self._not_measured)
        self._not_measured.clear()
        written = statement.to_json()
        resolved = stack.resolve(written)
        listed, prefixes = _listed(resolved), _listed(written)
        if listed and prefixes and not is_unknown(prefixes):
            return self._place_listing(statement, resolved, dict(zip(map(_text, listed), prefixes, strict=True)))
        text = _text(resolved)
        policy = self._known.get(text)
        if policy is None:
            policy = self._known[text] = self._policy_with_room(_length(resolved))
        policy.add_statements(statement)
        return policy

    def _place_listing(
        self, statement: iam.PolicyStatement, resolved: Mapping[str, Any], prefixes: Mapping[str, str]
    ) -> iam.ManagedPolicy:
        """Extend the statement of the last policy that lists the same bucket, or add one.

        :param prefixes: the prefixes of ``statement`` by their resolved text.
        """
        stack = tokens.stack_of(self._scope)
        bucket = _text(resolved["Resource"])
        listing = self._listings.get(bucket)
        if listing is not None:
            more = {text: prefix for text, prefix in prefixes.items() if text not in listing.prefixes}
            needed = sum(_length(stack.resolve(prefix)) for prefix in more.values())
            if self._length + needed <= _LONGEST_POLICY:
                self._length += needed
                listing.prefixes.update(more)
                listing.statement.add_condition("StringLike", {"s3:prefix": list(listing.prefixes.values())})
                return self._policies[-1]
        policy = self._policy_with_room(_length(resolved))
        # The caller may also use the statement elsewhere, so a copy is extended.
        own = statement.copy()
        policy.add_statements(own)
        self._listings[bucket] = _Listing(own, dict(prefixes))
        return policy

    def _policy_with_room(self, needed: int) -> iam.ManagedPolicy:
        """Return the last policy if it has room for ``needed`` characters, or a new one."""
        if not self._policies or self._length + needed > _LONGEST_POLICY:
            number = len(self._policies) + 1
            construct_id = self._construct_id if number == 1 else f"{self._construct_id}{number}"
            policy = iam.ManagedPolicy(self._scope, construct_id, roles=[self._known_role])
            if self._reasons:
                acknowledge(policy, self._reasons)
            self._policies.append(policy)
            self._length = 0
            self._listings.clear()
            self._let_wait(policy)
        self._length += needed
        return self._policies[-1]

    def _let_wait(self, dependency: IDependable) -> None:
        for resource, _ in self._waiting:
            resource.node.add_dependency(dependency)


@value_class
class _Listing:
    """A statement that lists objects of a bucket, with resolved prefixes."""

    statement: iam.PolicyStatement
    prefixes: dict[str, str]


def _listed(statement: Mapping[str, Any]) -> list[str] | None:
    """Return the prefixes of a statement that only lists below prefixes, or None."""
    match statement:
        case {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": _,
            "Condition": {"StringLike": {"s3:prefix": [*found], **other_keys}, **other_operators},
            **other_members,
        } if not (other_keys or other_operators or other_members):
            return found
        case _:
            return None


def _text(resolved: object) -> str:
    return json.dumps(resolved, sort_keys=True)


def _length(statement: object) -> int:
    """Return the maximum length of a resolved statement at deployment."""
    filled = longest(statement, token=_LONGEST_ATTRIBUTE, known=_LONGEST_VALUE)
    return len(json.dumps(filled, separators=(",", ":"))) + 1


@jsii.implements(iam.IPrincipal)
class _RoleWithPolicy:
    """A principal whose granted statements go to a managed policy.

    The policy itself isn't sufficient, because grants also name the role in the policies of keys and secrets.
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
    """Create a customer managed policy with ``statements`` and attach it to ``roles``."""
    text = json.dumps(statements)
    if literal_part(text) == text:
        return iam.ManagedPolicy(scope, construct_id, statements=_literal_statements(text), roles=list(roles) or None)
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return iam.ManagedPolicy(
        scope, construct_id, document=iam.PolicyDocument.from_json(document), roles=list(roles) or None
    )


@cache
def _literal_statements(text: str) -> list[iam.PolicyStatement]:
    """Return the statements of a JSON text without tokens, shared by all policies."""
    return [iam.PolicyStatement.from_json(statement) for statement in json.loads(text)]


def reader_of(scope: Construct, construct_id: str, role: iam.IGrantable) -> iam.IGrantable:
    """Return the principal to grant permissions to for ``role``.

    Statements for a role that can be changed go to the managed policy ``construct_id``.
    """
    return RolePermissions(scope, construct_id, role).principal if isinstance(role, iam.Role) else role
