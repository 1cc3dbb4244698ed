"""Work that is given to a cluster: steps, how many at once, and their arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .registry import Part, Severity, rule
from .releases import lacks, parse, supports
from .sources import management_guide, release_guide, template_reference

_STEPS = management_guide("emr-work-with-steps")
_CONCURRENCY = management_guide("emr-concurrent-steps")
_RUNNER = release_guide("emr-commandrunner")
_SPARK_SUBMIT = release_guide("emr-spark-submit-step")
_S3_DIST_CP = release_guide("UsingEMR_s3distcp")
# Options without a value.
_SWITCHES = ("--deleteOnSuccess", "--disableMultipartUpload", "--supervise", "--usage-error", "--verbose", "-v")
_WITH_HADOOP = ("Hadoop", "Hive", "Pig")
# The first word of a command, and the applications of which each brings it.
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


def _command(step: Part) -> list[str]:
    """The arguments of a step that runs a command on the master node; empty for any other step."""
    jar = step.part("HadoopJarStep")
    return jar.items("Args") if jar.get("Jar") == "command-runner.jar" else []


@rule("emr-step-name", "StepConfig", do="give it a name", source=_STEPS)
def _step_has_a_name(step: Part) -> Iterator[str]:
    """A step has a name."""
    if step.get("Name") == "":
        yield "the name of a step is empty"


@rule("emr-step-command-in-one-argument", "StepConfig", do="give each word as an argument of its own", source=_RUNNER)
def _command_is_a_list(step: Part) -> Iterator[str]:
    """The command of a step is a list of words: EMR starts the first one and does not split it."""
    command = _command(step)
    if command and any(blank in command[0] for blank in " \t\n"):
        yield f"the first argument of the step {step.get('Name')!r} is the whole command {command[0]!r}"


@rule("emr-step-no-command", "StepConfig", do="give the command as arguments", source=_RUNNER)
def _command_runner_runs_something(step: Part) -> Iterator[str]:
    """A step with command-runner.jar names a command."""
    jar = step.part("HadoopJarStep")
    if jar.get("Jar") == "command-runner.jar" and not jar.items("Args") and jar.is_complete("Args"):
        yield f"the step {step.get('Name')!r} runs command-runner.jar without arguments"


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
            # Where the value is not known, this is the word after it.
            if not complete and (value.startswith("-") or "://" in value):
                return
        yield name, value


@rule("emr-spark-deploy-mode", "StepConfig", do="use 'cluster' or 'client'", source=_SPARK_SUBMIT)
def _driver_runs_somewhere(step: Part) -> Iterator[str | tuple[str, str]]:
    """The driver of a Spark application runs on the cluster or in the client; that of spark-sql in the client."""
    for name, value in _options(step, "spark-submit"):
        if name == "--deploy-mode" and value not in ("cluster", "client"):
            yield f"the deploy mode of the step {step.get('Name')!r} is {value!r}"
    if ("--deploy-mode", "cluster") in _options(step, "spark-sql"):
        yield f"the step {step.get('Name')!r} runs spark-sql in the deploy mode 'cluster'", "leave it out"


@rule("emr-spark-property", "StepConfig", do="use the name of a Spark property, spark....", source=_SPARK_SUBMIT)
def _properties_are_those_of_spark(step: Part) -> Iterator[str]:
    """A property of a Spark application begins with ``spark.``: spark-submit ignores any other."""
    for tool in ("spark-submit", "spark-sql"):
        for name, value in _options(step, tool):
            if name in ("--conf", "-c") and not value.startswith("spark."):
                yield f"the step {step.get('Name')!r} sets the property {value.partition('=')[0]!r}"


@rule("emr-spark-packages", "StepConfig", do="use group:artifact:version", source=_SPARK_SUBMIT)
def _packages_are_coordinates(step: Part) -> Iterator[str]:
    """A package of a Spark application is named by its Maven coordinates."""
    for name, value in _options(step, "spark-submit"):
        if name == "--packages":
            for package in value.split(","):
                if [bool(part) for part in package.split(":")] != [True, True, True]:
                    yield f"the step {step.get('Name')!r} has the package {package!r}"


@rule("emr-s3distcp-options", "StepConfig", do="give both", source=_S3_DIST_CP)
def _copy_has_two_ends(step: Part) -> Iterator[str | tuple[str, str]]:
    """S3DistCp copies from one URI to another, and only gives files a size that it joins."""
    title = f"the step {step.get('Name')!r}"
    given = dict(_options(step, "s3-dist-cp"))
    complete = step.part("HadoopJarStep").is_complete("Args")
    if _command(step)[:1] == ["s3-dist-cp"] and complete:
        for name in ("--src", "--dest"):
            if not given.get(name):
                yield f"{title} runs s3-dist-cp without {name}"
    if "--targetSize" in given and "--groupBy" not in given and complete:
        yield f"{title} has --targetSize and no --groupBy, so no files are joined", "give --groupBy, or leave it out"
    codec = given.get("--outputCodec")
    if codec is not None and codec not in ("gzip", "gz", "lzo", "lzop", "snappy", "none", "keep"):
        yield f"the output codec of {title} is {codec!r}", "use gzip, gz, lzo, lzop, snappy, none or keep"


@rule("emr-step-concurrency", "RunJobFlowInput", do="use 1 to 256", source=_CONCURRENCY)
def _concurrency_is_in_range(cluster: Part) -> Iterator[str]:
    """A cluster runs 1 to 256 steps at a time."""
    level = cluster.get("StepConcurrencyLevel")
    if level is not None and not 1 <= level <= 256:
        yield f"the step concurrency level is {level}"


@rule("emr-step-concurrency-release", "RunJobFlowInput", do="use a newer release, or a level of 1", source=_CONCURRENCY)
def _concurrency_needs_a_release(cluster: Part) -> Iterator[tuple[str, str]]:
    """Running steps concurrently needs a release from 5.28.0 on."""
    if cluster.get("StepConcurrencyLevel", 1) > 1:
        yield from lacks(cluster, "step_concurrency")


@rule(
    "emr-step-concurrency-failure",
    "RunJobFlowInput",
    do="let it continue (ActionOnFailure.CONTINUE), or run one step at a time",
    source=_CONCURRENCY,
)
def _concurrent_steps_continue(cluster: Part) -> Iterator[str]:
    """Where steps run concurrently, each one's action on failure is CONTINUE."""
    if cluster.get("StepConcurrencyLevel", 1) <= 1:
        return
    for step in cluster.items("Steps"):
        action = step.get("ActionOnFailure", "CONTINUE")
        if action != "CONTINUE":
            yield f"the step {step.get('Name')!r} runs beside others and has the action on failure {action}"


