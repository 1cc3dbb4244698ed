"""Command-line arguments: a list with one item each, without splitting of strings.

An argument is text, a script, whose URI is known when it is bound, or several scripts separated by commas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from .._core.errors import EmrError
from .._core.input_values import inputs_in, reject_number
from .._core.unknown import is_unknown
from .._core.values import value_class
from .scripts import Script, reject_folder

if TYPE_CHECKING:
    from .scripts import Locate

__all__ = [
    "Argument",
    "ScriptList",
    "Settings",
    "as_text",
    "as_uri",
    "check_arguments",
    "reject_joined_lists",
    "scripts_in",
    "settings",
    "with_text_tokens",
]


@value_class
class ScriptList:
    """An argument that contains several files, such as ``--py-files=a.zip,b.zip``."""

    option: str
    """The text before the files; empty if the option is a separate argument."""

    files: tuple[tuple[Script, str], ...]
    """Each file with its name on the nodes; empty if it keeps its name."""

    @classmethod
    def of(cls, option: str, files: Sequence[Script] | Mapping[str, Script]) -> list[ScriptList]:
        """Return the argument for ``files``, or no argument without files."""
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
        """The files."""
        return tuple(script for script, _ in self.files)

    def _render(self, locate: Locate) -> str:
        """Render the argument as text."""
        return self.option + ",".join(
            f"{locate(script)}#{name}" if name else locate(script) for script, name in self.files
        )


_Argument = TypeVar("_Argument")

Argument: TypeAlias = str | Script | ScriptList
Settings: TypeAlias = Mapping[str, str | float | bool]


def as_uri(argument: Argument, locate: Locate) -> str:
    """Return ``argument`` as text, with the URIs of scripts."""
    if isinstance(argument, ScriptList):
        return argument._render(locate)
    return locate(argument) if isinstance(argument, Script) else argument


def with_text_tokens(arguments: Iterable[_Argument]) -> tuple[_Argument, ...]:
    """Return ``arguments`` with text tokens instead of tokens of numbers."""
    return tuple(cast("_Argument", _as_token(item)) if isinstance(item, float) else item for item in arguments)


def _as_token(number: float) -> str | float:
    # The number of a job input is rejected elsewhere.
    if not is_unknown(number) or inputs_in(number):
        return number
    from aws_cdk import Token

    return Token.as_string(number)


def reject_joined_lists(what: str, arguments: Sequence[object]) -> None:
    """Raise :class:`EmrError` if a token of a list, such as a parameter, is one of several arguments of ``what``."""
    if len(arguments) > 1 and any(is_unknown([argument]) for argument in arguments):
        raise EmrError(
            f"args of {what} must not join a list token with other arguments, got {len(arguments)} arguments with a "
            "list token; use cdk.Fn.select(index, list) for each item of the list"
        )


def check_arguments(what: str, arguments: Sequence[object], data: Sequence[Script]) -> None:
    """Check that the arguments of a step are text or files.

    :param what: the step, for messages.
    :param data: the scripts that the program reads as data, which may be folders.
    """
    for argument in arguments:
        if argument not in data:
            reject_folder(argument)
        if isinstance(argument, float):
            reject_number(f"an argument of the {what}", argument)
        if not isinstance(argument, str | Script | ScriptList):
            raise EmrError(f"arguments of {what} must be text or scripts, got {argument!r}; convert it to text")
    reject_joined_lists(what, arguments)


def scripts_in(arguments: Iterable[Argument]) -> tuple[Script, ...]:
    """Return the scripts in ``arguments``, in order."""
    found: list[Script] = []
    for argument in arguments:
        if isinstance(argument, ScriptList):
            found += argument.scripts
        elif isinstance(argument, Script):
            found.append(argument)
    return tuple(found)


def as_text(value: str | float) -> str:
    """Return a setting as Hadoop and Spark read it: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def settings(option: str, values: Settings | None) -> list[str]:
    """Return ``option`` with each of ``values`` as one argument each.

    CloudFormation's schema requires different arguments.
    """
    return [f"{option}{key}={as_text(value)}" for key, value in (values or {}).items()]
