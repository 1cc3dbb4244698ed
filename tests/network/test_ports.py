from __future__ import annotations

import pytest

from emr_constructs import ClusterPort, EmrError, ReleaseLabel

NEW, OLD = ReleaseLabel.EMR_7_14_0, ReleaseLabel.EMR_5_36_2


@pytest.mark.parametrize(
    ("port", "release", "tls", "number"),
    [
        (ClusterPort.FLINK_HISTORY_SERVER, NEW, False, 8082),
        (ClusterPort.GANGLIA, OLD, False, 80),
        (ClusterPort.HBASE_MASTER, NEW, True, 16010),
        (ClusterPort.HDFS_NAME_NODE, OLD, False, 50070),
        (ClusterPort.HDFS_NAME_NODE, OLD, True, 50070),
        (ClusterPort.HDFS_NAME_NODE, ReleaseLabel.EMR_6_0_0, False, 9870),
        (ClusterPort.HDFS_NAME_NODE, NEW, True, 9871),
        (ClusterPort.HIVE_SERVER, NEW, False, 10000),
        (ClusterPort.HUE, NEW, False, 8888),
        (ClusterPort.JUPYTER_HUB, NEW, False, 9443),
        (ClusterPort.LIVY, NEW, True, 8998),
        (ClusterPort.OOZIE, NEW, False, 11000),
        (ClusterPort.PRESTO, NEW, False, 8889),
        (ClusterPort.SPARK_HISTORY_SERVER, NEW, False, 18080),
        (ClusterPort.SPARK_HISTORY_SERVER, NEW, True, 18480),
        (ClusterPort.SPARK_HISTORY_SERVER, ReleaseLabel.of("emr-5.2.0"), True, 18080),
        (ClusterPort.SSH, NEW, False, 22),
        (ClusterPort.TEZ, NEW, False, 8080),
        (ClusterPort.TRINO, NEW, True, 8446),
        (ClusterPort.YARN_RESOURCE_MANAGER, ReleaseLabel.EMR_7_2_0, True, 8088),
        (ClusterPort.YARN_RESOURCE_MANAGER, NEW, True, 8090),
        (ClusterPort.YARN_RESOURCE_MANAGER, None, False, 8088),
        (ClusterPort.ZEPPELIN, NEW, False, 8890),
        (ClusterPort.of(4040), NEW, True, 4040),
    ],
)
def test_the_number_on_a_cluster(port, release, tls, number):
    assert port.on(release, tls=tls) == number


@pytest.mark.parametrize("number", [0, 65536])
def test_rejects_what_is_no_port(number):
    with pytest.raises(EmrError, match=f"number must be a TCP port, got {number}; use 1 to 65535"):
        ClusterPort.of(number)
