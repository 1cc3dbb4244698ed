"""Prints requests and runs the code, for the tests of printers."""

from __future__ import annotations

import json
import subprocess
from zlib import crc32

import aws_cdk as cdk

import emr_constructs as emr
from emr_constructs.generate.code import Call, Literal
from emr_constructs.generate.context import Context
from emr_constructs.generate.definition import NOT_IN_DEFINITION, cluster_options
from emr_constructs.generate.layout import layout
from emr_constructs.templates.requests import coerced


class References(Context):
    """Refers to other parts of an app by calls of ``ref``."""

    def reference(self, value):
        return Call("ref", (Literal(json.dumps(value, sort_keys=True)),))


def ref(text):
    """The token for an intrinsic function in JSON."""
    # CDK doesn't know the token: no token of its own has a tilde.
    return f"${{Token[~{crc32(text.encode())}]}}"


def printed(request, **options):
    """The source of a definition, and the comments about what can't be expressed."""
    context = References()
    code = Call("emr.ClusterDefinition", (), cluster_options(request, context, **options))
    return layout(code), context.todos


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


# What the library writes in another way, with the reason why that is the same.
SAME = {
    "a bid price without a market": "it implies SPOT, which is written, with a comment",
    "AutoTerminationPolicy without IdleTimeout": "an hour, the default of EMR",
    "ActionOnFailure TERMINATE_JOB_FLOW": "the former name of TERMINATE_CLUSTER",
    "ScalingStrategy": "ADVANCED with a performance index, and left out otherwise",
    "KeepJobFlowAliveWhenNoSteps left out in a request to the API": "false, the default of the API",
    "empty lists and objects, except in configurations": "the same as none",
    "AdditionalInfo": "the same JSON in another spelling",
    "numbers and booleans as text": "CloudFormation converts them",
    "the order of groups and fleets": "by role",
}
_ROLES = ("MASTER", "CORE", "TASK")


def expected(request, *, is_api_request=False):
    """What the library renders for a request: without members of other resources, and with ``SAME``."""
    found = _without_empty(coerced("RunJobFlowInput", request))
    found = without_resources(found)
    instances = found["Instances"]
    if is_api_request:
        instances.setdefault("KeepJobFlowAliveWhenNoSteps", False)
    for step in found.get("Steps", ()):
        if step.get("ActionOnFailure") == "TERMINATE_JOB_FLOW":
            step["ActionOnFailure"] = "TERMINATE_CLUSTER"
    for name, role in (("InstanceGroups", "InstanceRole"), ("InstanceFleets", "InstanceFleetType")):
        if name in instances:
            instances[name] = [nodes for wanted in _ROLES for nodes in instances[name] if nodes[role] == wanted]
    for group in instances.get("InstanceGroups", ()):
        if "BidPrice" in group:
            group.setdefault("Market", "SPOT")
    scaling = found.get("ManagedScalingPolicy", {})
    scaling.pop("ScalingStrategy", None)
    if "UtilizationPerformanceIndex" in scaling:
        scaling["ScalingStrategy"] = "ADVANCED"
    if request.get("AutoTerminationPolicy") == {}:
        found["AutoTerminationPolicy"] = {"IdleTimeout": 3600}
    if isinstance(found.get("AdditionalInfo"), str):
        found["AdditionalInfo"] = json.dumps(json.loads(found["AdditionalInfo"]))
    return replaced(found)


def without_resources(request):
    """A request without the members that refer to other resources."""
    plain = {name: value for name, value in request.items() if name not in NOT_IN_DEFINITION[""]}
    instances = plain.get("Instances", {})
    if not isinstance(instances, dict):
        return plain
    nodes = {name: value for name, value in instances.items() if name not in NOT_IN_DEFINITION["Instances"]}
    return {**plain, "Instances": nodes}


def _without_empty(value):
    match value:
        case dict():
            given = {name: item for name, item in value.items() if item not in ([], {}, None)}
            # In configurations, what is empty is written.
            return {name: item if name == "Configurations" else _without_empty(item) for name, item in given.items()}
        case list():
            return [_without_empty(item) for item in value]
    return value


def ruff_problems(folder, *, checks=True):
    """What ruff with its defaults reports for the Python files of a folder."""
    calls = [["format", "--diff"], *([["check", "--output-format", "concise"]] if checks else [])]
    runs = [
        subprocess.run(
            ["ruff", *call, "--isolated", "--no-cache", "--quiet", "."],
            cwd=folder, capture_output=True, text=True, check=False,
        )
        for call in calls
    ]  # fmt: skip
    return "".join(run.stdout + run.stderr for run in runs)
