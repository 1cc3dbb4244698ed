"""Writes values of templates for readers: as YAML, without internal names and without control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from math import inf
from typing import Any, Final

import yaml

from .._core.findings import Finding, changed
from .._core.unknown import MACRO, is_unknown

__all__ = ["described", "is_open", "joined", "member", "named_as", "plain", "readable", "shown", "written"]

_TOKEN: Final = re.compile(r"[$#]\{Token\[([^\]]*)\]\}")
# Inside of a token, brackets are parentheses, and quotation marks are apostrophes.
_INNER: Final = "{Token("
_FUNCTION: Final = re.compile(r"\{'(Fn::[\w:]+)': (.*)\}", re.DOTALL)
# Control, format (such as right-to-left overrides), surrogate and private characters, line and paragraph separators.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Python doesn't convert integers of thousands of digits to text.
_LARGEST: Final = 10**30


def described(value: Any) -> Any:
    """Return ``value`` for a reader: the token of an unknown value becomes ``<its name>``."""
    if isinstance(value, str):
        return _TOKEN.sub(_bracketed, value)
    if isinstance(value, Mapping):
        return {described(key): described(item) for key, item in value.items()}
    return [described(item) for item in value] if isinstance(value, list | tuple) else value


def readable(finding: Finding) -> Finding:
    """Return ``finding`` with a message for a reader, as of ``described``."""
    if "{Token[" not in finding.message and "{Token[" not in finding.fix:
        return finding
    return changed(finding, message=described(finding.message), fix=described(finding.fix))


def named_as(finding: Finding, place: str) -> Finding:
    """Return ``finding``, whose message begins with the name of the property, with its name at ``place``."""
    old, new = (path.rpartition(".")[2] for path in (finding.path, place))
    if old == new or not new or not finding.message.startswith(f"{old} "):
        return finding
    return changed(finding, message=new + finding.message.removeprefix(old))


def shown(value: Any, default: str = "not specified") -> str:
    """Return ``value`` as one line of text for a reader; ``default`` if it is None."""
    return default if value is None else plain(written(described(value)))


def is_open(value: Any) -> bool:
    """Return whether ``value`` is unknown, or has members that are unknown because a macro adds them."""
    return is_unknown(value) or (isinstance(value, Mapping) and MACRO in value)


def member(parent: Any, name: str, default: str = "not specified") -> str:
    """Return a member of ``parent`` for a reader: ``default`` if it is absent, ``unknown`` if it can't be known."""
    found = parent.get(name) if isinstance(parent, Mapping) else None
    return shown(found, "unknown" if is_open(parent) else default)


def written(value: Any) -> str:
    """Return ``value`` as YAML in flow style; text without quotes."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() if abs(value) > _LARGEST:
            return f"{'-' if value < 0 else ''}more than 10^30"
        case int():
            return str(value)
    try:
        text: str = yaml.safe_dump(value, default_flow_style=True, width=inf, sort_keys=False, allow_unicode=True)
    except (yaml.YAMLError, ValueError):
        return "..."
    return text.removesuffix("\n").removesuffix("\n...")


def plain(text: str) -> str:
    """Return ``text`` on one line, with a space or an escape in place of each character that isn't printable."""
    return "".join(map(_printable, text))


def joined(parts: list[str], word: str = "and") -> str:
    """Return an enumeration such as ``a, b and c``."""
    return f" {word} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace() and character not in "\x0b\x0c\x1c\x1d\x1e\x1f\x85":
        return " "
    return f"\\u{ord(character):04x}" if unicodedata.category(character) in _UNPRINTABLE else character


def _bracketed(match: re.Match[str]) -> str:
    name = _name(match[1])
    return "unknown" if name in ("unknown", MACRO) else f"<{name}>"


def _name(text: str) -> str:
    """The name of an unknown value: of a parameter, of an attribute, or an intrinsic function with its argument."""
    while (start := text.rfind(_INNER)) > 0:
        end = _closing(text, start + len(_INNER))
        if end is None:
            return "unknown"
        before, after = text[: start - 1], text[end + 2 :]
        if before.endswith("'") and after.startswith("'"):
            before, after = before[:-1], after[1:]
        text = f"{before}<{_plain_name(text[start + len(_INNER) : end])}>{after}"
    return _plain_name(text)


def _closing(text: str, start: int) -> int | None:
    """Where the token ends whose content begins at ``start``; None if its parentheses don't match."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return at if text[at + 1 : at + 2] == "}" else None
    return None


def _plain_name(text: str) -> str:
    """The name of an unknown value that has no other ones in it."""
    function = _FUNCTION.fullmatch(text)
    if function is None:
        return "unknown" if text.startswith(("{", "(")) else text.removesuffix(".Ref")
    return function[1] if function[1] == MACRO else f"{function[1]} {function[2]}"
