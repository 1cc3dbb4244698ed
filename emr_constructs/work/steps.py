"""Work for a cluster.

- ``Step.spark("Nightly", script=Script.from_asset("jobs/nightly.py"), args=["--date", "2026-11-23"])``
- ``Step.spark("Report", script=jar, main_class="com.example.Report", conf={"spark.executor.memory": "8g"})``
- ``Step.jar("Import", jar=Script.from_bucket(bucket, "import.jar"), args=["orders"])``
- ``step.with_logs(bucket, "nightly/")`` keeps the logs of a step apart from those of the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from .._errors import EmrError
from ..rules import enforce
from .arguments import as_arguments, as_text
from .scripts import Locate, Script, unlocated
from .step_logs import StepLogs

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

__all__ = ["ActionOnFailure", "Step"]

_COMMAND_RUNNER = "command-runner.jar"


class ActionOnFailure(StrEnum):
    """What happens to the cluster and to the steps that wait when a step fails.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_StepConfig.html
    """

    CONTINUE = "CONTINUE"
    """The next step runs."""

    CANCEL_AND_WAIT = "CANCEL_AND_WAIT"
    """The steps that wait are cancelled, the cluster stays."""

    TERMINATE_CLUSTER = "TERMINATE_CLUSTER"
    """The cluster ends, unless it is kept alive and protected from termination."""


@dataclass(frozen=True, slots=True)
class Step:
    """A unit of work: a program on the master node, which usually submits a job to the cluster.

    Made with one of the factories. https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-work-with-steps.html
    """

    name: str
    jar_file: Script | str
    arguments: tuple[str | Script, ...]
    main_class: str | None
    action_on_failure: ActionOnFailure
    logs: StepLogs | None = None

    def __post_init__(self) -> None:
        for argument in self.arguments:
            if not isinstance(argument, str | Script):
                raise EmrError(f"an argument of the step {self.name!r} is {argument!r}; give text, or a script")
        enforce("StepConfig", self.render())

    @classmethod
    def spark(
        cls,
        name: str,
        *,
        script: Script,
        args: Sequence[str | Script] = (),
        main_class: str | None = None,
        conf: Mapping[str, str | float | bool] | None = None,
        deploy_mode: Literal["cluster", "client"] = "cluster",
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Spark application with ``spark-submit``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-submit-step.html

        :param name: the name of the step, up to 256 characters.
        :param script: a Python script, or a jar.
        :param args: the arguments of the application. Default: none.
        :param main_class: the class to start in a jar. Default: what the jar's manifest names.
        :param conf: Spark properties. Default: those of the cluster.
        :param deploy_mode: where the driver runs: on a node of the cluster (the default), or on the master node.
        :param action_on_failure: Default: the next step runs.
        :raises EmrError: the name is empty, or an argument is not text.
        """
        command: list[str | Script] = ["spark-submit", "--deploy-mode", deploy_mode]
        if main_class is not None:
            command += ["--class", main_class]
        # Joined with "=": CloudFormation's schema wants the items of Args to differ, and spark-submit takes both forms.
        command += [f"--conf={key}={as_text(value)}" for key, value in (conf or {}).items()]
        return cls(name, _COMMAND_RUNNER, (*command, script, *_arguments(name, args)), None, action_on_failure)

    @classmethod
    def jar(
        cls,
        name: str,
        *,
        jar: Script,
        args: Sequence[str | Script] = (),
        main_class: str | None = None,
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a jar on the master node, as ``hadoop jar`` does.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-launch-custom-jar-cli.html

        :param name: the name of the step, up to 256 characters.
        :param jar: the jar.
        :param args: the arguments of the program. Default: none.
        :param main_class: the class to start. Default: what the jar's manifest names.
        :param action_on_failure: Default: the next step runs.
        :raises EmrError: the name is empty, or an argument is not text.
        """
        return cls(name, jar, _arguments(name, args), main_class, action_on_failure)

    def with_logs(self, bucket: s3.IBucket, prefix: str, *, encryption_key: kms.IKey | None = None) -> Step:
        """The same step, with its logs in ``bucket`` instead of with those of the cluster.

        For steps that are submitted to a cluster; the nodes are granted to write there.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-step.html

        :param prefix: below which the logs go, such as ``nightly/``.
        :param encryption_key: encrypts the logs. Default: the key of the bucket, where it is known.
        :raises EmrError: the prefix does not end with a slash, or begins with one.
        """
        return replace(self, logs=StepLogs(bucket, prefix, encryption_key or bucket.encryption_key))

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The files that the step reads."""
        return tuple(part for part in (self.jar_file, *self.arguments) if isinstance(part, Script))

    def render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """The step in the shape of the EMR API (``StepConfig``)."""

        def located(part: Script | str) -> str:
            return locate(part) if isinstance(part, Script) else part

        jar: dict[str, Any] = {"Jar": located(self.jar_file)}
        if self.main_class is not None:
            jar["MainClass"] = self.main_class
        if self.arguments:
            jar["Args"] = [located(argument) for argument in self.arguments]
        step = {"Name": self.name, "ActionOnFailure": self.action_on_failure.value, "HadoopJarStep": jar}
        if self.logs is not None:
            step["StepMonitoringConfiguration"] = {"S3MonitoringConfiguration": self.logs.render()}
        return step


def _arguments(name: str, args: Sequence[str | Script]) -> tuple[str | Script, ...]:
    return as_arguments(f"the step {name!r}", args)
