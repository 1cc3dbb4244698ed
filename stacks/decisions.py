"""Acknowledged compliance findings that depend on the app, each with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct


def accept(scope: IConstruct, rules: Iterable[str], reason: str) -> None:
    """Acknowledge ``rules`` on ``scope`` and its children."""
    cdk.Validations.of(scope).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))


def accept_logs_in_one_region(scope: IConstruct) -> None:
    """Accept log buckets without replication and object lock."""
    packs = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
    rules = [*(f"{pack}-S3BucketReplicationEnabled" for pack in packs), "NIST.800.53.R4-S3BucketDefaultLockEnabled"]
    reason = (
        "The buckets store cluster logs for one year, whose loss in a regional outage is acceptable. For replication "
        "or object lock, pass log_bucket to the profile."
    )
    accept(scope, rules, reason)


def accept_way_to_the_internet(subnet: IConstruct) -> None:
    """Accept the route of a public subnet to the internet gateway."""
    packs = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    reason = "The public subnets contain only NAT gateways, which require the route; nodes are in the private subnets."
    accept(subnet, [f"{pack}-VPCNoUnrestrictedRouteToIGW" for pack in packs], reason)
