"""The policy on hourly costs."""

from __future__ import annotations

import json

import pytest

import emr_constructs as emr
from tests.policies.templates import fleet, group, template
from tests.prices.records import PRICES

PRIMARY = {"MasterInstanceGroup": group()}


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    path = tmp_path_factory.mktemp("prices") / "prices.json"
    path.write_text(json.dumps(PRICES))
    return path


def messages(content, limit, prices):
    rules = emr.RuleSet(emr.Policies.hourly_cost(limit, prices=prices))
    return [(finding.rule, finding.path, finding.message) for finding in rules.check(content)]


# A node costs 1.25 an hour, and 64 GiB of gp3 beside its root volume some cents.
@pytest.mark.parametrize(("count", "limit"), [(2, 4), (5, 8)])
def test_accepts_clusters_below_the_limit(prices, count, limit):
    nodes = {**PRIMARY, "CoreInstanceGroup": group(count=count)}
    assert messages(template(instances=nodes), limit, prices) == []


def test_rejects_a_cluster_above_the_limit(prices):
    ((rule, path, message),) = messages(template(), 3, prices)
    assert (rule, path) == ("company-hourly-cost", "Resources.Cluster.Properties.Instances")
    assert message.startswith("hourly cost must be at most $3.00, got up to $3.")
    assert message.endswith("with prices of eu-west-1 in USD, 2026-11-25")


def test_counts_nodes_that_are_added_and_the_limit_of_scaling(prices):
    task = {"JobFlowId": {"Ref": "Cluster"}, "InstanceRole": "TASK", **group(count=4)}
    added = {"More": {"Type": "AWS::EMR::InstanceGroupConfig", "Properties": task}}
    assert messages(template(), 5, prices) == []
    assert messages(template(added), 5, prices)
    unit = {"UnitType": "Instances", "MinimumCapacityUnits": 1, "MaximumCapacityUnits": 10}
    assert messages(template(ManagedScalingPolicy={"ComputeLimits": unit}), 5, prices)


def test_judges_no_unknown_values(prices):
    open_type = template(instances={**PRIMARY, "CoreInstanceGroup": group({"Fn::ImportValue": "Type"}, count=9)})
    assert messages(open_type, 3, prices) == []
    without_price = template(instances={**PRIMARY, "CoreInstanceGroup": group("c5.xlarge", count=9)})
    assert messages(without_price, 3, prices) == []
    spot = fleet("m7g.xlarge", units=0, TargetSpotCapacity=9)
    fleets = {"MasterInstanceFleet": fleet("m7g.xlarge", units=1), "CoreInstanceFleet": spot}
    assert messages(template(instances=fleets), 5, prices)


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        (0, "limit must be more than 0, got 0; use an amount per hour, such as 25"),
        (-1.5, "limit must be more than 0, got -1.5"),
        ("25", "limit must be a number, got '25'"),
    ],
)
def test_rejects_other_limits(prices, limit, message):
    with pytest.raises(emr.EmrError, match=message):
        emr.Policies.hourly_cost(limit, prices=prices)


def test_rejects_files_without_prices(tmp_path):
    with pytest.raises(emr.EmrError, match="price file must be readable"):
        emr.Policies.hourly_cost(25, prices=tmp_path / "prices.json")
