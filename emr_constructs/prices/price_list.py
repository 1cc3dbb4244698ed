"""Reads prices from the AWS Price List Query API, through boto3.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from .._core.errors import EmrError
from .price_file import REGION, Prices

__all__ = ["client_for", "fetch", "region_or_default"]

_ENDPOINT: Final = "us-east-1"
_ENDPOINT_OF_CHINA: Final = "cn-northwest-1"
_EMR: Final = {"softwareType": "EMR"}
# On-Demand Linux instances as EMR launches them; other records have prices of reservations, licenses or tenancies.
_EC2: Final = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "operation": "RunInstances",
}
_IF_STATED: Final = {"locationType": "AWS Region", "marketoption": "OnDemand"}
_EBS: Final = ("Storage", "System Operation", "Provisioned Throughput")
# The volume type and its price, by the end of a usage type such as EU-EBS:VolumeUsage.gp3.
_USAGE: Final = {
    **{f"VolumeUsage.{kind}": (kind, "gib_month") for kind in ("gp2", "gp3", "st1", "sc1")},
    "VolumeUsage": ("standard", "gib_month"),
    "VolumeUsage.piops": ("io1", "gib_month"),
    "VolumeP-IOPS.piops": ("io1", "iops_month"),
    "VolumeP-IOPS.gp3": ("gp3", "iops_month"),
    "VolumeP-Throughput.gp3": ("gp3", "mibps_month"),
}
# The units of the Price List, each with the number of the file's units in it.
_UNITS: Final = {
    "hrs": 1, "hours": 1, "hour": 1, "gb-mo": 1, "gb-month": 1, "iops-mo": 1, "mibps-mo": 1, "gibps-mo": 1024,
}  # fmt: skip


class _Price(NamedTuple):
    amount: Decimal
    currency: str


def region_or_default(region: str | None) -> str:
    """Return the Region whose prices are read.

    :param region: Default: that of the AWS profile and the environment.
    :raises EmrError: there is none, or it isn't the name of one.
    """
    with _errors():
        found = region or os.environ.get("AWS_REGION") or _boto3().Session().region_name
    if not found:
        raise EmrError("--region must be the Region of the clusters, got none; use --region REGION, or set AWS_REGION")
    if not re.fullmatch(REGION, found):
        raise EmrError(f"--region must be the name of an AWS Region, got {found!r}; use a name such as eu-west-1")
    return str(found)


def client_for(region: str) -> Any:
    """Return a client of the Price List Query API for the partition of a Region.

    :raises EmrError: boto3 isn't installed.
    """
    # The API has endpoints in a few Regions, each with the prices of all Regions of its partition.
    with _errors():
        return _boto3().client("pricing", region_name=_ENDPOINT_OF_CHINA if region.startswith("cn-") else _ENDPOINT)


def fetch(client: Any, region: str) -> Prices:
    """Read the prices of all instance types that EMR has a price for, and of EBS volumes.

    :raises EmrError: there are no credentials, a permission is missing, or the Region has no prices.
    """
    with _errors():
        emr = list(_products(client, "ElasticMapReduce", region, _EMR))
        ec2 = list(_products(client, "AmazonEC2", region, _EC2))
        ebs = [found for family in _EBS for found in _products(client, "AmazonEC2", region, {"productFamily": family})]
    uplift, compute = _by_type(emr), _by_type(ec2)
    if not uplift:
        raise EmrError(f"--region must have EMR prices, got none for {region}; use a Region in which EMR is available")
    volumes: dict[str, dict[str, _Price | None]] = {}
    for product in ebs:
        usage = _attributes(product).get("usagetype", "")
        if "EBS:" in usage and (found := _USAGE.get(usage.rpartition("EBS:")[2])):
            kind, what = found
            row = volumes.setdefault(kind, {})
            row[what] = _one(row, what, _price(product))
    instances = {
        name: {"ec2": compute.get(name), "emr": uplift[name]} for name in sorted(uplift, key=lambda it: it.split("."))
    }
    currency = _currency(region, [*instances.values(), *volumes.values()])
    return Prices(region, currency, f"{datetime.now(UTC).date()}", _known(instances), _known(volumes))


def _boto3() -> Any:
    try:
        import boto3
    except ImportError:
        raise EmrError(
            "boto3 must be installed to read prices, got no module of this name; "
            "run pip install boto3, or install emr-constructs[aws]"
        ) from None
    return boto3


@contextmanager
def _errors() -> Iterator[None]:
    """Raise errors of boto3 with what to do about them."""
    _boto3()
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except NoCredentialsError:
        raise EmrError(
            "AWS credentials must be available to read prices, got none; "
            "run aws configure or aws sso login, or set AWS_PROFILE"
        ) from None
    except (ClientError, BotoCoreError) as error:
        is_answer = isinstance(error, ClientError)
        fix = (
            "use credentials of the Region's partition that allow pricing:GetProducts"
            if is_answer
            else "check the AWS configuration and the network connection"
        )
        raise EmrError(
            f"the AWS Price List must be available, got {type(error).__name__}: {_line(error)}; {fix}"
        ) from None


def _products(client: Any, service: str, region: str, attributes: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The products of a Region with these attributes."""
    wanted = {"regionCode": region, **attributes}
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in wanted.items()]
    pages = client.get_paginator("get_products").paginate(ServiceCode=service, Filters=filters)
    for page in pages:
        for text in page.get("PriceList", ()):
            product = _parsed(text)
            found = {**_attributes(product), "productFamily": _section(product, "product").get("productFamily")}
            # Outposts, Local Zones and Capacity Blocks have prices of their own.
            is_usual = all(found.get(name, value) == value for name, value in _IF_STATED.items())
            if is_usual and all(found.get(name) == value for name, value in wanted.items()):
                yield product


