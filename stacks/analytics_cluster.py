"""A long-running cluster for analytics, with what it needs and alarms that watch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

import emr_constructs as emr

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct


class AnalyticsClusterStack(cdk.Stack):
    """A profile, a cluster and its alarms."""

    def __init__(
        self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, definition: emr.ClusterDefinition
    ) -> None:
        """Define the cluster.

        :param vpc: where it runs.
        :param definition: what runs.
        """
        super().__init__(scope, construct_id, description="Amazon EMR cluster for analytics")
        self.profile = emr.ClusterProfile(self, "Profile", vpc=vpc, release_label=definition.release_label)
        self.cluster = emr.Cluster(self, "Cluster", profile=self.profile, definition=definition)
        self.alarms = emr.ClusterAlarms(self, "Alarms", cluster=self.cluster)
        self._tell()
        self._acknowledge_single_region_logs()

    def _tell(self) -> None:
        cluster_id = self.cluster.cluster_id
        master = (
            f"$(aws emr list-instances --region {self.region} --cluster-id {cluster_id} --instance-group-types MASTER"
            " --instance-states RUNNING --query 'Instances[0].Ec2InstanceId' --output text)"
        )
        outputs = {
            "ClusterId": ("The id of the cluster", cluster_id),
            "MasterPublicDns": ("The DNS name of the master node", self.cluster.master_public_dns),
            "LogUri": ("Where the logs of the cluster are", f"{self.profile.log_uri}{cluster_id}/"),
            "SessionCommand": (
                "Opens a session on the master node",
                f"aws ssm start-session --region {self.region} --target {master}",
            ),
        }
        for name, (description, value) in outputs.items():
            cdk.CfnOutput(self, name, description=description, value=value)

    def _acknowledge_single_region_logs(self) -> None:
        reason = (
            "The buckets hold logs of clusters for a year, which can be missed when a region is lost; give log_bucket to "
            "the profile for a bucket with replication or object lock."
        )
        packs = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
        rules = [*(f"{pack}-S3BucketReplicationEnabled" for pack in packs), "NIST.800.53.R4-S3BucketDefaultLockEnabled"]
        logs = self.profile.node.find_child("Logs")
        cdk.Validations.of(logs).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))
