from __future__ import annotations

import pytest
from aws_cdk import Duration

from emr_constructs import EmrError, YarnConfigurations
from tests.tools import properties_of


def test_queues_share_the_cluster():
    found = YarnConfigurations.capacity_scheduler({"default": 30, "etl": 70}, maximum={"default": 50.5})
    assert properties_of(found, "capacity-scheduler") == {
        "yarn.scheduler.capacity.root.queues": "default,etl",
        "yarn.scheduler.capacity.root.default.capacity": "30",
        "yarn.scheduler.capacity.root.etl.capacity": "70",
        "yarn.scheduler.capacity.root.default.maximum-capacity": "50.5",
    }


@pytest.mark.parametrize(
    ("queues", "maximum", "message"),
    [
        (
            {"default": 30, "etl": 60},
            None,
            "queues of one parent must add up to 100 percent, got 90 percent for the queues of root",
        ),
        ({"etl": 100}, None, "queues must contain 'default', got etl; add it"),
        ({}, None, "queues must contain 'default', got none; add it"),
        ({"default": 100}, {"etl": 50}, "maximum must contain only names of queues, got etl; use one of default"),
    ],
)
def test_rejects_queues(queues, maximum, message):
    with pytest.raises(EmrError, match=message):
        YarnConfigurations.capacity_scheduler(queues, maximum=maximum)


@pytest.mark.parametrize("label", ["CORE", "ON_DEMAND"])
def test_application_masters_run_where_nodes_stay(label):
    assert properties_of(YarnConfigurations.application_masters_on(label), "yarn-site") == {
        "yarn.node-labels.enabled": "true",
        "yarn.node-labels.am.default-node-label-expression": label,
    }


def test_logs_of_containers(bucket):
    found = YarnConfigurations.log_aggregation(bucket, "yarn/", retain_for=Duration.days(14))
    assert properties_of(found, "yarn-site") == {
        "yarn.log-aggregation-enable": "true",
        "yarn.log-aggregation.retain-seconds": "1209600",
        "yarn.nodemanager.remote-app-log-dir": "s3://data/yarn",
    }
