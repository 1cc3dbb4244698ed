from __future__ import annotations

import pytest

from emr_constructs import Application, EmrError, ReleaseLabel, SparkConfigurations, TableFormat
from tests.tools import new_cluster, properties_of

ICEBERG = TableFormat.iceberg(catalog="lake", warehouse="s3://data/lake/")


def test_iceberg_with_glue():
    found = SparkConfigurations.table_formats(ICEBERG)
    assert properties_of(found, "iceberg-defaults") == {"iceberg.enabled": "true"}
    assert properties_of(found, "spark-defaults") == {
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.warehouse": "s3://data/lake/",
        "spark.sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    }


def test_iceberg_with_hive_as_the_default_catalog():
    iceberg = TableFormat.iceberg(catalog="lake", warehouse="s3://data/", metastore="hive", default=True)
    found = properties_of(SparkConfigurations.table_formats(iceberg), "spark-defaults")
    assert found["spark.sql.catalog.lake.type"] == "hive"
    assert found["spark.sql.defaultCatalog"] == "lake"


def test_delta():
    found = SparkConfigurations.table_formats(TableFormat.delta())
    assert properties_of(found, "delta-defaults") == {"delta.enabled": "true"}
    assert properties_of(found, "spark-defaults") == {
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    }


def test_hudi():
    found = properties_of(SparkConfigurations.table_formats(TableFormat.hudi()), "spark-defaults")
    assert found == {
        "spark.jars": "/usr/lib/hudi/hudi-spark-bundle.jar",
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
        "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
    }


def test_formats_share_the_extensions_of_a_session():
    found = properties_of(SparkConfigurations.table_formats(ICEBERG, TableFormat.delta()), "spark-defaults")
    assert found["spark.sql.extensions"] == (
        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,io.delta.sql.DeltaSparkSessionExtension"
    )


def test_rejects_two_formats_in_the_same_catalog():
    with pytest.raises(
        EmrError, match=r"'spark\.sql\.catalog\.spark_catalog' of .* must have one value, got .*Delta.* and .*Hoodie"
    ):
        SparkConfigurations.table_formats(TableFormat.delta(), TableFormat.hudi())


def test_rejects_no_format():
    with pytest.raises(EmrError, match=r"formats must not be empty; specify at least one, such as TableFormat\.delta"):
        SparkConfigurations.table_formats()


def test_rejects_a_catalog_that_sql_cannot_name():
    with pytest.raises(
        EmrError, match="catalog must contain only letters, digits and underscores, got 'my-lake'; use a name"
    ):
        TableFormat.iceberg(catalog="my-lake", warehouse="s3://data/")


def test_names_the_first_release_of_a_format():
    with pytest.raises(EmrError, match=r"got 'iceberg-defaults'; use emr-6\.5\.0"):
        new_cluster(
            release_label=ReleaseLabel.EMR_6_4_0,
            applications=[Application.SPARK],
            configurations=SparkConfigurations.table_formats(ICEBERG),
        )
