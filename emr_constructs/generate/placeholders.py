"""Placeholders in requests, such as ``${subnet}`` and ``{{ params.subnet }}``, as parameters of a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .._core.unknown import MACRO, UNKNOWN
from .identifiers import class_name
from .resolution import Intrinsic

__all__ = ["Placeholders"]

_PLACEHOLDER: Final = re.compile(
    r"\$\{Token\[(?P<token>[^\]]*)\]\}|\$\{(?P<name>[A-Za-z_][\w.]*)\}|\{\{(?P<jinja>[^{}]+)\}\}"
)
_TOKEN: Final = re.compile(r"\$\{Token\[([^\]]*)\]\}")
_STATEMENT: Final = re.compile(r"\{%[^{}]*%\}")
# AWS resolves these itself.
_DYNAMIC: Final = "resolve:"
# Commands have variables of their own.
_COMMANDS: Final = frozenset({"Args"})


class Placeholders:
    """Replaces placeholders by references to parameters."""

    def __init__(self) -> None:
        self.parameters: dict[str, dict[str, Any]] = {}
        """The parameters, as a template declares them."""

    def replaced(self, value: Any, member: str = "Value") -> Any:
        """Return ``value`` with references; what is unknown in it is left out.

        :param member: the name of the member that has the value.
        """
        match value:
            case Mapping():
                found = {key: self.replaced(item, str(key)) for key, item in value.items() if key != MACRO}
                return {key: item for key, item in found.items() if item is not None}
            case list() | tuple():
                return [item for item in (self.replaced(item, member) for item in value) if item is not None]
            case str() if value == UNKNOWN:
                return None
            case str() if "{" in value:
                return self._text(value, member)
        return value

    def _text(self, text: str, member: str) -> Any:
        if _STATEMENT.search(text):
            return Intrinsic({"Ref": self._parameter(member, text)})
        parts: list[str] = []
        end, name = 0, ""
        for match in _PLACEHOLDER.finditer(text):
            inner = match["token"] or match["name"] or match["jinja"] or ""
            is_variable = match["name"] is not None and member in _COMMANDS
            if is_variable or inner.strip().startswith(_DYNAMIC):
                continue
            name = self._parameter(inner, match[0])
            if match[0] == text:
                return Intrinsic({"Ref": name})
            parts += [_escaped(text[end : match.start()]), f"${{{name}}}"]
            end = match.end()
        return Intrinsic({"Fn::Sub": "".join([*parts, _escaped(text[end:])])}) if name else text

    def _parameter(self, text: str, original: str) -> str:
        last = re.split(r"[.$]", text.strip())[-1] or text
        base = found = class_name(last.strip(), "Value")
        number = 2
        while found in self.parameters and self.parameters[found]["Description"] != _TOKEN.sub(r"\1", original):
            found, number = f"{base}{number}", number + 1
        self.parameters.setdefault(found, {"Type": "String", "Description": _TOKEN.sub(r"\1", original)})
        return found


def _escaped(text: str) -> str:
    return text.replace("${", "${!")
