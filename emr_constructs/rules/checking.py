"""Runs the rules over plain dictionaries in the shape of the EMR API.

A value object only raises what is malformed, a construct reports what the rules find in its request, and the command
line runs them over any template. A value that is only known at deployment is *unknown*: present, but without a value.
Rules are silent about it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from .._core.errors import EmrError
from .._core.findings import Finding, Severity
from .._core.unknown import MACRO, UNKNOWN, is_unknown
from .parts import ANYTHING, Part
from .places import closest, last_name
from .registry import form_rules_reading, rules_reading
from .scalars import LARGEST, converted, is_plain
from .shapes import shape_facts

__all__ = ["Items", "check", "enforce"]


Items: TypeAlias = dict[tuple[object, ...], tuple[Any, list[Finding], bool]]
"""The items of lists that were checked, by their places and contents: as the rules see them, what was found in them,
and whether they are partial."""


def check(
    shape: str,
    value: object,
    *,
    in_library: bool = False,
    known_items: Items | None = None,
    unchecked: str | None = None,
) -> list[Finding]:
    """All violations of rules in ``value``, a plain dictionary of API shape ``shape``, and inside it.

    :param in_library: state fixes in the words of this library instead of those of a template.
    :param known_items: shared by the checks of similar values, so that equal items are checked once.
    :param unchecked: a member of ``value`` that rules read and that is checked by itself.
    """
    walk = _Walk(in_library=in_library, known_items=known_items, unchecked=unchecked)
    walk.visit(shape, value)
    if not walk.is_partial or not walk.findings:
        return walk.findings
    # What is unknown may hold anything: a finding is certain only if it doesn't depend on that.
    other = _Walk(in_library=in_library, is_anything_present=True, known_items=known_items, unchecked=unchecked)
    other.visit(shape, value)
    certain = {(finding.rule, finding.message, finding.path) for finding in other.findings}
    return [finding for finding in walk.findings if (finding.rule, finding.message, finding.path) in certain]


def enforce(shape: str, value: object) -> None:
    """Raise ``EmrError`` if ``value`` is malformed, whatever EMR accepts.

    All other findings can be acknowledged, so they are reported where the value meets a construct.
    """
    walk = _Walk(in_library=True, is_form_only=True)
    walk.visit(shape, value)
    # A choice may be newer than this library.
    errors = [found for found in walk.findings if found.severity is Severity.ERROR and found.rule != "emr-enum"]
    if errors:
        raise EmrError(map(str, errors), findings=errors)


_PYTHON_TYPES: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "string": ((str,), "a string"),
    "integer": ((int,), "a whole number"),
    "long": ((int,), "a whole number"),
    "double": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
    "list": ((list, tuple), "a list"),
    "map": ((dict, Mapping), "a mapping"),
    "structure": ((dict, Mapping), "a mapping"),
}
_ABSENT: Final = object()
_COLLECTIONS: Final = (list, dict)
_LONGEST: Final = 200
"""The most characters of a value in a message."""
# A list without items in a cluster is the same as none.
_WITH_EMPTY_LISTS: Final = frozenset(("RunJobFlowInput", "JobFlowInstancesConfig"))


class _Walk:
    """Visits a value and everything in it."""

    def __init__(
        self,
        *,
        in_library: bool,
        is_anything_present: bool = False,
        is_form_only: bool = False,
        known_items: Items | None = None,
        unchecked: str | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.is_partial = False
        """Whether a structure is unknown, or has unknown members."""
        self._in_library = in_library
        self._is_anything_present = is_anything_present
        self._is_form_only = is_form_only
        self._in_document = False
        self._known_items = known_items
        self._unchecked = unchecked
        self._is_silent = False
        self._root: object = None

    def visit(self, shape: str, value: object) -> None:
        self._root = value
        try:
            self.view(shape, value, "")
        except RecursionError:
            self.report("emr-type", "", "must not be nested so deeply", "use fewer levels")

    def report(self, rule_id: str, path: str, message: str, fix: str) -> None:
        name = last_name(self._root, path)
        self._add(rule_id, f"{name or 'the value'} {message}", fix, path, path.removesuffix(name).removesuffix("."))

    def _add(
        self, rule_id: str, message: str, fix: str, path: str, part: str, *, severity: Severity = Severity.ERROR
    ) -> None:
        if not self._is_silent:
            self.findings.append(Finding(rule_id, severity, message, fix, closest(self._root, path), part=part))

    def view(self, name: str, value: object, path: str) -> Any:
        """``value`` as rules see it, or ``_ABSENT`` if it is unknown or of the wrong type; reports on the way."""
        shape = shape_facts(name)
        kind = shape["type"]
        if is_unknown(value):
            self.is_partial |= kind == "structure"
            return _ABSENT
        types, described = _PYTHON_TYPES[kind]
        if self._in_document:
            value = converted(kind, value)
        # A bool is an int to Python. Exact types are most values, and recognized at once.
        if type(value) not in types and (not isinstance(value, types) or isinstance(value, bool)):
            # Corrections are loaded only for what is wrong.
            from .corrections import type_fix

            message = f"must be {described}, got {self._shown(value)}"
            self.report("emr-type", path, message, type_fix(name, described, value))
            return _ABSENT
        found: Any = value
        match kind:
            case "string":
                return self._text(shape, found, path)
            case "structure":
                if self._in_document or not shape.get("is_document"):
                    return self._members(name, shape, found, path)
                self._in_document = True
                part = self._members(name, shape, found, path)
                self._in_document = False
                return part
            case "list":
                member = shape["member"]
                is_shared = self._known_items is not None and _is_structure(member)
                view = self._shared_item if is_shared else self.view
                viewed = [
                    item if is_plain(member, item) else view(member, item, f"{path}[{at}]")
                    for at, item in enumerate(found)
                ]
                return [item for item in viewed if item is not _ABSENT]
            case "map":
                keys, values = shape["key"], shape["value"]
                pairs = [
                    (
                        key if is_plain(keys, key) else self.view(keys, key, path),
                        item if is_plain(values, item) else self.view(values, item, f"{path}.{key}"),
                    )
                    for key, item in found.items()
                ]
                return {key: item for key, item in pairs if key is not _ABSENT and item is not _ABSENT}
            case "boolean":
                return found
        return self._number(shape, found, path)

    def _shared_item(self, name: str, value: object, path: str) -> Any:
        """What ``view`` returns and reports, from an equal item in the same place if there was one."""
        assert self._known_items is not None
        try:
            key = name, path, self._in_document, self._is_anything_present, repr(value)
        except ValueError:  # a number of thousands of digits
            return self.view(name, value, path)
        if key not in self._known_items:
            start, was_partial, self.is_partial = len(self.findings), self.is_partial, False
            viewed = self.view(name, value, path)
            self._known_items[key] = viewed, self.findings[start:], self.is_partial
            self.is_partial |= was_partial
            return viewed
        viewed, findings, is_partial = self._known_items[key]
        self.findings += findings
        self.is_partial |= is_partial
        return viewed

    def _members(self, name: str, shape: Mapping[str, Any], value: Mapping[str, Any], path: str) -> Part:
        members: dict[str, str] = shape["members"]
        values: dict[str, Any] = {}
        present: set[str] = set()
        empty: set[str] = set()
        incomplete: set[str] = set()
        placed: dict[str, list[Any]] = {}
        for member, item in value.items():
            if member == MACRO:
                self.is_partial = True
            elif member not in members:
                meant = self._report_unknown(name, member, members, path) - value.keys()
                present |= meant
                incomplete |= meant
            elif item is not None:
                if is_plain(members[member], item):
                    present.add(member)
                    values[member] = item
                    continue
                (empty if item == [] and name in _WITH_EMPTY_LISTS else present).add(member)
                viewed = self._member(members[member], member, item, path)
                if viewed is not _ABSENT:
                    values[member] = viewed
                if viewed is _ABSENT or (isinstance(viewed, _COLLECTIONS) and len(viewed) != len(item)):
                    incomplete.add(member)
                    if isinstance(viewed, list):
                        placed[member] = [entry if isinstance(entry, str) else UNKNOWN for entry in item]
        if MACRO not in value:
            missing = [member for member in shape["required"] if member not in present and member not in empty]
            self._report_missing(name, missing, path)
        elif self._is_anything_present:
            incomplete |= members.keys() - present
            present |= members.keys()
        if self._is_anything_present:
            unknown = (member for member in incomplete - values.keys() if _is_structure(members[member]))
            values |= dict.fromkeys(unknown, ANYTHING)
        references = _texts(value, incomplete) if incomplete else None
        specified = frozenset(present)
        part = Part(values, specified, frozenset(incomplete), placed, path, references=references)
        self._run_rules(name, part, specified)
        return part

    def _member(self, shape: str, name: str, value: Any, path: str) -> Any:
        if path:
            return self.view(shape, value, f"{path}.{name}")
        self._is_silent = name == self._unchecked
        viewed = self.view(shape, value, str(name))
        self._is_silent = False
        return viewed

    def _report_missing(self, name: str, members: list[str], path: str) -> None:
        for member in members:
            self._add("emr-missing-property", f"{name} lacks {member}", f"specify {member}", path, path)

    def _report_unknown(self, name: str, member: str, members: Mapping[str, str], path: str) -> set[str]:
        """Report a member that the structure doesn't have; return the one that is meant, which is only unknown."""
        from .corrections import correction

        fix, meant = correction(member, members)
        place = f"{path}.{member}" if path else str(member)
        if self._in_document:
            message = f"{name} must have only documented members, got {member!r}"
            fix = f"{fix}, or acknowledge this warning if EMR accepts it"
            self._add("emr-unknown-setting", message, fix, place, path, severity=Severity.WARNING)
        else:
            self._add("emr-unknown-property", f"{name} has no {member!r}", fix, place, path)
        return set() if meant is None else {meant}

    def _run_rules(self, name: str, part: Part, present: frozenset[str]) -> None:
        if self._is_silent:
            return
        reading = form_rules_reading if self._is_form_only else rules_reading
        for found in reading(name, present):
            for violation in found.find(part):
                message, fix, place = found.described(violation, part, in_library=self._in_library)
                self._add(found.id, message, fix, place, part.at(), severity=found.severity)

    def _shown(self, value: object) -> str:
        """``value`` as Python code for the library, and otherwise as JSON, of a limited length."""
        try:
            text = repr(value) if self._in_library or isinstance(value, str) else json.dumps(value, default=str)
        except ValueError:
            return "a number of thousands of digits"
        if len(text) <= _LONGEST:
            return text
        text = text[:_LONGEST]
        # The name of an unknown value is shown as a whole or not at all.
        token = text.rfind("${")
        return f"{text[:token] if token > text.rfind(']') else text}..."

    def _text(self, shape: Mapping[str, Any], value: str, path: str) -> Any:
        choices = shape.get("enum")
        if choices and value not in choices:
            listed = ", ".join(choices)
            from .corrections import choice

            near = choice(value, choices)
            fix = f"use {near!r}" if near else "use one of these values"
            self.report("emr-enum", path, f"must be one of {listed}, got {value!r}", fix)
            return _ABSENT
        shortest, longest = shape.get("min", 0), shape.get("max")
        if len(value) < shortest or (longest is not None and len(value) > longest):
            shown = value if len(value) <= 60 else f"{value[:57]}..."
            message = f"must have {shortest} to {longest} characters, got {len(value)} ({shown!r})"
            self.report("emr-length", path, message, "use a shorter string" if value else "specify a value")
        return value

    def _number(self, shape: Mapping[str, Any], value: float, path: str) -> Any:
        if isinstance(value, int) and abs(value) > LARGEST:
            self.report("emr-range", path, "must be a 64-bit number", "use a smaller number")
            return _ABSENT
        lowest, highest = shape.get("min"), shape.get("max")
        if (lowest is not None and value < lowest) or (highest is not None and value > highest):
            bounds = f"at least {lowest}" if highest is None else f"{lowest} to {highest}"
            self.report("emr-range", path, f"must be {bounds}, got {value}", f"use {bounds}")
            return _ABSENT
        return value


def _texts(value: Mapping[str, Any], members: Iterable[str]) -> dict[str, str]:
    """The ``members`` of ``value`` that are strings."""
    texts = ((member, value.get(member)) for member in members)
    return {member: text for member, text in texts if isinstance(text, str)}


def _is_structure(name: str) -> bool:
    return bool(shape_facts(name)["type"] == "structure")
