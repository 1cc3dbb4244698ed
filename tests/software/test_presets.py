"""The configurations of single applications: what they render, and what they refuse."""

from __future__ import annotations

import boto3
import pytest
from aws_cdk import CfnParameter, Duration
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator

from emr_constructs import (
    Application,
    ClusterDefinition,
    EmrError,
    FlinkConfigurations,
    HadoopConfigurations,
    HBaseConfigurations,
    HiveConfigurations,
    JupyterHubConfigurations,
    LivyConfigurations,
    PrestoConfigurations,
    ReleaseLabel,
    SparkConfigurations,
    TableFormat,
    TrinoConfigurations,
    YarnConfigurations,
)
from emr_constructs.software.configurations import render
from tests.tools import new_app, new_stack

ICEBERG = TableFormat.iceberg(catalog="lake", warehouse="s3://data/lake/")


@pytest.fixture(scope="module")
def stack():
    return new_stack(new_app())


@pytest.fixture(scope="module")
def bucket(stack):
    return s3.Bucket.from_bucket_name(stack, "Data", "data")


@pytest.fixture(scope="module")
def secret(stack):
    return secretsmanager.Secret.from_secret_name_v2(stack, "Password", "hive")


def properties(configurations, *, of):
    (found,) = [part["Properties"] for part in render(configurations) if part["Classification"] == of]
    return found


class TestSpark:
    def test_dynamic_allocation(self):
        found = SparkConfigurations.dynamic_allocation(
            min_executors=1, max_executors=40, initial_executors=4, idle_timeout=Duration.minutes(2)
        )
        assert properties(found, of="spark-defaults") == {
            "spark.dynamicAllocation.enabled": "true",
            "spark.dynamicAllocation.minExecutors": "1",
            "spark.dynamicAllocation.maxExecutors": "40",
            "spark.dynamicAllocation.initialExecutors": "4",
            "spark.dynamicAllocation.executorIdleTimeout": "120s",
        }

    def test_dynamic_allocation_without_bounds(self):
        found = SparkConfigurations.dynamic_allocation()
        assert properties(found, of="spark-defaults") == {"spark.dynamicAllocation.enabled": "true"}

    def test_maximum_resource_allocation(self):
        found = SparkConfigurations.maximize_resource_allocation()
        assert properties(found, of="spark") == {"maximizeResourceAllocation": "true"}

    def test_environment(self):
        assert render(SparkConfigurations.environment({"PYSPARK_PYTHON": "/usr/bin/python3.11"})) == [
            {
                "Classification": "spark-env",
                "Configurations": [
                    {"Classification": "export", "Properties": {"PYSPARK_PYTHON": "/usr/bin/python3.11"}}
                ],
            }
        ]

    def test_refuses_a_range_without_executors(self):
        with pytest.raises(EmrError, match="has a minimum of 5 executors and a maximum of 4; use a maximum"):
            SparkConfigurations.dynamic_allocation(min_executors=5, max_executors=4)

    def test_refuses_half_a_second(self):
        with pytest.raises(EmrError, match=r"the idle timeout of executors is 0\.5 seconds; use whole seconds"):
            SparkConfigurations.dynamic_allocation(idle_timeout=Duration.millis(500))

    def test_refuses_a_time_that_is_not_known_yet(self, stack):
        parameter = CfnParameter(stack, "Seconds", type="Number")
        with pytest.raises(EmrError, match="the idle timeout of executors is only known at deployment; give"):
            SparkConfigurations.dynamic_allocation(idle_timeout=Duration.seconds(parameter.value_as_number))


