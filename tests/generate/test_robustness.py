"""Files with any content become an app, or one message: the code is valid Python, whatever is in the file."""

from __future__ import annotations

import copy
import random

import pytest
from hypothesis import HealthCheck, given, settings

from emr_constructs.templates.inputs import Source, read
from emr_constructs.templates.parsing import UnreadableError
from tests.generate.apps import generated
from tests.generate.test_functions import FUNCTIONS
from tests.rules.test_robustness import of_shape
from tests.tools import PROJECT

TEMPLATES = [FUNCTIONS, *sorted((PROJECT / "tests" / "rules" / "templates").iterdir())]
# What takes the place of parts of the templates.
ODD = [
    *(None, [], {}, "", 1, -1.5, True, 10**30, "${x}", "{{ a }}", '"""', "\\", "é\u2028", "a\x00\x0c\ud800", [None]),
    *({"Ref": name} for name in ("Nothing", 1, "AWS::Region", "AWS::NoValue", "Cluster")),
    *({"Fn::If": value} for value in (["Missing", 1, 2], [1], "x")),
    *({"Fn::Sub": value} for value in ("${A.B} ${Cluster}", 1, ["a${b}", {"b": {"Ref": "Cluster"}}])),
    *({"Fn::GetAtt": value} for value in (["Cluster", "Id"], "Cluster.MasterPublicDNS", [1, 2], "x")),
    *({"Fn::Join": value} for value in ([",", {"Ref": "Stage"}], ["", ["a", {"Ref": "Cluster"}]], 1)),
    *({"Fn::FindInMap": value} for value in (["Sizes", "dev", {"Ref": "Stage"}], ["Missing", "a", "b"], [1])),
    *({"Fn::Split": value} for value in ([",", {"Ref": "Stage"}], ["", "a"], 1)),
    *({"Fn::Select": value} for value in ([0, {"Ref": "Cluster"}], ["9" * 5000, ["a"]])),
    {"Fn::Transform": {"Name": "Macro"}},
    {"Fn::Length": [1, 2]},
    {"Fn::ForEach::A": ["x", ["1"], {"a${x}": 1}]},
    {"Fn::ToJsonString": {"a": {"Ref": "Cluster"}}},
    {"Fn::Cidr": ["10.0.0.0/16", 4, 8]},
    {"Fn::GetAZs": ""},
]


def places(value, path=()):
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def changed(template, chance):
    content = copy.deepcopy(template)
    for _ in range(chance.choice((1, 1, 2, 3))):
        *path, last = chance.choice(list(places(content)))
        inner = content
        for key in path:
            inner = inner[key]
        inner[last] = copy.deepcopy(chance.choice(ODD))
    return content


def compiles(source, **options):
    try:
        files = generated(source, **options).files
    except UnreadableError:
        return
    for name, text in files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_odd_templates(path):
    template = read(str(path), str).content
    chance = random.Random(path.name)
    for number in range(40):
        compiles(Source(path.name, "", changed(template, chance)), keeps_ids=number % 2 == 0)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(of_shape("RunJobFlowInput"))
def test_odd_requests(request):
    compiles(Source("request.json", "", {"Name": "x", "Instances": {}, **request} if isinstance(request, dict) else {}))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(of_shape("SecurityConfigurationDocument"))
def test_odd_security_configurations(document):
    compiles(Source("document.json", "", {"Name": "x", "SecurityConfiguration": document}))
