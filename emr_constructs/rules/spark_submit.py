"""Steps that run spark-submit or spark-sql."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .releases import parse
from .sources import release_guide
from .spark_arguments import OPTION_PROPERTIES, OPTIONS, SWITCHES, Submission, submission
from .step_arguments import argument_at, command, of, options, titled

__all__ = ["property_at", "spark_options", "submitted"]

_SUBMIT: Final = release_guide("emr-spark-submit-step")
_EMPTY: Final = Submission(is_whole=False)
# Options that programs rarely have themselves.
_OF_SPARK_ONLY: Final = frozenset((
    "--deploy-mode", "--master", "--executor-memory", "--executor-cores", "--num-executors", "--driver-memory",
    "--driver-cores", "--py-files", "--driver-class-path", "--driver-java-options", "--driver-library-path",
    "--properties-file", "--total-executor-cores",
))  # fmt: skip
_OTHER_MASTERS: Final = regex(r"local(\[.*)?|spark://.*|mesos://.*")
# Spark 2 accepts them, and warns.
_YARN_MODES: Final = regex("yarn-client|yarn-cluster")
# The first release with Spark 3.4.
_WITHOUT_YARN_MODES: Final = (6, 12, 0)


def submitted(step: Part) -> Submission:
    """The options and the application of a step that runs spark-submit; nothing for any other step."""
    found = command(step)
    return submission(tuple(found[1:])) if found[:1] == ["spark-submit"] else _EMPTY


def spark_options(step: Part) -> list[tuple[str, str]]:
    """The options of Spark in a step that runs spark-submit or spark-sql."""
    return submitted(step).options or list(options(step, "spark-sql"))


def property_at(step: Part, *names: str) -> str:
    """The place of the last argument that sets one of the Spark properties ``names``; the arguments if none does."""
    for option, value in reversed(spark_options(step)):
        if OPTION_PROPERTIES.get(option) in names:
            return argument_at(step, option)
        if option in ("--conf", "-c") and value.partition("=")[0].strip() in names:
            return argument_at(step, value)
    return step.at("HadoopJarStep", "Args")


def _conf(step: Part) -> Iterator[str]:
    yield from (value for name, value in spark_options(step) if name in ("--conf", "-c"))


def _other_properties(step: Part) -> Iterator[At]:
    for value in _conf(step):
        name, equals, _ = value.partition("=")
        if equals and not name.startswith("spark."):
            yield At(argument_at(step, value), f"{name!r} in {titled(step)}")


def _without_value(step: Part) -> Iterator[At]:
    for value in _conf(step):
        if value and "=" not in value and not is_unknown(value):
            yield At(argument_at(step, value), f"{value!r} {of(step)}")


def _other_packages(step: Part) -> Iterator[At]:
    for name, value in submitted(step).options:
        for package in value.split(",") if name == "--packages" and not is_unknown(value) else ():
            if [bool(part) for part in package.split(":")] != [True, True, True]:
                yield At(argument_at(step, value), f"{package!r} in {titled(step)}")


def _other_masters(step: Part) -> Iterator[At]:
    for name, value in spark_options(step):
        if name == "--master" and _OTHER_MASTERS.fullmatch(value):
            yield At(argument_at(step, value), f"{value!r} {of(step)}")


def _yarn_modes(cluster: Part) -> Iterator[At]:
    release = parse(cluster.get("ReleaseLabel", ""))
    if release is None or release.version < _WITHOUT_YARN_MODES:
        return
    for step in cluster.items("Steps"):
        for name, value in spark_options(step):
            if name == "--master" and _YARN_MODES.fullmatch(value):
                yield At(argument_at(step, value), f"{value!r} {of(step)}")


def _without_application(step: Part) -> At | None:
    found = submitted(step)
    if found.lacks_application:
        return At(step.at("HadoopJarStep", "Args"), f"none for {titled(step)}")
    name = found.application or ""
    # Such as the value of an option whose name is missing.
    is_word = bool(re.fullmatch("[A-Za-z]+", name))
    return At(argument_at(step, name), f"{name!r} for {titled(step)}") if is_word else None


def _late_options(step: Part) -> Iterator[At]:
    """Options of spark-submit among the arguments of the application."""
    found = submitted(step)
    classes = any(name == "--class" for name, _ in found.options)
    for at, word in enumerate(found.arguments):
        name, _, joined = word.partition("=")
        value = joined or next(iter(found.arguments[at + 1 :]), "")
        is_setting = name in ("--conf", "-c") and value.startswith("spark.")
        is_class = name == "--class" and not classes and re.fullmatch(r"\w+(\.\w+)+", value)
        is_package = name == "--packages" and value.count(":") > 1
        if name in _OF_SPARK_ONLY or is_setting or is_class or is_package:
            yield At(argument_at(step, word), f"{name!r} {of(step)} after {found.application!r}")


@rule("emr-spark-option", "StepConfig", fix="correct the option", source=_SUBMIT)
def _options_exist(step: Part) -> Iterator[At]:
    """An option before the application must be one of spark-submit, which rejects others."""
    word = submitted(step).unknown_option or ""
    name = word.partition("=")[0]
    if not name:
        return
    if name.split()[0] in OPTIONS | SWITCHES:
        fix = "specify the option and its value as two arguments"
        yield At(argument_at(step, word), f"option {of(step)} must be one of spark-submit, got {word!r}", fix)
        return
    # Loaded only for an option that isn't known.
    from difflib import get_close_matches

    near = get_close_matches(f"--{name.lstrip('-')}", OPTIONS | SWITCHES, n=1, cutoff=0.85)
    if near:
        message = f"option {of(step)} must be one of spark-submit, got {name!r}"
        yield At(argument_at(step, name), message, f"use {near[0]!r}")


@rule("emr-spark-deploy-mode", "StepConfig", fix="use 'cluster' or 'client'", source=_SUBMIT)
def _driver_runs_somewhere(step: Part) -> Iterator[At]:
    """The deploy mode of spark-submit must be cluster or client, that of spark-sql client."""
    for name, value in submitted(step).options:
        if name == "--deploy-mode" and value not in ("cluster", "client") and not is_unknown(value):
            message = f"deploy mode {of(step)} must be cluster or client, got {value!r}"
            yield At(argument_at(step, value or name), message)
    if ("--deploy-mode", "cluster") in options(step, "spark-sql"):
        message = f"deploy mode {of(step)} must be client for spark-sql, got 'cluster'"
        yield At(argument_at(step, "--deploy-mode"), message, "remove --deploy-mode")


# fmt: off
constraint("emr-spark-application", "StepConfig",
           "a spark-submit command must have an application, a script or a JAR file",
           _without_application, fix="specify the S3 URI of the application after the options", source=_SUBMIT)
constraint("emr-spark-option-order", "StepConfig",
           "options of spark-submit must come before the application, because later ones are passed to the application",
           _late_options, fix="move the option before the application", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-property", "StepConfig",
           "the name of a Spark property must begin with spark., because spark-submit ignores others",
           _other_properties,
           fix="use a property such as spark.executor.memory", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-conf", "StepConfig", "the value of --conf must be a Spark property, an equals sign and its value",
           _without_value, fix="use a value such as spark.executor.memory=4g", source=_SUBMIT)
constraint("emr-spark-packages", "StepConfig", "a package must be Maven coordinates", _other_packages,
           fix="use group:artifact:version", is_form=True, source=_SUBMIT)
constraint("emr-spark-master", "StepConfig",
           "the master of Spark must be yarn, because the cluster has no other, and local runs only on the primary "
           "node",
           _other_masters, fix="remove --master; EMR sets yarn", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-yarn-mode", "RunJobFlowInput",
           "the master of Spark must be yarn, because Spark 3.4 and later reject others", _yarn_modes,
           fix="use --master yarn with --deploy-mode client or cluster", severity=Severity.WARNING, source=_SUBMIT)
