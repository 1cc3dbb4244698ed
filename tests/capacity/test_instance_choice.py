"""Instance types by size: which ones, in which order, and that newer data doesn't change them."""

from __future__ import annotations

import json

import pytest
from aws_cdk import CfnParameter

from emr_constructs import EmrError, InstanceFleet, ReleaseLabel, SupportedInstanceType
from emr_constructs.capacity import instance_choice
from emr_constructs.data.catalogs import add_catalog
from emr_constructs.rules import instance_catalogs, instance_types
from tests.cli.tools import run

NEWEST = ReleaseLabel.EMR_7_14_0
DAY = "2026-11-23"
PAIR = "must be a positive number or a pair of the minimum and the maximum, got"


def choose(release=NEWEST, *, vcpu=8, memory_gib=(28, 64), **options):
    return SupportedInstanceType.choose(release, vcpu=vcpu, memory_gib=memory_gib, **options)


def found(names):
    return [kind for name in names if (kind := SupportedInstanceType.find(name))]


def test_the_newest_generations_are_first_of_these_the_smallest_types():
    assert choose() == (
        "m8a.2xlarge", "m8g.2xlarge", "m8i-flex.2xlarge", "m8i.2xlarge", "r8a.2xlarge", "r8g.2xlarge", "r8gb.2xlarge",
        "r8gn.2xlarge", "r8i-flex.2xlarge", "r8i.2xlarge",
    )  # fmt: skip
    assert choose(architecture="AARCH64", limit=5) == (
        "m8g.2xlarge", "r8g.2xlarge", "r8gb.2xlarge", "r8gn.2xlarge", "m7g.2xlarge",
    )  # fmt: skip


def test_an_amount_of_memory_is_that_of_ec2():
    """EMR reports 30.5 GiB for most types with 32 GiB."""
    reported = {kind.memory_gib for kind in found(choose(memory_gib=32, limit=100))}
    assert reported == {30.5, 32}
    assert choose(memory_gib=(32, 64)) == choose(memory_gib=(28, 64))
    assert "c8g.4xlarge" not in choose(vcpu=(8, 16), memory_gib=64, limit=100)


def test_less_memory_than_emr_keeps_for_itself_does_not_match():
    """c4.8xlarge has 60 GiB in EC2 and in EMR."""
    assert choose(vcpu=36, memory_gib=60, limit=1) == ("c4.8xlarge",)
    with pytest.raises(EmrError, match="got 36 vCPUs and 64 GiB"):
        choose(vcpu=36, memory_gib=64)


def test_types_with_fewer_vcpus_are_first():
    names = choose(vcpu=(4, 8), memory_gib=(16, 32), architecture="AARCH64", limit=6)
    assert names.index("r8g.xlarge") < names.index("c8g.2xlarge")


def test_ranges_include_both_ends():
    sizes = {(kind.vcpu, kind.memory_gib) for kind in found(choose(vcpu=(4, 16), memory_gib=(16, 64), limit=100))}
    assert {vcpu for vcpu, _ in sizes} == {4, 8, 16}
    assert min(memory for _, memory in sizes) >= 15
    assert max(memory for _, memory in sizes) <= 64


def test_only_types_that_the_release_supports():
    for label in ("emr-5.36.2", "emr-6.15.0", "emr-7.0.0", "emr-spark-8.0.0"):
        release = ReleaseLabel.of(label)
        names = choose(release, limit=100)
        assert names
        assert all(kind.is_supported_by(release) for kind in found(names))
    assert choose(ReleaseLabel.EMR_7_8_0, memory_gib=32, limit=2) == ("m8g.2xlarge", "m7a.2xlarge")
    assert choose(ReleaseLabel.EMR_7_9_0, memory_gib=32, limit=2) == ("m8a.2xlarge", "m8g.2xlarge")


def test_a_variant_requires_its_family():
    """EMR lists r8gn for releases that don't support r8g, and for ones older than Graviton."""
    r8gn = SupportedInstanceType.find("r8gn.2xlarge")
    assert r8gn is not None
    assert r8gn.is_supported_by(ReleaseLabel.EMR_6_9_0)
    assert choose(ReleaseLabel.EMR_6_9_0, architecture="AARCH64") == ("m6g.2xlarge", "r6g.2xlarge")
    assert "r8gn.2xlarge" in choose(ReleaseLabel.EMR_6_15_0)


