"""Finds resources that depend on each other, so that CloudFormation can't create any of them first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from .._core.findings import changed
from ..rules import check
from ..rules.template_references import CYCLE
from .functions import Use, path_of
from .intrinsics import mapping

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph

__all__ = ["cycle_findings"]

_GROUP: Final = "AWS::EC2::SecurityGroup"


def cycle_findings(graph: Graph, names: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in the cycles that ``names`` depend on, each with the first resource of the cycle.

    Paths are from the resource on, and lead to what refers to the next resource of the cycle.
    """
    for cycle in _cycles(graph, names):
        if any(_is_conditional(graph, name) for name in cycle):
            continue
        facts = {"Names": cycle, "HasOnlyGroups": all(graph.kind(name) == _GROUP for name in cycle)}
        place = _place(graph, cycle[0], cycle[1 % len(cycle)])
        yield from ((cycle[0], changed(finding, path=place)) for finding in check(CYCLE, facts))


def _place(graph: Graph, name: str, other: str) -> str:
    uses = (use for use in graph.uses(name) if isinstance(use, Use) and use.name == other)
    found = next(uses, None)
    return "DependsOn" if found is None else path_of(("Properties", *found.places))


def _cycles(graph: Graph, names: Iterable[str]) -> Iterator[list[str]]:
    """The cycles that a search through the dependencies of ``names`` meets, each once."""
    done: set[str] = set()
    for start in names:
        path: dict[str, None] = {}
        waiting = [(start, iter(_dependencies(graph, start)))] if start not in done else []
        path |= {name: None for name, _ in waiting}
        while waiting:
            name, others = waiting[-1]
            other = next(others, None)
            if other is None:
                waiting.pop()
                path.pop(name)
                done.add(name)
            elif other in path:
                trail = list(path)
                yield trail[trail.index(other) :]
            elif other not in done:
                path[other] = None
                waiting.append((other, iter(_dependencies(graph, other))))


def _dependencies(graph: Graph, name: str) -> list[str]:
    """The resources that ``name`` depends on, in the order of their names; itself if it refers to itself."""
    return sorted([*graph.direct(name), *([name] if graph.refers_to_itself(name) else [])])


def _is_conditional(graph: Graph, name: str) -> bool:
    """Whether a condition or a macro may leave out the resource or one of its references."""
    uses = (use for use in graph.uses(name) if isinstance(use, Use))
    return "Condition" in mapping(graph.resources[name]) or any(
        use.function == "Fn::If" or not use.is_certain for use in uses
    )
