"""Prints the options of a cluster for a RunJobFlow request: the keywords of ``emr.ClusterOptions``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ..templates.requests import coerced
from .automatic_scaling import managed_scaling
from .code import Code, Commented, Literal, Name
from .configurations import configurations
from .context import Context, Members, is_intrinsic
from .instance_fleets import instance_fleets
from .instance_groups import instance_groups
from .instances import root_volume
from .kerberos import kerberos_attributes
from .pairs import pairs
from .scripts import bootstrap_action
from .steps import launched_step
from .termination import termination

__all__ = ["NOT_IN_DEFINITION", "cluster_options", "release_label"]

NOT_IN_DEFINITION: Final = {
    "": (
        "AutoScalingRole",
        "JobFlowRole",
        "LogEncryptionKmsKeyId",
        "LogUri",
        "SecurityConfiguration",
        "ServiceRole",
    ),
    "Instances": (
        "AdditionalMasterSecurityGroups",
        "AdditionalSlaveSecurityGroups",
        "Ec2KeyName",
        "Ec2SubnetId",
        "Ec2SubnetIds",
        "EmrManagedMasterSecurityGroup",
        "EmrManagedSlaveSecurityGroup",
        "ServiceAccessSecurityGroup",
    ),
}
"""The members of a request, and of its ``Instances``, that refer to other resources: they aren't printed here."""


def cluster_options(request: Mapping[str, Any], context: Context, *, is_api_request: bool = False) -> dict[str, Code]:
    """Return the options of a cluster by keyword of ``emr.ClusterOptions``, without those for other resources.

    Members that can't be expressed are comments (``Remark``) by their names.

    :param request: the members of RunJobFlow.
    :param is_api_request: whether it is a request to the API, for which another default of
        ``KeepJobFlowAliveWhenNoSteps`` applies than in a template.
    """
    members = Members(coerced("RunJobFlowInput", request), context)
    instances = Members(members.structure("Instances"), context)
    for owner, names in ((members, NOT_IN_DEFINITION[""]), (instances, NOT_IN_DEFINITION["Instances"])):
        for name in names:
            owner.take(name)
    options = members.options(cluster_name="Name")
    label = members.take("ReleaseLabel")
    options["release_label"] = (
        context.remark("specify the release label of the cluster", None)
        if label is None
        else release_label(label, context)
    )
    applications = members.take("Applications")
    if applications:
        options["applications"] = context.each("Applications", applications, _application)
    options |= _nodes(members, instances, context)
    options |= _lists(members, context)
    options |= members.options(step_concurrency_level="StepConcurrencyLevel")
    options["termination"] = termination(members, instances, context, keep_alive=False if is_api_request else None)
    options["unhealthy_node_replacement"] = context.value(instances.take("UnhealthyNodeReplacement"))
    visible = members.take("VisibleToAllUsers")
    if visible is not True:
        options["visible_to_all_users"] = context.value(visible)
    root = root_volume(members)
    if root is not None:
        options["root_volume"] = root
    options |= members.options(
        custom_ami_id="CustomAmiId", os_release_label="OSReleaseLabel", scale_down_behavior="ScaleDownBehavior"
    )
    options |= _others(members, context)
    return {**options, **instances.rest("Instances."), **members.rest()}


def release_label(raw: Any, context: Context) -> Code:
    """Return the constant of a release label, or the label without a constant."""
    constant = str(raw).replace("emr-", "EMR_").replace(".", "_")
    return _constant("ReleaseLabel", constant, "label", raw) or context.value(raw)


