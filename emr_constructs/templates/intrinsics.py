"""Resolves the intrinsic functions of a template as far as they are static.

A ``Scenario`` is one way to launch a template: values for parameters, and an outcome for each condition that
depends on unknown values. Values that stay open are unknown to the rules; they are never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from .._core.unknown import MACRO, UNKNOWN, is_unknown
from .functions import CONTAINERS, MAPPINGS, SCALARS
from .loops import copies, is_loop
from .tokens import Reference, canonical, token

__all__ = ["REMOVED", "Reference", "Scenario", "Values", "canonical", "items", "mapping", "mappings", "section"]

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
# CloudFormation's own limit of a template is 1 MB, and functions can multiply strings without bounds.
_LONGEST_TEXT: Final = 1_000_000
_LISTS: Final = (list, tuple)
_LIST_PARAMETER: Final = re.compile(r"CommaDelimitedList|List<.*>")


class _Removed:
    def __repr__(self) -> str:
        return "REMOVED"


REMOVED: Final = _Removed()
"""The value of ``AWS::NoValue``: the property is absent."""


Values: TypeAlias = dict[int, tuple[Any, Any]]
"""The values of parts of a template by their IDs, with the parts themselves: no others get their IDs."""


def section(template: Any, name: str) -> Mapping[str, Any]:
    """Return a section of a template or a resource; an empty mapping if it is absent or no mapping."""
    return mapping(mapping(template).get(name))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value``, or an empty mapping if it is no mapping."""
    return value if value is not None and isinstance(value, MAPPINGS) else {}


def items(value: Any) -> list[Any]:
    """Return ``value``, or an empty list if it is no list."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings in a list; none if ``value`` is no list."""
    return [item for item in items(value) if isinstance(item, Mapping)]


