"""Checks of subnets that are passed one by one, as constructs or IDs.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-clusters-in-a-vpc.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from aws_cdk import aws_ec2 as ec2

from .._core import tokens
from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import IConstruct

__all__ = ["Subnet", "check_subnets", "classify", "comparable", "id_of", "shown", "vpc_of"]

Subnet: TypeAlias = "ec2.ISubnet | str"

# The ID of a VPC that CDK has yet to look up, whose subnets are placeholders.
_PENDING_VPC: Final = "vpc-12345"


def id_of(subnet: Subnet) -> str:
    """Return the ID of a subnet."""
    return subnet if isinstance(subnet, str) else tokens.subnet_id(subnet)


def shown(subnet: Subnet) -> str:
    """Return the ID of a subnet for a message, or its construct path if the app defines it."""
    if isinstance(subnet, ec2.Subnet):
        return str(subnet.node.path)
    return "a subnet known at deployment" if is_unknown(id_of(subnet)) else id_of(subnet)


def check_subnets(subnets: Sequence[Subnet], *, at: IConstruct) -> None:
    """Check the form of subnets that are passed one by one.

    :raises EmrError: there is none, one is named twice, one isn't an ID, or a list token is one of several.
    """
    ids = [id_of(subnet) for subnet in subnets]
    reject_inputs("subnets", ids, at=at)
    if not subnets:
        raise EmrError("subnets must not be empty; pass at least one subnet", at=at)
    problems = []
    for index, subnet in enumerate(subnets):
        if not isinstance(subnet, str):
            continue
        if is_unknown([subnet]):
            if len(subnets) > 1:
                problems.append(
                    f"subnets[{index}] must be one subnet, got a list token; pass subnets=<list token>, or single "
                    "subnets with cdk.Fn.select(...)"
                )
        elif not is_unknown(subnet) and not re.fullmatch(r"subnet-[0-9a-zA-Z]+", subnet):
            problems.append(
                f"subnets[{index}] must be the ID of a subnet, got {subnet!r}; use an ID such as "
                "subnet-0123456789abcdef0, or Fn.import_value(...)"
            )
    twice = [each for each in dict.fromkeys(ids) if ids.count(each) > 1]
    if twice:
        got = ", ".join(shown(subnets[ids.index(each)]) for each in twice)
        problems.append(f"subnets must be distinct, got {got} twice; remove one of them")
    if problems:
        raise EmrError(problems, at=at)


def classify(
    option: str,
    subnets: Iterable[Subnet],
    vpc: ec2.IVpc | None,
    *,
    public: bool | None,
    at: IConstruct,
    is_required: bool = True,
) -> tuple[tuple[Subnet, ...], bool]:
    """Return the subnets, those of ``vpc`` as its own objects, and whether they are public.

    :param option: the name of the argument that the subnets are from.
    :param public: what the caller states, for subnets that ``vpc`` doesn't list.
    :param is_required: whether the result must be known; if not, unknown subnets are private. Default: true.
    :raises EmrError: both public and private subnets are passed, ``public`` is wrong, or it is missing.
    """
    known = {} if vpc is None else _subnets_of(vpc)
    found = [known.get(id_of(subnet), (subnet, _kind_of(subnet))) for subnet in subnets]
    kinds = {is_public for _, is_public in found if is_public is not None}
    own = tuple(subnet for subnet, _ in found)
    is_pending = vpc is not None and vpc.vpc_id == _PENDING_VPC
    if len(kinds) > 1:
        raise EmrError(
            f"{option} must select either only public or only private subnets, got both; select one kind", at=at
        )
    if kinds and public is not None and public not in kinds:
        names = ", ".join(shown(subnet) for subnet, is_public in found if is_public is not None)
        kind = "private" if public else "public"
        if not is_pending:
            raise EmrError(
                f"public must be {not public} for {kind} subnets, got {public} for {names}; pass public={not public}, "
                "or other subnets",
                at=at,
            )
    unknown = [shown(subnet) for subnet, is_public in found if is_public is None]
    if unknown and public is None and is_required and not is_pending:
        raise EmrError(
            f"{option} must contain subnets that the VPC is defined or imported with, got {', '.join(unknown)}; pass "
            "public=True or public=False, or import the VPC with its subnets",
            at=at,
        )
    return own, (public if public is not None else True in kinds)


def comparable(one: Subnet, other: Subnet) -> bool:
    """Return whether it is known if two subnets with different IDs are different subnets."""
    if isinstance(one, ec2.Subnet) and isinstance(other, ec2.Subnet):
        return True
    return not is_unknown(id_of(one)) and not is_unknown(id_of(other))


def vpc_of(subnets: Iterable[Subnet]) -> ec2.Vpc | None:
    """Return the VPC of this app that contains the first of ``subnets``."""
    first = next(iter(subnets), None)
    scope = first.node.scope if isinstance(first, ec2.Subnet) else None
    return scope if isinstance(scope, ec2.Vpc) else None


def _subnets_of(vpc: ec2.IVpc) -> dict[str, tuple[Subnet, bool | None]]:
    """Return the subnets of ``vpc`` by ID, with whether they are public."""
    private = (*vpc.private_subnets, *vpc.isolated_subnets)
    found: dict[str, tuple[Subnet, bool | None]] = {id_of(subnet): (subnet, False) for subnet in private}
    return found | {id_of(subnet): (subnet, True) for subnet in vpc.public_subnets}


def _kind_of(subnet: Subnet) -> bool | None:
    """Return whether a subnet of this app is public; None if that isn't known."""
    if isinstance(subnet, ec2.PublicSubnet):
        return True
    return False if isinstance(subnet, ec2.PrivateSubnet) else None
