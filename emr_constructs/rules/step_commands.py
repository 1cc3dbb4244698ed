"""Commands and scripts that steps run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from .._core.nearest import nearest
from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import constraint
from .known_software import tools
from .parts import Part
from .registry import At, Severity, rule
from .sources import management_guide, release_guide
from .spark_arguments import submission
from .step_arguments import (
    COMMAND_RUNNER,
    argument_at,
    command,
    is_complete,
    is_local,
    is_script_runner,
    of,
    options,
    titled,
)

_RUNNER: Final = release_guide("emr-commandrunner")
_JARS: Final = management_guide("emr-launch-custom-jar-cli")
_S3_DIST_CP: Final = release_guide("UsingEMR_s3distcp")
_OF_COPY: Final = """
    --src --dest --srcPattern --groupBy --targetSize --appendToLastFile --outputCodec --s3ServerSideEncryption
    --deleteOnSuccess --disableMultipartUpload --multipartUploadChunkSize --numberFiles --startingIndex
    --outputManifest --previousManifest --requirePreviousManifest --copyFromManifest --s3Endpoint --storageClass
    --srcPrefixesFile --encryptionKey --tmpDir --help
"""
_COPY_OPTIONS: Final = frozenset(_OF_COPY.split())
_CODECS: Final = ("gzip", "gz", "lzo", "lzop", "snappy", "none", "keep")
_SHELLS: Final = ("bash", "sh")
_INTERPRETERS: Final = (*_SHELLS, "python", "python3")
_OPERATORS: Final = ("&&", "||", "|", ">", ">>", "<", ";", "2>&1")
_HELP: Final = ("-h", "-H", "--help", "-help", "--version", "-version", "-info")
# What a tool reads its statements from; it waits for input without any.
_STATEMENTS: Final = {
    "hive": ("-f", "-e", "-i", "--service"),
    "hive-script": ("-f", "-e", "-i", "--install-hive"),
    "pig": ("-f", "-e", "-file", "-execute"),
    "pig-script": ("-f", "-e", "-file", "-execute"),
    "spark-sql": ("-f", "-e", "-i"),
}
_OTHER_FILES: Final = regex(r".*\.(py|sh|sql|hql|q|pig|R|scala|ipynb)|/(.+/)?s?bin/[\w-]+", re.IGNORECASE)
_LOCATION: Final = regex(r"(s3[na]?|hdfs|file|local):/*[^/]+.*|/.+")
_WEB: Final = regex(r"https?://", re.IGNORECASE)
_S3: Final = regex(r"s3[na]?:", re.IGNORECASE)
_S3_URI: Final = regex(r"s3[na]?://")
_OBJECT: Final = regex(r"s3[na]?://[^/]+/.*[^/]")
# Options of tools whose values are files.
_FILE_OPTIONS: Final = ("-f", "-file", "-files", "-i", "--jars", "--py-files", "--files", "--archives",
                        "--properties-file")  # fmt: skip


def _words(step: Part, *names: str) -> list[str]:
    """The words after the first one of a command that begins with one of ``names``, if all are known."""
    found = command(step)
    return found[1:] if found and found[0] in names and is_complete(step) else []


def _command_in_one_word(step: Part) -> str | None:
    found = command(step)
    has_blank = bool(found) and any(blank in found[0] for blank in " \t\n")
    return f"{found[0]!r} as the first argument {of(step)}" if has_blank else None


def _no_command(step: Part) -> str | None:
    jar = step.part("HadoopJarStep")
    is_empty = jar.get("Jar") == COMMAND_RUNNER and not jar.items("Args") and is_complete(step)
    return f"none for {titled(step)}" if is_empty else None


def _near(name: str, known: Iterable[str]) -> str | None:
    return nearest(name.replace("_", "-"), known, cutoff=0.85)


@rule("emr-step-tool", "StepConfig", severity=Severity.WARNING, fix="correct the command", source=_RUNNER)
def _tools_exist(step: Part) -> Iterator[At]:
    """The first argument of a command must be a tool that the primary node has."""
    name = next(iter(command(step)), "")
    if not name or name in tools() or "/" in name or " " in name:
        return
    if near := _near(name, (known for known in tools() if "-" in known)):
        message = f"command {of(step)} must be a tool of the primary node, got {name!r}"
        yield At(step.at("HadoopJarStep", "Args", 0), message, f"use {near!r}")


def _unlike_a_jar(step: Part) -> tuple[str, str] | None:
    jar = step.part("HadoopJarStep").get("Jar")
    if not isinstance(jar, str) or jar == COMMAND_RUNNER or not jar:
        return None
    message = f"Jar {of(step)} must be {COMMAND_RUNNER} or the location of a JAR file, got {jar!r}"
    if jar == "script-runner.jar":
        return message, "use s3://REGION.elasticmapreduce/libs/script-runner/script-runner.jar"
    if _S3.match(jar) and jar.endswith(f"/{COMMAND_RUNNER}"):
        return message, f"use {COMMAND_RUNNER} without a path; nodes have it"
    if _WEB.match(jar):
        return message, "use the S3 URI of the JAR file, such as s3://bucket/folder/app.jar"
    if _OTHER_FILES.fullmatch(jar):
        return message, f"use {COMMAND_RUNNER}, and specify the program and its script as arguments"
    if is_local(jar) or not (_LOCATION.fullmatch(jar) or set(jar) & set("${}<>")):
        is_near = _near(jar, [COMMAND_RUNNER])
        return message, f"use {COMMAND_RUNNER!r}" if is_near else "upload the JAR file to Amazon S3, and use its URI"
    return None


@rule("emr-step-jar", "StepConfig", at="HadoopJarStep.Jar", severity=Severity.WARNING,
      fix="use the S3 URI of a JAR file", source=_JARS)  # fmt: skip
def _jars_are_jars(step: Part) -> Iterator[tuple[str, str]]:
    """The Jar of a step must be command-runner.jar or the location of a JAR file in Amazon S3, HDFS or on the node."""
    found = _unlike_a_jar(step)
    if found:
        yield found


def _files(step: Part) -> Iterator[str]:
    """The files that the command of a step names, as far as they are known."""
    found = command(step)
    if is_script_runner(step):
        yield from step.part("HadoopJarStep").items("Args")[:1] if is_complete(step) else ()
        return
    if not found:
        return
    words = found[1:]
    if found[0] == "spark-submit":
        parsed = submission(tuple(words))
        if parsed.application:
            yield parsed.application
        words = [word for pair in parsed.options for word in pair]
    elif found[0] in _INTERPRETERS and is_complete(step):
        yield from [word for word in words[:1] if not word.startswith("-")]
    elif found[0] not in tools():
        return
    for option, value in pairwise(words):
        if option in _FILE_OPTIONS and not value.startswith("-"):
            yield from (name.partition("#")[0] for name in value.split(","))


def _incomplete_uris(step: Part) -> Iterator[At]:
    jar = step.part("HadoopJarStep").get("Jar", "")
    for name in dict.fromkeys((jar, *_files(step))):
        is_arn = name.startswith("arn:") and name != jar
        if is_arn or (_S3.match(name) and not (_OBJECT.fullmatch(name) or set(name) & set("${}<>"))):
            place = step.at("HadoopJarStep", "Jar") if name == jar else argument_at(step, name)
            yield At(place, f"{name!r} {of(step)}")


def _local_files(step: Part) -> Iterator[At]:
    names = filter(is_local, dict.fromkeys(_files(step)))
    yield from (At(argument_at(step, name), f"{name!r} {of(step)}") for name in names)


def _shell_operators(step: Part) -> At | None:
    found = command(step)
    if not found or found[0] in (*_SHELLS, "sudo") or not is_complete(step):
        return None
    operator = next((word for word in found if word in _OPERATORS), None)
    return At(argument_at(step, operator), f"{operator!r} {of(step)}") if operator else None


def _split_command(step: Part) -> str | None:
    words = _words(step, *_SHELLS)
    is_split = words[:1] == ["-c"] and len(words) > 2 and not re.search(r"[\s$]", words[1])
    return f"{words[1]!r} and {len(words) - 2} more {of(step)}" if is_split else None


def _script_in_s3(step: Part) -> str | At | None:
    found = command(step)
    if found and _S3_URI.match(found[0]):
        return At(step.at("HadoopJarStep", "Args", 0), f"{found[0]!r} as the command {of(step)}")
    words = _words(step, *_INTERPRETERS)
    is_remote = bool(words) and _S3_URI.match(words[0])
    return f"{words[0]!r} for {found[0]} {of(step)}" if is_remote else None


def _missing(step: Part) -> str | None:
    """What the command of a step requires and doesn't have."""
    found = command(step)
    if not is_complete(step):
        return None
    if is_script_runner(step):
        return None if step.part("HadoopJarStep").items("Args") else "a script as the first argument"
    if not found or set(found) & set(_HELP):
        return None
    tool, *words = found
    if tool in _SHELLS:
        return "a command after -c" if words == ["-c"] else None
    if tool == "hadoop-streaming":
        absent = [name for name in ("-input", "-output", "-mapper") if name not in words]
        return " and ".join(absent) or None
    if tool == "spark-example":
        return None if words else "the name of an example"
    return _missing_statements(tool, words)


