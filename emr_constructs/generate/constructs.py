"""Prints the constructs of a stack, one for each EMR resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from .._core.spelling import RENAMED
from ..data import load
from ..templates.intrinsics import mapping
from ..templates.requests import CLUSTER, GROUP, SECURITY_CONFIGURATION, STEP
from .code import Attribute, Call, Code, Literal, Name, Remark
from .context import is_intrinsic
from .definition import cluster_options
from .instance_fleets import instance_fleet
from .instance_groups import instance_group
from .kerberos import exact_passwords
from .known_values import without, without_tokens
from .location import MANAGED_POLICY_TAG, has_managed_policy_tag, profile_key, profile_options
from .module import Statement
from .parts import MAPPED, STUDIOS, TRANSIENT, Part
from .security_configuration import security_configuration_options
from .steps import step
from .studio import mapping_options, studio_options

if TYPE_CHECKING:
    from .expressions import Expressions
    from .identifiers import Names

__all__ = ["Constructs", "Printed"]

Printed = tuple[list[Statement], Code, list[str]]
"""The statements before a construct, the construct, and its comments."""

_PROPERTIES: Final = frozenset(load("cloudformation.json")["resources"][CLUSTER])
_OF_INSTANCES: Final = frozenset(load("cloudformation.json")["types"]["JobFlowInstancesConfig"])


# Options that can be comments as a whole, by the members that they are printed from.
_OPTIONS: Final = {
    "additional_info": "AdditionalInfo",
    "applications": "Applications",
    "bootstrap_actions": "BootstrapActions",
    "configurations": "Configurations",
    "managed_scaling": "ManagedScalingPolicy",
    "steps": "Steps",
    "tags": "Tags",
}


class Constructs:
    """Prints constructs; shares profiles between clusters."""

    def __init__(
        self,
        context: Expressions,
        names: Names,
        variables: Mapping[str, str],
        ids: Mapping[str, str],
        is_private: Callable[[Part], bool | None],
    ) -> None:
        """Start without constructs.

        :param variables: the variables of the constructs, by logical ID.
        :param ids: their construct IDs, by logical ID.
        :param is_private: returns whether the subnets of a cluster are private; None if that isn't known.
        """
        self._context = context
        self._names = names
        self._variables = variables
        self._ids = ids
        self._is_private = is_private
        self._profiles: dict[str, tuple[Code, dict[str, Any]]] = {}
        self._clusters: dict[str, Code] = {}
        self.replaced: dict[str, dict[str, Any]] = {}
        """Properties of the resources that replace what the constructs render, by logical ID; None removes one."""

    def printed(self, part: Part, condition: Code | None) -> Printed:
        """Return the statements of a part.

        :param condition: the condition of a step, group or fleet.
        """
        match part.kind:
            case kind if kind == CLUSTER:
                return self._cluster(part)
            case kind if kind == SECURITY_CONFIGURATION:
                return self._security_configuration(part)
            case kind if kind == TRANSIENT:
                return self._transient_cluster(part)
            case kind if kind in (STUDIOS, MAPPED):
                return self._studio(part)
        return self._addition(part, condition)

    def _cluster(self, part: Part) -> Printed:
        before: list[Statement] = []
        profile, replaced = self._profile(part, before)
        request, unknown = without_tokens(part.request, self._context)
        part, replaced = replace(part, request=request), replaced | unknown
        comments = []
        if "ReleaseLabel" in unknown:
            comments.append(self._context.note("specify release_label, which is only known at deployment"))
        options = self._options(part)
        for path in [path for path, code in options.items() if isinstance(code, Remark)]:
            owner, _, member = _OPTIONS.get(path, path).rpartition(".")
            properties = _OF_INSTANCES if owner == "Instances" else _PROPERTIES
            value = mapping(part.request.get(owner) if owner else part.request).get(member)
            if member in properties and value is not None:
                # An override says it, so that nothing is left to do.
                self._context.todos.remove(options.pop(path).comment)  # type: ignore[union-attr]
                replaced[f"{owner}.{member}".strip(".")] = _spelled(value, member)
        self.replaced[part.logical_id] = replaced | exact_passwords(mapping(part.request.get("KerberosAttributes")))
        args = (Name("self"), Literal(self._ids[part.logical_id]))
        return before, Call("emr.Cluster", args, {"profile": profile, **options}), comments

    def _transient_cluster(self, part: Part) -> Printed:
        before: list[Statement] = []
        profile, _ = self._profile(part, before)
        options = self._options(part)
        if "AutoTerminationPolicy" not in part.request:
            # The state machine terminates its clusters.
            options.pop("termination", None)
        if part.steps:
            options["workflow"] = self._context.each("steps", part.steps, step)
        args = (Name("self"), Literal(self._ids[part.logical_id]))
        return before, Call("emr.TransientCluster", args, {"profile": profile, **options}), []

    def _options(self, part: Part) -> dict[str, Code]:
        options = cluster_options(_without_managed_tag(part.request), self._context, is_api_request=part.is_request)
        if "Instances" not in part.request:
            # A part of a request says nothing about the end of the cluster.
            options.pop("termination", None)
        key_pair = mapping(part.request.get("Instances")).get("Ec2KeyName")
        if key_pair is not None:
            args = Name("self"), Literal(self._names.construct_id("KeyPair")), self._context.value(key_pair)
            options["key_pair"] = Call("ec2.KeyPair.from_key_pair_name", args)
        return options

    def _profile(self, part: Part, before: list[Statement]) -> tuple[Code, dict[str, Any]]:
        key = profile_key(part.request)
        if key not in self._profiles:
            named = part.request.get("SecurityConfiguration")
            configuration = self._context.construct(named)
            options, replaced = profile_options(
                part.request,
                self._context,
                self._names,
                is_private=self._is_private(part),
                configuration=configuration,
            )
            variable = self._names.variable("Profile")
            args = Name("self"), Literal(self._names.construct_id("Profile"))
            before.append(Statement(Call("emr.ClusterProfile", args, options), variable))
            self._profiles[key] = Name(variable), replaced
        return self._profiles[key]

    def _addition(self, part: Part, condition: Code | None) -> Printed:
        before: list[Statement] = []
        owner = self._owner(part, before)
        options: dict[str, Code] = {}
        if part.kind == STEP:
            value = step(part.request, self._context)
            method = "add_step"
        elif part.kind == GROUP:
            request = without(part.request, "InstanceRole")
            if self._context.is_token(request.get("Market")):
                self.replaced[part.logical_id] = {"Market": request.pop("Market")}
            value = instance_group(request, self._context)
            method = "add_task_group"
        else:
            value = instance_fleet(without(part.request, "InstanceFleetType"), self._context)
            method = "add_task_fleet"
        if isinstance(value, Remark):
            return before, Name(""), [value.comment]
        options["construct_id"] = Literal(part.logical_id)
        if condition is not None:
            options["condition"] = condition
        return before, Call(Attribute(owner, method), (value,), options), []

    def _owner(self, part: Part, before: list[Statement]) -> Code:
        if isinstance(part.owner, str) and part.owner in self._variables:
            return Name(self._variables[part.owner])
        key = repr(part.owner)
        if key not in self._clusters:
            variable = self._names.variable("Cluster")
            args = Name("self"), Literal(self._names.construct_id("Cluster"))
            options = {"cluster_id": self._context.value(part.owner)}
            before.append(Statement(Call("emr.Cluster.from_cluster_attributes", args, options), variable))
            self._clusters[key] = Name(variable)
        return self._clusters[key]

    def _security_configuration(self, part: Part) -> Printed:
        options = None if part.is_unwrapped else security_configuration_options(part.request, self._context)
        args = (Name("self"), Literal(self._ids[part.logical_id]))
        if options is None:
            comment = self._context.note("the document has a part without an option of emr.SecurityConfiguration")
            values = {"security_configuration": self._context.value(part.request)}
            if part.name is not None:
                values["name"] = self._context.value(part.name)
            return [], Call("cfn_emr.CfnSecurityConfiguration", args, values), [comment]
        if part.name is not None:
            options["security_configuration_name"] = self._context.value(part.name)
        return [], Call("emr.SecurityConfiguration", args, options), []

    def _studio(self, part: Part) -> Printed:
        args = (Name("self"), Literal(self._ids[part.logical_id]))
        if part.kind == MAPPED:
            options = mapping_options(part.request, self._context, self._names)
            return [], Call("emr.StudioSessionMapping", args, options), []
        options, replaced = studio_options(part.request, self._context, self._names)
        self.replaced[part.logical_id] = replaced
        return [], Call("emr.Studio", args, options), []


def _spelled(value: Any, member: str) -> Any:
    """A value of the API with the names of CloudFormation."""
    if isinstance(value, list):
        return [_spelled(item, member) for item in value]
    if not isinstance(value, Mapping) or is_intrinsic(value):
        return value
    names = RENAMED.get(member, {})
    return {names.get(name, name): _spelled(item, name) for name, item in value.items()}


def _without_managed_tag(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request without the tag that its profile adds."""
    if not has_managed_policy_tag(request):
        return request
    return {**request, "Tags": [tag for tag in request["Tags"] if mapping(tag).get("Key") != MANAGED_POLICY_TAG]}
