"""The templates mean the same in every partition."""

from __future__ import annotations

import json
import re

import pytest

from tests.catalogue import ENVIRONMENTS, REGIONS, environment
from tests.tools import flat


def neutral(value, partition):
    """``value`` with the names of the region and of its partition taken out."""
    match value:
        case str():
            named = value.replace(REGIONS[partition], "<region>").replace(f"arn:{partition}:", "arn:<partition>:")
            # Some endpoint services have a prefix of their own in China.
            named = named.replace("cn.com.amazonaws.<region>", "com.amazonaws.<region>")
            # The bucket for logs of EMR in us-east-1 is the one without a region.
            return named.replace(":aws157-logs-prod/", ":aws157-logs-prod-<region>/")
        case {"Fn::Join": _} | {"Ref": _} | {"Fn::Sub": _}:
            return neutral(flat(value), partition)
        case {"Resource": [*resources], **others} if others:
            # CDK sorts them by their names, in which the region may be first.
            return neutral(others, partition) | {"Resource": sorted(map(flat, neutral(resources, partition)))}
        case dict():
            return {neutral(name, partition): neutral(item, partition) for name, item in value.items()}
        case list():
            return [neutral(item, partition) for item in value]
        case _:
            return value


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("partition", [partition for partition in REGIONS if partition != "aws"])
def test_templates_are_the_same_but_for_names(name, partition):
    assert neutral(environment(name, partition).templates, partition) == neutral(
        environment(name, "aws").templates, "aws"
    )


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("partition", REGIONS)
def test_no_arn_names_another_partition(name, partition):
    text = json.dumps(environment(name, partition).templates)
    assert set(re.findall(r"\barn:(aws[a-z-]*):", text)) == {partition}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_without_a_region_no_arn_names_a_partition(name):
    assert "arn:aws" not in json.dumps(environment(name).templates)