def _application(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    name = members.take("Name")
    if name is None:
        return context.remark("an application requires a name", raw)
    code = _application_name(name, context)
    others = {member: value for member, value in raw.items() if member != "Name" and value is not None}
    return Commented(code, context.todo("options of an application", others)) if others else code


def _application_name(name: Any, context: Context) -> Code:
    from .. import Application

    constants = {
        value.name: constant for constant, value in vars(Application).items() if isinstance(value, Application)
    }
    return Name(f"emr.Application.{constants[name]}") if str(name) in constants else context.value(name)


def _constant(cls: str, constant: str, field: str, raw: Any) -> Code | None:
    import emr_constructs

    value = getattr(getattr(emr_constructs, cls), constant, None)
    return Name(f"emr.{cls}.{constant}") if getattr(value, field, None) == raw else None


def _lists(members: Members, context: Context) -> dict[str, Code]:
    options: dict[str, Code] = {}
    settings = members.take("Configurations")
    if settings:
        options["configurations"] = configurations(settings, context)
    actions = members.take("BootstrapActions")
    if actions:
        options["bootstrap_actions"] = context.each("BootstrapActions", actions, bootstrap_action)
    steps = members.take("Steps")
    if steps:
        options["steps"] = context.each("Steps", steps, launched_step)
    return options


def _nodes(members: Members, instances: Members, context: Context) -> dict[str, Code]:
    options: dict[str, Code] = {}
    fleets, groups = instances.take("InstanceFleets"), instances.take("InstanceGroups")
    if fleets:
        options["instances"] = instance_fleets(fleets, context)
    if groups and fleets:
        options["InstanceGroups"] = context.remark("a cluster has instance groups or instance fleets", groups)
    elif groups:
        options["instances"] = instance_groups(groups, context)
    elif not fleets and (listed := _listed(instances)):
        options["instances"] = instance_groups(listed, context)
    elif not fleets:
        options["instances"] = context.remark("specify the nodes of the cluster", None)
    scaling = members.take("ManagedScalingPolicy")
    if scaling is not None:
        options["managed_scaling"] = context.one("ManagedScalingPolicy", scaling, managed_scaling)
    return options | _placement(members.take("PlacementGroupConfigs"), fleets or groups, context)


def _listed(instances: Members) -> list[dict[str, Any]]:
    """Return the groups of the members that only specify instance types and the number of nodes."""
    found = instances.peek("MasterInstanceType", "SlaveInstanceType", "InstanceCount")
    match found:
        case {"MasterInstanceType": str(master), "InstanceCount": 1}:
            groups = {"MASTER": (master, 1)}
        case {"MasterInstanceType": str(master), "SlaveInstanceType": str(core), "InstanceCount": int(count)} if (
            count > 1
        ):
            groups = {"MASTER": (master, 1), "CORE": (core, count - 1)}
        case _:
            return []
    for name in found:
        instances.take(name)
    return [
        {"InstanceRole": role, "InstanceType": kind, "InstanceCount": count} for role, (kind, count) in groups.items()
    ]


def _placement(raw: Any, nodes: Any, context: Context) -> dict[str, Code]:
    """Return the placement group, unless it is the one that the library writes for three primary nodes."""
    has_three = any(
        role == "MASTER" and 3 in (node.get("InstanceCount"), node.get("TargetOnDemandCapacity"))
        for node in (nodes if isinstance(nodes, list) else ())
        if isinstance(node, Mapping) and (role := node.get("InstanceRole", node.get("InstanceFleetType")))
    )
    is_spread = raw == [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}]
    options: dict[str, Code] = {}
    if is_spread != has_three:
        options["placement_strategy"] = Literal("SPREAD" if is_spread else None)
    if raw and not is_spread:
        options["PlacementGroupConfigs"] = context.remark("PlacementGroupConfigs", raw)
    return options


def _others(members: Members, context: Context) -> dict[str, Code]:
    options: dict[str, Code] = {}
    info = members.take("AdditionalInfo")
    if info is not None:
        options["additional_info"] = _additional_info(info, context)
    kerberos = members.take("KerberosAttributes")
    if kerberos is not None:
        options["kerberos"] = context.one("KerberosAttributes", kerberos, kerberos_attributes)
    tags = members.take("Tags")
    if tags:
        options["tags"] = pairs("Tags", tags, context)
    return options


def _additional_info(raw: Any, context: Context) -> Code:
    try:
        content = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        content = None
    if not isinstance(content, Mapping) or is_intrinsic(content):
        return context.remark("AdditionalInfo", raw)
    return context.value(content)
