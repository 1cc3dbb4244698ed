"""Intrinsic functions as code: references to arguments of the stack, to constructs, and to the included template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..templates.intrinsics import section
from ..templates.requests import CLUSTER, FLEET, GROUP, SECURITY_CONFIGURATION, STEP
from .code import Attribute, Call, Code, Items, Literal, Name, joined
from .context import Context, is_intrinsic
from .layout import layout
from .lookups import Lookups
from .parameters import Parameters, literal
from .resolution import Branch, Resolver
from .typed import Typed, of_argument

if TYPE_CHECKING:
    from .identifiers import Names

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
# The methods that return parts of the included template, and their sections.
_GETTERS: Final = {
    "included.get_condition": "Conditions",
    "included.get_mapping": "Mappings",
    "included.get_parameter": "Parameters",
}


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
        self._lookups = Lookups(template, names, has_included=has_included)
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
        self.required: set[str] = set()
        """The variables of constructs that were referred to."""

    @property
    def constants(self) -> Mapping[str, Mapping[str, Any]]:
        """The constants of the module, by name."""
        return self._lookups.constants

    def reference(self, intrinsic: Mapping[str, Any]) -> Code:
        """Return the code of an intrinsic function in the type that its place requires."""
        return self._typed(intrinsic).converted(getattr(intrinsic, "kind", ""))

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

    def role_of_profile(self, value: Any) -> Any:
        """Return the role in an instance profile of the template; None if the template doesn't show it."""
        match value:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                resource = self._resources.get(name)
            case _:
                return None
        if not isinstance(resource, Mapping) or resource.get("Type") != "AWS::IAM::InstanceProfile":
            return None
        roles = self._resolver.resolved(section(resource, "Properties").get("Roles"))[0]
        return roles[0] if isinstance(roles, list) and len(roles) == 1 else None

    def is_token(self, value: Any) -> bool:
        """Return whether a value is only known at deployment."""
        return is_intrinsic(value) and self._typed(value).kind in ("token", "tokens")

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

    def used_of_included(self) -> dict[str, set[str]]:
        """Return the names of conditions, mappings and parameters of the included template that code refers to."""
        used: dict[str, set[str]] = {part: set() for part in _GETTERS.values()}
        for code in self.variables.values():
            match code:
                case Call(function, (Literal(str(name)),)) if function in _GETTERS:
                    used[_GETTERS[function]].add(name)
        return used

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

    def _typed(self, value: Any) -> Typed:
        if not is_intrinsic(value):
            match value:
                case bool():
                    return Typed(Literal(str(value).lower()), "text")
                case int() | float():
                    return Typed(Literal(value), type(value).__name__)
                case list():
                    return Typed(self.value(value), "list")
            return Typed(self.value(value), "text")
        ((name, argument),) = value.items()
        try:
            return self._function(name, argument)
        except (TypeError, ValueError, LookupError):
            return Typed(Call("cdk.Token.as_string", (literal(value),)), "token")

    def _function(self, name: str, argument: Any) -> Typed:
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
            case "Fn::FindInMap", [table, first, second, *default]:
                return self._find_in_map(table, first, second, default)
        return self._of_cdk(name, argument)

    def _of_cdk(self, name: str, argument: Any) -> Typed:
        """A call of the function of CDK with the same name."""
        match name, argument:
            case "Fn::Join", [str(delimiter), items]:
                return Typed(Call("cdk.Fn.join", (Literal(delimiter), self._list(items))), "token")
            case "Fn::Select", [index, items]:
                args = self._typed(index).converted("integer"), self._list(items)
                return Typed(Call("cdk.Fn.select", args), "token")
            case "Fn::Split", [str(delimiter), text]:
                return Typed(Call("cdk.Fn.split", (Literal(delimiter), self._text(text))), "tokens")
            case "Fn::ImportValue", _:
                return Typed(Call("cdk.Fn.import_value", (self._text(argument),)), "token")
            case "Fn::Base64", _:
                return Typed(Call("cdk.Fn.base64", (self._text(argument),)), "token")
            case "Fn::GetAZs", _:
                region = (self._text(argument),) if argument else ()
                return Typed(Call("cdk.Fn.get_azs", region), "tokens")
            case "Fn::Length", _:
                return Typed(Call("cdk.Fn.len", (self._list(argument),)), "int")
            case "Fn::ToJsonString", _:
                return Typed(Call("self.to_json_string", (self.value(argument),)), "token")
        raise ValueError(name)

    def _text(self, value: Any) -> Code:
        return self._typed(value).converted("")

    def _list(self, value: Any) -> Code:
        return self._for_cdk(self._typed(value).converted("list"))

    def for_cdk(self, value: Any) -> Code:
        """Return the code of a JSON value that CDK receives, which accepts no other sequences than lists."""
        return self._for_cdk(self.value(value))

    def _for_cdk(self, code: Code) -> Code:
        lists = {argument.name for argument in self._parameters.arguments.values() if argument.is_list}
        return Call("list", (code,)) if isinstance(code, Name) and code.text in lists else code

    def _ref(self, name: str) -> Typed:
        if name in _PSEUDO:
            return Typed(Name(_PSEUDO[name]), "tokens" if name == "AWS::NotificationARNs" else "token")
        if name in self._parameters:
            argument = self._parameters.arguments.get(name)
            return self._kept(name) if argument is None else of_argument(argument)
        return self._attribute(name, "Ref")

    def _kept(self, name: str) -> Typed:
        path = self._parameters.path_in_systems_manager(name)
        if path and not self._is_included(name):
            value = Call("ssm.StringParameter.value_for_string_parameter", (Name("self"), Literal(path)))
            return Typed(Name(self._variable(name, f"parameter{name}", value)), "token")
        construct = self.parameter_construct(name)
        is_list = self._parameters.is_list(name)
        attribute = "value_as_list" if is_list else "value_as_string"
        return Typed(Attribute(construct, attribute), "tokens" if is_list else "token")

    def _attribute(self, resource: str, attribute: str) -> Typed:
        if resource in self._constructs:
            kind, variable = self._constructs[resource]
            self.required.add(resource)
            return Typed(Attribute(Name(variable), _ATTRIBUTES[kind][attribute]), "token")
        if resource not in self._resources:
            raise LookupError(resource)
        owner = self.included("resource", resource)
        if attribute == "Ref":
            return Typed(Attribute(owner, "ref"), "token")
        return Typed(Call(Attribute(Call(Attribute(owner, "get_att"), (Literal(attribute),)), "to_string")), "token")

    def _sub(self, text: str, values: Mapping[str, Any]) -> Typed:
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
            parts.append(found.code if found.kind in ("int", "float") else found.converted(""))
        parts.append(text[end:])
        return Typed(self._joined(parts), "token" if is_token else "text")

    def _join(self, delimiter: str, items: list[Any]) -> Typed:
        found = [self._typed(item) for item in items]
        if any(item.kind in ("list", "tokens") for item in found):
            return Typed(Call("cdk.Fn.join", (Literal(delimiter), Items([item.code for item in found]))), "token")
        parts: list[str | Code] = []
        for at, item in enumerate(found):
            parts += [delimiter] if at else []
            parts.append(item.code if not isinstance(item.code, Literal) else str(item.code.value))
        is_token = any(item.kind == "token" for item in found)
        return Typed(self._joined(parts), "token" if is_token else "text")

    def _joined(self, parts: list[str | Code]) -> Code:
        code = joined([part for part in parts if part != ""])
        # A number is no text.
        return Call("str", (code,)) if isinstance(code, Name) and self._is_number(code) else code

    def _is_number(self, code: Name) -> bool:
        arguments = self._parameters.arguments.values()
        return any(found.name == code.text and found.annotation in ("int", "float") for found in arguments)

    def _find_in_map(self, table: Any, first: Any, second: Any, default: list[Any]) -> Typed:
        other = default[0] if default and isinstance(default[0], Mapping) else {}
        return self._lookups.found(
            table,
            [self._typed(first), self._typed(second)],
            second,
            self._typed(other["DefaultValue"]) if "DefaultValue" in other else None,
            lambda name, code: Name(self._variable(name, f"mapping{name}", code)),
        )
