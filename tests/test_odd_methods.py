"""Every public method and function that test_odd_arguments.py doesn't call, with odd arguments."""

from __future__ import annotations

import inspect
import itertools
from enum import Enum
from functools import partial

import pytest
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from constructs import Construct

import emr_constructs as emr
from emr_constructs.monitoring.cluster_alarm import ClusterAlarm
from tests.test_odd_arguments import (
    BUCKET,
    EVENTS,
    METHODS,
    ODD,
    ODD_OPTIONS,
    REPORT,
    ROLE,
    SCRIPT,
    TOPIC,
    VALUES,
    parameters,
    problem_of,
)
from tests.tools import imported_key, imported_vpc, new_stack

PLACE = new_stack()
RELEASE = emr.ReleaseLabel.EMR_7_14_0
IDS = map(str, itertools.count())
ODD_CALLS = {
    **ODD_OPTIONS,
    **{title: ODD[title] for title in ("None", "empty text", "nested list", "set", "size")},
}


def try_odd(function, good, *, fresh=()):
    """Call with each argument odd and the others good.

    :param fresh: arguments that are another ID in each call.
    """
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        for value in ODD_CALLS.values():
            new = {each: f"Id{next(IDS)}" for each in fresh}
            options = {**new, **good, name: value}
            variadic = [options.pop(name)] if parameter.kind is parameter.VAR_POSITIONAL else []
            problem_of(lambda given, more: function(*more, **given), {"given": options, "more": variadic})


@pytest.fixture(scope="module")
def owners():
    """The objects whose methods are tried, by the name of their class."""
    vpc = imported_vpc(PLACE, "Vpc")
    profile = emr.ClusterProfile(PLACE, "Profile", vpc=vpc)
    cluster = emr.Cluster.from_cluster_attributes(PLACE, "Cluster", cluster_id="j-1", instance_role=ROLE)
    template = emr.StudioTemplate(PLACE, "Template", profile=profile)
    launch = emr.LaunchTemplate(PLACE, "Launch", profile=profile)
    return {
        "ClusterAccess": cluster.access,
        "ClusterAlarm": emr.ClusterAlarms(PLACE, "Alarms", cluster=cluster, topic=TOPIC).alarms["HdfsUtilization"],
        "ClusterEvents": cluster.events,
        "ClusterPort": emr.ClusterPort.LIVY,
        "LaunchGrants": launch.grants,
        "LaunchTemplate": launch,
        "StepSubmission": emr.StepSubmission(PLACE, "Submission", cluster=cluster, step=REPORT),
        "StudioTemplates": emr.StudioTemplates(PLACE, "Templates", templates=[template]),
        "SupportedInstanceType": emr.SupportedInstanceType.find("m7g.xlarge"),
        "WalWorkspace": emr.WalWorkspace(PLACE, "Workspace"),
        "vpc": vpc,
        "profile": profile,
        "cluster": cluster,
        "template": template,
    }


ALARM_ACTION = {"actions": cloudwatch_actions.SnsAction(TOPIC)}
ZONE = route53.PrivateHostedZone.from_private_hosted_zone_id(PLACE, "Zone", "Z1")
TRIED = {
    "ClusterAccess.add_dns_name": ({"zone": ZONE, "name": "emr"}, ["construct_id"]),
    "ClusterAlarm.add_alarm_action": (ALARM_ACTION, []),
    "ClusterAlarm.add_insufficient_data_action": (ALARM_ACTION, []),
    "ClusterAlarm.add_ok_action": (ALARM_ACTION, []),
    "ClusterAlarm.to_annotation": ({}, []),
    "ClusterPort.on": ({"release": RELEASE, "tls": True}, []),
    "LaunchGrants.launch": ({"grantee": ROLE}, []),
    "LaunchTemplate.publish_to_airflow": ({"connection_id": "emr"}, ["construct_id"]),
    "LaunchTemplate.publish_to_bucket": ({"bucket": BUCKET, "key": "emr.json"}, ["construct_id"]),
    "LaunchTemplate.publish_to_parameter": ({"name": "/emr"}, ["construct_id"]),
    "StepSubmission.cancel_task": (
        {"scope": Construct(PLACE, "Cancel"), "step_id": "{% $states.input.StepId %}"},
        ["construct_id"],
    ),
    "StepSubmission.grant_submit": ({"grantee": ROLE}, []),
    "StepSubmission.task": ({"scope": Construct(PLACE, "Task")}, ["construct_id"]),
    "StudioTemplates.add_template": ({}, []),
    "StudioTemplates.grant_launch": ({"principal": ROLE}, []),
    "SupportedInstanceType.first_release": ({}, []),
    "SupportedInstanceType.is_supported_by": ({"release": RELEASE}, []),
    "WalWorkspace.grant_use": ({"grantee": ROLE}, []),
}
"""The methods by class, with arguments that are accepted, and those that are IDs."""


@pytest.mark.parametrize("path", TRIED)
def test_methods(owners, path):
    owner, _, method = path.partition(".")
    good, fresh = TRIED[path]
    try_odd(getattr(owners[owner], method), good, fresh=fresh)


OTHER_EVENTS = [
    name for name in dir(emr.ClusterEvents) if name.startswith("on_") and name not in EVENTS
]  # They have the same parameters.


@pytest.mark.parametrize("method", OTHER_EVENTS)
def test_other_events(owners, method):
    target = emr.AlarmTopic(PLACE, f"Topic {method}").event_target()
    try_odd(getattr(owners["ClusterEvents"], method), {"target": target}, fresh=["construct_id"])


NEW = {
    "ClusterAccess": "cluster",
    "ClusterEvents": "cluster",
    "ClusterGrants": "cluster",
    "DataGrants": "holder",
}


