"""One step of each type, which the deployment submits in sequence to a long-running cluster.

A changed step runs again at the next deployment; a removed step isn't rolled back. Input data is a folder that the
nodes can read (the orders), or a file that is deployed with the step (the products).

Cost: 3 m7g.xlarge nodes until you terminate the cluster.
Files: ``jobs/daily_sales.py``, ``jobs/data/products.csv``, ``jobs/top_products.sql``, ``jobs/split_words.py``,
``jobs/rename_columns.pig``, ``jobs/import_orders.q``, ``jobs/trim_hdfs.sh``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"
DAY = "2026-11-23"


class StepsStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        cluster = emr.Cluster(
            self,
            "Cluster",
            vpc=vpc,
            applications=[
                emr.Application.HADOOP,
                emr.Application.HIVE,
                emr.Application.PIG,
                emr.Application.SPARK,
            ],
            termination=emr.Termination.manual(),
        )
        cluster.grants.read_bucket(data, "shop/")
        cluster.grants.read_write_bucket(data, "reports/")

        def local(name: str) -> emr.Script:
            return emr.Script.from_asset(JOBS / name)

        def uri(key: str) -> str:
            return data.s3_url_for_object(key)

        steps = [
            emr.Step.spark(
                "Daily sales",
                script=local("daily_sales.py"),
                args=[
                    "--day", DAY, "--orders", uri("shop/orders/"), "--products", local("data/products.csv"),
                    "--output", "hdfs:///sales",
                ],
                conf={"spark.sql.shuffle.partitions": 64, "spark.sql.adaptive.enabled": True},
            ),
            emr.Step.spark_sql(
                "Top products",
                script=local("top_products.sql"),
                variables={"SALES": f"hdfs:///sales/day={DAY}", "TOP": "hdfs:///top"},
            ),
            emr.Step.s3_dist_cp("Keep top products", src="hdfs:///top", dest=uri("reports/top/")),
            emr.Step.hadoop_streaming(
                "Count words",
                mapper="split_words.py",
                reducer="aggregate",
                inputs=[uri("shop/reviews/"), uri("shop/questions/")],
                output="hdfs:///words",
                files={"split_words.py": local("split_words.py")},
                conf={"mapreduce.job.reduces": 4},
            ),
            emr.Step.pig(
                "Rename columns",
                script=local("rename_columns.pig"),
                parameters={"SOURCE": uri("shop/legacy/"), "TARGET": "hdfs:///legacy"},
            ),
            emr.Step.hive(
                "Import orders",
                script=local("import_orders.q"),
                variables={"SOURCE": "hdfs:///legacy", "TARGET": uri("reports/orders/")},
            ),
            emr.Step.jar(
                "Estimate pi",
                jar=emr.Script.from_bucket(data, "shop/jars/hadoop-examples.jar"),
                args=["pi", "10", "1000"],
                action_on_failure=emr.ActionOnFailure.CANCEL_AND_WAIT,
            ),
            emr.Step.custom("Report on HDFS", command=["hdfs", "dfsadmin", "-report"]),
            emr.Step.shell("Trim HDFS", script=local("trim_hdfs.sh"), args=["/words"]),
        ]  # fmt: skip
        for step in steps:
            cluster.add_step(step)


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    StepsStack(app, "Steps", vpc=vpc)
    app.synth()
