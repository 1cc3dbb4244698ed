"""Which scenarios of a resource are tried, and which findings are certain."""

from __future__ import annotations

from emr_constructs.rules import Finding, Severity
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
