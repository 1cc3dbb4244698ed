"""Requests to the EMR API, and the lists and structures that ``aws emr create-cluster`` reads as JSON.

https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from .._core.unknown import MACRO, UNKNOWN
from ..rules.command_line import BOOTSTRAP_ACTIONS, EC2_ATTRIBUTES, EMRFS, STEPS
from ..rules.fleets import ADD_FLEET
from ..rules.releases import applications, known_labels
from ..rules.shapes import shape_facts
from ..rules.topology import ADD_GROUPS
from .shorthand import from_shorthand

__all__ = ["Input", "cli_input", "part_of_cluster", "request_input"]


class Input(NamedTuple):
    """What the rules check in the content of a file."""

    shape: str
    request: Any
    places: Mapping[str, str] = {}
    """Where parts of the request are in the file, by their paths in the request."""

    own: tuple[str, Any] | None = None
    """The shape of the content itself, if it isn't one of the API, and the content."""

    words: Mapping[str, str] = {}
    """What the members of the request that have other names in the file are called there."""

    is_existing: bool = False
    """Whether the cluster exists, so that EMR has accepted it."""


_LOWER: Final = frozenset(("classification", "configurations", "properties"))
# Members of a request that say what a cluster runs.
_PARTS: Final = {
    "Applications",
    "AutoTerminationPolicy",
    "BootstrapActions",
    "Configurations",
    "ManagedScalingPolicy",
    "PlacementGroupConfigs",
    "Steps",
}


def part_of_cluster(members: Mapping[str, Any], places: Mapping[str, str], own: tuple[str, Any] | None = None) -> Input:
    """Return the input for ``members`` of a RunJobFlow request whose other members are unknown.

    :param places: as in ``Input``.
    :param own: as in ``Input``.
    """
    return Input("RunJobFlowInput", {**members, MACRO: UNKNOWN}, places, own)


def request_input(content: Any) -> Input | None:
    """Return the input for the content of a file that is a request to the EMR API; None if it is none."""
    match content:
        case {"JobFlowId": _, "InstanceGroups": _}:
            return Input(ADD_GROUPS, content)
        case {"ClusterId": _, "InstanceFleet": _}:
            return Input(ADD_FLEET, content)
        case {"AutoScalingPolicy": policy}:
            return Input("AutoScalingPolicy", policy, {"": "AutoScalingPolicy"})
        case Mapping() if content.keys() & {"Instances", "ReleaseLabel", "JobFlowRole"}:
            # Scripts join files of parts to one request.
            is_part = "Instances" not in content or content.keys() == {"Instances"}
            return part_of_cluster(content, {}) if is_part else Input("RunJobFlowInput", content)
        case Mapping() if _has_only(content, shape_facts("JobFlowInstancesConfig")["members"]):
            return _instances(content)
        case Mapping() if content.keys() & _PARTS:
            members = shape_facts("RunJobFlowInput")["members"]
            return part_of_cluster({name: item for name, item in content.items() if name in members}, {})
    return None


# What a structure is recognized by.
_MEMBERS: Final = {
    "ManagedScalingPolicy": {"ComputeLimits"},
    "AutoTerminationPolicy": {"IdleTimeout"},
    "KerberosAttributes": {"Realm", "KdcAdminPassword"},
    "MonitoringConfiguration": {"CloudWatchLogConfiguration", "S3LoggingConfiguration"},
}
_ATTRIBUTES: Final = {"KeyName", "SubnetId", "SubnetIds", "InstanceProfile", "AvailabilityZone", "AvailabilityZones"}


def cli_input(content: Any) -> Input | None:
    """Return the input for the content of a file that ``aws emr create-cluster`` reads; None if it is none."""
    if isinstance(content, Mapping):
        return _structure(content)
    if not isinstance(content, list) or not content:
        return None
    if all(isinstance(item, str) for item in content):
        return _texts(content)
    first = next((item for item in content if isinstance(item, Mapping)), {})
    return next((read(content) for matches, read in _LISTS if matches(first)), None)


def _structure(content: Mapping[str, Any]) -> Input | None:
    for member, names in _MEMBERS.items():
        if content.keys() == {member}:
            return part_of_cluster(content, {})
        if content.keys() & names:
            return part_of_cluster({member: content}, {member: ""})
    if _has_only(content, shape_facts(EMRFS)["members"]):
        return Input(EMRFS, content)
    if content.keys() >= {"Constraints", "Rules"}:
        return Input("AutoScalingPolicy", content)
    return _ec2_attributes(content) if content.keys() & _ATTRIBUTES else None


def _ec2_attributes(content: Mapping[str, Any]) -> Input:
    places = {"Instances": ""}
    instances: dict[str, Any] = {MACRO: UNKNOWN}
    members: dict[str, Any] = {}
    for name, value in content.items():
        if name == "InstanceProfile":
            members["JobFlowRole"] = value
            places["JobFlowRole"] = name
        elif name.startswith("AvailabilityZone"):
            instances.setdefault("Placement", {})[name] = value
            places.setdefault("Instances.Placement", name)
            places[f"Instances.Placement.{name}"] = name
        else:
            member = f"Ec2{name}" if name in ("KeyName", "SubnetId", "SubnetIds") else name
            instances[member] = value
            places[f"Instances.{member}"] = name
    words = {f"Ec2{name}": name for name in ("KeyName", "SubnetId", "SubnetIds")}
    zone = next((name for name in content if name.startswith("AvailabilityZone")), "Placement")
    found = part_of_cluster({**members, "Instances": instances}, places, (EC2_ATTRIBUTES, content))
    return found._replace(words={**words, "Placement": zone, "JobFlowRole": "InstanceProfile"})


def _instances(content: Mapping[str, Any]) -> Input:
    return part_of_cluster({"Instances": {**content, MACRO: UNKNOWN}}, {"Instances": ""})


def _texts(content: list[str]) -> Input | None:
    if all(text.startswith("Name=") for text in content):
        return _applications([{"Name": text.removeprefix("Name=")} for text in content])
    if written := from_shorthand(content):
        return cli_input(written)
    if all("=" in text for text in content):
        tags = [dict(zip(("Key", "Value"), text.split("=", 1), strict=True)) for text in content]
        return part_of_cluster({"Tags": tags}, {"Tags": "", **_whole_items("Tags", tags, "Key", "Value")})
    known = {name.lower() for label in known_labels() for name in applications(label)}
    if known & {text.lower() for text in content}:
        return _applications([{"Name": text} for text in content])
    return None


def _applications(content: list[Any]) -> Input:
    places = _whole_items("Applications", content, "Name") if all(map(_is_named, content)) else {}
    return part_of_cluster({"Applications": content}, {"Applications": "", **places})


def _is_named(application: Any) -> bool:
    return isinstance(application, Mapping) and application.keys() == {"Name"}


def _whole_items(listed: str, content: Sequence[Any], *members: str) -> dict[str, str]:
    return {f"{listed}[{at}].{member}": f"[{at}]" for at in range(len(content)) for member in members}


def _groups(content: list[Any]) -> Input:
    groups = [_renamed(item, {"InstanceGroupType": "InstanceRole"}) for item in content]
    if all(_role(group, "InstanceRole") in ("CORE", "TASK") for group in groups):
        groups.append(UNKNOWN)  # They are added to a cluster.
    places = {
        f"Instances.InstanceGroups[{at}].InstanceRole": f"[{at}].InstanceGroupType"
        for at, item in enumerate(content)
        if _role(item, "InstanceGroupType")
    }
    places["Instances.InstanceGroups"] = ""
    found = part_of_cluster({"Instances": {"InstanceGroups": groups, MACRO: UNKNOWN}}, {"Instances": "", **places})
    is_option = any(_role(item, "InstanceGroupType") for item in content)
    return found._replace(words={"InstanceRole": "InstanceGroupType"}) if is_option else found


def _fleets(content: list[Any]) -> Input:
    places = {"Instances": "", "Instances.InstanceFleets": ""}
    is_added = all(_role(fleet, "InstanceFleetType") in ("CORE", "TASK") for fleet in content)
    fleets = [*content, UNKNOWN] if is_added else content
    return part_of_cluster({"Instances": {"InstanceFleets": fleets, MACRO: UNKNOWN}}, places)


def _role(nodes: Any, member: str) -> Any:
    return nodes.get(member) if isinstance(nodes, Mapping) else None


def _actions(content: list[Any]) -> Input:
    actions = [_action(item) for item in content]
    places = {f"BootstrapActions[{at}].ScriptBootstrapAction": f"[{at}]" for at in range(len(actions))}
    return part_of_cluster(
        {"BootstrapActions": actions}, {"BootstrapActions": "", **places}, (BOOTSTRAP_ACTIONS, content)
    )


