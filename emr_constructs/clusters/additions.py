"""What deployments add to a cluster: steps, task groups and task fleets, some of them under a condition.

Additions with different conditions may exclude each other. Only those that are certain to exist together are checked
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import aws_cdk as cdk

from .._core import tokens
from .._core.cloudformation import create_resource
from .._core.errors import EmrError, report
from .._core.scopes import id_part
from ..rules import check

if TYPE_CHECKING:
    from constructs import Construct, IDependable

    from ..capacity.instance_groups import InstanceGroup

__all__ = [
    "ONE_TASK_FLEET",
    "TASK_FLEET_WITH_GROUP",
    "TASK_FLEET_WITH_GROUPS",
    "TASK_GROUP_WITH_FLEET",
    "TASK_GROUP_WITH_FLEETS",
    "Addition",
    "addition_id",
    "check_added_group",
    "check_alone",
    "create_addition",
    "existing_sets",
    "previous",
    "wait_if_created",
]

ONE_TASK_FLEET: Final = (
    "a cluster must have at most one task fleet, got two; extend the first one, or pass a condition to each that "
    "excludes the other"
)
TASK_FLEET_WITH_GROUPS: Final = "instance groups can't be combined with a task fleet; use add_task_group"
TASK_GROUP_WITH_FLEETS: Final = "instance fleets can't be combined with a task group; use add_task_fleet"
TASK_FLEET_WITH_GROUP: Final = "a task fleet can't be combined with the task groups of the cluster; use one of them"
TASK_GROUP_WITH_FLEET: Final = "task groups can't be combined with the task fleet of the cluster; use one of them"

_Resource = TypeVar("_Resource", bound=cdk.CfnResource)
_Value = TypeVar("_Value")

_TITLES: Final = {"Step": "step", "TaskGroup": "task group", "TaskFleet": "task fleet"}
_AFTER: Final = "emr-constructs:After"


class Addition(NamedTuple, Generic[_Value]):
    """A resource that is added to a cluster."""

    value: _Value
    resource: cdk.CfnResource
    condition: cdk.CfnCondition | None
    """The condition under which CloudFormation creates the resource. None if it always does."""

    @property
    def condition_path(self) -> str | None:
        """The path of the condition."""
        return _path(self.condition)


def addition_id(
    cluster: Construct, kind: str, name: str, construct_id: str | None, condition: cdk.CfnCondition | None
) -> str:
    """Return the construct ID of an addition: ``construct_id``, or one of its kind, its name and its condition.

    :raises EmrError: the cluster has a child with this ID, or the condition is in another stack than the cluster.
    """
    if condition is not None and not tokens.same_stack(condition, cluster):
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-condition.html
        raise EmrError(
            f"condition must be in the stack of the cluster, {tokens.stack_of(cluster).to_string()}, got one in "
            f"{tokens.stack_of(condition).to_string()}; create the cdk.CfnCondition in the stack of the cluster",
            at=cluster,
        )
    suffix = "" if condition is None else id_part(condition.node.id)
    found = construct_id or f"{kind}{id_part(name)}{suffix}"
    if cluster.node.try_find_child(found) is not None:
        raise EmrError(
            f"the ID of the {_TITLES[kind]} must be unique in the cluster, got {found!r} twice; use another name or "
            "construct_id",
            at=cluster,
        )
    return found


def create_addition(
    kind: type[_Resource],
    scope: Construct,
    construct_id: str,
    properties: Mapping[str, Any],
    *,
    condition: cdk.CfnCondition | None,
    dependencies: Sequence[IDependable],
) -> _Resource:
    """Create the L1 resource of an addition."""
    resource = create_resource(kind, scope, construct_id, properties)
    if condition is not None:
        resource.cfn_options.condition = condition
    if dependencies:
        resource.node.add_dependency(*dependencies)
    return resource


def existing_sets(
    additions: Sequence[Addition[_Value]], condition: cdk.CfnCondition | None
) -> list[list[Addition[_Value]]]:
    """Return the sets of ``additions`` that exist together with another addition.

    :param condition: the condition of the other addition.
    """
    paths = [_path(condition)] if condition is not None else [None, *(added.condition_path for added in additions)]
    return [[added for added in additions if added.condition_path in (None, path)] for path in dict.fromkeys(paths)]


def check_alone(
    additions: Sequence[Addition[_Value]], condition: cdk.CfnCondition | None, message: str, *, at: Construct
) -> None:
    """Check that none of ``additions`` exists together with another addition, whose condition is ``condition``.

    :raises EmrError: with ``message``, if one does.
    """
    if any(existing_sets(additions, condition)):
        raise EmrError(message, at=at)


def check_added_group(
    group: InstanceGroup,
    added: Sequence[Addition[InstanceGroup]],
    condition: cdk.CfnCondition | None,
    at: Construct,
) -> None:
    """Check a task group together with those that were ``added`` before."""
    from ..rules.topology import ADD_GROUPS

    for others in existing_sets(added, condition):
        groups = [each._render("TASK") for each in (*(other.value for other in others), group)]
        before = check(ADD_GROUPS, {"InstanceGroups": groups[:-1]}, in_library=True) if groups[1:] else []
        found = check(ADD_GROUPS, {"InstanceGroups": groups}, in_library=True)
        report([finding for finding in found if finding not in before], at)


def previous(
    additions: Iterable[Addition[_Value]], condition: cdk.CfnCondition | None
) -> tuple[list[cdk.CfnResource], list[Addition[_Value]]]:
    """Return what the next addition waits for: the last one that always exists with it, and later ones that may exist.

    :param condition: the condition of the next addition.
    """
    later: dict[str | None, Addition[_Value]] = {}
    for added in reversed(list(additions)):
        if added.condition is None or added.condition_path == _path(condition):
            return [added.resource], list(later.values())
        if condition is None or not _exclude(added.condition, condition):
            later.setdefault(added.condition_path, added)
    return [], list(later.values())


def wait_if_created(resource: cdk.CfnResource, additions: Sequence[Addition[_Value]]) -> None:
    """Let ``resource`` wait for conditional ``additions``.

    A resource that depends on a resource that isn't created isn't created either, so the metadata refers to those that
    are.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-condition.html
    """
    if additions:
        references = [
            cdk.Fn.condition_if(added.condition.logical_id, added.resource.ref, cdk.Aws.NO_VALUE)
            for added in additions
            if added.condition is not None
        ]
        resource.add_metadata(_AFTER, references)


def _path(condition: cdk.CfnCondition | None) -> str | None:
    # The same condition of CfnInclude can be several objects in Python.
    return None if condition is None else _known_path(condition)


@tokens.once
def _known_path(condition: cdk.CfnCondition) -> str:
    return condition.to_string()


def _exclude(one: cdk.CfnCondition, other: cdk.CfnCondition) -> bool:
    """Return whether it is certain from their expressions that two conditions of a stack exclude each other."""
    stack = tokens.stack_of(one)
    names = stack.resolve([{"Condition": condition.logical_id} for condition in (one, other)])
    first, second = stack.resolve([condition.expression for condition in (one, other)])
    if {"Fn::Not": [names[1]]} == first or {"Fn::Not": [names[0]]} == second:
        return True
    if {"Fn::Not": [second]} == first or {"Fn::Not": [first]} == second:
        return True
    (variable, value), (same, another) = (_comparison(expression) for expression in (first, second))
    return variable is not None and variable == same and value != another


def _comparison(expression: Any) -> tuple[Any, str]:
    """Return the variable and the text of a comparison; None as the variable of anything else."""
    operands = expression.get("Fn::Equals", []) if isinstance(expression, dict) else []
    texts = [operand for operand in operands if isinstance(operand, str)]
    variables = [operand for operand in operands if not isinstance(operand, str)]
    return (variables[0], texts[0]) if len(texts) == len(variables) == 1 else (None, "")
