"""A CloudTrail trail, and a notification for each call that launches, changes or terminates a cluster.

A trail records the calls to all services and can't be limited to EMR; the EventBridge rule selects the calls to EMR.
EMR's events (``cluster.events``) report what happened to a cluster, CloudTrail reports who requested it.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/logging-using-cloudtrail.html

Cost: no nodes; 1 KMS key and the objects in S3.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

import emr_constructs as emr

CALLS = [
    "AddInstanceFleet",
    "AddInstanceGroups",
    "AddJobFlowSteps",
    "CancelSteps",
    "DeleteSecurityConfiguration",
    "ModifyInstanceFleet",
    "ModifyInstanceGroups",
    "PutBlockPublicAccessConfiguration",
    "RunJobFlow",
    "SetTerminationProtection",
    "TerminateJobFlows",
]


class CloudtrailStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        trails = f"arn:{self.partition}:cloudtrail:{self.region}:{self.account}:trail/*"
        key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                resources=["*"],
                principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
                conditions={"ArnLike": {"aws:SourceArn": trails}},
            )
        )
        bucket = emr.LogBucket(self, "Logs", encryption_key=key).bucket
        # The statements that CDK adds for the trail have no condition on the source of a call.
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["s3:*"],
                resources=[bucket.bucket_arn, bucket.arn_for_objects("*")],
                principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
                conditions={"ArnNotLike": {"aws:SourceArn": trails}},
            )
        )
        trail = cloudtrail.Trail(
            self,
            "Trail",
            bucket=bucket,
            encryption_key=key,
            management_events=cloudtrail.ReadWriteType.WRITE_ONLY,
        )
        packs = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
        reason = "The bucket keeps the calls for a year, and EventBridge publishes relevant calls immediately."
        rules = [f"{pack}-CloudTrailCloudWatchLogsEnabled" for pack in packs]
        cdk.Validations.of(trail).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))

        topic = emr.AlarmTopic(self, "Topic", encryption_key=key)
        field = events.EventField.from_path
        who, call, what = (field(f"$.detail.{name}") for name in ("userIdentity.arn", "eventName", "requestParameters"))
        message = events.RuleTargetInput.from_text(f"{who} called {call}: {what}")
        events.Rule(
            self,
            "Calls",
            description="Publishes calls that launch, change or terminate clusters",
            event_pattern=events.EventPattern(
                detail_type=["AWS API Call via CloudTrail"],
                detail={"eventSource": ["elasticmapreduce.amazonaws.com"], "eventName": CALLS},
            ),
            targets=[topic.event_target(message)],
        )


if __name__ == "__main__":
    app = cdk.App()
    CloudtrailStack(app, "Cloudtrail")
    app.synth()
