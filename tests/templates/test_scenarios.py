"""Which scenarios of a resource are tried, and which findings are certain."""

from __future__ import annotations

from emr_constructs.rules import Finding, Severity
from emr_constructs.templates.intrinsics import Scenario
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.scenarios import certain, certain_or_allowed

TEMPLATE = parse("""
Parameters:
  Count: {Type: Number, Default: 2, AllowedValues: [1, 2, 3]}
  Size: {Type: String, AllowedValues: [small, large]}
Conditions:
  IsOpen: !Equals [!ImportValue Open, "yes"]
Resources: {}
""")
RESOURCE = {"Type": "AWS::EMR::Cluster"}


def finding(message, path="Instances"):
    return Finding("emr-test", Severity.ERROR, message, "use another value", path, "Cluster")


def values(raw):
    """The values of an expression in the scenarios that are tried."""
    tried = []

    def find(scenario):
        tried.append(scenario.value(raw))
        return []

    assert list(certain_or_allowed(TEMPLATE, RESOURCE, find)) == []
    return tried


def test_the_default_and_each_other_allowed_value_are_tried_once():
    assert values({"Ref": "Count"}) == [2, 1, 3]


def test_all_allowed_values_are_tried_without_a_default():
    assert values({"Ref": "Size"})[1:] == ["small", "large"]


def shared(when_true, when_false):
    def find(scenario):
        return when_true if scenario.holds({"Condition": "IsOpen"}) else when_false

    return [found.message for found in certain(TEMPLATE, RESOURCE, find)[0]]


def test_a_finding_can_name_another_value_in_each_scenario():
    assert shared([finding("got 2")], [finding("got 3")]) == ["got 2"]
    assert shared([finding("got 2")], [finding("got 3", path="Steps")]) == []


def test_only_equal_findings_are_shared_if_a_place_has_several():
    assert shared([finding("got 2"), finding("got 4")], [finding("got 4"), finding("got 5")]) == ["got 4"]


OPEN = {f"Is{number}": {"Fn::Equals": [{"Fn::ImportValue": f"Open{number}"}, "yes"]} for number in range(12)}
MANY = {"Conditions": OPEN, "Parameters": {"Size": {"Type": "String", "AllowedValues": [*range(100)]}}}


def tried(template, number_of_conditions, **options):
    """The outcomes of open conditions in the scenarios that are tried for a finding that all of them have."""
    outcomes = []

    def find(scenario):
        outcomes.append([scenario.holds({"Condition": name}) for name in list(OPEN)[:number_of_conditions]])
        return [finding("got 2")]

    certain(template, RESOURCE, find, **options)
    return outcomes


def test_all_outcomes_of_few_conditions_are_tried():
    assert len({tuple(outcome) for outcome in tried(MANY, 5)}) == 2**5


def test_each_pair_of_many_conditions_has_all_outcomes():
    outcomes = tried(MANY, 12)
    assert len(outcomes) == 2 + 2 * 12
    for one in range(12):
        for other in range(one):
            assert len({(outcome[one], outcome[other]) for outcome in outcomes}) == 4


def test_no_more_scenarios_are_tried_for_what_is_known():
    assert len(tried(MANY, 12, known=[finding("got 2")])) == 1
    assert len(tried(MANY, 12, settled={("emr-test", "Cluster", "Instances")})) == 2


def test_values_that_lead_to_the_same_finding_are_listed_with_few_scenarios():
    count = 0

    def find(scenario):
        nonlocal count
        count += 1
        for name in OPEN:
            scenario.holds({"Condition": name})
        value = scenario.value({"Ref": "Size"})
        return [finding(f"got {value}")] if value in (3, 4, 5) else []

    (found,) = certain_or_allowed(MANY, RESOURCE, find)
    assert found.message == "got 3 if parameter Size is '3' or '4' or '5'"
    assert count < 100 + 2 * 12 + 10


def test_many_values_are_not_all_listed():
    template = {"Parameters": {"Size": {"Type": "Number", "Default": 0, "AllowedValues": list(range(12))}}}

    def find(scenario):
        value = scenario.value({"Ref": "Size"})
        return [finding("got one")] if isinstance(value, int) and value > 0 else []

    (found,) = certain_or_allowed(template, RESOURCE, find)
    assert found.message == "got one if parameter Size is '1' or '2' or '3' or '4' or '5' or 6 other values"


def test_the_number_of_tried_values_is_limited():
    template = {"Parameters": {"Size": {"Type": "String", "AllowedValues": [*range(100_000)]}}}
    count = 0

    def find(scenario):
        nonlocal count
        count += 1
        scenario.value({"Ref": "Size"})
        return []

    assert list(certain_or_allowed(template, RESOURCE, find)) == []
    assert count <= 2001


def test_conditions_that_refer_to_others_twice_are_evaluated_once():
    conditions = {f"C{n}": {"Fn::And": [{"Condition": f"C{n + 1}"}] * 2} for n in range(60)}
    conditions["C60"] = {"Fn::Equals": [{"Ref": "Absent"}, "yes"]}
    scenario = Scenario({"Conditions": conditions})
    assert scenario.holds({"Condition": "C0"}) is True
    assert len(scenario.condition_values) == 1
