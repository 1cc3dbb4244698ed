"""Arguments of steps and bootstrap actions as text: characters of word processors, options in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .sources import release_guide
from .step_arguments import argument_at, command, is_complete, is_script_runner, of

_RUNNER: Final = release_guide("emr-commandrunner")
_STREAMING: Final = release_guide("UseCase_Streaming")
# En dash, em dash and minus sign; curly quotation marks.
_TYPOGRAPHIC: Final = regex("-?[\u2013\u2014\u2212]+-?[A-Za-z][\\w-]*(=.*)?|[\u2018\u2019\u201c\u201d].*", re.DOTALL)
# Options of Hadoop itself, which it reads only before those of a program.
_GENERIC: Final = ("-D", "-conf", "-files", "-libjars", "-archives", "-fs", "-jt")
_OF_STREAMING: Final = ("-input", "-output", "-mapper", "-reducer", "-combiner", "-file", "-cmdenv", "-inputformat",
                        "-outputformat", "-partitioner", "-numReduceTasks")  # fmt: skip
_SCRIPT: Final = regex(r"[\w-]+\.(py|rb|pl|sh|R)")
_SHIPPING: Final = ("-files", "-file", "-archives", "-cacheFile", "-cacheArchive")
_RETIRED_JARS: Final = regex(r".*/emr-s3distcp-[\d.]+\.jar|/home/hadoop/lib/.*s3distcp.*\.jar")
_RETIRED_SCRIPTS: Final = regex(r"s3[na]?://([\w-]+\.)?elasticmapreduce/libs/(hive|pig)/(hive|pig)-script")


def _typographic(part: Part) -> Iterator[At]:
    owner = part.part("HadoopJarStep") if "HadoopJarStep" in part else part
    for at, word in enumerate(owner.placed_items("Args")):
        if _TYPOGRAPHIC.fullmatch(word):
            yield At(owner.at("Args", at), repr(word))


def _late_generic_options(step: Part) -> At | None:
    found = command(step)
    if found[:1] != ["hadoop-streaming"] or not is_complete(step):
        return None
    first = next((at for at, word in enumerate(found) if word in _OF_STREAMING), len(found))
    late = next((at for at in range(first, len(found)) if found[at] in _GENERIC), None)
    if late is None:
        return None
    return At(step.at("HadoopJarStep", "Args", late), f"{found[late]!r} {of(step)} after {found[first]!r}")


def _unshipped_scripts(step: Part) -> Iterator[At]:
    found = command(step)
    if found[:1] != ["hadoop-streaming"] or not is_complete(step):
        return
    shipped = " ".join(value for name, value in pairwise(found) if name in _SHIPPING)
    for name, value in pairwise(found):
        script = value.split()[-1] if value.split() else ""
        if name in ("-mapper", "-reducer", "-combiner") and _SCRIPT.fullmatch(script) and script not in shipped:
            yield At(argument_at(step, value), f"{value!r} for {name} {of(step)}")


@rule("emr-step-retired", "StepConfig", severity=Severity.WARNING, fix="use command-runner.jar", source=_RUNNER)
def _tools_of_old_images(step: Part) -> Iterator[At]:
    """A step must use command-runner.jar instead of the JAR files and scripts of releases before 4.0."""
    jar = step.part("HadoopJarStep").get("Jar", "")
    script = next(iter(step.part("HadoopJarStep").items("Args")), "") if is_script_runner(step) else ""
    match = _RETIRED_SCRIPTS.match(script)
    message = f"command {of(step)} must be one of release 4.0 and later"
    if _RETIRED_JARS.fullmatch(jar):
        fix = "use command-runner.jar, with s3-dist-cp as the first argument"
        yield At(step.at("HadoopJarStep", "Jar"), f"{message}, got {jar!r}", fix)
    elif match:
        fix = f"use command-runner.jar, with {match[2]}-script as the first argument"
        yield At(argument_at(step, script), f"{message}, got {script!r}", fix)


# fmt: off
constraint("emr-typographic-character", ("StepConfig", "ScriptBootstrapActionConfig"),
           "arguments must have plain hyphens and quotation marks, because programs don't recognize others",
           _typographic, fix="type the hyphens and quotation marks again", severity=Severity.WARNING, source=_RUNNER)
constraint("emr-streaming-option-order", "StepConfig",
           "generic options of hadoop-streaming must come before its other options, because Hadoop ignores or rejects "
           "them later", _late_generic_options, fix="move the option to the beginning", severity=Severity.WARNING,
           source=_STREAMING)
constraint("emr-streaming-script", "StepConfig",
           "scripts of hadoop-streaming must be in -files, because nodes don't have them otherwise", _unshipped_scripts,
           fix="add the S3 URI of the script to -files, before the other options",
           library_fix="pass the script in files of Step.hadoop_streaming()", severity=Severity.WARNING,
           source=_STREAMING)
