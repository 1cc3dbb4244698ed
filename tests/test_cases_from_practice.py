"""Small inputs after real templates and public reports: each stands for a kind of input, and for its right answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates.inputs import check_source, read

CASES = Path(__file__).with_name("cases")
ACCEPTED = sorted((CASES / "accepted").iterdir())
# The rules that report what is wrong with an input: one line for each file.
# fmt: off
REFUSED: dict[str, set[str]] = {
    "classification-misspelt.yaml": {"emr-classification-unknown"},
    "classification-renamed-hbase-log4j.json": {"emr-classification-unknown"},
    "classification-renamed-spark-log4j.json": {"emr-classification-unknown"},
    "create-cluster-in-a-state-machine.yaml": {"emr-state-keep-alive", "emr-master-count", "emr-release-label"},
    "dollar-brace-outside-sub-and-misspelt-metric.yaml": {
        "emr-placeholder", "emr-unknown-reference", "emr-scaling-metric",
    },
    "groups-and-steps-on-a-cluster-that-ends.yaml": {"emr-added-step-failure", "emr-added-to-ending-cluster"},
    "groups-of-another-vpc.yaml": {"emr-several-vpcs"},
    "idle-timeout-without-keep-alive.json": {"emr-ends-at-once"},
    "key-twice.json": {"emr-repeated-key"},
    "key-twice.yaml": {"emr-repeated-key"},
    "livy-before-5.9.yaml": {"emr-application-unavailable"},
    "names-instead-of-references.yaml": {"emr-name-not-reference"},
    "no-release-label.yaml": {"emr-instance-type-unsupported", "emr-release-label-missing"},
    "service-role-trusts-ec2.yaml": {"emr-service-role-trust"},
}
# fmt: on


def rules_in(path):
    return {finding.rule for finding in check_source(read(str(path), str))}


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.name)
def test_accepted(path):
    assert not rules_in(path)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    assert REFUSED[name] <= rules_in(CASES / "refused" / name)


def test_each_refused_input_is_in_the_table():
    assert {path.name for path in (CASES / "refused").iterdir()} == set(REFUSED)


def test_advice_on_applications_stays_in_the_line_of_releases():
    source = read(str(CASES / "refused" / "livy-before-5.9.yaml"), str)
    fixes = [finding.fix for finding in check_source(source) if finding.rule == "emr-application-unavailable"]
    assert fixes == ["use emr-5.9.0 or later, which offers it", "use emr-6.4.0 or later, which offers it"]
