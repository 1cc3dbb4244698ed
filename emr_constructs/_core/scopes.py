"""Checks of the scope and the ID of a construct."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import EmrError
from .types import CONSTRUCT, check_types
from .unknown import is_unknown, literal_part

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["check_id", "check_scope", "id_part"]


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
