"""What the rules of ``emr_constructs.rules.volumes`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import TOKEN, Case, cluster, ebs, fleet, group, types, volume


def _volumes(*counts: int) -> dict[str, Any]:
    return {"EbsBlockDeviceConfigs": [
        {"VolumeSpecification": volume(), "VolumesPerInstance": count} for count in counts
    ]}  # fmt: skip


CASES = [
    Case("emr-volume-type", "VolumeSpecification", volume(VolumeType="gp4"), "'gp4'",
         volume(VolumeType="sc1", SizeInGB=125)),
    Case("emr-volume-size", "VolumeSpecification", volume(SizeInGB=1025),
         "volume size must be 1 to 1024 GiB, got 1025",
         volume(SizeInGB=1024)),
    Case("emr-volume-size-optimized", "EbsConfiguration", ebs(9, optimized=True),
         "volume size of an EBS-optimized instance must be at least 10 GiB, got 9",
         ebs(9, optimized=False)),
    Case("emr-volume-throughput", "VolumeSpecification", volume(Throughput=1001),
         "throughput of a gp3 volume must be 125 to 1000 MiB/s, got 1001",
         volume(Throughput=750)),
    Case("emr-volume-throughput-type", "VolumeSpecification", volume(VolumeType="gp2", Throughput=125),
         "volume type must be gp3 to specify a throughput, got 'gp2'", volume(VolumeType="gp3", Throughput=125)),
    Case("emr-volume-iops-type", "VolumeSpecification", volume(VolumeType="st1", Iops=3000),
         "volume type must be gp3 or io1 to specify IOPS, got 'st1'", volume(VolumeType="io1", Iops=3000)),
    Case("emr-volume-iops", "VolumeSpecification", volume(Iops=2999),
         "IOPS of the gp3 volume must be 3000 to 80000, got 2999",
         volume(Iops=3000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(SizeInGB=10, Iops=5001),
         "IOPS of the gp3 volume must be at most 500 for each GiB, got 5001 IOPS on 10 GiB; use at most 5000 IOPS, "
         "or at least 11 GiB",
         volume(SizeInGB=10, Iops=5000)),
    Case("emr-volume-iops-size", "VolumeSpecification", volume(VolumeType="io1", SizeInGB=10, Iops=501),
         "IOPS of the io1 volume must be at most 50 for each GiB, got 501 IOPS on 10 GiB",
         volume(SizeInGB=1, Iops=3000)),
    Case("emr-volume-throughput-iops", "VolumeSpecification", volume(Throughput=751),
         "volume throughput must be at most 0.25 MiB/s for each of its IOPS, got 751 MiB/s on 3000 IOPS; use at most "
         "750 MiB/s, or at least 3004 IOPS",
         volume(Throughput=1000, Iops=4000)),
    Case("emr-volumes-per-instance", "EbsBlockDeviceConfig",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 0},
         "number of volumes per instance must be at least 1, got 0",
         {"VolumeSpecification": volume(), "VolumesPerInstance": 1}),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=14), "use 15 to 100 GiB",
         cluster(EbsRootVolumeSize=14, ReleaseLabel="emr-6.9.0")),
    Case("emr-root-volume-size", "RunJobFlowInput", cluster(EbsRootVolumeSize=101),
         "root volume size must be 15 to 100 GiB, got 101",
         cluster(EbsRootVolumeSize=100)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeIops=16001),
         "root volume IOPS must be 3000 to 16000, got 16001",
         cluster(EbsRootVolumeIops=16000)),
    Case("emr-root-volume-iops", "RunJobFlowInput", cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7501),
         "root volume IOPS must be at most 500 for each GiB, got 7501 IOPS on 15 GiB; use at most 7500 IOPS, or at "
         "least 16 GiB",
         cluster(EbsRootVolumeSize=15, EbsRootVolumeIops=7500)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=100),
         "root volume throughput must be 125 to 1000 MiB/s, got 100",
         cluster(EbsRootVolumeThroughput=125)),
    Case("emr-root-volume-throughput", "RunJobFlowInput", cluster(EbsRootVolumeThroughput=751),
         "root volume throughput must be at most 0.25 MiB/s for each of its IOPS, got 751 MiB/s on 3000 IOPS; use at "
         "most 750 MiB/s, or at least 3004 IOPS",
         cluster(EbsRootVolumeThroughput=751, EbsRootVolumeIops=3004)),
    Case("emr-root-volume-release", "RunJobFlowInput", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.14.0"),
         "use emr-6.15.0", cluster(EbsRootVolumeIops=3000, ReleaseLabel="emr-6.15.0")),
    Case("emr-volume-size-type", "VolumeSpecification", volume(VolumeType="st1", SizeInGB=100),
         "size of the st1 volume must be at least 125 GiB, got 100",
         volume(VolumeType="st1", SizeInGB=125)),
    Case("emr-volume-size-type", "VolumeSpecification", volume(VolumeType="io1", SizeInGB=3, Iops=100),
         "size of the io1 volume must be at least 4 GiB, got 3", volume(VolumeType="gp2", SizeInGB=3)),
    Case("emr-volume-iops", "VolumeSpecification", volume(VolumeType="io1", Iops=99),
         "IOPS of the io1 volume must be 100 to 64000, got 99; use 100 to 64000",
         volume(VolumeType="io1", Iops=100)),
    Case("emr-volume-iops-missing", "VolumeSpecification", volume(VolumeType="io1"),
         "a volume of type io1 must have IOPS", volume(VolumeType="io1", Iops=TOKEN)),
    Case("emr-volume-size-core", "InstanceGroupConfig", group(EbsConfiguration=ebs(4, optimized=False)),
         "volume size of core nodes must be at least 5 GiB, got 4",
         group("TASK", EbsConfiguration=ebs(4, optimized=False))),
    Case("emr-volume-size-core", "InstanceFleetConfig",
         fleet(InstanceTypeConfigs=types(1, EbsConfiguration=ebs(4, optimized=False))),
         "volume size of core nodes must be at least 5 GiB, got 4",
         fleet(InstanceTypeConfigs=types(1, EbsConfiguration=ebs(5, optimized=False)))),
    Case("emr-volume-count", "EbsConfiguration", _volumes(20, 6),
         "number of volumes of an instance must be at most 25, got 26", _volumes(20, 5)),
]  # fmt: skip