def _action(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return UNKNOWN
    script = {name: item[name] for name in ("Path", "Args") if name in item}
    return {"Name": item.get("Name", "Bootstrap action"), "ScriptBootstrapAction": script}


# How the AWS CLI begins the arguments of a step by its type, for a cluster with a release label.
_COMMANDS: Final = {
    "SPARK": ["spark-submit"],
    "HIVE": ["hive-script", "--run-hive-script", "--args"],
    "PIG": ["pig-script", "--run-pig-script", "--args"],
    "STREAMING": ["hadoop-streaming"],
}


def _cli_steps(content: list[Any]) -> Input:
    steps = [_step(item) for item in content]
    places = {f"Steps[{at}].HadoopJarStep": f"[{at}]" for at in range(len(steps))}
    for at, item in enumerate(content):
        places |= _argument_places(item, f"Steps[{at}].HadoopJarStep.Args", f"[{at}]")
    # The AWS CLI accepts types in any case.
    own = [{**item, "Type": _kind(item)} if isinstance(item, Mapping) else item for item in content]
    return part_of_cluster({"Steps": steps}, {"Steps": "", **places}, (STEPS, own))


def _argument_places(item: Any, target: str, origin: str) -> dict[str, str]:
    """Where the arguments of a step come from whose type begins the command."""
    command = _COMMANDS.get(str(_kind(item)), []) if isinstance(item, Mapping) else []
    args = item.get("Args") if command else None
    own = {
        f"{target}[{len(command) + at}]": f"{origin}.Args[{at}]"
        for at in range(len(args if isinstance(args, list) else ()))
    }
    return own | {f"{target}[{at}]": f"{origin}.Type" for at in range(len(command))}


def _kind(item: Mapping[str, Any]) -> Any:
    kind = item.get("Type", "CUSTOM_JAR")
    return kind.upper() if isinstance(kind, str) else kind


def _step(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return UNKNOWN
    kind = _kind(item)
    if kind == "CUSTOM_JAR":
        jar = {name: item[name] for name in ("Jar", "Args", "MainClass") if name in item}
    elif isinstance(kind, str) and kind in _COMMANDS and isinstance(item.get("Args", []), list):
        jar = {"Jar": "command-runner.jar", "Args": [*_COMMANDS[kind], *item.get("Args", [])]}
    else:
        return UNKNOWN
    default = {"Name": f"{kind.capitalize()} step", "ActionOnFailure": "CONTINUE"}
    given = {name: item[name] for name in default if name in item}
    return {**default, **given, "HadoopJarStep": jar}


def _list_of(member: str) -> Callable[[list[Any]], Input]:
    return lambda content: part_of_cluster({member: content}, {member: ""})


def _lower_configurations(content: list[Any]) -> Input:
    """The configurations with the names that the console also reads."""
    places: dict[str, str] = {}
    return part_of_cluster({"Configurations": _capitalized(content, "Configurations", "", places)}, places)


def _capitalized(content: Any, path: str, place: str, places: dict[str, str]) -> Any:
    places[path] = place
    if not isinstance(content, list):
        return content
    found: list[Any] = []
    for at, item in enumerate(content):
        if not isinstance(item, Mapping):
            found.append(item)
            continue
        names = {key: key.capitalize() if key in _LOWER else key for key in item}
        prefixes = f"{path}[{at}]", f"{place}[{at}]"
        inner = {key: (f"{prefixes[0]}.{name}", f"{prefixes[1]}.{key}") for key, name in names.items()}
        places |= dict(inner.values())
        found.append(
            {
                name: _capitalized(item[key], *inner[key], places) if name == "Configurations" else item[key]
                for key, name in names.items()
            }
        )
    return found


def _has(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda item: bool(item.keys() & set(names))


def _only(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda item: _has_only(item, names)


def _has_only(item: Mapping[str, Any], names: Iterable[str]) -> bool:
    return bool(item) and item.keys() <= set(names)


def _renamed(item: Any, names: Mapping[str, str]) -> Any:
    return {names.get(key, key): value for key, value in item.items()} if isinstance(item, Mapping) else item


# By the members of the first item, in this order.
_LISTS: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[list[Any]], Input]], ...]] = (
    (_has("Classification"), _list_of("Configurations")),
    (_has("classification"), _lower_configurations),
    (_has("InstanceFleetType"), _fleets),
    (_only("InstanceRole", "PlacementStrategy"), _list_of("PlacementGroupConfigs")),
    (_has("InstanceGroupType", "InstanceRole"), _groups),
    (_has("HadoopJarStep"), _list_of("Steps")),
    (_has("ScriptBootstrapAction"), _list_of("BootstrapActions")),
    (_has("Path"), _actions),
    (_has("Type", "Jar", "ActionOnFailure", "MainClass"), _cli_steps),
    (_only("Key", "Value"), _list_of("Tags")),
    (_only("Name", "Args", "AdditionalInfo", "Version"), _applications),
)
