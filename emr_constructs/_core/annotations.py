"""The kinds of arguments that annotations state.

Annotations are read as text, because CDK's classes are only imported for type checkers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import GenericAlias, UnionType
from typing import Any, Final, Literal, get_args, get_origin

from . import types
from .types import Choice, Kind, ListOf, MappingOf, Named

__all__ = ["kinds_of"]

_KNOWN: Final[dict[str, Kind]] = {
    "Construct": types.CONSTRUCT,
    "Duration": types.DURATION,
    "Flag": types.FLAG,
    "IAlarmAction": types.ALARM_ACTION,
    "IBucket": types.BUCKET,
    "ICluster": types.CLUSTER,
    "IClusterSecurityGroups": types.SECURITY_GROUPS,
    "IConnectable": types.CONNECTABLE,
    "IGrantable": types.GRANTABLE,
    "IHostedZone": types.Interface(
        "a route53.IHostedZone", "hosted_zone_id", example="route53.HostedZone.from_lookup(...)"
    ),
    "IInstances": types.Interface(
        "an InstanceGroups or an InstanceFleets", "has_three_masters", example="InstanceGroups(...)"
    ),
    "IInstanceProfile": types.INSTANCE_PROFILE,
    "ILogGroup": types.Interface("a logs.ILogGroup", "log_group_arn", example="logs.LogGroup.from_log_group_name(...)"),
    "IGroup": types.Interface("an iam.IGroup", "group_arn", example="iam.Group.from_group_arn(...)"),
    "IJobRole": types.GRANTABLE,
    "IKey": types.KEY,
    "IKeyPair": types.KEY_PAIR,
    "IInterfaceVpcEndpointService": types.Interface(
        "an ec2.IInterfaceVpcEndpointService", "private_dns_default", example="ec2.InterfaceVpcEndpointAwsService.EMR"
    ),
    "IManagedPolicy": types.Interface(
        "an iam.IManagedPolicy", "managed_policy_arn", example="iam.ManagedPolicy.from_managed_policy_name(...)"
    ),
    "IRole": types.ROLE,
    "IRuntimeRole": types.ROLE,
    "ISecurityConfiguration": types.Interface(
        "an ISecurityConfiguration", "security_configuration_name", example="SecurityConfiguration(...)"
    ),
    "ISecret": types.SECRET,
    "SecretValue": types.SECRET_VALUE,
    "PlainSecret": types.PLAIN_SECRET,
    "ISecurityGroup": types.SECURITY_GROUP,
    "ISubnet": types.SUBNET,
    "ITopic": types.TOPIC,
    "IStudio": types.Interface("an IStudio", "studio_id", example="Studio.from_studio_attributes(...)"),
    "IUser": types.Interface("an iam.IUser", "user_arn", example="iam.User.from_user_arn(...)"),
    "IVpc": types.VPC,
    "InstanceType": types.INSTANCE_TYPE,
    "PathLike": types.Interface("a path", "__fspath__", example="pathlib.Path(...)"),
    "Size": types.SIZE,
}
"""Kinds of CDK and Python by their name in annotations, whichever module they are imported from."""

_BUILT_IN: Final[dict[str, Kind]] = {"str": str, "int": int, "float": float, "bool": bool}


def _of(container: Callable[..., Kind], kinds: Iterator[Any]) -> Any:
    inner = tuple(kinds)
    return Any if Any in inner else container(*inner)


def kinds_of(annotation: str, names: Mapping[str, Any]) -> Iterator[Any]:
    """Return the kinds of an annotation; ``Any`` for what can't be checked.

    :param names: the names of its module.
    """
    yield from _kinds(_expression(annotation), names)


@cache
def _expression(annotation: str) -> ast.expr:
    return ast.parse(annotation, mode="eval").body


def _kinds(node: ast.expr, names: Mapping[str, Any]) -> Iterator[Any]:
    """Return the kinds of an annotation; ``Any`` if it can't be checked."""
    match node:
        case ast.BinOp(left=left, right=right):
            yield from _kinds(left, names)
            yield from _kinds(right, names)
        case ast.Constant(value=None):
            yield None
        case ast.Constant(value=str(text)):
            yield from _kinds(_expression(text), names)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield from _named(name, _value_of(node, names), names)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if name in ("Sequence", "Iterable", "tuple"):
                yield _of(ListOf, _kinds(parts[0], names))
            elif name == "Mapping":
                keys = tuple(_kinds(parts[0], names))
                yield _of(lambda *kinds: MappingOf(kinds, keys), _kinds(parts[1], names))
            elif name == "Literal":
                yield Choice(tuple(part.value for part in parts if isinstance(part, ast.Constant)))
            elif name in _KNOWN:
                yield _KNOWN[name]
            else:
                yield Any
        case _:
            yield Any


def _value_of(node: ast.Name | ast.Attribute, names: Mapping[str, Any]) -> Any:
    """Return the value of a name in an annotation. None without a runtime import."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return getattr(names.get(ast.unparse(node.value)), node.attr, None)


def _named(name: str, value: Any, names: Mapping[str, Any]) -> Iterator[Any]:
    if name in _BUILT_IN:
        yield _BUILT_IN[name]
    elif name in _KNOWN:
        yield _KNOWN[name]
    elif name in ("Any", "object"):
        yield Any
    elif isinstance(value, str):
        yield from _kinds(_expression(value), names)
    elif value is None:
        # Implementations of a CDK interface aren't instances of it.
        yield Any if re.match("I[A-Z]", name) else Named(name)
    else:
        yield from _alias(value)


def _alias(value: Any) -> Iterator[Any]:
    """Return the kinds of an evaluated annotation, such as a type alias."""
    origin, args = get_origin(value), get_args(value)
    if origin is UnionType or isinstance(value, UnionType):
        for part in args:
            yield from _alias(part)
    elif origin is Literal:
        yield Choice(args)
    elif origin is Sequence or (origin is Mapping and args[0] is str):
        yield _of(ListOf if origin is Sequence else lambda *kinds: MappingOf(kinds), _alias(args[-1]))
    elif value is type(None):
        yield None
    elif isinstance(value, type) and not isinstance(value, GenericAlias) and not getattr(value, "_is_protocol", False):
        yield value
    else:
        yield Any
