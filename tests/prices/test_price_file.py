"""The price file: what it must have, and what is reported about others."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from emr_constructs import EmrError
from emr_constructs.prices import price_file
from emr_constructs.prices.price_file import Prices, read_prices
from tests.prices.records import PRICES


def test_reads_what_it_writes(tmp_path):
    prices = Prices.of(PRICES)
    (tmp_path / "prices.json").write_text(prices.written())
    assert read_prices(tmp_path / "prices.json") == prices
    assert str(prices) == "eu-west-1 in USD, 2026-11-25"


def test_numbers_keep_their_decimals(tmp_path):
    text = json.dumps(PRICES).replace('"0.144"', "0.1", 1)
    (tmp_path / "prices.json").write_text(text)
    assert read_prices(tmp_path / "prices.json").volumes["gp2"]["gib_month"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"region": None}, "region must be an AWS Region, got none"),
        ({"region": "Ireland"}, "region must be an AWS Region, got 'Ireland'"),
        ({"currency": "$"}, "currency must be a code such as USD, got '$'"),
        ({"date": "yesterday"}, "date must be a day such as 2026-11-25, got 'yesterday'"),
        ({"date": "20261125"}, "date must be a day such as 2026-11-25, got '20261125'"),
        ({"instances": []}, "instances must be a JSON object of prices by type, got []"),
        ({"instances": {"a.b": 1}}, "instances.a.b must be a JSON object, got 1"),
        ({"instances": {"a.b": {"spot": "1"}}}, "members of instances.a.b must be ec2, emr, got 'spot'"),
        ({"volumes": {"gp3": {"gib_month": "-1"}}}, "volumes.gp3.gib_month must be a price of at least 0, got '-1'"),
        ({"volumes": {"gp3": {"gib_month": "NaN"}}}, "volumes.gp3.gib_month must be a price of at least 0, got 'NaN'"),
        ({"volumes": {"gp3": {"gib_month": True}}}, "volumes.gp3.gib_month must be a price of at least 0, got True"),
        ({"volumes": {"gp3": {"gib_month": "1e9"}}}, "volumes.gp3.gib_month must be a price of at least 0, got '1e9'"),
        ({"volumes": {"gp3": {"gib_month": "1_0"}}}, "volumes.gp3.gib_month must be a price of at least 0, got '1_0'"),
        ({"volumes": {"gp3": {"gib_month": "\u0663"}}},
         "volumes.gp3.gib_month must be a price of at least 0, got '\u0663'"),
        ({"volumes": {"gp3": {"gib_month": " 1"}}}, "volumes.gp3.gib_month must be a price of at least 0, got ' 1'"),
        ({"instances": {" m5.xlarge": {}}},
         "members of instances must have the name of an instance type such as m7g.xlarge, got ' m5.xlarge'"),
        ({"volumes": {"GP3": {}}}, "members of volumes must have the name of a volume type such as gp3, got 'GP3'"),
        ({"volumes": {"gp3": {"gib_month": -0.5}}}, "volumes.gp3.gib_month must be a price of at least 0, got -0.5"),
        ({"savings": 1}, "members must be region, currency, date, instances, volumes, got 'savings'"),
    ],
)  # fmt: skip
def test_rejects_other_forms(tmp_path, change, message):
    (tmp_path / "prices.json").write_text(json.dumps({**PRICES, **change}))
    with pytest.raises(EmrError) as error:
        read_prices(tmp_path / "prices.json")
    (problem,) = error.value.problems
    fix = "correct it, or write the file again with emr-constructs prices --region REGION"
    assert problem == f"{tmp_path / 'prices.json'}: {message}; {fix}"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('"region"', '"region": "us-east-1", "region"', "'region'"),
        ('"m7g.xlarge"', '"m7g.xlarge": {"ec2": "9"}, "m7g.xlarge"', "'m7g.xlarge'"),
        ('"emr": "0.5"', '"emr": "0.5", "emr": "5"', "'emr'"),
    ],
)
def test_rejects_members_that_are_listed_twice(tmp_path, old, new, name):
    text = json.dumps(PRICES)
    assert text.count(old) == 1
    (tmp_path / "prices.json").write_text(text.replace(old, new))
    with pytest.raises(EmrError) as error:
        read_prices(tmp_path / "prices.json")
    assert str(error.value) == (
        f"{tmp_path / 'prices.json'}: members of a price file must be unique, got {name} twice; remove one of them"
    )


def test_reads_numbers_as_people_write_them(tmp_path):
    for text, price in (("1.", "1"), (".5", "0.5"), ("2.5e-3", "0.0025"), ("0", "0")):
        prices = Prices.of({**PRICES, "volumes": {"gp3": {"gib_month": text}}})
        assert prices.volumes["gp3"]["gib_month"] == Decimal(price)


@pytest.mark.parametrize("text", ["", "prices", "[1]", "null", "[" * 100_000, '{"region": '])
def test_rejects_what_is_no_object(tmp_path, text):
    (tmp_path / "prices.json").write_text(text)
    with pytest.raises(
        EmrError, match=r"prices.json: (price file|prices) must be (a )?JSON.*; correct it, or write the file again"
    ):
        read_prices(tmp_path / "prices.json")


def test_rejects_a_file_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(EmrError, match="price file must be readable, got"):
            read_prices(path)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EmrError, match="price file must be JSON, got"):
        read_prices(tmp_path / "binary.json")


def test_rejects_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(price_file, "_LARGEST_FILE", 10)
    (tmp_path / "prices.json").write_text(json.dumps(PRICES))
    with pytest.raises(EmrError, match=r"prices\.json: price file must have at most 10 bytes, got"):
        read_prices(tmp_path / "prices.json")


def test_reports_all_problems_at_once(tmp_path):
    (tmp_path / "prices.json").write_text(json.dumps({**PRICES, "region": 1, "currency": 1}))
    with pytest.raises(EmrError) as error:
        read_prices(tmp_path / "prices.json")
    assert len(error.value.problems) == 2
