"""The references between the resources of a template, for any parameters and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._core.unknown import MACRO, UNKNOWN
from ..rules import Finding, check
from .functions import MAPPINGS, REFERRING, Text, Use, referred, uses
from .intrinsics import Scenario, Values, mapping, section

if TYPE_CHECKING:
    from ..rules.checking import Items
    from .requests import Request

__all__ = ["Graph"]


class Graph:
    """The resources of a template by type, and the dependencies between them."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.resources: Mapping[str, Any] = section(template, "Resources")
        self.constants: Values = {}
        """The values that don't depend on parameters and conditions, for ``intrinsics.Scenario``."""
        # Scenarios share what was found in requests, by their shapes and strings, and in the items of their lists.
        self._findings: dict[tuple[str, str], list[Finding]] = {}
        self._items: Items = {}
        self._kinds: dict[str, str] = {}
        self._by_kind: dict[str, list[str]] = {}
        for name, resource in self.resources.items():
            kind = resource.get("Type") if isinstance(resource, MAPPINGS) else None
            if isinstance(kind, str):
                self._kinds[name] = kind
                if isinstance(name, str) and kind:
                    self._by_kind.setdefault(kind, []).append(name)
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._positions = {name: at for at, name in enumerate(self.resources)}
        self._direct: dict[str, frozenset[str]] = {}
        self._own: set[str] = set()
        self._all: dict[str, frozenset[str]] = {}
        self._users: dict[str, dict[str, list[str]]] = {}
        self._referring: dict[tuple[str, ...], dict[str, list[str]]] = {}
        self._possible_users: dict[tuple[str, str], tuple[dict[str, list[str]], list[str]]] = {}
        self._uses: dict[str, list[Use | Text]] = {}
        self.requests: dict[str, Request] = {}
        """The requests of resources whose properties don't depend on parameters and conditions."""

    def checked(self, shape: str, value: Any, unchecked: str | None = None) -> list[Finding]:
        """Return the findings in ``value`` of API shape ``shape``; treat them as read-only.

        :param unchecked: as in ``check``; it is the same for all values of a shape.
        """
        try:
            key = shape, repr(value)
        except ValueError:  # a number of thousands of digits
            return check(shape, value, unchecked=unchecked)
        if key not in self._findings:
            self._findings[key] = check(shape, value, known_items=self._items, unchecked=unchecked)
        return self._findings[key]

    def of_kind(self, kind: str) -> list[str]:
        """Return the logical IDs of the resources of a type, in the order of the template."""
        return self._by_kind.get(kind, [])

    def kinds(self) -> list[str]:
        """Return the types of the resources."""
        return list(self._by_kind)

    def kind(self, name: str) -> str:
        """Return the type of a resource; an empty string if the template has no such resource."""
        return self._kinds.get(name, "")

    def properties(self, name: str) -> Mapping[str, Any]:
        """Return the properties of a resource, with intrinsic functions."""
        found = self._properties.get(name)
        if found is None:
            found = self._properties[name] = section(self.resources.get(name), "Properties")
        return found

    def is_constant(self, name: str) -> bool:
        """Return whether the properties of a resource were resolved, and don't depend on parameters and conditions."""
        return id(self.properties(name)) in self.constants

    def is_open(self, name: str) -> bool:
        """Return whether a macro can add to the properties of a resource, or change them."""
        return MACRO in self.properties(name) or MACRO in mapping(self.resources.get(name))

    def known_properties(self, scenario: Scenario, name: str) -> Mapping[str, Any]:
        """Return the properties of a resource in a scenario; with a macro among them if it can change them."""
        found = mapping(scenario.value(self.properties(name)))
        return {**found, MACRO: UNKNOWN} if self.is_open(name) else found

    def member(self, scenario: Scenario, name: str, member: str) -> Any:
        """Return a property of a resource in a scenario; unknown if it is absent and a macro can add it."""
        properties = self.properties(name)
        if member not in properties and self.is_open(name):
            return UNKNOWN
        return scenario.value(properties.get(member))

    def uses(self, name: str) -> list[Use | Text]:
        """Return the names in intrinsic functions, and strings with placeholders, in the properties of a resource."""
        if name not in self._uses:
            self._uses[name] = list(uses(self.properties(name)))
        return self._uses[name]

    def direct(self, name: str) -> frozenset[str]:
        """Return the resources that a resource refers to or names in ``DependsOn``."""
        if name not in self._direct:
            resource = self.resources.get(name)
            after = resource.get("DependsOn") if isinstance(resource, Mapping) else None
            named = [after] if isinstance(after, str) else after if isinstance(after, list) else []
            found = {other for other in named if isinstance(other, str)} | self._referred(name)
            self._direct[name] = frozenset(found & self.resources.keys() - {name})
            if name in found:
                self._own.add(name)
        return self._direct[name]

    def _referred(self, name: str) -> set[str]:
        known = self._uses.get(name)
        if known is None:
            return referred(self.properties(name))
        return {use.name for use in known if isinstance(use, Use) and use.function in REFERRING}

    def refers_to_itself(self, name: str) -> bool:
        """Return whether a resource refers to itself."""
        self.direct(name)
        return name in self._own

    def users(self, kind: str, name: str) -> list[str]:
        """Return the resources of a type that refer to ``name``."""
        if kind not in self._users:
            found = self._users[kind] = {}
            for user in self.of_kind(kind):
                for other in self.direct(user):
                    found.setdefault(other, []).append(user)
        return self._users[kind].get(name, [])

    def referring(self, kind: str, members: Sequence[str], names: Iterable[str]) -> list[str]:
        """Return the resources of a type whose properties ``members`` refer to any of ``names``.

        They are in the order of the template.
        """
        known = self._referring.get((kind, *members))
        if known is None:
            known = self._referring[kind, *members] = {}
            for user in self.of_kind(kind):
                properties = self.properties(user)
                values = [value for member in members if (value := properties.get(member)) is not None]
                # Most are a reference and nothing else.
                target = self._target(values[0]) if len(values) == 1 else None
                for other in referred(values) if target is None else (target,):
                    known.setdefault(other, []).append(user)
        found = {user for name in names for user in known.get(name, ())}
        return sorted(found, key=self._positions.__getitem__)

    def possible_users(self, kind: str, member: str, owner: str) -> list[str]:
        """Return the resources of a type whose property ``member`` may be a reference to ``owner``.

        They are in the order of the template, and include those whose property depends on parameters or conditions.
        """
        known = self._possible_users.get((kind, member))
        if known is None:
            known = self._possible_users[kind, member] = {}, []
            for user in self.of_kind(kind):
                properties = self.properties(user)
                is_open = member not in properties and self.is_open(user)
                target = None if is_open else self._target(properties.get(member))
                (known[1] if target is None else known[0].setdefault(target, [])).append(user)
        certain, others = known
        found = certain.get(owner, [])
        return sorted([*found, *others], key=self._positions.__getitem__) if others else found

    def _target(self, value: Any) -> str | None:
        """The resource that ``value`` is a reference to, whatever the parameters are."""
        match value:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), str()]} if len(value) == 1 and name in self._kinds:
                return name
        return None

    def all_of(self, name: str) -> frozenset[str]:
        """Return all resources that CloudFormation creates before a resource."""
        if name not in self._all:
            found: set[str] = set()
            waiting = [name]
            while waiting:
                new = self.direct(waiting.pop()) - found
                found |= new
                waiting += new
            self._all[name] = frozenset(found)
        return self._all[name]
