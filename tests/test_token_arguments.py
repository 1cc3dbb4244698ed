"""Tokens as arguments of every public callable: the exact reference, or an ``EmrError`` with the fix."""

from __future__ import annotations

import inspect
import json

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2

import emr_constructs as emr
from emr_constructs._core.deployed import rendered_value
from tests.test_odd_arguments import CALLABLES, EXACTLY, call, good_arguments, parameters
from tests.tools import imported_vpc, new_stack


@jsii.implements(cdk.IStableStringProducer)
class Late:
    def produce(self):
        return "only at synth"


STACK = new_stack()
PARAMETER = cdk.CfnParameter(STACK, "Text")
TEXT = PARAMETER.value_as_string
NUMBER = cdk.CfnParameter(STACK, "Number", type="Number").value_as_number
ITEMS = cdk.CfnParameter(STACK, "Items", type="CommaDelimitedList").value_as_list
TOKENS = {
    "parameter": (TEXT, '{"Ref": "Text"}'),
    "import": (cdk.Fn.import_value("other"), '{"Fn::ImportValue": "other"}'),
    "lazy": (cdk.Lazy.string(Late()), "only at synth"),
    "number": (NUMBER, '{"Ref": "Number"}'),
    "number in text": (f"{NUMBER}g", '{"Ref": "Number"}, "g'),
    "seconds": (cdk.Duration.seconds(NUMBER), '{"Ref": "Number"}'),
    "minutes": (cdk.Duration.minutes(NUMBER), '{"Ref": "Number"}'),
    "gibibytes": (cdk.Size.gibibytes(NUMBER), '{"Ref": "Number"}'),
    "mebibytes": (cdk.Size.mebibytes(NUMBER), '{"Ref": "Number"}'),
    "list": (ITEMS, '{"Ref": "Items"}'),
}
"""Tokens with the JSON that they are rendered as."""

RESOLVABLE = cdk.Fn.get_att("Other", "Attribute")
CONVERSIONS = {
    "resolvable": RESOLVABLE,
    "parameter object": PARAMETER,
    "calculated": NUMBER * 2,
    "text of a list": f"{ITEMS}",
}
"""What no option accepts."""

NOT_RENDERED = {
    "CloudWatchLogs",
    "ClusterPort",
    "ClusterPort.of",
    "ReleaseLabel.supports",
    "JobInput.text",
    "Script.from_bucket",
    "Script.from_uri",
    "Script.on_node",
    "SecretField",
    "SupportedInstanceType.find",
    "TableFormat.iceberg",
    "s3_endpoint_statements",
    # They judge templates, and aren't in one.
    "Policy",
    "Violation",
    *(name for name in CALLABLES if name.startswith("Policies.")),
}


def rendered(value):
    if isinstance(value, list | tuple):
        return [rendered(item) for item in value]
    found = inspect.signature(value._render).parameters
    known = {"role": "TASK", "locate": lambda _: "s3://bucket/file"}
    return value._render(**{name: known[name] for name in found if name in known})


def attempt(function, arguments):
    try:
        return call(function, arguments), ""
    except emr.EmrError as error:
        return None, str(error)


@pytest.mark.parametrize("name", [name for name in CALLABLES if name not in ("CustomRule", "Finding")])
def test_values(name):
    function = CALLABLES[name]
    good = EXACTLY.get(name) or good_arguments(function)
    for key in parameters(function):
        for title, (token, reference) in TOKENS.items():
            value, problem = attempt(function, {**good, key: token})
            assert "e+289" not in problem, (key, title)
            assert bool(problem) == (value is None) or name in NOT_RENDERED, (key, title)
            if value is not None and name not in NOT_RENDERED:
                text = json.dumps(STACK.resolve(rendered_value(rendered(value), "other")))
                assert reference in text, (key, title, text)
                assert "e+289" not in text
        for title, token in CONVERSIONS.items():
            value, problem = attempt(function, {**good, key: token})
            assert problem, (key, title)
            assert "e+289" not in problem
            assert "; " in problem


OBJECTS = {
    "vpc": r"an ec2\.IVpc, got a string token; use ec2\.Vpc\.from_vpc_attributes\(\.\.\.\)",
    "vpc_subnets": "a SubnetSelection, got a string token; use SubnetSelection",
    "security_groups": r"an IClusterSecurityGroups, got a string token; use ClusterSecurityGroups\.",
    "service_role": r"an iam\.IRole, got a string token; use iam\.Role\.from_role_",
    "instance_profile": r"an iam\.IInstanceProfile, got a string token; use iam\.InstanceProfile\.from_",
    "auto_scaling_role": r"an iam\.IRole, got a string token; use iam\.Role\.from_role_",
    "encryption_key": r"a kms\.IKey, got a string token; use kms\.Key\.from_key_arn",
    "security_configuration": "an ISecurityConfiguration, got a string token; use SecurityConfiguration",
    "log_bucket": r"an s3\.IBucket or a LogBucket, got a string token; use s3\.Bucket\.from_bucket_name\(\.\.\.\) or",
    "log_encryption_key": r"a kms\.IKey, got a string token; use kms\.Key\.from_key_arn",
    "removal_policy": r"a RemovalPolicy, got a string token; use RemovalPolicy\.DESTROY",
    "session_manager": "a boolean, got a string token; use True or False, such as an argument of the stack",
}


@pytest.mark.parametrize("option", OBJECTS)
def test_a_profile_needs_objects(option):
    vpc = imported_vpc(STACK, f"Vpc {option}")
    with pytest.raises(emr.EmrError, match=f"^{option} must be {OBJECTS[option]}") as error:
        emr.ClusterProfile(STACK, f"Profile {option}", **{"vpc": vpc, option: TEXT})
    assert error.value.path == f"Test/Profile {option}"


