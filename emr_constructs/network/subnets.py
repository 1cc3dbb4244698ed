"""The subnets of the nodes of a cluster.

A cluster of instance groups runs in the first of the selected subnets, a cluster of instance fleets in the one with the
best capacity. Whether the subnets are private decides how EMR reaches the nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from .._core import tokens
from .._core.errors import EmrError
from .._core.unknown import is_unknown
from .._core.values import value_class
from .given_subnets import check_subnets, classify, comparable, id_of, shown, vpc_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import IConstruct, IDependable

    from .given_subnets import Subnet

__all__ = ["ClusterSubnets", "check_environment"]


_SELECTORS = ("availability_zones", "one_per_az", "subnet_filters", "subnet_group_name", "subnets", "subnet_type")


@value_class
class ClusterSubnets:
    """Selected subnets of a VPC, or subnets that were passed without one."""

    vpc: ec2.IVpc | None
    subnets: tuple[Subnet, ...]
    """Constructs or IDs, or only a list token."""

    is_private: bool

    @property
    def subnet_ids(self) -> tuple[str, ...]:
        """The IDs of the subnets, or only a list token."""
        return tuple(map(id_of, self.subnets))

    @classmethod
    def select(
        cls,
        vpc: ec2.IVpc,
        selection: ec2.SubnetSelection | None,
        *,
        at: IConstruct,
        public: bool | None = None,
        is_kind_required: bool = True,
    ) -> ClusterSubnets:
        """Return the subnets that ``selection`` names; by default private subnets.

        :param public: whether the subnets are public, for those that the VPC was imported without.
        :param is_kind_required: whether it must be known if the subnets are public. Default: true.
        :raises EmrError: no subnet is selected, both public and private ones are, only public ones exist and
            ``selection`` doesn't select them, it isn't known whether they are public, ``public`` is wrong, or the VPC
            is in another Region or account than ``at``.
        """
        check_environment(vpc, at)
        given = {name: getattr(selection, name) for name in _SELECTORS} if selection is not None else {}
        options = {name: value for name, value in given.items() if value is not None}
        try:
            if not options and (private := _private_subnets(vpc)):
                return cls(vpc, private, is_private=True)
            # CDK would also read the Availability Zones, which a subnet may lack.
            is_literal = options.keys() == {"subnets"}
            selected = None if is_literal else vpc.select_subnets(**options)
        except RuntimeError as error:
            raise EmrError(f"{_sentence(error)}; select subnets that the VPC has", at=at) from None
        subnets = tuple(options["subnets"] if selected is None else selected.subnets)
        if not subnets:
            raise EmrError(
                "vpc_subnets must select at least one subnet, got none; select subnets that the VPC has", at=at
            )
        if "subnets" in options or public is not None:
            found, is_public = classify("vpc_subnets", subnets, vpc, public=public, at=at, is_required=is_kind_required)
            return cls(vpc, found, is_private=not is_public)
        assert selected is not None
        if selected.has_public:
            if selection is None:
                raise EmrError(
                    "the VPC has only public subnets; add private subnets, or accept nodes with public addresses with "
                    "vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)",
                    at=at,
                )
            classify("vpc_subnets", subnets, vpc, public=public, at=at)
        return cls(vpc, subnets, is_private=not selected.has_public)

    @classmethod
    def of(cls, subnets: Sequence[Subnet], *, public: bool, vpc: ec2.IVpc | None, at: IConstruct) -> ClusterSubnets:
        """Return subnets that were passed without a selection.

        :param public: whether they are public.
        :param vpc: the VPC of the security groups, if it is known. Default: that of subnets of this app.
        :raises EmrError: a subnet is invalid, or ``public`` is wrong.
        """
        check_subnets(subnets, at=at)
        vpc = vpc or vpc_of(subnets)
        if vpc is not None:
            check_environment(vpc, at)
        found, is_public = classify("subnets", subnets, vpc, public=public, at=at)
        return cls(vpc, found, is_private=not is_public)

    def subset(self, subnets: Sequence[Subnet], *, at: IConstruct) -> ClusterSubnets:
        """Return ``subnets``, which must be some of these.

        IDs that are only known at deployment aren't compared.

        :raises EmrError: a subnet is invalid, or isn't one of these.
        """
        check_subnets(subnets, at=at)
        own = dict(zip(self.subnet_ids, self.subnets, strict=True))
        found = tuple(own.get(id_of(subnet), subnet) for subnet in subnets)
        others = [
            shown(subnet)
            for subnet in found
            if id_of(subnet) not in own and all(comparable(subnet, known) for known in self.subnets)
        ]
        if others:
            raise EmrError(
                f"subnets must be subnets of the profile, got {', '.join(others)}; use some of "
                f"{', '.join(map(shown, self.subnets))}, or another profile",
                at=at,
            )
        classify("subnets", found, None, public=not self.is_private, at=at)
        return ClusterSubnets(self.vpc, found, is_private=self.is_private)

    def instances(self, *, fleets: bool) -> dict[str, Any]:
        """Render the subnets as a member of ``JobFlowInstancesConfig``.

        Instance groups use the first subnet, instance fleets all.
        """
        if fleets:
            return {"Ec2SubnetIds": list(self.subnet_ids)}
        first = id_of(self.subnets[0])
        return {"Ec2SubnetId": cdk.Fn.select(0, [first]) if is_unknown([first]) else first}

    def check_public_addresses(self, *, fleets: bool, at: IConstruct) -> None:
        """Check that three primary nodes in public subnets get public addresses.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha-launch.html

        :raises EmrError: a public subnet doesn't assign addresses.
        """
        for subnet in () if self.is_private else self.used(fleets=fleets):
            resource = subnet.node.default_child if isinstance(subnet, ec2.Subnet) else None
            if isinstance(resource, ec2.CfnSubnet) and not resource.map_public_ip_on_launch:
                raise EmrError(
                    f"the public subnet {shown(subnet)} must assign public addresses, which three primary nodes "
                    "require; set map_public_ip_on_launch, or use private subnets",
                    at=at,
                )

    def used(self, *, fleets: bool) -> tuple[Subnet, ...]:
        """Return the subnets that EMR chooses from.

        Instance groups use the first subnet, instance fleets all.
        """
        return self.subnets if fleets else self.subnets[:1]

    def isolated(self, *, fleets: bool) -> tuple[ec2.ISubnet, ...]:
        """Return the isolated subnets of a VPC of this app that EMR chooses from."""
        if not isinstance(self.vpc, ec2.Vpc) or self.subnets == _private_subnets(self.vpc):
            return ()
        isolated = {tokens.subnet_id(subnet): subnet for subnet in self.vpc.isolated_subnets}
        used = [isolated.get(id_of(subnet)) for subnet in self.used(fleets=fleets)]
        return tuple(subnet for subnet in used if subnet is not None) if all(used) else ()

    def routes(self, scope: IConstruct, *, fleets: bool = False) -> list[IDependable]:
        """Return the routes and endpoints that the subnets of a cluster depend on.

        A cluster requires them until it has written its last log. Only endpoints that were added to the VPC before are
        included.

        :param fleets: whether EMR chooses among all subnets. Default: false, for instance groups in the first subnet.
        """
        used = [
            subnet
            for subnet in self.used(fleets=fleets)
            if isinstance(subnet, ec2.Subnet) and _needs_order(scope, subnet)
        ]
        of_subnet = [child for subnet in used for child in subnet.node.children]
        of_vpc = self.vpc.node.children if isinstance(self.vpc, ec2.Vpc) and _needs_order(scope, self.vpc) else []
        return [
            *(child for child in of_subnet if isinstance(child, ec2.CfnRoute | ec2.CfnSubnetRouteTableAssociation)),
            *(child for child in of_vpc if isinstance(child, ec2.GatewayVpcEndpoint | ec2.InterfaceVpcEndpoint)),
        ]

    def cidr_block(self, *, at: IConstruct) -> str:
        """Return the primary address range of the VPC, as a literal if possible.

        :raises EmrError: the VPC isn't known, or is imported without its address range.
        """
        if self.vpc is None:
            raise EmrError(
                "the address range of the VPC must be known, got subnets without their VPC; pass vpc and vpc_subnets "
                "instead of subnets",
                at=at,
            )
        resource = self.vpc.node.default_child if isinstance(self.vpc, ec2.Vpc) else None
        if isinstance(resource, ec2.CfnVPC) and resource.cidr_block is not None:
            return resource.cidr_block
        try:
            return self.vpc.vpc_cidr_block
        except RuntimeError as error:
            raise EmrError(f"{_sentence(error)}; import the VPC with vpc_cidr_block", at=at) from None


def check_environment(vpc: ec2.IVpc, at: IConstruct) -> None:
    """Check that ``vpc`` is in the Region and account of ``at``, if known.

    :raises EmrError: it isn't.
    """
    if isinstance(vpc, ec2.Vpc) and tokens.same_stack(vpc, at):
        return
    of_vpc = _environment(vpc)
    if not of_vpc:
        return
    of_stack = _stack_environment(tokens.stack_of(at))
    for what, found in of_vpc.items():
        wanted = of_stack.get(what, found)
        if found != wanted:
            raise EmrError(
                f"vpc must be in the {what} of the stack ({wanted}), got a VPC in {found}; use a VPC of the same "
                f"{what}",
                at=at,
            )


@tokens.once
def _environment(vpc: ec2.IVpc) -> dict[str, str]:
    """Return the Region and the account that use ``vpc``, as far as they are known.

    Another account can share its subnets with that of the stack.
    """
    of_stack = _stack_environment(tokens.stack_of(vpc))
    if isinstance(vpc, ec2.Vpc):
        return of_stack
    region = vpc.env.region
    of_account = {what: name for what, name in of_stack.items() if what == "account"}
    return of_account if is_unknown(region) else {"region": region, **of_account}


@tokens.once
def _stack_environment(stack: cdk.Stack) -> dict[str, str]:
    """Return the Region and the account of a stack, as far as they are known."""
    account, _, region = stack.environment.removeprefix("aws://").partition("/")
    found = {"region": region, "account": account}
    return {what: name for what, name in found.items() if name != f"unknown-{what}"}


@tokens.once
def _private_subnets(vpc: ec2.IVpc) -> tuple[ec2.ISubnet, ...]:
    """Return the private subnets of a VPC that this app defines.

    A selection would read each member from the Node process.
    """
    if not isinstance(vpc, ec2.Vpc):
        return ()
    found = tuple(vpc.private_subnets)
    for subnet in found:
        tokens.share_stack(subnet, vpc)
    return found


def _needs_order(cluster: IConstruct, network: IConstruct) -> bool:
    """Return whether ``cluster`` must depend on resources in ``network``.

    Stacks are deployed in the order of their references, and a cluster refers to its subnets. Nested stacks are
    resources of their parents, which are ordered like others.
    """
    stacks = tokens.stack_of(cluster), tokens.stack_of(network)
    return stacks[0] is stacks[1] or any(isinstance(stack, cdk.NestedStack) for stack in stacks)


def _sentence(error: RuntimeError) -> str:
    """Return the message of an error from CDK without the name of its class."""
    _, _, text = str(error).partition(": ")
    return text.strip().rstrip(".") or str(error)
