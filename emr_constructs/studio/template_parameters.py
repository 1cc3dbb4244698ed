"""The values that users of a cluster template can choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from .._core.errors import EmrError
from .._core.unknown import is_unknown
from .._core.values import value_class
from ..capacity.instance_groups import InstanceGroups
from ..capacity.instance_types import SupportedInstanceType
from ..capacity.instances import type_name

if TYPE_CHECKING:
    from ..capacity.instance_groups import InstanceGroup
    from ..clusters.definition import ClusterDefinition

__all__ = ["AllowedValues", "allowed_values", "length_problems"]


@value_class
class AllowedValues:
    """The allowed values of one parameter of a template."""

    argument: str
    """The argument of the construct that lists the values."""

    parameter: str
    """The name of the parameter."""

    description: str
    role: str
    """``master`` or ``core``: the instance group that the parameter changes."""

    member: str
    """The field of the instance group: ``instance_type`` or ``instance_count``."""

    values: tuple[str | int, ...]

    @property
    def is_number(self) -> bool:
        """Whether the parameter is a number."""
        return self.member == "instance_count"

    @property
    def api_member(self) -> str:
        """The member of ``InstanceGroupConfig``."""
        return "InstanceCount" if self.is_number else "InstanceType"

    def default(self, definition: ClusterDefinition) -> str | int:
        """Return the value of the definition."""
        group = self._group(definition)
        return group.instance_count if self.is_number else type_name(group.instance_type)

    def problems(self, definition: ClusterDefinition) -> Iterator[str]:
        """Return what is wrong with the values for ``definition``."""
        if not self.values:
            yield f"{self.argument} must contain at least one value, got none; list values, or leave the argument out"
            return
        if not isinstance(definition.instances, InstanceGroups):
            yield (
                f"{self.argument} requires instance groups, got instance fleets; pass instances=InstanceGroups(...), "
                f"or remove {self.argument}"
            )
            return
        if self._group(definition) is None:
            yield f"{self.argument} requires a core group, got none; pass it in InstanceGroups(core=...)"
            return
        if any(map(is_unknown, self.values)):
            yield f"{self.argument} must be known at synth time, got a token; list plain values"
            return
        if len(set(self.values)) < len(self.values):
            yield f"{self.argument} must be different values, got {_listed(self.values)}; list each value once"
        release = definition.release_label
        if not self.is_number:
            known = ((value, SupportedInstanceType.find(str(value))) for value in self.values)
            unsupported = [value for value, found in known if found and found.is_supported_by(release) is False]
            if unsupported:
                yield (
                    f"{self.argument} must be supported by {release}, got {_listed(unsupported)}; remove them, or use "
                    "another release"
                )
        if self.default(definition) not in self.values:
            yield (
                f"{self.argument} must contain the value of the definition, which is the default of the parameter "
                f"{self.parameter}, got {_listed(self.values)} without {self.default(definition)!r}; add it, or change "
                "instances"
            )

    def definitions(self, definition: ClusterDefinition) -> Iterator[ClusterDefinition]:
        """Return ``definition`` with each of the other values.

        :raises EmrError: the definition doesn't allow a value.
        """
        default = self.default(definition)
        for value in self.values:
            if value == default:
                continue
            try:
                yield definition.replace(instances=self._changed(definition, value))
            except EmrError as error:
                raise EmrError(
                    [f"{self.argument} contains {value!r}: {problem}" for problem in error.problems],
                    findings=error.findings,
                ) from None

    def _changed(self, definition: ClusterDefinition, value: str | int) -> InstanceGroups:
        change: dict[str, Any] = {self.member: value}
        changed: dict[str, Any] = {self.role: replace(self._group(definition), **change)}
        return replace(cast("InstanceGroups", definition.instances), **changed)

    def _group(self, definition: ClusterDefinition) -> InstanceGroup:
        group: InstanceGroup = getattr(definition.instances, self.role)
        return group


def allowed_values(
    master_types: Sequence[str] | None, core_types: Sequence[str] | None, core_counts: Sequence[int] | None
) -> list[AllowedValues]:
    """Return the parameters of the arguments that are specified."""
    text = "Instance type of the {} node"
    found = [
        AllowedValues("master_instance_types", "MasterInstanceType", text.format("primary"), "master", "instance_type",
                      tuple(master_types or ())),
        AllowedValues("core_instance_types", "CoreInstanceType", "Instance type of the core nodes", "core",
                      "instance_type", tuple(core_types or ())),
        AllowedValues("core_instance_counts", "CoreInstanceCount", "Number of core nodes", "core", "instance_count",
                      tuple(core_counts or ())),
    ]  # fmt: skip
    given = (master_types, core_types, core_counts)
    return [each for each, values in zip(found, given, strict=True) if values is not None]


def length_problems(lengths: Mapping[str, tuple[str, int, int]]) -> Iterator[str]:
    """Return what is wrong with strings for Service Catalog, each with its least and its greatest length.

    https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateProduct.html
    https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolio.html
    """
    for name, (text, least, greatest) in lengths.items():
        if not is_unknown(text) and not least <= len(text) <= greatest:
            yield f"{name} must have {least} to {greatest} characters, got {len(text)}; use another string"


def _listed(values: Sequence[str | int]) -> str:
    return ", ".join(map(repr, values))
