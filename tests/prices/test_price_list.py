"""Prices from the AWS Price List Query API, with botocore's stub of its answers."""

from __future__ import annotations

import builtins
import json
from contextlib import contextmanager
from decimal import Decimal

import boto3
import pytest
from botocore.stub import Stubber

from emr_constructs import EmrError
from emr_constructs.prices import price_list
from emr_constructs.prices.price_file import Prices
from tests.prices.records import dimension, ebs, ec2, emr, record

STORAGE = [
    ebs("Storage", "EU-EBS:VolumeUsage.gp3", dimension("0.088", "GB-Mo"), volumeApiName="gp3"),
    ebs("Storage", "EU-EBS:VolumeUsage.gp2", dimension("0.11", "GB-Mo")),
    ebs("Storage", "EU-EBS:VolumeUsage.piops", dimension("0.138", "GB-Mo")),
    ebs("Storage", "EU-EBS:VolumeUsage.io2", dimension("0.138", "GB-month")),
    ebs("Storage", "EBS:VolumeUsage", dimension("0.055", "GB-Mo")),
    ebs("Storage", "EU-EBS:VolumeUsage.gp3", dimension("0.2", "GB-Mo"), locationType="AWS Outposts"),
]
OPERATIONS = [
    ebs("System Operation", "EU-EBS:VolumeP-IOPS.gp3", dimension("0", "IOPS-Mo"), dimension("0.0055", "IOPS-Mo")),
    ebs("System Operation", "EU-EBS:VolumeP-IOPS.piops", dimension("0.072", "IOPS-Mo")),
    ebs("System Operation", "EU-EBS:VolumeIOUsage", dimension("0.00000005", "IOs")),
]
THROUGHPUT = [ebs("Provisioned Throughput", "EU-EBS:VolumeP-Throughput.gp3", dimension("45.056", "GiBps-mo"))]


@contextmanager
def answering(*pages, region="eu-west-1"):
    """A client that answers the queries in their order: EMR, EC2, and three of EBS."""
    client = price_list.client_for(region)
    with Stubber(client) as stub:
        for page in pages:
            stub.add_response("get_products", page if isinstance(page, dict) else {"PriceList": page})
        yield client
        stub.assert_no_pending_responses()


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def fetched(uplift, compute, storage=STORAGE, region="eu-west-1"):
    with answering(uplift, compute, storage, OPERATIONS, THROUGHPUT, region=region) as client:
        return price_list.fetch(client, region)


def test_prices_of_a_region():
    found = fetched(
        [emr("m7g.xlarge", "0.0408000000"), emr("m7g.xlarge", "9", softwareType="M3"), emr("x9.large", "1")],
        [ec2("m7g.xlarge", "0.1821000000"), ec2("m7g.xlarge", "9", tenancy="Dedicated"), ec2("t4g.nano", "0.01")],
    )
    assert json.loads(found.written()) == {
        "region": "eu-west-1",
        "currency": "USD",
        "date": found.date,
        # Types that EMR has no price for are left out; a missing price of EC2 is missing.
        "instances": {"m7g.xlarge": {"ec2": "0.1821", "emr": "0.0408"}, "x9.large": {"emr": "1"}},
        "volumes": {
            "gp3": {"gib_month": "0.088", "iops_month": "0.0055", "mibps_month": "0.044"},
            "gp2": {"gib_month": "0.11"},
            "io1": {"gib_month": "0.138", "iops_month": "0.072"},
            "standard": {"gib_month": "0.055"},
        },
    }
    assert Prices.of(json.loads(found.written())) == found


def test_the_queries_name_region_and_attributes():
    client = price_list.client_for("eu-west-1")
    with Stubber(client) as stub:
        filters = [
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "eu-west-1"},
            {"Type": "TERM_MATCH", "Field": "softwareType", "Value": "EMR"},
        ]
        expected = {"ServiceCode": "ElasticMapReduce", "Filters": filters}
        stub.add_response("get_products", {"PriceList": [emr("m7g.xlarge", "1")], "NextToken": "more"}, expected)
        stub.add_response("get_products", {"PriceList": [emr("r7g.xlarge", "2")]}, {**expected, "NextToken": "more"})
        for _ in range(4):
            stub.add_response("get_products", {"PriceList": []})
        found = price_list.fetch(client, "eu-west-1")
        stub.assert_no_pending_responses()
    assert list(found.instances) == ["m7g.xlarge", "r7g.xlarge"]


def test_records_of_another_region_are_not_used():
    found = fetched(
        [emr("m7g.xlarge", "1"), emr("m7g.2xlarge", "2", region="us-east-1")],
        [ec2("m7g.xlarge", "3", region="us-east-1")],
        [ebs("Storage", "EBS:VolumeUsage.gp3", dimension("0.08", "GB-Mo"), region="us-east-1")],
    )
    assert found.instances == {"m7g.xlarge": {"emr": 1}}
    assert "gib_month" not in found.volumes["gp3"]


def test_records_of_capacity_blocks_are_not_used():
    compute = [
        ec2("m7g.xlarge", "3", marketoption="OnDemand"),
        ec2("m7g.xlarge", "0", marketoption="CapacityBlock"),
        ec2("m7g.xlarge", "4", locationType="AWS Local Zone"),
    ]
    assert fetched([emr("m7g.xlarge", "1")], compute).instances == {"m7g.xlarge": {"ec2": 3, "emr": 1}}


