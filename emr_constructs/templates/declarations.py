"""Checks what a template declares: the types of resources and parameters, and the attributes that outputs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from ..rules import check
from ..rules.template_references import PARAMETER_TYPE, RESOURCE_TYPE, USE
from .functions import Use, path_of, uses
from .intrinsics import mapping, section
from .parameters import wrong_default
from .requests import CLUSTER, FLEET, GROUP, KINDS, STEP

if TYPE_CHECKING:
    from ..rules import Finding
    from .graph import Graph

__all__ = ["output_findings", "parameter_types", "resource_types", "without_wrong_defaults"]

_SERVICES: Final = ("aws::emr::", "aws::elasticmapreduce::")
# The ends of the names of types that templates have instead of those of CloudFormation.
_MEANT: Final = {
    **{kind.rpartition("::")[2].lower(): kind for kind in KINDS},
    **{f"{kind.rpartition('::')[2].lower()}s": kind for kind in KINDS},
    "instancegroup": GROUP, "instancegroups": GROUP, "instancefleet": FLEET, "instancefleets": FLEET,
    "jobflow": CLUSTER, "emrcluster": CLUSTER, "emrstep": STEP, "sessionmapping": "AWS::EMR::StudioSessionMapping",
    "workspace": "AWS::EMR::WALWorkspace",
}  # fmt: skip
# What Fn::GetAtt returns, also by the names in the schemas of the resources.
_ATTRIBUTES: Final = {
    CLUSTER: ("Id", "MasterPublicDNS"),
    GROUP: ("Id", "InstanceGroupId"),
    FLEET: ("Id", "InstanceFleetId"),
    STEP: ("Id",),
    "AWS::EMR::Studio": ("Arn", "StudioId", "Url"),
}


def resource_types(template: Mapping[str, Any]) -> Iterator[tuple[str, Finding]]:
    """Yield the findings in the types of resources that are like those of EMR, each with the resource."""
    for name, resource in section(template, "Resources").items():
        kind = mapping(resource).get("Type")
        if isinstance(kind, str) and kind not in KINDS and kind.lower().startswith(_SERVICES):
            near = _MEANT.get(kind.rpartition("::")[2].lower())
            facts = {"Type": kind, **({"Near": near} if near else {})}
            yield from ((name, finding) for finding in check(RESOURCE_TYPE, facts))


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
    """Yield the findings in outputs that read an attribute that a resource of EMR doesn't have, with the resource.

    Paths are from the root of the template.
    """
    known = set(names)
    for use in uses(section(template, "Outputs")):
        if not isinstance(use, Use) or not use.attribute or use.name not in known or not use.is_certain:
            continue
        attributes = _ATTRIBUTES.get(graph.kind(use.name), ())
        if use.function in ("Fn::GetAtt", "Fn::Sub") and use.attribute not in attributes:
            lower = {attribute.lower(): attribute for attribute in attributes}
            near = [lower[found] for found in get_close_matches(use.attribute.lower(), lower, n=1)]
            facts = {"Function": use.function, "Name": use.attribute, "Expected": "attribute", "Owner": use.name}
            more = {"Near": near[0]} if near else {}
            for finding in check(USE, {**facts, **more, "IsKnown": False}):
                yield use.name, changed(finding, path=path_of(("Outputs", *use.places)))
