"""The lists of docs/permissions.md are what CloudFormation states for the resource types of the templates."""

from __future__ import annotations

import ast
import json
import re

import botocore.session
import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from emr_constructs.security import grants
from tests.test_costs import snapshot, table
from tests.tools import PROJECT

PAGE = (PROJECT / "docs" / "permissions.md").read_text()
TEMPLATES = {
    "CLUSTER": "example[quickstart]",
    "JOB": "example[nightly_job]",
    "NETWORK": "stack[EmrNetwork-production-aws]",
}
# Actions of the schemas that the templates don't require, as regular expressions.
UNUSED = {
    "AWS::EC2::EIP": "ec2:(AcceptAddressTransfer|(Dis)?[aA]ssociateAddress)",  # the address is that of a NAT gateway
    "AWS::EC2::FlowLog": "autoscaling:.*|iam:CreateServiceLinkedRole|s3:.*|logs:.*",  # for logs in S3 and Firehose
    "AWS::EC2::NatGateway": "ec2:(Assign|Unassign|Associate|Disassociate).*",  # for more than one address
    "AWS::EC2::Subnet": "ec2:(Dis)?[aA]ssociateSubnetCidrBlock",  # IPv6
    "AWS::EC2::VPC": "ec2:.*EncryptionControl.*|ec2:ModifyVpcTenancy",
    "AWS::EC2::VPCEndpoint": "vpc-lattice:.*|vpce:.*",
    "AWS::EC2::VPCGatewayAttachment": "ec2:.*Vpn.*",
    "AWS::IAM::ManagedPolicy": "iam:.*(User|Group)Policy",  # policies are attached to roles
    # Inline policies; and the boundary stays.
    "AWS::IAM::Role": "iam:(Put|Delete)RolePolicy|iam:DeleteRolePermissionsBoundary",
    "AWS::Lambda::Function": (
        "ec2:.*|elasticfilesystem:.*|kms:.*|s3files:.*|s3:GetObjectVersion|"
        "lambda:(AssociateRuntimeAlias|Delete.+Con.*|PassCapacityProvider|PublishVersion|Put.*)"
    ),
    "AWS::Logs::LogGroup": (
        "firehose:.*|s3:.*|logs:.*(DataProtection|IndexPolic|BearerToken|DeletionProtection|ResourcePolic|LogDelivery).*"
    ),
    "AWS::S3::Bucket": (
        "s3tables:.*|iam:PassRole|s3:DeleteObject|s3:DeleteBucket(Encryption|Lifecycle)|s3:(?!Get|List).*"
        "(Metadata|Analytics|Cors|CORS|Metrics|Replication|Website|Abac|Acl|Accelerate|Notification|ObjectLock"
        "|IntelligentTiering|Inventory).*"
    ),
    "AWS::SNS::Topic": "iam:.*|sns:.*DataProtectionPolicy|sns:(Uns|S)ubscribe",  # subscriptions in the topic
    "AWS::StepFunctions::StateMachine": "kms:.*|s3:.*",  # encrypted definitions, definitions in S3
}
# What an update in place of a cluster calls, by the property.
UPDATES = {
    "AutoTerminationPolicy": ["PutAutoTerminationPolicy", "RemoveAutoTerminationPolicy"],
    "ManagedScalingPolicy": ["PutManagedScalingPolicy", "RemoveManagedScalingPolicy"],
    "StepConcurrencyLevel": ["ModifyCluster"],
    "Tags": ["AddTags", "RemoveTags"],
    "VisibleToAllUsers": ["SetVisibleToAllUsers"],
    "TerminationProtected": ["SetTerminationProtection"],
    "UnhealthyNodeReplacement": ["SetUnhealthyNodeReplacement"],
    "InstanceCount": ["ModifyInstanceGroups"],
    "AutoScalingPolicy": ["PutAutoScalingPolicy", "RemoveAutoScalingPolicy"],
    "TargetOnDemandCapacity": ["ModifyInstanceFleet"],
    "TargetSpotCapacity": ["ModifyInstanceFleet"],
    "ResizeSpecifications": ["ModifyInstanceFleet"],
}
LIFE = ["DescribeCluster", "RunJobFlow", "TerminateJobFlows"]
READ = ["GetAutoTerminationPolicy", "GetManagedScalingPolicy", "ListInstanceFleets", "ListInstanceGroups"]
# Actions that the schemas lack.
ADDED = {
    "AWS::EMR::Cluster": {
        *(f"elasticmapreduce:{name}" for names in (LIFE, READ, *UPDATES.values()) for name in names),
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
        "secretsmanager:CreateSecret",
        "secretsmanager:TagResource",
    },
    "AWS::EMR::Step": {"elasticmapreduce:DescribeStep"},
    "Custom::VpcRestrictDefaultSG": {"lambda:InvokeFunction"},
}