class Scenario:
    """The values of a template for one choice of parameters and conditions."""

    def __init__(
        self,
        template: Mapping[str, Any],
        *,
        chosen: Mapping[str, Any] | None = None,
        condition_values: Sequence[tuple[str, bool]] = (),
        undecided: bool = True,
        constants: Values | None = None,
    ) -> None:
        """Create a scenario.

        :param chosen: values of parameters; all other parameters are unknown. Default: parameters have their defaults.
        :param condition_values: the outcomes of open conditions. Default: all are ``undecided``.
        :param undecided: the outcome of open conditions that ``condition_values`` doesn't have.
        :param constants: the values that don't depend on the choice, which the scenarios of a template share.
        """
        self._template = template
        self._parameters = section(template, "Parameters")
        self._resources = section(template, "Resources")
        self._conditions = section(template, "Conditions")
        self._mappings = section(template, "Mappings")
        self._chosen = chosen
        self._evaluating: set[str] = set()
        self._held: dict[str, bool] = {}
        self._undecided = undecided
        self._constants: Values = {} if constants is None else constants
        self._values: Values = {}
        self._operands: Values = {}
        self._is_compared = False
        self._choices = 0
        self._written: dict[int, str] = {}
        """The canonical JSON of mappings, which can be long, by their ``id``."""
        self.condition_values: dict[str, bool] = dict(condition_values)
        """The assumed outcomes of open conditions, in the order of their evaluation."""
        self.used: set[str] = set()
        """The parameters that were read."""

    def value(self, raw: Any) -> Any:
        """Return ``raw`` with static values resolved, unknown values as tokens, and removed values left out.

        Equal calls return the same value: treat it as read-only.
        """
        kind = type(raw)
        if kind is not dict and kind is not list and (kind in SCALARS or not isinstance(raw, CONTAINERS)):
            return raw
        constant = self._constants.get(id(raw))
        if constant is not None:
            return constant[1]
        # A function that fails resolves its argument again: known values keep nested ones linear.
        known = self._values.get(id(raw))
        if known is not None:
            self._choices += 1
            return known[1]
        before = self._choices
        found = self._resolved(raw)
        values = self._constants if self._choices == before else self._values
        values[id(raw)] = raw, found
        return found

    def _resolved(self, raw: Mapping[Any, Any] | list[Any] | tuple[Any, ...]) -> Any:
        if isinstance(raw, _LISTS):
            return [item for item in map(self.value, raw) if item is not REMOVED]
        if len(raw) == 1:
            ((name, argument),) = raw.items()
            if name == "Ref":
                return self._ref(argument)
            if isinstance(name, str) and name.startswith("Fn::") and not is_loop(name):
                return self._function(name, argument)
        if MACRO in raw and not _is_include(raw[MACRO]):
            return token(raw)
        return self._members(raw)

    def _members(self, raw: Mapping[Any, Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, item in raw.items():
            if key == MACRO:
                found[key] = UNKNOWN
            elif str(key)[:4] == "Fn::" and is_loop(key):
                found |= self._copies(item)
            else:
                value = item if type(item) is str else self.value(item)
                if value is not REMOVED:
                    found[key] = value
        return found

    def _copies(self, loop: Any) -> dict[str, Any]:
        try:
            values = {name: self.value(copied) for name, copied, _ in copies(loop, self.value)}
        except ValueError:
            return {MACRO: UNKNOWN}
        return {name: value for name, value in values.items() if value is not REMOVED}

    def exists(self, resource: Any) -> bool:
        """Return whether a resource is created in this scenario."""
        condition = mapping(resource).get("Condition")
        return condition is None or self.holds({"Condition": condition})

    def holds(self, expression: Any) -> bool:
        """Return whether a condition is true; an open condition is decided once and recorded."""
        match expression:
            case {"Condition": str(name)}:
                return self._named(name)
            case {"Fn::Not": [inner]}:
                return not self.holds(inner)
            case {"Fn::And": [*inner]}:
                return all(self.holds(item) for item in inner)
            case {"Fn::Or": [*inner]}:
                return any(self.holds(item) for item in inner)
            case {"Fn::Equals": [left, right]}:
                values = [self._compared(left), self._compared(right)]
                if not any(map(_is_open, values)):
                    return _text(values[0]) == _text(values[1])
        return self._decide(expression)

    def _compared(self, raw: Any) -> Any:
        """The value of an operand of a condition, where an empty string is known."""
        outside = self._values, self._is_compared
        self._values, self._is_compared = self._operands, True
        try:
            return self.value(raw)
        finally:
            self._values, self._is_compared = outside

    def _named(self, name: str) -> bool:
        if name in self._held:
            return self._held[name]
        if name in self._evaluating or name not in self._conditions:
            return self._decide({"Condition": name})
        self._evaluating.add(name)
        try:
            self._held[name] = self.holds(self._conditions[name])
            return self._held[name]
        finally:
            self._evaluating.discard(name)

    def _decide(self, expression: Any) -> bool:
        return self.condition_values.setdefault(canonical(expression), self._undecided)

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return REMOVED
        if not isinstance(name, str):
            return token(name)
        if name in self._parameters:
            return self._parameter(name)
        return Reference(name) if name in self._resources else token(name)

    def _parameter(self, name: str) -> Any:
        self._choices += 1
        self.used.add(name)
        declared = section(self._parameters, name)
        kind = str(declared.get("Type"))
        if kind.startswith("AWS::SSM::Parameter::"):
            return token(name)
        value = declared.get("Default") if self._chosen is None else self._chosen.get(name)
        # An empty text often stands for a value that a deployment specifies.
        if value is None or (value == "" and kind == "String" and not self._is_compared):
            return token(name)
        if _LIST_PARAMETER.fullmatch(kind) and not is_unknown(value):
            return [item.strip() for item in _text(value).split(",")]
        return value

    def _function(self, name: str, argument: Any) -> Any:
        function = _FUNCTIONS.get(name)
        try:
            found = function(self, argument) if function else None
        except (TypeError, ValueError, LookupError):
            found = None  # malformed, which CloudFormation reports itself
        if found is not None:
            return found
        resolved = self.value(argument)
        return token(f"{name} {resolved}" if isinstance(resolved, str) else {name: resolved})

    def _if(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        self._choices += 1
        is_met = self._named(condition) if isinstance(condition, str) else self.holds({"Condition": condition})
        return self.value(then if is_met else otherwise)

    def _find_in_map(self, argument: Any) -> Any:
        name, first, second = (self.value(item) for item in argument[:3])
        if _is_open(name):
            return None
        found = section(self._mappings, _text(name))
        if _is_open(first) or _is_open(second):
            return self._unknown_row(found, first, second)
        row = section(found, _text(first))
        value = row.get(_text(second))
        if value is None and any(MACRO in part for part in (self._mappings, found, row)):
            return self._unknown_row(found, first, second)
        if value is None and len(argument) > 3 and isinstance(argument[3], Mapping):
            return self.value(argument[3].get("DefaultValue"))
        # A mapping has no functions, and must not lead to itself.
        return None if isinstance(value, Mapping) else value

    def _unknown_row(self, found: Mapping[str, Any], first: Any, second: Any) -> str:
        if id(found) not in self._written:
            self._written[id(found)] = canonical(found)
        return token(f"[{canonical([_text(first), _text(second)])}, {self._written[id(found)]}]")

    def _join(self, argument: Any) -> Any:
        delimiter, items = argument[0], self.value(argument[1])
        if not isinstance(items, list):
            return None
        texts = [*map(_text, items)]
        is_long = sum(map(len, texts)) + len(str(delimiter)) * len(texts) > _LONGEST_TEXT
        return None if is_long else str(delimiter).join(texts)

    def _sub(self, argument: Any) -> Any:
        text, values = (argument, {}) if isinstance(argument, str) else (argument[0], dict(argument[1]))

        known: dict[str, str] = {}
        length = len(text)

        def replaced(match: re.Match[str]) -> str:
            nonlocal length
            if match[1]:
                return f"${{{match[2]}}}"
            name = match[2].strip()
            if name not in known:
                known[name] = _text(self.value(values[name]) if name in values else self._ref(name))
            length += len(known[name])
            return known[name] if length <= _LONGEST_TEXT else ""

        found = _PLACEHOLDER.sub(replaced, text)
        return found if length <= _LONGEST_TEXT else None

    def _select(self, argument: Any) -> Any:
        index, items = self.value(argument[0]), self.value(argument[1])
        return items[int(index)] if isinstance(items, list) and not _is_open(index) else None

    def _split(self, argument: Any) -> Any:
        text = self.value(argument[1])
        return None if _is_open(text) else _text(text).split(argument[0])

    def _length(self, argument: Any) -> Any:
        value = self.value(argument)
        return len(value) if isinstance(value, list) and not is_unknown(value) else None

    def _to_json_string(self, argument: Any) -> Any:
        text = json.dumps(self.value(argument), skipkeys=True)
        return None if is_unknown(text) else text

    def _get_att(self, argument: Any) -> Any:
        resource, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        known = resource in self._resources and isinstance(attribute, str)
        return Reference(resource, attribute) if known else None


_FUNCTIONS: Final[dict[str, Callable[[Scenario, Any], Any]]] = {
    "Fn::If": Scenario._if,  # noqa: SLF001
    "Fn::FindInMap": Scenario._find_in_map,  # noqa: SLF001
    "Fn::Join": Scenario._join,  # noqa: SLF001
    "Fn::Sub": Scenario._sub,  # noqa: SLF001
    "Fn::Select": Scenario._select,  # noqa: SLF001
    "Fn::Split": Scenario._split,  # noqa: SLF001
    "Fn::GetAtt": Scenario._get_att,  # noqa: SLF001
    "Fn::Length": Scenario._length,  # noqa: SLF001
    "Fn::ToJsonString": Scenario._to_json_string,  # noqa: SLF001
}


def _is_include(macro: Any) -> bool:
    """Whether a macro only adds to the structure that it is in."""
    return isinstance(macro, Mapping) and macro.get("Name") == "AWS::Include"


def _is_open(value: Any) -> bool:
    """Whether ``value`` is no known scalar."""
    if type(value) is str:
        return is_unknown(value)
    return value is None or value is REMOVED or isinstance(value, list | Mapping) or is_unknown(value)


def _text(value: Any) -> str:
    """A scalar as CloudFormation writes it; a token for anything else."""
    if isinstance(value, str):
        return str(value)
    if value is None or value is REMOVED or isinstance(value, list | Mapping):
        return token(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
