"""Every public callable with odd arguments: an ``EmrError``, a ``TypeError`` for a wrong signature, or success."""

from __future__ import annotations

import dataclasses
import inspect
import math
from functools import partial

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

import emr_constructs as emr
from tests.tools import imported_key, imported_vpc, new_stack

STACK = new_stack()
ODD = {
    "None": None,
    "empty text": "",
    "text": "x",
    "blank": " ",
    "wildcard": "*",
    "bytes": b"x",
    "zero": 0,
    "one": 1,
    "negative": -1,
    "huge": 10**400,
    "fraction": 0.5,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "True": True,
    "empty list": [],
    "list": ["x"],
    "list of None": [None],
    "nested list": [["x"]],
    "tuple": (1, "x"),
    "empty dict": {},
    "dict": {"x": 1},
    "dict of None": {None: None},
    "set": {"x"},
    "object": object(),
    "class": emr.Step,
    "function": print,
    "text token": cdk.Token.as_string({"Ref": "A"}),
    "number token": cdk.Token.as_number({"Ref": "A"}),
    "list token": cdk.Token.as_list({"Ref": "A"}),
    "size": cdk.Size.gibibytes(10),
    "duration": cdk.Duration.minutes(10),
    "token duration": cdk.Duration.seconds(cdk.Token.as_number({"Ref": "A"})),
    "bucket": s3.Bucket.from_bucket_name(STACK, "OddBucket", "odd"),
    "role": iam.Role.from_role_arn(STACK, "OddRole", "arn:aws:iam::111111111111:role/odd"),
    "topic": sns.Topic.from_topic_arn(STACK, "OddTopic", "arn:aws:sns:us-east-1:111111111111:odd"),
    "group": ec2.SecurityGroup.from_security_group_id(STACK, "OddGroup", "sg-odd"),
    "value": emr.EbsVolume.gp3(size_gib=10),
}
KEY = imported_key(STACK, "GoodKey")
SECRET = secretsmanager.Secret.from_secret_name_v2(STACK, "GoodSecret", "good")
SCRIPT = emr.Script.from_uri("s3://bucket/job.py")
JAR = emr.Script.from_uri("s3://bucket/job.jar")
STEP = emr.Step.spark("Job", script=SCRIPT)
TRIGGER = emr.ScalingTrigger.above("YARNMemoryAvailablePercentage", 75)
RULE = emr.ScalingRule.change_by("Out", 1, when=TRIGGER)
GROUP = emr.InstanceGroup("m7g.xlarge")
FLEET = emr.InstanceFleet.on_demand("m7g.xlarge", units=1)
BUCKET, ROLE, TOPIC = ODD["bucket"], ODD["role"], ODD["topic"]
REALM = {"realm": "AD.EXAMPLE.COM", "domain": "ad.example.com", "admin_server": "a.com", "kdc_server": "k.com"}
TRUST = emr.CrossRealmTrust(**REALM)

