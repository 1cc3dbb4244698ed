"""How values of templates are written for readers."""

from __future__ import annotations

import datetime

import pytest

from emr_constructs.templates.display import described, is_open, joined, member, plain, shown, written
from emr_constructs.templates.intrinsics import Scenario

SCENARIO = Scenario({"Parameters": {"P": {"Type": "String"}}, "Resources": {"R": {}, "S": {}}})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"Ref": "P"}, "<P>"),
        ({"Ref": "R"}, "<R>"),
        ({"Fn::GetAtt": ["R", "Outputs.A"]}, "<R.Outputs.A>"),
        ({"Fn::Sub": "a-${P}-${R.Arn}"}, "a-<P>-<R.Arn>"),
        ({"Fn::ImportValue": "X"}, "<Fn::ImportValue X>"),
        ({"Fn::Select": [0, {"Ref": "R"}]}, "<Fn::Select (0, <R>)>"),
        ({"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "R"}]}]}, "<Fn::Select (0, <Fn::Split (',', <R>)>)>"),
        ({"Fn::Transform": {"Name": "Mine", "Parameters": {"A": "b"}}}, "unknown"),
        ([{"Ref": "P"}, "b"], "[<P>, b]"),
        ({"a": {"Ref": "P"}, "b": True}, "{a: <P>, b: true}"),
    ],
)
def test_unknown_values(value, says):
    assert shown(SCENARIO.value(value)) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (True, "true"), (None, "null"), (1.5, "1.5"), (10**400, "more than 10^30"), ("yes", "yes"),
        (["yes", 1, None], "['yes', 1, null]"), ({"a": "1"}, "{a: '1'}"), ({1: {2: []}}, "{1: {2: []}}"),
        (datetime.date(2012, 10, 17), "2012-10-17"), ({"a": object()}, "..."),
    ],
)  # fmt: skip
def test_values_are_yaml(value, says):
    assert written(value) == says


def test_nothing_internal_is_left():
    assert described({"${Token[A.Ref]}": ["#{Token[B]}"]}) == {"<A>": ["<B>"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\x1b[31mred\x1b[0m", "\\u001b[31mred\\u001b[0m"),
        ("a\nb\tc\r", "a b c "),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\x00\x9b\x85", "\\u0000\\u009b\\u0085"),
        ("\ud800", "\\ud800"),
        ("Größe 東京", "Größe 東京"),
    ],
)
def test_control_characters(text, says):
    assert plain(text) == says
    assert plain(text).isprintable()


def test_members():
    assert member({"A": 1}, "A") == "1"
    assert member({}, "A", "none") == "none"
    assert member({"Fn::Transform": "x"}, "A", "none") == "unknown"
    assert member("${Token[X]}", "A", "none") == "unknown"
    assert not is_open({"A": 1})


def test_enumerations():
    assert [joined(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
