"""No input, however odd, makes a rule or the reader of templates crash."""

from __future__ import annotations

import json

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emr_constructs._core.unknown import UNKNOWN
from emr_constructs.data import load
from emr_constructs.rules import Finding, check
from emr_constructs.rules.registry import _RULES, load_rules
from emr_constructs.rules.shapes import _all_shapes
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.inputs import Source, check_source
from emr_constructs.templates.parsing import UnreadableError, line_of, parse
from emr_constructs.templates.requests import KINDS
from emr_constructs.templates.updates import ClusterUpdate, compare
from tests.overviews import overviews

FACTS = load("cloudformation.json")
load_rules()
THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.sampled_from([
    "", "emr-7.14.0", "emr-spark-8.1.0", "emr-5.0.0", "emr-99.1.0", "MASTER", "CORE", "TASK", "m5.xlarge", "Spark",
    "gp3", "s3://bucket/key", "arn:aws:kms:us-east-1:1:key/1", "command-runner.jar", "spark-submit", "CONTINUE",
    "[", "0.25", "-1", "1e999", "NaN", "²", "(", "%s", "{}", "${emr.clusterId}", UNKNOWN,
    "--conf", "{{resolve:secretsmanager:a}}",
])  # fmt: skip
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 3, -1, 10**400, -1e300])
SCALARS = st.none() | st.booleans() | NUMBERS | WORDS | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


def of_shape(name, depth=0):
    """Values that often are what a shape wants, and often are not."""
    shape = _all_shapes()[name]
    match shape["type"]:
        case "structure" if depth < 9:
            members = shape["members"].items()
            optional = {member: st.deferred(lambda kind=kind: of_shape(kind, depth + 1)) for member, kind in members}
            wanted = st.fixed_dictionaries({}, optional=optional)
        case "list" if depth < 9:
            wanted = st.lists(of_shape(shape["member"], depth + 1), max_size=3)
        case "map":
            wanted = st.dictionaries(WORDS, SCALARS, max_size=3)
        case "string":
            wanted = st.sampled_from(shape["enum"]) if "enum" in shape else WORDS
        case "boolean":
            wanted = st.booleans()
        case _:
            wanted = NUMBERS
    return st.integers(0, 9).flatmap(lambda chance: ANYTHING if chance == 0 else wanted)


@THOROUGH
@given(st.data())
def test_no_rule_crashes(data):
    shape = data.draw(st.sampled_from(sorted(_RULES)))
    problems = check(shape, data.draw(of_shape(shape)))
    assert all(isinstance(problem, Finding) and str(problem) for problem in problems)


@THOROUGH
@given(st.sampled_from(sorted(_all_shapes())), ANYTHING)
def test_no_shape_crashes_on_anything(shape, value):
    assert all(str(problem) for problem in check(shape, value))


def test_numbers_that_python_does_not_write():
    huge = 10**5000
    volume = {"SizeInGB": huge, "VolumeType": huge, "Iops": huge}
    assert [problem.rule for problem in check("VolumeSpecification", volume)] == ["emr-range", "emr-type", "emr-range"]
    cluster = {"Type": "AWS::EMR::Cluster", "Properties": {"Name": huge, "EbsRootVolumeSize": huge, "Tags": [huge]}}
    assert {"emr-range", "emr-type"} <= {found.rule for found in check_template({"Resources": {"C": cluster}})}


def test_nesting_without_end():
    configuration: dict = {"Classification": "a"}
    configuration["Configurations"] = [configuration]
    (problem,) = [found for found in check("Configuration", configuration) if found.rule == "emr-type"]
    assert "must not be nested so deeply" in str(problem)


NAMES = st.sampled_from(["A", "B", "C", "Parameter", "Absent", "AWS::NoValue", "AWS::Region"])
FUNCTIONS = st.sampled_from(
    [f"Fn::{name}" for name in ("Sub", "Join", "Select", "Split", "If", "FindInMap", "GetAtt", "Base64", "Transform")]
)
INTRINSICS = st.one_of(
    st.builds(lambda name: {"Ref": name}, NAMES | ANYTHING),
    st.builds(lambda name, attribute: {"Fn::GetAtt": [name, attribute]}, NAMES, SCALARS),
    st.builds(lambda text: {"Fn::Sub": f"a${{{text}}}"}, NAMES),
    st.builds(lambda a, b, c: {"Fn::If": [a, b, c]}, NAMES, ANYTHING, ANYTHING),
    st.builds(lambda name, value: {name: value}, FUNCTIONS, ANYTHING),
)


def of_properties(members, depth=0):
    def of_fact(fact):
        nested = FACTS["types"].get(fact["type"])
        if nested is not None and depth < 8:
            wanted = st.deferred(lambda: of_properties(nested, depth + 1))
        else:
            wanted = WORDS | NUMBERS | st.booleans()
        if fact.get("list"):
            wanted = st.lists(wanted, max_size=2)
        return st.integers(0, 9).flatmap(lambda chance: {0: ANYTHING, 1: INTRINSICS, 2: INTRINSICS}.get(chance, wanted))

    return st.fixed_dictionaries({}, optional={name: of_fact(fact) for name, fact in members.items()})


def resource(kind):
    properties = of_properties(FACTS["resources"][kind]) if kind in FACTS["resources"] else ANYTHING
    return st.fixed_dictionaries(
        {"Type": st.just(kind), "Properties": properties | ANYTHING},
        optional={"Condition": NAMES, "DependsOn": ANYTHING, "Metadata": ANYTHING},
    )


OTHERS = ["AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::IAM::InstanceProfile", "AWS::IAM::Policy"]
RESOURCES = st.sampled_from([*KINDS, *KINDS, *OTHERS]).flatmap(resource)
CONDITIONS = st.sampled_from(["Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or", "Condition"]).flatmap(
    lambda name: st.builds(lambda value: {name: value}, st.lists(INTRINSICS | SCALARS, max_size=2) | ANYTHING)
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.dictionaries(NAMES, RESOURCES | ANYTHING, max_size=3)},
    optional={
        "Parameters": st.dictionaries(
            NAMES, st.fixed_dictionaries({}, optional={"Default": SCALARS, "AllowedValues": ANYTHING, "Type": WORDS})
            | ANYTHING, max_size=2,
        ),
        "Conditions": st.dictionaries(NAMES, CONDITIONS | ANYTHING, max_size=3),
        "Mappings": ANYTHING,
    },
)  # fmt: skip


@THOROUGH
@given(TEMPLATES)
def test_no_template_crashes(template):
    assert all(isinstance(found, Finding) for found in check_template(template))
    assert len(overviews(template)) <= len(template["Resources"])


@THOROUGH
@given(TEMPLATES, TEMPLATES)
def test_no_comparison_crashes(old, new):
    assert all(isinstance(found, ClusterUpdate) for found in compare(old, new))
    assert {found.outcome for found in compare(old, old)} <= {"unchanged"}


@THOROUGH
@given(st.text() | ANYTHING.map(yaml.safe_dump) | ANYTHING.map(json.dumps), st.text(max_size=20))
def test_no_text_crashes(text, path):
    try:
        content = parse(text)
    except UnreadableError:
        return
    line_of(text, path)
    try:
        check_source(Source("text", text, content))
    except UnreadableError:
        return