# Arguments that are accepted, by name, and for one callable.
GOOD = {
    "action_on_failure": emr.ActionOnFailure.CONTINUE,
    "actions": [],
    "active_directory": emr.ActiveDirectory("AD.EXAMPLE.COM", "ad.example.com", "ad.example.com"),
    "admin_server_url": "https://ranger.example.com:6182",
    "archive": emr.Script.from_uri("s3://bucket/certificates.zip"),
    "bucket": BUCKET,
    "cidr_block": "10.0.0.0/16",
    "classification": "hadoop-env",
    "copies": 2,
    "encryption": emr.S3Encryption.sse_s3(),
    "formats": emr.TableFormat.delta(),
    "idle_timeout": cdk.Duration.hours(1),
    "instance_types": "m7g.xlarge",
    "interval": cdk.Duration.minutes(1),
    "jar": JAR,
    "jdbc_url": "jdbc:mysql://host:3306/hive",
    "kdc_admin_password": SECRET,
    "kdc_server": "kdc.example.com",
    "key": KEY,
    "label": "emr-7.14.0",
    "master": GROUP,
    "maximum": 5,
    "metric_name": "YARNMemoryAvailablePercentage",
    "minimum": 1,
    "on_demand_units": 1,
    "password": SECRET,
    "percent": 10,
    "policy_secret": SECRET,
    "prefix": "folder/",
    "properties": {"a": "b"},
    "queues": {"default": 100},
    "release": emr.ReleaseLabel.EMR_7_14_0,
    "retain_for": cdk.Duration.days(1),
    "role": ROLE,
    "rules": [RULE],
    "script": SCRIPT,
    "secret": SECRET,
    "size_gib": 10,
    "iops": 3000,
    "threshold": 5,
    "tags": {"a": "b"},
    "units": 1,
    "uri": "s3://bucket/job.py",
    "variables": {"A": "b"},
    "when": TRIGGER,
}
EXACTLY = {
    "ActiveDirectory": {"realm": "AD.EXAMPLE.COM", "domain": "ad.example.com", "server": "ad.example.com"},
    "Application": {"name": "Spark"},
    "Application.of": {"name": "Spark"},
    "CapacityReservations": {"usage_strategy": None, "preference": "none"},
    "CapacityReservations.targeted": {"resource_group_arn": "arn:aws:resource-groups:us-east-1:111111111111:group/emr"},
    "ClusterPort": {"title": "App", "number": 8080},
    "ClusterPort.of": {"number": 8080},
    "Configuration": {"classification": "spark", "properties": {"a": "b"}},
    "Configuration.from_file": None,
    "Configuration.glue_data_catalog": {"applications": emr.Application.SPARK},
    "CrossRealmTrust": REALM,
    "EbsVolume": {"volume_type": "gp3", "size_gib": 10},
}


def callables():
    """The public constructors, factories and functions by name, without those of constructs."""
    for name in emr.__all__:
        public = getattr(emr, name)
        if inspect.isfunction(public) and "scope" not in inspect.signature(public).parameters:
            yield name, public
        if not inspect.isclass(public) or getattr(public, "_is_protocol", False) or issubclass(public, dict):
            continue
        if issubclass(public, cdk.Resource | Construct | Exception) or issubclass(public, str):
            continue
        if dataclasses.is_dataclass(public):
            yield name, public
        for member in sorted(dir(public)):
            found = inspect.getattr_static(public, member)
            if not member.startswith("_") and isinstance(found, classmethod | staticmethod):
                yield f"{name}.{member}", getattr(public, member)


def parameters(function):
    return {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in ("self", "scope", "construct_id") and parameter.kind is not parameter.VAR_KEYWORD
    }


def good_arguments(function):
    """The arguments that ``function`` requires."""
    required = [
        name
        for name, parameter in parameters(function).items()
        if parameter.default is parameter.empty and (parameter.kind is not parameter.VAR_POSITIONAL or name in GOOD)
    ]
    return {name: GOOD.get(name, "name") for name in required}


def call(function, arguments):
    """Call with ``arguments`` by name."""
    named, variadic = {}, []
    for name, parameter in parameters(function).items():
        if name in arguments and parameter.kind is parameter.VAR_POSITIONAL:
            variadic.append(arguments[name])
        elif name in arguments:
            named[name] = arguments[name]
    by_place = [name for name, found in parameters(function).items() if found.kind is found.POSITIONAL_OR_KEYWORD]
    positional = [named.pop(name) for name in by_place if variadic and name in named]
    return function(*positional, *variadic, **named)


def problem_of(function, arguments):
    """The message of an ``EmrError``, empty on success; anything else is a fault."""
    try:
        call(function, arguments)
    except emr.EmrError as error:
        return str(error)
    except Exception as error:
        given = arguments.get("options", arguments)
        shown = {name: f"<{type(value).__name__}>" for name, value in given.items()}
        raise AssertionError(f"{shown}: {type(error).__name__}: {str(error)[:200]}") from error
    return ""


def by_name(function, options):
    """Call with ``options`` as they are, also those that the signature doesn't have."""
    return function(**options)


