"""What messages say about the kind of an argument: a description, an example, the value."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final

from .kinds import FLAG, Choice, Interface, Kind, ListOf, MappingOf, Named
from .token_types import described as described_token
from .unset import DEFAULT

__all__ = ["alternatives", "described", "example", "shown", "with_article", "without_integers"]

_LONGEST: Final = 80
_FEW: Final = 3
_TEXT: Final[dict[Any, tuple[str, str]]] = {
    str: ("a string", "a string"),
    int: ("an integer", "an integer"),
    float: ("a number", "a number"),
    bool: ("a boolean", "True or False"),
    Mapping: ("a mapping", "a dictionary"),
}
"""How messages describe a plain kind, and what they suggest."""


def without_integers(kinds: Sequence[Kind]) -> Sequence[Kind]:
    """Return ``kinds`` without int if a number is included."""
    return [kind for kind in kinds if kind is not int] if float in kinds else kinds


def alternatives(parts: Iterable[str]) -> str:
    """Return ``parts`` as "a, b or c", without empty parts."""
    *others, last = dict.fromkeys(filter(None, parts)) or [""]
    return f"{', '.join(others)} or {last}" if others else last


def described(kind: Kind) -> str:
    match kind:
        case Interface():
            return kind.described
        case ListOf():
            return f"a list of {_plurals(kind.kinds)}"
        case MappingOf():
            return f"a mapping of {_plurals(kind.keys)} to {_plurals(kind.kinds)}"
        case Choice() if kind is FLAG:
            return described(bool)
        case Choice():
            return alternatives(repr(value) for value in kind.values if value is not DEFAULT)
        case Named():
            return with_article(kind.name)
        case UnionType():
            return alternatives(map(described, kind.__args__))
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _TEXT[kind][0] if kind in _TEXT else with_article(kind.__name__)


def example(kind: Kind, value: object) -> str:
    """Return an example of ``kind``: the member that ``value`` names, or the first."""
    match kind:
        case Interface():
            return (described_token(value) and kind.example_with_token) or kind.example
        case ListOf():
            if str in kind.kinds:
                return repr(value.split()) if isinstance(value, str) and value else "a list of strings"
            return f"[{example(kind.kinds[0], None)}]"
        case MappingOf():
            return f"a dictionary such as {{'key': {'...' if str in kind.kinds else example(kind.kinds[0], None)}}}"
        case Choice() if kind is FLAG:
            return example(bool, value)
        case Choice():
            return _nearest([choice for choice in kind.values if isinstance(choice, str)], str(value))
        case Named():
            return _example_of_class(loaded, value) if (loaded := _loaded(kind.name)) else f"{kind.name}(...)"
        case UnionType():
            return alternatives(example(part, value) for part in kind.__args__)
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _example_of_class(kind, value)


def _nearest(known: Sequence[str], value: str) -> str:
    """Return the choice that ``value`` is like, in any case; all of a few choices if it is like none."""
    from difflib import get_close_matches

    by_text = {choice.lower(): choice for choice in known}
    if len(known) <= _FEW and not get_close_matches(value.lower(), by_text, 1):
        return alternatives(map(repr, known))
    return repr(by_text[get_close_matches(value.lower(), by_text, 1, 0)[0]])


def _loaded(name: str) -> type | None:
    """Return the class ``name`` of this library, if it is public or already imported."""
    package = __name__.partition(".")[0]
    public = getattr(sys.modules[package], name, None)
    if isinstance(public, type):
        return public
    modules = [module for path, module in sys.modules.items() if path.startswith(f"{package}.")]
    found = (vars(module).get(name) for module in modules)
    return next((kind for kind in found if isinstance(kind, type)), None)


def _example_of_class(kind: type, value: object) -> str:
    if kind is str and isinstance(value, int | float):
        return repr(str(value))
    if kind is int and isinstance(value, str) and value.isdecimal():
        return value
    if kind in _TEXT:
        return _TEXT[kind][1]
    if issubclass(kind, Enum):
        members = list(kind.__members__)
        member = str(value).upper()
        return f"{kind.__name__}.{member if member in members else members[0]}"
    factories = (name for name, made in vars(kind).items() if isinstance(made, classmethod | staticmethod))
    factory = next((f".{name}" for name in factories if not name.startswith("_")), "")
    return f"{kind.__name__}{factory}(...)"


def _plurals(kinds: Sequence[Kind]) -> str:
    return alternatives(map(_plural, without_integers(kinds)))


def _plural(kind: Kind) -> str:
    """Return the plural of a kind, for items of a list."""
    if isinstance(kind, ListOf):
        return f"lists of {_plurals(kind.kinds)}"
    if isinstance(kind, Choice):
        return described(kind)
    noun = described(kind).partition(" ")[2]
    if isinstance(kind, Interface | Named) or (isinstance(kind, type) and kind not in _TEXT):
        return f"{noun} objects"
    return noun and f"{noun}s"


def with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIOUaeiou' or noun.startswith('S3') else 'a'} {noun}"


def shown(value: object) -> str:
    """Return the value for a message, or its class if it is opaque or may be secret."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if token := described_token(value):
        return token
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, Mapping) or _is_opaque(value):
        return f"{with_article(_class_of(value))} object"
    return repr(value)


def _class_of(value: object) -> str:
    """Return the name of a class, or that of the interface of an object of CDK whose class isn't exported."""
    names = [type(part).__name__ for part in getattr(value, "_delegates", None) or (value,)]
    interfaces = (name[1:].removesuffix("Proxy") for name in names if name.startswith("_") and name.endswith("Proxy"))
    return next(interfaces, names[0])


def _is_opaque(value: object) -> bool:
    text = repr(value)
    return " object at 0x" in text or len(text) > _LONGEST
