"""Steps: their commands and arguments, how many run at once, and bootstrap actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .constraints import at_most, constraint, in_range, matches, requires_release
from .registry import Part, Severity, rule
from .releases import parse, supports
from .sources import management_guide, release_guide, template_reference

__all__ = ["TOOLS"]

_STEPS = management_guide("emr-work-with-steps")
_CONCURRENCY = management_guide("emr-concurrent-steps")
_BOOTSTRAP = management_guide("emr-plan-bootstrap")
_RUNNER = release_guide("emr-commandrunner")
_SPARK_SUBMIT = release_guide("emr-spark-submit-step")
_S3_DIST_CP = release_guide("UsingEMR_s3distcp")
_CODECS = ("gzip", "gz", "lzo", "lzop", "snappy", "none", "keep")
# Options without a value.
_SWITCHES = ("--deleteOnSuccess", "--disableMultipartUpload", "--supervise", "--usage-error", "--verbose", "-v")
_WITH_HADOOP = ("Hadoop", "Hive", "Pig")
# The first word of a command, and the applications that install it.
TOOLS = {
    "spark-submit": ("Spark",),
    "spark-sql": ("Spark",),
    "spark-example": ("Spark",),
    "hive-script": ("Hive",),
    "hive": ("Hive",),
    "pig-script": ("Pig",),
    "s3-dist-cp": _WITH_HADOOP,
    "hadoop-streaming": _WITH_HADOOP,
}


def _of(step: Part) -> str:
    return f"of step {step.get('Name')!r}"


def _command(step: Part) -> list[str]:
    """The arguments of a step that runs a command on the primary node; empty for any other step."""
    jar = step.part("HadoopJarStep")
    return jar.items("Args") if jar.get("Jar") == "command-runner.jar" else []


def _options(step: Part, tool: str) -> Iterator[tuple[str, str]]:
    """The options, ``--name=value`` or ``--name value``, that follow ``tool`` at the beginning of the command."""
    command = _command(step)
    if command[:1] != [tool]:
        return
    complete = step.part("HadoopJarStep").is_complete("Args")
    words = iter(command[1:])
    for word in words:
        if not word.startswith("-"):
            return
        name, joined, value = word.partition("=")
        if not joined and name not in _SWITCHES:
            value = next(words, "")
            # If the value is not known, this is the word after it.
            if not complete and (value.startswith("-") or "://" in value):
                return
        yield name, value


def _command_in_one_word(step: Part) -> str | None:
    command = _command(step)
    has_blank = bool(command) and any(blank in command[0] for blank in " \t\n")
    return f"{command[0]!r} as the first argument {_of(step)}" if has_blank else None


def _no_command(step: Part) -> str | None:
    jar = step.part("HadoopJarStep")
    is_empty = jar.get("Jar") == "command-runner.jar" and not jar.items("Args") and jar.is_complete("Args")
    return f"none for step {step.get('Name')!r}" if is_empty else None


def _other_properties(step: Part) -> Iterator[str]:
    for tool in ("spark-submit", "spark-sql"):
        for name, value in _options(step, tool):
            if name in ("--conf", "-c") and not value.startswith("spark."):
                yield f"{value.partition('=')[0]!r} in step {step.get('Name')!r}"


def _other_packages(step: Part) -> Iterator[str]:
    for name, value in _options(step, "spark-submit"):
        for package in value.split(",") if name == "--packages" else ():
            if [bool(part) for part in package.split(":")] != [True, True, True]:
                yield f"{package!r} in step {step.get('Name')!r}"


def _other_failures(cluster: Part) -> Iterator[str]:
    for step in cluster.items("Steps") if cluster.get("StepConcurrencyLevel", 1) > 1 else ():
        action = step.get("ActionOnFailure", "CONTINUE")
        if action != "CONTINUE":
            yield f"{action} for step {step.get('Name')!r}"


def _frozen_steps(cluster: Part) -> str | None:
    count = len(cluster.items("Steps"))
    is_alive = cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is True
    return f"{count} step{'' if count == 1 else 's'}" if count and is_alive else None


@rule("emr-spark-deploy-mode", "StepConfig", fix="use 'cluster' or 'client'", source=_SPARK_SUBMIT)
def _driver_runs_somewhere(step: Part) -> Iterator[str | tuple[str, str]]:
    """The deploy mode of spark-submit must be cluster or client, that of spark-sql client."""
    for name, value in _options(step, "spark-submit"):
        if name == "--deploy-mode" and value not in ("cluster", "client"):
            yield f"deploy mode {_of(step)} must be cluster or client, got {value!r}"
    if ("--deploy-mode", "cluster") in _options(step, "spark-sql"):
        yield f"deploy mode {_of(step)} must be client for spark-sql, got 'cluster'", "remove --deploy-mode"


@rule("emr-s3distcp-options", "StepConfig", fix="specify both", source=_S3_DIST_CP)
def _copy_has_two_ends(step: Part) -> Iterator[str | tuple[str, str]]:
    """S3DistCp must have a source and a destination, a known codec, and a target size only with a group pattern."""
    given = dict(_options(step, "s3-dist-cp"))
    complete = step.part("HadoopJarStep").is_complete("Args")
    if _command(step)[:1] == ["s3-dist-cp"] and complete:
        for name in ("--src", "--dest"):
            if not given.get(name):
                yield f"s3-dist-cp {_of(step)} must have --src and --dest, got no {name}"
    if "--targetSize" in given and "--groupBy" not in given and complete:
        yield f"--targetSize {_of(step)} requires --groupBy, which is missing", "specify --groupBy, or remove it"
    codec = given.get("--outputCodec")
    if codec is not None and codec not in _CODECS:
        yield f"--outputCodec {_of(step)} must be one of {', '.join(_CODECS)}, got {codec!r}", "use one of them"


@rule("emr-step-count", "RunJobFlowInput", fix="specify fewer steps, and add the rest later", source=_STEPS)
def _steps_are_limited(cluster: Part) -> Iterator[str]:
    """The number of steps in a request must be at most 256, or 100 from release 7.14.0."""
    limit = 100 if supports(cluster.get("ReleaseLabel", ""), "steps_per_request_100") else 256
    count = len(cluster.items("Steps"))
    if count > limit:
        yield f"number of steps must be at most {limit}, got {count}"


@rule("emr-step-application", "RunJobFlowInput", fix="add the application", source=_RUNNER)
def _tools_are_installed(cluster: Part) -> Iterator[tuple[str, str]]:
    """The cluster must have the application of the command that a step runs."""
    names = {str(application.get("Name")).lower() for application in cluster.items("Applications")}
    if not cluster.is_complete("Applications"):
        return
    release = parse(cluster.get("ReleaseLabel", ""))
    # A cluster without applications has only Hadoop, and the releases that only have Spark don't offer it by name.
    has_hadoop = not names or (release is not None and release.train == "emr-spark")
    for step in cluster.items("Steps"):
        tool = (_command(step) or [""])[0]
        owners = TOOLS.get(tool, ())
        if owners and not names & {name.lower() for name in owners} and not ("Hadoop" in owners and has_hadoop):
            message = f"{tool} {_of(step)} requires {owners[0]}, which the cluster does not have"
            yield message, f"add {owners[0]} to the applications"


@rule("emr-repeated-argument", "RunJobFlowInput", severity=Severity.WARNING,
      fix="join option and value in one argument (--option=value), or add the step with AWS::EMR::Step",
      library_fix="join option and value in one argument (--option=value), or use cluster.add_step()",
      source=template_reference("aws-properties-emr-cluster-hadoopjarstepconfig"))  # fmt: skip
def _arguments_differ(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """The arguments of a step or bootstrap action must be unique, because CloudFormation's schema requires it."""
    for step in cluster.items("Steps"):
        for argument in _repeated(step.part("HadoopJarStep").items("Args")):
            yield f"arguments {_of(step)} must be unique, got {argument!r} more than once"
    for action in cluster.items("BootstrapActions"):
        for argument in _repeated(action.part("ScriptBootstrapAction").items("Args")):
            yield (
                f"arguments of bootstrap action {action.get('Name')!r} must be unique, got {argument!r} more than once",
                "join option and value in one argument, or put them into the script",
            )


