"""Intrinsic functions as code: references to arguments of the stack, to constructs, and to the included template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from ..templates.intrinsics import section
from ..templates.requests import CLUSTER, FLEET, GROUP, SECURITY_CONFIGURATION, STEP
from .code import Attribute, Call, Code, Items, Literal, Name, joined, layout
from .context import Context
from .identifiers import Names
from .parameters import Argument, Parameters, literal
from .resolution import Branch, Intrinsic, Resolver

__all__ = ["UNWRAPPED", "Expressions"]

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_PSEUDO: Final = {
    "AWS::AccountId": "cdk.Aws.ACCOUNT_ID",
    "AWS::NotificationARNs": "cdk.Aws.NOTIFICATION_ARNS",
    "AWS::Partition": "cdk.Aws.PARTITION",
    "AWS::Region": "cdk.Aws.REGION",
    "AWS::StackId": "cdk.Aws.STACK_ID",
    "AWS::StackName": "cdk.Aws.STACK_NAME",
    "AWS::URLSuffix": "cdk.Aws.URL_SUFFIX",
}
UNWRAPPED: Final = "a construct of CDK"
"""The kind of resources that become constructs of CDK instead of this library."""

_STUDIO: Final = "AWS::EMR::Studio"
# By type of resource, the attributes of its construct.
_ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    CLUSTER: {"Ref": "cluster_id", "Id": "cluster_id", "MasterPublicDNS": "master_public_dns"},
    SECURITY_CONFIGURATION: {"Ref": "security_configuration_name"},
    _STUDIO: {"Ref": "studio_id", "StudioId": "studio_id", "Arn": "studio_arn", "Url": "studio_url"},
    STEP: {"Ref": "ref", "Id": "ref"},
    UNWRAPPED: {"Ref": "ref"},
    GROUP: {"Ref": "ref", "Id": "ref"},
    FLEET: {"Ref": "ref", "Id": "ref"},
}
_NUMBERS: Final = {"integer": "int", "long": "int", "double": "float"}


class _Typed(NamedTuple):
    """An expression, and the type of its value: text, token, tokens, int, float or list."""

    code: Code
    kind: str


class Expressions(Context):
    """Translates the intrinsic functions of a template; notes what their code requires."""

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Parameters,
        names: Names,
        constructs: Mapping[str, tuple[str, str]],
        *,
        is_included: Callable[[str], bool],
        has_included: bool,
    ) -> None:
        """Start without requirements.

        :param constructs: the resources that become constructs, by logical ID: their types and the names of their
            variables.
        :param is_included: whether the included template has a parameter that stays one.
        :param has_included: whether there is an included template.
        """
        super().__init__()
        self._mappings = section(template, "Mappings")
        self._resources = section(template, "Resources")
        self._parameters = parameters
        self._names = names
        self._constructs = constructs
        self._is_included = is_included
        self._has_included = has_included
        self._resolver = Resolver(template)
        self._variables: dict[tuple[str, str], str] = {}
        self.variables: dict[str, Code] = {}
        """What the variables are that come first in the stack."""
        self.constants: dict[str, Mapping[str, Any]] = {}
        """The constants of the module."""
        self.required: set[str] = set()
        """The variables of constructs that were referred to."""
        self._constants: dict[str, str] = {}

    def reference(self, intrinsic: Mapping[str, Any]) -> Code:
        """Return the code of an intrinsic function in the type that its place requires."""
        return self._as(self._typed(intrinsic), getattr(intrinsic, "kind", ""))

    def note(self, text: str) -> str:
        """Count something that is left to do, and return the comment."""
        comment = f"TODO: {text}"
        self.todos.append(comment)
        return comment

    def imported(self, function: str, construct_id: str, value: Any) -> Code:
        """Return a variable for an existing resource, which is imported once."""
        code = self.value(value)
        key = f"{function}({layout(code)})"
        if (key, "") not in self._variables:
            args = (Name("self"), Literal(self._names.construct_id(construct_id)), code)
            self._variable(construct_id, key, Call(function, args))
        return Name(self._variables[key, ""])

    def secret(self, value: Mapping[str, Any]) -> Code:
        """Return the code of a ``cdk.SecretValue`` for an intrinsic function."""
        match value:
            case {"Ref": str(name)} if name in self._parameters and self._parameters.stays(name):
                if not self._parameters.path_in_systems_manager(name):
                    return Call("cdk.SecretValue.cfn_parameter", (self.parameter_construct(name),))
        return super().secret(value)

    def construct(self, value: Any) -> Code | None:
        """Return the construct of this library that a reference refers to; None if it refers to anything else."""
        name = value.get("Ref") if isinstance(value, Mapping) else None
        if not isinstance(name, str) or name not in self._constructs or self._constructs[name][0] == UNWRAPPED:
            return None
        self.required.add(name)
        return Name(self._constructs[name][1])

    def attribute(self, resource: str, attribute: str) -> Code:
        """Return the code of an attribute of a resource; ``Ref`` is one."""
        return self._attribute(resource, attribute).code

    def resolved(self, raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Branch]]:
        """Return ``raw`` of the template with intrinsic functions that become code, and its conditions."""
        return self._resolver.resolved(raw)

    def included(self, what: str, name: str) -> Code:
        """Return a variable for a part of the included template: a ``resource``, ``parameter`` or ``condition``."""
        getter = Call(f"included.get_{what}", (Literal(name),))
        return Name(self._variable(name if what == "resource" else f"{name}_{what}", what + name, getter))

    def parameter_construct(self, name: str) -> Code:
        """Return a variable for a parameter that stays one."""
        if self._is_included(name):
            return self.included("parameter", name)
        return Name(self._variable(name, f"parameter{name}", self._parameters.construct(name)))

    def _variable(self, text: str, key: str, code: Code) -> str:
        found = self._variables.get((key, ""))
        if found is None:
            found = self._variables[key, ""] = self._names.variable(text)
            self.variables[found] = code
        return found

    def _as(self, typed: _Typed, kind: str) -> Code:
        code, known = typed
        if kind in _NUMBERS:
            if known == "token":
                return Call("cdk.Token.as_number", (code,))
            return Call(_NUMBERS[kind], (code,)) if known == "text" else code
        if kind == "boolean" and known == "text":
            return Name(f'{layout(code)} == "true"')
        if kind == "list":
            return code if known in ("list", "tokens") else Items([code])
        if known in ("int", "float"):
            return Call("str", (code,))
        return Call("cdk.Fn.join", (Literal(","), code)) if known in ("list", "tokens") else code

    def _typed(self, value: Any) -> _Typed:
        if not isinstance(value, Intrinsic):
            match value:
                case bool():
                    return _Typed(Literal(str(value).lower()), "text")
                case int() | float():
                    return _Typed(Literal(value), type(value).__name__)
                case list():
                    return _Typed(self.value(value), "list")
            return _Typed(self.value(value), "text")
        ((name, argument),) = value.items()
        try:
            return self._function(name, argument)
        except (TypeError, ValueError, LookupError):
            return _Typed(Call("cdk.Token.as_string", (literal(value),)), "token")

    def _function(self, name: str, argument: Any) -> _Typed:
        match name, argument:
            case "Ref", str():
                return self._ref(argument)
            case "Fn::GetAtt", [str(resource), str(attribute)]:
                return self._attribute(resource, attribute)
            case "Fn::Sub", str(text):
                return self._sub(text, {})
            case "Fn::Sub", [str(text), Mapping() as values]:
                return self._sub(text, values)
            case "Fn::Join", [str(delimiter), [*items]]:
                return self._join(delimiter, items)
            case "Fn::Join", [str(delimiter), items]:
                return _Typed(Call("cdk.Fn.join", (Literal(delimiter), self._list(items))), "token")
            case "Fn::Select", [index, items]:
                return _Typed(Call("cdk.Fn.select", (self._as(self._typed(index), "integer"), self._list(items))), "token")
            case "Fn::Split", [str(delimiter), text]:
                return _Typed(Call("cdk.Fn.split", (Literal(delimiter), self._text(text))), "tokens")
            case "Fn::FindInMap", [table, first, second, *default]:
                return self._find_in_map(table, first, second, default)
            case "Fn::ImportValue", _:
                return _Typed(Call("cdk.Fn.import_value", (self._text(argument),)), "token")
            case "Fn::Base64", _:
                return _Typed(Call("cdk.Fn.base64", (self._text(argument),)), "token")
            case "Fn::GetAZs", _:
                region = (self._text(argument),) if argument else ()
                return _Typed(Call("cdk.Fn.get_azs", region), "tokens")
            case "Fn::Length", _:
                return _Typed(Call("cdk.Fn.len", (self._list(argument),)), "int")
            case "Fn::ToJsonString", _:
                return _Typed(Call("self.to_json_string", (self.value(argument),)), "token")
        raise ValueError(name)

    def _text(self, value: Any) -> Code:
        return self._as(self._typed(value), "")

    def _list(self, value: Any) -> Code:
        return self._as(self._typed(value), "list")

    def _ref(self, name: str) -> _Typed:
        if name in _PSEUDO:
            return _Typed(Name(_PSEUDO[name]), "tokens" if name == "AWS::NotificationARNs" else "token")
        if name in self._parameters:
            argument = self._parameters.arguments.get(name)
            return self._kept(name) if argument is None else _of_argument(argument)
        return self._attribute(name, "Ref")

    def _kept(self, name: str) -> _Typed:
        path = self._parameters.path_in_systems_manager(name)
        if path and not self._is_included(name):
            value = Call("ssm.StringParameter.value_for_string_parameter", (Name("self"), Literal(path)))
            return _Typed(Name(self._variable(name, f"parameter{name}", value)), "token")
        construct = self.parameter_construct(name)
        is_list = self._parameters.is_list(name)
        attribute = "value_as_list" if is_list else "value_as_string"
        return _Typed(Attribute(construct, attribute), "tokens" if is_list else "token")

    def _attribute(self, resource: str, attribute: str) -> _Typed:
        if resource in self._constructs:
            kind, variable = self._constructs[resource]
            self.required.add(resource)
            return _Typed(Attribute(Name(variable), _ATTRIBUTES[kind][attribute]), "token")
        if resource not in self._resources:
            raise LookupError(resource)
        owner = self.included("resource", resource)
        if attribute == "Ref":
            return _Typed(Attribute(owner, "ref"), "token")
        return _Typed(Call(Attribute(Call(Attribute(owner, "get_att"), (Literal(attribute),)), "to_string")), "token")

    def _sub(self, text: str, values: Mapping[str, Any]) -> _Typed:
        parts: list[str | Code] = []
        end, is_token = 0, False
        for match in _PLACEHOLDER.finditer(text):
            parts.append(text[end : match.start()])
            end, name = match.end(), match[2].strip()
            if match[1]:
                parts.append(f"${{{match[2]}}}")
                continue
            if name in values:
                found = self._typed(values[name])
            elif "." in name:
                found = self._attribute(*name.split(".", 1))
            else:
                found = self._ref(name)
            is_token |= found.kind in ("token", "tokens")
            parts.append(found.code if found.kind in ("int", "float") else self._as(found, ""))
        parts.append(text[end:])
        return _Typed(self._joined(parts), "token" if is_token else "text")

    def _join(self, delimiter: str, items: list[Any]) -> _Typed:
        found = [self._typed(item) for item in items]
        if any(item.kind in ("list", "tokens") for item in found):
            return _Typed(Call("cdk.Fn.join", (Literal(delimiter), Items([item.code for item in found]))), "token")
        parts: list[str | Code] = []
        for at, item in enumerate(found):
            parts += [delimiter] if at else []
            parts.append(item.code if not isinstance(item.code, Literal) else str(item.code.value))
        is_token = any(item.kind == "token" for item in found)
        return _Typed(self._joined(parts), "token" if is_token else "text")

    def _joined(self, parts: list[str | Code]) -> Code:
        code = joined([part for part in parts if part != ""])
        # A number is no text.
        return Call("str", (code,)) if isinstance(code, Name) and self._is_number(code) else code

    def _is_number(self, code: Name) -> bool:
        arguments = self._parameters.arguments.values()
        return any(found.name == code.text and found.annotation in ("int", "float") for found in arguments)

    def _find_in_map(self, table: Any, first: Any, second: Any, default: list[Any]) -> _Typed:
        keys = [self._typed(first), self._typed(second)]
        rows = section(self._mappings, table) if isinstance(table, str) else {}
        if not rows:
            raise LookupError(table)
        if any(key.kind in ("token", "tokens") for key in keys):
            owner = Name(self._variable(f"{table}_mapping", f"mapping{table}", self._mapping(table)))
            codes = tuple(self._as(key, "") for key in keys)
            return _Typed(Call(Attribute(owner, "find_in_map"), codes), "token")
        constant = self._constant(table)
        texts = [layout(self._as(key, "")) for key in keys]
        values = [value for row in rows.values() if isinstance(row, Mapping) for value in _column(row, second)]
        values += [item.get("DefaultValue") for item in default if isinstance(item, Mapping)]
        kinds = {"list" if isinstance(value, list) else _kind(value) for value in values}
        if len(kinds) > 1:
            kinds = {"text"}
            return _Typed(Name(f"str({constant}[{texts[0]}][{texts[1]}])"), "text")
        if default and isinstance(default[0], Mapping) and "DefaultValue" in default[0]:
            other = layout(self.value(default[0]["DefaultValue"]))
            return _Typed(Name(f"{constant}.get({texts[0]}, {{}}).get({texts[1]}, {other})"), *kinds)
        return _Typed(Name(f"{constant}[{texts[0]}][{texts[1]}]"), *(kinds or {"text"}))

    def _mapping(self, table: str) -> Code:
        if self._has_included:
            return Call("included.get_mapping", (Literal(table),))
        args = Name("self"), Literal(table)
        return Call("cdk.CfnMapping", args, {"mapping": Name(self._constant(table))})

    def _constant(self, table: str) -> str:
        if table not in self._constants:
            self._constants[table] = self._names.constant(table)
            self.constants[self._constants[table]] = self._mappings[table]
        return self._constants[table]


def _of_argument(argument: Argument) -> _Typed:
    kind = "list" if argument.is_list else argument.annotation
    return _Typed(Name(argument.name), "text" if kind == "str" else kind)


def _column(row: Mapping[str, Any], key: Any) -> list[Any]:
    return [row[key]] if isinstance(key, str) and key in row else list(row.values())


def _kind(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return type(value).__name__ if is_number else "text"
