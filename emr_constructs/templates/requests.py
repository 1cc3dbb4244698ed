"""Converts resources of ``AWS::EMR`` to requests to the EMR API: the inverse of rendering a template.

The properties and their names are in ``data/cloudformation.json`` and ``_core.spelling``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from .._core.spelling import API_ONLY, RENAMED, ROLES, STEP_LOGS
from .._core.unknown import MACRO, UNKNOWN, is_unknown
from ..data import load
from ..rules import Finding, Severity
from ..rules.corrections import Correction, correction
from ..rules.shapes import shape_facts
from .functions import MAPPINGS

__all__ = [
    "CLUSTER",
    "FLEET",
    "GROUP",
    "KINDS",
    "SECURITY_CONFIGURATION",
    "STEP",
    "Request",
    "coerced",
    "document",
    "place_of",
]

CLUSTER: Final = "AWS::EMR::Cluster"
GROUP: Final = "AWS::EMR::InstanceGroupConfig"
FLEET: Final = "AWS::EMR::InstanceFleetConfig"
STEP: Final = "AWS::EMR::Step"
SECURITY_CONFIGURATION: Final = "AWS::EMR::SecurityConfiguration"
KINDS: Final[tuple[str, ...]] = tuple(load("cloudformation.json")["resources"])

_LISTS: Final = (list, tuple)
_ROLE_OF: Final = {
    name: (listed, found.role_member, role)
    for listed, found in ROLES.items()
    for role, name in found.properties.items()
}
_API_NAMES: Final = {member: {spelled: name for name, spelled in names.items()} for member, names in RENAMED.items()}
_STEP_LOG_MEMBERS: Final = tuple(shape_facts("S3MonitoringConfiguration")["members"])
# Python doesn't convert integers of thousands of digits to text.
_LARGEST: Final = 2**63
_LONGEST_NUMBER: Final = 100
# Strings of JSON, and the tokens of unknown values between them.
_OUTSIDE_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{[^{}]*\}')
_NUMBERS: Final = {"integer": int, "long": int, "double": float}
_EXACT_TYPES: Final = {**_NUMBERS, "string": str, "boolean": bool}


class Request:
    """The properties of a resource, with the names of the EMR API."""

    def __init__(self, kind: str, properties: Mapping[str, Any]) -> None:
        """Convert the resolved ``properties`` of a resource of type ``kind``."""
        self.findings: list[Finding] = []
        """Properties that CloudFormation doesn't have, and missing properties that it requires."""
        self._places: dict[str, str] = {}
        members = load("cloudformation.json")["resources"][kind]
        self.members: dict[str, Any] = self._structure(kind, members, properties, "", "")
        """The request."""
        if kind == STEP:
            self._gather_logs()

    def place(self, path: str) -> str:
        """Return the path in the properties of the resource that the member ``path`` of the request comes from."""
        return place_of(path, self._places)

    def _gather_logs(self) -> None:
        outer, inner = STEP_LOGS
        logs = {name: self.members.pop(name) for name in _STEP_LOG_MEMBERS if name in self.members}
        if logs:
            self.members[outer] = {inner: logs}
            self._places[f"{outer}.{inner}"] = ""

    def _structure(
        self,
        name: str,
        members: Mapping[str, Any],
        properties: Mapping[str, Any],
        origin: str,
        target: str,
        *,
        within: str = "",
    ) -> dict[str, Any]:
        """``properties`` with the API's names.

        :param origin: the path in the template's properties.
        :param target: the path in the request.
        :param within: the member of the request that holds the structure.
        """
        request: dict[str, Any] = {}
        names = _API_NAMES.get(within, {})
        others: set[str] = set()
        for spelled, value in properties.items():
            if spelled == MACRO:
                request[MACRO] = UNKNOWN
                continue
            fact = members.get(spelled)
            place = _joined(origin, spelled)
            if fact is None:
                fix, meant = _instead(spelled, members, within)
                self._report("emr-unknown-property", f"{name} has no {spelled!r}", fix, place)
                others.add(meant or "")
            elif spelled in _ROLE_OF and name == "JobFlowInstancesConfig":
                listed, nodes = self._nodes(spelled, value, place, target, len(request.get(_ROLE_OF[spelled][0], ())))
                request.setdefault(listed, []).extend(nodes)
            else:
                member = names.get(spelled, spelled)
                path = _joined(target, member)
                if spelled != member:
                    self._places[path] = place
                request[member] = self._member(member, fact, value, place, path)
        if MACRO in request:
            # A macro may add the nodes of other roles.
            for listed in ROLES.keys() & request.keys():
                request[listed].append(UNKNOWN)
            return request
        # One cause, one finding: what is meant isn't missing, only unknown.
        if others:
            others -= {"", *(properties.keys() - ROLES.keys())}
        for spelled, fact in members.items():
            if fact.get("required") and spelled not in others and properties.get(spelled) is None:
                self._report("emr-missing-property", f"{name} requires {spelled}", f"specify {spelled}", origin)
        return _with_unknown(request, others, names) if others else request

    def _member(self, member: str, fact: Mapping[str, Any], value: Any, origin: str, target: str) -> Any:
        if fact.get("list") and isinstance(value, _LISTS):
            return [
                self._one(member, fact, item, f"{origin}[{at}]", f"{target}[{at}]") for at, item in enumerate(value)
            ]
        if fact.get("list") and isinstance(value, Mapping) and not is_unknown(value):
            # Its type is wrong, so what is in it has no meaning.
            return value
        return self._one(member, fact, value, origin, target)

    def _one(self, member: str, fact: Mapping[str, Any], value: Any, origin: str, target: str) -> Any:
        members = load("cloudformation.json")["types"].get(fact["type"])
        if members is not None and isinstance(value, MAPPINGS) and not is_unknown(value):
            return self._structure(fact["type"], members, value, origin, target, within=member)
        # A security configuration stays an object, because parts of it can be unknown.
        if fact["type"] == "json" and member == "AdditionalInfo" and isinstance(value, Mapping | list):
            return _json_text(value)
        return value

    def _nodes(self, spelled: str, value: Any, origin: str, target: str, first: int) -> tuple[str, list[Any]]:
        """The API's list of nodes of all roles, and those of one role, for the list from index ``first`` on."""
        listed, role_member, role = _ROLE_OF[spelled]
        fact = load("cloudformation.json")["types"]["JobFlowInstancesConfig"][spelled]
        is_list = bool(fact.get("list")) and isinstance(value, list)
        nodes = []
        self._places[_joined(target, listed)] = origin.rpartition(".")[0]
        for at, item in enumerate(value if is_list else [value]):
            path = f"{_joined(target, listed)}[{first + at}]"
            self._places[path] = self._places[f"{path}.{role_member}"] = place = (
                f"{origin}[{at}]" if is_list else origin
            )
            plain = self._one(listed, fact, item, place, path)
            nodes.append({role_member: role, **plain} if isinstance(plain, dict) else plain)
        return listed, nodes

    def _report(self, rule: str, message: str, fix: str, path: str) -> None:
        self.findings.append(Finding(rule, Severity.ERROR, message, fix, path))


