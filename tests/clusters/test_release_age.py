"""The warning of clusters about releases out of standard support."""

from __future__ import annotations

import pytest

import emr_constructs as emr
from emr_constructs.rules.lifecycles import judged_on, lifecycle
from tests.tools import imported_vpc, new_stack, warnings

OLD = "emr-7.3.0"


def aged(scope):
    return [text for text in warnings(scope) if "emr-release-age" in text]


@pytest.fixture(scope="module")
def stack():
    return new_stack()


@pytest.fixture(scope="module")
def profile(stack):
    return emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), release_label=OLD)


def test_a_cluster_warns_once(stack, profile):
    cluster = emr.Cluster(stack, "Old", profile=profile, release_label=OLD, applications=["Spark"])
    cluster.add_task_group(emr.InstanceGroup("m5.xlarge", 1))
    (text,) = aged(cluster)
    assert "release must be in standard support, got emr-7.3.0, whose standard support ended on 2026-10-15" in text
    assert "use emr-7.14.0, or acknowledge this warning" in text


def test_a_transient_cluster_warns(stack, profile):
    transient = emr.TransientCluster(
        stack,
        "Transient",
        profile=profile,
        definition=emr.ClusterDefinition(release_label=OLD, applications=["Spark"]),
        workflow=[emr.Step.spark("job", script=emr.Script.from_uri("s3://company-jobs/job.py"))],
    )
    assert len(aged(transient)) == 1


def test_a_supported_release_and_the_default_do_not_warn(stack, profile):
    assert aged(emr.Cluster(stack, "Default", profile=profile)) == []
    assert aged(emr.Cluster(stack, "Supported", profile=profile, release_label="emr-7.13.0")) == []
    # A release without dates.
    assert aged(emr.Cluster(stack, "New", profile=profile, release_label="emr-7.99.0")) == []


def test_the_clock_does_not_matter(stack, profile):
    """The day of a surrounding check isn't that of the construct."""
    with judged_on(lifecycle("emr-7.13.0").end_of_life):
        assert aged(emr.Cluster(stack, "Tomorrow", profile=profile, release_label="emr-7.13.0")) == []


def test_the_warning_can_be_acknowledged():
    stack = new_stack()
    emr.acknowledge(stack, "emr-release-age", reason="The migration is planned")
    cluster = emr.Cluster(stack, "Old", vpc=imported_vpc(stack), release_label=OLD)
    assert aged(cluster) == []


def test_a_definition_has_no_warning_and_no_error():
    assert emr.ClusterDefinition(release_label="emr-5.20.0", instances=emr.InstanceGroups(
        master=emr.InstanceGroup("m5.xlarge"))).release_label.label == "emr-5.20.0"  # fmt: skip
