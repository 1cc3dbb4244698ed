"""The numbers in docs/costs.md are those of the templates; its commands do what it says."""

from __future__ import annotations

import re
from collections import Counter

import boto3
import pytest
from moto import mock_aws

from tests.catalogue import ENVIRONMENTS, environment
from tests.tools import PROJECT, resources

PAGE = (PROJECT / "docs" / "costs.md").read_text()
RETAINED = {"Retain", "RetainExceptOnCreate"}
COLUMNS = {"KMS keys": "AWS::KMS::Key", "S3 buckets": "AWS::S3::Bucket", "log groups": "AWS::Logs::LogGroup"}


def rows(heading):
    """The cells of the table below a heading of the page, by the name of their row and of their column."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    head, _, *body = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", section, re.M)
    )
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