def _with_unknown(request: dict[str, Any], properties: Iterable[str], names: Mapping[str, str]) -> dict[str, Any]:
    """``request`` with unknown values for other ``properties``, which the API calls ``names``."""
    for spelled in properties:
        listed = spelled if spelled in ROLES else _ROLE_OF[spelled][0] if spelled in _ROLE_OF else None
        if listed is None:
            request.setdefault(names.get(spelled, spelled), UNKNOWN)
        else:
            request.setdefault(listed, []).append(UNKNOWN)
    return request


def place_of(path: str, places: Mapping[str, str]) -> str:
    """Return where ``path`` of a request comes from.

    :param places: where parts of the request come from, by their paths in it.
    """
    ends = (at for at in range(len(path) - 1, 0, -1) if path[at] in ".[")
    for end in (len(path), *ends, 0):
        prefix, rest = path[:end], path[end:]
        if prefix in places:
            dot = "." if places[prefix] and not prefix and rest[:1] not in ("", "[") else ""
            return f"{places[prefix]}{dot}{rest}".removeprefix(".")
    return path


def _instead(name: str, members: Mapping[str, Any], within: str) -> Correction:
    """What to use instead of a name that CloudFormation doesn't have."""
    if name == "AmiVersion" and "ReleaseLabel" in members:
        fix = "remove it, and specify ReleaseLabel; AMI versions are older than release 4.0"
        return Correction(fix, "ReleaseLabel")
    if name in API_ONLY:
        return Correction(f"remove {name}, or launch the cluster with the RunJobFlow API, which has it")
    if name in ROLES:
        return Correction(f"use {', '.join(ROLES[name].properties.values())}; only the API has a single list", name)
    if any(found.role_member == name for found in ROLES.values()):
        return Correction(f"remove {name}; the name of the property states the role")
    renamed = RENAMED.get(within, {}).get(name)
    if renamed:
        return Correction(f"use {renamed!r}; {name} is its name in the API", renamed)
    return correction(name, {member: fact["type"] for member, fact in members.items()})


