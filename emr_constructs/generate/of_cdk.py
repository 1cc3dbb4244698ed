"""What CDK adds to every template, and adds again to the template of a generated app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..templates.intrinsics import mapping, section

__all__ = ["without_parts_of_cdk"]

_METADATA: Final = "AWS::CDK::Metadata"
_PARTS: Final = (
    ("Parameters", "BootstrapVersion"),
    ("Rules", "CheckBootstrapVersion"),
    ("Conditions", "CDKMetadataAvailable"),
)


def without_parts_of_cdk(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a template without the version of the bootstrap stack and the metadata of CDK."""
    found = dict(template)
    for part, name in _PARTS:
        if name in section(found, part):
            rest = {key: item for key, item in found[part].items() if key != name}
            found = {**found, part: rest} if rest else {key: item for key, item in found.items() if key != part}
    resources = section(template, "Resources")
    if any(mapping(resource).get("Type") == _METADATA for resource in resources.values()):
        kept = {name: item for name, item in resources.items() if mapping(item).get("Type") != _METADATA}
        found["Resources"] = kept
    return found
