from __future__ import annotations

import pytest

from emr_constructs import EmrError
from emr_constructs._core.unknown import UNKNOWN, is_unknown
from emr_constructs.rules import check, enforce
from emr_constructs.rules.registry import rules_reading
from tests.rules.cases.parts import cluster, group, groups


@pytest.mark.parametrize(
    "value",
    [
        UNKNOWN,
        "s3://${Token[TOKEN.12]}/logs",
        "{{resolve:secretsmanager:name}}",
        -1.8881545897087626e289,
        ["#{Token[TOKEN.1]}"],
        {"Ref": "Parameter"},
        {"Fn::GetAtt": ["Key", "Arn"]},
        object(),
    ],
)
def test_recognizes_what_is_known_only_at_deployment(value):
    assert is_unknown(value)


@pytest.mark.parametrize("value", ["", "a{b}", "$HOME", 0, -5, 1.5, True, None, [], ["a"], {}, {"a": 1, "Ref": 2}])
def test_takes_anything_else_as_known(value):
    assert not is_unknown(value)


def test_is_silent_about_what_is_unknown():
    parts = groups({"Ref": "Master"}, group("TASK", InstanceType=UNKNOWN, InstanceCount={"Ref": "Count"}))
    request = cluster(
        instances=parts, ReleaseLabel={"Ref": "Release"}, LogUri=UNKNOWN, StepConcurrencyLevel={"Ref": "a"}
    )
    assert check("RunJobFlowInput", request) == []


def test_finds_problems_at_any_depth_and_says_where():
    volume = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 2000}}
    core = group(EbsConfiguration={"EbsBlockDeviceConfigs": [volume]})
    (problem,) = check("RunJobFlowInput", cluster(instances=groups(group("MASTER"), core)))
    device = "Instances.InstanceGroups[1].EbsConfiguration.EbsBlockDeviceConfigs[0]"
    assert problem.path == f"{device}.VolumeSpecification.SizeInGB"
    assert str(problem).startswith(
        f"{device}.VolumeSpecification: volume size must be 1 to 1024 GiB, got 2000; use 1 to 1024"
    )
    assert str(problem).endswith("[emr-volume-size]")


@pytest.mark.parametrize("name", ["m5", "m7gxlarge", "M5.XLARGE"])
def test_reports_a_malformed_instance_type_once(name):
    found = check("RunJobFlowInput", cluster(instances=groups(group("MASTER", InstanceType=name))))
    assert [problem.rule for problem in found] == ["emr-instance-type"]


def test_reports_all_errors_together():
    with pytest.raises(EmrError) as error:
        enforce("InstanceGroupConfig", group("MASTER", CustomAmiId="latest", InstanceType="m7g", BidPrice="x"))
    assert {problem.rpartition("[")[2] for problem in error.value.problems} == {
        "emr-custom-ami-id]",
        "emr-bid-price]",
        "emr-instance-type]",
    }
    assert {finding.rule for finding in error.value.findings} == {
        "emr-custom-ami-id",
        "emr-bid-price",
        "emr-instance-type",
    }
    assert tuple(map(str, error.value.findings)) == error.value.problems
    assert str(error.value).startswith("3 problems:\n  - ")


def test_lets_warnings_pass():
    enforce("RunJobFlowInput", cluster(ReleaseLabel="emr-7.99.0"))


@pytest.mark.parametrize(
    "request_",
    [
        {"Name": 5, "Instances": []},
        {"Name": "a", "Instances": {"InstanceGroups": {"InstanceRole": "MASTER"}}},
        {"Name": "a", "Instances": {"InstanceGroups": [None, 5, "x", {}]}},
        {"Name": "a", "Instances": {}, "Configurations": [{"Classification": 1, "Properties": [1]}]},
        {"Name": "a", "Instances": {}, "Steps": [{"HadoopJarStep": {"Args": [1, {}]}}], "Tags": [[]]},
        "a text",
        None,
    ],
)
def test_does_not_stumble_over_odd_input(request_):
    assert check("RunJobFlowInput", request_)


def reading(shape, *present):
    return {rule.id for rule in rules_reading(shape, frozenset(present))}


def test_rules_are_skipped_only_if_the_members_that_they_read_are_absent():
    plain = reading("InstanceGroupConfig", "InstanceRole", "InstanceType", "InstanceCount")
    with_price = reading("InstanceGroupConfig", "InstanceRole", "InstanceType", "InstanceCount", "BidPrice")
    assert with_price - plain == {"emr-bid-price", "emr-bid-price-market", "emr-bid-price-on-demand"}
    assert "emr-core-count" in plain
    # A structure without any member violates it.
    assert "emr-at-rest-empty" in reading("AtRestEncryptionConfiguration")


def test_rules_on_releases_are_skipped_without_their_member():
    assert "emr-idle-release" not in reading("RunJobFlowInput", "ReleaseLabel")
    assert "emr-idle-release" in reading("RunJobFlowInput", "ReleaseLabel", "AutoTerminationPolicy")


def test_an_unchecked_member_is_read_by_the_rules_about_the_whole():
    cluster = {"Name": "job", "ReleaseLabel": "emr-7.14.0", "Instances": {}}
    kerberos = {"KerberosConfiguration": {"Provider": "ClusterDedicatedKdc"}}
    launch = {"Cluster": cluster, "SecurityConfiguration": {"AuthenticationConfiguration": kerberos}}
    everything = {finding.rule for finding in check("Launch", launch)}
    others = {finding.rule for finding in check("Launch", launch, unchecked="SecurityConfiguration")}
    assert everything - others == {"emr-kerberos-provider"}
    assert "emr-kerberos-both-sides" in others
