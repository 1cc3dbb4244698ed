from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from moto import mock_aws

from emr_constructs.data import refresh
from emr_constructs.rules.releases import parse
from tests.tools import PROJECT

DATA = PROJECT / "emr_constructs" / "data"


def test_the_lists_without_identical_items_are_those_of_the_schemas(tmp_path):
    written = refresh.write_unique_items(tmp_path)
    assert json.loads(written.read_text()) == json.loads((DATA / written.name).read_text())


def test_a_list_must_be_without_identical_items_in_all_structures():
    lists = {"Args": {"type": "array", "uniqueItems": True}, "Tags": {"type": "array", "uniqueItems": False}}
    other = {"properties": {"Args": {"type": "array"}, "Name": {"type": "string"}}}
    assert refresh.unique_items({"A": {"properties": lists}, "B": {"properties": {}}}) == {"A": ["Args"]}
    assert refresh.unique_items({"A": {"properties": lists, "definitions": {"Other": other}}}) == {}


class TestLifecycles:
    def test_the_file_is_complete_as_it_is(self, tmp_path, capsys):
        text = (DATA / "lifecycles.json").read_text()
        (tmp_path / "lifecycles.json").write_text(text)
        refresh.main(["lifecycles"], tmp_path)
        assert capsys.readouterr().out == f"{tmp_path / 'lifecycles.json'}\n"
        assert (tmp_path / "lifecycles.json").read_text() == text

    def test_dates_that_aws_does_not_state_follow_from_the_release(self):
        found = refresh.lifecycles({"emr-7.15": {"released": "2026-12-31", "sources": ["page"]}})
        assert found == {
            "emr-7.15": {
                "released": "2026-12-31",
                "sources": ["page"],
                "standard_support_until": "2028-12-31",
                "end_of_life": "2029-12-31",
                "basis": "derived",
            }
        }
        assert refresh.lifecycles(found) == found

    def test_a_stated_date_stays(self):
        row = {"released": "2028-02-29", "end_of_life": "2032-01-01"}
        found = refresh.lifecycles({"emr-9.0": row})["emr-9.0"]
        assert found == {**row, "standard_support_until": "2030-02-28", "basis": "derived"}

    def test_nothing_follows_without_the_date_of_the_release(self):
        assert refresh.lifecycles({"emr-9.0": {"sources": ["page"]}}) == {"emr-9.0": {"sources": ["page"]}}


def described(name, **facts):
    """A type as the EMR API describes it."""
    return {
        "Type": name,
        "MemoryGB": 1.7000000476837158,
        "StorageGB": 0,
        "VCPU": 4,
        "NumberOfDisks": 0,
        "EbsStorageOnly": True,
        "Architecture": "AARCH64",
        **facts,
    }


def catalogue(**answers):
    """What is made of answers, such as ``emr_7_0_0="a b"``: the types that each release supports."""
    labels = {
        label.replace("_", "-", label.count("_") - 2).replace("_", "."): names for label, names in answers.items()
    }
    return refresh.instance_types(
        {parse(label): [described(name) for name in names.split()] for label, names in labels.items()}
    )


@pytest.fixture
def credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


def test_the_shapes_are_those_of_the_installed_service_model(tmp_path, capsys):
    refresh.main([], tmp_path)
    target = tmp_path / "api_shapes.json"
    assert capsys.readouterr().out == f"{target}\n"
    assert target.read_text() == (DATA / "api_shapes.json").read_text()


def test_the_instance_types_are_those_that_emr_answered(tmp_path, capsys, credentials):
    """moto answers as EMR did; asking again makes the same files, and no catalog."""
    files = ("instance_types.json", "instance_catalogs.json")
    for name in files:
        (tmp_path / name).write_text((DATA / name).read_text() + "\n")
    with mock_aws():
        refresh.main(["instance-types", "--region", "us-east-1"], tmp_path)
    assert capsys.readouterr().out == f"{tmp_path / files[0]}\n"
    for name in files:
        assert (tmp_path / name).read_text() == (DATA / name).read_text()


def test_the_file_of_instance_types_is_small_and_has_a_line_for_each():
    text = (DATA / "instance_types.json").read_text()
    assert len(text) < 200_000
    named = [line.split('"')[1] for line in text.splitlines() if '"since"' in line]
    assert named == sorted(json.loads(text)["types"])


def test_asks_the_endpoint_and_the_region_that_are_given(tmp_path, monkeypatch):
    import boto3

    asked = []

    def client(service, **options):
        asked.append((service, options["region_name"], options["endpoint_url"]))
        return Client({"emr-7.0.0": [[described("a.large")]]}, region=options["region_name"])

    monkeypatch.setattr(boto3, "client", client)
    refresh.main(["instance-types", "--region", "eu-west-1", "--endpoint-url", "http://localhost:5000"], tmp_path)
    assert asked == [("emr", "eu-west-1", "http://localhost:5000")]
    assert json.loads((tmp_path / "instance_types.json").read_text())["region"] == "eu-west-1"


