from __future__ import annotations

import json
import subprocess
import sys

import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import (
    EmrError,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    ReleaseLabel,
    SupportedInstanceType,
)
from emr_constructs.rules import check, instance_types, releases
from tests.rules.cases.parts import cluster, group, groups
from tests.tools import PROJECT, new_cluster

NEWER = ReleaseLabel.of("emr-7.99.0")


def test_tells_what_a_type_is_made_of():
    assert SupportedInstanceType.find("m7gd.4xlarge") == SupportedInstanceType(
        "m7gd.4xlarge", "AARCH64", vcpu=16, memory_gib=61.0, disks=1, storage_gb=950, ebs_only=False
    )
    found = SupportedInstanceType.find(ec2.InstanceType("m7i.xlarge"))
    assert found is not None
    assert (found.architecture, found.disks, found.storage_gb, found.ebs_only) == ("X86_64", 0, 0, True)


def test_storage_is_that_of_all_disks():
    found = SupportedInstanceType.find("i3en.24xlarge")
    assert found is not None
    assert (found.disks, found.storage_gb) == (8, 60000)


# As https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html has it.
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("m5.xlarge", ["emr-5.13.0", "emr-6.0.0", "emr-7.0.0"]),
        ("m5zn.xlarge", ["emr-5.33.0", "emr-6.3.0", "emr-7.0.0"]),
        ("c6g.xlarge", ["emr-5.31.0", "emr-6.1.0", "emr-7.0.0"]),
        ("m6i.xlarge", ["emr-5.35.0", "emr-6.6.0", "emr-7.0.0"]),
        ("m6a.xlarge", ["emr-5.36.1", "emr-6.8.0", "emr-7.0.0"]),
        ("m7g.xlarge", ["emr-5.36.1", "emr-6.10.0", "emr-7.0.0"]),
        ("m8gd.xlarge", ["emr-5.36.2", "emr-6.15.0", "emr-7.1.0"]),
    ],
)
def test_agrees_with_the_page_on_instance_types(name, first):
    known = [label for label in reversed(releases.known_labels()) if label.startswith("emr-") and "spark" not in label]
    supported = [label for label in known if instance_types.supports(label, name)]
    firsts = [next(label for label in supported if label.startswith(f"emr-{major}.")) for major in (5, 6, 7)]
    assert firsts == first


def test_tells_which_releases_support_a_type():
    m7g = SupportedInstanceType.find("m7g.xlarge")
    assert m7g is not None
    assert m7g.is_supported_by(ReleaseLabel.EMR_6_10_0)
    assert m7g.is_supported_by(ReleaseLabel.EMR_SPARK_8_1_0)
    assert m7g.is_supported_by(ReleaseLabel.EMR_6_9_1) is False
    assert m7g.first_release() == ReleaseLabel.EMR_5_36_1
    assert m7g.first_release(after=ReleaseLabel.EMR_6_0_0) == ReleaseLabel.EMR_6_10_0
    assert m7g.first_release(after=ReleaseLabel.EMR_6_9_1) == ReleaseLabel.EMR_6_10_0
    assert m7g.first_release(after=ReleaseLabel.EMR_7_14_0) is None


def test_tells_which_types_a_release_supports():
    found = SupportedInstanceType.all_of(ReleaseLabel.EMR_5_29_0)
    assert found is not None
    assert len(found) == 249
    assert {"m5.xlarge", "r5.xlarge", "i3en.xlarge"} < {kind.name for kind in found}
    assert not {"m6g.xlarge", "m5n.xlarge"} & {kind.name for kind in found}


def test_does_not_guess_what_it_does_not_know():
    assert SupportedInstanceType.find("m99.xlarge") is None
    assert SupportedInstanceType.all_of(NEWER) is None
    known = SupportedInstanceType.find("m7g.xlarge")
    assert known is not None
    assert known.is_supported_by(NEWER) is None
    assert instance_types.supports("emr-7.14.0", "m99.xlarge") is None
    assert instance_types.first_release("m99.xlarge") is None


