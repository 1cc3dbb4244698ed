"""Converts requests of the EMR API to properties of CloudFormation and of the L1.

All other modules represent a cluster as a dictionary in the format of the EMR API. This module converts it to the
properties of ``AWS::EMR::Cluster``, ``AWS::EMR::Step`` and of added groups and fleets, and these to the dictionaries
with camelCase names that jsii accepts. jsii ignores other names, so the names come from the metadata of the L1, and an
unknown name is an error.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import jsii
from aws_cdk import CfnResource, CfnTag, Fn
from aws_cdk.aws_emr import CfnCluster

from .deployed import PropertyType, rendered_value
from .errors import EmrError
from .spelling import API_ONLY, RENAMED, ROLES, STEP_LOGS

if TYPE_CHECKING:
    from constructs import Construct

__all__ = [
    "cluster_properties",
    "create_resource",
    "l1_properties",
    "step_properties",
    "task_fleet_properties",
    "task_group_properties",
]

_Resource = TypeVar("_Resource", bound=CfnResource)

# EMR, not CloudFormation, replaces this by the cluster ID, in the dimensions of automatic scaling.
_CLUSTER_ID: Final = "${emr.clusterId}"


def cluster_properties(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of ``AWS::EMR::Cluster`` for a RunJobFlow request.

    :raises EmrError: CloudFormation doesn't support a member of the request.
    """
    lacking = sorted(name for name in API_ONLY & request.keys() if not _has_property(CfnCluster, name))
    if lacking:
        raise EmrError(
            f"AWS::EMR::Cluster doesn't support {', '.join(lacking)}; remove it, or launch clusters with a "
            "LaunchTemplate or a TransientCluster"
        )
    logged = [step["Name"] for step in request.get("Steps", []) if STEP_LOGS[0] in step]
    if logged:
        raise EmrError(
            f"steps that are launched with a cluster can't have separate logs, got {', '.join(logged)}; submit them "
            "with cluster.add_step(...)"
        )
    properties = {name: _respelled(name, value) for name, value in request.items()}
    if "AdditionalInfo" in properties:
        properties["AdditionalInfo"] = json.loads(properties["AdditionalInfo"])
    properties["Instances"] = _instances(properties["Instances"])
    return properties


