"""Command-line arguments: a list with one item each, without splitting of strings.

An argument is text, a script, whose URI is known when it is bound, or several scripts separated by commas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from .._core.errors import EmrError
from .._core.input_values import reject_number, renderable
from .._core.token_types import is_list_token
from .._core.type_messages import shown
from .._core.unknown import literal_part
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
    "check_added",
    "check_arguments",
    "joined",
    "scripts_in",
    "settings",
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


Argument: TypeAlias = str | Script | ScriptList
Settings: TypeAlias = Mapping[str, str | float | bool]


def as_uri(argument: Argument, locate: Locate) -> str:
    """Return ``argument`` as text, with the URIs of scripts."""
    if isinstance(argument, ScriptList):
        return argument._render(locate)
    return locate(argument) if isinstance(argument, Script) else renderable(argument)


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
            raise EmrError(
                f"arguments of {what} must be text or scripts, got {shown(argument)}; convert it to text, a token with "
                "cdk.Token.as_string(...)"
            )


def scripts_in(arguments: Iterable[Argument]) -> tuple[Script, ...]:
    """Return the scripts in ``arguments``, in order."""
    found: list[Script] = []
    for argument in arguments:
        if isinstance(argument, ScriptList):
            found += argument.scripts
        elif isinstance(argument, Script):
            found.append(argument)
    return tuple(found)


def check_added(command: Sequence[Argument], args: Sequence[str | Script]) -> None:
    """Raise ``EmrError`` if ``args`` is a list token that can't be added to ``command``."""
    if command and is_list_token(args):
        raise EmrError(
            "args must be a list of items to add to those of the command, got a list token, which CloudFormation can't "
            "extend; use cdk.Fn.select(...) for each item, or Step.custom(command=...) for the whole "
            "command"
        )


def as_text(value: str | float) -> str:
    """Return a setting as Hadoop and Spark read it: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else renderable(str(value))


def settings(option: str, values: Settings | None) -> list[str]:
    """Return ``option`` with each of ``values`` as one argument each.

    CloudFormation's schema requires different arguments.
    """
    values = values or {}
    for key in values:
        if "=" in literal_part(key):
            what = {"-d": "variables", "": "parameters"}.get(option, "conf")
            raise EmrError(f"keys of {what} must not contain '=', which begins the value, got {key!r}; change the key")
    return [f"{option}{key}={as_text(value)}" for key, value in values.items()]


def joined(what: str, texts: Sequence[str]) -> str:
    """Return ``texts`` as one argument, separated by commas.

    :param what: the name of the parameter, for messages.
    :raises EmrError: an item is empty or contains a comma.
    """
    for text in texts:
        if isinstance(text, float):
            reject_number(f"an item of {what}", text)
        elif not text.strip() or "," in literal_part(text):
            raise EmrError(f"items of {what} must not be empty or contain a comma, got {text!r}; use one item for each")
    return ",".join(map(renderable, texts))
