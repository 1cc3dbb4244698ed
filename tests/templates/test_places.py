"""Findings in templates are at the property, with its line, in the words of CloudFormation."""

from __future__ import annotations

import pytest

from emr_constructs.templates.inputs import check_source, read

CLUSTER = """\
Resources:
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      JobFlowRole: EMR_EC2_DefaultRole
      ServiceRole: EMR_DefaultRole
      Applications:
        - Name: Spark
        - Name: Hive
      Configurations:
        - Classification: spark-defaults
          ConfigurationProperties:
            spark.executor.memory: 4g
            spark.executor: x
      Instances:
        KeepJobFlowAliveWhenNoSteps: true
        Ec2SubnetId: subnet-0123456789abcdef0
        MasterInstanceGroup:
          InstanceCount: 1
          InstanceType: m5.xlarge
        CoreInstanceGroup:
          InstanceCount: 2
          InstanceType: m5.xlarge
        TaskInstanceGroups:
          - Name: first
            InstanceCount: 1
            InstanceType: m5.xlarge
"""
TASK = """\
  Task:
    Type: AWS::EMR::InstanceGroupConfig
    Properties:
      JobFlowId: !Ref Cluster
      InstanceRole: TASK
      InstanceCount: 1
      InstanceType: m5.xlarge
      Name: first
"""
STEP = """\
  Step:
    Type: AWS::EMR::Step
    Properties:
      JobFlowId: !Ref Cluster
      Name: step
      ActionOnFailure: CONTINUE
      HadoopJarStep:
        Jar: command-runner.jar
        Args:
          - hive-script
          - --run-hive-script
          - --args
          - -f
          - s3://bucket/query.sql
"""


@pytest.fixture
def found(tmp_path):
    def checked(text):
        path = tmp_path / "template.yaml"
        path.write_text(text)
        lines = text.splitlines()
        return [
            (finding.rule, finding.path.removeprefix("Resources."), lines[finding.line - 1].strip())
            for finding in check_source(read(str(path), str))
        ]

    return checked


def test_the_templates_are_valid(found):
    assert found(CLUSTER + STEP + TASK.replace("Name: first", "Name: second")) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "path", "line"),
    [
        ("InstanceCount: 1\n          InstanceType", "InstanceCount: 2\n          InstanceType", "emr-master-count",
         "Instances.MasterInstanceGroup.InstanceCount", "InstanceCount: 2"),
        ("InstanceCount: 2", "InstanceCount: two", "emr-type",
         "Instances.CoreInstanceGroup.InstanceCount", "InstanceCount: two"),
        ("InstanceType: m5.xlarge\n        Task", "InstanceType: m5.xlarge\n          Market: SPOTS\n        Task",
         "emr-enum", "Instances.CoreInstanceGroup.Market", "Market: SPOTS"),
        ("m5.xlarge\n        Task", "m5.xlarge\n          Marked: SPOT\n        Task",
         "emr-unknown-property", "Instances.CoreInstanceGroup.Marked", "Marked: SPOT"),
        ("          InstanceType: m5.xlarge\n        Task", "        Task", "emr-missing-property",
         "Instances.CoreInstanceGroup", "CoreInstanceGroup:"),
        ("memory: 4g", "memory: 4 gigs", "emr-spark-value",
         "Configurations[0].ConfigurationProperties.spark.executor.memory", "spark.executor.memory: 4 gigs"),
        ("Name: Hive", "Name: Mahout", "emr-application-unavailable", "Applications[1].Name", "- Name: Mahout"),
        ("spark-defaults", "spark-default", "emr-classification-unknown", "Configurations[0].Classification",
         "- Classification: spark-default"),
        ("emr-7.14.0", "emr-5.6.0\n      OSReleaseLabel: 2.0.20210312.1", "emr-os-release-label-release",
         "ReleaseLabel", "ReleaseLabel: emr-5.6.0"),
        ("- Name: first", "- Name: first\n            BidPrice: x", "emr-bid-price",
         "Instances.TaskInstanceGroups[0].BidPrice", "BidPrice: x"),
    ],
)  # fmt: skip
def test_a_finding_is_in_the_line_of_its_property(found, old, new, rule, path, line):
    assert old in CLUSTER
    here = [finding for finding in found(CLUSTER.replace(old, new)) if finding[0] == rule]
    assert here == [(rule, f"Cluster.Properties.{path}", line)]


def test_what_an_added_group_causes_is_at_its_property(found):
    assert found(CLUSTER + TASK) == [("emr-group-name-repeated", "Task.Properties.Name", "Name: first")]


def test_an_error_in_an_added_group_is_reported_once(found):
    task = TASK.replace("Name: first", "Name: second\n      BidPrice: x")
    assert found(CLUSTER + task) == [("emr-bid-price", "Task.Properties.BidPrice", "BidPrice: x")]


def test_what_an_added_step_causes_is_at_its_argument(found):
    assert found(CLUSTER.replace("- Name: Hive", "- Name: Livy") + STEP) == [
        ("emr-step-application", "Step.Properties.HadoopJarStep.Args[0]", "- hive-script")
    ]
