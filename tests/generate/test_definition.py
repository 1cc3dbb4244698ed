"""The printed options of a cluster render the request that they were printed from."""

from __future__ import annotations

import ast
import copy
import gzip
import itertools
import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import emr_constructs as emr
from emr_constructs.data import load
from emr_constructs.generate.definition import NOT_IN_DEFINITION
from emr_constructs.generate.layout import layout
from emr_constructs.generate.steps import step
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.requests import CLUSTER, STEP, Request
from tests.generate.definitions import made
from tests.generate.tools import References, expected, printed, replaced, ruff_problems, run, without_resources
from tests.tools import PROJECT, resources
from tests.upgrade.test_upgrade import OLD

MANY = settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def test_generated_definitions_render_what_they_were_printed_from(tmp_path):
    sources = []

    @MANY
    @given(st.integers(0, 10**9))
    def check(seed):
        definition = made(seed)
        if definition is None:
            return
        request = definition._render()
        source, todos = printed(request)
        assert todos == []
        assert run(source)._render() == expected(request) == request
        sources.append(f"import aws_cdk as cdk\nimport emr_constructs as emr\n\nApp = cdk.App\ndefinition = {source}\n")

    check()
    assert len(sources) > 100
    for number, source in enumerate(sources):
        (tmp_path / f"module{number}.py").write_text(source, encoding="utf-8")
    assert ruff_problems(tmp_path) == ""


RELEASE = {"ReleaseLabel": "emr-7.5.0"}
ROLES = {"MASTER", "CORE", "TASK"}
SHAPES = load("api_shapes.json")


def sample(name="RunJobFlowInput", counter=None, outer=()):
    """A request with every member, in which each value is another one, and the values."""
    counter = itertools.count(100_001) if counter is None else counter
    shape = SHAPES[name]
    within = (*outer, name)
    match shape["type"]:
        case "structure":
            members = shape["members"].items()
            return {key: sample(member, counter, within) for key, member in members if member not in within}
        case "list":
            return [] if shape["member"] in outer else [sample(shape["member"], counter, within)]
        case "map":
            return {f"key{next(counter)}": sample(shape["value"], counter, within)}
        case "string":
            return f"text{next(counter)}"
        case "boolean":
            return False
    return next(counter)


def values(request):
    """The values and the keys of maps in a request, as they are in source."""
    match request:
        case dict():
            yield from (key for key in request if key.startswith("key"))
            for item in request.values():
                yield from values(item)
        case list():
            for item in request:
                yield from values(item)
        case str() | int() if not isinstance(request, bool):
            yield str(request)


def requests_with_every_member():
    """Requests in which all members of the API are, with the values that decide what is printed."""
    request = sample()
    for kind in ("InstanceGroups", "InstanceFleets"):
        for jar in ("command-runner.jar", "s3://bucket/a.jar", "/usr/lib/a.jar", "text"):
            found = copy.deepcopy(request)
            instances, (step,) = found["Instances"], found["Steps"]
            step["HadoopJarStep"]["Jar"] = jar
            (nodes,) = instances[kind]
            others = "InstanceFleets" if kind == "InstanceGroups" else "InstanceGroups"
            del instances[others]
            role = "InstanceRole" if kind == "InstanceGroups" else "InstanceFleetType"
            instances[kind] = [{**nodes, role: name} for name in ("MASTER", "CORE", "TASK")]
            yield found
    yield request


REQUESTS = list(requests_with_every_member())


@pytest.mark.parametrize("request_", REQUESTS)
def test_each_member_is_printed_or_a_comment(request_):
    source, todos = printed(request_)
    missing = [value for value in values(without_resources(request_)) if value not in source]
    secrets = [value for name, value in request_["KerberosAttributes"].items() if name.endswith("Password")]
    assert set(missing) - ROLES == set(secrets)
    assert all(f"# {line}".rstrip() in source for todo in todos for line in todo.splitlines())


def test_booleans_are_printed_or_a_comment():
    source, _ = printed(sample())
    for name in ("ExtendedSupport", "SessionEnabled", "Enabled", "EbsOptimized"):
        assert name in source
    assert "unhealthy_node_replacement=False" in source
    assert "visible_to_all_users=False" in source


def test_nothing_else_is_in_other_resources():
    found = {f"{owner}.{name}".strip(".") for owner, names in NOT_IN_DEFINITION.items() for name in names}
    members = {
        *SHAPES["RunJobFlowInput"]["members"],
        *(f"Instances.{m}" for m in SHAPES["JobFlowInstancesConfig"]["members"]),
    }
    assert found <= members


