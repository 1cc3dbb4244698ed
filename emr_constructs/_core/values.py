"""Immutable values that are cheap to define: data classes that share what ``dataclasses`` compiles for each class.

A frozen data class compiles six methods when it is defined. For the values of this package that took half of the time
of importing them; here only the constructor is compiled, and the other methods read the fields when they are called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, cast, dataclass_transform, overload

__all__ = ["known_value", "value_class"]

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")


@overload
def value_class(cls: _Class, /) -> _Class: ...
@overload
def value_class(*, kw_only: bool = False) -> Callable[[_Class], _Class]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_class(cls: _Class | None = None, /, *, kw_only: bool = False) -> Any:
    """Define a data class with slots whose fields can't be changed; values with equal fields are equal.

    :param kw_only: whether the constructor takes the fields by name only.
    """

    def define(defined: _Class) -> _Class:
        for name, method in _SHARED.items():
            if vars(defined).get(name) is None:
                setattr(defined, name, method)
        made: Any = dataclass(repr=False, eq=False, slots=True, kw_only=kw_only)(defined)
        return cast("_Class", made)

    return define if cls is None else define(cls)


def known_value(cls: type[_Value], **contents: object) -> _Value:
    """Create a value whose fields are known to be valid, without the checks of its constructor.

    :param contents: all of its fields.
    """
    value = cls.__new__(cls)
    for name, content in contents.items():
        object.__setattr__(value, name, content)
    return value


def _contents(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, each.name) for each in fields(value))


def _represent(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self))
    return f"{type(self).__qualname__}({shown})"


def _is_equal(self: Any, other: object) -> bool:
    return _contents(self) == _contents(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_contents(self))


def _set_once(self: Any, name: str, value: object) -> None:
    # The constructor is compiled for fields that can be set.
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED = {
    "__repr__": _represent,
    "__eq__": _is_equal,
    "__hash__": _hash,
    "__setattr__": _set_once,
    "__delattr__": _delete,
}
