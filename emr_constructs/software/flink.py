"""Configurations of Flink: process sizes and checkpoints.

- ``*FlinkConfigurations.resources(task_slots=4, task_manager_memory="8g")``
- ``*FlinkConfigurations.checkpoints(bucket, "flink/", interval=Duration.minutes(1))``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.durations import whole_seconds
from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .configurations import Configuration, ConfigurationValue
from .s3_locations import folder

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_s3 as s3

__all__ = ["FlinkConfigurations"]


@check_calls
class FlinkConfigurations:
    """Configurations of Flink: ``[FlinkConfigurations.resources(...)]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/flink-configure.html
    """

    @staticmethod
    def resources(
        *, task_slots: int | None = None, task_manager_memory: str | None = None, job_manager_memory: str | None = None
    ) -> tuple[Configuration, ...]:
        """Set the resources of the processes of a job.

        :param task_slots: how many tasks a task manager runs in parallel. Default: 1.
        :param task_manager_memory: the memory of each task manager, for example ``8g``. Default: the default of Flink.
        :param job_manager_memory: the memory of the job manager. Default: the default of Flink.
        :raises EmrError: no argument is specified, or ``task_slots`` is less than 1.
        """
        if task_slots is not None and not is_unknown(task_slots) and task_slots < 1:
            raise EmrError(f"task_slots must be 1 or more, got {task_slots}; use at least one slot")
        sizes = {
            "taskmanager.numberOfTaskSlots": task_slots,
            "taskmanager.memory.process.size": task_manager_memory,
            "jobmanager.memory.process.size": job_manager_memory,
        }
        given: dict[str, ConfigurationValue] = {key: value for key, value in sizes.items() if value is not None}
        if not given:
            raise EmrError(
                "resources must have at least one argument, got none; specify an argument such as task_slots"
            )
        return (Configuration("flink-conf", given),)

    @staticmethod
    def checkpoints(bucket: s3.IBucket, prefix: str, *, interval: Duration) -> tuple[Configuration, ...]:
        """Store the state of jobs in S3, so that they can resume after a failure.

        They can also resume on another cluster. The nodes require access: ``cluster.grants.read_write_bucket(bucket,
        prefix)``.

        :param prefix: the prefix for checkpoints and savepoints, which have a folder each.
        :param interval: the time between checkpoints, in whole seconds.
        :raises EmrError: the prefix is empty or begins with a slash, or the interval isn't a whole number of seconds.
        """
        root = folder(bucket, prefix)
        seconds = whole_seconds("interval", interval, accepts_tokens=True, minimum=1)
        properties = {
            "state.checkpoints.dir": f"{root}/checkpoints",
            "state.savepoints.dir": f"{root}/savepoints",
            "execution.checkpointing.interval": f"{seconds} s",
        }
        return (Configuration("flink-conf", properties),)
