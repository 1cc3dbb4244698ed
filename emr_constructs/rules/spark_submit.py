"""Steps that run spark-submit or spark-sql."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import constraint
from .parts import Part, once
from .registry import At, Severity, rule
from .releases import parse
from .sources import release_guide
from .spark_arguments import OPTION_PROPERTIES, OPTIONS, SWITCHES, Submission, submission
from .step_arguments import argument_at, command, of, options, titled

__all__ = [
    "is_other_master",
    "masters_of",
    "other_packages",
    "packages_of",
    "property_at",
    "spark_options",
    "submitted",
]

_SUBMIT: Final = release_guide("emr-spark-submit-step")
_EMPTY: Final = Submission(is_whole=False)
# Options that programs rarely have themselves.
_OF_SPARK_ONLY: Final = frozenset((
    "--deploy-mode", "--master", "--executor-memory", "--executor-cores", "--num-executors", "--driver-memory",
    "--driver-cores", "--py-files", "--driver-class-path", "--driver-java-options", "--driver-library-path",
    "--properties-file", "--total-executor-cores",
))  # fmt: skip
# Spark 2 accepts them, and warns.
_YARN_MODES: Final = regex("yarn-client|yarn-cluster")
# The first release with Spark 3.4.
_WITHOUT_YARN_MODES: Final = (6, 12, 0)


@once
def submitted(step: Part) -> Submission:
    """The options and the application of a step that runs spark-submit; nothing for any other step."""
    found = command(step)
    return submission(tuple(found[1:])) if found[:1] == ["spark-submit"] else _EMPTY


@once
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
            is_quoted = name[:1] in "'\""
            fixes = ("remove the quotation marks; a step runs no shell",) if is_quoted else ()
            yield At(argument_at(step, value), f"{name!r} in {titled(step)}", *fixes)


def _without_value(step: Part) -> Iterator[At]:
    for value in _conf(step):
        if value and "=" not in value and not is_unknown(value):
            yield At(argument_at(step, value), f"{value!r} {of(step)}")


def other_packages(value: str) -> Iterator[str]:
    """The packages in a list that are no Maven coordinates. Spark accepts slashes for colons, and no spaces."""
    for package in () if is_unknown(value) else value.split(","):
        parts = package.replace("/", ":").split(":")
        if len(parts) != 3 or not all(parts) or package != package.strip():
            yield package


def packages_of(step: Part) -> Iterator[At]:
    """The packages of a step that are no Maven coordinates."""
    for name, value in submitted(step).options:
        for package in other_packages(value) if name == "--packages" else ():
            yield At(argument_at(step, value), f"{package!r} in {titled(step)}")


def masters_of(step: Part) -> Iterator[At]:
    """The masters of Spark in a step that aren't YARN."""
    for name, value in spark_options(step):
        if name == "--master" and is_other_master(value):
            yield At(argument_at(step, value), f"{value!r} {of(step)}")


def is_other_master(value: str) -> bool:
    """Whether a master of Spark is known to be none of YARN."""
    is_known = bool(value) and not is_unknown(value) and not set(value) & set("${}<>")
    return is_known and value != "yarn" and not _YARN_MODES.fullmatch(value)


def _yarn_modes(cluster: Part) -> Iterator[At]:
    release = parse(cluster.get("ReleaseLabel", ""))
    if release is None or release.version < _WITHOUT_YARN_MODES:
        return
    for step in cluster.items("Steps"):
        for name, value in spark_options(step):
            master = value if name == "--master" else value.partition("spark.master=")[2]
            if _YARN_MODES.fullmatch(master):
                yield At(argument_at(step, value), f"{master!r} {of(step)}")
    for part in cluster.items("Configurations"):
        master = part.get("Properties", {}).get("spark.master", "")
        if part.get("Classification") == "spark-defaults" and _YARN_MODES.fullmatch(master):
            yield At(part.at("Properties", "spark.master"), f"{master!r} in spark-defaults")


def _without_application(step: Part) -> At | None:
    found = submitted(step)
    if found.lacks_application:
        return At(step.at("HadoopJarStep", "Args"), f"none for {titled(step)}")
    name = found.application
    # An option without a value takes the next word, and one in two words leaves the second; both are reported.
    is_moved = any(value.startswith("--") or (key == "--conf" and "=" not in value) for key, value in found.options)
    if name is None or is_moved:
        return None
    if re.match(r"spark\.[\w.]+=", name):
        return At(argument_at(step, name), f"{name!r} for {titled(step)}", f"specify --conf before {name!r}")
    # Such as the value of an option whose name is missing, or the end of a line of a shell.
    is_word = bool(re.fullmatch(r"[A-Za-z]*|\\+|\d+[kmgt]?", name))
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
    if not name or set(name) & set("${}<>") or not name.isascii():
        return
    if name.split()[0] in OPTIONS | SWITCHES:
        fix = "specify the option and its value as two arguments"
        yield At(argument_at(step, word), f"option {of(step)} must be one of spark-submit, got {word!r}", fix)
        return
    # Loaded only for an option that isn't known.
    from difflib import get_close_matches

    near = get_close_matches(f"--{name.lstrip('-')}", OPTIONS | SWITCHES, n=1, cutoff=0.85)
    plain = name.lstrip("-")
    if near:
        fix = f"use {near[0]!r}"
    elif "," in word:
        fix = "specify each word as an argument"
    elif plain.startswith("spark."):
        fix = f"use --conf and {plain}=VALUE"
    else:
        fix = "remove it, or move it after the application"
    message = f"option {of(step)} must be one of spark-submit, got {name!r}"
    yield At(argument_at(step, name), message, fix)


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
constraint("emr-spark-yarn-mode", "RunJobFlowInput",
           "the master of Spark must be yarn, because Spark 3.4 and later reject others", _yarn_modes,
           fix="use --master yarn with --deploy-mode client or cluster", severity=Severity.WARNING, source=_SUBMIT)
