"""Commands and scripts that steps run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .known_software import tools
from .parts import Part
from .registry import At, Severity, rule
from .s3_addresses import uri_instead
from .sources import management_guide, release_guide
from .step_arguments import (
    COMMAND_RUNNER,
    argument_at,
    command,
    is_complete,
    is_local,
    is_script_runner,
    near_word,
    of,
    titled,
)
from .step_files import INTERPRETERS, SHELLS, step_files

_RUNNER: Final = release_guide("emr-commandrunner")
_JARS: Final = management_guide("emr-launch-custom-jar-cli")
_OPERATORS: Final = ("&&", "||", "|", ">", ">>", "<", ";", "2>&1")
_SUBSTITUTION: Final = regex(r"[^\s{}]*\$\(.+\)[^\s{}]*|`.+`", re.DOTALL)
_SCRIPT_WITH_ARGUMENTS: Final = regex(r"\S+\.(sh|bash|py|rb|pl)\s+\S.*", re.DOTALL)
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


def _words(step: Part, *names: str) -> list[str]:
    """The words after the first one of a command that begins with one of ``names``, if all are known."""
    found = command(step)
    return found[1:] if found and found[0] in names and is_complete(step) else []


def _command_in_one_word(step: Part) -> str | None:
    found = command(step)
    if is_script_runner(step):
        found = step.part("HadoopJarStep").placed_items("Args")
        is_joined = bool(found) and bool(_SCRIPT_WITH_ARGUMENTS.fullmatch(found[0]))
        return f"{found[0]!r} as the first argument {of(step)}" if is_joined else None
    name = found[0] if found else ""
    # The shorthand syntax of the AWS CLI separates the items of a list by commas.
    is_split = "," in name and (name.partition(",")[0] in tools() or name.partition(",")[0] in INTERPRETERS)
    is_joined = is_split or any(blank in name for blank in " \t\n")
    return f"{name!r} as the first argument {of(step)}" if is_joined else None


def _no_command(step: Part) -> str | None:
    jar = step.part("HadoopJarStep")
    is_empty = jar.get("Jar") == COMMAND_RUNNER and not jar.items("Args") and is_complete(step)
    return f"none for {titled(step)}" if is_empty else None


@rule("emr-step-tool", "StepConfig", severity=Severity.WARNING, fix="correct the command", source=_RUNNER)
def _tools_exist(step: Part) -> Iterator[At]:
    """The first argument of a command must be a tool that the primary node has."""
    name = next(iter(command(step)), "")
    if not name or name in tools() or "/" in name or " " in name:
        return
    near = "spark-submit" if name == "spark" else near_word(name, [known for known in tools() if "-" in known])
    if near:
        message = f"command {of(step)} must be a tool of the primary node, got {name!r}"
        yield At(step.at("HadoopJarStep", "Args", 0), message, f"use {near!r}")


def _unlike_a_jar(step: Part) -> tuple[str, ...] | None:
    jar = step.part("HadoopJarStep").get("Jar")
    if not isinstance(jar, str) or jar == COMMAND_RUNNER or not jar:
        return None
    message = f"Jar {of(step)} must be {COMMAND_RUNNER} or the location of a JAR file, got {jar!r}"
    if jar == "script-runner.jar":
        return message, "use s3://REGION.elasticmapreduce/libs/script-runner/script-runner.jar"
    if _S3.match(jar) and jar.endswith(f"/{COMMAND_RUNNER}"):
        return message, f"use {COMMAND_RUNNER} without a path; nodes have it"
    if _WEB.match(jar):
        return message, *(uri_instead(jar) or ("use the S3 URI of the JAR file, such as s3://bucket/folder/app.jar",))
    if _OTHER_FILES.fullmatch(jar):
        return message, f"use {COMMAND_RUNNER}, and specify the program and its script as arguments"
    if is_local(jar) or not (_LOCATION.fullmatch(jar) or set(jar) & set("${}<>")):
        near = near_word(jar, [COMMAND_RUNNER])
        return message, f"use {COMMAND_RUNNER!r}" if near else "upload the JAR file to Amazon S3, and use its URI"
    return None


@rule("emr-step-jar", "StepConfig", at="HadoopJarStep.Jar", severity=Severity.WARNING,
      fix="use the S3 URI of a JAR file", source=_JARS)  # fmt: skip
def _jars_are_jars(step: Part) -> Iterator[tuple[str, ...]]:
    """The Jar of a step must be command-runner.jar or the location of a JAR file in Amazon S3, HDFS or on the node."""
    found = _unlike_a_jar(step)
    if found:
        yield found


def _incomplete_uris(step: Part) -> Iterator[At]:
    jar = step.part("HadoopJarStep").get("Jar", "")
    for name in dict.fromkeys((jar, *step_files(step))):
        is_arn = name.startswith("arn:") and name != jar
        if is_arn or (_S3.match(name) and not (_OBJECT.fullmatch(name) or set(name) & set("${}<>"))):
            place = step.at("HadoopJarStep", "Jar") if name == jar else argument_at(step, name)
            yield At(place, f"{name!r} {of(step)}", *uri_instead(name))


def _local_files(step: Part) -> Iterator[At]:
    names = filter(is_local, dict.fromkeys(step_files(step)))
    yield from (At(argument_at(step, name), f"{name!r} {of(step)}") for name in names)


def _shell_operators(step: Part) -> At | None:
    found = command(step)
    program = next((word for word in found if word != "sudo" and "=" not in word), None)
    if program is None or program in SHELLS or not is_complete(step):
        return None
    operator = next((word for word in found if word in _OPERATORS or _SUBSTITUTION.fullmatch(word)), None)
    return At(argument_at(step, operator), f"{operator!r} {of(step)}") if operator else None


def _split_command(step: Part) -> str | None:
    words = _words(step, *SHELLS)
    is_split = words[:1] == ["-c"] and len(words) > 2 and not re.search(r"[\s$]", words[1])
    return f"{words[1]!r} and {len(words) - 2} more {of(step)}" if is_split else None


def _script_in_s3(step: Part) -> str | At | None:
    found = command(step)
    if found and _S3_URI.match(found[0]):
        return At(step.at("HadoopJarStep", "Args", 0), f"{found[0]!r} as the command {of(step)}")
    words = _words(step, *INTERPRETERS, "pyspark")
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
    if tool in SHELLS:
        is_command = len(words) == 1 and re.fullmatch(r"[\w./-]+\s.+", words[0], re.DOTALL)
        return "a command after -c" if words == ["-c"] else "-c before its command" if is_command else None
    if tool == "hive-script" and "-f" in words and "--install-hive" not in words:
        absent = [name for name in ("--run-hive-script", "--args") if name not in words]
        if absent:
            return f"{' and '.join(absent)} before -f"
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


# fmt: off
constraint("emr-step-command-in-one-argument", "StepConfig",
           "each word of a command must be an argument, because EMR does not split arguments", _command_in_one_word,
           at="HadoopJarStep.Args[0]", fix="specify each word as an argument", is_form=True, source=_RUNNER)
constraint("emr-step-no-command", "StepConfig", "a step with command-runner.jar must have arguments", _no_command,
           at="HadoopJarStep.Args", fix="specify the command as arguments", is_form=True, source=_RUNNER)
constraint("emr-step-local-path", "StepConfig", "the files of a step must be in Amazon S3, in HDFS or on the node",
           _local_files, fix="upload the file to Amazon S3, and use its URI", library_fix="use Script.from_asset(path)",
           severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-s3-uri", "StepConfig", "the S3 URI of a file must be s3://, a bucket and a key", _incomplete_uris,
           fix="use a URI such as s3://bucket/folder/file", severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-shell", "StepConfig", "operators of a shell require bash -c, because a step runs no shell",
           _shell_operators, fix="use bash, -c and the command as three arguments", severity=Severity.WARNING,
           source=_RUNNER)
constraint("emr-step-split-command", "StepConfig",
           "a bash -c command must be in one argument, because bash ignores the words after it", _split_command,
           at="HadoopJarStep.Args[2]", fix="join the words in one argument", severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-script-in-s3", "StepConfig", "a script in Amazon S3 requires a tool that reads Amazon S3",
           _script_in_s3, at="HadoopJarStep.Args[1]",
           fix="use script-runner.jar, or spark-submit for a Spark application",
           severity=Severity.WARNING, source=_RUNNER)
constraint("emr-step-incomplete", "StepConfig", "a command must have the script or the options that it requires",
           _missing_of, at="HadoopJarStep.Args",
           fix="specify what is missing", severity=Severity.WARNING, source=_RUNNER)
