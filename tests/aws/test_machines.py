"""No state machine is forgotten, and what is validated is what an account would get."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from botocore.model import ListShape, MapShape, StructureShape

from tests.aws.every_member import sample
from tests.aws.machines import Account, all_machines, machines
from tests.catalogue import all_apps
from tests.tools import PROJECT, new_app, new_stack

ACCOUNT = Account("210987654321", "eu-west-1")
STATES = "AWS::StepFunctions::StateMachine"


@pytest.fixture(scope="module")
def found():
    return all_machines(ACCOUNT)


def written(app):
    """How many state machines the templates of an app have, as they are on disk."""
    texts = (path.read_text() for path in Path(app.outdir).rglob("*.json") if "template" in path.name)
    return sum(text.count(f'"Type": "{STATES}"') for text in texts)


def test_every_state_machine_of_every_template_is_validated(found):
    apps = {name: make(argument).app for name, (make, argument) in all_apps().items()}
    expected = {name: written(app) for name, app in apps.items()}
    assert {name: len(list(machines(app, ACCOUNT))) for name, app in apps.items()} == expected
    # One more, with every member of a launch.
    assert len(found) == sum(expected.values()) + 1
    assert {name for name, count in expected.items() if count} >= {"environment dev", "example nightly_job"}


def test_each_has_a_path_of_its_own(found):
    assert len({machine.path for machine in found}) == len(found)
    assert "EmrJob-dev/Job/Cleanup/Job/StateMachine" in {machine.path for machine in found}


def test_every_call_of_the_library_is_validated(found):
    """An API that only the library's code calls would not be checked."""
    pattern = re.compile(r"\b(aws-sdk:\w+:\w+|sns:publish)\b")
    # The rules and the checker know more calls than the constructs make.
    files = (PROJECT / "emr_constructs").rglob("*.py")
    modules = [path for path in files if {"rules", "templates"}.isdisjoint(path.parts)]
    sources = "\n".join(path.read_text() for path in modules)
    called = set(pattern.findall(sources))
    assert {"aws-sdk:emr:runJobFlow", "aws-sdk:emr:addJobFlowSteps", "sns:publish"} <= called
    assert {name for machine in found for name in pattern.findall(machine.definition)} >= called


def test_no_function_of_cloudformation_remains(found):
    for machine in found:
        definition = json.loads(machine.definition)
        assert definition["States"]
        assert not re.search(r'"(Fn::|Ref"|AWS::)|\$\{', machine.definition), machine.path


def test_values_are_those_of_the_account(found):
    """Arguments have the account, the region and the shape that AWS gives them; different resources differ."""
    (job,) = (machine for machine in found if machine.path == "NightlyJob/Nightly/Job/StateMachine")
    arguments = json.loads(job.definition)["States"]["Create cluster"]["Arguments"]
    instances = arguments["Instances"]
    groups = [instances[name] for name in instances if name.endswith("SecurityGroup")]
    assert len(set(groups)) == 3
    assert all(re.fullmatch(r"sg-[0-9a-f]{17}", group) for group in groups)
    assert re.fullmatch(r"subnet-[0-9a-f]{17}", instances["Ec2SubnetId"])
    assert re.fullmatch(r"arn:aws:iam::210987654321:role/\w+", arguments["ServiceRole"])
    key = r"arn:aws:kms:eu-west-1:210987654321:key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(key, arguments["LogEncryptionKmsKeyId"])
    assert re.fullmatch(r"s3://[a-z0-9-]{3,63}/emr/", arguments["LogUri"])
    assert re.search(r'"TopicArn":"arn:aws:sns:eu-west-1:210987654321:\w+"', job.definition)
    (submission,) = (machine for machine in found if machine.path == "StepSubmission/Machine")
    assert re.search(r'"JobFlowId":"j-[0-9A-Z]{13}"', submission.definition)


