"""A cluster that launches, runs its steps and terminates: a single node with additional libraries.

A change to the steps of a cluster replaces the cluster, which here runs the steps again.

Cost: 1 m7g.4xlarge node with 256 GiB of EBS volumes while the steps run.
Files: ``jobs/requirements.txt``, ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"
RELEASE = emr.ReleaseLabel.EMR_7_14_0


class NightlyStepsStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        node = emr.InstanceGroup("m7g.4xlarge", ebs_volumes=[emr.EbsVolume.gp3(size_gib=256, throughput_mibps=500)])
        cluster = emr.Cluster(
            self,
            "Nightly",
            vpc=vpc,
            release_label=RELEASE,
            applications=[emr.Application.SPARK],
            instances=emr.InstanceGroups(master=node),
            root_volume=emr.RootVolume(size_gib=50),
            configurations=[emr.Configuration("spark-defaults", {"spark.executor.memory": "8g"})],
            bootstrap_actions=[
                emr.BootstrapAction.install_python_packages(
                    emr.Script.from_asset(JOBS / "requirements.txt"), python=RELEASE.pyspark_python
                )
            ],
            steps=[
                emr.Step.spark(
                    "Count words",
                    script=emr.Script.from_asset(JOBS / "word_count.py"),
                    args=[data.s3_url_for_object("books/"), data.s3_url_for_object("counts/")],
                    conf={"spark.sql.shuffle.partitions": 64},
                )
            ],
            termination=emr.Termination.after_steps(),
        )
        cluster.grants.read_bucket(data, "books/")
        cluster.grants.read_write_bucket(data, "counts/")


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    NightlyStepsStack(app, "NightlySteps", vpc=vpc)
    app.synth()
