"""Generated apps run, and launch what they were generated from: for the templates and requests of all tests.

All stacks keep the logical IDs, and are synthesized together.
"""

from __future__ import annotations

import gzip
import json
from functools import cache

import pytest

from emr_constructs import EmrError
from emr_constructs.rules import Severity
from emr_constructs.templates.differences import Outcome
from emr_constructs.templates.inputs import Source, check_source, is_template, read
from emr_constructs.templates.parsing import UnreadableError
from emr_constructs.templates.updates import stack_update
from tests.generate.apps import differences, generated
from tests.tools import PROJECT, new_app

FOLDERS = ("cases/accepted", "cases/describe", "cases/diff", "cases/refused", "rules/templates", "upgrade/ports")
OLD = PROJECT / "tests" / "upgrade" / "templates-0.1.json.gz"
# Rules that the library enforces when a cluster is defined: what violates them can't be synthesized.
ENFORCED = {
    "emr-application-unavailable",
    "emr-classification-unknown",
    "emr-instance-type-unsupported",
}
# Files without a resource that becomes a construct, and why.
UNCONVERTED = {
    "cloudtrail": "no EMR resource",
    "test_example[cloudtrail]": "no EMR resource",
    "create-cluster-in-a-state-machine.yaml": "the state machine stays in the template",
    "EmrNetwork-dev": "no EMR resource",
    "EmrNetwork-production": "no EMR resource",
    "include-beside-properties.yaml": "a macro determines its properties",
}
# What a stack renders although the original leaves it out or says something else, and why that is the same.
DEFAULTS = {
    "AdjustmentType": "CHANGE_IN_CAPACITY is the default of EMR",
    "StudioId": "the attribute StudioId of a Studio is what Ref returns",
    "JobFlowId": "the attribute Id of a cluster is what Ref returns",
    "KeepJobFlowAliveWhenNoSteps": "false is the default of the API, and true that of a template",
}
# Members that CloudFormation or the library doesn't have: they are TODO comments in the code.
COMMENTS = {
    "BlockDurationMinutes": "EMR no longer offers Spot Instances with a defined duration",
}


@cache
def sources():
    found = {}
    for folder in FOLDERS:
        for path in sorted((PROJECT / "tests" / folder).iterdir()):
            found[path.name] = read(str(path), str)
    for path in sorted((PROJECT / "tests" / "snapshots" / "__snapshots__" / "test_snapshots").glob("test_example*")):
        found[path.stem] = read(str(path), str)
    for name, template in json.loads(gzip.decompress(OLD.read_bytes())).items():
        found[name] = Source(f"{name}.template.json", "", template)
    return found


@cache
def results():
    """By file, the generated stack and its template, or the error that the library raises."""
    app = new_app()
    defined, found = {}, {}
    for number, (name, source) in enumerate(sources().items()):
        try:
            result = generated(source)
        except UnreadableError as error:
            found[name] = None, error
            continue
        try:
            defined[name] = result, result.construct(app, f"Stack{number}")
        except EmrError as error:
            app.node.try_remove_child(f"Stack{number}")
            found[name] = result, error
    assembly = app.synth()
    rendered = {
        name: (result, assembly.get_stack_by_name(stack.stack_name).template)
        for name, (result, stack) in defined.items()
    }
    return found | rendered


def enforced(source):
    """The rules that the library enforces and the file violates."""
    return {found.rule for found in check_source(source) if found.severity is Severity.ERROR} & ENFORCED


# Files whose stack has a template; test_what_cannot_be_synthesized_violates_a_rule covers the others.
RENDERED = [name for name, source in sources().items() if name not in UNCONVERTED and not enforced(source)]


@pytest.mark.parametrize("name", RENDERED)
def test_launches_the_same(name):
    result, template = results()[name]
    old, new = result.requests(), result.rendered(template)
    if "Resources" not in result.plan.template:
        # A file can be a part of a request.
        new = {name: {member: new[name].get(member) for member in request} for name, request in old.items()}
    found = differences(old, new)
    unexplained = {path: values for path, values in found.items() if path.rpartition(".")[2] not in DEFAULTS | COMMENTS}
    assert unexplained == {}


@pytest.mark.parametrize("name", RENDERED)
def test_has_the_same_resources(name):
    result, template = results()[name]
    if "Resources" in result.plan.template:
        added = template["Resources"].keys() - {"CDKMetadata"} - result.plan.template["Resources"].keys()
        # A Studio always has a policy for its users.
        assert all("UserPolicy" in name for name in added), added
        assert result.plan.template["Resources"].keys() <= template["Resources"].keys()


@pytest.mark.parametrize("name", [name for name in RENDERED if is_template(sources()[name].content)])
def test_replaces_no_cluster(name):
    result, template = results()[name]
    update = stack_update(result.original, template)
    changes = [
        str(change)
        for cluster in update.clusters
        for change in cluster.changes
        if change.outcome in (Outcome.REPLACED, Outcome.MAY_REPLACE) and change.path.rpartition(".")[2] not in COMMENTS
    ]
    assert changes == []
    assert not {Outcome.DELETED, Outcome.FAILS} & {cluster.outcome for cluster in update.clusters}


def test_what_cannot_be_synthesized_violates_a_rule():
    for name, (_, error) in results().items():
        if isinstance(error, EmrError):
            violated = {finding.rule for finding in error.findings}
            assert violated, (name, error)
            assert violated <= ENFORCED, (name, error)
            assert violated <= enforced(sources()[name]), name
    rejected = {name for name, (_, error) in results().items() if isinstance(error, EmrError)}
    assert rejected | UNCONVERTED.keys() == sources().keys() - set(RENDERED)
    assert {name for name, (result, _) in results().items() if result is None} == UNCONVERTED.keys()


def test_files_are_formatted(tmp_path):
    import subprocess

    for name, (result, _) in results().items():
        if result is not None:
            folder = tmp_path / name.replace(".", "_")
            folder.mkdir()
            for file, text in result.files.items():
                (folder / file).write_text(text)
    # Each folder is a project.
    for arguments in (["check", "--select", "E4,E7,E9,F,I,UP,B", "--config", "src = ['*']"], ["format", "--check"]):
        command = ["ruff", *arguments, "--isolated", "--no-cache", "."]
        run = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout
