"""The one place that writes what the EMR API says as CloudFormation spells it, and as the L1 wants to be given it.

Everywhere else a cluster is a plain dictionary in the shape of the EMR API. Here it becomes the properties of
``AWS::EMR::Cluster``, ``AWS::EMR::Step`` and of the groups and fleets that are added, and these the dictionaries with
camelCase names that jsii takes: any other name would be dropped without a word, so the names come from the L1's own
metadata, and an unknown one is an error.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import jsii
from aws_cdk import CfnResource, CfnTag, Fn

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

# EMR, not CloudFormation, puts the id of the cluster here; in the dimensions of automatic scaling.
_CLUSTER_ID: Final = "${emr.clusterId}"


def cluster_properties(request: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of ``AWS::EMR::Cluster`` that say the same as the RunJobFlow ``request``.

    :raises EmrError: the request has a member that CloudFormation cannot express.
    """
    lacking = sorted(API_ONLY & request.keys())
    if lacking:
        raise EmrError(f"AWS::EMR::Cluster has no {', '.join(lacking)}; leave it out, or launch the cluster by the API")
    logged = [step["Name"] for step in request.get("Steps", []) if STEP_LOGS[0] in step]
    if logged:
        raise EmrError(
            f"a cluster cannot be launched with steps that have logs of their own: {', '.join(logged)}; submit them "
            "with cluster.add_step(...)"
        )
    properties = {name: _respelled(name, value) for name, value in request.items()}
    if "AdditionalInfo" in properties:
        properties["AdditionalInfo"] = json.loads(properties["AdditionalInfo"])
    properties["Instances"] = _instances(properties["Instances"])
    return properties


def step_properties(step: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """The properties of ``AWS::EMR::Step`` for a ``StepConfig`` that is submitted to the cluster ``cluster_id``."""
    properties = {name: _respelled(name, value) for name, value in step.items() if name != STEP_LOGS[0]}
    logs = step.get(STEP_LOGS[0], {}).get(STEP_LOGS[1], {})
    return {"JobFlowId": cluster_id, **properties, **logs}


def task_group_properties(group: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """The properties of ``AWS::EMR::InstanceGroupConfig`` for a group that is added to the cluster ``cluster_id``."""
    return {"JobFlowId": cluster_id, **{name: _respelled(name, value) for name, value in group.items()}}


def task_fleet_properties(fleet: Mapping[str, Any], cluster_id: str) -> dict[str, Any]:
    """The properties of ``AWS::EMR::InstanceFleetConfig`` for a fleet that is added to the cluster ``cluster_id``."""
    return {"ClusterId": cluster_id, **{name: _respelled(name, value) for name, value in fleet.items()}}


def l1_properties(resource: type, properties: Mapping[str, Any]) -> dict[str, Any]:
    """``properties`` by the names that jsii takes for the L1 class ``resource``.

    :raises EmrError: the L1 has no such property, at any depth.
    """
    return _camel_members(_struct(getattr(sys.modules[resource.__module__], f"{resource.__name__}Props")), properties)


def create_resource(
    resource: type[_Resource], scope: Construct, construct_id: str, properties: Mapping[str, Any]
) -> _Resource:
    """The L1 ``resource`` with ``properties``, handed to CDK as one dictionary.

    The constructor of the L1 would check each property in Python, the ones that are not given too, which takes longer
    than all the rest of the call; CDK checks them again when it renders the template.

    :raises EmrError: the L1 has no such property, at any depth.
    """
    created = resource.__new__(resource)
    jsii.create(resource, created, [scope, construct_id, l1_properties(resource, properties)])
    return created


def _respelled(name: str, value: Any) -> Any:
    """``value`` of the member ``name``, in CloudFormation's spelling at every depth."""
    if isinstance(value, list):
        return [_respelled(name, item) for item in value]
    if isinstance(value, str) and _CLUSTER_ID in value:
        # CDK and cfn-lint take the plain text for a forgotten Fn::Sub.
        return Fn.sub(value.replace(_CLUSTER_ID, "${Dollar}" + _CLUSTER_ID[1:]), {"Dollar": "$"})
    if not isinstance(value, dict):
        return value
    renamed = RENAMED.get(name, {})
    return {
        renamed.get(member, member): item if member == "Properties" else _respelled(member, item)
        for member, item in value.items()
    }


def _instances(instances: Mapping[str, Any]) -> dict[str, Any]:
    """CloudFormation has a property for each role where the API has one list of nodes."""
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
    """The struct class of the value, or of the items of the value; None for anything else."""


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
        camel.lower(): _Member(camel, _nested(module, str(annotations[python]))) for python, camel in names.items()
    }
    return _Struct(struct.__qualname__, members)


def _nested(module: ModuleType, annotation: str) -> type | None:
    if "CfnTag" in annotation:
        return CfnTag
    match = re.search(r"\b(Cfn\w+)\.(\w+Property)\b", annotation)
    return getattr(getattr(module, match[1]), match[2]) if match else None


def _member(struct: _Struct, name: str) -> _Member:
    try:
        return struct.members[name.lower()]
    except KeyError:
        known = ", ".join(member.camel_name for member in struct.members.values())
        raise EmrError(f"{struct.name} of this aws-cdk-lib has no property {name!r}; it has {known}") from None


def _camel(member: _Member, value: Any) -> Any:
    if member.struct is None:
        return value
    if isinstance(value, list):
        return [_camel(member, item) for item in value]
    if not isinstance(value, dict):
        return value
    return _camel_members(_struct(member.struct), value)


def _camel_members(struct: _Struct, members: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: _member(struct, name) for name in members}
    return {known[name].camel_name: _camel(known[name], item) for name, item in members.items()}