class TestTableFormats:
    def test_iceberg_with_glue(self):
        found = SparkConfigurations.table_formats(ICEBERG)
        assert properties(found, of="iceberg-defaults") == {"iceberg.enabled": "true"}
        assert properties(found, of="spark-defaults") == {
            "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
            "spark.sql.catalog.lake.warehouse": "s3://data/lake/",
            "spark.sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
            "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        }

    def test_iceberg_with_hive_as_the_default_catalog(self):
        iceberg = TableFormat.iceberg(catalog="lake", warehouse="s3://data/", metastore="hive", default=True)
        found = properties(SparkConfigurations.table_formats(iceberg), of="spark-defaults")
        assert found["spark.sql.catalog.lake.type"] == "hive"
        assert found["spark.sql.defaultCatalog"] == "lake"

    def test_delta(self):
        found = SparkConfigurations.table_formats(TableFormat.delta())
        assert properties(found, of="delta-defaults") == {"delta.enabled": "true"}
        assert properties(found, of="spark-defaults") == {
            "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        }

    def test_hudi(self):
        found = properties(SparkConfigurations.table_formats(TableFormat.hudi()), of="spark-defaults")
        assert found == {
            "spark.jars": "/usr/lib/hudi/hudi-spark-bundle.jar",
            "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
            "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
            "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        }

    def test_formats_share_the_extensions_of_a_session(self):
        found = properties(SparkConfigurations.table_formats(ICEBERG, TableFormat.delta()), of="spark-defaults")
        assert found["spark.sql.extensions"] == (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,io.delta.sql.DeltaSparkSessionExtension"
        )

    def test_refuses_two_formats_in_the_same_catalog(self):
        with pytest.raises(EmrError, match=r"sets 'spark\.sql\.catalog\.spark_catalog' to .*Delta.* and to .*Hoodie"):
            SparkConfigurations.table_formats(TableFormat.delta(), TableFormat.hudi())

    def test_refuses_no_format(self):
        with pytest.raises(EmrError, match=r"no table format is given; give one or more, such as TableFormat\.delta"):
            SparkConfigurations.table_formats()

    def test_refuses_a_catalog_that_sql_cannot_name(self):
        with pytest.raises(EmrError, match="the name of the catalog is 'my-lake'; use letters, digits and underscores"):
            TableFormat.iceberg(catalog="my-lake", warehouse="s3://data/")

    def test_names_the_first_release_of_a_format(self):
        with pytest.raises(EmrError, match=r"emr-6\.4\.0 does not have Apache Iceberg, .*; use emr-6\.5\.0"):
            ClusterDefinition(
                release_label=ReleaseLabel.EMR_6_4_0,
                applications=[Application.SPARK],
                configurations=SparkConfigurations.table_formats(ICEBERG),
            )


class TestHive:
    def test_external_metastore_keeps_the_password_out_of_the_template(self, stack, secret):
        (found,) = HiveConfigurations.external_metastore(
            jdbc_url="jdbc:mysql://host:3306/hive", user="hive", password=secret
        )
        rendered = stack.resolve(found.render()["Properties"])
        arn = rendered.pop("EMR.secret@javax.jdo.option.ConnectionPassword")
        assert "secret:hive" in str(arn)
        assert rendered == {
            "javax.jdo.option.ConnectionURL": "jdbc:mysql://host:3306/hive",
            "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver",
            "javax.jdo.option.ConnectionUserName": "hive",
        }
        assert list(found.secrets) == [secret]

    def test_refuses_a_password_as_text(self):
        with pytest.raises(EmrError, match="the password of the metastore is not a secret; keep it in Secrets Manager"):
            HiveConfigurations.external_metastore(jdbc_url="jdbc:mysql://host/hive", user="hive", password="hunter2")

    def test_refuses_an_address_that_is_no_url(self, secret):
        with pytest.raises(EmrError, match="the metastore is at 'host:3306'; give a URL such as 'jdbc:mysql"):
            HiveConfigurations.external_metastore(jdbc_url="host:3306", user="hive", password=secret)


class TestHBase:
    def test_on_s3(self, bucket):
        assert render(HBaseConfigurations.on_s3(bucket)) == [
            {"Classification": "hbase-site", "Properties": {"hbase.rootdir": "s3://data/hbase"}},
            {"Classification": "hbase", "Properties": {"hbase.emr.storageMode": "s3"}},
        ]

    def test_a_read_replica_reads_the_same_data(self, bucket):
        found = HBaseConfigurations.on_s3(bucket, "tables/hbase", read_replica=True)
        assert properties(found, of="hbase-site") == {"hbase.rootdir": "s3://data/tables/hbase"}
        assert properties(found, of="hbase") == {
            "hbase.emr.storageMode": "s3",
            "hbase.emr.readreplica.enabled": "true",
        }

    def test_the_write_ahead_log_of_emr(self, bucket):
        found = HBaseConfigurations.on_s3(bucket, write_ahead_log=True, wal_workspace="orders")
        assert properties(found, of="hbase-site")["emr.wal.workspace"] == "orders"
        assert properties(found, of="hbase")["hbase.emr.wal.enabled"] == "true"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"prefix": ""}, "the folder is ''; give the prefix of a folder"),
            ({"prefix": "/hbase/"}, "the folder is '/hbase/'; give the prefix of a folder"),
            ({"read_replica": True, "write_ahead_log": True}, "a read replica has no write-ahead log; leave one"),
            ({"wal_workspace": "orders"}, "the workspace 'orders' has no effect without the write-ahead log"),
        ],
    )
    def test_refuses(self, bucket, options, message):
        with pytest.raises(EmrError, match=message):
            HBaseConfigurations.on_s3(bucket, **options)


