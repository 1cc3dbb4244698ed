"""Valid templates yield no error: those of every stack and example, and hand-written ones of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.rules import Severity
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.requests import KINDS
from tests.catalogue import ENVIRONMENTS, EXAMPLES, REGIONS, environment, example
from tests.linting import lint

WRITTEN = sorted((Path(__file__).parent / "templates").iterdir())


def errors(template):
    found = (finding for finding in check_template(template) if finding.severity is Severity.ERROR)
    return [f"{finding.path}: {finding.message} [{finding.rule}]" for finding in found]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_hand_written_templates(path):
    assert errors(parse(path.read_text())) == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_they_are_valid_for_cloudformation(path):
    found = lint(path.read_text(), "us-east-1")
    assert [f"{match.rule.id} {match.message}" for match in found if match.rule.id.startswith("E")] == []


def test_they_hold_every_resource():
    templates = [parse(path.read_text()) for path in WRITTEN]
    kinds = {resource["Type"] for template in templates for resource in template["Resources"].values()
             if isinstance(resource, dict)}  # fmt: skip
    assert set(KINDS) <= kinds


@pytest.mark.parametrize("partition", REGIONS)
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_stacks(name, partition):
    assert [found for template in environment(name, partition).templates.values() for found in errors(template)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name):
    assert [found for template in example(name).templates.values() for found in errors(template)] == []
