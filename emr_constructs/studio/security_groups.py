"""The engine and Workspace security groups of EMR Studio.

EMR Studio adds the engine group to the primary node of a cluster while a Workspace is attached, in addition to the
security groups of the cluster.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-security-groups.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from .._core import tokens
from .._core.signatures import checked
from ..network.managed_policy_tag import MANAGED_POLICY_TAG
from ..network.subnets import check_environment

if TYPE_CHECKING:
    from constructs import IDependable

__all__ = ["StudioSecurityGroups"]

_GATEWAY_PORT: Final = 18888
"""The port of Jupyter Enterprise Gateway on the primary node that EMR Studio connects to."""


class StudioSecurityGroups(Construct):
    """The engine and Workspace security groups, with minimal rules."""

    @checked
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, git_repositories: bool = True) -> None:
        """Define the groups and their rules.

        Workspaces accept no inbound traffic. They can connect to clusters on TCP 18888 and, for Git repositories, to
        any address on TCP 443. To allow other connections, such as a Git server on another port, use
        ``workspace.connections.allow_to(...)``.

        :param vpc: the VPC of the Studio.
        :param git_repositories: whether Workspaces can connect to Git repositories, which use HTTPS. Default: true.
        :raises EmrError: the VPC is in another Region or account.
        """
        super().__init__(scope, construct_id)
        check_environment(vpc, self)
        self.engine: ec2.SecurityGroup = ec2.SecurityGroup(
            self, "Engine", vpc=vpc, description="Clusters that EMR Studio attaches to", allow_all_outbound=False
        )
        """The group of the clusters to which Workspaces attach."""
        self.workspace: ec2.SecurityGroup = ec2.SecurityGroup(
            self, "Workspace", vpc=vpc, description="Workspaces of EMR Studio", allow_all_outbound=False
        )
        """The group of the Workspaces."""
        Tags.of(self).add(MANAGED_POLICY_TAG, "true", include_resource_types=["AWS::EC2::SecurityGroup"])
        engine, workspace = tokens.security_group_id(self.engine), tokens.security_group_id(self.workspace)
        described = f"Allows TCP {_GATEWAY_PORT} from Workspaces to attached clusters"
        self.rules: list[IDependable] = [
            ec2.CfnSecurityGroupIngress(
                self,
                f"EngineFromWorkspace{_GATEWAY_PORT}",
                group_id=engine,
                source_security_group_id=workspace,
                ip_protocol="tcp",
                from_port=_GATEWAY_PORT,
                to_port=_GATEWAY_PORT,
                description=described,
            ),
            ec2.CfnSecurityGroupEgress(
                self,
                f"WorkspaceToEngine{_GATEWAY_PORT}",
                group_id=workspace,
                destination_security_group_id=engine,
                ip_protocol="tcp",
                from_port=_GATEWAY_PORT,
                to_port=_GATEWAY_PORT,
                description=described,
            ),
        ]
        """The rules that must exist as long as the Studio."""
        if git_repositories:
            self.rules.append(
                ec2.CfnSecurityGroupEgress(
                    self,
                    "WorkspaceToAnywhere443",
                    group_id=workspace,
                    cidr_ip="0.0.0.0/0",
                    ip_protocol="tcp",
                    from_port=443,
                    to_port=443,
                    description="Allows TCP 443 from Workspaces to Git repositories",
                )
            )
