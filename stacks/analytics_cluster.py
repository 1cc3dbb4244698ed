"""A long-running cluster for analytics, with its profile and alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

import emr_constructs as emr
from stacks.decisions import accept_logs_in_one_region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct


class AnalyticsClusterStack(cdk.Stack):
    """A profile, a cluster and its alarms."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        definition: emr.ClusterDefinition,
        glue_databases: Sequence[str] = (),
        env: cdk.Environment | None = None,
    ) -> None:
        """Define the cluster.

        :param vpc: the VPC of the cluster.
        :param definition: the options of the cluster.
        :param glue_databases: databases of the Glue Data Catalog that the jobs read and write. Default: none.
        :param env: the account and Region. Default: those of the deployment.
        """
        super().__init__(scope, construct_id, env=env, description="Amazon EMR cluster for analytics")
        self.profile = emr.ClusterProfile(self, "Profile", vpc=vpc, release_label=definition.release_label)
        self.cluster = emr.Cluster(self, "Cluster", profile=self.profile, definition=definition)
        if glue_databases:
            self.cluster.grants.use_glue_data_catalog(*glue_databases, write=True)
        self.alarms = emr.ClusterAlarms(self, "Alarms", cluster=self.cluster)
        self._add_outputs()
        accept_logs_in_one_region(self.profile.node.find_child("Logs"))

    def _add_outputs(self) -> None:
        cluster_id = self.cluster.cluster_id
        outputs = {
            "ClusterId": ("Cluster ID", cluster_id),
            "MasterPublicDns": ("DNS name of the primary node", self.cluster.master_public_dns),
            "LogUri": ("S3 location of the cluster logs", f"{self.profile.log_uri}{cluster_id}/"),
            "SessionCommand": ("Opens a session on the primary node", self.cluster.access.session_command),
        }
        for name, (description, value) in outputs.items():
            cdk.CfnOutput(self, name, description=description, value=value)