@pytest.mark.parametrize("name", NEW)
def test_facades(name):
    kind = getattr(emr, name)
    rest = {"acknowledge": print} if "acknowledge" in parameters(kind) else {}
    for value in ODD_CALLS.values():
        with pytest.raises(emr.EmrError, match="must be"):
            kind(**{NEW[name]: value}, **rest)


def test_facades_of_ids():
    try_odd(emr.ClusterMetrics, {"cluster_id": "j-1"})
    with pytest.raises(emr.EmrError, match="cluster_id must be a cluster ID"):
        emr.ClusterMetrics("")


def test_rule_sets_and_plugins():
    try_odd(emr.RuleSet, {"prefix": "acme"})
    try_odd(emr.EmrRules, {})


def test_acknowledgments():
    scope = Construct(PLACE, "Acknowledged")
    try_odd(emr.acknowledge, {"scope": scope, "rule": "emr-public-ingress", "reason": "The demo is public"})
    for rule in ("", " ", ODD["text token"], ODD["number token"]):
        with pytest.raises(emr.EmrError, match="rule must be"):
            emr.acknowledge(scope, rule, reason="The demo is public")
    with pytest.raises(emr.EmrError, match="reason must be a non-empty string"):
        emr.acknowledge(scope, "emr-public-ingress", reason=ODD["number token"])


@pytest.mark.parametrize("option", ["vpc", "construct_id", "buckets_of_others"])
def test_s3_endpoints(option):
    for title, value in ODD_CALLS.items():
        vpc = imported_vpc(PLACE, f"S3 {option} {title}")
        problem_of(partial(call_with, emr.add_s3_endpoint), {"options": {"vpc": vpc, option: value}})


@pytest.mark.parametrize("option", ["vpc", "cidr_block", "services"])
def test_interface_endpoints(option):
    values = {**ODD_CALLS, "address": "10.0.0.0", "hosts": "10.0.0.1/33", "IPv6": "fd00::/64", "service": {"S": "s3"}}
    for title, value in values.items():
        vpc = imported_vpc(PLACE, f"Interface {option} {title}")
        good = {"vpc": vpc, "cidr_block": "10.0.0.0/16", option: value}
        if option != "services" or value is not None:
            assert problem_of(partial(call_with, emr.add_interface_endpoints), {"options": good})


def test_endpoints_are_added_once():
    vpc = imported_vpc(PLACE, "Once")
    emr.add_s3_endpoint(vpc)
    with pytest.raises(emr.EmrError, match="the ID 'S3' must be unique in Test/Once, got it twice; call add_s3"):
        emr.add_s3_endpoint(vpc)
    service = {"Emr": ec2.InterfaceVpcEndpointAwsService.EMR}
    emr.add_interface_endpoints(vpc, cidr_block="10.0.0.0/16", services=service)
    with pytest.raises(emr.EmrError, match="must be unique in Test, got it twice; call add_interface_endpoints once"):
        emr.add_interface_endpoints(vpc, cidr_block="10.0.0.0/16", services=service)


def call_with(function, options):
    return function(**options)


CHOICES = {
    "BootstrapAction.install_python_packages": {"requirements": SCRIPT, "python": "3.11"},
    "SparkConfigurations.executors": {"fits": emr.InstanceGroups.default(RELEASE)},
    "SupportedInstanceType.choose": {"release": RELEASE, "vcpu": (4, 8), "memory_gib": (16, 64)},
    "allow_log_encryption": {"key": imported_key(PLACE, "Key")},
}
"""Factories and functions whose arguments are odd one at a time, and the others valid."""


@pytest.mark.parametrize("path", CHOICES)
def test_factories(path):
    function = emr
    for part in path.split("."):
        function = getattr(function, part)
    call_with(function, CHOICES[path])
    try_odd(function, CHOICES[path])


# The adapter of CDK's plugins, what CDK's constructs call, and what only the profile calls.
INTERNAL = {"ClusterSecurityGroups.allow_service_access", "EmrRules.validate"}
# Rules call them with what a file has, and tests/policies tries them.
OF_RULES = {"ResolvedCluster", "ResolvedPart"}
# In tests of other names, with the same classes.
ELSEWHERE = {
    "AlarmTopic.event_target",
    "ClusterEvents.notify_failures",
    "ClusterMetrics.increase",
    "ClusterMetrics.metric",
}


def public_methods():
    kinds = [getattr(emr, name) for name in emr.__all__]
    for kind in [*filter(inspect.isclass, kinds), ClusterAlarm]:
        if getattr(kind, "_is_protocol", False) or issubclass(kind, dict | Exception | Enum):
            continue
        for name in dir(kind):
            found = inspect.getattr_static(kind, name)
            owner = next((each for each in kind.__mro__ if name in vars(each)), kind)
            if (
                not name.startswith("_")
                and inspect.isfunction(found)
                and owner.__module__.startswith("emr_constructs.")
            ):
                yield kind, owner, name


def test_all_public_methods_are_tried():
    tried = {*TRIED, *VALUES, *ELSEWHERE, *INTERNAL}
    tried |= {f"ClusterEvents.{name}" for name in (*EVENTS, *OTHER_EVENTS)}
    of_clusters = {path.rpartition(".")[2] for path in METHODS}
    missing = {
        f"{kind.__name__}.{name}"
        for kind, owner, name in public_methods()
        if f"{kind.__name__}.{name}" not in tried
        and owner.__name__ not in OF_RULES
        and not (name in of_clusters and issubclass(kind, emr.Cluster | emr.DataGrants | emr.ClusterAccess))
    }
    assert missing == set()
