from __future__ import annotations

import json

import pytest
from aws_cdk import CfnParameter, Environment
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3

from emr_constructs import EmrError, add_interface_endpoints, add_s3_endpoint, s3_endpoint_statements
from tests.tools import as_list, filled_in, flat, imported_vpc, new_app, new_stack, only, resources, synthesize


@pytest.fixture(scope="module")
def template():
    stack = new_stack(new_app())
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    add_s3_endpoint(vpc, buckets_of_others=[s3.Bucket.from_bucket_name(stack, "Partner", "partner")])
    add_interface_endpoints(vpc, cidr_block="10.0.0.0/16")
    return synthesize(stack)


@pytest.fixture(scope="module")
def policy(template):
    gateway = next(
        endpoint["Properties"]
        for endpoint in resources(template, "AWS::EC2::VPCEndpoint").values()
        if endpoint["Properties"]["VpcEndpointType"] == "Gateway"
    )
    return {statement["Sid"]: statement for statement in gateway["PolicyDocument"]["Statement"]}


def test_s3_lets_the_buckets_of_the_account_through_and_no_others(policy):
    own = policy["OwnBuckets"]
    assert (own["Action"], own["Resource"]) == ("s3:*", "*")
    assert own["Condition"] == {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}}
    others = [
        flat(resource)
        for sid, statement in policy.items()
        if sid != "OwnBuckets"
        for resource in as_list(statement["Resource"])
    ]
    assert not [resource for resource in others if resource == "*"]


@pytest.mark.parametrize(
    "bucket",
    [
        "al2023-repos-<AWS::Region>-de612dc2",
        "amazonlinux-2-repos-<AWS::Region>",
        "amazonlinux.<AWS::Region>.amazonaws.com",
        "repo.<AWS::Region>.emr.amazonaws.com",
        "<AWS::Region>.elasticmapreduce",
    ],
)
def test_s3_lets_packages_be_read(policy, bucket):
    statement = policy["ReadPackages"]
    assert statement["Action"] == "s3:GetObject"
    assert f"arn:<AWS::Partition>:s3:::{bucket}/*" in map(flat, statement["Resource"])


@pytest.mark.parametrize(
    ("sid", "actions"),
    [
        ("ExchangeInstanceData", ["s3:GetObject", "s3:PutObject"]),
        ("WriteServiceLogs", ["s3:PutObject"]),
        (
            "KeepApplicationHistory",
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        ),
    ],
)
def test_s3_lets_emr_keep_its_own_records(policy, sid, actions):
    assert as_list(policy[sid]["Action"]) == actions


RECORDS = {
    "us-east-1": {
        "ExchangeInstanceData": ["aws157-instance-data-0-prod-us-east-1", "aws157-instance-data-1-prod-us-east-1"],
        "WriteServiceLogs": ["aws157-logs-prod"],
        "KeepApplicationHistory": ["prod.us-east-1.appinfo.src"],
    },
    "ap-southeast-2": {
        "ExchangeInstanceData": [
            "aws157-instance-data-bucket-0-prod-ap-southeast-2",
            "aws157-instance-data-bucket-1-prod-ap-southeast-2",
        ],
        "WriteServiceLogs": ["aws157-logs-prod-ap-southeast-2"],
        "KeepApplicationHistory": ["prod.ap-southeast-2.appinfo.src"],
    },
} | {
    region: {
        "ExchangeInstanceData": [f"aws157-instance-data-{number}-prod-{region}" for number in (0, 1)],
        "WriteServiceLogs": [f"aws157-logs-prod-{region}"],
        "KeepApplicationHistory": [f"prod.{region}.appinfo.src"],
    }
    for region in ("us-east-2", "ap-southeast-1", "us-gov-east-1", "cn-north-1")
}
"""What AWS's page names for a region: https://docs.aws.amazon.com/emr/latest/ManagementGuide/private-subnet-iampolicy.html"""


def records(policy, region):
    """The buckets that the policy names for EMR's records, as CloudFormation fills them in."""
    pseudo_parameters = {"AWS::Region": region, "AWS::Partition": "aws"}
    return {
        sid: [filled_in(resource, pseudo_parameters) for resource in as_list(policy[sid]["Resource"])]
        for sid in RECORDS[region]
    }