def _repeated(args: list[str]) -> list[str]:
    return [argument for argument, count in Counter(args).items() if count > 1]


# fmt: off
constraint("emr-step-name", "StepConfig", "name of a step must not be empty", lambda step: step.get("Name") == "",
           fix="specify a name", source=_STEPS)
constraint("emr-step-command-in-one-argument", "StepConfig",
           "each word of a command must be an argument, because EMR does not split arguments", _command_in_one_word,
           fix="specify each word as an argument", source=_RUNNER)
constraint("emr-step-no-command", "StepConfig", "a step with command-runner.jar must have arguments", _no_command,
           fix="specify the command as arguments", source=_RUNNER)
constraint("emr-spark-property", "StepConfig",
           "name of a Spark property must begin with spark., because spark-submit ignores others", _other_properties,
           fix="use a property such as spark.executor.memory", source=_SPARK_SUBMIT)
constraint("emr-spark-packages", "StepConfig", "a package must be Maven coordinates", _other_packages,
           fix="use group:artifact:version", source=_SPARK_SUBMIT)
in_range("emr-step-concurrency", "RunJobFlowInput", "StepConcurrencyLevel", 1, 256, what="step concurrency level",
         source=_CONCURRENCY)
requires_release("emr-step-concurrency-release", "RunJobFlowInput",
                 {"step_concurrency": lambda cluster: cluster.get("StepConcurrencyLevel", 1) > 1},
                 fix="use a later release, or a level of 1", source=_CONCURRENCY)
constraint("emr-step-concurrency-failure", "RunJobFlowInput",
           "action on failure of steps must be CONTINUE with a step concurrency level above 1", _other_failures,
           fix="use CONTINUE, or a step concurrency level of 1",
           library_fix="use ActionOnFailure.CONTINUE, or a step concurrency level of 1", source=_CONCURRENCY)
constraint("emr-steps-frozen", "RunJobFlowInput",
           "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
           "HDFS data when they change", _frozen_steps,
           fix="use AWS::EMR::Step, or acknowledge this warning if the steps never change",
           library_fix="use cluster.add_step(), or acknowledge this warning if the steps never change",
           severity=Severity.WARNING, source=template_reference("aws-resource-emr-cluster"))
at_most("emr-bootstrap-action-count", "RunJobFlowInput", "BootstrapActions", 16, what="number of bootstrap actions",
        fix="combine some into one script", source=_BOOTSTRAP)
matches("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", "Path", "(s3[na]?://|file:|/).*",
        what="script of a bootstrap action", must="be in S3 or on the node",
        fix="use an s3:// URI, or file:/// for a script in the AMI", source=_BOOTSTRAP)
