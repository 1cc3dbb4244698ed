"""Output of the AWS CLI for existing clusters, their nodes and steps, security configurations and Studios.

Output shows a part of a request, and EMR has accepted what it shows: nothing in it is missing.
https://docs.aws.amazon.com/emr/latest/APIReference/API_DescribeCluster.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .._core.unknown import MACRO, UNKNOWN
from ..rules.security_configuration import DOCUMENT
from ..rules.shapes import shape_facts
from ..rules.studio import STUDIO
from .cli_inputs import Input, part_of_cluster
from .intrinsics import items, mapping, section

__all__ = ["answer_input", "security_configuration_input"]

# Members that output shows as RunJobFlow accepts them. Passwords are hidden, and applications have versions.
_CLUSTER: Final = tuple(
    name
    for name in shape_facts("RunJobFlowInput")["members"]
    if name not in ("Applications", "Instances", "KerberosAttributes", "LogUri", "Steps", "VisibleToAllUsers")
)
_ATTRIBUTES: Final = {
    "Ec2KeyName": "Ec2KeyName",
    "RequestedEc2SubnetIds": "Ec2SubnetIds",
    "EmrManagedMasterSecurityGroup": "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup": "EmrManagedSlaveSecurityGroup",
    "ServiceAccessSecurityGroup": "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups": "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups": "AdditionalSlaveSecurityGroups",
}
# Volumes are shown one by one, with those that EMR adds.
_GROUP: Final = {
    "InstanceGroupType": "InstanceRole",
    "RequestedInstanceCount": "InstanceCount",
    "InstanceType": "InstanceType",
    "Market": "Market",
    "BidPrice": "BidPrice",
    "Name": "Name",
    "Configurations": "Configurations",
    "CustomAmiId": "CustomAmiId",
}
_NODE_NAMES: Final = {
    "InstanceRole": "InstanceGroupType",
    "InstanceCount": "RequestedInstanceCount",
    "InstanceTypeConfigs": "InstanceTypeSpecifications",
}
_TARGETS: Final = ("TargetOnDemandCapacity", "TargetSpotCapacity")
_FLEET: Final = (
    "InstanceFleetType",
    "Name",
    "LaunchSpecifications",
    "ResizeSpecifications",
)
_TYPE: Final = ("InstanceType", "WeightedCapacity", "BidPrice", "Configurations", "CustomAmiId")


def answer_input(content: Any) -> Input | None:
    """Return the input for the content of a file that the AWS CLI has printed; None if it is something else."""
    match content:
        case {"Cluster": Mapping() as cluster}:
            return _cluster(cluster, content)
        case {"InstanceGroups": [*groups]} if _is_list(content) and all(map(_is_group, groups)):
            return _existing({"Instances": _instances({}, content, None)}, _places_of_nodes(content))
        case {"InstanceFleets": [*fleets]} if _is_list(content) and all(map(_is_fleet, fleets)):
            return _existing({"Instances": _instances({}, content, None)}, _places_of_nodes(content))
        case {"BootstrapActions": [Mapping() as first, *_]} if "ScriptPath" in first:
            actions = content["BootstrapActions"]
            return _existing({"BootstrapActions": [*map(_action, actions), UNKNOWN]}, _places_of_actions(actions))
        case {"Steps": [Mapping() as first, *_]} if "Config" in first:
            return _existing({"Steps": [*map(_step, content["Steps"]), UNKNOWN]}, _places_of_steps(content["Steps"]))
        case {"Step": Mapping() as step} if "Config" in step:
            places = {"Steps[0]": "Step", "Steps[0].HadoopJarStep": "Step.Config"}
            return _existing({"Steps": [_step(step), UNKNOWN]}, places)
        case {"Studio": Mapping() as studio}:
            known = {**_known(studio, shape_facts(STUDIO)["members"]), MACRO: UNKNOWN}
            return Input(STUDIO, known, {"": "Studio"}, is_existing=True)
    return None


def _is_group(group: Any) -> bool:
    return isinstance(group, Mapping) and "InstanceGroupType" in group


def _is_fleet(fleet: Any) -> bool:
    return isinstance(fleet, Mapping) and ("InstanceTypeSpecifications" in fleet or "Id" in fleet)


def _is_list(content: Mapping[str, Any]) -> bool:
    """Whether a file is output about nodes, and not a request of which they are a part."""
    return content.keys() <= {"InstanceFleets", "InstanceGroups", "Marker", "NextToken"}


# Members of a request that names a security configuration.
_OF_REQUEST: Final = frozenset({"Instances", "JobFlowRole", "ReleaseLabel", "ServiceRole"})


def security_configuration_input(content: Any) -> Input | None:
    """Return the input for a named security configuration, a request or output; None if ``content`` is neither."""
    if isinstance(content, Mapping) and not _OF_REQUEST.isdisjoint(content):
        return None
    match content:
        case {"SecurityConfiguration": Mapping() as document, "Name": _}:
            return Input(DOCUMENT, document, {"": "SecurityConfiguration"})
        case {"SecurityConfiguration": str(text), "Name": _}:
            try:
                document = json.loads(text)
            except (ValueError, RecursionError):
                return None
            return Input(DOCUMENT, document, {"": "SecurityConfiguration"})
    return None


def _existing(members: Mapping[str, Any], places: Mapping[str, str]) -> Input:
    return part_of_cluster(members, places)._replace(is_existing=True)


def _cluster(cluster: Mapping[str, Any], content: Mapping[str, Any]) -> Input:
    attributes = section(cluster, "Ec2InstanceAttributes")
    nodes = {name: found for name in ("InstanceGroups", "InstanceFleets") if (found := cluster.get(name))}
    nodes = nodes or {name: content[name] for name in ("InstanceGroups", "InstanceFleets") if name in content}
    instances = _instances(attributes, nodes, cluster.get("AutoTerminate"))
    members = {**_known(cluster, _CLUSTER), "Instances": instances}
    applications = [_named(item) for item in items(cluster.get("Applications"))]
    if applications:
        members["Applications"] = applications
    if "IamInstanceProfile" in attributes:
        members["JobFlowRole"] = attributes["IamInstanceProfile"]
    origin = "Cluster." if any(name in cluster for name in nodes) else ""
    places = {
        "": "Cluster",
        **_places_of_nodes(nodes, origin),
        "JobFlowRole": "Cluster.Ec2InstanceAttributes.IamInstanceProfile",
        "Instances": "Cluster.Ec2InstanceAttributes",
    }
    return _existing(members, places)


def _instances(attributes: Mapping[str, Any], nodes: Mapping[str, Any], auto_terminate: Any) -> dict[str, Any]:
    instances: dict[str, Any] = {
        member: attributes[name] for name, member in _ATTRIBUTES.items() if attributes.get(name)
    }
    if isinstance(auto_terminate, bool):
        instances["KeepJobFlowAliveWhenNoSteps"] = not auto_terminate
    # Output may be one page of several.
    if isinstance(nodes.get("InstanceGroups"), list):
        instances["InstanceGroups"] = [*map(_group, nodes["InstanceGroups"]), UNKNOWN]
    if isinstance(nodes.get("InstanceFleets"), list):
        instances["InstanceFleets"] = [*map(_fleet, nodes["InstanceFleets"]), UNKNOWN]
    return {**instances, MACRO: UNKNOWN}


def _group(group: Any) -> Any:
    found = mapping(group)
    return {**{member: found[name] for name, member in _GROUP.items() if found.get(name)}, MACRO: UNKNOWN}


def _fleet(fleet: Any) -> Any:
    found = mapping(fleet)
    listed = items(found.get("InstanceTypeSpecifications"))
    kinds = [{**_known(mapping(kind), _TYPE), MACRO: UNKNOWN} for kind in listed]
    types = {"InstanceTypeConfigs": kinds} if kinds else {}
    # A fleet without capacity has been resized.
    targets = {name: found[name] for name in _TARGETS if name in found and any(map(found.get, _TARGETS))}
    return {**_known(found, _FLEET), **targets, **types, MACRO: UNKNOWN}


def _step(step: Any) -> Any:
    found = mapping(step)
    jar = {**_known(section(found, "Config"), ("Jar", "Args", "MainClass")), MACRO: UNKNOWN}
    return {**_known(found, ("Name", "ActionOnFailure")), "HadoopJarStep": jar, MACRO: UNKNOWN}


def _places_of_steps(steps: list[Any]) -> dict[str, str]:
    return {f"Steps[{at}].HadoopJarStep": f"Steps[{at}].Config" for at in range(len(steps))}


def _places_of_actions(actions: list[Any]) -> dict[str, str]:
    places = {}
    for at in range(len(actions)):
        places[f"BootstrapActions[{at}].ScriptBootstrapAction"] = f"BootstrapActions[{at}]"
        places[f"BootstrapActions[{at}].ScriptBootstrapAction.Path"] = f"BootstrapActions[{at}].ScriptPath"
    return places


def _places_of_nodes(nodes: Mapping[str, Any], origin: str = "") -> dict[str, str]:
    """Where the output has groups, fleets and what it calls something else than a request."""
    places = {"Instances": ""}
    for name in nodes.keys() & {"InstanceGroups", "InstanceFleets"}:
        places[f"Instances.{name}"] = f"{origin}{name}"
        for at in range(len(items(nodes[name]))):
            for member, called in _NODE_NAMES.items():
                places[f"Instances.{name}[{at}].{member}"] = f"{origin}{name}[{at}].{called}"
    return places


def _action(action: Any) -> Any:
    found = mapping(action)
    names = {"Path": "ScriptPath", "Args": "Args"}
    script = {member: found[name] for member, name in names.items() if found.get(name)}
    return {"Name": found.get("Name", UNKNOWN), "ScriptBootstrapAction": {**script, MACRO: UNKNOWN}}


def _named(application: Any) -> Any:
    return {"Name": application["Name"]} if isinstance(application, Mapping) and "Name" in application else UNKNOWN


def _known(answer: Mapping[str, Any], members: Iterable[str]) -> dict[str, Any]:
    """The members of a response that have a value; a member that wasn't specified is empty."""
    found = {name: answer[name] for name in members if answer.get(name) not in (None, "", 0, [], {})}
    if isinstance(found.get("Tags"), list):
        found["Tags"] = [UNKNOWN if _is_of_aws(tag) else tag for tag in found["Tags"]]
    return found


def _is_of_aws(tag: Any) -> bool:
    """Whether AWS has added a tag, as CloudFormation does."""
    return isinstance(tag, Mapping) and str(tag.get("Key")).startswith("aws:")
