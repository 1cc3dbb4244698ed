"""Python names for the parts of a template: modules, classes, variables and construct IDs."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final

from .code import MODULES

__all__ = ["Names", "class_name", "snake_case"]

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_MODULES: Final = frozenset({*MODULES, "jsii"})
# So that expressions with a name and an attribute fit in a line.
_LONGEST: Final = 30
_RESERVED: Final = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_MODULES})


def snake_case(text: str, default: str = "value") -> str:
    """Return ``text`` as the name of a variable: ``CoreNodes`` becomes ``core_nodes``; long names are cut."""
    name = "_".join(_WORD.findall(text)).lower()[:_LONGEST].rstrip("_") or default
    return f"{default}_{name}" if name[0].isdigit() else name


def class_name(text: str, default: str = "Emr") -> str:
    """Return ``text`` as the name of a class: ``daily-reports`` becomes ``DailyReports``."""
    name = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))
    return f"{default}{name}" if not name or name[0].isdigit() else name


class Names:
    """Names that are in use, each once."""

    def __init__(self, *used: str) -> None:
        """Start with the names that Python, its modules and ``used`` have."""
        self._reserved = {*_RESERVED, *used}
        self._used = set(self._reserved)
        self._ids: set[str] = set()

    def variable(self, text: str, default: str = "value") -> str:
        """Return a new name of a variable for ``text``."""
        return self._new(snake_case(text, default))

    def constant(self, text: str) -> str:
        """Return a new name of a constant for ``text``."""
        return self._new(snake_case(text).upper())

    def construct_id(self, text: str) -> str:
        """Return a new construct ID for ``text``."""
        found = _numbered(re.sub(r"[^A-Za-z0-9_-]", "", text) or "Part", "{}{}", self._ids)
        self._ids.add(found)
        return found

    def _new(self, name: str) -> str:
        found = _numbered(f"{name}_" if name in self._reserved else name, "{}_{}", self._used)
        self._used.add(found)
        return found


def _numbered(name: str, pattern: str, used: set[str]) -> str:
    found, number = name, 2
    while found in used:
        found, number = pattern.format(name, number), number + 1
    return found
