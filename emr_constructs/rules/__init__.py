"""Rules on what EMR rejects, and on what it accepts but ignores; pure Python over plain dictionaries.

One module per topic; ``checking`` runs them. Nothing here imports CDK. Modules of rules are loaded when the first
value is checked or rules are listed.
"""

from __future__ import annotations

from .._core.findings import Finding, Severity
from .catalogue import all_rules
from .checking import check, enforce
from .registry import Rule

__all__ = ["Finding", "Rule", "Severity", "all_rules", "check", "enforce"]
