"""Templates, state machines and requests with one cluster, which tests change."""

from __future__ import annotations

import copy
import json
from typing import Any

Json = dict[str, Any]

VOLUME = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 64}}
KEY = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"
CERTIFICATES = {"CertificateProviderType": "PEM", "S3Object": "s3://bucket/certificates.zip"}
ENCRYPTED = {
    "EncryptionConfiguration": {
        "EnableAtRestEncryption": True,
        "EnableInTransitEncryption": True,
        "AtRestEncryptionConfiguration": {
            "LocalDiskEncryptionConfiguration": {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}
        },
        "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": CERTIFICATES},
    }
}
SUBNETS = {
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    **{
        f"{kind}{name}": resource
        for kind in ("Public", "Private")
        for name, resource in {
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}},
            "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": "vpc-1"}},
            "Association": {
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {"SubnetId": {"Ref": f"{kind}Subnet"}, "RouteTableId": {"Ref": f"{kind}Table"}},
            },
        }.items()
    },
    "Nat": {
        "Type": "AWS::EC2::Route",
        "Properties": {
            "RouteTableId": {"Ref": "PrivateTable"},
            "DestinationCidrBlock": "0.0.0.0/0",
            "NatGatewayId": "nat-1",
        },
    },
    "Route": {
        "Type": "AWS::EC2::Route",
        "Properties": {
            "RouteTableId": {"Ref": "PublicTable"},
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": {"Ref": "Gateway"},
        },
    },
}
"""A public and a private subnet."""


def group(kind="m7g.xlarge", count=1, **members) -> Json:
    ebs = {"EbsBlockDeviceConfigs": [copy.deepcopy(VOLUME)]}
    return {"InstanceType": kind, "InstanceCount": count, "EbsConfiguration": ebs, **members}


def fleet(*kinds: str | Json, units=4, **members) -> Json:
    configs = [kind if isinstance(kind, dict) else {"InstanceType": kind} for kind in kinds]
    return {"TargetOnDemandCapacity": units, "InstanceTypeConfigs": configs, **members}


def template(more: Json | None = None, instances: Json | None = None, **properties) -> Json:
    """A template with a cluster that all policies of the tests accept."""
    nodes = {"MasterInstanceGroup": group(), "CoreInstanceGroup": group(count=2)} if instances is None else instances
    cluster = {
        "Name": "acme-nightly",
        "ReleaseLabel": "emr-7.14.0",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": {"Ec2SubnetId": {"Ref": "PrivateSubnet"}, **nodes},
        "AutoTerminationPolicy": {"IdleTimeout": 3600},
        "SecurityConfiguration": {"Ref": "Security"},
        "Tags": [{"Key": "cost-center", "Value": "4711"}],
        **properties,
    }
    return {
        "Resources": {
            "Cluster": {
                "Type": "AWS::EMR::Cluster",
                "DependsOn": ["Route", "Nat", "PublicAssociation", "PrivateAssociation"],
                "Properties": {name: value for name, value in cluster.items() if value is not None},
            },
            "Security": {
                "Type": "AWS::EMR::SecurityConfiguration",
                "Properties": {"SecurityConfiguration": copy.deepcopy(ENCRYPTED)},
            },
            **copy.deepcopy(SUBNETS),
            **(more or {}),
        }
    }


def request(**members) -> Json:
    """A request to the EMR API that all policies of the tests accept, as far as it says."""
    found = {
        "Name": "acme-nightly",
        "ReleaseLabel": "emr-7.14.0",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": {
            "Ec2SubnetId": "subnet-1",
            "InstanceGroups": [
                {"InstanceRole": "MASTER", **group()},
                {"InstanceRole": "CORE", **group(count=2)},
            ],
        },
        "SecurityConfiguration": "secure",
        "Tags": [{"Key": "cost-center", "Value": "4711"}],
        **members,
    }
    return {name: value for name, value in found.items() if value is not None}


def states(*, terminates=False, more: Json | None = None, **members) -> Json:
    """A state machine that launches the cluster of :func:`request`."""
    launch = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:emr:runJobFlow", "End": True}
    found = {"Launch": {**launch, "Parameters": request(**members)}, **(more or {})}
    if terminates:
        end = {"Type": "Task", "Resource": "arn:aws:states:::elasticmapreduce:terminateCluster.sync", "End": True}
        found["End"] = {**end, "Parameters": {"ClusterId.$": "$.id"}}
    return {"StartAt": "Launch", "States": found}


def machine(definition: Json) -> Json:
    """A template with a state machine."""
    properties = {"DefinitionString": json.dumps(definition), "RoleArn": "arn:aws:iam::111111111111:role/states"}
    return {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}
