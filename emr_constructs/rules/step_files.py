"""The files that the command of a step names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from .known_software import tools
from .parts import Part
from .spark_arguments import submission
from .step_arguments import command, is_complete, is_script_runner, options

__all__ = ["INTERPRETERS", "SHELLS", "step_files", "step_folders"]

SHELLS: Final = ("bash", "sh")
INTERPRETERS: Final = (*SHELLS, "python", "python3")
"""Programs whose first argument is a script."""

# Options of tools whose values are files.
_FILE_OPTIONS: Final = ("-f", "-file", "-files", "-i", "--jars", "--py-files", "--files", "--archives",
                        "--properties-file", "-libjars", "-archives")  # fmt: skip
_FOLDER_OPTIONS: Final = ("-input", "-output")
_COPY_OPTIONS: Final = ("--src", "--dest", "--copyFromManifest", "--previousManifest", "--srcPrefixesFile")


def step_files(step: Part) -> Iterator[str]:
    """The files and folders that the command of a step names, as far as they are known."""
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
    elif found[0] in INTERPRETERS and is_complete(step):
        yield from [word for word in words[:1] if not word.startswith("-")]
    elif found[0] not in tools():
        return
    for option, value in pairwise(words):
        if option in _FILE_OPTIONS and not value.startswith("-"):
            yield from (name.partition("#")[0] for name in value.split(","))


def step_folders(step: Part) -> Iterator[str]:
    """The folders that S3DistCp and hadoop-streaming read and write."""
    yield from (value for name, value in options(step, "s3-dist-cp") if name in _COPY_OPTIONS and value)
    words = command(step)
    for option, value in pairwise(words) if words[:1] == ["hadoop-streaming"] else ():
        if option in _FOLDER_OPTIONS:
            yield from value.split(",")
