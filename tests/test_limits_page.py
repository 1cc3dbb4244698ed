"""The tables of docs/limits.md are those of the API, of CloudFormation and of the rules."""

from __future__ import annotations

import re

import botocore.session

from emr_constructs._core.spelling import API_ONLY, RENAMED, ROLES
from emr_constructs._core.state_language import RETRY_WAITS
from emr_constructs.data import load
from emr_constructs.workflows.emr_states import RETRY_REJECTED, wait
from tests.test_costs import machines, shortest, snapshot, table
from tests.tools import PROJECT

PAGE = (PROJECT / "docs" / "limits.md").read_text()
OTHER_NAMES = {
    *ROLES,
    *(listed.role_member for listed in ROLES.values()),
    *(name for names in RENAMED.values() for name in names),
}


def names(text):
    return set(re.findall(r"`(\w+)`", text))


def api_only():
    """The members of structures of the API that CloudFormation doesn't have under any name."""
    shapes, known = load("api_shapes.json"), load("cloudformation.json")
    structures = known["types"] | {"RunJobFlowInput": known["resources"]["AWS::EMR::Cluster"]}
    return {
        member
        for name, properties in structures.items()
        if name in shapes
        for member in shapes[name].get("members", {})
        if member not in properties and member not in OTHER_NAMES
    }


def test_the_page_has_what_cloudformation_lacks():
    listed = set().union(*(names(row[0]) for row in table(PAGE, "CloudFormation")[1:]))
    model = botocore.session.get_session().get_service_model("emr")
    step = load("cloudformation.json")["resources"]["AWS::EMR::Step"]
    added = set(model.operation_model("AddJobFlowSteps").input_shape.members) - {"Steps", *step}
    assert listed == api_only() | added
    assert api_only() >= API_ONLY


def rates():
    return {call: (int(burst), float(rate)) for call, burst, rate, _ in table(PAGE, "API throttling")[1:]}


def test_the_page_has_the_calls_of_jobs():
    found = {
        state["Resource"].rpartition(":")[2].lower()
        for machine in machines(snapshot("example[nightly_job]")).values()
        for state in _all_states(machine)
        if ":aws-sdk:emr:" in state.get("Resource", "")
    }
    listed = {call.lower() for call in rates()} - {"all calls"}
    optional = {call for call in found if call.startswith("put")} | {"cancelsteps"}
    assert found - optional == listed


def _all_states(machine):
    for state in machine["States"].values():
        yield state
        for inner in (*state.get("Branches", ()), *filter(None, [state.get("ItemProcessor")])):
            yield from _all_states(inner)


def test_the_numbers_of_executions_follow_from_the_rates():
    (burst, rate), (_, checks) = rates()["RunJobFlow"], rates()["DescribeStep"]
    (retry,) = RETRY_REJECTED
    launched, tokens, pause = burst, 0.0, RETRY_WAITS["IntervalSeconds"]
    for _ in range(retry["MaxAttempts"]):
        tokens = min(burst, tokens + pause * rate)
        launched, tokens, pause = launched + int(tokens), tokens % 1, pause * RETRY_WAITS["BackoffRate"]
    longest, shortest_wait, part = map(
        int,
        re.search(
            r"min\(\[(\d+), \$max\(\[(\d+), .* / (\d+)000\)", wait("$start", following="Next")["Seconds"]
        ).groups(),
    )
    limits = [int(re.match(r"about (\d+):", row[1])[1]) for row in table(PAGE, "API throttling", at=1)[1:]]
    assert limits == [launched, checks * shortest_wait, checks * longest]
    assert (shortest_wait * part // 60, longest * part // 60, 100 // part) == (10, 100, 5)


def test_the_page_has_the_events_of_a_check():
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html"""
    (job,) = [machine for name, machine in machines(snapshot("example[nightly_job]")).items() if "Cleanup" not in name]
    events = {"Wait": 2, "Choice": 2, "Task": 5}
    way = shortest(job, "Wait for Count books", lambda name: name == "Wait for Count books")[:-1]
    count = sum(events[job["States"][name]["Type"]] for name in way)
    assert f"is {count} events: a step that\n  is checked every 5 minutes has {count * 24 * 12:,} a day" in PAGE


def test_the_quotas_are_those_of_the_rules():
    checked = 0
    for quota, limit, rule in table(PAGE, "Quotas of Amazon EMR")[1:]:
        for name, page in re.findall(r"\[([\w-]+)\]\((rules/[\w-]+\.md)", rule):
            (statement,) = re.findall(rf"^\| \[{name}\].*$", (PROJECT / "docs" / page).read_text(), re.MULTILINE)
            numbers = re.findall(r"\d+", limit)
            assert set(numbers) <= set(re.findall(r"\d+", statement)), quota
            checked += 1
    assert checked == 11
