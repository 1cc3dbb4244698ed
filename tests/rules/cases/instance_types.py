"""What the rules of ``emr_constructs.rules.instance_types`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import AMI, Case, cluster, fleet, fleets, group, groups

CASES = [
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlrage"))),
         "instance type must be one that EMR supports, got 'm7g.xlrage'; use 'm7g.xlarge' if you meant it, or "
         "acknowledge this warning if the type is newer than this version of emr_constructs",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")))),
    Case("emr-instance-type-unknown", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "zz99.small"}]))),
         "instance type must be one that EMR supports, got 'zz99.small'; correct it, or acknowledge this warning if "
         "the type is newer than this version of emr_constructs",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "r7g.xlarge"}])))),
    Case("emr-instance-type-unsupported", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="t2.micro"))),
         "instance type must be one that a release supports, got 't2.micro'; use a type such as m5.xlarge or "
         "m7g.xlarge",
         cluster(instances=groups(group("MASTER", InstanceType="m4.large")))),
    Case("emr-instance-type-unsupported", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m6g.medium"}]))),
         "instance type must be one that a release supports, got 'm6g.medium'; use 'm6g.xlarge' or another",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m6g.xlarge"}])))),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.9.0"),
         "release must support the instance type m7g.xlarge, got emr-6.9.0; use emr-6.10.0, or another instance type",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")), ReleaseLabel="emr-6.10.0")),
    Case("emr-instance-type-release", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.0.0"), "use emr-7.1.0",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[{"InstanceType": "m8gd.xlarge"}])),
                 ReleaseLabel="emr-7.1.0")),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(CustomAmiId=AMI, instances=groups(
             group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge"))),
         "a custom AMI must be used for instance types of one architecture, got the AMI of the cluster for "
         "m7g.xlarge (AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge")))),
    Case("emr-custom-ami-architecture", "RunJobFlowInput",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI}, {"InstanceType": "m7i.xlarge", "CustomAmiId": AMI}]))),
         "a custom AMI must be used for instance types of one architecture, got ami-01234567 for m7g.xlarge "
         "(AARCH64) and m7i.xlarge (X86_64)",
         cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=[
             {"InstanceType": "m7g.xlarge", "CustomAmiId": AMI},
             {"InstanceType": "m7i.xlarge", "CustomAmiId": "ami-76543210"}])))),
]  # fmt: skip
