"""A long-running cluster for analytics, with what it needs and alarms that watch it."""

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

        :param vpc: where it runs.
        :param definition: what runs.
        :param glue_databases: databases of the Glue Data Catalog that the jobs read and write. Default: none.
        :param env: the account and region. Default: those of the deployment.
        """
        super().__init__(scope, construct_id, env=env, description="Amazon EMR cluster for analytics")
        self.profile = emr.ClusterProfile(self, "Profile", vpc=vpc, release_label=definition.release_label)
        self.cluster = emr.Cluster(self, "Cluster", profile=self.profile, definition=definition)
        if glue_databases:
            self.cluster.grants.use_glue_data_catalog(*glue_databases, write=True)
        self.alarms = emr.ClusterAlarms(self, "Alarms", cluster=self.cluster)
        self._tell()
        accept_logs_in_one_region(self.profile.node.find_child("Logs"))

    def _tell(self) -> None:
        cluster_id = self.cluster.cluster_id
        outputs = {
            "ClusterId": ("The id of the cluster", cluster_id),
            "MasterPublicDns": ("The DNS name of the master node", self.cluster.master_public_dns),
            "LogUri": ("Where the logs of the cluster are", f"{self.profile.log_uri}{cluster_id}/"),
            "SessionCommand": ("Opens a session on the master node", self.cluster.access.session_command),
        }
        for name, (description, value) in outputs.items():
            cdk.CfnOutput(self, name, description=description, value=value)