def test_does_not_take_sides_where_the_answers_of_emr_contradict_each_other():
    """EMR lists c8gn for 5.18.0, and for no other release before 5.36.2."""
    found = SupportedInstanceType.find("c8gn.xlarge")
    assert found is not None
    assert found.is_supported_by(ReleaseLabel.EMR_5_18_0) is None
    assert found.is_supported_by(ReleaseLabel.EMR_5_18_1) is False
    assert found not in (SupportedInstanceType.all_of(ReleaseLabel.EMR_5_18_0) or ())
    request = cluster(instances=groups(group("MASTER", InstanceType="c8gn.xlarge")), ReleaseLabel="emr-5.18.0")
    assert check("RunJobFlowInput", request) == []


@pytest.mark.parametrize("label", releases.known_labels())
def test_the_default_groups_have_types_that_the_release_supports(label):
    groups_of_release = InstanceGroups.default(ReleaseLabel.of(label))._render()["InstanceGroups"]
    assert [instance_types.supports(label, found["InstanceType"]) for found in groups_of_release] == [True, True]


def test_the_catalogue_knows_every_release():
    assert all(instance_types.supported_types(label) for label in releases.known_labels())


@pytest.mark.parametrize(
    "instances",
    [
        InstanceGroups(master=InstanceGroup("m6g.xlarge"), core=InstanceGroup("m7g.xlarge")),
        InstanceFleets(
            master=InstanceFleet.on_demand("m6g.xlarge", units=1),
            core=InstanceFleet.on_demand("m6g.xlarge", "m7g.xlarge", units=2),
        ),
    ],
    ids=["groups", "fleets"],
)
def test_a_cluster_is_rejected_types_that_its_release_lacks(instances):
    with pytest.raises(
        EmrError, match=r"release must support the instance type m7g\.xlarge, got emr-6\.9\.0; use emr-6\.10\.0"
    ):
        new_cluster(release_label=ReleaseLabel.EMR_6_9_0, instances=instances)
    new_cluster(release_label=ReleaseLabel.EMR_6_10_0, instances=instances)


def test_a_type_that_no_newer_release_has_is_rejected_without_a_release(monkeypatch):
    monkeypatch.setattr(instance_types, "_since", lambda known: [])
    request = cluster(instances=groups(group("MASTER", InstanceType="m7g.xlarge")))
    (problem,) = check("RunJobFlowInput", request)
    assert problem.message == "release must support the instance type m7g.xlarge, got emr-7.14.0"
    assert problem.fix == "use another instance type"


def test_is_silent_about_types_and_releases_that_are_not_known_yet():
    unknown = group("MASTER", InstanceType={"Ref": "Type"})
    assert check("RunJobFlowInput", cluster(instances=groups(unknown), CustomAmiId={"Ref": "Ami"})) == []
    parts = groups(group("MASTER", InstanceType="zz99.small"), group(InstanceType="m7g.xlarge"))
    assert check("RunJobFlowInput", cluster(instances=parts, ReleaseLabel={"Ref": "Release"})) == []
    found = check("RunJobFlowInput", cluster(instances=parts, ReleaseLabel="emr-7.99.0"))
    assert [problem.rule for problem in found] == ["emr-release-unknown"]


def test_an_ami_that_is_not_known_yet_is_for_one_architecture_too():
    parts = groups(group("MASTER", InstanceType="m7g.xlarge"), group(InstanceType="m7i.xlarge"))
    found = check("RunJobFlowInput", cluster(instances=parts, CustomAmiId={"Ref": "Ami"}))
    assert [problem.rule for problem in found] == ["emr-custom-ami-architecture"]


def test_is_read_when_it_is_first_needed():
    code = (
        "import json, emr_constructs as emr; from emr_constructs import rules, data;"
        "before = data.load.cache_info().misses; emr.SupportedInstanceType.find('m7g.xlarge');"
        "print(json.dumps([before, data.load.cache_info().misses]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=PROJECT, text=True)
    before, after = json.loads(run.stdout)
    assert before == 0
    assert after > before
