"""How Step Functions spells the requests of EMR, and how long states wait."""

from __future__ import annotations

import re

import boto3
import pytest
from botocore.model import ListShape, MapShape, StructureShape

from emr_constructs.workflows.api_arguments import api_arguments
from emr_constructs.workflows.emr_states import Exit, StateNames, wait
from emr_constructs.workflows.step_states import StepStates
from tests.step_functions import evaluate

EXIT = Exit("failure", "Failed")
OPERATIONS = (
    "RunJobFlow",
    "AddJobFlowSteps",
    "DescribeCluster",
    "DescribeStep",
    "CancelSteps",
    "ListClusters",
    "TerminateJobFlows",
)


def members(shape, seen=()):
    """The names of all members of a request; keys of maps are data."""
    if shape.name in seen:
        return set()
    seen = (*seen, shape.name)
    match shape:
        case StructureShape():
            inner = {name for member in shape.members.values() for name in members(member, seen)}
            return {*shape.members, *inner}
        case ListShape():
            return members(shape.member, seen)
        case MapShape():
            return members(shape.value, seen)
        case _:
            return set()


@pytest.fixture(scope="module")
def names():
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    return {name for operation in OPERATIONS for name in members(model.operation_model(operation).input_shape)}


def test_names_are_those_of_the_sdk_for_java(names):
    """It has one capital where botocore has several at the start of a name; everything else is spelled alike."""
    several = {name for name in names if re.match(r"[A-Z]{2}", name)}
    assert several == {"ADDomainJoinPassword", "ADDomainJoinUser", "OSReleaseLabel"}
    spelled = {name: next(iter(api_arguments({name: 1}, "RunJobFlowInput"))) for name in names}
    assert {name: spelling for name, spelling in spelled.items() if name != spelling} == {
        "ADDomainJoinPassword": "AdDomainJoinPassword",
        "ADDomainJoinUser": "AdDomainJoinUser",
        "OSReleaseLabel": "OsReleaseLabel",
    }


def test_no_member_is_left_out(names):
    request = {name: {"SizeInGB": [name]} for name in sorted(names)}
    spelled = api_arguments(request, "RunJobFlowInput")
    assert list(spelled.values()) == list(request.values())


def test_names_below_others_are_spelled_too_and_keys_of_properties_are_not():
    request = {
        "KerberosAttributes": {"ADDomainJoinUser": "u"},
        "Configurations": [{"Properties": {"OSReleaseLabel": "x"}, "Configurations": [{"OSReleaseLabel": "y"}]}],
    }
    assert api_arguments(request, "RunJobFlowInput") == {
        "KerberosAttributes": {"AdDomainJoinUser": "u"},
        "Configurations": [{"Properties": {"OSReleaseLabel": "x"}, "Configurations": [{"OsReleaseLabel": "y"}]}],
    }


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(0, 30), (9, 30), (10, 30), (20, 60), (60, 180), (100, 300), (24 * 60, 300)]
)
def test_waits_grow_with_the_time_that_has_passed(minutes, seconds):
    state = wait("$started", following="Next")
    assert (state["Type"], state["Next"]) == ("Wait", "Next")
    assert waited(state, f"$started := $millis() - {minutes * 60_000}") == seconds


@pytest.mark.parametrize(("left", "seconds"), [(1000, 60), (60, 60), (45, 45), (0.2, 1), (-10, 1)])
def test_waits_end_at_a_timeout(left, seconds):
    state = wait("$started", following="Next", until="$until")
    times = f"$started := $millis() - {20 * 60_000}; $until := $millis() + {left * 1000}"
    assert waited(state, times) == seconds


@pytest.mark.parametrize(
    ("tries", "interval", "rate", "seconds"),
    [(1, 60, 2, 60), (2, 60, 2, 120), (3, 60, 2, 240), (2, 10, 1.5, 15), (3, 10, 1.5, 22), (60, 60, 2, 99_999_999)],
)
def test_waits_before_retries_grow(tries, interval, rate, seconds):
    states = StepStates(
        "Import",
        StateNames(),
        cluster_id="j-1",
        title="Import",
        prefix="step",
        retries=60,
        retry_interval_seconds=interval,
        retry_backoff_rate=rate,
    ).render({"Name": "Import"}, following="Done", failed=EXIT, unknown=EXIT, wait_until_canceled=False)
    assert waited(states["Retry Import"], f"$stepTries := {tries}") == seconds


def waited(state, assignments):
    expression = state["Seconds"].removeprefix("{%").removesuffix("%}")
    return evaluate(f"({assignments}; {expression})")


class TestNames:
    def test_are_used_once(self):
        names = StateNames(["Check"])
        assert [names.unique("Submit a") for _ in range(3)] == ["Submit a", "Submit a 2", "Submit a 3"]
        assert names.unique("Check") == "Check 2"

    def test_are_short(self):
        names = StateNames()
        found = [names.unique("x" * 100) for _ in range(12)]
        assert len(set(found)) == 12
        assert {len(name) for name in found} == {40}
        assert found[-1].endswith("x 12")

    def test_have_no_letters_that_cloudwatch_rejects(self):
        assert StateNames().unique("Submit a/b: ü*") == "Submit a b"
