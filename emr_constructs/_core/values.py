"""Immutable data classes with a low import cost.

A frozen data class compiles six methods when it is defined, which takes half of the import time of this package's
values. Here only the constructor is compiled; the classes share the other methods, which read the fields when they are
called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cache
from inspect import get_annotations
from typing import Any, Final, TypeVar, cast, dataclass_transform, overload

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
@dataclass_transform(frozen_default=True, field_specifiers=(field, converted))
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
        created: Any = dataclass(repr=False, eq=False, slots=True, kw_only=kw_only)(defined)
        created.__annotations__ = annotations
        converters = {each.name: each.metadata[_CONVERT] for each in fields(created) if each.metadata}
        if converters:
            created.__setattr__ = _converting(converters)
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
    # The compiled constructor sets the fields by assignment.
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    _set(self, name, value)


def _converting(converters: Mapping[str, Callable[[Any], object]]) -> Callable[[Any, str, object], None]:
    def set_once(self: Any, name: str, value: object) -> None:
        convert = converters.get(name)
        _set_once(self, name, value if convert is None else convert(value))

    return set_once


def _delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED = {
    "__repr__": _represent,
    "__eq__": _is_equal,
    "__hash__": _hash,
    "__copy__": _copy,
    "__deepcopy__": _copy,
    "__setattr__": _set_once,
    "__delattr__": _delete,
}