def fuzz(function, good, odd):
    """Call with each argument odd and the others good."""
    for key in parameters(function):
        for value in odd.values():
            problem_of(function, {**good, key: value})


CALLABLES = dict(callables())


@pytest.mark.parametrize("name", CALLABLES)
def test_values(name):
    function = CALLABLES[name]
    fuzz(function, EXACTLY.get(name) or good_arguments(function), ODD)


# Each call of a construct costs calls of jsii.
FEW = {
    title: ODD[title] for title in ("None", "empty text", "text", "bytes", "negative", "nan", "True", "list of None")
}
FEW |= {title: ODD[title] for title in ("nested list", "dict", "set", "object", "class", "group", "size", "duration")}


@pytest.fixture(scope="module")
def cluster():
    role = iam.Role(STACK, "NodeRole", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    groups = [ec2.SecurityGroup.from_security_group_id(STACK, "Nodes", "sg-11111111")]
    return emr.Cluster.from_cluster_attributes(
        STACK, "Cluster", cluster_id="j-1", instance_role=role, security_groups=groups
    )


METHODS = {
    "grants.read_bucket": {"bucket": BUCKET},
    "grants.read_write_bucket": {"bucket": BUCKET},
    "grants.write_logs": {"bucket": BUCKET, "prefix": "logs/"},
    "grants.use_glue_data_catalog": {"databases": "sales"},
    "grants.describe": {"grantee": ROLE},
    "grants.submit_steps": {"grantee": ROLE},
    "grants.cancel_steps": {"grantee": ROLE},
    "grants.terminate": {"grantee": ROLE},
    "access.port_forwarding_command": {"port": emr.ClusterPort.LIVY},
    "access.ssh_command": {"key_file": "key.pem"},
    "access.allow_from": {"peer": ec2.Peer.ipv4("10.0.0.0/8"), "ports": emr.ClusterPort.LIVY},
    "add_step": {"step": STEP},
    "add_task_group": {"group": GROUP},
    "add_task_fleet": {"fleet": FLEET},
}


@pytest.mark.parametrize("path", METHODS)
def test_methods_of_a_cluster(cluster, path):
    method = cluster
    for part in path.split("."):
        method = getattr(method, part)
    fuzz(method, METHODS[path], FEW)


VALUES = {
    "ClusterDefinition.replace": (emr.ClusterDefinition(), {}),
    "InTransitEncryption.with_secret_tags": (emr.InTransitEncryption.emr_managed(), {"tags": {"a": "b"}}),
    "ReleaseLabel.application_version": (emr.ReleaseLabel.EMR_7_14_0, {"application": emr.Application.SPARK}),
    "ReleaseLabel.supports": (emr.ReleaseLabel.EMR_7_14_0, {"feature": "m7g"}),
    "RuleSet.check": (emr.RuleSet(emr.Policies.tags("team")), {"content": {"Resources": {}}}),
    "RuleSet.rule": (emr.RuleSet(), {"rule_id": "acme-name", "statement": "Names must be short.", "fix": "shorten it"}),
    "S3Encryption.with_override": (
        emr.S3Encryption.sse_s3(),
        {"bucket": BUCKET, "encryption": emr.S3Encryption.sse_s3()},
    ),
    "Step.with_logs": (STEP, {"bucket": BUCKET, "prefix": "logs/"}),
}


@pytest.mark.parametrize("name", VALUES)
def test_methods_of_values(name):
    value, good = VALUES[name]
    fuzz(getattr(value, name.partition(".")[2]), good, ODD)


@pytest.mark.parametrize("option", sorted(emr.ClusterOptions.__annotations__))
def test_options_of_a_cluster(option):
    for value in ODD.values():
        problem_of(lambda given: emr.ClusterDefinition(**{option: given}), {"given": value})


# Values that constructs are tried with: most of them are rejected before any call of jsii.
FEWEST = ("text", "text token", "number token", "negative", "huge", "nan", "True", "list of None", "dict", "bytes")
ODD_OPTIONS = {title: ODD[title] for title in (*FEWEST, "object", "class", "group", "token duration")}
REPORT = emr.Step.custom("Report", command=["hdfs", "dfsadmin", "-report"])
NIGHTLY = scheduler.ScheduleExpression.cron(hour="2", minute="0")
CONSTRUCTS = {
    "AlarmTopic": (),
    "Cluster": ("vpc",),
    "ClusterAlarms": ("cluster",),
    "ClusterDashboard": ("cluster",),
    "ClusterProfile": ("vpc",),
    "ClusterSecurityGroups": ("vpc",),
    "LaunchTemplate": ("vpc",),
    "LogBucket": ("encryption_key",),
    "RuntimeRole": ("profile",),
    "Schedule": ("target", "schedule"),
    "SecurityConfiguration": ("encryption_key",),
    "StepSubmission": ("cluster", "step"),
    "Studio": ("vpc",),
    "StudioSecurityGroups": ("vpc",),
    "StudioSessionMapping": ("studio", "session_policy", "user"),
    "StudioTemplate": ("profile",),
    "StudioTemplates": ("templates",),
    "TransientCluster": ("vpc", "workflow"),
    "WalWorkspace": (),
}
"""The public constructs, with the options that they require."""


@pytest.fixture(scope="module")
def options(cluster):
    """Options that are accepted, by name."""
    vpc = imported_vpc(STACK, "GoodVpc")
    security = emr.SecurityConfiguration(STACK, "GoodSecurity", encryption_key=KEY, runtime_roles=emr.RuntimeRoles())
    return {
        "cluster": cluster,
        "encryption_key": KEY,
        "profile": emr.ClusterProfile(STACK, "GoodProfile", vpc=vpc, security_configuration=security),
        "schedule": NIGHTLY,
        "session_policy": iam.ManagedPolicy.from_managed_policy_name(STACK, "GoodPolicy", "good"),
        "step": REPORT,
        "studio": emr.Studio(STACK, "GoodStudio", vpc=vpc, auth_mode=emr.StudioAuthMode.sso()),
        "templates": [emr.StudioTemplate(STACK, "GoodTemplate", profile=emr.ClusterProfile(STACK, "Other", vpc=vpc))],
        "target": emr.TransientCluster(STACK, "GoodJob", vpc=vpc, workflow=[REPORT]),
        "user": "jane",
        "vpc": vpc,
        "workflow": [REPORT],
    }


def test_all_public_constructs_are_tried():
    public = {name for name in emr.__all__ if inspect.isclass(getattr(emr, name))}
    assert {name for name in public if issubclass(getattr(emr, name), Construct)} == CONSTRUCTS.keys()


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_constructors(options, name):
    kind = getattr(emr, name)
    good = {option: options[option] for option in CONSTRUCTS[name]}
    for option in parameters(kind.__init__):
        for title, value in ODD_OPTIONS.items():
            scope = Construct(STACK, f"{name} {option} {title}")
            problem_of(partial(by_name, partial(kind, scope, "Odd")), {"options": {**good, option: value}})


WITHOUT_VPC = {
    "subnets": ["subnet-0123"],
    "public": False,
    "security_groups": emr.ClusterSecurityGroups.emr_managed(),
    "instance_profile": iam.InstanceProfile.from_instance_profile_name(STACK, "NodeProfile", "EMR_EC2_DefaultRole"),
    "service_role": iam.Role.from_role_name(STACK, "Service", "EMR_DefaultRole"),
    "security_configuration": None,
    "log_uri": "s3://logs/emr/",
}


@pytest.mark.parametrize("option", [*WITHOUT_VPC, "log_encryption_key", "session_manager", "managed_policy_tag"])
def test_a_profile_of_existing_parts(option):
    for title, value in ODD_OPTIONS.items():
        scope = Construct(STACK, f"existing {option} {title}")
        define = partial(by_name, partial(emr.ClusterProfile, scope, "Odd"))
        problem_of(define, {"options": {**WITHOUT_VPC, option: value}})


@pytest.mark.parametrize("name", ["Cluster", "TransientCluster"])
@pytest.mark.parametrize("option", ["subnets", "public", "security_groups"])
def test_clusters_without_a_vpc(options, name, option):
    location = {key: WITHOUT_VPC[key] for key in ("subnets", "public", "security_groups")}
    good = location | ({"workflow": options["workflow"]} if name == "TransientCluster" else {})
    for title, value in ODD_OPTIONS.items():
        scope = Construct(STACK, f"{name} without VPC {option} {title}")
        problem_of(partial(by_name, partial(getattr(emr, name), scope, "Odd")), {"options": {**good, option: value}})


IMPORTS = {
    "Cluster.from_cluster_attributes": {"cluster_id": "j-1"},
    "ClusterSecurityGroups.emr_managed": {},
    "ClusterSecurityGroups.from_security_groups": {"master": ODD["group"], "core": ODD["group"]},
    "SecurityConfiguration.from_security_configuration_name": {"name": "at-rest"},
    "Studio.from_studio_attributes": {"studio_id": "es-1"},
}


@pytest.mark.parametrize("path", IMPORTS)
def test_imports(path):
    kind, _, factory = path.partition(".")
    function = getattr(getattr(emr, kind), factory)
    is_scoped = "scope" in inspect.signature(function).parameters
    for option in parameters(function):
        for title, value in ODD_OPTIONS.items():
            place = (Construct(STACK, f"{path} {option} {title}"), "Odd") if is_scoped else ()
            problem_of(partial(by_name, partial(function, *place)), {"options": {**IMPORTS[path], option: value}})


@pytest.mark.parametrize("name", CONSTRUCTS)
@pytest.mark.parametrize("title", FEWEST)
def test_scopes_and_ids(options, name, title):
    good = {option: options[option] for option in CONSTRUCTS[name]}
    with pytest.raises(emr.EmrError, match="scope must be a Construct"):
        getattr(emr, name)(ODD[title], "Odd", **good)
    if title != "text":
        with pytest.raises(emr.EmrError, match="construct_id must be"):
            getattr(emr, name)(STACK, ODD[title], **good)


EVENTS = {
    "on_event": {"detail_types": ["EMR Step Status Change"]},
    "on_state_change": {},
    "on_step_state_change": {},
    "on_instance_group_state_change": {},
    "on_failure": {},
    "on_resize_timeout": {},
}


@pytest.mark.parametrize("method", EVENTS)
def test_events(cluster, method):
    target = emr.AlarmTopic(STACK, f"Topic {method}").event_target()
    function = getattr(cluster.events, method)
    for option in inspect.signature(function).parameters:
        for title, value in ODD_OPTIONS.items():
            good = {"construct_id": f"{method} {option} {title}", "target": target, **EVENTS[method]}
            problem_of(partial(by_name, function), {"options": {**good, option: value}})


def test_notifications_of_failures(cluster):
    for option in ("construct_id", "topic", "dead_letter_queue"):
        for title, value in ODD_OPTIONS.items():
            good = {"construct_id": f"notify {option} {title}", "topic": TOPIC}
            problem_of(partial(by_name, cluster.events.notify_failures), {"options": {**good, option: value}})


@pytest.mark.parametrize("method", ["metric", "increase"])
@pytest.mark.parametrize("option", ["name", "period", "statistic", "label", "color", "namespace"])
def test_metrics(cluster, method, option):
    for value in ODD.values():
        problem_of(
            partial(by_name, getattr(cluster.metrics, method)), {"options": {"name": "AppsRunning", option: value}}
        )
        if option not in ("name", "namespace"):
            problem_of(partial(by_name, cluster.metrics.apps_running), {"options": {option: value}})


@pytest.mark.parametrize("option", ["message", "dead_letter_queue"])
def test_targets(option):
    for title, value in ODD_OPTIONS.items():
        topic = emr.AlarmTopic(STACK, f"Target {option} {title}")
        problem_of(partial(by_name, topic.event_target), {"options": {option: value}})
