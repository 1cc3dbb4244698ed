"""Other rules than those of the library, over the clusters of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph
    from .intrinsics import Scenario

__all__ = ["Judge"]


class Judge(Protocol):
    """Finds violations of rules that aren't registered."""

    def of_stack(self, tags: Mapping[str, str]) -> Judge:
        """Return a judge of a template whose stack has ``tags``."""
        ...

    def in_resource(self, graph: Graph, name: str, scenario: Scenario) -> Iterable[Finding]:
        """Return the findings in a resource in one scenario, with paths from the root of the template."""
        ...

    def in_states(self, definition: Any) -> Iterable[Finding]:
        """Return the findings in a definition in the Amazon States Language."""
        ...

    def in_request(self, shape: str, request: Any) -> Iterable[Finding]:
        """Return the findings in a request of an API shape, with paths in it."""
        ...
