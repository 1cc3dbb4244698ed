"""A cluster with existing subnets, roles, security groups, log bucket and security configuration.

The stack creates only the cluster. If the service role has EMR's v2 policy, the subnets, the security groups and, for
EMR 8.x, the VPC require the tag ``for-use-with-amazon-emr-managed-policies`` = ``true``.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class ExistingPartsStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        def group(name: str, group_id: str) -> ec2.ISecurityGroup:
            return ec2.SecurityGroup.from_security_group_id(self, name, group_id, mutable=False)

        def role(name: str) -> iam.IRole:
            return iam.Role.from_role_name(self, name, f"emr-{name.lower()}", mutable=False)

        profile = emr.ClusterProfile(
            self,
            "Profile",
            subnets=["subnet-0123456789abcdef0"],
            public=False,
            security_groups=emr.ClusterSecurityGroups.from_security_groups(
                master=group("Master", "sg-00000000000000001"),
                core=group("Core", "sg-00000000000000002"),
                service_access=group("ServiceAccess", "sg-00000000000000003"),
            ),
            service_role=role("Service"),
            instance_profile=iam.InstanceProfile.from_instance_profile_attributes(
                self,
                "InstanceProfile",
                instance_profile_arn=f"arn:{self.partition}:iam::{self.account}:instance-profile/emr-nodes",
                role=role("Nodes"),
            ),
            security_configuration=emr.SecurityConfiguration.from_security_configuration_name(
                self, "Security", "company-standard"
            ),
            log_bucket=s3.Bucket.from_bucket_name(self, "Logs", "company-emr-logs"),
        )
        key_pair = ec2.KeyPair.from_key_pair_name(self, "KeyPair", "operations")
        cluster = emr.Cluster(self, "Cluster", profile=profile, applications=[emr.Application.SPARK], key_pair=key_pair)
        encrypted = "The security configuration company-standard encrypts disks and traffic; it is defined elsewhere."
        one_team = "Only the operations team has the key pair, and every job runs as the team that owns the cluster."
        packs = ("HIPAA.Security", "NIST.800.53.R4", "PCI.DSS.321")
        reasons = dict.fromkeys(("AwsSolutions-EMR4", "AwsSolutions-EMR5"), encrypted)
        reasons |= {f"{pack}-EMRKerberosEnabled": one_team for pack in packs}
        found = [cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
        cdk.Validations.of(cluster).acknowledge(*found)


if __name__ == "__main__":
    app = cdk.App()
    ExistingPartsStack(app, "ExistingParts")
    app.synth()
