from __future__ import annotations

import pytest

from emr_constructs import EbsVolume, EmrError, RootVolume


def test_gp3_with_its_performance():
    assert EbsVolume.gp3(size_gib=256, count=2, iops=4000, throughput_mibps=250).render() == {
        "VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 256, "Iops": 4000, "Throughput": 250},
        "VolumesPerInstance": 2,
    }


@pytest.mark.parametrize("kind", ["gp2", "st1", "sc1", "standard"])
def test_types_without_provisioned_performance(kind):
    volume = getattr(EbsVolume, kind)(size_gib=500)
    assert volume.render()["VolumeSpecification"] == {"VolumeType": kind, "SizeInGB": 500}


def test_io1_has_iops():
    assert EbsVolume.io1(size_gib=100, iops=5000).render()["VolumeSpecification"]["Iops"] == 5000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size_gib": 0}, "the volume size is 0 GiB; use 1 to 1024 GiB"),
        ({"size_gib": 1025}, "the volume size is 1025 GiB"),
        ({"size_gib": "64"}, "size_gib must be an integer or a cdk.Size, got '64'; use 64"),
        ({"size_gib": 64, "count": 0}, "the number of volumes per instance is 0; use 1 or more"),
        ({"size_gib": 64, "iops": 100}, "the volume has 100 IOPS; use 3000 or more"),
        ({"size_gib": 64, "throughput_mibps": 1001}, "the volume throughput is 1001 MiB/s; use 125 to 1000 MiB/s"),
    ],
)
def test_refuses_what_ebs_and_emr_refuse(arguments, message):
    with pytest.raises(EmrError, match=message):
        EbsVolume.gp3(**arguments)


def test_root_volume():
    assert RootVolume(size_gib=50, iops=4000, throughput_mibps=200).render() == {
        "EbsRootVolumeSize": 50,
        "EbsRootVolumeIops": 4000,
        "EbsRootVolumeThroughput": 200,
    }
    assert RootVolume().render() == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size_gib": 9}, "the root volume size is 9 GiB; use 10 to 100 GiB"),
        ({"size_gib": 101}, "the root volume size is 101 GiB"),
        ({"iops": 2999}, "the root volume has 2999 IOPS; use 3000 to 16000"),
        ({"size_gib": 15, "iops": 8000}, "more than 500 for each GiB; use 7500 IOPS at most, or 16 GiB at least"),
        ({"throughput_mibps": 1001}, "the root volume throughput is 1001 MiB/s; use 125 to 1000 MiB/s"),
        ({"throughput_mibps": 800}, "more than 0.25 for each; use 750 MiB/s at most, or 3200 IOPS at least"),
    ],
)
def test_root_volume_refuses_what_emr_refuses(arguments, message):
    with pytest.raises(EmrError, match=message):
        RootVolume(**arguments)
