from __future__ import annotations

import pytest

from emr_constructs import EmrError, HBaseConfigurations
from emr_constructs.software.configurations import render
from tests.tools import properties_of


def test_on_s3(bucket):
    assert render(HBaseConfigurations.on_s3(bucket)) == [
        {"Classification": "hbase-site", "Properties": {"hbase.rootdir": "s3://data/hbase"}},
        {"Classification": "hbase", "Properties": {"hbase.emr.storageMode": "s3"}},
    ]


def test_a_read_replica_reads_the_same_data(bucket):
    found = HBaseConfigurations.on_s3(bucket, "tables/hbase", read_replica=True)
    assert properties_of(found, "hbase-site") == {"hbase.rootdir": "s3://data/tables/hbase"}
    assert properties_of(found, "hbase") == {
        "hbase.emr.storageMode": "s3",
        "hbase.emr.readreplica.enabled": "true",
    }


def test_the_write_ahead_log_of_emr(bucket):
    found = HBaseConfigurations.on_s3(bucket, write_ahead_log=True, wal_workspace="orders")
    assert properties_of(found, "hbase-site")["emr.wal.workspace"] == "orders"
    assert properties_of(found, "hbase")["hbase.emr.wal.enabled"] == "true"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prefix": ""}, "prefix must be a folder in the bucket, got ''; use a prefix"),
        ({"prefix": "/hbase/"}, "prefix must be a folder in the bucket, got '/hbase/'; use a prefix"),
        (
            {"read_replica": True, "write_ahead_log": True},
            "read_replica can't be combined with write_ahead_log; remove one",
        ),
        ({"wal_workspace": "orders"}, "wal_workspace requires write_ahead_log=True, got only 'orders'"),
        (
            {"write_ahead_log": True, "wal_workspace": "my-orders"},
            "name of a WAL workspace must have 1 to 32 letters and digits, got 'my-orders'",
        ),
    ],
)
def test_rejects(bucket, options, message):
    with pytest.raises(EmrError, match=message):
        HBaseConfigurations.on_s3(bucket, **options)
