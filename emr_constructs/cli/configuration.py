"""Configuration in ``pyproject.toml``: the findings that a project acknowledges, and what it checks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import click

from ..rules import Finding, check
from ..rules.acknowledgments import CONFIGURATION
from ..templates.files import text_of

__all__ = ["Configuration", "read_configuration"]

_FILE: Final = "pyproject.toml"
_TABLE: Final = "emr-constructs"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a project."""

    acknowledgments: tuple[Mapping[str, Any], ...] = ()
    """The acknowledged findings."""

    age: bool = False
    """Whether the age of releases is checked."""

    rules: str | None = None
    """The Python file with company rules."""

    def reason(self, finding: Finding) -> str | None:
        """Return why the project acknowledges a finding; None if it doesn't."""
        return next(
            (
                found["reason"]
                for found in self.acknowledgments
                if found["id"] == finding.rule
                and any(fnmatch(Path(finding.file).as_posix(), pattern) for pattern in found.get("files", ["*"]))
            ),
            None,
        )


def read_configuration(path: str | None) -> Configuration:
    """Read the table ``[tool.emr-constructs]``.

    :param path: the file. Default: ``pyproject.toml`` in the current directory or the nearest parent that has one.
    :raises click.UsageError: the file can't be read, or the table has another form.
    """
    file = Path(path) if path is not None else _nearest()
    if file is None:
        return Configuration()
    try:
        content = tomllib.loads(text_of(str(file.absolute()), str))
    except (ValueError, RecursionError) as error:
        if path is None:
            # Another tool owns the file.
            return Configuration()
        reason = "it has too many levels" if isinstance(error, RecursionError) else error
        raise click.UsageError(f"{file}: the configuration must be a TOML file ({reason})") from None
    tools = content.get("tool", {})
    table = tools.get(_TABLE, {}) if isinstance(tools, dict) else {}
    findings = check(CONFIGURATION, table)
    if findings:
        raise click.UsageError(f"{file}: tool.{_TABLE}: {'; '.join(map(str, findings))}")
    rules = table.get("rules")
    if rules is not None and not rules.strip():
        raise click.UsageError(f"{file}: tool.{_TABLE}: rules must be the path of a Python file, got {rules!r}")
    # Relative to the file, wherever the command runs.
    own = _shown(file.parent / rules) if rules else None
    return Configuration(tuple(table.get("acknowledge", ())), table.get("age", False), own)


def _shown(path: Path) -> str:
    """``path`` relative to the current directory if it is inside."""
    here = Path.cwd()
    found = path if path.is_absolute() else here / path
    return str(found.relative_to(here)) if found.is_relative_to(here) else str(found)


def _nearest() -> Path | None:
    here = Path.cwd()
    return next((folder / _FILE for folder in (here, *here.parents) if (folder / _FILE).is_file()), None)
