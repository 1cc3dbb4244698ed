"""Runs the command line as a person would, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from emr_constructs.cli import main

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"
GOOD = str(TEMPLATES / "private_network.yaml")


def run(*arguments: str | Path, **options: Any) -> Result:
    # The output isn't a terminal, whatever the tests run in.
    options["env"] = {"COLUMNS": None, **options.get("env", {})}
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], **options)
    # Anything but an exit is a defect.
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def changed(folder: Path, old: str, new: str, name: str = "private_network.yaml") -> Path:
    """A copy of one of the valid templates with a change."""
    text = (TEMPLATES / name).read_text()
    assert old in text
    path = folder / "changed.yaml"
    path.write_text(text.replace(old, new))
    return path
