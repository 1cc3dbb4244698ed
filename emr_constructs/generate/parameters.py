"""Parameters of a template as keyword arguments of the stack.

A parameter whose value must not be in code stays a parameter without its default: one with ``NoEcho``, and one whose
name is that of a password. So does a parameter of Systems Manager, with its default.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..templates.intrinsics import section
from .code import Call, Code, Entries, Items, Literal, Name
from .quotes import quoted

if TYPE_CHECKING:
    from .identifiers import Names

__all__ = ["OF_STACKS", "Argument", "Parameters", "has_secret_default", "is_secret", "literal", "without_secret"]

_LIST: Final = re.compile(r"CommaDelimitedList|List<.*>")
_SSM: Final = re.compile(r"AWS::SSM::Parameter::Value<(.*)>")
_PASSWORD: Final = re.compile(r"(?i)(passw(or)?d|passphrase|secret)(?!.*(arn|name|id|path|length|version)$)")
# AWS resolves these itself.
_DYNAMIC: Final = "{{resolve:"
_LARGEST: Final = 2**53
OF_STACKS: Final = (
    "scope",
    "construct_id",
    "options",
    "self",
    "analytics_reporting",
    "cross_region_references",
    "description",
    "env",
    "notification_arns",
    "permissions_boundary",
    "stack_name",
    "suppress_template_indentation",
    "synthesizer",
    "tags",
    "termination_protection",
    "included",
)
"""The arguments of ``cdk.Stack``, and names that generated code uses."""


@dataclass(frozen=True)
class Argument:
    """A parameter that is a keyword argument of the stack."""

    parameter: str
    name: str
    annotation: str
    """``str``, ``int``, ``float`` or ``Sequence[str]``."""

    default: Code | None
    """None if it is required."""

    comment: str = ""
    """The description of the parameter and the values that it allows."""

    @property
    def is_list(self) -> bool:
        """Whether the values are a list."""
        return self.annotation == "Sequence[str]"


class Parameters:
    """The parameters of a template, and how code refers to them."""

    def __init__(
        self, template: Mapping[str, Any], names: Names, kept: Iterable[str] = (), *, keeps_ids: bool = False
    ) -> None:
        """Name the arguments.

        :param kept: parameters that stay parameters, because a part of the template can't do without them.
        :param keeps_ids: whether parameters that stay parameters have the logical IDs of the template.
        """
        self._declared = section(template, "Parameters")
        self._kept = frozenset(kept)
        self._keeps_ids = keeps_ids
        self.arguments: dict[str, Argument] = {}
        """By parameter."""
        for name, declared in self._declared.items():
            if isinstance(declared, Mapping) and not self.stays(name):
                self.arguments[name] = _argument(name, declared, names.variable(name))

    def __contains__(self, name: object) -> bool:
        return name in self._declared

    def stays(self, name: str) -> bool:
        """Return whether a parameter of the template stays one."""
        declared = section(self._declared, name)
        is_kept = name in self._kept or str(declared.get("Type")).startswith("AWS::SSM::")
        return is_kept or is_secret(name, declared)

    def is_list(self, name: str) -> bool:
        """Return whether the values of a parameter are a list."""
        kind = str(section(self._declared, name).get("Type"))
        inner = _SSM.fullmatch(kind)
        return bool(_LIST.fullmatch(inner[1] if inner else kind))

    def construct(self, name: str) -> Code:
        """Return the code that creates a parameter that stays one."""
        declared = without_secret(name, section(self._declared, name))
        options = {
            option: literal(declared[member])
            for option, member in _OPTIONS.items()
            if isinstance(declared.get(member), str | int | float | list)
        }
        if "no_echo" in options:
            options["no_echo"] = Literal(True)
        return Call("cdk.CfnParameter", (Name("self"), Literal(name)), options)

    def path_in_systems_manager(self, name: str) -> str:
        """Return the parameter of Systems Manager that has the text of a parameter; empty if none is known."""
        declared = section(self._declared, name)
        default = declared.get("Default")
        # CDK has parameters of its own for Systems Manager: with another name, an update may replace a cluster.
        is_text = not self._keeps_ids and declared.get("Type") == "AWS::SSM::Parameter::Value<String>"
        return default if is_text and isinstance(default, str) else ""


def is_secret(name: str, declared: Mapping[str, Any]) -> bool:
    """Return whether the value of a parameter is a secret."""
    has_no_echo = str(declared.get("NoEcho")).lower() == "true"
    return has_no_echo or (declared.get("Type") == "String" and _PASSWORD.search(name) is not None)


def has_secret_default(name: str, declared: Mapping[str, Any]) -> bool:
    """Return whether the default of a parameter is a secret, which must not be in code."""
    default = declared.get("Default")
    return default not in (None, "") and is_secret(name, declared) and not str(default).startswith(_DYNAMIC)


def without_secret(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the declaration of a parameter without a default that is a secret."""
    hidden = {"Default"} if has_secret_default(name, declared) else set()
    return {member: value for member, value in declared.items() if member not in hidden}


# The options of cdk.CfnParameter.
_OPTIONS: Final = {
    "type": "Type",
    "default": "Default",
    "description": "Description",
    "no_echo": "NoEcho",
    "allowed_pattern": "AllowedPattern",
    "allowed_values": "AllowedValues",
    "constraint_description": "ConstraintDescription",
    "max_length": "MaxLength",
    "max_value": "MaxValue",
    "min_length": "MinLength",
    "min_value": "MinValue",
}


def literal(value: Any) -> Code:
    """Return the code of a JSON value."""
    match value:
        case Mapping():
            return Entries({str(key): literal(item) for key, item in value.items()})
        case list() | tuple():
            return Items([literal(item) for item in value])
        case None | str() | bool() | int() | float():
            return Literal(value)
    return Literal(str(value))


def _argument(parameter: str, declared: Mapping[str, Any], name: str) -> Argument:
    kind, default = str(declared.get("Type")), declared.get("Default")
    found = _number(default) if kind == "Number" else None
    if _LIST.fullmatch(kind):
        texts = None if default is None else [item.strip() for item in _text(default).split(",") if item.strip()]
        code = None if texts is None else Name(_tuple(texts))
        return Argument(parameter, name, "Sequence[str]", code, _comment(declared))
    if kind == "Number" and (default is None or found is not None):
        is_float = isinstance(found, float) or any(
            isinstance(_number(item), float) for item in declared.get("AllowedValues", ()) if kind == "Number"
        )
        annotation = "float" if is_float else "int"
        return Argument(parameter, name, annotation, None if found is None else Literal(found), _comment(declared))
    return Argument(parameter, name, "str", None if default is None else Literal(_text(default)), _comment(declared))


def _comment(declared: Mapping[str, Any]) -> str:
    description, allowed = declared.get("Description"), declared.get("AllowedValues")
    texts = [" ".join(description.split())] if isinstance(description, str) and description.strip() else []
    if isinstance(allowed, list) and allowed:
        texts.append(f"Allowed values: {', '.join(map(_text, allowed))}.")
    return "\n".join(texts)


def _tuple(texts: list[str]) -> str:
    quotes = [quoted(text) for text in texts]
    return f"({quotes[0]},)" if len(quotes) == 1 else f"({', '.join(quotes)})"


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not abs(number) < _LARGEST:
        return None
    return int(number) if number.is_integer() and "." not in str(value) else number


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
