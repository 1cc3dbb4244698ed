"""The templates as they are deployed. Read the diff line by line before you commit one: logical ids are API."""

from __future__ import annotations

import re

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from tests.catalogue import ENVIRONMENTS, EXAMPLES, NETWORK, REGIONS, environment, example

ASSET = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def snapshot_json(snapshot):
    return snapshot.use_extension(JSONSnapshotExtension)


def masked(value):
    """``value`` with the hashes of assets masked, which change with every file that is uploaded."""
    match value:
        case str():
            return ASSET.sub("<asset>", value)
        case dict():
            return {masked(name): masked(item) for name, item in value.items()}
        case list():
            return [masked(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize("partition", REGIONS)
@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("stack", ["EmrNetwork", "EmrAnalytics", "EmrJob"])
def test_stack(stack, name, partition, snapshot_json):
    assert masked(environment(name, partition).templates[f"{stack}-{name}"]) == snapshot_json


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name, snapshot_json):
    (template,) = (found for stack, found in example(name).templates.items() if stack != NETWORK)
    assert masked(template) == snapshot_json
