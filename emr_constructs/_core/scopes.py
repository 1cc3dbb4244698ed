"""Checks of the scope and the ID of a construct."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .errors import EmrError
from .patterns import regex
from .types import CONSTRUCT, check_types
from .unknown import is_unknown, literal_part

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["check_id", "check_scope", "id_part", "translate_scope_errors", "with_scope_errors"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

# Messages of CDK: a lookup before each construct would be another call of jsii.
_TAKEN: Final = regex(r"There is already a Construct with name '(.*?)' in \w+(?: \[(.*?)\])?")
_WITHOUT_STACK: Final = regex(r"(\w+) at '(.*?)' should be created in the scope of a Stack")


_WITHOUT_NONE: Final = regex(r"bool|(cdk\.)?RemovalPolicy|Sequence\[[^|]*\]|Workflow")


def translate_scope_errors(error: RuntimeError) -> None:
    """Raise ``EmrError`` if CDK rejected the scope or the ID of a construct."""
    text = str(error)
    if taken := _TAKEN.search(text):
        name, scope = taken.groups()
        raise EmrError(
            f"the ID {name!r} must be unique in {scope or 'the app'}, got it twice; use another construct_id"
        ) from None
    if found := _WITHOUT_STACK.search(text):
        kind, path = found.groups()
        raise EmrError(
            f"scope must be a Stack or a construct in a Stack, got {kind} {path!r}; define a cdk.Stack, and pass it as "
            "the scope"
        ) from None


def with_scope_errors(function: _Function) -> _Function:
    """Return ``function`` with the messages of this library about scopes and IDs.

    None selects the default of booleans, removal policies and lists. Other annotations can be aliases that include it.
    """
    names = {
        name
        for name, parameter in signature(function).parameters.items()
        if parameter.default is not parameter.empty and _WITHOUT_NONE.fullmatch(parameter.annotation)
    }

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        given = {name: value for name, value in options.items() if value is not None or name not in names}
        try:
            return function(*args, **given)
        except RuntimeError as error:
            translate_scope_errors(error)
            raise

    return call  # type: ignore[return-value]


def check_scope(scope: IConstruct, construct_id: str) -> None:
    """Check the arguments that every construct has.

    :raises EmrError: ``scope`` isn't a construct, or ``construct_id`` is empty or isn't a string that is known at synth
        time.
    """
    check_types(scope=(scope, CONSTRUCT), construct_id=(construct_id, str))
    check_id(construct_id)


def check_id(construct_id: str) -> None:
    """Raise ``EmrError`` if ``construct_id`` is empty, or a token, which a logical ID can't contain."""
    if not construct_id:
        raise EmrError("construct_id must not be empty, got ''; use an ID such as 'Nightly'")
    if is_unknown(construct_id):
        raise EmrError("construct_id must be known at synth time, got a token; use a plain string")


def id_part(name: str) -> str:
    """Return ``name`` as a part of a construct ID, in PascalCase and without tokens."""
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", literal_part(name)))
