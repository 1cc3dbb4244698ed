"""Reads the files to check, and finds the templates of a cloud assembly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from .parsing import UnreadableError, parse_json

__all__ = [
    "STANDARD_INPUT",
    "TEMPLATE_SUFFIX",
    "decoded",
    "is_directory",
    "nested_templates",
    "number_of_files",
    "stack_region",
    "templates_of_assembly",
    "text_of",
]

STANDARD_INPUT: Final = "-"
_MANIFEST: Final = "manifest.json"
# The Region of a stack that doesn't specify one is unknown-region.
_ENVIRONMENT: Final = re.compile(r"aws://[^/]*/((?!unknown)[a-z0-9-]+)")
TEMPLATE_SUFFIX: Final = ".template.json"
# CloudFormation's own limit is 1 MB; a device such as /dev/zero has no end.
_MOST_BYTES: Final = 20_000_000


def text_of(path: str, standard_input: Callable[[], str]) -> str:
    """Return the text of a file.

    :param path: the path of a file, or ``-`` for the text that ``standard_input`` returns.
    :raises UnreadableError: the file doesn't exist, or is not UTF-8 text of at most 20 MB.
    """
    try:
        if path == STANDARD_INPUT:
            return standard_input()
        if not path:
            raise UnreadableError("the path must not be empty")
        with Path(path).open("rb") as file:
            return decoded(file)
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from None
    except UnreadableError:
        raise
    except ValueError:  # a path with NUL
        raise UnreadableError("the path must lead to a file") from None


def decoded(file: BinaryIO) -> str:
    """Return the text of an open file.

    :raises UnreadableError: it is not UTF-8 text of at most 20 MB.
    """
    found = file.read(_MOST_BYTES + 1)
    if len(found) > _MOST_BYTES:
        raise UnreadableError(f"the file must have at most {_MOST_BYTES // 10**6} MB")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("the file must be UTF-8 text") from None


def is_directory(path: str) -> bool:
    """Return whether ``path`` is a directory; False if it can't be a path."""
    try:
        return bool(path) and Path(path).is_dir()
    except (OSError, ValueError):
        return False


def number_of_files(path: str) -> int:
    """Return the number of files to read at ``path``: the templates of a cloud assembly, otherwise 1."""
    try:
        return len(list(templates_of_assembly(Path(path)))) if is_directory(path) else 1
    except UnreadableError:
        return 1


def templates_of_assembly(folder: Path) -> Iterator[Path]:
    """Return the templates of a cloud assembly, including those of nested stacks and stages.

    :raises UnreadableError: the directory is no cloud assembly, or a manifest can't be read.
    """
    found: dict[Path, None] = {}
    root = _resolved(folder)
    waiting, seen = [folder], {root}
    while waiting:
        current = waiting.pop(0)
        if not _is_file(current / _MANIFEST):
            raise UnreadableError(f"the directory must be a cloud assembly, but it has no {_MANIFEST}; run cdk synth")
        try:
            for path, is_assembly in _artifacts(current):
                target = _resolved(path)
                # An assembly can't contain itself, and its files are in it, but a manifest can say otherwise.
                if not target.is_relative_to(root) or (is_assembly and target in seen):
                    raise ValueError
                if is_assembly:
                    seen.add(target)
                    waiting.append(path)
                else:
                    found[path] = None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError):
            raise UnreadableError(
                f"{_MANIFEST}, or a manifest that it references, can't be read; run cdk synth again"
            ) from None
    yield from found


def nested_templates(folder: Path, manifest: Path) -> Iterator[Path]:
    """Return the templates among the assets that ``manifest`` lists, in the cloud assembly ``folder``."""
    for file in _object(manifest).get("files", {}).values():
        path = file.get("source", {}).get("path", "")
        if path.endswith(TEMPLATE_SUFFIX):
            yield folder / path


def stack_region(template: Path) -> str | None:
    """Return the AWS Region of the stack that a template of a cloud assembly belongs to; None if it is unknown."""
    try:
        artifacts = _object(template.parent / _MANIFEST)["artifacts"].values()
        found = [
            _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
            for artifact in artifacts
            if artifact.get("properties", {}).get("templateFile") == template.name
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return next((match[1] for match in found if match), None)


def _artifacts(folder: Path) -> Iterator[tuple[Path, bool]]:
    """The templates and the nested assemblies of an assembly, and whether it is one of the latter."""
    for artifact in _object(folder / _MANIFEST)["artifacts"].values():
        properties = artifact.get("properties", {})
        match artifact.get("type"):
            case "aws:cloudformation:stack":
                yield folder / properties["templateFile"], False
            case "cdk:asset-manifest":
                for template in nested_templates(folder, folder / properties["file"]):
                    yield template, False
            case "cdk:cloud-assembly":
                yield folder / properties["directoryName"], True


def _object(path: Path) -> Mapping[str, Any]:
    found = parse_json(text_of(str(path), str))
    if not isinstance(found, Mapping):
        raise TypeError
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _resolved(path: Path) -> Path:
    return Path(path).resolve()
