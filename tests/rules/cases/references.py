"""What the rules of ``emr_constructs.rules.references`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import KEY, ROLE, Case, cluster, refers

PROFILE = "arn:aws:iam::111111111111:instance-profile/nodes"
GROUP = "EmrManagedMasterSecurityGroup"
REFERENCE, NAMED, LISTED = "PropertyReference", "PropertyName", "PropertyListReference"
NODES = {"Property": "JobFlowRole", "Text": "nodes", "LogicalId": "Profile", "IsLogicalId": False, "IsOrdered": False}
UNORDERED = [{"LogicalId": f"Policy{number}", "Type": "AWS::IAM::Policy"} for number in range(9)]

CASES = [
    # What a cluster in a template refers to
    Case("emr-profile-name", "RunJobFlowInput", cluster(JobFlowRole="arn:aws:iam::111111111111:role/nodes"),
         "JobFlowRole must be the name or ARN of an instance profile, got 'arn:aws:iam::111111111111:role/nodes'",
         cluster(JobFlowRole="nodes")),
    Case("emr-profile-name", "ClusterRoleNames", {"JobFlowRole": "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/a"},
         "JobFlowRole must be the name or ARN of an instance profile",
         {"JobFlowRole": "arn:<AWS::Partition>:iam::<AWS::AccountId>:instance-profile/a"}),
    Case("emr-role-name", "RunJobFlowInput", cluster(ServiceRole=PROFILE),
         f"ServiceRole must be the name or ARN of an IAM role, got {PROFILE!r}",
         cluster(ServiceRole=ROLE, AutoScalingRole="scaling")),
    Case("emr-log-key", "RunJobFlowInput", cluster(LogUri="s3://logs/", LogEncryptionKmsKeyId=ROLE),
         f"LogEncryptionKmsKeyId must be a KMS key, got {ROLE!r}",
         cluster(LogUri="s3://logs/", LogEncryptionKmsKeyId=KEY)),
    Case("emr-cluster-id", "ClusterOwner", {"ClusterId": "Cluster"},
         "cluster of a step, group or fleet must be a cluster ID, got 'Cluster'", {"ClusterId": "j-1K48XXXXXXHCB"}),
    Case("emr-profile-reference", REFERENCE, refers("JobFlowRole", "AWS::IAM::Role"),
         "JobFlowRole must be the name or ARN of an instance profile, got 'Other', an AWS::IAM::Role",
         refers("JobFlowRole", "AWS::IAM::InstanceProfile", "Arn")),
    Case("emr-role-reference", REFERENCE, refers("ServiceRole", "AWS::IAM::InstanceProfile"),
         "a service role, Auto Scaling role or user role must be an IAM role, got 'Other', an "
         "AWS::IAM::InstanceProfile",
         refers("ServiceRole", "AWS::IAM::Role", "Arn")),
    Case("emr-security-configuration-reference", REFERENCE, refers("SecurityConfiguration", "AWS::KMS::Key"),
         "SecurityConfiguration must be the name of a security configuration, got 'Other', an AWS::KMS::Key",
         refers("SecurityConfiguration", "AWS::EMR::SecurityConfiguration")),
    Case("emr-cluster-reference", REFERENCE, refers("JobFlowId", "AWS::EMR::Cluster", "MasterPublicDNS"),
         "must be a cluster ID, got MasterPublicDNS of 'Other', an AWS::EMR::Cluster",
         refers("JobFlowId", "AWS::EMR::Cluster")),
    Case("emr-network-reference", REFERENCE, refers("Ec2SubnetIds", "AWS::EC2::VPC"), "got 'Other', an AWS::EC2::VPC",
         refers("Ec2SubnetIds", "AWS::EC2::Subnet")),
    Case("emr-network-reference", REFERENCE, refers(GROUP, "AWS::EC2::SecurityGroup", "VpcId"),
         "got VpcId of 'Other', an AWS::EC2::SecurityGroup", refers(GROUP, "AWS::EC2::VPC", "DefaultSecurityGroup")),
    Case("emr-network-reference", REFERENCE, refers("Ec2KeyName", "AWS::EC2::KeyPair", "KeyPairId"),
         "got KeyPairId of 'Other', an AWS::EC2::KeyPair", refers("Ec2KeyName", "AWS::EC2::KeyPair")),
    Case("emr-key-reference", REFERENCE, refers("EncryptionKeyArn", "AWS::KMS::Key"), "got the key ID of 'Other'",
         refers("EncryptionKeyArn", "AWS::KMS::Key", "Arn")),
    Case("emr-key-reference", REFERENCE, refers("AwsKmsKey", "AWS::KMS::ReplicaKey"),
         "got the key ID of 'Other' in AwsKmsKey", refers("AwsKmsKey", "AWS::KMS::ReplicaKey", "Arn")),
    Case("emr-key-reference", REFERENCE, refers("LogEncryptionKmsKeyId", "AWS::IAM::Role", "Arn"),
         "got 'Other', an AWS::IAM::Role", refers("LogEncryptionKmsKeyId", "AWS::KMS::Key")),
    Case("emr-bucket-reference", REFERENCE, refers("LogUri", "AWS::S3::Bucket"),
         "a location in S3 must be a URI, got the name of bucket 'Other'",
         refers("LogUri", "AWS::SSM::Parameter", "Value")),
    Case("emr-name-not-reference", NAMED, NODES, "got JobFlowRole 'nodes', the name of 'Profile'",
         {**NODES, "IsOrdered": True}),
    Case("emr-name-not-reference", NAMED, {**NODES, "IsLogicalId": True},
         "got JobFlowRole 'nodes', the logical ID of 'Profile'", {**NODES, "IsOrdered": True}),
    Case("emr-unordered-resources", "ClusterReferences", {"Unordered": UNORDERED},
         "because it uses them from launch to termination, got no dependency on Policy0, Policy1, Policy2, Policy3 and "
         "5 more",
         {"Unordered": []}),
    Case("emr-default-roles", "RunJobFlowInput", cluster(JobFlowRole="EMR_DefaultRole"),
         "of the default roles, JobFlowRole must be EMR_EC2_DefaultRole and ServiceRole EMR_DefaultRole, got "
         "EMR_DefaultRole as JobFlowRole", cluster(JobFlowRole="EMR_EC2_DefaultRole", ServiceRole="EMR_DefaultRole")),
    Case("emr-role-name", "RunJobFlowInput", cluster(ServiceRole="arn:aws:iam:role/EMR_DefaultRole"),
         "'arn:aws:iam:role/EMR_DefaultRole'", cluster(ServiceRole="arn:aws:iam::111122223333:role/path/EMR")),
    Case("emr-role-missing", "RequestRoles", {"ServiceRole": "EMR_DefaultRole"},
         "a request must have a service role and an instance profile, because EMR rejects it otherwise, got "
         "ServiceRole and no JobFlowRole; also specify JobFlowRole",
         {"ServiceRole": "EMR_DefaultRole", "JobFlowRole": "EMR_EC2_DefaultRole"}),
    Case("emr-role-missing", "RequestRoles", {"JobFlowRole": "EMR_EC2_DefaultRole"},
         "got JobFlowRole and no ServiceRole", {}),
    Case("emr-list-reference", LISTED, {"Property": "Ec2SubnetIds", "LogicalId": "Subnet", "IsList": False},
         "Ec2SubnetIds must be a list, got Ref of 'Subnet', which returns one value", {"Property": "Ec2SubnetIds"}),
    Case("emr-list-reference", LISTED, {"Property": "Ec2SubnetId", "LogicalId": "Subnets", "IsList": True},
         "Ec2SubnetId must be one value, got Ref of 'Subnets', which returns a list; use Fn::Select",
         {"Property": "Ec2SubnetId"}),
    Case("emr-list-reference", LISTED,
         {"Property": "Ec2SubnetIds", "LogicalId": "Subnets", "IsList": True, "IsItem": True},
         "an item of Ec2SubnetIds must be one value, got Ref of 'Subnets', which returns a list; use Ref without the "
         "list around it", {"Property": "Ec2SubnetIds"}),
    Case("emr-bucket-reference", REFERENCE, refers("Jar", "AWS::S3::Bucket", "Arn"), "got the Arn of bucket 'Other'",
         refers("Jar", "AWS::SSM::Parameter", "Value")),
    Case("emr-studio-reference", REFERENCE, {**refers("ServiceRole", "AWS::IAM::Role"), "IsOfStudio": True},
         "the ID of its Studio and the ARN of a policy, got the name of role 'Other'",
         {**refers("ServiceRole", "AWS::IAM::Role", "Arn"), "IsOfStudio": True}),
    Case("emr-studio-reference", REFERENCE, {**refers("StudioId", "AWS::EMR::Studio", "Arn"), "IsOfStudio": True},
         "got Arn of 'Other', an AWS::EMR::Studio", {**refers("StudioId", "AWS::EMR::Studio"), "IsOfStudio": True}),
    Case("emr-studio-reference", REFERENCE, {**refers("SessionPolicyArn", "AWS::IAM::Policy"), "IsOfStudio": True},
         "got 'Other', an AWS::IAM::Policy",
         {**refers("SessionPolicyArn", "AWS::IAM::ManagedPolicy"), "IsOfStudio": True}),
]  # fmt: skip
