"""What the rules of ``emr_constructs.rules.network`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import MASTER, STUDIO, TOKEN, Case, groups, studio

CASES = [
    # Network
    Case("emr-subnet-id", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetId="vpc-1"),
         "a subnet must be specified by its ID, got 'vpc-1' in Ec2SubnetId", groups(MASTER, Ec2SubnetId="")),
    Case("emr-subnet-id", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetIds=["subnet-1,subnet-2"]),
         "got 'subnet-1,subnet-2' in Ec2SubnetIds", groups(MASTER, Ec2SubnetIds=["p-12345"])),
    Case("emr-subnet-id", STUDIO, studio(SubnetIds=["subnet"]), "got 'subnet' in SubnetIds", studio()),
    Case("emr-security-group-id", "JobFlowInstancesConfig",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1", "ssh"]),
         "a security group must be specified by its ID, got 'ssh' in AdditionalMasterSecurityGroups",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"], AdditionalSlaveSecurityGroups=[""])),
    Case("emr-vpc-id", STUDIO, studio(VpcId="subnet-1"),
         "VPC of a Studio must be specified by its ID, got 'subnet-1' in VpcId", studio()),
    Case("emr-subnet-properties", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Ec2SubnetIds=["subnet-1"]),
         "Ec2SubnetId can't be combined with Ec2SubnetIds",
         groups(MASTER, Ec2SubnetId="subnet-1", Ec2SubnetIds=[])),
    Case("emr-groups-one-subnet", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetIds=["subnet-1", "subnet-2"]),
         "a cluster of instance groups must have one subnet, got 2 subnets", groups(MASTER, Ec2SubnetIds=["subnet-1"])),
    Case("emr-groups-one-subnet", "JobFlowInstancesConfig", groups(MASTER, Ec2SubnetIds=["subnet-1", TOKEN]),
         "a cluster of instance groups must have one subnet, got 2 subnets", groups(MASTER, Ec2SubnetIds=TOKEN)),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, EmrManagedMasterSecurityGroup="sg-1"),
         "managed security group of the primary nodes requires one of the core and task nodes, which is missing",
         groups(MASTER, EmrManagedMasterSecurityGroup="sg-1", EmrManagedSlaveSecurityGroup="sg-2")),
    Case("emr-partial-security-groups", "JobFlowInstancesConfig", groups(MASTER, ServiceAccessSecurityGroup="sg-1"),
         "service-access security group requires managed security groups, which are missing", groups(MASTER)),
    Case("emr-additional-security-groups", "JobFlowInstancesConfig",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 5),
         "number of additional security groups of a node type must be at most 4, got 5 for the primary nodes",
         groups(MASTER, AdditionalMasterSecurityGroups=["sg-1"] * 4)),
    Case("emr-additional-security-groups", "JobFlowInstancesConfig",
         groups(MASTER, AdditionalSlaveSecurityGroups=[TOKEN] * 5),
         "number of additional security groups of a node type must be at most 4, got 5 for the core and task nodes",
         groups(MASTER, AdditionalSlaveSecurityGroups=[TOKEN] * 4)),
    Case("emr-placement-and-subnet", "JobFlowInstancesConfig",
         groups(MASTER, Ec2SubnetId="subnet-1", Placement={"AvailabilityZone": "us-east-1a"}),
         "Placement can't be combined with a subnet, which determines the Availability Zone",
         groups(MASTER, Placement={"AvailabilityZone": "us-east-1a"})),
    Case("emr-zone-name", "PlacementType", {"AvailabilityZone": "us-gov-west-1"},
         "Availability Zone must be the name of a zone, which ends with a letter, got the Region 'us-gov-west-1'",
         {"AvailabilityZone": "us-west-2-lax-1a"}),
]  # fmt: skip
