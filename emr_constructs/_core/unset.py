"""``DEFAULT``: an argument that isn't specified, if ``None`` disables an option."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, TypeAlias

__all__ = ["DEFAULT", "Default"]


class _Default(Enum):
    DEFAULT = "default"

    def __repr__(self) -> str:
        return "DEFAULT"


DEFAULT: Final = _Default.DEFAULT
Default: TypeAlias = Literal[_Default.DEFAULT]
