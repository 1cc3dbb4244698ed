"""The figures of EC2 that differ from those of EMR."""

from __future__ import annotations

import gzip
import json
from importlib import resources

import pytest

from emr_constructs.data import load

FIGURES = load("ec2_figures.json")["types"]
TYPES = load("instance_types.json")["types"]


@pytest.fixture(scope="module")
def answers():
    """What DescribeInstanceTypes of EC2 answers, as moto has recorded it."""
    packed = resources.files("moto.ec2").joinpath("resources", "instance_types.json.gz").read_bytes()
    return json.loads(gzip.decompress(packed))


def figures_of(answer):
    return {
        "vcpu": answer["VCpuInfo"]["DefaultVCpus"],
        "memory_gib": answer["MemoryInfo"]["SizeInMiB"] / 1024,
        "storage_gb": answer.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0),
    }


def test_all_differences_are_listed(answers):
    different = {
        name: {
            figure: pytest.approx(amount, abs=0.001)
            for figure, amount in figures_of(answers[name]).items()
            if abs(amount - facts[figure]) > 0.01 * max(amount, 1 if figure == "storage_gb" else 0)
        }
        for name, facts in TYPES.items()
        if name in answers
    }
    assert {name: found for name, found in different.items() if found} == FIGURES
