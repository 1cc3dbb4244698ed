"""The roles of a cluster that its template defines: their conditions and policies."""

from __future__ import annotations

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

TEXT = """
Resources:
  Service:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonElasticMapReduceRole"]
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: elasticmapreduce.amazonaws.com}, Action: "sts:AssumeRole"}
  Nodes:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonElasticMapReduceforEC2Role"]
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Nodes]}}
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      Applications: [{Name: Spark}]
      ServiceRole: !Ref Service
      JobFlowRole: !Ref Profile
      Instances:
        Ec2SubnetId: subnet-0123456789abcdef0
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m7g.xlarge}
"""
OWN = '      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonElasticMapReduceRole"]\n'
ATTACHED = """  Policy:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: p, Roles: [!Ref Service], PolicyDocument: {Statement: []}}
  Cluster:
    DependsOn: Policy
"""
FOR_EMR, FOR_EC2 = "AmazonElasticMapReduceRole", "AmazonElasticMapReduceforEC2Role"


def found(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(finding.rule, finding.path) for finding in check_template(parse(text))]


def condition(text):
    return ("elasticmapreduce.amazonaws.com}", f"elasticmapreduce.amazonaws.com}}, Condition: {text}")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], []),
        ([(OWN, "")], [("emr-role-without-policies", "Resources.Cluster.Properties.ServiceRole")]),
        ([(OWN, "      ManagedPolicyArns: [!Ref AWS::StackId]\n")], []),
        ([(OWN, "      Policies: [{PolicyName: p, PolicyDocument: {Statement: []}}]\n")], []),
        ([(OWN, ""), ("  Cluster:\n", ATTACHED)], []),
        ([(f"/{FOR_EMR}", "/a"), (f"/{FOR_EC2}", f"/{FOR_EMR}"), ("/a", f"/{FOR_EC2}")],
         [("emr-role-policy-of-another", "Resources.Cluster.Properties.JobFlowRole")]),
        ([(f"arn:aws:iam::aws:policy/service-role/{FOR_EC2}", FOR_EC2)],
         [("emr-managed-policy-name", "Resources.Cluster.Properties.JobFlowRole")]),
        ([condition('{StringEquals: {"aws:SourceArn": "arn:aws:elasticmapreduce:*:1:*"}}')],
         [("emr-role-source-arn", "Resources.Cluster.Properties.ServiceRole")]),
        ([condition('{ArnLike: {"AWS:SourceArn": !Sub "arn:${AWS::Partition}:elasticmapreduce:*:1:*"}}')], []),
        ([condition('{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}')], []),
        ([("Principal: {Service: elastic", "Principle: {Service: elastic")],
         [("emr-service-role-trust", "Resources.Cluster.Properties.ServiceRole")]),
    ],
)  # fmt: skip
def test_roles(changes, expected):
    assert found(*changes) == expected
