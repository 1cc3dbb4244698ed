from __future__ import annotations

import pytest

from emr_constructs.rules import releases
from emr_constructs.rules.parts import Part
from tests.rules.cases.parts import cluster


def test_takes_labels_of_both_trains_apart():
    assert releases.parse("emr-7.14.0") == ("emr-7.14.0", "emr", (7, 14, 0))
    assert releases.parse("emr-spark-8.1.0") == ("emr-spark-8.1.0", "emr-spark", (8, 1, 0))
    assert releases.parse("emr-7.14") is None
    assert releases.parse("EMR-7.14.0") is None


@pytest.mark.parametrize(
    ("feature", "has", "lacks"),
    [
        ("managed_scaling", ["emr-5.30.0", "emr-6.0.1", "emr-spark-8.0.0"], ["emr-5.29.0", "emr-6.0.0"]),
        ("auto_termination", ["emr-5.36.2", "emr-6.1.0"], ["emr-6.0.0", "emr-6.0.1"]),
        ("imdsv2", ["emr-5.23.1", "emr-5.27.1", "emr-5.32.0", "emr-6.2.0"], ["emr-5.24.0", "emr-5.31.0", "emr-6.1.0"]),
        ("multi_master_fleets", ["emr-6.8.1", "emr-6.9.1", "emr-6.12.0"], ["emr-6.8.0", "emr-6.9.0", "emr-6.11.0"]),
        ("emr_managed_certificates", ["emr-7.11.0", "emr-spark-8.0.0"], ["emr-7.10.0"]),
        ("service_access_9443", ["emr-5.30.0", "emr-7.14.0"], ["emr-5.29.0", "emr-spark-8.0.0"]),
        ("service_vpc_endpoint", ["emr-spark-8.0.0"], ["emr-7.14.0"]),
        ("emrfs", ["emr-7.14.0"], ["emr-spark-8.0.0"]),
    ],
)
def test_knows_which_release_has_a_feature(feature, has, lacks):
    assert all(releases.supports(label, feature) for label in has)
    assert not any(releases.supports(label, feature) for label in lacks)


def test_names_the_first_release_that_works():
    (found,) = releases.lacks(_part("emr-6.8.0"), "multi_master_fleets")
    assert found.fixes[0] == "use emr-6.8.1"
    (found,) = releases.lacks(_part("emr-7.14.0"), "service_vpc_endpoint")
    assert found.fixes[0] == "use emr-spark-8.0.0"


def test_looks_back_where_no_later_release_works():
    (found,) = releases.lacks(_part("emr-spark-8.0.0"), "emrfs")
    assert "4.0.0 to before 8.0.0" in found.message
    assert found.fixes[0] == "use an earlier release"


def test_newest_of_each_train():
    assert releases.newest("emr").label == "emr-7.14.0"
    assert releases.newest("emr-spark").label == "emr-spark-8.1.0"


def _part(label):
    request = cluster(ReleaseLabel=label)
    return Part(request, frozenset(request), frozenset())
