"""Custom encryption: client-side for one bucket, your own certificates, LUKS instead of EBS encryption.

The release is out of standard support, which is acknowledged until the migration. To see what the migration changes:
``emr-constructs releases emr-6.15.0 emr-7.14.0 cdk.out``

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr


class OwnEncryptionStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        records = s3.Bucket.from_bucket_name(self, "Records", "company-records")
        certificates = s3.Bucket.from_bucket_name(self, "Certificates", "company-certificates")
        security = emr.SecurityConfiguration(
            self,
            "Security",
            s3_encryption=emr.S3Encryption.sse_kms(key).with_override(records, emr.S3Encryption.cse_kms(key)),
            local_disk_encryption=emr.LocalDiskEncryption.aws_kms(key, ebs=False),
            in_transit_encryption=emr.InTransitEncryption.pem(emr.Script.from_bucket(certificates, "emr/nodes.zip")),
            imds_hop_limit=2,
        )
        profile = emr.ClusterProfile(
            self,
            "Profile",
            vpc=vpc,
            encryption_key=key,
            security_configuration=security,
        )
        cluster = emr.Cluster(
            self,
            "Cluster",
            profile=profile,
            release_label=emr.ReleaseLabel.EMR_6_15_0,
            applications=[emr.Application.SPARK],
        )
        cluster.grants.read_write_bucket(records)
        emr.acknowledge(cluster, "emr-release-age", reason="The migration to emr-7.14.0 is planned for May")


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    OwnEncryptionStack(app, "OwnEncryption", vpc=vpc)
    app.synth()
