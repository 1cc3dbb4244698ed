from __future__ import annotations

import pytest
from aws_cdk import CfnParameter, Duration

from emr_constructs import EmrError, SparkConfigurations
from emr_constructs.software.configurations import render
from tests.tools import properties_of


def test_dynamic_allocation():
    found = SparkConfigurations.dynamic_allocation(
        min_executors=1, max_executors=40, initial_executors=4, idle_timeout=Duration.minutes(2)
    )
    assert properties_of(found, "spark-defaults") == {
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.minExecutors": "1",
        "spark.dynamicAllocation.maxExecutors": "40",
        "spark.dynamicAllocation.initialExecutors": "4",
        "spark.dynamicAllocation.executorIdleTimeout": "120s",
    }


def test_dynamic_allocation_without_bounds():
    found = SparkConfigurations.dynamic_allocation()
    assert properties_of(found, "spark-defaults") == {"spark.dynamicAllocation.enabled": "true"}


def test_maximum_resource_allocation():
    found = SparkConfigurations.maximize_resource_allocation()
    assert properties_of(found, "spark") == {"maximizeResourceAllocation": "true"}


def test_environment():
    assert render(SparkConfigurations.environment({"PYSPARK_PYTHON": "/usr/bin/python3.11"})) == [
        {
            "Classification": "spark-env",
            "Configurations": [{"Classification": "export", "Properties": {"PYSPARK_PYTHON": "/usr/bin/python3.11"}}],
        }
    ]


def test_rejects_a_range_without_executors():
    with pytest.raises(
        EmrError, match="dynamic allocation must be at most the maximum, got a minimum of 5 and a maximum of 4"
    ):
        SparkConfigurations.dynamic_allocation(min_executors=5, max_executors=4)


def test_rejects_half_a_second():
    with pytest.raises(EmrError, match=r"idle_timeout must be a whole number of seconds, got 0\.5 seconds"):
        SparkConfigurations.dynamic_allocation(idle_timeout=Duration.millis(500))


def test_a_time_that_is_not_known_yet_is_in_seconds(stack):
    parameter = CfnParameter(stack, "Seconds", type="Number")
    SparkConfigurations.dynamic_allocation(idle_timeout=Duration.seconds(parameter.value_as_number))
    with pytest.raises(EmrError, match="idle_timeout must be in seconds if it is a token"):
        SparkConfigurations.dynamic_allocation(idle_timeout=Duration.minutes(parameter.value_as_number))
