"""Converts responses of the EMR API about a cluster to a request.

https://docs.aws.amazon.com/emr/latest/APIReference/API_DescribeCluster.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..rules.shapes import shape_facts
from ..templates.intrinsics import items, mapping, section

__all__ = ["request_of_answers"]

# Members of the response that RunJobFlow has under the same name.
_SAME: Final = (
    "AutoScalingRole",
    "Configurations",
    "CustomAmiId",
    "EbsRootVolumeIops",
    "EbsRootVolumeSize",
    "EbsRootVolumeThroughput",
    "LogEncryptionKmsKeyId",
    "LogUri",
    "Name",
    "OSReleaseLabel",
    "ReleaseLabel",
    "ScaleDownBehavior",
    "SecurityConfiguration",
    "ServiceRole",
    "StepConcurrencyLevel",
)
_ATTRIBUTES: Final = {
    "Ec2KeyName": "Ec2KeyName",
    "EmrManagedMasterSecurityGroup": "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup": "EmrManagedSlaveSecurityGroup",
    "ServiceAccessSecurityGroup": "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups": "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups": "AdditionalSlaveSecurityGroups",
}
_RENAMED: Final = {"InstanceGroupType": "InstanceRole", "RequestedInstanceCount": "InstanceCount"}
_HIDDEN: Final = "***"


def request_of_answers(cluster: Mapping[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that launches a cluster.

    :param cluster: the member ``Cluster`` of the response of ``DescribeCluster``.
    :param lists: the members of other responses: ``InstanceGroups`` or ``InstanceFleets``, ``BootstrapActions``,
        ``Steps`` with the newest first, ``ManagedScalingPolicy`` and ``AutoTerminationPolicy``.
    """
    attributes = section(cluster, "Ec2InstanceAttributes")
    request = _present(cluster, _SAME)
    if request.get("StepConcurrencyLevel") == 1:
        del request["StepConcurrencyLevel"]
    if cluster.get("VisibleToAllUsers") is False:
        request["VisibleToAllUsers"] = False
    request["Applications"] = [{"Name": item["Name"]} for item in items(cluster.get("Applications"))]
    request["Tags"] = [tag for tag in items(cluster.get("Tags")) if not str(tag.get("Key")).startswith("aws:")]
    request["PlacementGroupConfigs"] = items(cluster.get("PlacementGroups"))
    if attributes.get("IamInstanceProfile"):
        request["JobFlowRole"] = attributes["IamInstanceProfile"]
    if section(cluster, "KerberosAttributes").get("Realm"):
        request["KerberosAttributes"] = {"KdcAdminPassword": _HIDDEN, **cluster["KerberosAttributes"]}
    request["BootstrapActions"] = [
        _bootstrap_action(mapping(action)) for action in items(lists.get("BootstrapActions"))
    ]
    request["Steps"] = [_step(mapping(step)) for step in items(lists.get("Steps"))][::-1]
    request |= {name: lists.get(name) for name in ("ManagedScalingPolicy", "AutoTerminationPolicy")}
    request["Instances"] = _instances(cluster, attributes, lists)
    return {name: value for name, value in request.items() if value not in (None, [], {})}


def _instances(cluster: Mapping[str, Any], attributes: Mapping[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    instances: dict[str, Any] = {
        member: attributes[name] for name, member in _ATTRIBUTES.items() if attributes.get(name)
    }
    subnets = items(attributes.get("RequestedEc2SubnetIds")) or items([attributes.get("Ec2SubnetId")])
    fleets, groups = items(lists.get("InstanceFleets")), items(lists.get("InstanceGroups"))
    has_fleets = bool(fleets) or cluster.get("InstanceCollectionType") == "INSTANCE_FLEET"
    known = [subnet for subnet in subnets if subnet]
    if known:
        instances["Ec2SubnetIds" if has_fleets else "Ec2SubnetId"] = known if has_fleets else known[0]
    instances["KeepJobFlowAliveWhenNoSteps"] = not cluster.get("AutoTerminate", False)
    for member in ("TerminationProtected", "UnhealthyNodeReplacement"):
        if member in cluster:
            instances[member] = cluster[member]
    if has_fleets:
        instances["InstanceFleets"] = [_fleet(mapping(fleet)) for fleet in fleets]
    else:
        instances["InstanceGroups"] = [_group(mapping(group)) for group in groups]
    return instances


def _bootstrap_action(action: Mapping[str, Any]) -> dict[str, Any]:
    script = {"Path": action.get("ScriptPath"), "Args": action.get("Args") or None}
    return {"Name": action.get("Name"), "ScriptBootstrapAction": _present(script, script)}


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    config = section(step, "Config")
    jar = _present(config, ("Jar", "MainClass", "Args"))
    properties = section(config, "Properties")
    if properties:
        jar["Properties"] = [{"Key": key, "Value": value} for key, value in properties.items()]
    return {**_present(step, ("Name", "ActionOnFailure")), "HadoopJarStep": jar}


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    members = shape_facts("InstanceGroupConfig")["members"]
    known = {_RENAMED.get(name, name): value for name, value in group.items()}
    found = _present(known, members)
    policy = section(group, "AutoScalingPolicy")
    if policy:
        found["AutoScalingPolicy"] = _present(policy, ("Constraints", "Rules"))
    return found | _volumes(group)


def _fleet(fleet: Mapping[str, Any]) -> dict[str, Any]:
    found = _present(fleet, shape_facts("InstanceFleetConfig")["members"])
    members = shape_facts("InstanceTypeConfig")["members"]
    kinds = [mapping(kind) for kind in items(fleet.get("InstanceTypeSpecifications"))]
    found["InstanceTypeConfigs"] = [_present(kind, members) | _volumes(kind) for kind in kinds]
    return found


def _volumes(nodes: Mapping[str, Any]) -> dict[str, Any]:
    """The volumes of a node, which the response lists one by one."""
    devices = items(nodes.get("EbsBlockDevices"))
    counts = Counter(json.dumps(section(device, "VolumeSpecification"), sort_keys=True) for device in devices)
    listed = [
        {"VolumeSpecification": json.loads(text), **({"VolumesPerInstance": count} if count > 1 else {})}
        for text, count in counts.items()
    ]
    found: dict[str, Any] = {"EbsBlockDeviceConfigs": listed} if listed else {}
    if nodes.get("EbsOptimized"):
        found["EbsOptimized"] = True
    return {"EbsConfiguration": found} if found else {}


def _present(answer: Mapping[str, Any], members: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    """The members of a response that have a value; a member that wasn't specified is empty."""
    return {name: answer[name] for name in members if answer.get(name) not in (None, "", [], {})}
