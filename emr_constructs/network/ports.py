"""Ports of applications on the primary node.

- ``ClusterPort.SPARK_HISTORY_SERVER`` is a default port of EMR.
- ``ClusterPort.of(4040, "Spark driver")`` is any other port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from .._core.errors import EmrError
from .._core.patterns import regex
from .._core.signatures import check_calls
from .._core.type_messages import shown
from .._core.unknown import is_unknown, literal_part
from .._core.values import value_class

if TYPE_CHECKING:
    from ..software.release_label import ReleaseLabel

__all__ = ["ClusterPort"]

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
_DESCRIPTION: Final = regex(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{0,240}")


@check_calls
@value_class
class ClusterPort:
    """A port of the primary node, which depends on the release and on TLS.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-web-interfaces.html
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-support-matrix.html

    :raises EmrError: a number isn't a TCP port, or the title can't be the description of a rule of a security group.
    """

    title: str
    """A short description of the service."""

    number: int
    """The TCP port."""

    application: str | None = None
    """The application of the service. Default: none; every cluster has the service."""

    tls_number: int | None = None
    """The port with in-transit encryption. Default: ``number``."""

    tls_since: tuple[int, int, int] = (0, 0, 0)
    """The first release with ``tls_number``. Default: all releases."""

    number_before_6: int | None = None
    """The port up to emr-5.36.2. Default: ``number``."""

    FLINK_HISTORY_SERVER: ClassVar[ClusterPort]
    GANGLIA: ClassVar[ClusterPort]
    HBASE_MASTER: ClassVar[ClusterPort]
    HDFS_NAME_NODE: ClassVar[ClusterPort]
    HIVE_SERVER: ClassVar[ClusterPort]
    """HiveServer2, for JDBC."""
    HUE: ClassVar[ClusterPort]
    JUPYTER_HUB: ClassVar[ClusterPort]
    LIVY: ClassVar[ClusterPort]
    """The REST API that notebooks submit to."""
    OOZIE: ClassVar[ClusterPort]
    PRESTO: ClassVar[ClusterPort]
    SPARK_HISTORY_SERVER: ClassVar[ClusterPort]
    SSH: ClassVar[ClusterPort]
    TEZ: ClassVar[ClusterPort]
    TRINO: ClassVar[ClusterPort]
    YARN_RESOURCE_MANAGER: ClassVar[ClusterPort]
    ZEPPELIN: ClassVar[ClusterPort]

    def __post_init__(self) -> None:
        problems = []
        for name in ("number", "tls_number", "number_before_6"):
            value = getattr(self, name)
            if value is not None and (is_unknown(value) or not 1 <= value <= 65535):
                got = "a token" if is_unknown(value) else value
                problems.append(f"{name} must be a TCP port, got {got}; use 1 to 65535")
        if len(self.tls_since) != 3 or any(map(is_unknown, self.tls_since)):
            problems.append(
                f"tls_since must be the three numbers of a release, got {self.tls_since!r}; use for example (7, 3, 0)"
            )
        if not _DESCRIPTION.fullmatch(literal_part(self.title)):
            problems.append(
                "title must have at most 240 letters, digits, spaces and characters of ._-:/()#,@[]+=&;{}!$*, because "
                f"it describes a rule of a security group, got {shown(self.title)}; change the title"
            )
        if problems:
            raise EmrError(problems)

    @classmethod
    def of(cls, number: int, title: str = "A service of the primary node") -> ClusterPort:
        """Return the port ``number``, for a port without a constant.

        :param title: the description of the security group rule. Default: a service of the primary node.
        :raises EmrError: ``number`` isn't a TCP port, or the title has other characters than EC2 accepts.
        """
        return cls(title, number)

    def on(self, release: ReleaseLabel | None, *, tls: bool) -> int:
        """Return the port number on a cluster.

        :param release: the release of the cluster. None: a current release.
        :param tls: whether in-transit encryption is enabled.
        """
        version = (7, 0, 0) if release is None else release.version
        if tls and self.tls_number is not None and version >= self.tls_since:
            return self.tls_number
        if self.number_before_6 is not None and version < (6, 0, 0):
            return self.number_before_6
        return self.number


ClusterPort.FLINK_HISTORY_SERVER = ClusterPort("Flink History Server", 8082, "Flink")
ClusterPort.GANGLIA = ClusterPort("Ganglia", 80, "Ganglia")
ClusterPort.HBASE_MASTER = ClusterPort("HBase Master", 16010, "HBase")
ClusterPort.HDFS_NAME_NODE = ClusterPort(
    "HDFS NameNode", 9870, tls_number=9871, tls_since=(7, 3, 0), number_before_6=50070
)
ClusterPort.HIVE_SERVER = ClusterPort("HiveServer2", 10000, "Hive")
ClusterPort.HUE = ClusterPort("Hue", 8888, "Hue")
ClusterPort.JUPYTER_HUB = ClusterPort("JupyterHub", 9443, "JupyterHub")
ClusterPort.LIVY = ClusterPort("Livy", 8998, "Livy")
ClusterPort.OOZIE = ClusterPort("Oozie", 11000, "Oozie")
ClusterPort.PRESTO = ClusterPort("Presto", 8889, "Presto", tls_number=8446, tls_since=(5, 6, 0))
ClusterPort.SPARK_HISTORY_SERVER = ClusterPort(
    "Spark History Server", 18080, "Spark", tls_number=18480, tls_since=(5, 3, 0)
)
ClusterPort.SSH = ClusterPort("SSH", 22)
ClusterPort.TEZ = ClusterPort("Tez", 8080, "Tez")
ClusterPort.TRINO = ClusterPort("Trino", 8889, "Trino", tls_number=8446)
ClusterPort.YARN_RESOURCE_MANAGER = ClusterPort("YARN ResourceManager", 8088, tls_number=8090, tls_since=(7, 3, 0))
ClusterPort.ZEPPELIN = ClusterPort("Zeppelin", 8890, "Zeppelin")
