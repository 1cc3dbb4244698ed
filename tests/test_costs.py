"""The numbers in docs/costs.md are those of the templates; its commands do what it says."""

from __future__ import annotations

import json
import re
from collections import Counter

import boto3
import pytest
from moto import mock_aws

from tests.catalogue import ENVIRONMENTS, environment
from tests.tools import PROJECT, flat, resources

PAGE = (PROJECT / "docs" / "costs.md").read_text()
RETAINED = {"Retain", "RetainExceptOnCreate"}
COLUMNS = {"KMS keys": "AWS::KMS::Key", "S3 buckets": "AWS::S3::Bucket", "log groups": "AWS::Logs::LogGroup"}


def table(page, heading, at=0):
    """The cells of a table below a heading of a page, row by row, with that of the names of the columns.

    :param at: which table it is.
    """
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    head, _, *body = re.findall(r"(?:^\|.*\|\n)+", section, re.M)[at].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in (head, *body)]


def rows(heading):
    """The cells of the first table below a heading of the page, by the name of their row and of their column."""
    head, *body = table(PAGE, heading)
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}


def templates(name):
    """The templates of an environment by the name of their stack without that of the environment."""
    return {stack.removesuffix(f"-{name}"): found for stack, found in environment(name).templates.items()}


def idle_units(name):
    """What is billed by the hour or month although no cluster runs, by the words of the page."""
    network = templates(name)["EmrNetwork"]
    interfaces = [
        endpoint["Properties"]["SubnetIds"]
        for endpoint in resources(network, "AWS::EC2::VPCEndpoint").values()
        if endpoint["Properties"]["VpcEndpointType"] == "Interface"
    ]
    return {
        "NAT gateway, per hour": len(resources(network, "AWS::EC2::NatGateway")),
        "public IPv4 address of a NAT gateway, per hour": len(resources(network, "AWS::EC2::EIP")),
        "interface endpoint, per hour and Availability Zone": sum(map(len, interfaces)),
        "customer managed KMS key, per month": sum(
            len(resources(template, "AWS::KMS::Key")) for template in templates(name).values()
        ),
    }


def retained(template):
    """How many resources of each type stay when the stack is deleted."""
    return Counter(found["Type"] for found in template["Resources"].values() if found.get("DeletionPolicy") in RETAINED)


def snapshot(name):
    folder = PROJECT / "tests" / "snapshots" / "__snapshots__" / "test_snapshots"
    return json.loads((folder / f"test_{name}.json").read_text())


def machines(template):
    """The definitions of the state machines of a template by their logical id."""
    return {
        name: json.loads(flat(machine["Properties"]["DefinitionString"]))
        for name, machine in resources(template, "AWS::StepFunctions::StateMachine").items()
    }


def nodes(template):
    """The instance groups of the cluster that a template creates, or that its state machine launches."""
    clusters = [found["Properties"]["Instances"] for found in resources(template, "AWS::EMR::Cluster").values()]
    if clusters:
        return [clusters[0]["MasterInstanceGroup"], clusters[0]["CoreInstanceGroup"]]
    states = [state for machine in machines(template).values() for state in machine["States"].values()]
    (launch,) = [state for state in states if state.get("Resource", "").endswith(":runJobFlow")]
    groups = launch["Arguments"]["Instances"]["InstanceGroups"]
    assert {group["InstanceRole"] for group in groups} == {"MASTER", "CORE"}
    return groups


def volumes(group):
    specified = group["EbsConfiguration"]["EbsBlockDeviceConfigs"]
    assert {found["VolumeSpecification"]["SizeInGB"] for found in specified} == {32}
    return sum(found["VolumesPerInstance"] for found in specified)


KINDS = {
    "customer managed KMS key, per month": "AWS::KMS::Key",
    "S3 bucket, per GB and request": "AWS::S3::Bucket",
    "CloudWatch log group, per GB": "AWS::Logs::LogGroup",
    "CloudWatch alarm, per month": "AWS::CloudWatch::Alarm",
    "CloudWatch dashboard, per month": "AWS::CloudWatch::Dashboard",
    "Step Functions state machine, per transition": "AWS::StepFunctions::StateMachine",
    "EventBridge Scheduler schedule, per invocation": "AWS::Scheduler::Schedule",
    "SNS topic, per message": "AWS::SNS::Topic",
    "SQS queue, per request": "AWS::SQS::Queue",
    "NAT gateway, per hour": "AWS::EC2::NatGateway",
    "interface endpoint, per hour and Availability Zone": "AWS::EC2::VPCEndpoint",
}
# Resources that are free of charge.
FREE = {
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EMR::Cluster",
    "AWS::EMR::SecurityConfiguration",
    "AWS::EMR::Step",
    "AWS::Events::Rule",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}


