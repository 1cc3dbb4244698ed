"""Immutable data classes with a low import cost.

A frozen data class compiles seven methods when it is defined, which is most of the import time of this package's
values. Here the classes share their methods, which read the fields when they are called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from inspect import Parameter, Signature, get_annotations
from typing import Any, Final, NamedTuple, TypeVar, cast, dataclass_transform, overload

__all__ = ["contents_of", "converted", "known_value", "value_class"]

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")

_CONVERT: Final = "convert"
_set = object.__setattr__


def converted(convert: Callable[[Any], _Value], *, default: Any = MISSING) -> _Value:
    """Declare a field whose value is converted when it is set, such as by ``tuple``.

    :param convert: returns the value to store.
    :param default: the value before its conversion. Default: the field is required.
    """
    declared: Any = field(default=default, metadata={_CONVERT: convert})
    return cast("_Value", declared)


@overload
def value_class(cls: _Class, /) -> _Class: ...
@overload
def value_class(*, kw_only: bool = False) -> Callable[[_Class], _Class]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(converted,))
def value_class(cls: _Class | None = None, /, *, kw_only: bool = False) -> Any:
    """Define a data class with slots and immutable fields.

    Values with equal fields are equal.

    :param kw_only: whether the constructor accepts the fields only by name.
    """

    def define(defined: _Class) -> _Class:
        for name, method in _SHARED.items():
            if vars(defined).get(name) is None:
                setattr(defined, name, method)
        annotations = get_annotations(defined)
        # They aren't fields; for the class with all release labels, a data class takes long to find that out.
        defined.__annotations__ = {name: text for name, text in annotations.items() if not _is_class_variable(text)}
        created: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(defined)
        created.__annotations__ = annotations
        created.__signature__ = _SIGNATURE
        return cast("_Class", created)

    return define if cls is None else define(cls)


def _is_class_variable(annotation: object) -> bool:
    return isinstance(annotation, str) and annotation.startswith("ClassVar[")


def known_value(cls: type[_Value], **contents: object) -> _Value:
    """Create a value of valid fields, without checks and conversions.

    :param contents: all fields.
    """
    value = cls.__new__(cls)
    for name, content in contents.items():
        _set(value, name, content)
    return value


class _Field(NamedTuple):
    """How a field is set."""

    name: str
    default: Any
    """``MISSING`` if the field is required."""

    convert: Callable[[Any], object] | None


class _Plan(NamedTuple):
    """What the constructor of a class accepts."""

    positional: tuple[str, ...]
    required: frozenset[str]
    fields: dict[str, _Field]


@cache
def _plan(cls: type) -> _Plan:
    found = {each.name: _Field(each.name, each.default, each.metadata.get(_CONVERT)) for each in fields(cls)}
    required = (name for name, each in found.items() if each.default is MISSING)
    return _Plan(tuple(each.name for each in fields(cls) if not each.kw_only), frozenset(required), found)


def _construct(self: Any, *args: Any, **options: Any) -> None:
    cls: type = self.__class__
    plan = _plan(cls)
    values = {**dict(zip(plan.positional, args, strict=False)), **options}
    is_complete = plan.required <= values.keys() <= plan.fields.keys()
    if not is_complete or len(values) != len(args) + len(options):
        # Raises what Python raises for such a call.
        _SIGNATURE.__get__(None, cls).bind(*args, **options)
    for name, default, convert in plan.fields.values():
        value = values.get(name, default)
        _set(self, name, value if convert is None else convert(value))
    if hasattr(cls, "__post_init__"):
        self.__post_init__()


class _SignatureOfFields:
    """The signature of a constructor, for ``help`` and ``inspect``."""

    def __get__(self, _value: object, cls: type) -> Signature:
        parameters = [
            Parameter(
                each.name,
                Parameter.KEYWORD_ONLY if each.kw_only else Parameter.POSITIONAL_OR_KEYWORD,
                default=Parameter.empty if each.default is MISSING else each.default,
                annotation=each.type,
            )
            for each in fields(cls)
        ]
        return Signature(sorted(parameters, key=lambda it: it.kind))


_SIGNATURE: Final = _SignatureOfFields()


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls))


def contents_of(value: Any) -> dict[str, Any]:
    """Return the contents of the fields of a value by name."""
    return {name: getattr(value, name) for name in _names(value.__class__)}


def _contents(value: Any) -> tuple[Any, ...]:
    return tuple([getattr(value, name) for name in _names(value.__class__)])


def _represent(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self.__class__))
    return f"{type(self).__qualname__}({shown})"


def _is_equal(self: Any, other: object) -> bool:
    return _contents(self) == _contents(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    contents = _contents(self)
    try:
        return hash(contents)
    except TypeError:
        return hash(_hashable(contents))


def _hashable(value: object) -> object:
    match value:
        case dict():
            return frozenset((key, _hashable(item)) for key, item in value.items())
        case list() | tuple():
            return tuple(map(_hashable, value))
        case _:
            return value


def _copy(self: Any, _memo: object = None) -> Any:
    # A value doesn't change, and a construct in it can't be copied.
    return self


def _set_once(self: Any, name: str, value: object) -> None:
    # Unpickling sets the fields by assignment.
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    _set(self, name, value)


def _delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED = {
    "__init__": _construct,
    "__repr__": _represent,
    "__eq__": _is_equal,
    "__hash__": _hash,
    "__copy__": _copy,
    "__deepcopy__": _copy,
    "__setattr__": _set_once,
    "__delattr__": _delete,
}