def _parsed(text: Any) -> Mapping[str, Any]:
    try:
        product = json.loads(text)
    except (TypeError, ValueError):
        product = None
    if not isinstance(product, Mapping):
        raise EmrError(f"records of the Price List must be JSON objects, got {str(text)[:60]!r}; run the command again")
    return product


def _section(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _attributes(product: Mapping[str, Any]) -> dict[str, str]:
    found = _section(_section(product, "product"), "attributes")
    return {str(name): str(value) for name, value in found.items()}


def _by_type(products: Iterable[Mapping[str, Any]]) -> dict[str, _Price | None]:
    """The prices of instance types; None for a type whose records contradict each other."""
    found: dict[str, _Price | None] = {}
    for product in products:
        name = _attributes(product).get("instanceType")
        if name:
            found[name] = _one(found, name, _price(product))
    return found


def _one(known: Mapping[str, _Price | None], name: str, price: _Price | None) -> _Price | None:
    return price if known.get(name, price) == price else None


def _price(product: Mapping[str, Any]) -> _Price | None:
    """The On-Demand price of a product; None if there is none, or more than one."""
    terms = _section(_section(product, "terms"), "OnDemand").values()
    dimensions = [found for term in terms for found in _section(term, "priceDimensions").values()]
    prices = {price for dimension in dimensions for price in _amounts(dimension)}
    # What a volume has at no charge is a dimension of its own.
    charged = {price for price in prices if price.amount} or prices
    return next(iter(charged)) if len(charged) == 1 else None


def _amounts(dimension: Any) -> Iterator[_Price]:
    if not isinstance(dimension, Mapping):
        return
    factor = _UNITS.get(str(dimension.get("unit")).lower())
    if factor is None:
        return
    for currency, amount in _section(dimension, "pricePerUnit").items():
        try:
            value = Decimal(str(amount)) / factor
        except InvalidOperation:
            continue
        if value.is_finite() and value >= 0:
            yield _Price(value.normalize(), str(currency))


def _currency(region: str, rows: Iterable[Mapping[str, _Price | None]]) -> str:
    found = sorted({price.currency for row in rows for price in row.values() if price})
    if len(found) != 1:
        names = " and ".join(found) or "none"
        raise EmrError(f"prices of {region} must have one currency, got {names}; run the command again")
    return found[0]


def _known(table: Mapping[str, Mapping[str, _Price | None]]) -> dict[str, dict[str, Decimal]]:
    return {kind: {what: price.amount for what, price in row.items() if price} for kind, row in table.items()}


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