@pytest.mark.parametrize(
    ("column", "name"), [("`Cluster`", "example[quickstart]"), ("`TransientCluster`", "example[nightly_job]")]
)
def test_the_page_has_the_units_of_the_defaults(column, name):
    template = snapshot(name)
    groups = nodes(template)
    instances = sum(group["InstanceCount"] for group in groups)
    expected = {unit: len(resources(template, kind)) for unit, kind in KINDS.items()} | {
        "EC2 instance and EMR charge, per second": instances,
        "EBS root volume, per second": instances,
        "EBS volume of 32 GiB, per second": sum(group["InstanceCount"] * volumes(group) for group in groups),
    }
    table = rows("Costs of the defaults")
    assert {unit: int(cells[column]) for unit, cells in table.items()} == expected
    assert {found["Type"] for found in template["Resources"].values()} <= {*KINDS.values(), *FREE}
    remaining = {KINDS[unit] for unit, cells in table.items() if cells["after `cdk destroy`"] == "remains"}
    assert set(retained(template)) <= remaining
    assert {group["InstanceType"] for group in groups} == {"m7g.xlarge"}


def shortest(machine, start, end):
    """The shortest way through the states of a machine, from one to the next that fulfills ``end``."""
    ways = [[start]]
    for way in ways:
        state = machine["States"][way[-1]]
        if len(way) > 1 and end(way[-1]):
            return way
        following = [state.get("Next"), state.get("Default"), *(choice["Next"] for choice in state.get("Choices", ()))]
        ways += [[*way, name] for name in following if name and name not in way[1:]]
    raise AssertionError(f"{start} leads to no such state")


def test_the_page_has_the_transitions_of_executions():
    found = machines(snapshot("example[nightly_job]"))
    cleanup, job = (machine for name, machine in sorted(found.items()))
    sweep = shortest(cleanup, cleanup["StartAt"], lambda name: cleanup["States"][name]["Type"] == "Succeed")
    assert f"in {len(sweep)} transitions if it finds no cluster: {len(sweep) * 24 * 30:,} in 30 days" in PAGE
    waits = [name for name in job["States"] if name.startswith("Wait for")]
    assert {len(shortest(job, name, lambda end, name=name: end == name)) - 1 for name in waits} == {3}
    assert len(waits) >= 3
    assert "in 3 transitions for each check" in " ".join(PAGE.split())


def test_the_page_counts_the_alarms():
    names = ("events", "high_availability")
    counts = [len(resources(snapshot(f"example[{name}]"), "AWS::CloudWatch::Alarm")) for name in names]
    assert "| `ClusterAlarms` | {} alarms, {} for three primary nodes |".format(*counts) in PAGE


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_page_has_the_units_that_are_billed_while_no_cluster_runs(name):
    listed = {unit: int(cells[name]) for unit, cells in rows("Idle costs").items()}
    assert listed == idle_units(name)


def test_the_page_multiplies_endpoints_by_zones():
    endpoints, zones = re.search(r"has (\d+) interface endpoints in (\d+) Availability Zones", PAGE).groups()
    assert int(endpoints) * int(zones) == idle_units("production")["interface endpoint, per hour and Availability Zone"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_page_lists_what_stays_after_the_stacks_are_deleted(name):
    table = rows("Resources that remain after `cdk destroy`")
    found = {stack: retained(template) for stack, template in templates(name).items()}
    found["all"] = sum(found.values(), Counter())
    assert {kind for kinds in found.values() for kind in kinds} == set(COLUMNS.values())
    listed = {stack: {COLUMNS[column]: int(cell) for column, cell in cells.items()} for stack, cells in table.items()}
    assert listed == {stack: {kind: kinds[kind] for kind in COLUMNS.values()} for stack, kinds in found.items()}


def test_the_command_that_deletes_a_bucket_deletes_all_versions(monkeypatch):
    (code,) = re.findall(r'^python3 -c "(.*BUCKET.*)"$', PAGE, re.MULTILINE)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        for name in ("cluster-logs", "other"):
            client.create_bucket(Bucket=name)
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
            client.put_object(Bucket=name, Key="emr/log", Body=b"1")
            client.put_object(Bucket=name, Key="emr/log", Body=b"2")
        client.delete_object(Bucket="cluster-logs", Key="emr/log")
        exec(code.replace("BUCKET", "cluster-logs"), {})
        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["other"]
