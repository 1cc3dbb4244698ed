"""Work for a cluster.

- ``Step.spark("Nightly", script=Script.from_asset("jobs/nightly.py"), args=["--date", "2026-11-23"])``
- ``Step.spark("Report", script=jar, main_class="com.example.Report", conf={"spark.executor.memory": "8g"})``
- ``Step.hive("Totals", script=Script.from_asset("jobs/totals.q"), variables={"DAY": "2026-11-23"})``
- ``Step.s3_dist_cp("Keep", src="hdfs:///counts", dest="s3://company-data/counts")``
- ``step.with_logs(bucket, "nightly/")`` keeps the logs of a step apart from those of the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from .._core.errors import EmrError
from .._core.input_values import reject_inputs, reject_number
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from ..rules import enforce
from .arguments import Argument, ScriptList, Settings, as_text, settings
from .logs import StepLogs
from .scripts import Locate, Script, reject_folder, script_runner, unlocated
from .spark_submit import spark_submit

if TYPE_CHECKING:
    from aws_cdk import Size
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


@check_calls
@dataclass(frozen=True, slots=True)
class Step:
    """A unit of work: a program on the master node, which usually submits a job to the cluster.

    Made with one of the factories, which share the arguments ``name`` (up to 256 characters), ``args`` (more arguments,
    one item for each; default: none) and ``action_on_failure`` (default: the next step runs). A script among ``args``
    is a file that the program reads as data. All of them raise :class:`EmrError` where the name is empty, an argument
    is no text, or the program would refuse its arguments.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-work-with-steps.html
    """

    name: str
    jar_file: Script | str
    arguments: tuple[Argument, ...]
    main_class: str | None
    action_on_failure: ActionOnFailure
    logs: StepLogs | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    data: tuple[Script, ...] = ()
    """The files among ``args``, which the program reads as data instead of running them."""

    def __post_init__(self) -> None:
        reject_inputs("the name of a step", self.name)
        reject_folder(self.jar_file)
        for argument in self.arguments:
            if argument not in self.data:
                reject_folder(argument)
            if isinstance(argument, float):
                reject_number(f"an argument of the step {self.name!r}", argument)
            if not isinstance(argument, str | Script | ScriptList):
                raise EmrError(f"an argument of the step {self.name!r} is {argument!r}; give text, or a script")
        enforce("StepConfig", self.render(_anywhere))

    @classmethod
    def spark(
        cls,
        name: str,
        *,
        script: Script,
        args: Sequence[str | Script] = (),
        main_class: str | None = None,
        packages: Sequence[str] = (),
        jars: Sequence[Script] = (),
        py_files: Sequence[Script] = (),
        files: Mapping[str, Script] | None = None,
        archives: Mapping[str, Script] | None = None,
        conf: Settings | None = None,
        deploy_mode: Literal["cluster", "client"] = "cluster",
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Spark application with ``spark-submit``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-submit-step.html

        :param script: a Python script, or a jar.
        :param args: the arguments of the application.
        :param main_class: the class to start in a jar. Default: what the jar's manifest names.
        :param packages: jars to fetch from Maven, as ``group:artifact:version``. Default: none.
        :param jars: jars for driver and executors. Default: none.
        :param py_files: Python modules for the script: zip archives, or local folders. Default: none.
        :param files: files for the working folder of each executor, by the name that they get. Default: none.
        :param archives: archives to unpack there, by the name of the folder. Default: none.
        :param conf: Spark properties. Default: those of the cluster.
        :param deploy_mode: where the driver runs: on a node of the cluster (the default), or on the master node.
        """
        command = spark_submit(
            script=script,
            main_class=main_class,
            packages=packages,
            jars=jars,
            py_files=py_files,
            files=files,
            archives=archives,
            conf=conf,
            deploy_mode=deploy_mode,
        )
        return cls._command(name, command, args, action_on_failure)

    @classmethod
    def spark_sql(
        cls,
        name: str,
        *,
        script: Script,
        variables: Settings | None = None,
        conf: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run SQL statements with ``spark-sql``, whose driver is on the master node.

        https://spark.apache.org/docs/latest/sql-distributed-sql-engine-spark-sql-cli.html

        :param script: a file of statements.
        :param variables: what the script writes as ``${NAME}``. Default: none.
        :param conf: Spark properties. Default: those of the cluster.
        """
        command: list[Argument] = ["spark-sql", *settings("--conf=", conf), "-f", script, *settings("-d", variables)]
        return cls._command(name, command, args, action_on_failure)

    @classmethod
    def hive(
        cls,
        name: str,
        *,
        script: Script,
        variables: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Hive script with ``hive -f``, which also works for steps with a runtime role.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html

        :param script: a file of statements.
        :param variables: what the script writes as ``${NAME}``. Default: none.
        """
        return cls._command(name, ["hive", "-f", script, *settings("-d", variables)], args, action_on_failure)

    @classmethod
    def pig(
        cls,
        name: str,
        *,
        script: Script,
        parameters: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Pig script.

        Pig takes each parameter in two arguments, of which the first repeats: CloudFormation's schema accepts several
        parameters only in steps that are added to a cluster, not in those that it is defined with.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-pig-launch.html

        :param script: a Pig Latin script.
        :param parameters: what the script writes as ``$NAME``. Default: none.
        """
        command: list[Argument] = ["pig-script", "--run-pig-script", "--args", "-f", script]
        for parameter in settings("", parameters):
            command += ["-p", parameter]
        return cls._command(name, command, args, action_on_failure)

    @classmethod
    def hadoop_streaming(
        cls,
        name: str,
        *,
        mapper: str,
        reducer: str,
        inputs: Sequence[str],
        output: str,
        files: Mapping[str, Script] | None = None,
        conf: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a MapReduce job whose mapper and reducer are programs that read and write lines.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/UseCase_Streaming.html

        :param mapper: a command, such as ``split.py`` of ``files``.
        :param reducer: a command, ``aggregate``, or ``NONE``.
        :param inputs: URIs of what to read.
        :param output: the URI of a folder that does not exist yet.
        :param files: files for the working folder of each task, by the name that they get. Default: none.
        :param conf: Hadoop properties. Default: those of the cluster.
        """
        if not inputs:
            raise EmrError(f"the step {name!r} has no inputs; give the URIs of what to read")
        command: list[Argument] = ["hadoop-streaming", *settings("-D", conf)]
        for shipped in ScriptList.of("", files or {}):
            command += ["-files", shipped]
        command += ["-mapper", mapper, "-reducer", reducer, "-input", ",".join(inputs), "-output", output]
        return cls._command(name, command, args, action_on_failure)

    @classmethod
    def s3_dist_cp(
        cls,
        name: str,
        *,
        src: str,
        dest: str,
        src_pattern: str | None = None,
        group_by: str | None = None,
        target_size_mib: int | Size | None = None,
        output_codec: Literal["gzip", "gz", "lzo", "lzop", "snappy", "none", "keep"] | None = None,
        delete_on_success: bool = False,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Copy files between S3 and HDFS, or within one of them, with all nodes of the cluster.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/UsingEMR_s3distcp.html

        :param src: for example ``hdfs:///counts``.
        :param dest: for example ``s3://company-data/counts``.
        :param src_pattern: a regular expression for the paths to copy. Default: all below ``src``.
        :param group_by: a regular expression; files for which its group reads the same are joined. Default: none are.
        :param target_size_mib: the size of joined files in MiB, or a ``cdk.Size``. Default: no limit.
        :param output_codec: how to compress the copies. Default: as the files are.
        :param delete_on_success: whether to delete what was copied. Default: it stays.
        """
        options = {
            "src": src,
            "dest": dest,
            "srcPattern": src_pattern,
            "groupBy": group_by,
            "targetSize": target_size_mib,
            "outputCodec": output_codec,
        }
        command = ["s3-dist-cp", *(f"--{option}={value}" for option, value in options.items() if value is not None)]
        command += ["--deleteOnSuccess"] if delete_on_success else []
        return cls._command(name, command, args, action_on_failure)

    @classmethod
    def shell(
        cls,
        name: str,
        *,
        script: Script,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a shell script on the master node, with EMR's ``script-runner.jar``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
        """
        given = tuple(args)
        return cls(name, script_runner(), (script, *given), None, action_on_failure, data=_scripts(given))

    @classmethod
    def jar(
        cls,
        name: str,
        *,
        jar: Script,
        args: Sequence[str | Script] = (),
        main_class: str | None = None,
        properties: Settings | None = None,
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a jar on the master node, as ``hadoop jar`` does.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-launch-custom-jar-cli.html

        :param main_class: the class to start. Default: what the jar's manifest names.
        :param properties: Java properties that the program reads. Default: none.
        """
        texts = {key: as_text(value) for key, value in (properties or {}).items()}
        given = tuple(args)
        return cls(name, jar, given, main_class, action_on_failure, properties=texts, data=_scripts(given))

    @classmethod
    def custom(
        cls,
        name: str,
        *,
        command: Sequence[str | Script],
        action_on_failure: ActionOnFailure = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run any command of the master node, such as ``["hdfs", "dfsadmin", "-report"]``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html

        :param command: the program and its arguments, one item for each; no shell reads them.
        """
        return cls._command(name, [], command, action_on_failure)

    @classmethod
    def _command(
        cls, name: str, command: Sequence[Argument], args: Sequence[str | Script], action_on_failure: ActionOnFailure
    ) -> Step:
        given = tuple(args)
        return cls(name, _COMMAND_RUNNER, (*command, *given), None, action_on_failure, data=_scripts(given))

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
        found: list[Script] = []
        for part in (self.jar_file, *self.arguments):
            if isinstance(part, ScriptList):
                found += part.scripts
            elif isinstance(part, Script):
                found.append(part)
        return tuple(found)

    def render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """The step in the shape of the EMR API (``StepConfig``)."""

        def located(part: Argument) -> str:
            if isinstance(part, ScriptList):
                return part.render(locate)
            return locate(part) if isinstance(part, Script) else part

        jar: dict[str, Any] = {"Jar": located(self.jar_file)}
        if self.main_class is not None:
            jar["MainClass"] = self.main_class
        if self.arguments:
            jar["Args"] = [located(argument) for argument in self.arguments]
        if self.properties:
            jar["Properties"] = [{"Key": key, "Value": value} for key, value in self.properties.items()]
        step = {"Name": self.name, "ActionOnFailure": self.action_on_failure.value, "HadoopJarStep": jar}
        if self.logs is not None:
            step["StepMonitoringConfiguration"] = {"S3MonitoringConfiguration": self.logs.render()}
        return step


def _scripts(args: Sequence[str | Script]) -> tuple[Script, ...]:
    return tuple(argument for argument in args if isinstance(argument, Script))


def _anywhere(script: Script) -> str:
    """A URI for a script that is bound to no construct yet, so that the arguments around it can be checked."""
    found = unlocated(script)
    return f"s3://bucket/script{script.extension}" if is_unknown(found) else found
