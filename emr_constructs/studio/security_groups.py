"""The two security groups of a Studio: of its Workspaces, and of the clusters that they are attached to.

EMR Studio puts the engine group on the master node of a cluster while a Workspace is attached to it, besides the groups
that the cluster has.

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

if TYPE_CHECKING:
    from constructs import IDependable

__all__ = ["StudioSecurityGroups"]

_GATEWAY_PORT: Final = 18888
"""Of Jupyter Enterprise Gateway on the master node, as EMR Studio reaches it."""


class StudioSecurityGroups(Construct):
    """An engine group and a Workspace group, with the rules that EMR Studio asks for and no others."""

    @checked
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, git_repositories: bool = True) -> None:
        """Define the groups and their rules.

        Nothing may come in to a Workspace. It reaches clusters at TCP 18888 and, for Git, anything at TCP 443; allow
        others, such as a Git server at another port, with ``workspace.connections.allow_to(...)``.

        :param vpc: where the Studio is.
        :param git_repositories: whether Workspaces may be linked to Git repositories, which are reached with HTTPS.
        """
        super().__init__(scope, construct_id)
        self.engine: ec2.SecurityGroup = ec2.SecurityGroup(
            self, "Engine", vpc=vpc, description="Clusters that EMR Studio attaches to", allow_all_outbound=False
        )
        self.workspace: ec2.SecurityGroup = ec2.SecurityGroup(
            self, "Workspace", vpc=vpc, description="Workspaces of EMR Studio", allow_all_outbound=False
        )
        Tags.of(self).add(MANAGED_POLICY_TAG, "true", include_resource_types=["AWS::EC2::SecurityGroup"])
        engine, workspace = tokens.security_group_id(self.engine), tokens.security_group_id(self.workspace)
        described = f"From Workspaces to the clusters they are attached to, TCP {_GATEWAY_PORT}"
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
        """The rules, which a Studio needs from its beginning to its end."""
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
                    description="From Workspaces to Git repositories, TCP 443",
                )
            )
