"""DNS names of clusters: records that follow a cluster when CloudFormation replaces it.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast
from weakref import WeakKeyDictionary

from .._core import tokens
from .._core.durations import whole_seconds
from .._core.errors import EmrError, errors_at
from .._core.patterns import regex
from .._core.scopes import id_part
from .._core.unknown import is_unknown
from .._core.validations import add_warning
from ..rules.security_configuration import is_encrypted_in_transit

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_route53 as route53
    from constructs import Construct

    from ..interfaces import IClusterRef

__all__ = ["create_record", "record_name"]

_WARNING: Final = "emr-dns-name-identity"

_NAMES: WeakKeyDictionary[cdk.Stack, set[tuple[str, str]]] = WeakKeyDictionary()
"""The IDs of zones and the names in them that have a record, by stack."""

_LABEL: Final = regex(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST: Final = 255
_LONGEST_TTL: Final = 2_147_483_647


def create_record(
    cluster: IClusterRef, zone: route53.IHostedZone, name: str, ttl: cdk.Duration, construct_id: str | None
) -> route53.CnameRecord:
    """Create the record below the cluster, and warn about identities that don't contain its name."""
    from aws_cdk import aws_route53 as route53

    if cluster.has_three_masters:
        raise EmrError(
            "a DNS name requires a cluster with one primary node, got three, which one record can't follow; pass the "
            "names of the three nodes to the clients, or use a Network Load Balancer with the three nodes as targets",
            at=cluster,
        )
    target = cluster.master_public_dns
    full_name = record_name(_zone_name(zone, cluster), name, cluster)
    with errors_at(cluster):
        seconds = whole_seconds("ttl", ttl, accepts_tokens=True)
    if not is_unknown(seconds) and not 0 <= seconds <= _LONGEST_TTL:
        raise EmrError(
            f"ttl must be between 0 and {_LONGEST_TTL} seconds, got {seconds}; use a value such as "
            "cdk.Duration.minutes(1)",
            at=cluster,
        )
    record_id = construct_id or f"DnsName{id_part(name)}"
    if cluster.node.try_find_child(record_id) is not None:
        raise EmrError(
            f"the ID of the DNS name must be unique in the cluster, got {record_id!r} twice; use another name or "
            "construct_id",
            at=cluster,
        )
    names = _NAMES.setdefault(tokens.stack_of(cast("Construct", cluster)), set())
    known = (zone.hosted_zone_id, full_name.lower())
    if known in names:
        # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-creating.html
        raise EmrError(
            f"name must be unique in the zone, because a name has one CNAME record, got {name!r} twice; use another "
            "name, or remove one of them",
            at=cluster,
        )
    names.add(known)
    record = route53.CnameRecord(
        cast("Construct", cluster), record_id, zone=zone, record_name=full_name, domain_name=target, ttl=ttl
    )
    _warn(cluster, record, full_name.removesuffix("."))
    return record


def record_name(zone_name: str, name: str, at: IClusterRef | None = None) -> str:
    """Return the fully qualified name of a record, with a dot at its end.

    :param name: relative to the zone, or within it.
    :raises EmrError: the name isn't a DNS name, isn't in the zone, or is that of the zone itself.
    """
    zone, host = zone_name.removesuffix("."), name.removesuffix(".")
    is_known = not is_unknown(name) and not is_unknown(zone)
    is_within = host == zone or host.lower().endswith(f".{zone.lower()}")
    if not is_unknown(name) and not _is_dns_name(host):
        raise EmrError(
            "name must be a DNS name, with labels of 1 to 63 letters, digits, hyphens and underscores between dots, "
            f"got {name!r}; use a name such as 'trino'",
            at=at,
        )
    if is_known and host.lower() == zone.lower():
        # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat
        raise EmrError(
            f"name must be below the zone, because a zone itself can't have a CNAME record, got {name!r}; use "
            f"a name such as 'emr.{zone}'",
            at=at,
        )
    if is_known and name.endswith(".") and not is_within:
        raise EmrError(
            f"name must be in the zone {zone}, got {name!r}; use a name relative to the zone, such as "
            f"{host.partition('.')[0]!r}, or pass the zone of the name",
            at=at,
        )
    full_name = f"{host}." if is_within or name.endswith(".") else f"{host}.{zone}."
    if is_known and len(full_name) - 1 > _LONGEST:
        raise EmrError(
            f"name must have at most {_LONGEST} characters with its zone, got {len(full_name) - 1}; shorten it", at=at
        )
    return full_name


def _is_dns_name(host: str) -> bool:
    labels = host.split(".")
    return host == "*" or all(map(_LABEL.fullmatch, labels[labels[0] == "*" :]))


def _zone_name(zone: route53.IHostedZone, cluster: IClusterRef) -> str:
    try:
        return zone.zone_name
    except RuntimeError:
        # CDK raises an error for HostedZone.from_hosted_zone_id().
        raise EmrError(
            "zone must be a route53.IHostedZone with a name, got one that was imported without it; use "
            "route53.HostedZone.from_hosted_zone_attributes(...) or .from_lookup(...)",
            at=cluster,
        ) from None


def _warn(cluster: IClusterRef, record: route53.CnameRecord, name: str) -> None:
    identities = {
        "the certificates of in-transit encryption": is_encrypted_in_transit(cluster.security_document or {}),
        "the Kerberos principals": "KerberosAttributes" in (cluster.run_job_flow_request or {}),
    }
    shown = "the DNS name" if is_unknown(name) else name
    if found := [what for what, is_used in identities.items() if is_used]:
        add_warning(
            record,
            _WARNING,
            f"{' and '.join(found)} identify the node by its own name, not by {shown}; configure the clients to expect "
            "the node's own name, then acknowledge this warning",
        )
