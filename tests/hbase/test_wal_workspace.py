from __future__ import annotations

import re

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from emr_constructs import Application, Cluster, EmrError, HBaseConfigurations, WalWorkspace
from tests.tools import flat, imported_vpc, new_app, new_stack, only, resources, statements, synthesize


@pytest.fixture
def stack():
    return new_stack(new_app())


def workspace(template):
    return only(template, "AWS::EMR::WALWorkspace")


def test_the_name_is_made_of_the_path_and_stays(stack):
    WalWorkspace(stack, "Orders")
    (resource,) = resources(synthesize(stack), "AWS::EMR::WALWorkspace").values()
    assert re.fullmatch(r"[a-zA-Z0-9]{1,32}", resource["Properties"]["WALWorkspaceName"])
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_names_differ_in_two_stacks():
    app = new_app()
    stacks = [new_stack(app, f"Sales-Department-With-A-Very-Long-Name-{number}") for number in (1, 2)]
    for stack in stacks:
        WalWorkspace(stack, "Orders")
    assert len({workspace(synthesize(stack))["WALWorkspaceName"] for stack in stacks}) == 2


def test_what_is_given(stack):
    WalWorkspace(
        stack, "Orders", workspace_name="orders2026", tags={"team": "sales"}, removal_policy=RemovalPolicy.DESTROY
    )
    template = synthesize(stack)
    assert workspace(template) == {"WALWorkspaceName": "orders2026", "Tags": [{"Key": "team", "Value": "sales"}]}
    (resource,) = resources(template, "AWS::EMR::WALWorkspace").values()
    assert resource["DeletionPolicy"] == "Delete"


def test_a_cluster_uses_it(stack):
    orders = WalWorkspace(stack, "Orders")
    tables = s3.Bucket.from_bucket_name(stack, "Tables", "company-tables")
    cluster = Cluster(
        stack,
        "HBase",
        vpc=imported_vpc(stack),
        applications=[Application.HBASE],
        configurations=HBaseConfigurations.on_s3(tables, write_ahead_log=True, wal_workspace=orders.workspace_name),
    )
    orders.grant_use(cluster)
    template = synthesize(stack)
    (logical_id,) = resources(template, "AWS::EMR::WALWorkspace")
    site, _ = only(template, "AWS::EMR::Cluster")["Configurations"]
    assert site["ConfigurationProperties"]["emr.wal.workspace"] == {"Ref": logical_id}
    (grant,) = (found for found in statements(template, "InstancePolicy") if "emrwal:AppendEdit" in found["Action"])
    assert not [action for action in grant["Action"] if "*" in action]
    assert [flat(arn) for arn in grant["Resource"]] == [
        f"arn:<AWS::Partition>:emrwal:{region}:<AWS::AccountId>:workspace/<{logical_id}>"
        for region in ("<AWS::Region>", "")
    ]


def test_one_that_exists_already(stack):
    orders = WalWorkspace.from_wal_workspace_name(stack, "Orders", "orders2026")
    role = iam.Role(stack, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    orders.grant_use(role)
    template = synthesize(stack)
    assert orders.workspace_name == "orders2026"
    assert not resources(template, "AWS::EMR::WALWorkspace")
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert all(flat(arn).endswith(":workspace/orders2026") for arn in statement["Resource"])


@pytest.mark.parametrize("name", ["my-orders", "", "o" * 33])
def test_rejects_other_names(stack, name):
    for make in (
        lambda: WalWorkspace(stack, "Made", workspace_name=name),
        lambda: WalWorkspace.from_wal_workspace_name(stack, "Named", name),
    ):
        with pytest.raises(EmrError, match=f"must have 1 to 32 letters and digits, got '{name}'") as error:
            make()
        assert error.value.path in {"Test/Made", "Test/Named"}


def test_rejects_snapshots(stack):
    with pytest.raises(EmrError, match="removal_policy must be DESTROY or RETAIN, got SNAPSHOT; use RETAIN"):
        WalWorkspace(stack, "Orders", removal_policy=RemovalPolicy.SNAPSHOT)