MESSAGES = {
    "key_pair": ("an ec2.IKeyPair", TEXT, "a string token; use ec2.KeyPair.from_key_pair_name(...)"),
    "instances": ("an InstanceGroups or an InstanceFleets", TEXT, "a string token; use InstanceGroups.default(...) or"),
    "termination": ("a Termination", TEXT, "a string token; use Termination.when_idle(...)"),
    "cluster_name": ("a string", RESOLVABLE, "an Intrinsic object; wrap it in cdk.Token.as_string(...)"),
    "custom_ami_id": ("a string", PARAMETER, "a CfnParameter object; use its value_as_string"),
    "step_concurrency_level": ("an integer", RESOLVABLE, "an Intrinsic object; wrap it in cdk.Token.as_number(...)"),
    "unhealthy_node_replacement": ("a boolean", RESOLVABLE, "an Intrinsic object; wrap it in cdk.Token.as_string(...)"),
    "applications": (
        "a list of Application objects or strings",
        RESOLVABLE,
        "an Intrinsic object; wrap it in cdk.Token.as_list(...)",
    ),
    "os_release_label": ("a string", ITEMS, "a list token; use cdk.Fn.select(...) for each item, or cdk.Fn.join("),
    "tags": ("a mapping of strings to strings", TEXT, "a string token; use a dictionary"),
}


@pytest.mark.parametrize("option", MESSAGES)
def test_options_of_a_cluster(option):
    kind, value, rest = MESSAGES[option]
    with pytest.raises(emr.EmrError) as error:
        emr.ClusterDefinition(**{option: value})
    assert str(error.value).startswith(f"{option} must be {kind}, got {rest}")


@pytest.mark.parametrize("value", [cdk.Fn.condition_if("Condition", True, False), cdk.Fn.condition_equals("a", "b")])
def test_a_condition_is_an_object_to_wrap(value):
    with pytest.raises(emr.EmrError, match=r"must be a boolean, .*; wrap it in cdk\.Token\.as_string\(\.\.\.\)"):
        emr.Termination.manual(protected=value)
    assert emr.Termination.manual(protected=cdk.Token.as_string(value)).protected


def test_what_must_be_known_at_synth_time():
    fix = "must be known at synth time, got a token; use .*, such as an argument of the stack"
    with pytest.raises(emr.EmrError, match=f"^release_label {fix}"):
        emr.ClusterDefinition(release_label=TEXT)
    with pytest.raises(emr.EmrError, match=f"^purchase_option {fix}"):
        emr.Market(TEXT)
    with pytest.raises(emr.EmrError, match=f"^metastore {fix}"):
        emr.TableFormat.iceberg(catalog="lake", warehouse="s3://a/b", metastore=TEXT)
    with pytest.raises(emr.EmrError, match=f"^catalog {fix}"):
        emr.TableFormat.iceberg(catalog=TEXT, warehouse="s3://a/b")


def test_a_list_token_is_a_whole_list():
    with pytest.raises(emr.EmrError, match=r"args must be a list .*, got a list token, .*; use cdk\.Fn\.select"):
        emr.Step.spark("A", script=emr.Script.from_uri("s3://a/b.py"), args=ITEMS)
    with pytest.raises(emr.EmrError, match=r"command\[1\] must be .*, got a list token; use cdk\.Fn\.select"):
        emr.Step.custom("A", command=["echo", *ITEMS])
    with pytest.raises(emr.EmrError, match=r"tasks must be a list of InstanceGroup objects, got a list token; use \["):
        emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge"), tasks=ITEMS)
    with pytest.raises(emr.EmrError, match=r"name must be a string, got a list token; use cdk\.Fn\.select\(\.\.\.\)"):
        emr.ClusterDefinition(applications=ITEMS)


def test_parts_of_numbers_and_booleans():
    with pytest.raises(emr.EmrError, match="instance_count must be an integer, got 'about "):
        emr.InstanceGroup("m7g.xlarge", f"about {TEXT}")
    with pytest.raises(emr.EmrError, match="protected must be a boolean, got 'not "):
        emr.Termination.manual(protected=f"not {TEXT}")


def test_calculations():
    with pytest.raises(emr.EmrError, match="the result of a calculation with a number token; use a parameter"):
        emr.ManagedScaling.instances(minimum=1, maximum=NUMBER * 2)
    with pytest.raises(emr.EmrError, match="threshold must be a number, got the result of a calculation"):
        emr.ScalingTrigger.above("YARNMemoryAvailablePercentage", NUMBER / 2)


def test_durations_and_sizes_keep_their_unit():
    with pytest.raises(emr.EmrError, match=r"the idle timeout must be in seconds .*; use cdk\.Duration\.seconds"):
        emr.Termination.when_idle(cdk.Duration.minutes(NUMBER))
    with pytest.raises(emr.EmrError, match=r"size_gib must be in GiB if it is a token, .*; use cdk\.Size\.gibibytes"):
        emr.EbsVolume.gp3(size_gib=cdk.Size.mebibytes(NUMBER))


def test_values_with_equal_tokens_are_equal():
    properties = {"spark.executor.instances": NUMBER, "spark.executor.memory": f"{NUMBER}g"}
    one, other = (emr.Configuration("spark-defaults", dict(properties)) for _ in range(2))
    assert one == other
    definition = emr.ClusterDefinition(configurations=[one, other])
    assert len(definition.configurations) == 1


def test_an_instance_type_can_be_a_token():
    group = emr.InstanceGroup(ec2.InstanceType(TEXT), ebs_optimized=TEXT)
    assert group.ebs_optimized == TEXT
