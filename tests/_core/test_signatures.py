"""Calls are checked against their annotations: types, units, and None for "not given"."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import ClassVar, Literal

import aws_cdk as cdk
import pytest
from aws_cdk import Duration, Size

import emr_constructs
from emr_constructs import (
    EbsVolume,
    EmrError,
    InTransitEncryption,
    Kerberos,
    ScalingRule,
    ScalingTrigger,
    SpotAllocationStrategy,
    SpotProvisioning,
    SpotResizing,
    Step,
)
from emr_constructs._core.signatures import check_calls, checked

TRIGGER = ScalingTrigger.above("YARNMemoryAvailablePercentage", 75)


@check_calls
@dataclass(frozen=True, slots=True)
class Example:
    names: Sequence[str]
    settings: Mapping[str, str | int] = field(default_factory=dict)
    mode: Literal["slow", "fast"] = "slow"
    share: float = 1.0
    limit: int | None = None
    other: Example | None = None

    count: ClassVar[int] = 0

    def _render(self, role: str) -> str:
        return role

    @staticmethod
    def total(*numbers: int, start: int = 0) -> int:
        return sum(numbers, start)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Example("a b"), "names must be a list of strings, got 'a b'; use ['a', 'b']"),
        (lambda: Example(b"a"), "names must be a list of strings, got b'a'; use a list of strings"),
        (lambda: Example({"a", "b"}), "names must be a list of strings, got"),
        (lambda: Example({"a": "b"}), "names must be a list of strings, got a dict object; use a list of strings"),
        (lambda: Example(["a", 5]), "names[1] must be a string, got 5; use '5'"),
        (lambda: Example([["a"]]), "names[0] must be a string, got ['a']; use a string"),
        (lambda: Example([], "a"), "settings must be a mapping of strings to strings or integers, got 'a'; use a dict"),
        (
            lambda: Example([], {"a": None}),
            "settings['a'] must be a string or an integer, got None; use a string or an",
        ),
        (lambda: Example([], {5: "a"}), "the key 5 of settings must be a string, got 5; use '5'"),
        (lambda: Example([], mode="fasd"), "mode must be 'slow' or 'fast', got 'fasd'; use 'fast'"),
        (lambda: Example([], share=True), "share must be a number, got True; use a number"),
        (lambda: Example([], share=float("nan")), "share must be a number, got nan; use a number"),
        (lambda: Example([], share=float("-inf")), "share must be a number, got -inf; use a number"),
        (lambda: Example([], limit=2.0), "limit must be an integer, got 2.0; use an integer"),
        (lambda: Example([], other=Example), "other must be an Example, got the class Example; use Example.total(...)"),
        (lambda: Example.total(1, "2"), "numbers[1] must be an integer, got '2'; use 2"),
        (lambda: Example.total(start="2"), "start must be an integer, got '2'; use 2"),
    ],
)
def test_names_argument_value_and_fix(call, message):
    with pytest.raises(EmrError) as error:
        call()
    assert str(error.value).startswith(message)


def test_reports_all_arguments_together():
    with pytest.raises(EmrError) as error:
        Example(5, mode=5, share="x")
    assert [problem.partition(" ")[0] for problem in error.value.problems] == ["names", "mode", "share"]


def test_none_is_the_default_unless_it_has_a_meaning():
    assert Example([], None, mode=None, share=None) == Example([])
    assert Example.total(1, 2, start=None) == 3
    with pytest.raises(EmrError, match="names must be a list of strings, got None"):
        Example(None)


def test_none_stays_where_the_type_can_not_be_checked():
    @checked
    def function(value: object | None = 5) -> object | None:
        return value

    assert function(None) is None


def test_tokens_pass():
    text, number = cdk.Token.as_string({"Ref": "A"}), cdk.Token.as_number({"Ref": "B"})
    assert Example([text], share=number, limit=number).limit == number
    assert Example(cdk.Token.as_list({"Ref": "C"})).names


@pytest.mark.parametrize("call", [Example, lambda: Example([], wrong=5), lambda: Example.total(begin=1)])
def test_a_wrong_signature_is_a_type_error(call):
    with pytest.raises(TypeError):
        call()


def test_keeps_name_and_documentation():
    @checked
    def function(value: int) -> int:
        """What it does."""
        return value

    assert (function.__name__, function.__doc__) == ("function", "What it does.")
    assert Example([])._render("TASK") == "TASK"


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (
            lambda: EbsVolume.gp3(size_gib=Size.tebibytes(1), throughput_mibps=Size.mebibytes(200)),
            EbsVolume.gp3(size_gib=1024, throughput_mibps=200),
        ),
        (lambda: EbsVolume.io1(size_gib=Size.mebibytes(4096), iops=100), EbsVolume.io1(size_gib=4, iops=100)),
        (lambda: SpotProvisioning(timeout_minutes=Duration.hours(1)), SpotProvisioning(timeout_minutes=60)),
        (lambda: SpotResizing(timeout_minutes=Duration.seconds(600)), SpotResizing(timeout_minutes=10)),
        (
            lambda: ScalingTrigger.above("M", 1, period_seconds=Duration.minutes(5)),
            ScalingTrigger.above("M", 1, period_seconds=300),
        ),
        (
            lambda: ScalingRule.change_by("Out", 1, when=TRIGGER, cool_down_seconds=Duration.minutes(5)),
            ScalingRule.change_by("Out", 1, when=TRIGGER, cool_down_seconds=300),
        ),
        (
            lambda: Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=Duration.days(1)),
            Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=24),
        ),
        (
            lambda: InTransitEncryption.emr_managed(validity_days=Duration.days(365)),
            InTransitEncryption.emr_managed(validity_days=365),
        ),
        (
            lambda: Step.s3_dist_cp("A", src="a", dest="b", group_by="(x)", target_size_mib=Size.gibibytes(1)),
            Step.s3_dist_cp("A", src="a", dest="b", group_by="(x)", target_size_mib=1024),
        ),
    ],
)
def test_sizes_and_durations_become_numbers(made, same):
    assert made() == same


def test_sizes_and_durations_are_whole():
    with pytest.raises(EmrError, match=r"size_gib must be a whole number of GiB, got 0\.5; use 1"):
        EbsVolume.gp3(size_gib=Size.mebibytes(512))
    with pytest.raises(EmrError, match=r"timeout_minutes must be a whole number of minutes, got 5\.5; use 6"):
        SpotProvisioning(timeout_minutes=Duration.seconds(330))
    with pytest.raises(EmrError, match=r"must be in minutes if it is a token, .*; use cdk\.Duration\.minutes"):
        SpotProvisioning(timeout_minutes=Duration.seconds(cdk.Token.as_number({"Ref": "A"})))
    with pytest.raises(EmrError, match=r"size_gib must be an integer or a cdk\.Size, got a Duration object; use"):
        EbsVolume.gp3(size_gib=Duration.minutes(5))


def test_the_text_of_an_enumeration_is_its_member():
    assert SpotProvisioning(allocation_strategy="lowest-price").allocation_strategy is (
        SpotAllocationStrategy.LOWEST_PRICE
    )


def test_none_has_a_meaning_where_the_documentation_says_so():
    meant = {
        f"{public.__name__}({name}=)"
        for public in (getattr(emr_constructs, name) for name in emr_constructs.__all__)
        if inspect.isclass(public) and not hasattr(public, "_is_protocol")
        for name, parameter in inspect.signature(public if is_dataclass(public) else public.__init__).parameters.items()
        if "None" in str(parameter.annotation) and parameter.default not in (None, parameter.empty)
    }
    assert {found for found in meant if not found.startswith("ClusterAlarms")} == {
        "ClusterProfile(log_bucket=)",
        "ClusterProfile(log_encryption_key=)",
        "ClusterProfile(security_configuration=)",
        "EbsVolume(count=)",
        "InstanceFleet(name=)",
        "InstanceFleet(spot_provisioning=)",
        "InstanceGroup(market=)",
        "InstanceGroup(name=)",
        "Kerberos(ticket_lifetime_hours=)",
        "SecurityConfiguration(in_transit_encryption=)",
        "SecurityConfiguration(local_disk_encryption=)",
        "SecurityConfiguration(require_imdsv2=)",
        "SecurityConfiguration(s3_encryption=)",
        "LakeFormation(authorized_session_tag_value=)",
        "TransientCluster(topic=)",
    }
