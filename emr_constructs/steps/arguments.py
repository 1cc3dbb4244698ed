"""Command-line arguments: a list with one item for each, never one string to be split.

An argument is text, a script, whose URI is known once it is bound, or several scripts with commas between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from .._core.errors import EmrError
from .._core.values import value_class
from .scripts import Script

if TYPE_CHECKING:
    from .scripts import Locate

__all__ = ["Argument", "ScriptList", "Settings", "as_text", "as_uri", "scripts_in", "settings"]


@value_class
class ScriptList:
    """An argument that names several files, as ``--py-files=a.zip,b.zip`` does."""

    option: str
    """What stands before the files; empty where the option is an argument of its own."""

    files: tuple[tuple[Script, str], ...]
    """Each file with the name that it gets on the nodes; empty where it keeps its own."""

    @classmethod
    def of(cls, option: str, files: Sequence[Script] | Mapping[str, Script]) -> list[ScriptList]:
        """The argument for ``files``, or no argument where there are none."""
        title = option.rstrip("=") or "the list of files"
        if isinstance(files, Mapping):
            named = tuple((script, name) for name, script in files.items())
        else:
            named = tuple((script, "") for script in files)
        for _, name in named:
            if isinstance(files, Mapping) and (not name or set(name) & set(",#/ ")):
                raise EmrError(
                    f"names of files in {title} must not be empty or contain blanks, commas, '#' or '/', got "
                    f"{name!r}; use another name"
                )
        return [cls(option, named)] if named else []

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The files alone."""
        return tuple(script for script, _ in self.files)

    def _render(self, locate: Locate) -> str:
        """The argument as text."""
        return self.option + ",".join(
            f"{locate(script)}#{name}" if name else locate(script) for script, name in self.files
        )


Argument: TypeAlias = str | Script | ScriptList
Settings: TypeAlias = Mapping[str, str | float | bool]


def as_uri(argument: Argument, locate: Locate) -> str:
    """``argument`` as text, with the URIs of scripts."""
    if isinstance(argument, ScriptList):
        return argument._render(locate)
    return locate(argument) if isinstance(argument, Script) else argument


def scripts_in(arguments: Iterable[Argument]) -> tuple[Script, ...]:
    """The scripts in ``arguments``, in order."""
    found: list[Script] = []
    for argument in arguments:
        if isinstance(argument, ScriptList):
            found += argument.scripts
        elif isinstance(argument, Script):
            found.append(argument)
    return tuple(found)


def as_text(value: str | float) -> str:
    """A setting as Hadoop and Spark read it: ``true`` and ``false`` in lower case, numbers as Python writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def settings(option: str, values: Settings | None) -> list[str]:
    """``option`` with each of ``values``, one argument each: CloudFormation's schema wants the arguments to differ."""
    return [f"{option}{key}={as_text(value)}" for key, value in (values or {}).items()]