def test_no_accelerators_metal_and_local_storage_unless_asked():
    plain = choose(vcpu=(4, 200), memory_gib=(8, 4000), limit=1000)
    assert all(kind.ebs_only for kind in found(plain))
    families = {name.partition(".")[0] for name in plain}
    assert not {"g3", "g3s", "p2", "p3", "g5", "f2"} & families
    accelerated = choose(vcpu=(4, 200), memory_gib=(8, 4000), limit=1000, accelerated=True)
    assert {name.partition(".")[0] for name in {*accelerated} - {*plain}} == {"g3", "g3s", "p2", "p3"}
    stored = choose(vcpu=(4, 200), memory_gib=(8, 4000), limit=1000, local_storage=True)
    assert {"r8gd", "i8g", "d3"} <= {name.partition(".")[0] for name in {*stored} - {*plain}}
    assert not {"g5", "f2", "p5"} & {name.partition(".")[0] for name in stored}
    both = choose(vcpu=(4, 200), memory_gib=(8, 4000), limit=1000, local_storage=True, accelerated=True)
    assert {"g5", "f2", "p5", "gr6"} <= {name.partition(".")[0] for name in both}


def test_is_what_a_fleet_accepts():
    fleet = InstanceFleet.on_demand(*choose(limit=5), units=4)
    rendered = [kind["InstanceType"] for kind in fleet._render("CORE")["InstanceTypeConfigs"]]
    assert rendered == list(choose(limit=5))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"vcpu": 8, "memory_gib": 20},
            "vcpu and memory_gib must match instance types that emr-7.14.0 supports, got 8 vCPUs and 20 GiB with "
            "accelerated=False, metal=False, local_storage=False; include one of the nearest: c5n.2xlarge (8 vCPUs, 21 "
            "GiB, X86_64), ",
        ),
        (
            {"release": ReleaseLabel.EMR_5_29_0, "architecture": "AARCH64", "local_storage": True},
            "emr-5.29.0 supports, got 8 vCPUs and 28 to 64 GiB with AARCH64, accelerated=False, metal=False; include",
        ),
        ({"vcpu": (8, 4)}, f"vcpu {PAIR} (8, 4);"),
        ({"vcpu": (4, 8, 16)}, f"vcpu {PAIR} (4, "),
        ({"vcpu": 0}, f"vcpu {PAIR} 0; use values "),
        ({"memory_gib": (-1, 4)}, f"memory_gib {PAIR} (-1, 4)"),
        ({"memory_gib": ()}, f"memory_gib {PAIR} ()"),
        ({"memory_gib": "32"}, "memory_gib must be a number, a cdk.Size or a list of numbers, got '32'"),
        ({"memory_gib": float("nan")}, "memory_gib must be a number, a cdk.Size or a list of numbers, got nan"),
        ({"vcpu": True}, "vcpu must be an integer or a list of integers, got True"),
        ({"architecture": "arm64"}, "architecture must be 'AARCH64' or 'X86_64', got 'arm64'; use 'AARCH64'"),
        ({"architecture": "x86-64"}, "architecture must be 'AARCH64' or 'X86_64', got 'x86-64'; use 'X86_64'"),
        (
            {"architecture": "amd64"},
            "architecture must be 'AARCH64' or 'X86_64', got 'amd64'; use 'AARCH64' or 'X86_64'",
        ),
        ({"limit": 0}, "limit must be at least 1, got 0; use a larger number"),
        ({"catalog": "2020-01"}, f"catalog must be one of {DAY}, got '2020-01'; use '{DAY}'"),
        (
            {"release": ReleaseLabel.of("emr-7.99.0")},
            "release must be one whose instance types the library knows, got emr-7.99.0; use another release, or list",
        ),
        ({"release": "emr-7.14.0"}, "release must be a ReleaseLabel, got 'emr-7.14.0'"),
    ],
)  # fmt: skip
def test_rejects(options, message):
    with pytest.raises(EmrError) as error:
        choose(**options)
    assert message in str(error.value)


