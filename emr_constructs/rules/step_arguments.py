"""What a step runs: its command, the options of a tool, and the files that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .._core.nearest import nearest
from .._core.patterns import regex
from .parts import Part, once

__all__ = [
    "COMMAND_RUNNER",
    "argument_at",
    "command",
    "is_complete",
    "is_local",
    "is_script_runner",
    "near_word",
    "of",
    "options",
    "titled",
]

COMMAND_RUNNER: Final = "command-runner.jar"
# Options without a value.
_SWITCHES: Final = ("--deleteOnSuccess", "--disableMultipartUpload", "--supervise", "--usage-error", "--verbose", "-v")
_FILE: Final = regex(r"[\w.-]+\.(py|jar|sh|sql|hql|q|pig|R|zip|egg|whl)", re.IGNORECASE)
_WINDOWS: Final = regex(r"[A-Za-z]:[\\/].*")
_SCHEME: Final = regex(r"[A-Za-z][\w+.-]+:")
_FOLDERS: Final = regex(r"^/(usr/)?(local/)?bin/(?=[\w.-]+$)")
# Users that nodes have; other users are those of a developer's computer.
_USERS: Final = ("hadoop", "ec2-user", "hdfs", "hive", "spark", "yarn", "livy", "ssm-user", "emr-notebook")


def near_word(name: str, known: Sequence[str]) -> str | None:
    """The one of ``known``, in lower case, that ``name`` is a misspelling of."""
    return nearest(name.replace("_", "-"), known, cutoff=0.85)


def titled(step: Part) -> str:
    """The step, for a message; its name may not be known."""
    name = step.get("Name")
    return "the step" if name is None else f"step {name!r}"


def of(step: Part) -> str:
    """The step that a thing belongs to, for a message."""
    return f"of {titled(step)}"


def argument_at(step: Part, text: str) -> str:
    """The place of the argument that is ``text``, or else of the first one that contains it."""
    arguments = step.part("HadoopJarStep").placed_items("Args")
    try:
        found: int | None = arguments.index(text)
    except ValueError:
        found = next((at for at, argument in enumerate(arguments) if text in argument), None) if text else None
    return step.at("HadoopJarStep", "Args", *([] if found is None else [found]))


@once
def command(step: Part) -> list[str]:
    """The arguments of a step that runs a command on the primary node; empty for any other step.

    The first one is the name of the tool, also if its path is specified. Arguments that aren't known are ``UNKNOWN``.
    """
    jar = step.part("HadoopJarStep")
    found = jar.placed_items("Args") if str(jar.get("Jar", "")).rpartition("/")[2] == COMMAND_RUNNER else []
    return [_FOLDERS.sub("", found[0]), *found[1:]] if found and found[0].startswith("/") else found


def is_complete(step: Part) -> bool:
    """Whether all arguments of the step are known."""
    return step.part("HadoopJarStep").is_complete("Args")


def is_script_runner(step: Part) -> bool:
    """Whether the step runs a script with ``script-runner.jar``."""
    return str(step.part("HadoopJarStep").get("Jar", "")).rpartition("/")[2] == "script-runner.jar"


def options(step: Part, tool: str) -> Iterator[tuple[str, str]]:
    """The options, ``--name=value`` or ``--name value``, that follow ``tool`` at the beginning of the command."""
    found = command(step)
    if found[:1] != [tool]:
        return
    words = iter(found[1:])
    for word in words:
        if not word.startswith("-"):
            return
        name, joined, value = word.partition("=")
        yield name, value if joined or name in _SWITCHES else next(words, "")


def is_local(path: str) -> bool:
    """Whether a path is one of the computer of the author, not of a node or a storage service.

    A relative path counts, because a step runs in a new, empty directory.
    """
    # A placeholder that another program replaces.
    if set(path) & set("${}<>"):
        return False
    if _WINDOWS.fullmatch(path) or path.startswith(("~", "./", "../", ".\\")):
        return True
    path = path.strip()
    plain = re.sub(r"^(file|local):/*", "/", path)
    if _WINDOWS.fullmatch(plain.lstrip("/")) or plain.startswith("/Users/"):
        return True
    if plain.startswith("/home/"):
        return plain.split("/")[2] not in _USERS
    return not _SCHEME.match(path) and not path.startswith("/") and bool(_FILE.fullmatch(path.rpartition("/")[2]))