def test_contradicting_records_are_unknown():
    found = fetched([emr("m7g.xlarge", "1"), emr("m7g.xlarge", "2"), emr("r7g.xlarge", "1")], [])
    assert found.instances == {"m7g.xlarge": {}, "r7g.xlarge": {"emr": 1}}


@pytest.mark.parametrize(
    "broken",
    [
        {"unit": "Quantity", "pricePerUnit": {"USD": "1"}},
        {"unit": "Hrs", "pricePerUnit": {"USD": "soon"}},
        {"unit": "Hrs", "pricePerUnit": {"USD": "NaN"}},
        {"unit": "Hrs", "pricePerUnit": {"USD": "-1"}},
        {"unit": "Hrs"},
        "free",
    ],
)
def test_prices_that_cannot_be_read_are_unknown(broken):
    attributes = {"instanceType": "m7g.xlarge", "softwareType": "EMR"}
    found = fetched([record("Elastic Map Reduce Instance", attributes, broken), emr("r7g.xlarge", "1")], [])
    assert found.instances["m7g.xlarge"] == {}


def test_china_has_its_own_endpoint_and_currency():
    client = price_list.client_for("cn-north-1")
    assert client.meta.region_name == "cn-northwest-1"
    assert client.meta.endpoint_url.endswith(".amazonaws.com.cn")
    region, dimensions = "cn-north-1", dimension("0.5", "GB-Mo", "CNY")
    storage = [ebs("Storage", "CNN1-EBS:VolumeUsage.gp3", dimensions, region=region)]
    uplift, compute = [emr("m7g.xlarge", "0.3", region, "CNY")], [ec2("m7g.xlarge", "1.5", region, "CNY")]
    with answering(uplift, compute, storage, [], [], region=region) as client:
        found = price_list.fetch(client, region)
    assert found.currency == "CNY"
    assert found.instances == {"m7g.xlarge": {"ec2": Decimal("1.5"), "emr": Decimal("0.3")}}
    assert found.volumes == {"gp3": {"gib_month": Decimal("0.5")}}


def test_other_regions_use_the_endpoint_of_their_partition():
    assert price_list.client_for("ap-southeast-2").meta.region_name == "us-east-1"
    assert price_list.client_for("us-gov-west-1").meta.region_name == "us-east-1"


def test_rejects_two_currencies():
    with pytest.raises(EmrError, match="prices of eu-west-1 must have one currency, got CNY and USD; run"):
        fetched([emr("m7g.xlarge", "1"), emr("r7g.xlarge", "1", currency="CNY")], [])


def test_rejects_a_region_without_emr():
    with pytest.raises(EmrError, match="--region must have EMR prices, got none for eu-west-9; use a Region in"):
        fetched([], [], [], region="eu-west-9")


def test_rejects_records_that_are_no_objects():
    for text in ("[]", "no JSON"):
        with (
            answering([text]) as client,
            pytest.raises(EmrError, match="records of the Price List must be JSON objects"),
        ):
            price_list.fetch(client, "eu-west-1")


def test_rejects_missing_permissions():
    client = price_list.client_for("eu-west-1")
    with Stubber(client) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "not authorized")
        with pytest.raises(EmrError, match=r"AccessDenied.*; use credentials .* pricing:GetProducts"):
            price_list.fetch(client, "eu-west-1")


def test_rejects_missing_credentials(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(EmrError, match="AWS credentials must be available to read prices, got none; run aws configure"):
        price_list.fetch(boto3.Session().client("pricing", region_name="us-east-1"), "eu-west-1")


def test_the_region_comes_from_the_environment(monkeypatch):
    assert price_list.region_or_default("eu-west-1") == "eu-west-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert price_list.region_or_default(None) == "eu-central-1"
    monkeypatch.setenv("AWS_REGION", "eu-central-2")
    assert price_list.region_or_default(None) == "eu-central-2"


def test_rejects_a_missing_profile(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "absent")
    for call in (price_list.region_or_default, price_list.client_for):
        with pytest.raises(EmrError, match=r"got ProfileNotFound: .*absent.*; check the AWS configuration"):
            call(None if call is price_list.region_or_default else "eu-west-1")


def test_rejects_a_missing_region():
    with pytest.raises(EmrError, match="--region must be the Region of the clusters, got none; use --region"):
        price_list.region_or_default(None)


@pytest.mark.parametrize("region", ["Ireland", "eu-west", "eu-west-1a", "EU-WEST-1", "eu_west_1"])
def test_rejects_what_is_no_region(region):
    with pytest.raises(EmrError, match="--region must be the name of an AWS Region, got"):
        price_list.region_or_default(region)


def test_rejects_a_missing_boto3(monkeypatch):
    load = builtins.__import__

    def missing(name, *arguments, **options):
        if name == "boto3":
            raise ImportError(name)
        return load(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(
        EmrError, match=r"boto3 must be installed to read prices.*run pip install boto3, or install emr-con"
    ):
        price_list.client_for("eu-west-1")