def test_changed_instance_types_add_a_catalog_that_restores_the_old_ones(tmp_path):
    pages = {"emr-7.0.0": [[described("a.large"), described("b.large")]]}
    refresh.write_instance_types(tmp_path, Client(pages), "2026-11-23")
    before = (tmp_path / "instance_types.json").read_text()
    refresh.write_instance_types(tmp_path, Client(pages), "2026-12-24")
    dated = tmp_path / "instance_catalogs.json"
    assert list(json.loads(dated.read_text())["catalogs"]) == ["2026-11-23"]
    pages = {"emr-7.0.0": [[described("a.large", VCPU=8)]], "emr-7.1.0": [[described("a.large", VCPU=8)]]}
    refresh.write_instance_types(tmp_path, Client(pages), "2027-03-01")
    kinds = json.loads(before)["types"]
    assert json.loads(dated.read_text())["catalogs"] == {
        "2026-11-23": {"releases": {"added": [], "missing": ["emr-7.1.0"]}, "types": kinds},
        "2027-03-01": {"releases": {"added": [], "missing": []}, "types": {}},
    }
    after = (tmp_path / "instance_types.json").read_text()
    with pytest.raises(ValueError, match="the catalog must be later than 2027-03-01, got 2027-02-01"):
        refresh.write_instance_types(tmp_path, Client({"emr-7.0.0": [[]]}), "2027-02-01")
    assert (tmp_path / "instance_types.json").read_text() == after


class Client:
    """EMR with pages, which moto does not have."""

    def __init__(self, pages, region="us-east-1"):
        self.pages = pages
        self.meta = SimpleNamespace(region_name=region)

    def list_release_labels(self, NextToken="0"):  # noqa: N803
        at, labels = int(NextToken), list(self.pages)
        more = {"NextToken": str(at + 1)} if at + 1 < len(labels) else {}
        return {"ReleaseLabels": labels[at : at + 1], **more}

    def list_supported_instance_types(self, ReleaseLabel, Marker="0"):  # noqa: N803
        at, pages = int(Marker), self.pages[ReleaseLabel]
        more = {"Marker": str(at + 1)} if at + 1 < len(pages) else {}
        return {"SupportedInstanceTypes": pages[at], **more}


def test_reads_all_pages_and_leaves_previews_out():
    pages = {
        "emr-7.1.0": [[described("a.large")], [described("b.large")], [described("c.large")]],
        "emr-7.0.0-preview": [[described("d.large")]],
        "emr-7.0.0": [[described("a.large")]],
    }
    answers = refresh.ask(Client(pages))
    assert {release.label: [found["Type"] for found in types] for release, types in answers.items()} == {
        "emr-7.1.0": ["a.large", "b.large", "c.large"],
        "emr-7.0.0": ["a.large"],
    }


def test_keeps_the_facts_and_the_first_release_of_each_major_version():
    assert catalogue(emr_6_9_0="", emr_6_10_0="a", emr_7_0_0="a", emr_7_1_0="a b", emr_spark_8_0_0="b") == {
        "a": {
            "architecture": "AARCH64",
            "vcpu": 4,
            "memory_gib": 1.7,
            "disks": 0,
            "storage_gb": 0,
            "ebs_only": True,
            "since": ["emr-6.10.0", "emr-7.0.0"],
        },
        "b": {
            "architecture": "AARCH64",
            "vcpu": 4,
            "memory_gib": 1.7,
            "disks": 0,
            "storage_gb": 0,
            "ebs_only": True,
            "since": ["emr-7.1.0", "emr-spark-8.0.0"],
        },
    }


def test_marks_what_contradicts_the_other_releases():
    made = catalogue(emr_7_0_0="a b", emr_7_1_0="a b", emr_7_2_0="b c d", emr_7_3_0="a b d", emr_7_4_0="a b d c")
    assert {name: (facts["since"], facts.get("disputed")) for name, facts in made.items()} == {
        "a": (["emr-7.0.0"], ["emr-7.2.0"]),
        "b": (["emr-7.0.0"], None),
        "c": (["emr-7.4.0"], ["emr-7.2.0"]),
        "d": (["emr-7.2.0"], None),
    }


def test_a_type_that_the_newest_release_lacks_is_disputed_there():
    made = catalogue(emr_7_0_0="a", emr_7_1_0="a", emr_7_2_0="")
    assert (made["a"]["since"], made["a"]["disputed"]) == (["emr-7.0.0"], ["emr-7.2.0"])


def test_the_newest_release_describes_a_type():
    answers = {
        parse("emr-7.1.0"): [described("a", VCPU=8)],
        parse("emr-7.0.0"): [described("a", VCPU=4)],
    }
    assert refresh.instance_types(answers)["a"]["vcpu"] == 8