@pytest.mark.parametrize(
    ("partition", "region", "suffix"),
    [
        ("aws", "us-east-1", "amazonaws.com"),
        ("aws-cn", "cn-north-1", "amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "amazonaws.com"),
    ],
)
def test_pseudo_parameters_are_those_of_the_partition(partition, region, suffix):
    app = new_app()
    stack = new_stack(app)
    text = f"{stack.partition} {stack.region} {stack.account} {stack.url_suffix}"
    assert [found.definition for found in of(app, machine(stack, text), Account("1", region, partition))] == [
        f'{{"Comment":"{partition} {region} 1 {suffix}"}}'
    ]


def machine(stack, comment, name="Machine"):
    body = sfn.DefinitionBody.from_string(stack.to_json_string({"Comment": comment}))
    return sfn.StateMachine(stack, name, definition_body=body)


def of(app, _, account=ACCOUNT):
    app.synth()
    return list(machines(app, account))


def test_a_machine_may_refer_to_another_stack():
    app = new_app()
    topic = sns.Topic(new_stack(app, "Topics"), "Topic")
    (found,) = of(app, machine(new_stack(app, "Jobs"), topic.topic_arn))
    assert re.search(r'"arn:aws:sns:eu-west-1:210987654321:Topic\w+"', found.definition)


def test_machines_of_nested_stacks_are_found_too():
    app = new_app()
    nested = cdk.NestedStack(new_stack(app), "Nested")
    found = of(app, machine(nested, "inside"))
    assert [(each.path, each.definition) for each in found] == [("Test/Nested/Machine", '{"Comment":"inside"}')]
    assert len(found) == written(app)


def test_machines_of_stages_are_found_too():
    app = new_app()
    stage = cdk.Stage(app, "Production")
    assert [each.path for each in of(app, machine(cdk.Stack(stage, "Jobs"), "x"))] == ["Production/Jobs/Machine"]


def test_the_type_is_that_of_the_template():
    app = new_app()
    stack = new_stack(app)
    body = sfn.DefinitionBody.from_string("{}")
    made = sfn.StateMachine(stack, "Machine", definition_body=body, state_machine_type=sfn.StateMachineType.EXPRESS)
    assert [found.kind for found in of(app, made)] == ["EXPRESS"]


def test_what_is_not_known_is_not_guessed():
    app = new_app()
    stack = new_stack(app)
    queue = sqs.Queue(stack, "Queue")
    with pytest.raises(LookupError, match="no value is known for Arn of AWS::SQS::Queue"):
        of(app, machine(stack, queue.queue_arn))


def members(shape, outer=()):
    """The structures below a shape, and the members of each."""
    match shape:
        case StructureShape() if shape.name not in outer:
            yield from ((shape.name, name) for name in shape.members)
            for member in shape.members.values():
                yield from members(member, (*outer, shape.name))
        case ListShape():
            yield from members(shape.member, outer)
        case MapShape():
            yield from members(shape.value, outer)


def given(value, shape):
    """The structures in a value, and the members that it has."""
    match shape:
        case StructureShape():
            for name, part in value.items():
                yield shape.name, name
                yield from given(part, shape.members[name])
        case ListShape():
            for part in value:
                yield from given(part, shape.member)
        case MapShape():
            for part in value.values():
                yield from given(part, shape.value)


def test_the_sample_has_every_member_that_emr_takes():
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    shape = model.operation_model("RunJobFlow").input_shape
    assert set(given(sample(), shape)) == set(members(shape))
    assert len(set(members(shape))) > 150
    assert "{}" not in json.dumps(sample())


def test_the_sample_is_what_the_state_machine_asks_for(found):
    """With the names of Step Functions."""
    (machine,) = (each for each in found if each.path == "EveryMember/RunJobFlow")
    state = json.loads(machine.definition)["States"]["Create cluster"]
    assert state["Resource"] == "arn:aws:states:::aws-sdk:emr:runJobFlow"
    assert {"OsReleaseLabel", "KerberosAttributes", "MonitoringConfiguration"} <= set(state["Arguments"])
    assert "AdDomainJoinUser" in state["Arguments"]["KerberosAttributes"]
    assert len(state["Arguments"]) == len(sample())
