"""Records in the shape of the AWS Price List, and a price file; all amounts are invented."""

from __future__ import annotations

import json

SHAPE = {"serviceCode": "AmazonEC2", "version": "20261120000000", "publicationDate": "2026-11-20T00:00:00Z"}

PRICES = {
    "region": "eu-west-1",
    "currency": "USD",
    "date": "2026-11-25",
    "instances": {
        "m7g.xlarge": {"ec2": "1", "emr": "0.25"},
        "m7g.2xlarge": {"ec2": "2.2", "emr": "0.5"},
        "r7g.xlarge": {"ec2": "1.5", "emr": "0.3"},
        "m5d.xlarge": {"ec2": "1.25", "emr": "0.25"},
    },
    "volumes": {
        "gp2": {"gib_month": "0.144"},
        "gp3": {"gib_month": "0.072", "iops_month": "0.0072", "mibps_month": "0.036"},
        "io1": {"gib_month": "0.144", "iops_month": "0.072"},
    },
}


def dimension(amount, unit="Hrs", currency="USD", **more):
    return {"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {currency: amount}, **more}


def record(family, attributes, *dimensions, region="eu-west-1", terms="OnDemand"):
    """The text of a product with its price."""
    sku = "SKU"
    rates = {f"{sku}.TERM.{at}": found for at, found in enumerate(dimensions)}
    product = {"productFamily": family, "sku": sku, "attributes": {"regionCode": region, **attributes}}
    prices = {terms: {f"{sku}.TERM": {"priceDimensions": rates, "sku": sku}}}
    return json.dumps({**SHAPE, "product": product, "terms": prices})


def emr(name, amount, region="eu-west-1", currency="USD", **attributes):
    found = {"servicecode": "ElasticMapReduce", "softwareType": "EMR", "instanceType": name, **attributes}
    return record("Elastic Map Reduce Instance", found, dimension(amount, currency=currency), region=region)


def ec2(name, amount, region="eu-west-1", currency="USD", **attributes):
    found = {
        "instanceType": name,
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "operation": "RunInstances",
        "locationType": "AWS Region",
        **attributes,
    }
    return record("Compute Instance", found, dimension(amount, currency=currency), region=region)


def ebs(family, usage, *dimensions, region="eu-west-1", **attributes):
    return record(family, {"usagetype": usage, **attributes}, *dimensions, region=region)