@rule("emr-step-count", "RunJobFlowInput", do="give fewer, and submit the rest later", source=_STEPS)
def _steps_are_limited(cluster: Part) -> Iterator[tuple[str, str]]:
    """A request has at most 256 steps, 100 from release 7.14.0 on."""
    limit = 100 if supports(cluster.get("ReleaseLabel", ""), "steps_per_request_100") else 256
    count = len(cluster.items("Steps"))
    if count > limit:
        yield f"the cluster has {count} steps", f"give {limit} at most, and submit the rest later"


@rule("emr-step-application", "RunJobFlowInput", do="install the application", source=_RUNNER)
def _tools_are_installed(cluster: Part) -> Iterator[tuple[str, str]]:
    """The tool that a step runs belongs to an application of the cluster."""
    names = {str(application.get("Name")).lower() for application in cluster.items("Applications")}
    if not cluster.is_complete("Applications"):
        return
    release = parse(cluster.get("ReleaseLabel", ""))
    # A cluster without applications has Hadoop alone, and the releases that only carry Spark do not offer it by name.
    hadoop_is_there = not names or (release is not None and release.train == "emr-spark")
    for step in cluster.items("Steps"):
        tool = (_command(step) or [""])[0]
        bringing = TOOLS.get(tool, ())
        if not bringing or names & {name.lower() for name in bringing} or ("Hadoop" in bringing and hadoop_is_there):
            continue
        yield (
            f"the step {step.get('Name')!r} runs {tool} and the cluster does not have {bringing[0]}",
            f"add {bringing[0]} to the applications",
        )


@rule(
    "emr-steps-frozen",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="add them with cluster.add_step(), or acknowledge this warning if they never change",
    source=template_reference("aws-resource-emr-cluster"),
)
def _steps_of_a_living_cluster_change(cluster: Part) -> Iterator[str]:
    """CloudFormation replaces a cluster, with what is in HDFS, when the steps change that it was defined with."""
    count = len(cluster.items("Steps"))
    if count and cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is True:
        steps = "a step" if count == 1 else f"{count} steps"
        yield f"the cluster stays alive and is defined with {steps}: a change of them replaces it, and HDFS is lost"


@rule(
    "emr-repeated-argument",
    "RunJobFlowInput",
    severity=Severity.WARNING,
    do="join option and value in one argument (--option=value), or add the step with cluster.add_step()",
    source=template_reference("aws-properties-emr-cluster-hadoopjarstepconfig"),
)
def _arguments_differ(cluster: Part) -> Iterator[str | tuple[str, str]]:
    """CloudFormation's schema wants the arguments of a step or bootstrap action of a cluster to differ."""
    for step in cluster.items("Steps"):
        for argument in _repeated(step.part("HadoopJarStep").items("Args")):
            yield f"the step {step.get('Name')!r} has the argument {argument!r} more than once"
    for action in cluster.items("BootstrapActions"):
        for argument in _repeated(action.part("ScriptBootstrapAction").items("Args")):
            yield (
                f"the bootstrap action {action.get('Name')!r} has the argument {argument!r} more than once",
                "join option and value in one argument, or put them into the script",
            )


def _repeated(args: list[str]) -> list[str]:
    return [argument for argument, count in Counter(args).items() if count > 1]


@rule(
    "emr-bootstrap-action-count", "RunJobFlowInput", do="give 16 at most", source=management_guide("emr-plan-bootstrap")
)
def _bootstrap_actions_are_limited(cluster: Part) -> Iterator[str]:
    """A cluster has at most 16 bootstrap actions."""
    count = len(cluster.items("BootstrapActions"))
    if count > 16:
        yield f"the cluster has {count} bootstrap actions"


@rule(
    "emr-bootstrap-action-path",
    "ScriptBootstrapActionConfig",
    do="use an s3:// URI, or file:/// for a script that the AMI has",
    source=management_guide("emr-plan-bootstrap"),
)
def _bootstrap_script_is_reachable(action: Part) -> Iterator[str]:
    """The script of a bootstrap action is in S3 or on the node."""
    path = action.get("Path")
    if path is not None and not path.startswith(("s3://", "s3n://", "s3a://", "file:", "/")):
        yield f"the script of a bootstrap action is {path!r}"
