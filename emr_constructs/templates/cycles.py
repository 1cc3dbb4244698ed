"""Finds resources that depend on each other, so that CloudFormation can't create any of them first."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# Nothing depends on them, and there are many of them.
_ENDS: Final = (
    "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::EC2::Route", "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SubnetRouteTableAssociation", "AWS::Events::Rule",
)  # fmt: skip
# Of the formats of marshal, one in which equal strings are not shared.
_PLAIN: Final = 2


def cycle_findings(graph: Graph, names: Sequence[str]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in the cycles of ``names`` and of security groups, each with the first resource of the cycle.

    Paths are from the resource on, and lead to what refers to the next resource of the cycle.
    """
    groups = graph.of_kind(_GROUP)
    referring = graph.referring(_GROUP, ("SecurityGroupIngress", "SecurityGroupEgress"), groups)
    for cycle in _cycles(graph, [*_suspects(graph, names), *referring]):
        if any(_is_conditional(graph, name) for name in cycle):
            continue
        facts = {"Names": cycle, "HasOnlyGroups": all(name in groups for name in cycle)}
        place = _place(graph, cycle[0], cycle[1 % len(cycle)])
        yield from ((cycle[0], changed(finding, path=place)) for finding in check(CYCLE, facts))


def _suspects(graph: Graph, names: Sequence[str]) -> list[str]:
    """Return those of ``names`` that may depend on themselves.

    Most are the dependency of nothing but of others of them. What refers to them elsewhere is looked for in bytes,
    which is much faster than a walk through all references.
    """
    skipped = {*map(graph.kind, names), *_ENDS}
    others = [graph.resources[name] for kind in graph.kinds() if kind not in skipped for name in graph.of_kind(kind)]
    try:
        data = marshal.dumps(others, _PLAIN)
    except ValueError:  # other types than those of JSON, or too many levels
        return list(names)
    known = frozenset(names)
    users: dict[str, list[str]] = {}
    for name in names:
        for other in graph.direct(name) & known:
            users.setdefault(other, []).append(name)
    return [name for name in names if graph.refers_to_itself(name) or _may_reach_itself(name, users, data)]


def _may_reach_itself(name: str, users: Mapping[str, Sequence[str]], data: bytes) -> bool:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if _names(data, found.encode(errors="surrogatepass")):
            return True
        waiting += [user for user in users.get(found, ()) if user not in seen]
        seen.update(users.get(found, ()))
    return name in seen


def _names(data: bytes, text: bytes) -> bool:
    """Whether a string in ``data`` is ``text``, begins with it and a dot, or has it in a placeholder."""
    if text not in data:
        return False
    exact = len(text).to_bytes(4, "little") + text
    return exact in data or text + b"." in data or b"{" + text + b"}" in data or b" " + text in data


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
