"""Runs the rules over plain dictionaries in the shape of the EMR API.

A value object only raises what is malformed, a construct reports what the rules find in its request, and the command
line runs them over any template. A value that is only known at deployment is *unknown*: present, but without a value.
Rules are silent about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import inf
from typing import Any, Final, TypeAlias

from .._core.errors import EmrError
from .._core.findings import Finding, Severity
from .._core.patterns import regex
from .._core.unknown import MACRO, NUMBER_MARK, UNKNOWN, is_unknown
from .parts import ANYTHING, Part
from .places import closest, last_name
from .registry import rules_reading
from .shapes import did_you_mean, meant, shape_facts

__all__ = ["Items", "check", "enforce"]


Items: TypeAlias = dict[tuple[object, ...], tuple[Any, list[Finding], bool]]
"""The items of lists that were checked, by their places and contents: as the rules see them, what was found in them,
and whether they are partial."""


def check(shape: str, value: object, *, in_library: bool = False, known_items: Items | None = None) -> list[Finding]:
    """All violations of rules in ``value``, a plain dictionary of API shape ``shape``, and inside it.

    :param in_library: state fixes in the words of this library instead of those of a template.
    :param known_items: shared by the checks of similar values, so that equal items are checked once.
    """
    walk = _Walk(in_library=in_library, known_items=known_items)
    walk.visit(shape, value)
    if not walk.is_partial or not walk.findings:
        return walk.findings
    # What is unknown may hold anything: a finding is certain only if it doesn't depend on that.
    other = _Walk(in_library=in_library, is_anything_present=True, known_items=known_items)
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
_TOKEN: Final = regex(r"""['"]?\$\{Token\[([^\]]*)\]\}['"]?""")
_SCALAR_TYPES: Final = {"string": str, "integer": int, "long": int, "boolean": bool}
_LARGEST: Final = 2**63