class TestTrinoAndPresto:
    @pytest.mark.parametrize(
        ("preset", "classification"), [(TrinoConfigurations, "trino-config"), (PrestoConfigurations, "presto-config")]
    )
    def test_query_limits(self, preset, classification):
        found = preset.query_limits(max_memory="50GB", max_memory_per_node="10GB", max_run_time=Duration.hours(1))
        assert properties(found, of=classification) == {
            "query.max-memory": "50GB",
            "query.max-memory-per-node": "10GB",
            "query.max-run-time": "3600s",
        }

    def test_a_connector_keeps_its_password_in_secrets_manager(self, secret):
        (trino,) = TrinoConfigurations.connector("mysql", {"connection-user": "a", "connection-password": secret})
        assert trino.classification == "trino-connector-mysql"
        assert list(trino.render()["Properties"]) == ["connection-user", "EMR.secret@connection-password"]
        (presto,) = PrestoConfigurations.connector("tpch", {"tpch.splits-per-node": 4})
        assert presto.classification == "presto-connector-tpch"

    def test_fault_tolerant_execution(self, bucket):
        found = TrinoConfigurations.fault_tolerant_execution(bucket, "exchange/", retry_policy="QUERY")
        assert properties(found, of="trino-config") == {"retry-policy": "QUERY"}
        assert properties(found, of="trino-exchange-manager") == {"exchange.base-directories": "s3://data/exchange"}

    def test_refuses_no_limit(self):
        with pytest.raises(EmrError, match="nothing about queries is limited; give one or more limits"):
            TrinoConfigurations.query_limits()


class TestFlink:
    def test_resources(self):
        found = FlinkConfigurations.resources(task_slots=4, task_manager_memory="8g", job_manager_memory="2g")
        assert properties(found, of="flink-conf") == {
            "taskmanager.numberOfTaskSlots": "4",
            "taskmanager.memory.process.size": "8g",
            "jobmanager.memory.process.size": "2g",
        }

    def test_checkpoints(self, bucket):
        found = FlinkConfigurations.checkpoints(bucket, "flink/", interval=Duration.minutes(1))
        assert properties(found, of="flink-conf") == {
            "state.checkpoints.dir": "s3://data/flink/checkpoints",
            "state.savepoints.dir": "s3://data/flink/savepoints",
            "execution.checkpointing.interval": "60 s",
        }

    def test_refuses_nothing_and_no_slots(self):
        with pytest.raises(EmrError, match="no resources of Flink are given; give one or more"):
            FlinkConfigurations.resources()
        with pytest.raises(EmrError, match="a task manager has 0 slots; use 1 or more"):
            FlinkConfigurations.resources(task_slots=0)


