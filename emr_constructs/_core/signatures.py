"""Runtime checks of calls against the annotations of their signature.

Annotations define the type of an argument, the meaning of ``None`` ("not specified", unless the annotation allows it)
and the conversion of ``cdk.Size`` and ``cdk.Duration`` to the unit in the name of the argument. They are read at the
first call, which keeps imports fast.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache, wraps
from types import GenericAlias, SimpleNamespace, UnionType
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin

from . import types
from .durations import in_unit
from .errors import EmrError
from .input_values import reject_number, renderable
from .scopes import check_id
from .types import Choice, Kind, ListOf, MappingOf, Named, implements, type_errors
from .unknown import is_unknown

__all__ = ["check_calls", "checked"]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)

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


class _Parameter(NamedTuple):
    name: str
    kinds: tuple[Kind, ...]
    """Empty if any value is accepted."""
    default: Any
    is_optional: bool
    """Whether None is a documented value."""
    enumeration: type[StrEnum] | None

    @property
    def is_text(self) -> bool:
        """Whether a string is accepted, and no number."""
        return str in self.kinds and int not in self.kinds and float not in self.kinds

    def value_of(self, value: object) -> object:
        """Return ``value`` with its unit or enumeration, or the default instead of None."""
        if value is None and self.default is not inspect.Parameter.empty and not self.is_optional:
            return self.default
        if isinstance(value, float) and self.is_text and is_unknown(value):
            reject_number(self.name, value)
            raise EmrError(f"{self.name} must be a string, got a number token; wrap it in cdk.Token.as_string(...)")
        if type(value) is str:
            value = renderable(value)
        if self.name == "construct_id" and isinstance(value, str):
            check_id(value)
        if types.DURATION in self.kinds or types.SIZE in self.kinds:
            return in_unit(self.name, value)
        if self.enumeration is not None and type(value) is str and value in self.enumeration.__members__.values():
            return self.enumeration(value)
        return value


class _Signature:
    """The checked parameters of a function; their annotations are read on first use."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._declared = dict(inspect.signature(function).parameters)
        self._known: dict[str, _Parameter] = {}
        self._positional = [
            name
            for name, found in self._declared.items()
            if found.kind in (found.POSITIONAL_ONLY, found.POSITIONAL_OR_KEYWORD)
        ]
        by_kind = {found.kind: name for name, found in self._declared.items()}
        self._variadic = by_kind.get(inspect.Parameter.VAR_POSITIONAL)
        self._keywords = self._declared.keys() - {self._variadic, by_kind.get(inspect.Parameter.VAR_KEYWORD)}

    def _parameter(self, name: str) -> _Parameter:
        if name not in self._known:
            declared = self._declared[name]
            annotation = declared.annotation
            kinds = tuple(_parse(annotation, self._function)) if isinstance(annotation, str) else ()
            is_optional = None in kinds
            if Any in kinds:
                kinds = ()
            enumeration = next((k for k in kinds if isinstance(k, type) and issubclass(k, StrEnum)), None)
            self._known[name] = _Parameter(name, kinds, declared.default, is_optional, enumeration)
        return self._known[name]

    def applied(self, args: Sequence[Any], options: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return ``args`` and ``options`` with conversions.

        :raises EmrError: an argument has the wrong type.
        """
        values, named = list(args), dict(options)
        checks: dict[str, tuple[Any, ...]] = {}
        for index, value in enumerate(values):
            place = index - len(self._positional)
            declared = self._positional[index] if place < 0 else self._variadic
            if declared is not None:
                parameter = self._parameter(declared)
                values[index] = parameter.value_of(value)
                title = parameter.name if place < 0 else f"{parameter.name}[{place}]"
                self._note(checks, title, values[index], parameter)
        for name, value in options.items():
            if name in self._keywords:
                parameter = self._parameter(name)
                named[name] = parameter.value_of(value)
                self._note(checks, name, named[name], parameter)
        problems = list(type_errors(checks))
        if problems:
            raise EmrError(problems, at=_construct(args))
        return values, named

    @staticmethod
    def _note(checks: dict[str, tuple[Any, ...]], title: str, value: object, parameter: _Parameter) -> None:
        if parameter.kinds and value is not parameter.default:
            checks[title] = (value, *parameter.kinds)


def checked(function: _Function) -> _Function:
    """Return ``function`` with checks of its arguments."""
    signature: _Signature | None = None

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        nonlocal signature
        if signature is None:
            signature = _Signature(function)
        values, named = signature.applied(args, options)
        return function(*values, **named)

    return call  # type: ignore[return-value]


def check_calls(cls: _Class) -> _Class:
    """Check the arguments of public methods and factories, and data class fields."""
    for name, member in list(vars(cls).items()):
        if name.startswith("_") and not (name == "__init__" and is_dataclass(cls)):
            continue
        if isinstance(member, classmethod | staticmethod):
            setattr(cls, name, type(member)(checked(member.__func__)))
        elif inspect.isfunction(member) and member.__code__.co_argcount + member.__code__.co_kwonlyargcount > 1:
            setattr(cls, name, checked(member))
    return cls


def _construct(args: Sequence[Any]) -> Any:
    """Return the construct of a call: the object of the method, or its owner."""
    owner = args[0] if args else None
    if len(args) > 2 and implements(owner, "node") and not hasattr(owner, "__jsii_ref__"):
        # A construct that is about to be created.
        path = (
            "/".join(filter(None, (getattr(args[1].node, "path", ""), str(args[2]))))
            if implements(args[1], "node")
            else ""
        )
        return SimpleNamespace(node=SimpleNamespace(path=path))
    owners = (owner, *(getattr(owner, name, None) for name in ("_cluster", "_holder")))
    return next((part for part in owners if part is not None and implements(part, "node")), None)


def _of(container: Callable[..., Kind], kinds: Iterator[Any]) -> Any:
    inner = tuple(kinds)
    return Any if Any in inner else container(*inner)


def _parse(annotation: str, function: Callable[..., Any]) -> Iterator[Any]:
    yield from _kinds(_expression(annotation), function.__globals__)


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
