"""Files from practice with classifications, steps and applications."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.rules import Severity
from emr_constructs.rules.known_software import classification, classification_names, first_release_with
from emr_constructs.rules.releases import parse
from emr_constructs.templates.inputs import check_source, read

CASES = Path(__file__).parents[1] / "cases"


def findings(name: str) -> list[tuple[str, str, str]]:
    source = read(str(CASES / name), lambda: "")
    return [(found.rule, str(found.severity), found.fix) for found in check_source(source)]


def test_livy_installs_spark_submit_and_requests_know_no_cloudformation():
    assert findings("accepted/step-tools-of-other-applications.json") == []


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("classification-misspelt.yaml", "use 'spark-defaults'"),
        ("classification-renamed-hbase-log4j.json", "use 'hbase-log4j2', which replaces it"),
        ("classification-renamed-spark-log4j.json", "use 'spark-log4j2', which replaces it"),
    ],
)
def test_a_classification_that_the_release_lacks(name, fix):
    found = findings(f"refused/{name}")
    assert ("emr-classification-unknown", Severity.ERROR, fix) in found
    assert {rule for rule, _, _ in found} <= {"emr-classification-unknown", "emr-spark-default"}


@pytest.mark.parametrize("name", classification_names())
def test_each_classification_is_in_the_release_that_brings_it(name):
    found = classification(name)
    first = parse(found.facts["first"])
    assert found.in_release(first)
    assert first_release_with(name, "emr-7.14.0") is None
    replacement = found.replacement and classification(found.replacement)
    assert replacement is None or not replacement.in_release(parse(found.facts["first"]))