def test_rejects_what_is_not_known_yet(stack):
    number = CfnParameter(stack, "Number", type="Number").value_as_number
    text = CfnParameter(stack, "Text").value_as_string
    for options in ({"vcpu": number}, {"memory_gib": (8, number)}, {"limit": number}, {"catalog": text}):
        with pytest.raises(EmrError, match="must be known at synth time, got a token"):
            choose(**options)


def test_nearest_types_are_those_of_the_kinds_that_are_asked_for():
    with pytest.raises(EmrError) as error:
        choose(vcpu=7, architecture="X86_64")
    assert "m8a.2xlarge (8 vCPUs, 30.5 GiB, X86_64)" in str(error.value)
    assert "AARCH64" not in str(error.value)


class Refreshed:
    """The library with the data of a later day: instance types changed, came and went, and there is a new release."""

    DAY = "2027-03-01"

    def __init__(self, monkeypatch):
        old = instance_types.load("instance_types.json")
        kinds = {name: facts for name, facts in old["types"].items() if name != "r8gn.2xlarge"}
        kinds["m8i.2xlarge"] = {**kinds["m8i.2xlarge"], "memory_gib": 66.0}
        kinds["r8g.2xlarge"] = {**kinds["r8g.2xlarge"], "disputed": ["emr-7.14.0"]}
        kinds["m9g.2xlarge"] = {**kinds["m8g.2xlarge"], "since": ["emr-7.0.0"]}
        kinds["m9g.metal"] = kinds["vt9.2xlarge"] = kinds["m9g.2xlarge"]
        new = {"releases": [*old["releases"], "emr-7.99.0"], "types": kinds}
        dated = instance_types.load("instance_catalogs.json")
        files = {
            "instance_types.json": new,
            "instance_catalogs.json": {"catalogs": add_catalog(dated["catalogs"], self.DAY, old, new)},
        }
        monkeypatch.setattr(instance_catalogs, "load", files.__getitem__)


@pytest.fixture
def refreshed(monkeypatch):
    instance_catalogs.catalog.cache_clear()
    yield Refreshed(monkeypatch)
    instance_catalogs.catalog.cache_clear()


def test_newer_data_changes_no_choice(monkeypatch):
    cases = [
        {"release": release, "architecture": architecture, "limit": 1000, "vcpu": (4, 64), "memory_gib": (8, 512)}
        for release in (NEWEST, ReleaseLabel.EMR_7_0_0, ReleaseLabel.EMR_6_15_0, ReleaseLabel.EMR_5_36_2)
        for architecture in (None, "AARCH64")
    ]
    before = [choose(**case) for case in cases]
    instance_catalogs.catalog.cache_clear()
    Refreshed(monkeypatch)
    try:
        assert [choose(**case) for case in cases] == before
        assert [choose(**case, catalog=DAY) for case in cases] == before
        assert choose(catalog=Refreshed.DAY) != choose()
    finally:
        instance_catalogs.catalog.cache_clear()


