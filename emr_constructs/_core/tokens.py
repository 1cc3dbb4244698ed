"""Immutable values of CDK, cached because each access calls the Node process.

Pseudo parameters are read once per process, attributes once per construct.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

import aws_cdk as cdk

from .errors import EmrError
from .types import implements

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms
    from constructs import Construct, IConstruct

__all__ = [
    "account",
    "address",
    "arn",
    "days",
    "hours",
    "key_arn",
    "minutes",
    "once",
    "partition",
    "path_of",
    "region",
    "require_same_stage",
    "same_stack",
    "security_group_id",
    "share_path",
    "share_stack",
    "stack_of",
    "stack_uuid",
    "subnet_id",
    "url_suffix",
]

_Construct = TypeVar("_Construct")
_Value = TypeVar("_Value")


@cache
def partition() -> str:
    return cdk.Aws.PARTITION


@cache
def region() -> str:
    return cdk.Aws.REGION


@cache
def account() -> str:
    return cdk.Aws.ACCOUNT_ID


@cache
def url_suffix() -> str:
    return cdk.Aws.URL_SUFFIX


@cache
def stack_uuid() -> str:
    """Return the first part of the UUID in the stack ID, which differs by deployment."""
    uuid = cdk.Fn.select(2, cdk.Fn.split("/", cdk.Aws.STACK_ID))
    return cdk.Fn.select(0, cdk.Fn.split("-", uuid))


@cache
def days(amount: int) -> cdk.Duration:
    return cdk.Duration.days(amount)


@cache
def hours(amount: int) -> cdk.Duration:
    return cdk.Duration.hours(amount)


@cache
def minutes(amount: int) -> cdk.Duration:
    return cdk.Duration.minutes(amount)


def arn(service: str, resource: str) -> str:
    """Return the ARN of ``resource`` in the account and Region of the stack."""
    return f"arn:{partition()}:{service}:{region()}:{account()}:{resource}"


def once(read: Callable[[_Construct], _Value]) -> Callable[[_Construct], _Value]:
    """Cache the result of ``read`` for each construct."""
    known: WeakKeyDictionary[_Construct, _Value] = WeakKeyDictionary()

    def reading(construct: _Construct) -> _Value:
        if construct not in known:
            known[construct] = read(construct)
        return known[construct]

    return reading


@once
def key_arn(key: kms.IKey) -> str:
    """Return the ARN of ``key``.

    :raises EmrError: the key is imported by an alias.
    """
    if implements(key, "alias_name"):
        raise EmrError(
            "the key must have a key ARN, which IAM policies and EMR require, got an alias; import the key with "
            "kms.Key.from_lookup or kms.Key.from_key_arn"
        )
    return key.key_arn


@once
def security_group_id(group: ec2.ISecurityGroup) -> str:
    return group.security_group_id


@once
def subnet_id(subnet: ec2.ISubnet) -> str:
    return subnet.subnet_id


def address(construct: Construct) -> str:
    """Return ``construct.node.addr`` of a construct in an app, with one call instead of two.

    https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
    """
    # hashlib loads OpenSSL, which takes as long as a tenth of the package; CPython's random module avoids it likewise.
    try:
        from _sha1 import sha1  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        from hashlib import sha1

    # The ID of an app is empty.
    ids = ["", *(part for part in path_of(construct).split("/") if part != "Default")]
    digest = sha1("".join(f"{part}\n" for part in ids).encode(), usedforsecurity=False)
    return f"c8{digest.hexdigest()}"


_STACKS: WeakKeyDictionary[IConstruct, cdk.Stack] = WeakKeyDictionary()


def stack_of(construct: IConstruct) -> cdk.Stack:
    """Return the stack of ``construct``."""
    if construct not in _STACKS:
        _STACKS[construct] = construct if isinstance(construct, cdk.Stack) else cdk.Stack.of(construct)
    return _STACKS[construct]


_PLACES: WeakKeyDictionary[Construct, tuple[Construct, str]] = WeakKeyDictionary()
_PATHS: WeakKeyDictionary[Construct, str] = WeakKeyDictionary()


def share_path(construct: Construct, scope: Construct, construct_id: str) -> None:
    """Record that ``construct`` was created in ``scope``, and in the same stack."""
    share_stack(construct, scope)
    _PLACES[construct] = scope, construct_id


def path_of(construct: Construct) -> str:
    """Return the path of ``construct`` in its app."""
    if construct not in _PATHS:
        place = _PLACES.get(construct)
        # The separator of paths isn't a part of an ID.
        known = f"{path_of(place[0])}/{place[1].replace('/', '--')}" if place else construct.to_string()
        _PATHS[construct] = known
    return _PATHS[construct]


@once
def _stage_of(stack: cdk.Stack) -> cdk.Stage | None:
    return cdk.Stage.of(stack)


def require_same_stage(name: str, part: IConstruct, at: IConstruct) -> None:
    """Check that ``part``, which is passed as ``name``, is in the app and the stage of ``at``.

    :raises EmrError: it isn't.
    """
    stacks = stack_of(part), stack_of(at)
    if stacks[0] is not stacks[1] and _stage_of(stacks[0]) is not _stage_of(stacks[1]):
        raise EmrError(
            f"{name} must be in the same app and stage, because a stage is deployed without the others, got "
            f"{part.node.path!r} of another; define one in this stage",
            at=at,
        )


def share_stack(construct: IConstruct, scope: IConstruct) -> None:
    """Record that ``construct`` was created in the same stack as ``scope``."""
    _STACKS[construct] = stack_of(scope)


def same_stack(one: IConstruct, other: IConstruct) -> bool:
    """Return whether two constructs are in the same stack."""
    return stack_of(one) is stack_of(other)
