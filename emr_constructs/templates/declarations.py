"""Checks what a template declares: the types of parameters, and the attributes that outputs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.nearest import nearest
from ..rules import check
from ..rules.template_references import PARAMETER_TYPE, USE
from .functions import Use, path_of, uses
from .intrinsics import section
from .parameters import wrong_default
from .requests import CLUSTER, FLEET, GROUP, STEP

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph

__all__ = ["output_findings", "parameter_types", "without_wrong_defaults"]

# What Fn::GetAtt returns, also by the names in the schemas of the resources.
_ATTRIBUTES: Final = {
    CLUSTER: ("Id", "MasterPublicDNS"),
    GROUP: ("Id", "InstanceGroupId"),
    FLEET: ("Id", "InstanceFleetId"),
    STEP: ("Id",),
    "AWS::EMR::Studio": ("Arn", "StudioId", "Url"),
}


def parameter_types(template: Mapping[str, Any], parameter: str) -> list[Finding]:
    """Return the findings in the type of a parameter."""
    kind = section(section(template, "Parameters"), parameter).get("Type")
    return check(PARAMETER_TYPE, {"Name": parameter, "Type": kind}) if isinstance(kind, str) else []


def without_wrong_defaults(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the template without defaults that violate their own constraints: one cause has one finding."""
    declared = section(template, "Parameters")
    wrong = [name for name in declared if any(wrong_default(template, name))]
    if not wrong:
        return template
    kept = {
        name: {key: item for key, item in parameter.items() if key != "Default"} if name in wrong else parameter
        for name, parameter in declared.items()
    }
    return {**template, "Parameters": kept}


def output_findings(template: Mapping[str, Any], graph: Graph, names: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in outputs that read an attribute that an EMR resource doesn't have, with the resource.

    Paths are from the root of the template.
    """
    known = set(names)
    for use in uses(section(template, "Outputs")):
        if not isinstance(use, Use) or not use.attribute or use.name not in known or not use.is_certain:
            continue
        attributes = _ATTRIBUTES.get(graph.kind(use.name), ())
        if use.function in ("Fn::GetAtt", "Fn::Sub") and use.attribute not in attributes:
            near = nearest(use.attribute, attributes)
            facts = {"Function": use.function, "Name": use.attribute, "Expected": "attribute", "Owner": use.name}
            more = {"Near": near} if near else {}
            for finding in check(USE, {**facts, **more, "IsKnown": False}):
                yield use.name, changed(finding, path=path_of(("Outputs", *use.places)))
