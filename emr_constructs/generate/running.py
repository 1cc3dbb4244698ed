"""Reads a running cluster with boto3, and converts what EMR answers to requests.

https://docs.aws.amazon.com/emr/latest/APIReference/API_DescribeCluster.html
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..rules.security_configuration import DOCUMENT
from ..rules.shapes import shape_facts
from ..templates.intrinsics import items, mapping, section
from ..templates.parsing import UnreadableError
from ..templates.requests import CLUSTER, SECURITY_CONFIGURATION, coerced
from .identifiers import class_name
from .inputs import Plan
from .parts import KINDS, Part, is_unwrapped, typed
from .resolution import Intrinsic

__all__ = ["client_of", "running_plan"]

_ID: Final = re.compile(r"j-[0-9A-Z]+")
# Members of the answer that RunJobFlow has under the same name.
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


def client_of(region: str | None, profile: str | None) -> Any:
    """Return a client of EMR.

    :raises UnreadableError: boto3 isn't installed, or the AWS configuration is incomplete.
    """
    try:
        import boto3
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise UnreadableError(
            '--cluster-id requires boto3, which isn\'t installed; run pip install "emr-constructs[aws]"'
        ) from None
    try:
        return boto3.Session(profile_name=profile, region_name=region).client("emr")
    except BotoCoreError as error:
        raise UnreadableError(f"{error}; specify --region and --profile, or configure the AWS CLI") from None


def running_plan(cluster_id: str, client: Any) -> Plan:
    """Return the plan for a running cluster.

    :param client: a client of EMR.
    :raises UnreadableError: the ID is invalid, or EMR rejects a call.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    if not _ID.fullmatch(cluster_id):
        raise UnreadableError(f"--cluster-id must be the ID of a cluster, such as j-1ABCDEFGHIJKL, got {cluster_id!r}")
    try:
        return _Reader(client, cluster_id).plan()
    except ClientError as error:
        reason = error.response.get("Error", {}).get("Message") or str(error)
        raise UnreadableError(f"{cluster_id}: {error.operation_name} failed: {reason}") from None
    except BotoCoreError as error:
        raise UnreadableError(f"{cluster_id}: {error}; configure credentials, or specify --profile") from None


class _Reader:
    def __init__(self, client: Any, cluster_id: str) -> None:
        self._client = client
        self._id = cluster_id

    def plan(self) -> Plan:
        cluster = self._client.describe_cluster(ClusterId=self._id)["Cluster"]
        parts: list[Part] = []
        request = self._request(cluster)
        if "SecurityConfiguration" in request:
            part = self._security_configuration(request["SecurityConfiguration"])
            parts.append(part)
            request["SecurityConfiguration"] = Intrinsic({"Ref": part.logical_id})
        parts.append(Part("Cluster", CLUSTER, typed(KINDS[CLUSTER], coerced(KINDS[CLUSTER], request))))
        notes = ["the cluster has run these steps; remove those that must not run again"] if "Steps" in request else []
        return Plan(class_name(str(cluster.get("Name", "")), "Cluster"), {}, parts, notes=notes)

    def _request(self, cluster: Mapping[str, Any]) -> dict[str, Any]:
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
        request["BootstrapActions"] = list(self._bootstrap_actions())
        request["Steps"] = list(self._steps())[::-1]
        request |= self._policies()
        request["Instances"] = self._instances(cluster, attributes)
        return {name: value for name, value in request.items() if value not in (None, [], {})}

    def _instances(self, cluster: Mapping[str, Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
        instances: dict[str, Any] = {
            member: attributes[name] for name, member in _ATTRIBUTES.items() if attributes.get(name)
        }
        subnets = items(attributes.get("RequestedEc2SubnetIds")) or items([attributes.get("Ec2SubnetId")])
        has_fleets = cluster.get("InstanceCollectionType") == "INSTANCE_FLEET"
        known = [subnet for subnet in subnets if subnet]
        if known:
            instances["Ec2SubnetIds" if has_fleets else "Ec2SubnetId"] = known if has_fleets else known[0]
        instances["KeepJobFlowAliveWhenNoSteps"] = not cluster.get("AutoTerminate", False)
        for member in ("TerminationProtected", "UnhealthyNodeReplacement"):
            if member in cluster:
                instances[member] = cluster[member]
        if has_fleets:
            fleets = self._pages("list_instance_fleets", "InstanceFleets")
            instances["InstanceFleets"] = [_fleet(fleet) for fleet in fleets]
        else:
            groups = self._pages("list_instance_groups", "InstanceGroups")
            instances["InstanceGroups"] = [_group(group) for group in groups]
        return instances

    def _policies(self) -> dict[str, Any]:
        scaling = self._client.get_managed_scaling_policy(ClusterId=self._id).get("ManagedScalingPolicy")
        idle = self._client.get_auto_termination_policy(ClusterId=self._id).get("AutoTerminationPolicy")
        return {"ManagedScalingPolicy": scaling, "AutoTerminationPolicy": idle}

    def _bootstrap_actions(self) -> Iterator[dict[str, Any]]:
        for action in self._pages("list_bootstrap_actions", "BootstrapActions"):
            script = {"Path": action.get("ScriptPath"), "Args": action.get("Args") or None}
            yield {"Name": action.get("Name"), "ScriptBootstrapAction": _present(script, script)}

    def _steps(self) -> Iterator[dict[str, Any]]:
        for step in self._pages("list_steps", "Steps"):
            config = section(step, "Config")
            jar = _present(config, ("Jar", "MainClass", "Args"))
            properties = section(config, "Properties")
            if properties:
                jar["Properties"] = [{"Key": key, "Value": value} for key, value in properties.items()]
            yield {**_present(step, ("Name", "ActionOnFailure")), "HadoopJarStep": jar}

    def _security_configuration(self, name: str) -> Part:
        answer = self._client.describe_security_configuration(Name=name)
        document = coerced(DOCUMENT, json.loads(answer["SecurityConfiguration"]))
        logical_id = class_name(name, "SecurityConfiguration")
        found = "SecurityConfiguration" if logical_id == "Cluster" else logical_id
        return Part(found, SECURITY_CONFIGURATION, typed(DOCUMENT, document), is_unwrapped=is_unwrapped(document))

    def _pages(self, operation: str, member: str) -> Iterator[Mapping[str, Any]]:
        for page in self._client.get_paginator(operation).paginate(ClusterId=self._id):
            yield from page.get(member, ())


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
    """The volumes of a node, which the answer lists one by one."""
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
    """The members of an answer that have a value: an empty one is that of a member that nobody has set."""
    return {name: answer[name] for name in members if answer.get(name) not in (None, "", [], {})}
