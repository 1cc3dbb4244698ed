"""Runtime checks of calls against the annotations of their signature.

Annotations define the type of an argument, the meaning of ``None`` ("not specified", unless the annotation allows it)
and the conversion of ``cdk.Size`` and ``cdk.Duration`` to the unit in the name of the argument. They are read at the
first call, which keeps imports fast.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from enum import StrEnum
from functools import wraps
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, TypeVar

from . import types
from .annotations import kinds_of
from .durations import in_unit
from .errors import EmrError
from .input_values import reject_inputs, reject_number, renderable
from .nearest import nearest
from .scopes import check_id, translate_scope_errors
from .types import Kind, implements, type_errors
from .unknown import is_unknown

__all__ = ["check_calls", "checked"]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)

_MAY_BE_EMPTY: Final = frozenset(
    {"default", "defined", "description", "log_prefix", "name", "prefix", "source", "why", "workspace_prefix"}
)
"""Texts whose emptiness is a value of its own, such as the prefix of a whole bucket."""


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

    def empty_errors(self) -> Iterator[str]:
        """Return the error of an empty string, unless it has a meaning."""
        if str in self.kinds and self.default != "" and self.name not in _MAY_BE_EMPTY:
            is_required = self.default is inspect.Parameter.empty and not self.is_optional
            fix = "specify a value" if is_required else "specify a value, or omit it"
            yield f"{self.name} must not be empty, got ''; {fix}"


class _Signature:
    """The checked parameters of a function; their annotations are read on first use."""

    def __init__(self, function: Callable[..., Any], owner: type | None) -> None:
        """Read the parameters of ``function``, or of the constructor of ``owner``, which its fields declare."""
        self._names = function.__globals__ if owner is None else vars(sys.modules[owner.__module__])
        declared = inspect.signature(function if owner is None else owner).parameters
        first = {} if owner is None else {"self": inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)}
        self._declared = {**first, **declared}
        self._known: dict[str, _Parameter] = {}
        self._positional = [
            name
            for name, found in self._declared.items()
            if found.kind in (found.POSITIONAL_ONLY, found.POSITIONAL_OR_KEYWORD)
        ]
        by_kind = {found.kind: name for name, found in self._declared.items()}
        self._variadic = by_kind.get(inspect.Parameter.VAR_POSITIONAL)
        self._keywords = self._declared.keys() - {self._variadic, by_kind.get(inspect.Parameter.VAR_KEYWORD)}
        self._accepts_options = inspect.Parameter.VAR_KEYWORD in by_kind
        self._title = (function if owner is None else owner).__qualname__.removesuffix(".__init__")
        self._defines_construct = function.__name__ == "__init__" and "scope" in self._declared

    def _parameter(self, name: str) -> _Parameter:
        if name not in self._known:
            declared = self._declared[name]
            annotation = declared.annotation
            kinds = tuple(kinds_of(annotation, self._names)) if isinstance(annotation, str) else ()
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
            elif not self._accepts_options:
                self._reject_unknown(name)
        problems = list(type_errors(checks))
        if problems:
            raise EmrError(problems, at=_construct(args))
        if self._defines_construct:
            for name, value in named.items():
                if name in self._keywords and isinstance(value, str | float | Mapping | list):
                    reject_inputs(name, value, at=_construct(args))
        return values, named

    def _reject_unknown(self, name: str) -> None:
        """Raise ``TypeError``, as Python does, with the name of a similar parameter."""
        if near := nearest(name, self._keywords):
            raise TypeError(f"{self._title}() got an unexpected keyword argument {name!r}; use {near}")

    def reject_empty(self, args: Sequence[Any], options: Mapping[str, Any]) -> None:
        """Raise ``EmrError`` if a string is empty without a meaning."""
        empty = [name for name, value in zip(self._positional, args, strict=False) if _is_empty(value)]
        empty += [name for name, value in options.items() if _is_empty(value) and name in self._keywords]
        if problems := [text for name in empty for text in self._parameter(name).empty_errors()]:
            raise EmrError(problems, at=_construct(args))

    @staticmethod
    def _note(checks: dict[str, tuple[Any, ...]], title: str, value: object, parameter: _Parameter) -> None:
        if parameter.kinds and value is not parameter.default:
            checks[title] = (value, *parameter.kinds)


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value


def checked(function: _Function) -> _Function:
    """Return ``function`` with checks of its arguments."""
    return _checked(function, None)


def _checked(function: _Function, owner: type | None) -> _Function:
    signature: _Signature | None = None

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        nonlocal signature
        if signature is None:
            signature = _Signature(function, owner)
        values, named = signature.applied(args, options)
        try:
            result = function(*values, **named)
        except RuntimeError as error:
            translate_scope_errors(error)
            raise
        # After the call, because the function itself may have a better message.
        signature.reject_empty(values, named)
        return result

    return call  # type: ignore[return-value]


def check_calls(cls: _Class) -> _Class:
    """Check the arguments of public methods and factories, and data class fields."""
    for name, member in list(vars(cls).items()):
        if name == "__init__" and is_dataclass(cls):
            setattr(cls, name, _checked(member, cls))
        if name.startswith("_"):
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