def template(tmp_path, name, **options):
    """The template of a cluster whose fleets consist of a choice, as a file."""
    fleet = InstanceFleet.on_demand(*choose(limit=5, **options), units=2)._render("CORE")
    nodes = {member: value for member, value in fleet.items() if member != "InstanceFleetType"}
    one = {"TargetOnDemandCapacity": 1, "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}]}
    instances = {"MasterInstanceFleet": one, "CoreInstanceFleet": nodes}
    properties = {"Name": "a", "ReleaseLabel": NEWEST.label, "Instances": instances}
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps({"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}))
    return file


def test_newer_data_replaces_no_cluster(tmp_path, monkeypatch):
    before = template(tmp_path, "before")
    instance_catalogs.catalog.cache_clear()
    Refreshed(monkeypatch)
    try:
        after, newer = template(tmp_path, "after"), template(tmp_path, "newer", catalog=Refreshed.DAY)
    finally:
        instance_catalogs.catalog.cache_clear()
    assert before.read_text() == after.read_text()
    assert run("diff", before, after).output == "after.json: Cluster: unchanged\n"
    assert "replaced" in run("diff", before, newer).output


@pytest.mark.usefixtures("refreshed")
def test_newer_types_are_chosen_on_request_and_for_newer_releases():
    wanted = ("m9g.2xlarge", "m8g.2xlarge", "r8gb.2xlarge")
    assert choose(architecture="AARCH64", limit=3, catalog=Refreshed.DAY) == wanted
    metal = choose(architecture="AARCH64", limit=3, catalog=Refreshed.DAY, metal=True)
    assert metal == ("m9g.2xlarge", "m9g.metal", "m8g.2xlarge")
    video = choose(architecture="AARCH64", limit=2, catalog=Refreshed.DAY, accelerated=True)
    assert video == ("m9g.2xlarge", "vt9.2xlarge")
    assert choose(ReleaseLabel.of("emr-7.99.0"), architecture="AARCH64", limit=2)[0] == "m9g.2xlarge"
    with pytest.raises(EmrError, match=f"catalog must list emr-7.99.0, got '{DAY}'; use '{Refreshed.DAY}'"):
        choose(ReleaseLabel.of("emr-7.99.0"), catalog=DAY)


def test_a_catalog_states_how_it_differs_from_the_next_one():
    old = {"releases": ["emr-7.0.0", "emr-7.1.0"], "types": {"a": {"vcpu": 4}, "b": {"vcpu": 4}, "c": {"vcpu": 4}}}
    new = {"releases": ["emr-7.1.0", "emr-7.2.0"], "types": {"a": {"vcpu": 4}, "b": {"vcpu": 8}, "d": {"vcpu": 4}}}
    first = add_catalog({}, "2026-11-23", None, old)
    same = {"releases": {"added": [], "missing": []}, "types": {}}
    assert first == {"2026-11-23": same}
    assert add_catalog(first, "2027-03-01", old, old) == first
    second = add_catalog(first, "2027-03-01", old, new)
    assert second == {
        "2026-11-23": {
            "releases": {"added": ["emr-7.0.0"], "missing": ["emr-7.2.0"]},
            "types": {"b": {"vcpu": 4}, "c": {"vcpu": 4}, "d": None},
        },
        "2027-03-01": same,
    }
    with pytest.raises(ValueError, match="must be later than 2027-03-01, got 2027-03-01; restore the files"):
        add_catalog(second, "2027-03-01", new, old)


def test_older_catalogs_are_restored_over_several_days(monkeypatch):
    days = ["2026-01-01", "2026-02-01", "2026-03-01"]
    states = [
        {"releases": ["emr-7.0.0"], "types": {"a": {"vcpu": 4}}},
        {"releases": ["emr-7.0.0", "emr-7.1.0"], "types": {"a": {"vcpu": 8}, "b": {"vcpu": 4}}},
        {"releases": ["emr-7.1.0"], "types": {"b": {"vcpu": 4}}},
    ]
    catalogs = {}
    for old, new, day in zip([None, *states], states, days, strict=False):
        catalogs = add_catalog(catalogs, day, old, new)
    files = {"instance_types.json": states[-1], "instance_catalogs.json": {"catalogs": catalogs}}
    monkeypatch.setattr(instance_catalogs, "load", files.__getitem__)
    instance_catalogs.catalog.cache_clear()
    try:
        restored = [instance_catalogs.catalog(day) for day in days]
        assert [(sorted(found.releases), dict(found.types)) for found in restored] == [
            (state["releases"], state["types"]) for state in states
        ]
        first = instance_catalogs.first_catalog("emr-7.1.0")
        assert first is not None
        assert first.name == days[1]
        assert instance_catalogs.first_catalog("emr-7.2.0") is None
    finally:
        instance_catalogs.catalog.cache_clear()


def test_the_last_catalog_is_the_current_data():
    current = instance_types.load("instance_types.json")
    last = instance_catalogs.catalog(instance_catalogs.catalog_names()[-1])
    assert (last.types, last.releases) == (current["types"], set(current["releases"]))
    assert list(instance_catalogs.catalog_names()) == sorted(instance_catalogs.catalog_names())


def test_a_range_reads_as_its_ends():
    assert [str(found) for found in (instance_choice.Range(8, 8), instance_choice.Range(7.5, 64))] == ["8", "7.5 to 64"]
