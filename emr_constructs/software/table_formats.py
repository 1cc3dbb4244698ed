"""Open table formats: Apache Iceberg, Delta Lake and Apache Hudi.

``*SparkConfigurations.table_formats(TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/"))``
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .._core.errors import EmrError
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from .configurations import Configuration, ConfigurationValue

__all__ = ["TableFormat"]


@check_calls
@value_class
class TableFormat:
    """A table format and its Spark catalog; created with one of the factories."""

    extension: str
    """The class of the Spark SQL extension."""

    configurations: Sequence[Configuration] = converted(tuple)
    """The configurations of the format, without the extension."""

    @classmethod
    def iceberg(
        cls, *, catalog: str, warehouse: str, metastore: Literal["glue", "hive"] = "glue", default: bool = False
    ) -> TableFormat:
        """Use Apache Iceberg; requires emr-6.5.0 or later.

        The nodes require access to the warehouse, ``cluster.grants.read_write_bucket(...)``, and with Glue also to the
        catalog, ``cluster.grants.use_glue_data_catalog(...)``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-iceberg-use-spark-cluster.html

        :param catalog: the name of the catalog in Spark SQL, for example ``lake`` in ``lake.sales.orders``.
        :param warehouse: the ``s3://`` URI for tables.
        :param metastore: the metastore of the tables: the Glue Data Catalog or the Hive metastore. Default: the Glue
            Data Catalog.
        :param default: whether the catalog is the default catalog of Spark SQL. Default: false.
        :raises EmrError: the name of the catalog contains other characters than letters, digits and underscores.
        """
        require_known("catalog", catalog)
        if not re.fullmatch(r"[A-Za-z]\w*", catalog):
            raise EmrError(
                f"catalog must contain only letters, digits and underscores, got {catalog!r}; use a name such as 'lake'"
            )
        require_known("metastore", metastore)
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
        """Use Delta Lake in Spark's own catalog; requires emr-6.9.0 or later.

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
        """Use Apache Hudi with Spark SQL in Spark's own catalog.

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
