"""``DEFAULT`` stands for an argument that was not given, where ``None`` means "switch it off"."""

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
