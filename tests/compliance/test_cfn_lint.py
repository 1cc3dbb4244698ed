"""cfn-lint finds nothing in any template, in any partition."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from tests.catalogue import ENVIRONMENTS, EXAMPLES, REGIONS, environment, example
from tests.linting import lint

# The function with which CDK closes the default security group, and its state machines, say one dependency twice.
TWICE = re.compile(r"CustomVpcRestrictDefaultSG|Machine\w+/Properties/RoleArn")


@cache
def messages(text, region):
    """Many apps share a template, such as that of the network."""
    return [
        f"{found.rule.id} {found.message}"
        for found in lint(text, region)
        if not (found.rule.id == "W3005" and TWICE.search(found.message))
    ]


def findings(templates, region):
    return [
        f"{name}: {message}"
        for name, template in templates.items()
        for message in messages(json.dumps(template), region)
    ]


@pytest.mark.parametrize(("partition", "region"), REGIONS.items())
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_stacks(name, partition, region):
    assert findings(environment(name, partition).templates, region) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name):
    assert findings(example(name).templates, "us-east-1") == []
