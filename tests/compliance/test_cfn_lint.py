"""cfn-lint finds nothing in any template, in any partition."""

from __future__ import annotations

import json
import re

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.catalogue import ENVIRONMENTS, EXAMPLES, REGIONS, environment, example

# The function with which CDK closes the default security group, and its state machines, say one dependency twice.
TWICE = re.compile(r"CustomVpcRestrictDefaultSG|Machine\w+/Properties/RoleArn")


def findings(templates, region):
    return [
        f"{name}: {found.rule.id} {found.message}"
        for name, template in templates.items()
        for found in lint(json.dumps(template), config=ManualArgs(regions=[region]))
        if not (found.rule.id == "W3005" and TWICE.search(found.message))
    ]


@pytest.mark.parametrize(("partition", "region"), REGIONS.items())
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_stacks(name, partition, region):
    assert findings(environment(name, partition).templates, region) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name):
    assert findings(example(name).templates, "us-east-1") == []
