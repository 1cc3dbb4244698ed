"""YARN memory is what the EMR Release Guide lists for instance types."""

from __future__ import annotations

import pytest

from emr_constructs import SupportedInstanceType
from emr_constructs.data import load
from emr_constructs.rules.instance_types import facts, type_names
from emr_constructs.rules.yarn_memory import YarnMemory, yarn_memory

# As https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hadoop-task-config.html lists them.
LISTED = {
    "c1.medium": 1024, "c1.xlarge": 5120, "c3.xlarge": 5632, "c3.8xlarge": 53248, "c4.large": 1792,
    "c4.8xlarge": 53248, "c5.xlarge": 6144, "c5.9xlarge": 65536, "c5.12xlarge": 90112, "c5.18xlarge": 139264,
    "c5.24xlarge": 188416, "c5n.xlarge": 8064, "c5n.4xlarge": 34816, "d2.xlarge": 23424, "d2.8xlarge": 241664,
    "g3.16xlarge": 491520, "g4dn.16xlarge": 253952, "g5.xlarge": 11712, "g5.48xlarge": 741376, "g6.xlarge": 11520,
    "g6.8xlarge": 115712, "g6.12xlarge": 177152, "g6.16xlarge": 239616, "h1.16xlarge": 253952, "i3.xlarge": 23424,
    "im4gn.16xlarge": 241664, "is4gen.xlarge": 17572, "is4gen.2xlarge": 38656, "is4gen.8xlarge": 179200,
    "m1.small": 1024, "m1.medium": 2048, "m1.large": 5120, "m1.xlarge": 12288, "m2.xlarge": 14336,
    "m2.2xlarge": 30720, "m2.4xlarge": 61440, "m3.xlarge": 11520, "m4.large": 6144, "m4.xlarge": 12288,
    "m5dn.24xlarge": 366592, "m5n.8xlarge": 116736, "m5zn.2xlarge": 23424, "m5zn.3xlarge": 38656, "m6a.4xlarge": 54272,
    "m7i.12xlarge": 181248, "m7i.48xlarge": 741376, "m7i-flex.12xlarge": 179200, "m8g.12xlarge": 181248,
    "m8g.24xlarge": 366592, "r4.8xlarge": 241664, "m6g.12xlarge": 181248, "m6i.16xlarge": 241664,
    "r8g.12xlarge": 366592, "r8gd.48xlarge": 1490944, "x1.16xlarge": 964608, "x1.32xlarge": 1937408,
    "x1e.xlarge": 113408, "x1e.2xlarge": 235008, "x2iedn.24xlarge": 2990080, "x2iedn.32xlarge": 3989504,
    "x8g.12xlarge": 741376, "z1d.xlarge": 24576, "z1d.3xlarge": 90112, "z1d.12xlarge": 385024,
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_is_what_the_release_guide_lists(name):
    found = SupportedInstanceType.find(name)
    assert found is not None
    assert found.yarn_memory_mib == LISTED[name]


def test_the_largest_container_of_old_types_is_smaller_than_the_node():
    assert yarn_memory("m1.large") == YarnMemory(node=5120, container=3072)
    assert yarn_memory("m5.xlarge") == YarnMemory(node=12288, container=12288)


def test_a_type_that_is_not_listed_has_the_value_of_types_with_its_memory():
    families = load("yarn_memory.json")["families"]
    assert "r8i" not in families
    assert "r7i" in families
    assert yarn_memory("r8i.2xlarge") == yarn_memory("r7i.2xlarge") == YarnMemory(54272, 54272)


def test_is_none_if_no_source_states_it():
    """EMR lists no type with the 362 GiB of g7.24xlarge."""
    for name in ("g7.24xlarge", "m99.xlarge"):
        assert yarn_memory(name) is None
    found = SupportedInstanceType.find("g7.24xlarge")
    assert found is not None
    assert found.yarn_memory_mib is None


def test_is_less_than_the_memory_of_the_type():
    for name in type_names():
        found, known = yarn_memory(name), facts(name)
        assert known is not None
        assert found is None or 0 < found.container <= found.node < known["memory_gib"] * 1024


def test_the_file_names_families_and_types_that_exist():
    data = load("yarn_memory.json")
    families = {name.partition(".")[0] for name in type_names()}
    assert set(data["families"]) <= families
    assert set(data["types"]) <= set(type_names())
    assert {name.partition(".")[0] for name in data["types"]} <= set(data["families"])
