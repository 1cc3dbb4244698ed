"""Copy small files from S3 to HDFS as large files with S3DistCp, run a job, and copy the result back to S3.

Cost: 3 m7g.xlarge nodes while the steps run.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"


class S3DistCpStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        cluster = emr.Cluster(
            self,
            "Copy",
            vpc=vpc,
            applications=[emr.Application.HADOOP, emr.Application.SPARK],
            steps=[
                emr.Step.s3_dist_cp(
                    "Fetch logs",
                    src=data.s3_url_for_object("logs/2026-11-23/"),
                    dest="hdfs:///logs",
                    src_pattern=r".*\.log\.gz",
                    group_by=r".*/(host-\d+)/.*",
                    target_size_mib=256,
                    output_codec="snappy",
                    action_on_failure=emr.ActionOnFailure.TERMINATE_CLUSTER,
                ),
                emr.Step.spark(
                    "Count words",
                    script=emr.Script.from_asset(JOBS / "word_count.py"),
                    args=["hdfs:///logs", "hdfs:///counts"],
                    action_on_failure=emr.ActionOnFailure.TERMINATE_CLUSTER,
                ),
                emr.Step.s3_dist_cp(
                    "Keep counts",
                    src="hdfs:///counts",
                    dest=data.s3_url_for_object("counts/2026-11-23/"),
                    delete_on_success=True,
                ),
            ],
            termination=emr.Termination.after_steps(),
        )
        cluster.grants.read_bucket(data, "logs/")
        cluster.grants.read_write_bucket(data, "counts/")


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    S3DistCpStack(app, "S3DistCp", vpc=vpc)
    app.synth()