def _missing_statements(tool: str, words: Sequence[str]) -> str | None:
    sources = _STATEMENTS.get(tool)
    if sources is None:
        return None
    if words and words[-1] in ("-f", "-e"):
        return f"a value for {words[-1]}"
    # Pig also accepts a script without an option.
    is_named = tool.startswith("pig") and any(word.endswith(".pig") or word.startswith(("s3", "/")) for word in words)
    named = {word.partition("=")[0] for word in words}
    return None if is_named or named & set(sources) else "-f and a script"


def _missing_of(step: Part) -> str | None:
    missing = _missing(step)
    if missing is None:
        return None
    return f"{'script-runner.jar' if is_script_runner(step) else command(step)[0]} {of(step)} without {missing}"


@rule("emr-s3distcp-options", "StepConfig", fix="specify both", is_form=True, source=_S3_DIST_CP)
def _copy_has_two_ends(step: Part) -> Iterator[At]:
    """S3DistCp must have a source and a destination, a known codec, and a target size only with a group pattern."""
    given = dict(options(step, "s3-dist-cp"))
    complete = is_complete(step)
    if command(step)[:1] == ["s3-dist-cp"] and complete and "--help" not in given:
        for name in ("--src", "--dest"):
            if not given.get(name):
                message = f"s3-dist-cp {of(step)} must have --src and --dest, got no {name}"
                yield At(step.at("HadoopJarStep", "Args"), message)
    if "--targetSize" in given and "--groupBy" not in given and complete:
        message = f"--targetSize {of(step)} requires --groupBy, which is missing"
        yield At(argument_at(step, "--targetSize"), message, "specify --groupBy, or remove it")
    codec = given.get("--outputCodec")
    if codec is not None and not is_unknown(codec) and codec not in _CODECS:
        message = f"--outputCodec {of(step)} must be one of {', '.join(_CODECS)}, got {codec!r}"
        yield At(argument_at(step, codec or "--outputCodec"), message, "use one of them")


