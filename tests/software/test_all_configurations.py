from __future__ import annotations

import boto3
from aws_cdk import Duration
from botocore.validate import ParamValidator

from emr_constructs import (
    Application,
    ClusterDefinition,
    FlinkConfigurations,
    HadoopConfigurations,
    HBaseConfigurations,
    HiveConfigurations,
    JupyterHubConfigurations,
    LivyConfigurations,
    SparkConfigurations,
    TableFormat,
    TrinoConfigurations,
    YarnConfigurations,
)

ICEBERG = TableFormat.iceberg(catalog="lake", warehouse="s3://data/lake/")


def test_all_of_them_are_a_request_that_botocore_accepts(bucket, secret):
    definition = ClusterDefinition(
        applications=[
            Application.FLINK,
            Application.HBASE,
            Application.HIVE,
            Application.JUPYTER_HUB,
            Application.LIVY,
            Application.SPARK,
            Application.TRINO,
        ],
        configurations=[
            *SparkConfigurations.dynamic_allocation(max_executors=8),
            *SparkConfigurations.table_formats(ICEBERG, TableFormat.delta()),
            *SparkConfigurations.environment({"PYSPARK_PYTHON": "/usr/bin/python3.11"}),
            *HiveConfigurations.external_metastore(jdbc_url="jdbc:mysql://host/hive", user="hive", password=secret),
            *HBaseConfigurations.on_s3(bucket),
            *TrinoConfigurations.query_limits(max_memory="50GB"),
            *TrinoConfigurations.fault_tolerant_execution(bucket, "exchange/"),
            *FlinkConfigurations.checkpoints(bucket, "flink/", interval=Duration.minutes(1)),
            *LivyConfigurations.sessions(idle_timeout=Duration.hours(2)),
            *JupyterHubConfigurations.s3_persistence(bucket),
            *YarnConfigurations.capacity_scheduler({"default": 100}),
            *YarnConfigurations.application_masters_on("CORE"),
            *HadoopConfigurations.environment({"HADOOP_HEAPSIZE": 4096}),
            *HadoopConfigurations.log_levels({"org.apache.hadoop.hdfs": "WARN"}),
            *HadoopConfigurations.hdfs_replication(2),
        ],
    )
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    request = {"Name": "cluster", **definition._render()}
    report = ParamValidator().validate(request, model.operation_model("RunJobFlow").input_shape)
    assert not report.has_errors(), report.generate_report()
