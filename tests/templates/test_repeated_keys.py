"""Keys that occur more than once in a file: which are reported, and where."""

from __future__ import annotations

import json

from emr_constructs.templates.inputs import check_source, read
from tests.tools import PROJECT

CASES = PROJECT / "tests" / "cases" / "refused"
TEMPLATE = """\
Parameters:
  A: {Type: String}
  A: {Type: Number}
Resources:
  Studio:
    Type: AWS::EMR::WALWorkspace
    Properties:
      WALWorkspaceName: one
      'WALWorkspaceName': two
"""


def findings(text):
    return [
        (found.path, found.resource, found.line, found.message.rpartition(", got ")[2])
        for found in check_source(read("-", lambda: text))
        if found.rule == "emr-repeated-key"
    ]


def test_the_cases():
    assert findings((CASES / "key-twice.yaml").read_text()) == [
        ("Resources.Cluster.Properties.ReleaseLabel", "Cluster", 7, "'ReleaseLabel' in lines 6 and 7")
    ]
    assert findings((CASES / "key-twice.json").read_text()) == [
        ("Configurations[0].Classification", "", 1, "'Classification' 2 times in line 1"),
        ("Configurations[0].Properties", "", 1, "'Properties' 2 times in line 1"),
    ]


def test_all_mappings_of_a_template_about_emr():
    wanted = [
        ("Parameters.A", "", 3, "'A' in lines 2 and 3"),
        ("Resources.Studio.Properties.WALWorkspaceName", "Studio", 9, "'WALWorkspaceName' in lines 8 and 9"),
    ]
    assert findings(TEMPLATE) == wanted
    # As "aws cloudformation get-template" prints it.
    assert findings(json.dumps(TEMPLATE)) == wanted


def test_equal_values_lose_nothing():
    text = '[{"Classification": "spark", "Properties": {"a": "1", "a": "1", "b": "2"%s}}]'
    assert findings(text % "") == []
    assert findings(text % ', "b": "3"') == [
        ("[0].Properties.a", "", 1, "'a' 2 times in line 1"),
        ("[0].Properties.b", "", 1, "'b' 2 times in line 1"),
    ]
    assert findings(TEMPLATE.replace("Type: Number", "Type: String").replace("two", "one")) == []
    assert findings(TEMPLATE.replace("two", "!Ref one")) != []


def test_templates_about_other_services_are_left_alone():
    assert findings(TEMPLATE.replace("AWS::EMR::WALWorkspace", "AWS::EC2::VPC")) == []