def step_properties(step: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """Return the properties of ``AWS::EMR::Step`` for a ``StepConfig``."""
    properties = {name: _respelled(name, value) for name, value in step.items() if name != STEP_LOGS[0]}
    logs = step.get(STEP_LOGS[0], {}).get(STEP_LOGS[1], {})
    return {"JobFlowId": cluster_id, **properties, **logs}


def task_group_properties(group: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """Return the properties of ``AWS::EMR::InstanceGroupConfig`` for a task group."""
    return {"JobFlowId": cluster_id, **{name: _respelled(name, value) for name, value in group.items()}}


def task_fleet_properties(fleet: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """Return the properties of ``AWS::EMR::InstanceFleetConfig`` for a task fleet."""
    return {"ClusterId": cluster_id, **{name: _respelled(name, value) for name, value in fleet.items()}}


def l1_properties(resource: type, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``properties`` with the names that jsii accepts for an L1 class.

    :raises EmrError: the L1 doesn't have a property, at any depth.
    """
    return _camel_members(_properties_of(resource), properties)


def _properties_of(resource: type) -> _Struct:
    return _struct(getattr(sys.modules[resource.__module__], f"{resource.__name__}Props"))


def _has_property(resource: type, name: str) -> bool:
    return name.lower() in _properties_of(resource).members


def create_resource(
    resource: type[_Resource],
    scope: Construct,
    construct_id: str,
    properties: Mapping[str, Any],
    *,
    newer: Collection[str] = (),
) -> _Resource:
    """Create the L1 ``resource`` with ``properties``, passed to CDK as one dictionary.

    The constructor of the L1 would check each property in Python, including unspecified ones, which takes longer than
    the rest of the call. CDK checks them again when it renders the template.

    :param newer: properties that CloudFormation has and the installed L1 may lack; they are overrides then.
    :raises EmrError: the L1 doesn't have a property, at any depth.
    """
    created = resource.__new__(resource)
    overrides = [name for name in newer if name in properties and not _has_property(resource, name)]
    known = {name: value for name, value in properties.items() if name not in overrides} if overrides else properties
    jsii.create(resource, created, [scope, construct_id, l1_properties(resource, known)])
    for name in overrides:
        created.add_property_override(name, properties[name])
    return created


def _respelled(name: str, value: Any) -> Any:
    """Return a member in CloudFormation's spelling at every depth."""
    if isinstance(value, list):
        return [_respelled(name, item) for item in value]
    if isinstance(value, str) and _CLUSTER_ID in value:
        # CDK and cfn-lint report the plain text as a missing Fn::Sub.
        return Fn.sub(value.replace(_CLUSTER_ID, "${Dollar}" + _CLUSTER_ID[1:]), {"Dollar": "$"})
    if not isinstance(value, dict):
        return value
    renamed = RENAMED.get(name, {})
    return {
        renamed.get(member, member): item if member == "Properties" else _respelled(member, item)
        for member, item in value.items()
    }


def _instances(instances: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the API's list of nodes to CloudFormation's properties for each role."""
    properties = {name: value for name, value in instances.items() if name not in ROLES}
    for name, listed in ROLES.items():
        for nodes in instances.get(name, []):
            plain = {member: value for member, value in nodes.items() if member != listed.role_member}
            spelled = listed.properties[nodes[listed.role_member]]
            if nodes[listed.role_member] == "TASK":
                properties.setdefault(spelled, []).append(plain)
            else:
                properties[spelled] = plain
    return properties


class _Member(NamedTuple):
    camel_name: str
    struct: type | None
    """The struct class of the value, or of its items. None for other values."""

    kind: PropertyType


class _Struct(NamedTuple):
    name: str
    members: dict[str, _Member]
    """By lower-case name: the L1 spells ``SizeInGB`` as ``sizeInGb``."""


@cache
def _struct(struct: type) -> _Struct:
    names: dict[str, str] = struct.__jsii_name_mapping__  # type: ignore[attr-defined]
    annotations = struct.__init__.__annotations__  # type: ignore[misc]
    module = sys.modules[struct.__module__]
    members = {
        camel.lower(): _Member(camel, _nested(module, annotation), _type(annotation))
        for python, camel in names.items()
        if (annotation := str(annotations[python]))
    }
    return _Struct(struct.__qualname__, members)


def _nested(module: ModuleType, annotation: str) -> type | None:
    if "CfnTag" in annotation:
        return CfnTag
    match = re.search(r"\b(Cfn\w+)\.(\w+Property)\b", annotation)
    return getattr(getattr(module, match[1]), match[2]) if match else None


def _type(annotation: str) -> PropertyType:
    """Return the type of a property, or of its items."""
    if "Any" in annotation:
        return "other"
    if "builtins.bool" in annotation:
        return "boolean"
    return "number" if "jsii.Number" in annotation else "text"


def _member(struct: _Struct, name: str) -> _Member:
    try:
        return struct.members[name.lower()]
    except KeyError:
        known = ", ".join(member.camel_name for member in struct.members.values())
        raise EmrError(
            f"{struct.name} of the installed aws-cdk-lib doesn't support {name!r}; use one of {known}"
        ) from None


def _camel(member: _Member, value: Any) -> Any:
    if member.struct is None:
        return rendered_value(value, member.kind)
    if isinstance(value, list):
        return [_camel(member, item) for item in value]
    if not isinstance(value, dict):
        return value
    return _camel_members(_struct(member.struct), value)


def _camel_members(struct: _Struct, members: Mapping[str, Any]) -> dict[str, Any]:
    known = [(_member(struct, name), item) for name, item in members.items()]
    return {member.camel_name: _camel(member, item) for member, item in known}
