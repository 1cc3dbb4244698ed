"""Kerberos with a cross-realm trust to Active Directory: users run jobs under their own names.

The secret ``emr/kerberos`` has three fields: ``kdc``, ``trust`` (the same password as in the directory) and ``join``.
CloudFormation reads them during deployment. The nodes must be able to resolve and reach the domain controllers.

Cost: 3 m7g.xlarge nodes until the cluster has been idle for 1 hour.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr


class KerberosStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True)
        security = emr.SecurityConfiguration(
            self,
            "Security",
            encryption_key=key,
            kerberos=emr.Kerberos.cluster_dedicated_kdc(
                ticket_lifetime_hours=10,
                cross_realm_trust=emr.CrossRealmTrust(
                    realm="AD.EXAMPLE.COM",
                    domain="ad.example.com",
                    admin_server="ad.example.com",
                    kdc_server="ad.example.com",
                ),
            ),
        )
        profile = emr.ClusterProfile(self, "Profile", vpc=vpc, encryption_key=key, security_configuration=security)
        passwords = secretsmanager.Secret.from_secret_name_v2(self, "Passwords", "emr/kerberos")
        emr.Cluster(
            self,
            "Cluster",
            profile=profile,
            applications=[emr.Application.SPARK, emr.Application.HIVE],
            # Spark can't connect to a Hive metastore that uses Kerberos and TLS.
            configurations=emr.HiveConfigurations.metastore_without_tls(),
            kerberos=emr.KerberosAttributes(
                realm="EC2.INTERNAL",
                kdc_admin_password=emr.SecretField(passwords, "kdc"),
                cross_realm_trust_principal_password=emr.SecretField(passwords, "trust"),
                ad_domain_join_user="emr-join",
                ad_domain_join_password=emr.SecretField(passwords, "join"),
            ),
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    KerberosStack(app, "Kerberos", vpc=vpc)
    app.synth()
