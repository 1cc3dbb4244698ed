from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from emr_constructs import Cluster, ClusterAlarms, EmrError, InstanceFleet, InstanceGroup, Script, Step
from tests.tools import flat, imported_vpc, new_app, new_stack, only, resources, synthesize

JOB = Script.from_uri("s3://bucket/job.jar")


def test_the_fix_for_an_arn_is_the_id(stack):
    arn = "arn:aws:elasticmapreduce:us-east-1:111111111111:cluster/j-2AXXXXXXGAPLF"
    with pytest.raises(EmrError, match=r"got 'arn:.*'; use 'j-2AXXXXXXGAPLF'"):
        Cluster.from_cluster_attributes(stack, "Cluster", cluster_id=arn)


def test_knows_its_dns_name_and_fleets(stack):
    cluster = Cluster.from_cluster_attributes(
        stack, "Cluster", cluster_id="j-1", master_public_dns="ip-10-0-0-1.ec2.internal", has_instance_fleets=True
    )
    assert cluster.master_public_dns == "ip-10-0-0-1.ec2.internal"
    assert " --cluster-id j-1 --instance-fleet-type MASTER " in cluster.access.session_command
    with pytest.raises(EmrError, match="instance fleets can't be combined with a task group; use add_task_fleet"):
        cluster.add_task_group(InstanceGroup("m7g.xlarge"))
    cluster.add_task_fleet(InstanceFleet.spot("m7g.xlarge", units=1))


def test_of_instance_groups_has_no_task_fleet(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", has_instance_fleets=False)
    with pytest.raises(EmrError, match="instance groups can't be combined with a task fleet; use add_task_group"):
        cluster.add_task_fleet(InstanceFleet.spot("m7g.xlarge", units=1))
    cluster.add_task_group(InstanceGroup("m7g.xlarge"))
    assert " --instance-group-types MASTER " in cluster.access.session_command


def test_an_added_task_fleet_tells_what_it_consists_of(stack):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    assert cluster.has_instance_fleets is None
    cluster.add_task_fleet(InstanceFleet.spot("m7g.xlarge", units=1))
    assert " --instance-fleet-type MASTER " in cluster.access.session_command


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"master_public_dns": ""}, "master_public_dns must be the DNS name of the primary node, got ''"),
        ({"master_public_dns": 1}, "master_public_dns must be a string, got 1"),
        ({"has_instance_fleets": "yes"}, "has_instance_fleets must be a boolean, got 'yes'; use True or False"),
    ],
)
def test_rejects_odd_facts(stack, options, message):
    with pytest.raises(EmrError, match=message):
        Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", **options)


def test_the_id_follows_the_parameter_of_the_owning_stack():
    app = new_app()
    owner, user = new_stack(app, "Owner"), new_stack(app, "User")
    owned = Cluster(owner, "Cluster", vpc=imported_vpc(owner))
    ssm.StringParameter(owner, "Id", parameter_name="/emr/spark/cluster-id", string_value=owned.cluster_id)
    cluster = Cluster.from_cluster_attributes(
        user,
        "Cluster",
        cluster_id=ssm.StringParameter.value_for_string_parameter(user, "/emr/spark/cluster-id"),
        has_instance_fleets=False,
    )
    cluster.add_step(Step.jar("Nightly", jar=JOB))
    cluster.add_task_group(InstanceGroup("m7g.xlarge"))
    ClusterAlarms(user, "Alarms", cluster=cluster)
    submitter = iam.Role(user, "Submitter", assumed_by=iam.AccountRootPrincipal())
    cluster.grants.submit_steps(submitter)
    template = synthesize(user)
    ((parameter, declared),) = [
        item for item in template["Parameters"].items() if item[0].startswith("SsmParameterValue")
    ]
    assert declared["Type"] == "AWS::SSM::Parameter::Value<String>"
    assert declared["Default"] == "/emr/spark/cluster-id"
    assert only(template, "AWS::EMR::Step")["JobFlowId"] == {"Ref": parameter}
    assert only(template, "AWS::EMR::InstanceGroupConfig")["JobFlowId"] == {"Ref": parameter}
    alarms = resources(template, "AWS::CloudWatch::Alarm").values()
    assert alarms
    assert {"Name": "JobFlowId", "Value": {"Ref": parameter}} in next(iter(alarms))["Properties"]["Dimensions"]
    allowed = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert any(flat(one["Resource"]).endswith(f"cluster/<{parameter}>") for one in allowed)
    assert only(synthesize(owner), "AWS::SSM::Parameter")["Value"] == owner.resolve(owned.cluster_id)
