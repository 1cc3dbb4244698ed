"""Loads company rules from a Python file."""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import io
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from .._core.type_messages import shown
from ..policies.rule_set import RuleSet
from ..policies.running import FailedRuleError, summary

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["failures_of", "load_rule_set", "output_to_stderr"]

_VARIABLE: Final = "rules"
_EXAMPLE: Final = "rules = emr.RuleSet(emr.Policies.volumes('gp3'))"


class _RulesFileError(click.ClickException):
    exit_code = 2

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


def load_rule_set(file: str) -> RuleSet:
    """Return the rules that a Python file defines as its variable ``rules``.

    :raises click.ClickException: the file can't be loaded, or doesn't define rules.
    """
    path = Path(file)
    if not file or not path.is_file():
        problem = "an empty path" if not file else "a directory" if path.is_dir() else "no file"
        raise _RulesFileError(file or "--rules", f"the rules must be a Python file, got {problem}; pass its path")
    with output_to_stderr():
        module = _loaded(path, file)
    found = getattr(module, _VARIABLE, None)
    if not isinstance(found, RuleSet):
        what = "no such variable" if found is None else shown(found)
        others = [name for name, value in vars(module).items() if isinstance(value, RuleSet)]
        fix = f"assign {others[0]} to {_VARIABLE}" if others else f"add {_EXAMPLE}"
        raise _RulesFileError(file, f"{_VARIABLE} must be a RuleSet, got {what}; {fix}")
    return found


@contextlib.contextmanager
def failures_of(file: str) -> Iterator[None]:
    """Report a rule of ``file`` that fails in one line."""
    try:
        yield
    except FailedRuleError as error:
        raise _RulesFileError(file, str(error)) from None


@contextlib.contextmanager
def output_to_stderr() -> Iterator[None]:
    """Keep what a file and its rules print out of the report, which programs read."""
    with contextlib.redirect_stdout(sys.stderr if sys.stderr is not None else io.StringIO()):
        yield


def _loaded(path: Path, file: str) -> ModuleType:
    name = f"_emr_constructs_rules_{path.stem}"
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # Data classes look for the module of their annotations, and the file may import others next to it.
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _RulesFileError(file, _problem(error, path)) from None
    return module


def _problem(error: BaseException, path: Path) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve() == path.resolve()
    ]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    where = "" if line is None else f" in line {line}"
    is_relative = isinstance(error, ImportError) and "relative import" in str(error)
    fix = "import modules next to the file by their names" if is_relative else "correct the file"
    return f"the file of rules must load, got {summary(error)}{where}; {fix}"
