"""Work that is given to a cluster: steps, how many at once, and their arguments."""

from __future__ import annotations

from collections.abc import Iterator

from .engine import Part, rule
from .releases import lacks, supports
from .sources import management_guide, release_guide

_STEPS = management_guide("emr-work-with-steps")
_CONCURRENCY = management_guide("emr-concurrent-steps")
_RUNNER = release_guide("emr-commandrunner")
# The first word of a command and the application that brings it.
TOOLS = {
    "spark-submit": "Spark",
    "spark-sql": "Spark",
    "spark-example": "Spark",
    "hive-script": "Hive",
    "hive": "Hive",
    "pig-script": "Pig",
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
    for step in cluster.items("Steps"):
        tool = (_command(step) or [""])[0]
        application = TOOLS.get(tool)
        if application and application.lower() not in names:
            yield (
                f"the step {step.get('Name')!r} runs {tool} and the cluster does not have {application}",
                f"add {application} to the applications",
            )


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