class _Walk:
    """Visits a value and everything in it."""

    def __init__(
        self,
        *,
        in_library: bool,
        is_anything_present: bool = False,
        is_form_only: bool = False,
        known_items: Items | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self.is_partial = False
        """Whether a structure is unknown, or has unknown members."""
        self._in_library = in_library
        self._is_anything_present = is_anything_present
        self._is_form_only = is_form_only
        self._in_document = False
        self._known_items = known_items
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
            value = _converted(kind, value)
        # A bool is an int to Python. Exact types are most values, and recognized at once.
        if type(value) not in types and (not isinstance(value, types) or isinstance(value, bool)):
            self.report("emr-type", path, f"must be {described}, got {_shown(value)}", f"use {described}")
            return _ABSENT
        found: Any = value
        match kind:
            case "string":
                return self._text(shape, found, path)
            case "structure":
                return self._structure(name, shape, found, path)
            case "list":
                member = shape["member"]
                is_shared = self._known_items is not None and _is_structure(member)
                view = self._shared_item if is_shared else self.view
                viewed = [
                    item if _is_plain(member, item) else view(member, item, f"{path}[{at}]")
                    for at, item in enumerate(found)
                ]
                return [item for item in viewed if item is not _ABSENT]
            case "map":
                keys, values = shape["key"], shape["value"]
                pairs = [
                    (
                        key if _is_plain(keys, key) else self.view(keys, key, path),
                        item if _is_plain(values, item) else self.view(values, item, f"{path}.{key}"),
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

    def _structure(self, name: str, shape: Mapping[str, Any], value: Mapping[str, Any], path: str) -> Part:
        outside = self._in_document
        self._in_document = outside or bool(shape.get("is_document"))
        part = self._members(name, shape, value, path)
        self._in_document = outside
        return part

    def _members(self, name: str, shape: Mapping[str, Any], value: Mapping[str, Any], path: str) -> Part:
        members: dict[str, str] = shape["members"]
        values: dict[str, Any] = {}
        present: set[str] = set()
        incomplete: set[str] = set()
        placed: dict[str, list[Any]] = {}
        for member, item in value.items():
            if member == MACRO:
                self.is_partial = True
            elif member not in members:
                self._report_unknown(name, member, members, path)
            elif item is not None:
                present.add(member)
                if _is_plain(members[member], item):
                    values[member] = item
                    continue
                viewed = self.view(members[member], item, f"{path}.{member}" if path else str(member))
                if viewed is not _ABSENT:
                    values[member] = viewed
                if viewed is _ABSENT or (isinstance(viewed, _COLLECTIONS) and len(viewed) != len(item)):
                    incomplete.add(member)
                    if isinstance(viewed, list):
                        placed[member] = [entry if isinstance(entry, str) else UNKNOWN for entry in item]
        if MACRO not in value:
            self._report_missing(name, [member for member in shape["required"] if member not in present], value, path)
        elif self._is_anything_present:
            incomplete |= members.keys() - present
            present |= members.keys()
        if self._is_anything_present:
            unknown = (member for member in incomplete - values.keys() if _is_structure(members[member]))
            values |= dict.fromkeys(unknown, ANYTHING)
        texts = ((member, value.get(member)) for member in incomplete)
        references = {member: text for member, text in texts if isinstance(text, str)} if incomplete else None
        given = frozenset(present)
        part = Part(values, given, frozenset(incomplete), placed, path, references=references)
        self._run_rules(name, part, given)
        return part

    def _report_missing(self, name: str, members: list[str], value: Mapping[str, Any], path: str) -> None:
        known = shape_facts(name)["members"] if members else {}
        # One cause, one finding: a misspelt member is reported as unknown.
        misspelt = {meant(member, known) for member in value if member not in known} if members else set()
        for member in (it for it in members if it not in misspelt):
            self._add("emr-missing-property", f"{name} lacks {member}", f"specify {member}", path, path)

    def _report_unknown(self, name: str, member: str, members: Mapping[str, str], path: str) -> None:
        fix = did_you_mean(member, members)
        place = f"{path}.{member}" if path else str(member)
        if self._in_document:
            message = f"{name} must have only documented members, got {member!r}"
            fix = f"{fix}, or acknowledge this warning if EMR accepts it"
            self._add("emr-unknown-setting", message, fix, place, path, severity=Severity.WARNING)
        else:
            self._add("emr-unknown-property", f"{name} has no {member!r}", fix, place, path)

    def _run_rules(self, name: str, part: Part, present: frozenset[str]) -> None:
        for found in rules_reading(name, present, is_form_only=self._is_form_only):
            for violation in found.find(part):
                message, fix, place = found.described(violation, part, in_library=self._in_library)
                self._add(found.id, message, fix, place, part.at(), severity=found.severity)

    def _text(self, shape: Mapping[str, Any], value: str, path: str) -> Any:
        choices = shape.get("enum")
        if choices and value not in choices:
            listed = ", ".join(choices)
            self.report("emr-enum", path, f"must be one of {listed}, got {value!r}", "use one of these values")
            return _ABSENT
        shortest, longest = shape.get("min", 0), shape.get("max")
        if len(value) < shortest or (longest is not None and len(value) > longest):
            shown = value if len(value) <= 60 else f"{value[:57]}..."
            message = f"must have {shortest} to {longest} characters, got {len(value)} ({shown!r})"
            self.report("emr-length", path, message, "shorten the text" if value else "specify a text")
        return value

    def _number(self, shape: Mapping[str, Any], value: float, path: str) -> Any:
        if isinstance(value, int) and abs(value) > _LARGEST:
            self.report("emr-range", path, "must be a 64-bit number", "use a smaller number")
            return _ABSENT
        lowest, highest = shape.get("min"), shape.get("max")
        if (lowest is not None and value < lowest) or (highest is not None and value > highest):
            bounds = f"at least {lowest}" if highest is None else f"{lowest} to {highest}"
            self.report("emr-range", path, f"must be {bounds}, got {value}", f"use {bounds}")
            return _ABSENT
        return value


@cache
def _limits(name: str) -> tuple[Any, frozenset[str] | None, float, float]:
    """The only type of a scalar shape, its choices and the limits of its length or value; no type for others."""
    shape = shape_facts(name)
    exact = _SCALAR_TYPES.get(shape["type"])
    lowest, highest = (0, inf) if exact is str else (-_LARGEST, _LARGEST)
    choices = frozenset(shape["enum"]) if shape.get("enum") else None
    return exact, choices, shape.get("min", lowest), shape.get("max", highest)


def _is_plain(name: str, value: Any) -> bool:
    """Whether ``value`` is a known scalar within the limits of its shape, as most values are."""
    exact, choices, lowest, highest = _limits(name)
    if type(value) is not exact:
        return False
    if exact is str:
        is_known = "{" not in value and NUMBER_MARK not in value
        return is_known and lowest <= len(value) <= highest and (choices is None or value in choices)
    return exact is bool or lowest <= value <= highest


def _converted(kind: str, value: object) -> object:
    """``value`` with the type that a JSON document means by it."""
    match kind, value:
        case "boolean", str() if value.lower() in ("true", "false"):
            return value.lower() == "true"
        case (("integer" | "long"), str()) if value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        case (("integer" | "long"), float()) if value.is_integer():
            return int(value)
        case "string", bool():
            return str(value).lower()
        case "string", int() | float() if abs(value) < _LARGEST:
            return str(value)
    return value


def _is_structure(name: str) -> bool:
    return bool(shape_facts(name)["type"] == "structure")


def _shown(value: object) -> str:
    try:
        return _TOKEN.sub(lambda match: f"<{match[1].removesuffix('.Ref')}>", repr(value))
    except ValueError:
        return "a number of thousands of digits"
