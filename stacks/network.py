"""A network for clusters: private subnets with access to S3, and to the internet or to AWS services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

import emr_constructs as emr
from stacks.custom_resources import limit_roles_to_account
from stacks.decisions import accept_way_to_the_internet

if TYPE_CHECKING:
    from constructs import Construct


class NetworkStack(cdk.Stack):
    """A VPC with public subnets for NAT gateways, private subnets for clusters, VPC endpoints and flow logs."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cidr_block: str,
        max_azs: int,
        nat_gateways: int,
        interface_endpoints: bool,
        env: cdk.Environment | None = None,
    ) -> None:
        """Define the network.

        :param cidr_block: the address range, for example ``10.0.0.0/16``.
        :param max_azs: the number of Availability Zones with subnets. The Region must have as many.
        :param nat_gateways: the number of NAT gateways. 0: the private subnets have no internet access.
        :param interface_endpoints: whether the VPC has interface endpoints for the AWS services that clusters call.
        :param env: the account and Region. Default: those of the deployment.
        """
        super().__init__(scope, construct_id, env=env, description="Network for Amazon EMR clusters")
        public = ec2.SubnetConfiguration(
            name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
        )
        private_type = ec2.SubnetType.PRIVATE_WITH_EGRESS if nat_gateways else ec2.SubnetType.PRIVATE_ISOLATED
        private = ec2.SubnetConfiguration(name="Private", subnet_type=private_type, cidr_mask=20)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(cidr_block),
            # Resolved at deployment: in a stack without a Region, CDK limits the number of zones to two.
            availability_zones=[cdk.Fn.select(zone, cdk.Fn.get_azs()) for zone in range(max_azs)],
            nat_gateways=nat_gateways,
            subnet_configuration=[public, private] if nat_gateways else [private],
            restrict_default_security_group=True,
        )
        emr.add_s3_endpoint(self.vpc)
        if interface_endpoints:
            emr.add_interface_endpoints(self.vpc, cidr_block=cidr_block)
        self._add_flow_logs()
        limit_roles_to_account(self)
        for subnet in self.vpc.public_subnets:
            accept_way_to_the_internet(subnet)

    def _add_flow_logs(self) -> None:
        key = kms.Key(
            self, "FlowLogsKey", description="Encrypts VPC flow logs of the EMR network", enable_key_rotation=True
        )
        log_groups = self.format_arn(
            service="logs",
            resource="log-group",
            resource_name="*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        emr.allow_log_encryption(key, log_groups)
        group = logs.LogGroup(
            self,
            "FlowLogs",
            encryption_key=key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        conditions = {
            "StringEquals": {"aws:SourceAccount": self.account},
            "ArnLike": {"aws:SourceArn": self.format_arn(service="ec2", resource="vpc-flow-log", resource_name="*")},
        }
        flow_logs = iam.ServicePrincipal("vpc-flow-logs.amazonaws.com", conditions=conditions)
        role = iam.Role(self, "FlowLogsRole", assumed_by=flow_logs)
        write = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[group.log_group_arn],
        )
        iam.ManagedPolicy(self, "FlowLogsPolicy", statements=[write], roles=[role])
        # By default, CDK creates an inline policy, which compliance checkers reject.
        destination = ec2.FlowLogDestination.to_cloud_watch_logs(group, role.without_policy_updates())
        self.vpc.add_flow_log("FlowLog", destination=destination)
