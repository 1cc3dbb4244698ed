from __future__ import annotations

import pytest

from emr_constructs import EmrError, HadoopConfigurations, ReleaseLabel
from emr_constructs.software.configurations import render
from tests.tools import new_cluster, properties_of


def test_environment():
    (found,) = render(HadoopConfigurations.environment({"HADOOP_HEAPSIZE": 4096}))
    assert found == {
        "Classification": "hadoop-env",
        "Configurations": [{"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096"}}],
    }


def test_log_levels():
    found = HadoopConfigurations.log_levels({"org.apache.hadoop.hdfs": "WARN"})
    assert properties_of(found, "hadoop-log4j") == {"log4j.logger.org.apache.hadoop.hdfs": "WARN"}


def test_copies_in_hdfs():
    assert properties_of(HadoopConfigurations.hdfs_replication(2), "hdfs-site") == {"dfs.replication": "2"}
    with pytest.raises(EmrError, match="copies must be 1 or more, got 0; use"):
        HadoopConfigurations.hdfs_replication(0)


def test_emrfs_instead_of_s3a():
    found = HadoopConfigurations.emrfs()
    assert properties_of(found, "core-site") == {"fs.s3.impl": "com.amazon.ws.emr.hadoop.fs.EmrFileSystem"}
    new_cluster(configurations=found)
    with pytest.raises(EmrError, match="release must support EMRFS"):
        new_cluster(release_label=ReleaseLabel.EMR_SPARK_8_1_0, configurations=found)