@rule("emr-s3distcp-option-name", "StepConfig", severity=Severity.WARNING, fix="correct the option",
      source=_S3_DIST_CP)  # fmt: skip
def _copy_options_exist(step: Part) -> Iterator[At]:
    """An option of S3DistCp must be one that it has; names are case-sensitive."""
    for name, _ in options(step, "s3-dist-cp"):
        near = _near(name, _COPY_OPTIONS) if name not in _COPY_OPTIONS else None
        if near:
            message = f"option of s3-dist-cp {of(step)} must be one that it has, got {name!r}"
            yield At(argument_at(step, name), message, f"use {near!r}")


# fmt: off
constraint("emr-step-command-in-one-argument", "StepConfig",
           "each word of a command must be an argument, because EMR does not split arguments", _command_in_one_word,
           at="HadoopJarStep.Args[0]", fix="specify each word as an argument", is_form=True, source=_RUNNER)
constraint("emr-step-no-command", "StepConfig", "a step with command-runner.jar must have arguments", _no_command,
           at="HadoopJarStep.Args", fix="specify the command as arguments", is_form=True, source=_RUNNER)
constraint("emr-step-local-path", "StepConfig",
           "the files of a step must be in Amazon S3, in HDFS or on the node", _local_files,
           fix="upload the file to Amazon S3, and use its URI", library_fix="use Script.from_asset(path)",
           severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-s3-uri", "StepConfig", "the S3 URI of a file must be s3://, a bucket and a key", _incomplete_uris,
           fix="use a URI such as s3://bucket/folder/file", severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-shell", "StepConfig", "operators of a shell require bash -c, because a step runs no shell",
           _shell_operators, fix="use bash, -c and the command as three arguments", severity=Severity.WARNING,
           source=_RUNNER)
constraint("emr-step-split-command", "StepConfig",
           "a bash -c command must be in one argument, because bash ignores the words after it",
           _split_command, at="HadoopJarStep.Args[2]",
           fix="join the words in one argument", severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-script-in-s3", "StepConfig", "a script in Amazon S3 requires a tool that reads Amazon S3",
           _script_in_s3, at="HadoopJarStep.Args[1]",
           fix="use script-runner.jar, or spark-submit for a Spark application",
           severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-incomplete", "StepConfig", "a command must have the script or the options that it requires",
           _missing_of, at="HadoopJarStep.Args",
           fix="specify what is missing", severity=Severity.WARNING, source=_RUNNER)
