"""Prints requests and runs the code, for the tests of printers."""

from __future__ import annotations

import json
import subprocess

import aws_cdk as cdk

import emr_constructs as emr
from emr_constructs.generate.code import Call, Literal, layout
from emr_constructs.generate.context import Context
from emr_constructs.generate.definition import NOT_IN_DEFINITION, cluster_options
from emr_constructs.templates.requests import coerced


class References(Context):
    """Refers to other parts of an app by calls of ``ref``."""

    def reference(self, value):
        return Call("ref", (Literal(json.dumps(value, sort_keys=True)),))

    def secret(self, value):
        return self.reference(value)


def ref(text):
    """The token for an intrinsic function, which is its JSON."""
    return "${Token[%s]}" % text.replace("]", ")")  # noqa: UP031


def printed(request, *, keep_alive=True):
    """The source of a definition, and the comments about what can't be expressed."""
    context = References()
    options = cluster_options(request, context, keep_alive=keep_alive)
    return layout(Call("emr.ClusterDefinition", (), options)), context.todos


def run(source):
    """The value of generated source."""
    return eval(source, {"emr": emr, "cdk": cdk, "ref": ref})


def replaced(value):
    """A request with tokens instead of intrinsic functions."""
    match value:
        case dict() if len(value) == 1 and (name := next(iter(value))) and (name == "Ref" or name.startswith("Fn::")):
            return ref(json.dumps(value, sort_keys=True))
        case dict():
            return {name: replaced(item) for name, item in value.items()}
        case list():
            return [replaced(item) for item in value]
    return value


# What the library writes that a request may leave out, with the reason why that is the same.
DEFAULTS = {
    "Name of a group or fleet": "a name by the role, which EMR writes itself",
    "InstanceCount, VolumesPerInstance": "1, the default of EMR",
    "Market": "ON_DEMAND, the default of EMR; a bid price implies SPOT",
    "TargetOnDemandCapacity, TargetSpotCapacity": "0, the default of EMR",
    "SpotSpecification": "EMR requires one for a Spot target",
    "IdleTimeout": "an hour, the default of EMR",
    "KeepJobFlowAliveWhenNoSteps": "true in a template, false in a request",
    "TerminationProtected": "false, the default of EMR",
    "UnhealthyNodeReplacement": "true, the default of EMR",
    "VisibleToAllUsers": "true; EMR ignores false",
    "ActionOnFailure": "CONTINUE; TERMINATE_JOB_FLOW is the former name of TERMINATE_CLUSTER",
    "AdjustmentType": "CHANGE_IN_CAPACITY, the default of EMR",
    "ScalingStrategy": "ADVANCED with a performance index, and DEFAULT otherwise",
    "PlacementGroupConfigs": "SPREAD for three primary nodes",
    "empty lists and objects": "the same as none",
    "AdditionalInfo": "the same JSON in another spelling",
}
_UNNAMED = {"MASTER": "Master", "CORE": "Core", "TASK": "Task"}


def with_defaults(request, *, keep_alive=True):
    """What the library renders for a request: without members of other resources, and with ``DEFAULTS``."""
    found = _without_empty(coerced("RunJobFlowInput", request))
    for name in NOT_IN_DEFINITION[""]:
        found.pop(name, None)
    found["VisibleToAllUsers"] = True
    instances = found.setdefault("Instances", {})
    for name in NOT_IN_DEFINITION["Instances"]:
        instances.pop(name, None)
    instances.setdefault("KeepJobFlowAliveWhenNoSteps", keep_alive)
    instances.setdefault("TerminationProtected", False)
    instances.setdefault("UnhealthyNodeReplacement", True)
    for step in found.get("Steps", ()):
        if step.setdefault("ActionOnFailure", "CONTINUE") == "TERMINATE_JOB_FLOW":
            step["ActionOnFailure"] = "TERMINATE_CLUSTER"
    _capacity_defaults(found, instances)
    if request.get("AutoTerminationPolicy") == {}:
        found["AutoTerminationPolicy"] = {"IdleTimeout": 3600}
    if isinstance(found.get("AdditionalInfo"), str):
        found["AdditionalInfo"] = json.dumps(json.loads(found["AdditionalInfo"]))
    return replaced(found)


def _capacity_defaults(found, instances):
    count = 0
    # A request may have the roles in any order.
    for nodes in sorted(instances.get("InstanceGroups", ()), key=lambda group: group["InstanceRole"] != "MASTER"):
        _group_defaults(nodes)
        count = count or nodes["InstanceCount"]
    for nodes in sorted(instances.get("InstanceFleets", ()), key=lambda fleet: fleet["InstanceFleetType"] != "MASTER"):
        _fleet_defaults(nodes)
        count = count or nodes["TargetOnDemandCapacity"]
    if count == 3:
        found["PlacementGroupConfigs"] = [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}]
    for name, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        if name in instances:
            instances[name] = [nodes for wanted in _UNNAMED for nodes in instances[name] if nodes[role] == wanted]
    scaling = found.get("ManagedScalingPolicy", {})
    scaling.pop("ScalingStrategy", None)
    if "UtilizationPerformanceIndex" in scaling:
        scaling["ScalingStrategy"] = "ADVANCED"


def _group_defaults(group):
    group.setdefault("InstanceCount", 1)
    group.setdefault("Market", "SPOT" if "BidPrice" in group else "ON_DEMAND")
    group.setdefault("Name", _UNNAMED[group["InstanceRole"]])
    _volume_defaults(group)
    for rule in group.get("AutoScalingPolicy", {}).get("Rules", ()):
        rule["Action"]["SimpleScalingPolicyConfiguration"].setdefault("AdjustmentType", "CHANGE_IN_CAPACITY")


def _fleet_defaults(fleet):
    fleet.setdefault("TargetOnDemandCapacity", 0)
    fleet.setdefault("TargetSpotCapacity", 0)
    fleet.setdefault("Name", _UNNAMED[fleet["InstanceFleetType"]])
    for kind in fleet.get("InstanceTypeConfigs", ()):
        _volume_defaults(kind)
    if fleet["TargetSpotCapacity"]:
        launch = fleet.setdefault("LaunchSpecifications", {})
        launch.setdefault("SpotSpecification", {"TimeoutAction": "SWITCH_TO_ON_DEMAND", "TimeoutDurationMinutes": 60})


def _volume_defaults(part):
    for volume in part.get("EbsConfiguration", {}).get("EbsBlockDeviceConfigs", ()):
        volume.setdefault("VolumesPerInstance", 1)


def _without_empty(value):
    match value:
        case dict():
            return {name: _without_empty(item) for name, item in value.items() if item not in ([], {}, None)}
        case list():
            return [_without_empty(item) for item in value]
    return value


def ruff_problems(folder):
    """What ruff with its defaults reports for the Python files of a folder."""
    calls = (["format", "--diff"], ["check", "--output-format", "concise"])
    runs = [
        subprocess.run(
            ["ruff", *call, "--isolated", "--no-cache", "--quiet", "."],
            cwd=folder, capture_output=True, text=True, check=False,
        )
        for call in calls
    ]  # fmt: skip
    return "".join(run.stdout + run.stderr for run in runs)
