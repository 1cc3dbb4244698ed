"""Steps: the work that a cluster runs.

- ``Step.spark("Nightly", script=Script.from_asset("jobs/nightly.py"), args=["--date", "2026-11-23"])``
- ``Step.spark("Report", script=jar, main_class="com.example.Report", conf={"spark.executor.memory": "8g"})``
- ``Step.hive("Totals", script=Script.from_asset("jobs/totals.q"), variables={"DAY": "2026-11-23"})``
- ``Step.s3_dist_cp("Keep", src="hdfs:///counts", dest="s3://company-data/counts")``
- ``step.with_logs(bucket, "nightly/")`` writes the logs of a step to a different bucket than those of the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from .._core.input_values import reject_inputs, renderable
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from . import commands
from .action_on_failure import ActionOnFailure
from .arguments import Argument, Settings, as_text, as_uri, check_added, check_arguments, scripts_in
from .logs import StepLogs
from .scripts import Locate, Script, checked_location, reject_folder, script_runner, unlocated
from .spark_submit import spark_submit

if TYPE_CHECKING:
    from aws_cdk import Size
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

__all__ = ["Step"]


_COMMAND_RUNNER: Final = "command-runner.jar"


@check_calls
@value_class
class Step:
    """A program that EMR runs on the primary node, usually to submit a job.

    Created with one of the factories, which share the arguments ``name`` (up to 256 characters), ``args`` (additional
    arguments, one item each; default: none) and ``action_on_failure`` (default: the next step runs; None: left out, in
    ``steps`` of a cluster). A script in ``args`` is a file that the program reads as data. All factories raise
    ``EmrError`` if the name is empty, an argument isn't text, or the program would reject its arguments.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-work-with-steps.html
    """

    name: str
    jar_file: Script | str
    arguments: tuple[Argument, ...] = converted(tuple)
    main_class: str | None
    action_on_failure: ActionOnFailure | None
    logs: StepLogs | None = None
    properties: Mapping[str, str] = converted(dict, default=())
    data: tuple[Script, ...] = converted(tuple, default=())
    """The files in ``args``, which the program reads as data. Default: none."""

    def __post_init__(self) -> None:
        reject_inputs("the name of a step", self.name)
        reject_folder(self.jar_file)
        check_arguments(f"step {self.name!r}", self.arguments, self.data)
        enforce("StepConfig", self._render(checked_location))

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
        deploy_mode: Literal["cluster", "client"] | None = "cluster",
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Spark application with ``spark-submit``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-spark-submit-step.html

        :param script: a Python script or a JAR file.
        :param args: the arguments of the application. Default: none.
        :param main_class: the main class of a JAR file. Default: the one in its manifest.
        :param packages: Maven coordinates of JAR files, as ``group:artifact:version``. Default: none.
        :param jars: JAR files for driver and executors. Default: none.
        :param py_files: Python modules for the script: ZIP archives, or local folders. Default: none.
        :param files: files for the working directory of each executor, by file name. Default: none.
        :param archives: archives to extract there, by directory name. Default: none.
        :param conf: Spark properties. Default: those of the cluster.
        :param deploy_mode: whether the driver runs on any node (``cluster``) or on the primary node (``client``). None
            leaves the option out: the driver then runs as ``spark.submit.deployMode`` states, by default on the primary
            node.
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
        return cls._create(name, _COMMAND_RUNNER, command, args, action_on_failure)

    @classmethod
    def spark_sql(
        cls,
        name: str,
        *,
        script: Script,
        variables: Settings | None = None,
        conf: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run SQL statements with ``spark-sql``, whose driver runs on the primary node.

        https://spark.apache.org/docs/latest/sql-distributed-sql-engine-spark-sql-cli.html

        :param script: a file with SQL statements.
        :param variables: values for ``${NAME}`` in the script. Default: none.
        :param conf: Spark properties. Default: those of the cluster.
        """
        return cls._create(name, _COMMAND_RUNNER, commands.spark_sql(script, variables, conf), args, action_on_failure)

    @classmethod
    def hive(
        cls,
        name: str,
        *,
        script: Script,
        variables: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Hive script with ``hive -f``, which also supports runtime roles.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-steps-runtime-roles.html

        :param script: a file with SQL statements.
        :param variables: values for ``${NAME}`` in the script. Default: none.
        """
        return cls._create(name, _COMMAND_RUNNER, commands.hive(script, variables), args, action_on_failure)

    @classmethod
    def pig(
        cls,
        name: str,
        *,
        script: Script,
        parameters: Settings | None = None,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a Pig script.

        Each parameter has two arguments, the first of which repeats. CloudFormation's schema therefore only accepts
        several parameters in steps that are added to a cluster, not in its own steps.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-pig-launch.html

        :param script: a Pig Latin script.
        :param parameters: values for ``$NAME`` in the script. Default: none.
        """
        return cls._create(name, _COMMAND_RUNNER, commands.pig(script, parameters), args, action_on_failure)

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
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a MapReduce job whose mapper and reducer process lines of text.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/UseCase_Streaming.html

        :param mapper: a command, such as ``split.py`` of ``files``.
        :param reducer: a command, ``aggregate``, or ``NONE``.
        :param inputs: the URIs of the input.
        :param output: the URI of a folder that doesn't exist yet.
        :param files: files for the working directory of each task, by file name. Default: none.
        :param conf: Hadoop properties. Default: those of the cluster.
        """
        command = commands.hadoop_streaming(
            name, mapper=mapper, reducer=reducer, inputs=inputs, output=output, files=files, conf=conf
        )
        return cls._create(name, _COMMAND_RUNNER, command, args, action_on_failure)

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
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Copy files between or within S3 and HDFS with S3DistCp.

        S3DistCp uses all nodes of the cluster.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/UsingEMR_s3distcp.html

        :param src: the URI of the source, for example ``hdfs:///counts``.
        :param dest: the URI of the destination, for example ``s3://company-data/counts``.
        :param src_pattern: a regular expression that filters the source paths. Default: all below ``src``.
        :param group_by: a regular expression with a group; files with the same value of the group are combined.
            Default: files aren't combined.
        :param target_size_mib: the size of combined files in MiB, or a ``cdk.Size``. Default: no limit.
        :param output_codec: the compression of the copies. Default: that of the source files.
        :param delete_on_success: whether source files are deleted after they were copied. Default: false.
        """
        command = commands.s3_dist_cp(
            src=src,
            dest=dest,
            src_pattern=src_pattern,
            group_by=group_by,
            target_size_mib=target_size_mib,
            output_codec=output_codec,
            delete_on_success=delete_on_success,
        )
        return cls._create(name, _COMMAND_RUNNER, command, args, action_on_failure)

    @classmethod
    def shell(
        cls,
        name: str,
        *,
        script: Script,
        args: Sequence[str | Script] = (),
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a shell script on the primary node, with EMR's ``script-runner.jar``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
        """
        return cls._create(name, script_runner(), [script], args, action_on_failure)

    @classmethod
    def jar(
        cls,
        name: str,
        *,
        jar: Script,
        args: Sequence[str | Script] = (),
        main_class: str | None = None,
        properties: Settings | None = None,
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a JAR file on the primary node, as ``hadoop jar`` does.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-launch-custom-jar-cli.html

        :param main_class: the main class. Default: the one in the manifest of the JAR file.
        :param properties: Java system properties. Default: none.
        """
        texts = {key: as_text(value) for key, value in (properties or {}).items()}
        return cls._create(name, jar, [], args, action_on_failure, main_class=main_class, properties=texts)

    @classmethod
    def custom(
        cls,
        name: str,
        *,
        command: Sequence[str | Script],
        action_on_failure: ActionOnFailure | None = ActionOnFailure.CONTINUE,
    ) -> Step:
        """Run a command on the primary node, such as ``["hdfs", "dfsadmin", "-report"]``.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html

        :param command: the program and its arguments, one item each; no shell interprets them.
        """
        return cls._create(name, _COMMAND_RUNNER, [], command, action_on_failure)

    @classmethod
    def _create(
        cls,
        name: str,
        jar_file: Script | str,
        command: Sequence[Argument],
        args: Sequence[str | Script],
        action_on_failure: ActionOnFailure | None,
        *,
        main_class: str | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> Step:
        check_added(command, args)
        further = tuple(renderable(item) if isinstance(item, float) else item for item in args)
        data, arguments = scripts_in(further), (*command, *further)
        return cls(name, jar_file, arguments, main_class, action_on_failure, None, properties or {}, data)

    def with_logs(self, bucket: s3.IBucket, prefix: str, *, encryption_key: kms.IKey | None = None) -> Step:
        """Return the step with its logs in ``bucket`` instead of the log bucket.

        Only steps that are submitted to a running cluster can have separate logs. The instance role is granted
        write access.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-step.html

        :param prefix: the prefix of the logs, such as ``nightly/``. A slash at its end is added if it is missing.
        :param encryption_key: encrypts the logs. Default: the key of the bucket, if it is known.
        :raises EmrError: the prefix is empty or begins with a slash.
        """
        return replace(self, logs=StepLogs(bucket, prefix, encryption_key or bucket.encryption_key))

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The files that the step reads."""
        return scripts_in((self.jar_file, *self.arguments))

    def _render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """Render the step as ``StepConfig`` of the EMR API."""
        jar: dict[str, Any] = {"Jar": as_uri(self.jar_file, locate)}
        if self.main_class is not None:
            jar["MainClass"] = self.main_class
        if self.arguments:
            jar["Args"] = [as_uri(argument, locate) for argument in self.arguments]
        if self.properties:
            jar["Properties"] = [{"Key": key, "Value": value} for key, value in self.properties.items()]
        failure = {} if self.action_on_failure is None else {"ActionOnFailure": str(self.action_on_failure)}
        step: dict[str, Any] = {"Name": self.name, **failure, "HadoopJarStep": jar}
        if self.logs is not None:
            step["StepMonitoringConfiguration"] = {"S3MonitoringConfiguration": self.logs._render()}
        return step
