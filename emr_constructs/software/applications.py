"""The applications of a cluster.

- ``Application.SPARK`` is an application of EMR.
- ``Application.of("NewEngine")`` is an application without a constant in this version of the library.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.values import known_value, value_class

__all__ = ["Application"]


@check_calls
@value_class
class Application:
    """An application of an EMR release, whose availability is checked by the cluster.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-release-components.html

    :raises EmrError: the name is empty.
    """

    name: str
    """The name in EMR's spelling, which EMR compares case-insensitively."""

    AMAZON_CLOUDWATCH_AGENT: ClassVar[Application]
    """Metrics of hosts and applications to CloudWatch, from emr-7.0.0 on."""
    DELTA: ClassVar[Application]
    FLINK: ClassVar[Application]
    GANGLIA: ClassVar[Application]
    """Until emr-6.15.0."""
    HADOOP: ClassVar[Application]
    HBASE: ClassVar[Application]
    HCATALOG: ClassVar[Application]
    HIVE: ClassVar[Application]
    HUDI: ClassVar[Application]
    HUE: ClassVar[Application]
    ICEBERG: ClassVar[Application]
    JUPYTER_ENTERPRISE_GATEWAY: ClassVar[Application]
    JUPYTER_HUB: ClassVar[Application]
    LIVY: ClassVar[Application]
    MAHOUT: ClassVar[Application]
    """Until emr-5.36.2."""
    MXNET: ClassVar[Application]
    """Until emr-7.2.0."""
    OOZIE: ClassVar[Application]
    PHOENIX: ClassVar[Application]
    PIG: ClassVar[Application]
    PRESTO: ClassVar[Application]
    """PrestoDB; excludes Trino."""
    PRESTO_SQL: ClassVar[Application]
    """The name of Trino on emr-6.1.0 to emr-6.3.1."""
    SPARK: ClassVar[Application]
    SQOOP: ClassVar[Application]
    """Until emr-7.4.0."""
    TENSORFLOW: ClassVar[Application]
    TEZ: ClassVar[Application]
    TRINO: ClassVar[Application]
    """From emr-6.4.0 on; excludes Presto."""
    ZEPPELIN: ClassVar[Application]
    ZOOKEEPER: ClassVar[Application]

    def __post_init__(self) -> None:
        if not self.name:
            raise EmrError("name must not be empty, got ''; use a name such as 'Spark'")

    @classmethod
    def of(cls, name: str) -> Application:
        """Return the application ``name``, for applications without a constant.

        :raises EmrError: ``name`` is empty.
        """
        return cls(name)

    def _render(self) -> dict[str, Any]:
        """Render ``Application`` of the EMR API."""
        return {"Name": self.name}


for _constant, _name in {
    "AMAZON_CLOUDWATCH_AGENT": "AmazonCloudWatchAgent",
    "DELTA": "Delta",
    "FLINK": "Flink",
    "GANGLIA": "Ganglia",
    "HADOOP": "Hadoop",
    "HBASE": "HBase",
    "HCATALOG": "HCatalog",
    "HIVE": "Hive",
    "HUDI": "Hudi",
    "HUE": "Hue",
    "ICEBERG": "Iceberg",
    "JUPYTER_ENTERPRISE_GATEWAY": "JupyterEnterpriseGateway",
    "JUPYTER_HUB": "JupyterHub",
    "LIVY": "Livy",
    "MAHOUT": "Mahout",
    "MXNET": "MXNet",
    "OOZIE": "Oozie",
    "PHOENIX": "Phoenix",
    "PIG": "Pig",
    "PRESTO": "Presto",
    "PRESTO_SQL": "PrestoSQL",
    "SPARK": "Spark",
    "SQOOP": "Sqoop",
    "TENSORFLOW": "TensorFlow",
    "TEZ": "Tez",
    "TRINO": "Trino",
    "ZEPPELIN": "Zeppelin",
    "ZOOKEEPER": "ZooKeeper",
}.items():
    setattr(Application, _constant, known_value(Application, name=_name))
