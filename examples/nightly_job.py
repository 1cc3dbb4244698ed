"""A nightly job on a transient cluster, which is always terminated; the result is published to a topic.

Each scheduled execution processes the previous day, in the time zone of the schedule. A manual execution can specify
another day. Two steps run in parallel after the first step.

Cost: 3 m7g.xlarge nodes while each execution runs, up to 4 hours a night.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

import emr_constructs as emr

ZONE = cdk.TimeZone.EUROPE_ZURICH
SCRIPT = emr.Script.from_asset(Path(__file__).parent / "jobs" / "word_count.py")


class NightlyJobStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        day = emr.JobInput.date("day", days_before=1, time_zone=ZONE)

        def count(what: str) -> emr.Step:
            source, target = (data.s3_url_for_object(f"{folder}/{what}/{day.value}/") for folder in ("raw", "counts"))
            return emr.Step.spark(f"Count {what}", script=SCRIPT, args=[source, target])

        job = emr.TransientCluster(
            self,
            "Nightly",
            vpc=vpc,
            applications=[emr.Application.SPARK],
            workflow=[
                emr.StepTask(count("books"), retries=2, timeout=cdk.Duration.hours(1)),
                emr.ParallelSteps([count("articles"), emr.StepTask(count("comments"), continue_on_failure=True)]),
            ],
            inputs=[day],
            timeout=cdk.Duration.hours(4),
            allow_concurrent_executions=False,
        )
        job.grants.read_bucket(data, "raw/")
        job.grants.read_write_bucket(data, "counts/")
        assert job.topic is not None
        cdk.CfnOutput(self, "Topic", description="Publishes the result of each execution", value=job.topic.topic_arn)

        emr.Schedule(
            self,
            "EveryNight",
            target=job,
            schedule=scheduler.ScheduleExpression.cron(minute="30", hour="1", time_zone=ZONE),
            flexible_window=cdk.Duration.minutes(30),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    NightlyJobStack(app, "NightlyJob", vpc=vpc)
    app.synth()
