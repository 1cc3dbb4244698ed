"""A policy: a condition on clusters with its statement and its fix."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable

from .._core.errors import EmrError
from .._core.findings import Severity
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.type_messages import shown
from .._core.values import value_class
from .cluster import ResolvedCluster
from .parts import Violation

__all__ = ["CustomRule", "FindViolations", "Policy", "require_function"]

FindViolations = Callable[[ResolvedCluster], Iterable[Violation | str]]
"""Finds the violations of a cluster; a string is the message of one at the cluster."""


def require_function(name: str, find: object) -> None:
    """Raise an error if ``find`` isn't a function that can be called with a cluster.

    :param name: what messages call it.
    """
    fix = "use def find(cluster): ..."
    if not callable(find):
        raise EmrError(f"{name} must be a function of a cluster, got {shown(find)}; {fix}")
    try:
        accepted = inspect.signature(find)
    except (TypeError, ValueError):  # a function without a signature, such as some that are built in
        return
    try:
        accepted.bind(None)
    except TypeError:
        raise EmrError(f"{name} must have the cluster as its only parameter, got {accepted}; {fix}") from None


@check_calls
@value_class
class Policy:
    """A condition on clusters: what the methods of ``Policies`` return.

    :raises EmrError: an argument has the wrong type.
    """

    name: str
    """The end of the ID, after the prefix of the ``RuleSet``."""

    statement: str
    """The condition in a sentence."""

    fix: str
    """What to do, as an imperative."""

    find: FindViolations
    """Returns the violations of a cluster."""

    severity: Severity = Severity.ERROR
    """Whether violations are errors or warnings. Default: errors."""

    rule_id: str | None = None
    """The whole ID. Default: the prefix of the ``RuleSet`` and the name."""

    def __post_init__(self) -> None:
        require_function("find", self.find)
        require_known("severity", self.severity, "use 'error' or 'warning'")


@check_calls
@value_class
class CustomRule:
    """A rule of a ``RuleSet``."""

    id: str
    """The ID, which begins with the prefix of the ``RuleSet``."""

    severity: Severity
    """Whether violations are errors or warnings."""

    statement: str
    """The condition in a sentence."""

    fix: str
    """What to do, as an imperative."""

    why: str
    """The reason. Empty if none is stated."""

    source: str
    """The page that states the rule. Empty if there is none."""

    defined: str
    """The file and the line of the function. Empty for a policy."""

    find: FindViolations
    """Returns the violations of a cluster."""

    @property
    def library_fix(self) -> str:
        """The fix: the same in templates and in apps."""
        return self.fix
