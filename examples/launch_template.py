"""A launch request for orchestrators: an Airflow DAG and a script launch the same cluster, which this app doesn't run.

The DAG requires only the ID of the connection:

    launch = EmrCreateJobFlowOperator(task_id="launch", emr_conn_id="emr_nightly")

A script reads the same request from a parameter:

    request = json.loads(boto3.client("ssm").get_parameter(Name="/emr/nightly")["Parameter"]["Value"])
    boto3.client("emr").run_job_flow(**request)

Cost: 3 m7g.xlarge nodes while the steps of each launch run; no nodes before.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

SCRIPT = emr.Script.from_asset(Path(__file__).parent / "jobs" / "word_count.py")


class LaunchTemplateStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        words, counts = data.s3_url_for_object("raw/"), data.s3_url_for_object("counts/")
        launch = emr.LaunchTemplate(
            self,
            "Nightly",
            vpc=vpc,
            applications=[emr.Application.SPARK],
            steps=[emr.Step.spark("Count words", script=SCRIPT, args=[words, counts])],
            cloudwatch_logs=emr.CloudWatchLogs(retention_days=90),
            termination=emr.Termination.after_steps(),
        )
        launch.grants.read_bucket(data, "raw/")
        launch.grants.read_write_bucket(data, "counts/")
        launch.publish_to_airflow("emr_nightly")
        launch.publish_to_parameter("/emr/nightly")

        # The execution role of the Amazon MWAA environment, which may be in another stack.
        conditions = {"StringEquals": {"aws:SourceAccount": self.account}}
        services = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
        trusted = [iam.ServicePrincipal(service, conditions=conditions) for service in services]
        airflow = iam.Role(
            self,
            "Airflow",
            assumed_by=iam.CompositePrincipal(*trusted),
            description="Allows Apache Airflow to launch Amazon EMR clusters",
        )
        launch.grants.launch(airflow)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    LaunchTemplateStack(app, "LaunchTemplate", vpc=vpc)
    app.synth()
