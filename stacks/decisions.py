"""Findings of compliance packs that are for the owner of an app to decide, decided here with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct


def accept(scope: IConstruct, rules: Iterable[str], reason: str) -> None:
    """Acknowledge ``rules`` on ``scope`` and below."""
    cdk.Validations.of(scope).acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule in rules))


def accept_logs_in_one_region(scope: IConstruct) -> None:
    """Keep the logs of clusters in one bucket that is neither replicated nor locked."""
    packs = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
    rules = [*(f"{pack}-S3BucketReplicationEnabled" for pack in packs), "NIST.800.53.R4-S3BucketDefaultLockEnabled"]
    reason = (
        "The buckets hold logs of clusters for a year, which can be missed when a region is lost; give log_bucket to "
        "the profile for a bucket with replication or object lock."
    )
    accept(scope, rules, reason)


def accept_way_to_the_internet(subnet: IConstruct) -> None:
    """Let a public subnet route to the internet gateway."""
    packs = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    reason = "The public subnets hold NAT gateways alone, which need the route; nodes are in the private subnets."
    accept(subnet, [f"{pack}-VPCNoUnrestrictedRouteToIGW" for pack in packs], reason)