class TestNotebooks:
    def test_livy_ends_idle_sessions(self):
        found = LivyConfigurations.sessions(idle_timeout=Duration.hours(2))
        assert properties(found, of="livy-conf") == {
            "livy.server.session.timeout-check": "true",
            "livy.server.session.timeout": "7200s",
        }

    def test_jupyterhub_keeps_notebooks_in_s3(self, bucket):
        found = JupyterHubConfigurations.s3_persistence(bucket)
        assert properties(found, of="jupyter-s3-conf") == {
            "s3.persistence.enabled": "true",
            "s3.persistence.bucket": "data",
        }


class TestYarn:
    def test_queues_share_the_cluster(self):
        found = YarnConfigurations.capacity_scheduler({"default": 30, "etl": 70}, maximum={"default": 50.5})
        assert properties(found, of="capacity-scheduler") == {
            "yarn.scheduler.capacity.root.queues": "default,etl",
            "yarn.scheduler.capacity.root.default.capacity": "30",
            "yarn.scheduler.capacity.root.etl.capacity": "70",
            "yarn.scheduler.capacity.root.default.maximum-capacity": "50.5",
        }

    @pytest.mark.parametrize(
        ("queues", "maximum", "message"),
        [
            (
                {"default": 30, "etl": 60},
                None,
                r"below root \(default,etl\) have 90 percent of its capacity",
            ),
            ({"etl": 100}, None, "the queues are etl; add 'default'"),
            ({}, None, "the queues are none; add 'default'"),
            ({"default": 100}, {"etl": 50}, "etl has a maximum and is no queue; use one of default"),
        ],
    )
    def test_refuses_queues(self, queues, maximum, message):
        with pytest.raises(EmrError, match=message):
            YarnConfigurations.capacity_scheduler(queues, maximum=maximum)

    @pytest.mark.parametrize("label", ["CORE", "ON_DEMAND"])
    def test_application_masters_run_where_nodes_stay(self, label):
        assert properties(YarnConfigurations.application_masters_on(label), of="yarn-site") == {
            "yarn.node-labels.enabled": "true",
            "yarn.node-labels.am.default-node-label-expression": label,
        }

    def test_logs_of_containers(self, bucket):
        found = YarnConfigurations.log_aggregation(bucket, "yarn/", retain_for=Duration.days(14))
        assert properties(found, of="yarn-site") == {
            "yarn.log-aggregation-enable": "true",
            "yarn.log-aggregation.retain-seconds": "1209600",
            "yarn.nodemanager.remote-app-log-dir": "s3://data/yarn",
        }


class TestHadoop:
    def test_environment(self):
        (found,) = render(HadoopConfigurations.environment({"HADOOP_HEAPSIZE": 4096}))
        assert found == {
            "Classification": "hadoop-env",
            "Configurations": [{"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096"}}],
        }

    def test_log_levels(self):
        found = HadoopConfigurations.log_levels({"org.apache.hadoop.hdfs": "WARN"})
        assert properties(found, of="hadoop-log4j") == {"log4j.logger.org.apache.hadoop.hdfs": "WARN"}

    def test_copies_in_hdfs(self):
        assert properties(HadoopConfigurations.hdfs_replication(2), of="hdfs-site") == {"dfs.replication": "2"}
        with pytest.raises(EmrError, match="HDFS keeps 0 copies; use 1 or more"):
            HadoopConfigurations.hdfs_replication(0)

    def test_emrfs_instead_of_s3a(self):
        found = HadoopConfigurations.emrfs()
        assert properties(found, of="core-site") == {"fs.s3.impl": "com.amazon.ws.emr.hadoop.fs.EmrFileSystem"}
        ClusterDefinition(configurations=found)
        with pytest.raises(EmrError, match=r"emr-spark-8\.1\.0 does not have EMRFS, .*; use an older release"):
            ClusterDefinition(release_label=ReleaseLabel.EMR_SPARK_8_1_0, configurations=found)


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
    request = {"Name": "cluster", **definition.render()}
    report = ParamValidator().validate(request, model.operation_model("RunJobFlow").input_shape)
    assert not report.has_errors(), report.generate_report()