TEMPLATES = json.loads(gzip.decompress(OLD.read_bytes()))
FILES = sorted((PROJECT / "tests").glob("*/templates/*.*")) + sorted((PROJECT / "tests" / "cases").glob("*/*.yaml"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_clusters_of_templates_are_printed(name):
    for cluster in resources(TEMPLATES[name], CLUSTER).values():
        request = Request(CLUSTER, cluster["Properties"]).members
        source, todos = printed(request)
        assert todos == []
        assert run(source)._render() == expected(request)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_steps_of_templates_are_printed(name):
    for submitted in resources(TEMPLATES[name], STEP).values():
        request = Request(STEP, submitted["Properties"]).members
        del request["JobFlowId"]
        context = References()
        source = layout(step(request, context))
        assert run(source)._render() == replaced(request)
        assert context.todos == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_clusters_of_files_are_printed(path):
    for request in requests_in(parse(path.read_text())):
        source, todos = printed(request)
        try:
            rendered = run(source)._render()
        except emr.EmrError:
            assert path.parent.name == "refused"
            continue
        assert todos or rendered == expected(request)


def requests_in(content):
    """The requests of the clusters in a template."""
    for part in content.get("Resources", {}).values():
        if isinstance(part, dict) and part["Type"] == CLUSTER:
            request = plain("RunJobFlowInput", Request(CLUSTER, part["Properties"]).members)
            # A release is known at synth time: a parameter is an argument of the stack.
            yield request if isinstance(request.get("ReleaseLabel", ""), str) else {**request, **RELEASE}


def plain(name, value):
    """A request without intrinsic functions in the place of numbers and choices."""
    shape = SHAPES[name]
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("Ref", "Fn::If", "Fn::FindInMap"):
        # A choice is known at synth time, as an argument of the stack is.
        return shape.get("enum", [{"string": value, "integer": 2, "boolean": True}.get(shape["type"], value)])[0]
    match shape["type"], value:
        case "structure", dict():
            members = shape["members"]
            return {key: plain(members[key], item) if key in members else item for key, item in value.items()}
        case "list", list():
            return [plain(shape["member"], item) for item in value]
    return value


JUNK = (
    None, "", "x", 5, 1.5, True, [], {}, [1], ["a", {"b": "c"}], {"a": 1}, {"Ref": "A"}, [{"Ref": "A"}], [None], [[]],
    {"Fn::If": ["A", [], {"Ref": "AWS::NoValue"}]}, {"Fn::Transform": "x"}, {"Key": "a"}, [{"Key": "a"}, {"Key": "a"}],
)  # fmt: skip


def mutated(value, random, share):
    """A request in which some parts are something else."""
    if random.random() < share:
        return random.choice(JUNK)
    match value:
        case dict():
            return {key: mutated(item, random, share) for key, item in value.items() if random.random() > share}
        case list():
            return [mutated(item, random, share) for item in value]
    return value


@settings(MANY, max_examples=400)
@given(st.integers(0, 10**9))
def test_any_request_is_printed(seed):
    random = Random(seed)
    definition = made(seed)
    request = REQUESTS[seed % len(REQUESTS)] if definition is None or seed % 3 else definition._render()
    request = mutated(request, random, 0.04)
    if isinstance(request, dict):
        source, todos = printed(request)
        ast.parse(source)
        found = {str(value) for value in values(without_resources(request)) if str(value).startswith(("text", "key"))}
        secrets = {name for name in found if name not in source}
        assert len(secrets) <= 3
        assert len(todos) == source.count("TODO: ")


# Members whose values CloudFormation can read from a parameter, and the library takes as a token of a text.
TEXTS = {
    "Name", "InstanceType", "BidPrice", "CustomAmiId", "Description", "Namespace", "OSReleaseLabel", "Value", "Path",
    "MainClass", "Jar",
}  # fmt: skip


def with_references(value, random, member=""):
    """A request in which some texts are intrinsic functions."""
    match value:
        case dict():
            is_map = member == "Properties" and "Key" not in value
            return {key: with_references(item, random, "Value" if is_map else key) for key, item in value.items()}
        case list():
            return [with_references(item, random, "Value" if member == "Args" else member) for item in value]
        case str() if member in TEXTS and random.random() < 0.3:
            return {"Ref": random.choice(("One", "Two"))}
    return value


@MANY
@given(st.integers(0, 10**9))
def test_references_are_printed_in_the_place_of_texts(seed):
    definition = made(seed)
    if definition is not None:
        request = with_references(definition._render(), Random(seed))
        source, todos = printed(request)
        assert todos == []
        assert run(source)._render() == expected(request)
