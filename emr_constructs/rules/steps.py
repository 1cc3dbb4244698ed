"""Steps of a cluster: how many there are, how many run at once, and the applications of their commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from .constraints import at_most, constraint, in_range, requires_release
from .known_software import missing_owner, tool
from .parts import Part
from .registry import At, Severity, rule
from .releases import knows_applications, parse, supports
from .security_configuration import LAUNCH
from .sources import management_guide, release_guide, template_reference
from .step_arguments import argument_at, command, of, titled

_STEPS: Final = management_guide("emr-work-with-steps")
_CONCURRENCY: Final = management_guide("emr-concurrent-steps")
_RUNNER: Final = release_guide("emr-commandrunner")
_MOST_STEPS: Final = 256
_JOIN_IN_SCRIPT: Final = "join option and value in one argument, or put them into the script"


def _other_failures(cluster: Part) -> Iterator[At]:
    for step in cluster.items("Steps") if cluster.get("StepConcurrencyLevel", 1) > 1 else ():
        if (action := step.get("ActionOnFailure", "CONTINUE")) != "CONTINUE":
            yield At(step.at("ActionOnFailure"), f"{action} for {titled(step)}")


def _frozen_steps(cluster: Part) -> str | None:
    count = len(cluster.items("Steps"))
    is_alive = cluster.part("Instances").get("KeepJobFlowAliveWhenNoSteps") is True
    return f"{count} step{'' if count == 1 else 's'}" if count and is_alive else None


def _many_steps(cluster: Part) -> str | None:
    count = len(cluster.items("Steps"))
    is_limited = supports(cluster.get("ReleaseLabel", ""), "steps_per_request_100")
    return str(count) if is_limited and 100 < count <= _MOST_STEPS else None


@rule("emr-step-application", "RunJobFlowInput", fix="add the application", source=_RUNNER)
def _tools_are_installed(cluster: Part) -> Iterator[At]:
    """The cluster must have an application that installs the command of a step."""
    names = [str(application.get("Name")) for application in cluster.items("Applications")]
    if not knows_applications(cluster):
        return
    release = parse(cluster.get("ReleaseLabel", ""))
    # A cluster without applications has only Hadoop, and the releases that only have Spark don't offer it by name.
    if not names or (release is not None and release.train == "emr-spark"):
        names.append("Hadoop")
    for step in cluster.items("Steps"):
        name = next(iter(command(step)), "")
        missing = missing_owner(tool(name, release), names, name)
        if missing is not None:
            message = f"{name} {of(step)} requires {missing}, which the cluster does not have"
            yield At(step.at("HadoopJarStep", "Args", 0), message, f"add {missing} to the applications")


@rule("emr-repeated-argument", LAUNCH, severity=Severity.WARNING,
      fix="join option and value in one argument (--option=value), or add the step with AWS::EMR::Step",
      library_fix="join option and value in one argument (--option=value), or use cluster.add_step()",
      source=template_reference("aws-properties-emr-cluster-hadoopjarstepconfig"))  # fmt: skip
def _arguments_differ(launch: Part) -> Iterator[At]:
    """The arguments of a step or bootstrap action in a template must be unique, as CloudFormation's schema requires."""
    if not launch.get("InTemplate"):
        return
    for step in launch.part("Cluster").items("Steps"):
        for argument in _repeated(step.part("HadoopJarStep").items("Args")):
            message = f"arguments {of(step)} must be unique, got {argument!r} more than once"
            yield At(argument_at(step, argument), message)
    for action in launch.part("Cluster").items("BootstrapActions"):
        what = f"arguments of bootstrap action {action.get('Name')!r}"
        for argument in _repeated(action.part("ScriptBootstrapAction").items("Args")):
            message, fix = f"{what} must be unique, got {argument!r} more than once", _JOIN_IN_SCRIPT
            yield At(action.at("ScriptBootstrapAction", "Args"), message, fix)


def _repeated(args: list[str]) -> list[str]:
    return [argument for argument, count in Counter(args).items() if count > 1]


# fmt: off
constraint("emr-step-name", "StepConfig", "the name of a step must not be empty", lambda step: step.get("Name") == "",
           at="Name", fix="specify a name", is_form=True, source=_STEPS)
at_most("emr-step-count", "RunJobFlowInput", "Steps", _MOST_STEPS, what="the number of steps",
        fix="specify fewer steps, and add the rest later", source=_STEPS)
constraint("emr-step-count-of-release", "RunJobFlowInput",
           "the number of steps in a request must be at most 100 from release 7.14.0", _many_steps,
           at="Steps", fix="specify fewer steps, and add the rest later", severity=Severity.WARNING, source=_STEPS)
in_range("emr-step-concurrency", "RunJobFlowInput", "StepConcurrencyLevel", 1, 256, what="the step concurrency level",
         source=_CONCURRENCY)
requires_release("emr-step-concurrency-release", "RunJobFlowInput",
                 {"step_concurrency": lambda cluster: cluster.get("StepConcurrencyLevel", 1) > 1},
                 fix="use a later release, or a level of 1", source=_CONCURRENCY)
constraint("emr-step-concurrency-failure", "RunJobFlowInput",
           "the action on failure of steps must be CONTINUE with a step concurrency level above 1", _other_failures,
           fix="use CONTINUE, or a step concurrency level of 1",
           library_fix="use ActionOnFailure.CONTINUE, or a step concurrency level of 1", source=_CONCURRENCY)
constraint("emr-steps-frozen", LAUNCH,
           "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
           "HDFS data when they change",
           lambda launch: launch.get("InTemplate") is True and _frozen_steps(launch.part("Cluster")),
           at="Cluster.Steps", fix="use AWS::EMR::Step, or acknowledge this warning if the steps never change",
           library_fix="use cluster.add_step(), or acknowledge this warning if the steps never change",
           severity=Severity.WARNING, source=template_reference("aws-resource-emr-cluster"))
