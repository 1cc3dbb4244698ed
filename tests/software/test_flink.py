from __future__ import annotations

import pytest
from aws_cdk import Duration

from emr_constructs import EmrError, FlinkConfigurations
from tests.tools import properties_of


def test_resources():
    found = FlinkConfigurations.resources(task_slots=4, task_manager_memory="8g", job_manager_memory="2g")
    assert properties_of(found, "flink-conf") == {
        "taskmanager.numberOfTaskSlots": "4",
        "taskmanager.memory.process.size": "8g",
        "jobmanager.memory.process.size": "2g",
    }


def test_checkpoints(bucket):
    found = FlinkConfigurations.checkpoints(bucket, "flink/", interval=Duration.minutes(1))
    assert properties_of(found, "flink-conf") == {
        "state.checkpoints.dir": "s3://data/flink/checkpoints",
        "state.savepoints.dir": "s3://data/flink/savepoints",
        "execution.checkpointing.interval": "60 s",
    }


def test_rejects_nothing_and_no_slots():
    with pytest.raises(EmrError, match="resources must have at least one argument, got none; specify"):
        FlinkConfigurations.resources()
    with pytest.raises(EmrError, match="task_slots must be 1 or more, got 0"):
        FlinkConfigurations.resources(task_slots=0)
