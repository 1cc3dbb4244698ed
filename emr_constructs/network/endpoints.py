"""VPC endpoints, through which nodes in private subnets access AWS services.

- ``add_s3_endpoint(vpc)`` adds a gateway endpoint whose policy allows the buckets of EMR and of the account.
- ``add_interface_endpoints(vpc, cidr_block="10.0.0.0/16")`` adds interface endpoints of the services that nodes call.

Clusters that are defined later depend on the endpoints, which are deleted after them.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/private-subnet-iampolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from .._core.signatures import checked
from .._core.unknown import is_unknown

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct, IConstruct

__all__ = ["add_interface_endpoints", "add_s3_endpoint", "s3_endpoint_statements"]


@checked
def s3_endpoint_statements(
    *, region: str | None = None, buckets_of_others: Sequence[s3.IBucket] = ()
) -> list[dict[str, Any]]:
    """Return the statements that the policy of an S3 endpoint requires for EMR.

    - everything on the buckets of this account, as far as the policies of roles and buckets allow it;
    - reading AWS's buckets with packages of Amazon Linux and EMR, for all releases from 5.22.0 to 8.x;
    - writing the logs and application histories that EMR keeps for the console.

    AWS documents the bucket names for the Regions of the ``aws`` partition, and no others for China and GovCloud.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/private-subnet-iampolicy.html

    :param region: the Region of the endpoint, whose buckets are allowed. Default: the Region of the stack, resolved at
        deployment.
    :param buckets_of_others: buckets of other accounts to allow, for all actions. Default: none.
    """
    region = region or tokens.region()

    def objects(*buckets: str) -> list[str]:
        return [f"arn:{tokens.partition()}:s3:::{bucket}/*" for bucket in buckets]

    def statement(sid: str, actions: list[str], resources: list[str], **conditions: Any) -> dict[str, Any]:
        made = {"Sid": sid, "Effect": "Allow", "Principal": "*", "Action": actions, "Resource": resources}
        return made | ({"Condition": conditions} if conditions else {})

    statements = [
        statement("OwnBuckets", ["s3:*"], ["*"], StringEquals={"aws:ResourceAccount": tokens.account()}),
        statement(
            "ReadPackages",
            ["s3:GetObject"],
            objects(
                f"al2023-repos-{region}-de612dc2",
                f"amazonlinux-2-repos-{region}",
                f"amazonlinux.{region}.amazonaws.com",
                f"packages.{region}.amazonaws.com",
                f"repo.{region}.amazonaws.com",
                f"repo.{region}.emr.amazonaws.com",
                f"{region}.elasticmapreduce",
            ),
        ),
        statement(
            "ExchangeInstanceData",
            ["s3:GetObject", "s3:PutObject"],
            objects(
                *(
                    _name_in(
                        region,
                        f"aws157-instance-data-{number}-prod-",
                        {"ap-southeast-2": f"aws157-instance-data-bucket-{number}-prod-ap-southeast-2"},
                    )
                    for number in (0, 1)
                )
            ),
        ),
        statement(
            "WriteServiceLogs",
            ["s3:PutObject"],
            objects(_name_in(region, "aws157-logs-prod-", {"us-east-1": "aws157-logs-prod"})),
        ),
        statement(
            "KeepApplicationHistory",
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            objects(f"prod.{region}.appinfo.src"),
        ),
    ]
    if buckets_of_others:
        arns = [arn for bucket in buckets_of_others for arn in (bucket.bucket_arn, bucket.arn_for_objects("*"))]
        statements.append(statement("BucketsOfOthers", ["s3:*"], arns))
    return statements


def _name_in(region: str, prefix: str, exceptions: Mapping[str, str]) -> str:
    """Return a bucket name that ends with the Region, with exceptions.

    In a Region that is resolved at deployment, intrinsic functions also replace the names of the exceptions, by
    splitting and joining the text. Conditions would require a stack.
    """
    name = f"{prefix}{region}"
    if not is_unknown(region):
        return exceptions.get(region, name)
    for known, exception in exceptions.items():
        name = cdk.Fn.join(exception, cdk.Fn.split(f"{prefix}{known}", name))
    return name


@checked
def add_s3_endpoint(
    vpc: ec2.IVpc, construct_id: str = "S3", *, buckets_of_others: Sequence[s3.IBucket] = ()
) -> ec2.GatewayVpcEndpoint:
    """Add the gateway endpoint of S3, with a route in every route table of the VPC.

    :param construct_id: the ID of the endpoint in the VPC. Default: ``S3``.
    :param buckets_of_others: buckets of other accounts that the nodes use. Default: none.
    :raises EmrError: the VPC already has a construct with this ID.
    """
    _check_free(vpc, construct_id, "call add_s3_endpoint once for a VPC, or pass another construct_id", at=vpc)
    endpoint = vpc.add_gateway_endpoint(construct_id, service=ec2.GatewayVpcEndpointAwsService.S3)
    statements = s3_endpoint_statements(region=vpc.stack.region, buckets_of_others=buckets_of_others)
    for statement in statements:
        endpoint.add_to_policy(iam.PolicyStatement.from_json(statement))
    return endpoint


_SERVICES: Final = {
    "CloudWatch": "CLOUDWATCH_MONITORING",
    "Ec2": "EC2",
    "Emr": "EMR",
    "Glue": "GLUE",
    "Kms": "KMS",
    "Logs": "CLOUDWATCH_LOGS",
    "SecretsManager": "SECRETS_MANAGER",
    "Ssm": "SSM",
    "SsmMessages": "SSM_MESSAGES",
    "Sts": "STS",
}


@checked
def add_interface_endpoints(
    vpc: ec2.IVpc,
    *,
    cidr_block: str,
    services: Mapping[str, ec2.IInterfaceVpcEndpointService] | None = None,
) -> Mapping[str, ec2.InterfaceVpcEndpoint]:
    """Add interface endpoints of the services that nodes call.

    The endpoints are in all private subnets.

    :param cidr_block: the address range that can use the endpoints, as a literal that compliance checkers can read.
    :param services: the services by construct ID. Default: CloudWatch and its logs, EC2, EMR, Glue, KMS, Secrets
        Manager, Systems Manager and its sessions, and STS.
    :raises EmrError: ``cidr_block`` isn't a literal range of IPv4 addresses, ``services`` is empty, or the VPC already
        has constructs with the same IDs.
    """
    if is_unknown(cidr_block):
        raise EmrError("cidr_block must be known at synth time, got a token; use a literal such as 10.0.0.0/16", at=vpc)
    if "/" not in cidr_block or not _is_network(cidr_block):
        raise EmrError(
            f"cidr_block must be a range of IPv4 addresses, got {cidr_block!r}; use a literal such as 10.0.0.0/16",
            at=vpc,
        )
    if services is None:
        known = ec2.InterfaceVpcEndpointAwsService
        services = {name: getattr(known, constant) for name, constant in _SERVICES.items()}
    if not services:
        raise EmrError("services must not be empty; specify at least one, or remove the endpoints", at=vpc)
    # Python constructs can't be children of an imported VPC.
    scope, group_id = cast("Construct", vpc.node.scope), f"{vpc.node.id}EndpointSecurityGroup"
    once = "call add_interface_endpoints once for a VPC, with all services"
    _check_free(scope, group_id, once, at=vpc)
    for name in services:
        _check_free(vpc, name, f"{once}, and other IDs", at=vpc)
    group = ec2.SecurityGroup(
        scope,
        group_id,
        vpc=vpc,
        description="Endpoints of AWS services",
        allow_all_outbound=False,
    )
    group.add_ingress_rule(ec2.Peer.ipv4(cidr_block), ec2.Port.tcp(443), "Nodes in the VPC, TCP 443")
    return {
        name: vpc.add_interface_endpoint(
            name, service=service, security_groups=[group], open=False, private_dns_enabled=True
        )
        for name, service in services.items()
    }


def _check_free(scope: IConstruct, construct_id: str, fix: str, *, at: IConstruct) -> None:
    if scope.node.try_find_child(construct_id) is not None:
        raise EmrError(
            f"the ID {construct_id!r} must be unique in {scope.node.path or 'the app'}, got it twice; {fix}", at=at
        )


def _is_network(cidr_block: str) -> bool:
    try:
        IPv4Network(cidr_block, strict=False)
    except ValueError:
        return False
    return True
