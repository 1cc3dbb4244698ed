"""Steps on a long-running cluster: an hourly step from a schedule, and a step from your own state machine.

Cost: 3 m7g.xlarge nodes until you terminate the cluster.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

import emr_constructs as emr

SCRIPT = emr.Script.from_asset(Path(__file__).parent / "jobs" / "word_count.py")


class StepSubmissionStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        cluster = emr.Cluster(
            self,
            "Cluster",
            vpc=vpc,
            applications=[emr.Application.SPARK],
            termination=emr.Termination.manual(),
        )
        hourly = emr.StepSubmission(
            self,
            "Hourly",
            cluster=cluster,
            step=emr.Step.spark("Count new words", script=SCRIPT, args=["hdfs:///new/", "hdfs:///counts/"]),
        )
        emr.Schedule(
            self,
            "EveryHour",
            target=hourly,
            schedule=scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
        )

        by_hand = emr.StepSubmission(
            self,
            "ByHand",
            cluster=cluster,
            step=emr.Step.spark("Count all words", script=SCRIPT, args=["hdfs:///all/", "hdfs:///counts/"]),
        )
        # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
        machines = self.format_arn(
            service="states",
            resource="stateMachine",
            resource_name="*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        conditions = {"StringEquals": {"aws:SourceAccount": self.account}, "ArnLike": {"aws:SourceArn": machines}}
        states = iam.ServicePrincipal("states.amazonaws.com", conditions=conditions)
        role = iam.Role(self, "Role", assumed_by=states)
        by_hand.grant_submit(iam.ManagedPolicy(self, "Permissions", roles=[role]))
        machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(by_hand.task(self, "Count")),
            role=role.without_policy_updates(),
        )
        rules = ["AwsSolutions-SF1", "AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"]
        reason = "The state machine only submits a step, which EMR logs."
        cdk.Validations.of(machine).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    StepSubmissionStack(app, "StepSubmission", vpc=vpc)
    app.synth()
