"""Warning about isolated subnets without an S3 endpoint.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-clusters-in-a-vpc.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import constructs
import jsii
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from .._core.unknown import is_unknown
from .._core.validations import add_warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .subnets import ClusterSubnets

__all__ = ["warn_without_s3"]


def warn_without_s3(at: Construct, subnets: ClusterSubnets, *, fleets: bool) -> None:
    """Warn at synth time if isolated subnets turn out to have no way to S3.

    :param at: the construct that the warning is about.
    :param fleets: whether EMR chooses among all subnets.
    """
    used = subnets.isolated(fleets=fleets)
    if used and subnets.vpc is not None:
        # Endpoints and routes can be added until then.
        at.node.add_validation(cast("constructs.IValidation", _S3Access(at, subnets.vpc, used)))


@jsii.implements(constructs.IValidation)
class _S3Access:
    def __init__(self, at: Construct, vpc: ec2.IVpc, used: Sequence[ec2.ISubnet]) -> None:
        self._at = at
        self._vpc = vpc
        self._used = used
        self._other_vpcs: set[str] = set()

    def validate(self) -> list[str]:
        """Add the warning; there are no errors."""
        constructs_of_app = self._at.node.root.node.find_all()
        self._other_vpcs = {vpc.vpc_id for vpc in constructs_of_app if isinstance(vpc, ec2.Vpc)} - {self._vpc.vpc_id}
        if not any(map(self._may_lead_to_s3, constructs_of_app)):
            names = ", ".join(subnet.node.path for subnet in self._used)
            add_warning(
                self._at,
                "emr-no-route-to-s3",
                f"the nodes must be able to reach Amazon S3, got isolated subnets in a VPC without an endpoint of S3: "
                f"{names}; use add_s3_endpoint(vpc), or subnets with a NAT gateway",
            )
        return []

    def _may_lead_to_s3(self, found: IConstruct) -> bool:
        if isinstance(found, ec2.CfnVPCEndpoint):
            service = found.service_name or ""
            is_s3 = service.endswith(".s3") or (is_unknown(service) and "." not in service.rpartition("]}")[2])
            return is_s3 and found.vpc_id not in self._other_vpcs
        if isinstance(found, ec2.CfnRoute | ec2.CfnSubnetRouteTableAssociation):
            owner = found.node.scope
            if not isinstance(owner, ec2.Subnet):
                return True
            return isinstance(found, ec2.CfnRoute) and owner.node.addr in {subnet.node.addr for subnet in self._used}
        return False