@pytest.mark.parametrize("region", RECORDS)
def test_s3_lets_the_buckets_of_the_region_through_that_cloudformation_fills_in(policy, region):
    expected = {sid: [f"arn:aws:s3:::{name}/*" for name in names] for sid, names in RECORDS[region].items()}
    assert records(policy, region) == expected


@pytest.mark.parametrize("region", RECORDS)
def test_s3_names_the_buckets_of_a_known_region_and_of_no_other(region):
    stack = new_stack(new_app(), env=Environment(region=region))
    add_s3_endpoint(imported_vpc(stack))
    listed = only(synthesize(stack), "AWS::EC2::VPCEndpoint")["PolicyDocument"]["Statement"]
    policy = {statement["Sid"]: statement for statement in listed}
    expected = {sid: [f"arn:aws:s3:::{name}/*" for name in names] for sid, names in RECORDS[region].items()}
    assert records(policy, region) == expected
    assert not [name for name in ("AWS::Region", "Fn::Split") if name in json.dumps(policy)]
    others = {known for known in RECORDS if known != region and known in json.dumps(policy)}
    assert others == set()


def test_the_statements_are_for_the_region_of_the_stack_unless_they_are_for_another():
    assert "aws157-logs-prod-eu-west-1/*" in json.dumps(s3_endpoint_statements(region="eu-west-1"))
    assert "eu-west-1" not in json.dumps(s3_endpoint_statements())


def test_s3_lets_named_buckets_of_others_through(policy):
    named = sorted(map(flat, policy["BucketsOfOthers"]["Resource"]))
    assert named == ["arn:<AWS::Partition>:s3:::partner", "arn:<AWS::Partition>:s3:::partner/*"]


def test_s3_has_a_route_in_every_route_table(template):
    gateway = next(
        endpoint["Properties"]
        for endpoint in resources(template, "AWS::EC2::VPCEndpoint").values()
        if endpoint["Properties"]["VpcEndpointType"] == "Gateway"
    )
    assert len(gateway["RouteTableIds"]) == len(resources(template, "AWS::EC2::RouteTable"))


def test_interface_endpoints_of_what_nodes_call(template):
    services = {
        flat(endpoint["Properties"]["ServiceName"]).rpartition(".")[2]
        for endpoint in resources(template, "AWS::EC2::VPCEndpoint").values()
        if endpoint["Properties"]["VpcEndpointType"] == "Interface"
    }
    assert services == {
        "ec2", "elasticmapreduce", "glue", "kms", "logs", "monitoring", "secretsmanager", "ssm", "ssmmessages", "sts",
    }  # fmt: skip


def test_no_endpoint_of_api_gateway_which_would_break_managed_scaling(template):
    assert "execute-api" not in json.dumps(template)


def test_interface_endpoints_share_one_group_that_only_the_vpc_reaches(template):
    group = only(template, "AWS::EC2::SecurityGroup")
    assert group["SecurityGroupIngress"] == [
        {
            "CidrIp": "10.0.0.0/16",
            "Description": "Nodes in the VPC, TCP 443",
            "FromPort": 443,
            "IpProtocol": "tcp",
            "ToPort": 443,
        }
    ]


def test_takes_other_services():
    stack = new_stack(new_app())
    services = {"LakeFormation": ec2.InterfaceVpcEndpointAwsService.LAKE_FORMATION}
    made = add_interface_endpoints(imported_vpc(stack), cidr_block="10.0.0.0/16", services=services)
    assert list(made) == ["LakeFormation"]
    assert only(synthesize(stack), "AWS::EC2::VPCEndpoint")["PrivateDnsEnabled"] is True


def test_rejects_an_address_range_that_checkers_cannot_read(stack):
    parameter = CfnParameter(stack, "Cidr")
    with pytest.raises(
        EmrError, match=r"cidr_block must be known at synth time, got a token; use a literal such as 10\.0\.0\.0/16"
    ):
        add_interface_endpoints(imported_vpc(stack), cidr_block=parameter.value_as_string)


def test_rejects_an_empty_list_of_services(stack):
    with pytest.raises(EmrError, match="services must not be empty; specify at least one, or remove the endpoints"):
        add_interface_endpoints(imported_vpc(stack), cidr_block="10.0.0.0/16", services={})
