"""Prints instance groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .automatic_scaling import auto_scaling_policy
from .code import Call, Code, Commented, Items, Literal
from .context import Context, Members
from .instances import instance_options

__all__ = ["by_role", "can_be_group", "instance_group", "instance_groups", "named"]


def instance_groups(raw: Any, context: Context) -> Code:
    """Return ``emr.InstanceGroups`` for ``InstanceGroups`` of the EMR API; a comment without a primary group."""
    nodes = by_role(raw, "InstanceRole")
    if nodes is None or len(nodes["MASTER"]) != 1 or len(nodes["CORE"]) > 1 or not can_be_group(nodes["MASTER"][0]):
        return context.remark("instance groups require one primary group and up to one core group", raw)
    options: dict[str, Code] = {"master": instance_group(nodes["MASTER"][0], context)}
    if nodes["CORE"]:
        options["core"] = instance_group(nodes["CORE"][0], context)
    if nodes["TASK"]:
        options["tasks"] = Items([instance_group(task, context) for task in nodes["TASK"]])
    return Call("emr.InstanceGroups", (), options)


def by_role(raw: Any, member: str) -> dict[str, list[Mapping[str, Any]]] | None:
    """Return the groups or fleets in ``raw`` by role. None if one has no known role.

    :param member: the member with the role.
    """
    found: dict[str, list[Mapping[str, Any]]] = {"MASTER": [], "CORE": [], "TASK": []}
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return None
    for item in raw:
        role = item.get(member) if isinstance(item, Mapping) else None
        if not isinstance(role, str) or role not in found:
            return None
        found[role].append(item)
    return found


def can_be_group(raw: Mapping[str, Any]) -> bool:
    """Return whether a group has what ``emr.InstanceGroup`` requires."""
    return raw.get("InstanceType") is not None


def instance_group(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.InstanceGroup`` for ``InstanceGroupConfig`` of the EMR API."""
    if not can_be_group(raw):
        return context.remark("an instance group requires an instance type", raw)
    members = Members(raw, context)
    role = members.take("InstanceRole") or "TASK"
    args = [context.value(members.take("InstanceType"))]
    count = context.value(members.take("InstanceCount"))
    if count not in (Literal(None), Literal(1)):
        args.append(count)
    options = _market(members, context)
    options |= named(members, role, context)
    options |= instance_options(members, context)
    policy = members.take("AutoScalingPolicy")
    if policy is not None:
        options["auto_scaling_policy"] = context.one("AutoScalingPolicy", policy, auto_scaling_policy)
    return Call("emr.InstanceGroup", args, {**options, **members.rest()})


def named(members: Members, role: str, context: Context) -> dict[str, Code]:
    """Return the name of a group or fleet, unless it is the one that the library writes for its role."""
    name = members.take("Name")
    return {} if name == str(role).title() else {"name": context.value(name)}


def _market(members: Members, context: Context) -> dict[str, Code]:
    market, price = members.take("Market"), members.take("BidPrice")
    prices: dict[str, Code] = {} if price is None else {"bid_price": context.value(price)}
    if market == "SPOT":
        return {"market": Call("emr.Market.spot", (), prices)}
    if price is None and market in (None, "ON_DEMAND"):
        return {"market": Literal(None)} if market is None else {}
    if market is None:
        comment = context.todo("a bid price implies SPOT, which is written as Market", {"BidPrice": price})
        return {"market": Commented(Call("emr.Market.spot", (), prices), comment)}
    return {"market": Call("emr.Market", (context.value(market),), prices)}
