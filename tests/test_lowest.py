"""The library with an aws-cdk-lib that has no ``Validations``; the other tests of ``make test-lowest`` run with all."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_emr

import emr_constructs as emr
from tests.tools import imported_vpc, new_stack, synthesize, warnings

pytestmark = pytest.mark.skipif(hasattr(cdk, "Validations"), reason="for versions of aws-cdk-lib without Validations")


def test_the_plugin_reports_errors(tmp_path):
    context = {"@aws-cdk/core:validationReportJson": True}
    app = cdk.App(policy_validation_beta1=[emr.EmrRules()], outdir=str(tmp_path), context=context)
    group = aws_emr.CfnCluster.InstanceGroupConfigProperty
    instances = aws_emr.CfnCluster.JobFlowInstancesConfigProperty(
        master_instance_group=group(instance_count=1, instance_type="m7g.xlarge"),
        core_instance_group=group(instance_count=0, instance_type="m7g.xlarge"),
    )
    aws_emr.CfnCluster(
        cdk.Stack(app, "Test"),
        "Cluster",
        name="none",
        instances=instances,
        job_flow_role="Nodes",
        service_role="Service",
        release_label="emr-7.14.0",
    )
    app.synth()
    assert '"ruleName": "emr-core-count"' in (tmp_path / "policy-validation-report.json").read_text()


@pytest.mark.parametrize("is_acknowledged", [False, True])
def test_warnings_of_constructs_are_acknowledged(is_acknowledged):
    stack = new_stack()
    if is_acknowledged:
        emr.acknowledge(stack, "emr-untagged-subnets", reason="The network team has tagged the subnets")
    profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
    assert any("emr-untagged-subnets" in text for text in warnings(profile)) is not is_acknowledged


def test_a_transient_cluster_renders():
    stack = new_stack()
    step = emr.Step.spark("Nightly", script=emr.Script.from_uri("s3://jobs/nightly.py"))
    emr.TransientCluster(stack, "Job", vpc=imported_vpc(stack), applications=["Spark"], workflow=[emr.StepTask(step)])
    kinds = {resource["Type"] for resource in synthesize(stack)["Resources"].values()}
    assert {"AWS::StepFunctions::StateMachine", "AWS::EMR::SecurityConfiguration"} <= kinds
