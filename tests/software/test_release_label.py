from __future__ import annotations

from datetime import date

import pytest

from emr_constructs import Application, EmrError, ReleaseLabel
from emr_constructs.data import load
from emr_constructs.software.release_label import DEFAULT_RELEASE
from tests.tools import new_cluster

CONSTANTS = {name: value for name, value in vars(ReleaseLabel).items() if name.startswith("EMR_")}
LABELS = {release.label: release for release in CONSTANTS.values()}


def test_there_is_a_constant_for_every_known_release():
    labels = [release["label"] for release in load("releases.json")["releases"]]
    assert len(labels) == 127
    assert {constant.label for constant in CONSTANTS.values()} == set(labels)


@pytest.mark.parametrize(("name", "release"), CONSTANTS.items())
def test_a_constant_is_named_like_its_label(name, release):
    assert release.label.upper().replace("-", "_").replace(".", "_") == name
    assert release == ReleaseLabel.of(release.label)
    assert release.applications


def test_the_default_does_not_move_within_a_major_version():
    assert DEFAULT_RELEASE.label == "emr-7.14.0"


def test_answers_what_a_release_can_do():
    assert ReleaseLabel.EMR_7_11_0.supports("emr_managed_certificates")
    assert not ReleaseLabel.EMR_7_10_0.supports("emr_managed_certificates")
    assert ReleaseLabel.EMR_SPARK_8_1_0.version == (8, 1, 0)
    assert ReleaseLabel.EMR_6_4_0.applications["Trino"]
    assert str(ReleaseLabel.EMR_7_0_0) == "emr-7.0.0"


def test_knows_how_long_aws_supports_a_release():
    assert ReleaseLabel.EMR_7_14_0.standard_support_until == date(2028, 9, 8)
    assert ReleaseLabel.EMR_7_14_0.end_of_life == date(2029, 9, 8)
    assert ReleaseLabel.EMR_6_11_1.standard_support_until == date(2026, 8, 31)
    assert ReleaseLabel.of("emr-7.99.0").standard_support_until is None
    assert ReleaseLabel.of("emr-7.99.0").end_of_life is None


def test_knows_the_versions_of_applications():
    assert ReleaseLabel.EMR_7_14_0.application_version(Application.SPARK).startswith("3.5")
    assert ReleaseLabel.EMR_SPARK_8_1_0.application_version(Application.of("spark")).startswith("4.1")
    assert ReleaseLabel.EMR_SPARK_8_1_0.application_version(Application.HIVE) is None
    assert ReleaseLabel.EMR_6_4_0.application_version(Application.ICEBERG) is None


def test_features_and_applications_agree():
    """Where a feature is an application of its own, the same releases have both."""
    for feature, application in {
        "delta": Application.DELTA,
        "iceberg": Application.ICEBERG,
        "presto_sql": Application.PRESTO_SQL,
        "trino": Application.TRINO,
    }.items():
        offering = {label for label, release in LABELS.items() if release.application_version(application)}
        assert offering == {label for label, release in LABELS.items() if release.supports(feature)}, feature


def test_accepts_a_release_that_is_newer_than_the_library():
    release = ReleaseLabel.of("emr-7.99.0")
    assert release.supports("managed_scaling")
    assert release.applications == {}
    assert release.application_version(Application.SPARK) is None
    assert not release.is_known
    assert ReleaseLabel.EMR_7_14_0.is_known


@pytest.mark.parametrize("label", ["emr-7.14", "7.14.0", "emr-spark-8.1", "latest", ""])
def test_rejects_what_is_no_label(label):
    with pytest.raises(EmrError, match=r"must be emr- or emr-spark- and three numbers, got .*; use "):
        ReleaseLabel.of(label)


def test_rejects_a_release_that_never_was():
    with pytest.raises(EmrError, match=r"release label must exist, got 'emr-5\.37\.0'"):
        new_cluster(release_label=ReleaseLabel.of("emr-5.37.0"))


def test_rejects_a_token():
    with pytest.raises(EmrError, match="release_label must be known at synth time, got a token"):
        ReleaseLabel.of("${Token[TOKEN.1]}")


def test_names_the_known_features_when_asked_for_an_unknown_one():
    with pytest.raises(EmrError, match=r"feature must be a known feature, got 'scaling'; use one of .*managed_scaling"):
        ReleaseLabel.EMR_7_14_0.supports("scaling")
