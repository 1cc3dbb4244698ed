"""Open table formats: Apache Iceberg, Delta Lake and Apache Hudi.

``*SparkConfigurations.table_formats(TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/"))``
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.values import value_class
from .configurations import Configuration, ConfigurationValue

__all__ = ["TableFormat"]


@check_calls
@value_class
class TableFormat:
    """A table format and how Spark finds its tables; made with one of the factories."""

    extension: str
    """The class that extends Spark SQL."""

    configurations: Sequence[Configuration]
    """What switches the format on, without the extension, which the formats of a cluster share."""

    @classmethod
    def iceberg(
        cls, *, catalog: str, warehouse: str, metastore: Literal["glue", "hive"] = "glue", default: bool = False
    ) -> TableFormat:
        """Apache Iceberg, from emr-6.5.0 on.

        With Glue the nodes need ``cluster.grants.use_glue_data_catalog(...)``, and in any case the warehouse:
        ``cluster.grants.read_write_bucket(...)``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-iceberg-use-spark-cluster.html

        :param catalog: the name of the catalog in Spark SQL, for example ``lake`` in ``lake.sales.orders``.
        :param warehouse: the ``s3://`` URI below which tables are made.
        :param metastore: what knows the tables: the Glue Data Catalog (the default) or the Hive metastore.
        :param default: whether names without a catalog are looked up here. Default: in Spark's own catalog.
        :raises EmrError: the name of the catalog is not a word of letters, digits and underscores.
        """
        if not re.fullmatch(r"[A-Za-z]\w*", catalog):
            raise EmrError(
                f"the name of the catalog is {catalog!r}; use letters, digits and underscores, such as 'lake'"
            )
        name = f"spark.sql.catalog.{catalog}"
        properties: dict[str, ConfigurationValue] = {
            name: "org.apache.iceberg.spark.SparkCatalog",
            f"{name}.warehouse": warehouse,
        }
        if metastore == "glue":
            properties[f"{name}.catalog-impl"] = "org.apache.iceberg.aws.glue.GlueCatalog"
        else:
            properties[f"{name}.type"] = "hive"
        if default:
            properties["spark.sql.defaultCatalog"] = catalog
        return cls(
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            (Configuration("iceberg-defaults", {"iceberg.enabled": True}), Configuration("spark-defaults", properties)),
        )

    @classmethod
    def delta(cls) -> TableFormat:
        """Delta Lake, from emr-6.9.0 on; its tables are in Spark's own catalog.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/Delta-use-cluster.html
        """
        return cls(
            "io.delta.sql.DeltaSparkSessionExtension",
            (
                Configuration("delta-defaults", {"delta.enabled": True}),
                Configuration(
                    "spark-defaults",
                    {"spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog"},
                ),
            ),
        )

    @classmethod
    def hudi(cls) -> TableFormat:
        """Apache Hudi with Spark SQL; its tables are in Spark's own catalog.

        EMR installs Hudi with Spark from emr-5.28.0 on.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hudi-work-with-dataset.html
        """
        return cls(
            "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
            (
                Configuration(
                    "spark-defaults",
                    {
                        "spark.jars": "/usr/lib/hudi/hudi-spark-bundle.jar",
                        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
                        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
                    },
                ),
            ),
        )
