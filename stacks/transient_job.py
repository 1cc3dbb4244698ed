"""A job on a transient cluster, which runs on demand or every night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

import emr_constructs as emr
from stacks.decisions import accept_logs_in_one_region

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_scheduler as scheduler
    from constructs import Construct


class TransientJobStack(cdk.Stack):
    """A profile, the state machine of the job and its schedule."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        definition: emr.ClusterDefinition,
        script: emr.Script,
        orders: emr.Script,
        products: emr.Script,
        schedule: scheduler.ScheduleExpression,
        paused: bool = False,
        env: cdk.Environment | None = None,
    ) -> None:
        """Define the job.

        :param vpc: the VPC of the clusters.
        :param definition: the options of the clusters.
        :param script: a PySpark script that sums the sales of a day, like ``examples/jobs/daily_sales.py``. It writes
            to ``results/`` in the log bucket.
        :param orders: the orders that the script reads.
        :param products: the products that the script reads.
        :param schedule: the schedule of the job, which processes the previous day in the time zone of the schedule.
        :param paused: whether the schedule is disabled. Default: false.
        :param env: the account and Region. Default: those of the deployment.
        """
        super().__init__(scope, construct_id, env=env, description="Job on a transient Amazon EMR cluster")
        self.profile = emr.ClusterProfile(self, "Profile", vpc=vpc, release_label=definition.release_label)
        assert self.profile.log_bucket is not None
        day = emr.JobInput.date("day", days_before=1, time_zone=schedule.time_zone or cdk.TimeZone.ETC_UTC)
        results = self.profile.log_bucket.s3_url_for_object("results/")
        args: list[str | emr.Script] = [
            "--day",
            day.value,
            "--orders",
            orders,
            "--products",
            products,
            "--output",
            results,
        ]
        step = emr.Step.spark("Daily sales", script=script, args=args)
        self.job = emr.TransientCluster(
            self,
            "Job",
            profile=self.profile,
            definition=definition,
            workflow=[emr.StepTask(step, retries=1, timeout=cdk.Duration.hours(2))],
            inputs=[day],
            timeout=cdk.Duration.hours(6),
            allow_concurrent_executions=False,
        )
        self.job.grants.read_write_bucket(self.profile.log_bucket, "results/")
        emr.Schedule(
            self,
            "Schedule",
            target=self.job,
            schedule=schedule,
            enabled=not paused,
            flexible_window=cdk.Duration.minutes(15),
        )
        self._add_outputs()
        accept_logs_in_one_region(self.profile.node.find_child("Logs"))

    def _add_outputs(self) -> None:
        machine = self.job.state_machine.state_machine_arn
        assert self.job.topic is not None
        outputs = {
            "StateMachineArn": ("State machine of the job", machine),
            "TopicArn": ("Publishes the success or failure of each execution", self.job.topic.topic_arn),
            "LogUri": ("S3 location of the cluster logs", str(self.profile.log_uri)),
            "StartCommand": (
                "Starts the job",
                f"aws stepfunctions start-execution --region {self.region} --state-machine-arn {machine}",
            ),
        }
        for name, (description, value) in outputs.items():
            cdk.CfnOutput(self, name, description=description, value=value)