def listed(name):
    """The actions of each type in a list of the page."""
    (code,) = re.findall(rf"^{name} = (\{{.*?^\}})$", PAGE, re.MULTILINE | re.DOTALL)
    return {
        kind: {f"{service}:{action}" for service, names in by_service.items() for action in names.split()}
        for kind, by_service in ast.literal_eval(code).items()
    }


def stated(kind):
    """The actions that the schema of a type states."""
    schema = (
        {} if kind.startswith("Custom::") else PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    )
    return {
        # The schema of steps has the name of the API instead of that of its actions.
        re.sub("^emr:", "elasticmapreduce:", action)
        for handler, found in schema.get("handlers", {}).items()
        if handler != "list"
        for action in found["permissions"]
    }


def test_the_page_has_the_types_of_the_templates():
    known = set()
    for name, template in TEMPLATES.items():
        kinds = {found["Type"] for found in snapshot(template)["Resources"].values()}
        assert set(listed(name)) == kinds - known
        known |= kinds


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_page_has_the_actions_of_each_type(name):
    for kind, actions in listed(name).items():
        pattern = UNUSED.get(kind)
        unused = {action for action in stated(kind) if pattern and re.fullmatch(pattern, action)}
        assert (kind, sorted(actions)) == (kind, sorted(stated(kind) - unused | ADDED.get(kind, set())))
        assert bool(unused) == bool(pattern)


def test_a_cluster_has_an_action_for_each_update_in_place():
    """CloudFormation states none for its type."""
    assert stated("AWS::EMR::Cluster") == set()
    data = json.loads((PROJECT / "emr_constructs" / "data" / "cloudformation.json").read_text())
    properties = data["resources"]["AWS::EMR::Cluster"] | data["types"]["JobFlowInstancesConfig"]
    for kind in ("InstanceGroupConfig", "InstanceFleetConfig"):
        properties |= data["types"][kind]
    updated = {name for name, found in properties.items() if found["update"] == "none"}
    assert updated <= set(UPDATES), "an update of the property calls an action"
    operations = botocore.session.get_session().get_service_model("emr").operation_names
    assert {name.partition(":")[2] for name in ADDED["AWS::EMR::Cluster"] if "elasticm" in name} <= set(operations)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_list_fits_into_a_managed_policy(name):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    actions = set().union(*listed(name).values())
    resources = 12 * 120
    assert sum(len(action) + len('"",') for action in actions) + resources < 6144


def test_the_page_has_the_actions_of_the_grants():
    methods = {
        "describe": grants._DESCRIBE,
        "submit_steps": (grants._ADD_STEPS, *grants._FOLLOW_STEPS),
        "cancel_steps": grants._FOLLOW_STEPS,
        "terminate": grants._TERMINATE,
    }
    for _, method, actions in table(PAGE, "Operators")[1:]:
        found = re.fullmatch(r"`cluster\.grants\.(\w+)\(role\)`", method)
        if found:
            assert actions == ", ".join(f"`{name}`" for name in sorted(methods.pop(found[1])))
    assert methods == {}
