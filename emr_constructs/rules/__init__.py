"""What EMR would refuse, and what it would accept but not do as meant; pure Python over plain dictionaries.

One module per topic; :mod:`.checking` runs them. Nothing here imports CDK.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .._core.findings import Finding, Severity
from .checking import check, enforce
from .registry import Rule, all_rules

__all__ = ["Finding", "Rule", "Severity", "all_rules", "check", "enforce"]

# Each module registers its rules when it is loaded.
for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
