from __future__ import annotations

import pytest

from emr_constructs import EbsVolume, EmrError, RootVolume
from tests.tools import cluster_with


def test_gp3_with_its_performance():
    assert EbsVolume.gp3(size_gib=256, count=2, iops=4000, throughput_mibps=250)._render() == {
        "VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 256, "Iops": 4000, "Throughput": 250},
        "VolumesPerInstance": 2,
    }


@pytest.mark.parametrize("kind", ["gp2", "st1", "sc1", "standard"])
def test_types_without_provisioned_performance(kind):
    volume = getattr(EbsVolume, kind)(size_gib=500)
    assert volume._render()["VolumeSpecification"] == {"VolumeType": kind, "SizeInGB": 500}


def test_io1_has_iops():
    assert EbsVolume.io1(size_gib=100, iops=5000)._render()["VolumeSpecification"]["Iops"] == 5000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size_gib": 0}, "volume size must be 1 to 1024 GiB, got 0"),
        ({"size_gib": 1025}, "volume size must be 1 to 1024 GiB, got 1025"),
        ({"size_gib": "64"}, "size_gib must be an integer or a cdk.Size, got '64'; use 64"),
        ({"size_gib": 64, "count": 0}, "number of volumes per instance must be at least 1, got 0"),
        ({"size_gib": 64, "iops": 100}, "IOPS of the gp3 volume must be 3000 to 80000, got 100; use 3000 to 80000"),
        ({"size_gib": 64, "throughput_mibps": 1001}, "throughput of a gp3 volume must be 125 to 1000 MiB/s, got 1001"),
    ],
)
def test_rejects_what_ebs_and_emr_reject(arguments, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(EbsVolume.gp3(**arguments))


def test_root_volume():
    assert RootVolume(size_gib=50, iops=4000, throughput_mibps=200)._render() == {
        "EbsRootVolumeSize": 50,
        "EbsRootVolumeIops": 4000,
        "EbsRootVolumeThroughput": 200,
    }
    assert RootVolume()._render() == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size_gib": 9}, "root volume size must be 15 to 100 GiB, got 9"),
        ({"size_gib": 101}, "root volume size must be 15 to 100 GiB, got 101"),
        ({"iops": 2999}, "root volume IOPS must be 3000 to 16000, got 2999"),
        ({"size_gib": 15, "iops": 8000}, "root volume IOPS must be at most 500 for each GiB, got 8000 IOPS on 15 GiB"),
        ({"throughput_mibps": 1001}, "root volume throughput must be 125 to 1000 MiB/s, got 1001"),
        ({"throughput_mibps": 800}, "use at most 750 MiB/s, or at least 3200 IOPS"),
    ],
)
def test_root_volume_rejects_what_emr_rejects(arguments, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(RootVolume(**arguments))
