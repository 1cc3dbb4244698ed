"""For every rule what it rejects, what it says, and what it accepts instead."""

from __future__ import annotations

import importlib
import pkgutil

from .parts import Case

__all__ = ["CASES", "Case"]

CASES: list[Case] = [
    case
    for module in sorted(module.name for module in pkgutil.iter_modules(__path__))
    for case in getattr(importlib.import_module(f"{__name__}.{module}"), "CASES", ())
]
