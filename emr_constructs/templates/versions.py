"""The old and the new version of a template: which resources an update creates, replaces and removes.

The properties that replace a resource are in ``data/cloudformation.json`` and ``data/replacements.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..data import load
from .differences import Change, Outcome, differences, is_same, leaves
from .display import shown
from .graph import Graph
from .intrinsics import Scenario, mapping, section
from .macros import expanded
from .requests import KINDS, SECURITY_CONFIGURATION

__all__ = ["Versions", "replacement_facts"]

# Also inside the token of a function, where brackets become parentheses.
_TOKEN: Final = re.compile(r"\$\{Token([\[(])([^.\[\]()]+)\.")


def replacement_facts(kind: str) -> Mapping[str, Any]:
    """Return what ``data/replacements.json`` says about a type of resources; empty if it is not listed."""
    facts: Mapping[str, Any] = load("replacements.json")["types"].get(kind, {})
    return facts


class Versions:
    """Two versions of a template, the old one at index 0. Their parameters have their defaults."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any], *, keeps_parameters: bool = False) -> None:
        """Compare two versions.

        :param keeps_parameters: whether the update keeps the values that parameters have, the old defaults.
        """
        old, new = (expanded(template, keeps_processed=True).template for template in (old, new))
        self.graphs = (Graph(old), Graph(new))
        chosen = _kept_defaults(old, new) if keeps_parameters else None
        self.scenarios = (Scenario(old), Scenario(new, chosen=chosen))
        self.replaced: frozenset[str] = frozenset()
        """The resources that the update replaces, of the types whose update behavior is known."""
        # A security configuration can refer to a key, a profile to a role: replacing one replaces the other.
        while (found := frozenset(self._replaced())) != self.replaced:
            self.replaced = found

    def exists(self, side: int, name: str) -> bool:
        """Return whether a version has a resource."""
        return bool(self.graphs[side].kind(name)) and self.scenarios[side].exists(self.graphs[side].resources[name])

    def of_kind(self, side: int, kind: str) -> list[str]:
        """Return the resources of a type that a version has."""
        return [name for name in self.graphs[side].of_kind(kind) if self.exists(side, name)]

    def is_kept(self, name: str) -> bool:
        """Return whether both versions have a resource, with the same type."""
        return all(self.exists(side, name) for side in (0, 1)) and self.graphs[0].kind(name) == self.graphs[1].kind(
            name
        )

    def properties(self, side: int, name: str) -> Mapping[str, Any]:
        """Return the properties of a resource; references to a replaced resource differ from those to the old one."""
        found = mapping(self.scenarios[side].value(self.graphs[side].properties(name)))
        return {key: self._marked(item) for key, item in found.items()} if side else found

    def changes(self, name: str) -> list[Change]:
        """Return the changed properties of a resource that both versions have; of other services, what replaces it."""
        before, after = self.properties(0, name), self.properties(1, name)
        kind = self.graphs[1].kind(name)
        members = load("cloudformation.json")["resources"].get(kind)
        if kind == SECURITY_CONFIGURATION:
            before, after = _with_document(before), _with_document(after)
        if members is not None:
            return list(differences(members, before, after, ""))
        return [
            change
            for member in replacement_facts(kind).get("replaced_by", ())
            if not is_same(before.get(member), after.get(member))
            for change in leaves(before.get(member), after.get(member), member, Outcome.REPLACED)
        ]

    def is_retained(self, name: str) -> bool:
        """Return whether CloudFormation keeps the old resource when the update replaces or deletes it."""
        old, new = (section(graph.resources, name) for graph in self.graphs)
        if self.is_kept(name):
            return old.get("UpdateReplacePolicy") == new.get("UpdateReplacePolicy") == "Retain"
        return old.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")

    def condition(self, side: int, name: str) -> str:
        """Return why a version lacks a resource that its template has."""
        condition = section(self.graphs[side].resources, name).get("Condition")
        return "it is removed" if condition is None else f"its condition {shown(condition)} is false"

    def _marked(self, value: Any) -> Any:
        if isinstance(value, str):
            return _TOKEN.sub(self._marked_token, value)
        if isinstance(value, Mapping):
            return {key: self._marked(item) for key, item in value.items()}
        return [self._marked(item) for item in value] if isinstance(value, list) else value

    def _marked_token(self, match: re.Match[str]) -> str:
        return f"${{Token{match[1]}new {match[2]}." if match[2] in self.replaced else match[0]

    def _replaced(self) -> Iterator[str]:
        old, new = self.graphs
        for name in new.resources:
            kind = new.kind(name)
            if not kind or not old.kind(name):
                continue
            if kind != old.kind(name) or (
                (kind in KINDS or replacement_facts(kind))
                and self.is_kept(name)
                and any(change.outcome is Outcome.REPLACED for change in self.changes(name))
            ):
                yield name


def _kept_defaults(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the parameters of the new template if an update keeps those that the old template has."""
    before, after = section(old, "Parameters"), section(new, "Parameters")
    return {
        name: section(before if name in before else after, name)["Default"]
        for name in after
        if "Default" in section(before if name in before else after, name)
    }


def _with_document(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a security configuration, with a document of JSON text as an object."""
    text = properties.get("SecurityConfiguration")
    try:
        return {**properties, "SecurityConfiguration": json.loads(text)} if isinstance(text, str) else properties
    except (ValueError, RecursionError):
        return properties
