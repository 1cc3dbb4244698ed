"""Export a DynamoDB table to S3 and import it into another table, with Hive.

The cluster terminates after its steps. To copy again, submit the steps to a long-running cluster
(``cluster.add_step``), or launch a cluster for each copy.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EMRforDynamoDB.CopyingData.html

Cost: 3 m7g.xlarge nodes while the steps run, and the reads and writes of the tables.
Files: ``jobs/export_table.q``, ``jobs/import_table.q``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"


class DynamodbExportStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        orders = dynamodb.Table.from_table_name(self, "Orders", "orders")
        restored = dynamodb.Table.from_table_name(self, "Restored", "orders-restored")
        data = s3.Bucket.from_bucket_name(self, "Data", "company-data")
        folder = data.s3_url_for_object("exports/orders/")
        cluster = emr.Cluster(
            self,
            "Copy",
            vpc=vpc,
            applications=[emr.Application.HIVE],
            steps=[
                emr.Step.hive(
                    "Export",
                    script=emr.Script.from_asset(JOBS / "export_table.q"),
                    variables={"TABLE": orders.table_name, "FOLDER": folder},
                    action_on_failure=emr.ActionOnFailure.TERMINATE_CLUSTER,
                ),
                emr.Step.hive(
                    "Import",
                    script=emr.Script.from_asset(JOBS / "import_table.q"),
                    variables={"TABLE": restored.table_name, "FOLDER": folder},
                ),
            ],
            termination=emr.Termination.after_steps(),
        )
        orders.grant_read_data(cluster)
        restored.grant_write_data(cluster)
        cluster.grants.read_write_bucket(data, "exports/orders/")


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    DynamodbExportStack(app, "DynamodbExport", vpc=vpc)
    app.synth()
