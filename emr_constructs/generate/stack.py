"""Prints the stack of a template: its arguments, the included template, and the constructs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..templates.graph import Graph
from ..templates.intrinsics import Scenario, mapping, section
from ..templates.loops import LOOP
from ..templates.macros import custom_macros
from ..templates.network import is_private, listed
from ..templates.requests import FLEET, GROUP, STEP
from .code import Attribute, Call, Code, Entries, Items, Literal, Name
from .constructs import Constructs
from .expressions import UNWRAPPED, Expressions
from .identifiers import Names, class_name
from .included import Included, included_template
from .layout import layout
from .module import EACH, Module, Statement
from .parameters import OF_STACKS, Parameters, has_secret_default, literal
from .trimming import trimmed

if TYPE_CHECKING:
    from .parts import Part
    from .resolution import Branch

__all__ = ["INCLUDED_FILE", "Stack", "stack_of"]

INCLUDED_FILE: Final = "included.json"
# The attributes of a resource that CfnInclude keeps, or that are set below.
_ATTRIBUTES: Final = {
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
}
_SUBNET: Final = "AWS::EC2::Subnet"
_DEPLOY: Final = "an update keeps the deployed value, and a new stack requires cdk deploy --parameters"


@dataclass(frozen=True)
class Stack:
    """A stack, and what the summary says about it."""

    module: Module
    included: Mapping[str, Any] | None
    """The template of resources that aren't EMR's."""

    converted: Sequence[Part]
    todos: Sequence[str]

    @property
    def required(self) -> list[tuple[str, str]]:
        """The arguments without a default: their names, and the names of the parameters."""
        found = self.module.arguments
        return [(argument.name, argument.parameter) for argument in found if argument.default is None]


def stack_of(
    template: Mapping[str, Any],
    parts: Sequence[Part],
    left: Mapping[str, str],
    *,
    name: str,
    origin: str,
    keeps_ids: bool = False,
    notes: Sequence[str] = (),
) -> Stack:
    """Return the stack of a template.

    :param parts: the resources that become constructs, in order.
    :param left: why other EMR resources stay in the template, by logical ID.
    :param name: the name of the class without ``Stack``.
    :param origin: what the stack was generated from.
    :param keeps_ids: whether the constructs have the logical IDs of the template.
    :param notes: what can't be expressed and belongs to no resource.
    """
    return _Printer(template, parts, left, keeps_ids=keeps_ids).stack(name, origin, notes)


class _Printer:
    def __init__(
        self, template: Mapping[str, Any], parts: Sequence[Part], left: Mapping[str, str], *, keeps_ids: bool
    ) -> None:
        self._template = template
        self._parts = parts
        self._left = left
        self._names = Names(EACH, *OF_STACKS)
        self._included: Included = included_template(template, [part.logical_id for part in parts])
        self._has_included = self._requires_included()
        parameters = self._parameters = Parameters(template, self._names, self._included.kept, keeps_ids=keeps_ids)
        self._variables = {part.logical_id: self._names.variable(part.logical_id) for part in parts}
        # Parts come first, so that their IDs are those of the template.
        ids = {part.logical_id: self._names.construct_id(part.logical_id) for part in parts}
        self._names.construct_id("Included")
        for parameter in section(template, "Parameters"):
            if parameters.stays(parameter):
                self._names.construct_id(parameter)
        constructs = {
            part.logical_id: (UNWRAPPED if part.is_unwrapped else part.kind, self._variables[part.logical_id])
            for part in parts
        }
        self._context = Expressions(
            template,
            parameters,
            self._names,
            constructs,
            is_included=lambda name: self._has_included and name in self._included.parameters,
            has_included=self._has_included,
        )
        self._pinned = {part.logical_id for part in parts} if keeps_ids else set(self._included.referred)
        self._constructs = Constructs(self._context, self._names, self._variables, ids, self._privacy)

    def stack(self, name: str, origin: str, notes: Sequence[str]) -> Stack:
        reasons = [f"{other} stays in {INCLUDED_FILE}, because {reason}" for other, reason in self._left.items()]
        first = [self._context.note(note) for note in (*notes, *reasons, *self._secrets())]
        printed = [(part, list(self._statements(part))) for part in self._parts]
        last = [*self._dependencies(), *self._unparsed(), *self._outputs()]
        needed = self._needed()
        body = [Statement(Name(""), comments=first)] if first else []
        included = trimmed(self._included.template, self._context.used_of_included())
        body += self._include(included)
        variables = [Statement(code, target) for target, code in self._context.variables.items()]
        body += variables
        for part, statements in printed:
            variable = self._variables[part.logical_id]
            for statement in statements:
                if statement.target == variable and part.logical_id not in needed:
                    statement.target = ""
                body.append(statement)
        statements = [*body, *last]
        code = "\n".join(f"{each.target} = {layout(each.code)}" for each in statements)
        if "included.get_" not in code:
            for statement in statements:
                statement.target = "" if statement.target == "included" else statement.target
        # What only a condition refers to has no effect: its outcome is that of the defaults.
        names = set(re.findall(r"\w+", code))
        arguments = [argument for argument in self._parameters.arguments.values() if argument.name in names]
        module = Module(
            f"{class_name(name)}Stack",
            f"The stack of {' '.join(origin.split())}.".replace('"', "'").replace("\\", "/"),
            sorted(arguments, key=lambda argument: argument.default is not None),
            self._context.constants,
            statements,
        )
        return Stack(module, included if self._has_included else None, self._parts, self._context.todos)

    def _secrets(self) -> list[str]:
        """What is to be done about passwords that are defaults of parameters."""
        declared = section(self._template, "Parameters")
        names = [name for name, item in declared.items() if has_secret_default(name, mapping(item))]
        return [f"the default of parameter {name} is a secret and isn't copied; {_DEPLOY} {name}=..." for name in names]

    def _requires_included(self) -> bool:
        rest = self._included.template
        conditions = [part.condition for part in self._parts]
        conditions += [str(mapping(item).get("Condition", "")) for item in self._included.outputs.values()]
        conditions += [str(mapping(item).get("Condition", "")) for item in section(rest, "Outputs").values()]
        return bool({"Resources", "Rules", "Hooks"} & rest.keys() or any(conditions) or custom_macros(self._template))

    def _needed(self) -> set[str]:
        """The parts that other statements refer to."""
        found = {resource for resource, _ in self._included.values.values()} if self._has_included else set()
        found |= self._context.required | {other for _, other in self._included.dependencies}
        found |= {part.owner for part in self._parts if isinstance(part.owner, str)}
        for part in self._parts:
            found |= {other for other in part.after if other in self._variables}
            if self._changes(part):
                found.add(part.logical_id)
        return found

    def _changes(self, part: Part) -> bool:
        """Whether statements after the construct change its resource."""
        has_condition = part.condition and part.kind not in (GROUP, FLEET, STEP)
        return bool(
            part.logical_id in self._pinned
            or has_condition
            or part.after
            or part.attributes
            or self._constructs.replaced.get(part.logical_id)
        )

    def _statements(self, part: Part) -> Iterator[Statement]:
        comments = [_of_branch(branch) for branch in part.branches]
        before, code, more = self._constructs.printed(part, self._condition(part))
        comments += [self._context.todo(f"{path} has no counterpart", value) for path, value in part.unsaid]
        yield from before
        yield Statement(code, self._variables[part.logical_id], [*more, *comments])
        yield from self._adjustments(part)

    def _condition(self, part: Part) -> Code | None:
        return self._context.included("condition", part.condition) if part.condition else None

    def _adjustments(self, part: Part) -> Iterator[Statement]:
        resource = self._resource(part)
        if part.logical_id in self._pinned:
            yield Statement(Call(Attribute(resource, "override_logical_id"), (Literal(part.logical_id),)))
        condition = self._condition(part)
        if condition is not None and part.kind not in (GROUP, FLEET, STEP):
            yield Statement(condition, f"{layout(resource)}.cfn_options.condition")
        yield from self._dependencies_of(resource, part.after)
        for name, value in part.attributes.items():
            yield Statement(Call(Attribute(resource, "add_override"), (Literal(name), self._context.value(value))))
        for path, value in self._constructs.replaced.get(part.logical_id, {}).items():
            if value is None:
                yield Statement(Call(Attribute(resource, "add_property_deletion_override"), (Literal(path),)))
            else:
                args = Literal(path), self._context.for_cdk(value)
                yield Statement(Call(Attribute(resource, "add_property_override"), args))

    def _dependencies_of(self, resource: Code, names: Sequence[str]) -> Iterator[Statement]:
        method = Attribute(resource, "add_resource_dependency")
        others = [name for name in names if name not in self._variables]
        if len(others) > 1:
            yield Statement(Call(method, (Call("included.get_resource", (Name(EACH),)),)), repeated=others)
        for name in names:
            if len(others) < 2 or name in self._variables:
                yield Statement(Call(method, (self._dependency(name),)))

    def _dependency(self, other: str) -> Code:
        part = next((part for part in self._parts if part.logical_id == other), None)
        return self._context.included("resource", other) if part is None else self._resource(part)

    def _resource(self, part: Part) -> Code:
        variable = Name(self._variables[part.logical_id])
        return variable if part.is_unwrapped or part.kind in (STEP, GROUP, FLEET) else Call("_resource", (variable,))

    def _include(self, template: Mapping[str, Any]) -> Iterator[Statement]:
        if not self._has_included:
            return
        options: dict[str, Code] = {"template_file": Name(f'str(Path(__file__).with_name("{INCLUDED_FILE}"))')}
        values: dict[str, Code] = {}
        for parameter in section(template, "Parameters"):
            argument = self._parameters.arguments.get(parameter)
            if parameter in self._included.values:
                resource, attribute = self._included.values[parameter]
                code = self._context.attribute(resource, attribute)
                values[parameter] = Call("_later", (Name(f"lambda: {layout(code)}"),))
            elif argument is not None and argument.is_list:
                values[parameter] = Name(f"list({argument.name})")
            elif argument is not None:
                is_text = argument.annotation == "str"
                values[parameter] = Name(argument.name if is_text else f"str({argument.name})")
        if values:
            options["parameters"] = Entries(values)
        if self._included.unparsed:
            options["dehydrated_resources"] = Items([Literal(name) for name in self._included.unparsed])
        yield Statement(Call("include.CfnInclude", (Name("self"), Literal("Included")), options), "included")

    def _dependencies(self) -> Iterator[Statement]:
        for name, other in self._included.dependencies:
            owner = self._context.included("resource", name)
            yield Statement(Call(Attribute(owner, "add_resource_dependency"), (self._dependency(other),)))

    def _unparsed(self) -> Iterator[Statement]:
        """What CfnInclude leaves out of resources that it doesn't parse."""
        resources = section(self._included.template, "Resources")
        for name in self._included.unparsed:
            resource, owner = mapping(resources[name]), self._context.included("resource", name)
            yield Statement(Call(Attribute(owner, "override_logical_id"), (Literal(name),)))
            if isinstance(resource.get("Condition"), str):
                condition = self._context.included("condition", resource["Condition"])
                yield Statement(condition, f"{layout(owner)}.cfn_options.condition")
            names = [other for other in listed(resource.get("DependsOn")) if isinstance(other, str)]
            yield from self._dependencies_of(owner, names)
            for key in resource.keys() - _ATTRIBUTES:
                yield Statement(Call(Attribute(owner, "add_override"), (Literal(key), literal(resource[key]))))

    def _outputs(self) -> Iterator[Statement]:
        outputs = self._included.outputs
        if not self._has_included:
            outputs = section(self._template, "Outputs")
        for name, output in outputs.items():
            found = mapping(output)
            if name.startswith(LOOP) or "Value" not in found:
                comment = self._context.todo(f"output {name}", output)
                yield Statement(Name(""), comments=[comment])
                continue
            value, branches = self._context.resolved(found)
            options: dict[str, Code] = {"value": self._context.value(value["Value"])}
            if isinstance(value.get("Description"), str):
                options["description"] = Literal(value["Description"])
            export = mapping(value.get("Export")).get("Name")
            if export is not None:
                options["export_name"] = self._context.value(export)
            if isinstance(value.get("Condition"), str):
                options["condition"] = self._context.included("condition", value["Condition"])
            code = Call("cdk.CfnOutput", (Name("self"), Literal(name)), options)
            yield Statement(code, comments=[_of_branch(branch) for branch in branches])

    def _privacy(self, part: Part) -> bool | None:
        """Whether the template shows that the subnets of a cluster are private; None if it doesn't show it."""
        graph, scenario = Graph(self._template), Scenario(self._template)
        instances = mapping(part.request.get("Instances"))
        subnets = [instances.get("Ec2SubnetId"), *listed(instances.get("Ec2SubnetIds"))]
        names = [found["Ref"] for found in subnets if isinstance(found, Mapping) and isinstance(found.get("Ref"), str)]
        kinds = {is_private(graph, scenario, name) for name in names if graph.kind(name) == _SUBNET} - {None}
        return kinds.pop() if len(kinds) == 1 else None


def _of_branch(branch: Branch) -> str:
    condition, holds, chosen, other = branch
    values = [json.dumps(value, default=str) for value in (other, chosen)]
    shown = ["nothing" if value == '{"Ref": "AWS::NoValue"}' else value for value in values]
    return f"Condition {condition} is {str(holds).lower()} by default; otherwise: {shown[0]} instead of {shown[1]}"