def document(properties: Mapping[str, Any]) -> Any:
    """Return the document of a security configuration, an object or its JSON text in a template; a token if unknown.

    :raises ValueError: the text is not valid JSON.
    """
    value = properties.get("SecurityConfiguration")
    if isinstance(value, str):
        value = _partly_known(value) if is_unknown(value) else json.loads(value)
    return UNKNOWN if value is None else coerced("SecurityConfigurationDocument", value)


def _partly_known(text: str) -> Any:
    """The object of a JSON text with unknown values in it; unknown if they may be more than values.

    :raises ValueError: the text is not valid JSON, whatever the values are.
    """
    quoted = _OUTSIDE_TEXT.sub(lambda match: match[0] if match[0].startswith('"') else json.dumps(match[0]), text)
    try:
        value = json.loads(quoted)
    except ValueError:
        if quoted == text:
            raise
        return UNKNOWN
    return value if isinstance(value, Mapping) else UNKNOWN


def coerced(name: str, value: Any) -> Any:
    """Return ``value`` with the types of API shape ``name``: CloudFormation accepts text for numbers and booleans."""
    facts = shape_facts(name)
    kind = facts["type"]
    if value is None or type(value) is _EXACT_TYPES.get(kind) or is_unknown(value):
        return value
    if kind == "structure" and isinstance(value, MAPPINGS):
        members, exact = facts["members"], _exact_members(name)
        return {
            key: item if type(item) is exact.get(key) or key not in members else coerced(members[key], item)
            for key, item in value.items()
        }
    if kind == "list" and isinstance(value, _LISTS):
        member = facts["member"]
        exact_type = _EXACT_TYPES.get(shape_facts(member)["type"])
        return [item if type(item) is exact_type else coerced(member, item) for item in value]
    if kind == "map" and isinstance(value, MAPPINGS):
        member = facts["value"]
        exact_type = _EXACT_TYPES.get(shape_facts(member)["type"])
        return {key: item if type(item) is exact_type else coerced(member, item) for key, item in value.items()}
    return _coerced_scalar(kind, value)


def _coerced_scalar(kind: str, value: Any) -> Any:
    match kind, value:
        case "boolean", str() if value.lower() in ("true", "false"):
            return value.lower() == "true"
        case (("integer" | "long" | "double"), str()):
            return _number(_NUMBERS[kind], value)
        case (("integer" | "long"), float()) if value.is_integer():
            return int(value)
        case "string", bool():
            return str(value).lower()
        case "string", float():
            return str(value)
        case "string", int() if abs(value) < _LARGEST:
            return str(value)
    return value


@cache
def _exact_members(name: str) -> Mapping[str, type]:
    """The members of a structure that are scalars, with their types."""
    kinds = ((member, shape_facts(shape)["type"]) for member, shape in shape_facts(name)["members"].items())
    return {member: _EXACT_TYPES[kind] for member, kind in kinds if kind in _EXACT_TYPES}


def _number(kind: type, text: str) -> Any:
    try:
        return kind(text) if len(text) <= _LONGEST_NUMBER else text
    except ValueError:
        return text


def _json_text(value: Any) -> str:
    """A JSON value as text; unknown if a part of it is unknown."""
    text = json.dumps(value, default=str, skipkeys=True)
    return UNKNOWN if is_unknown(text) else text


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
