"""Checks of the names that launch requests are published under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._core.unknown import is_unknown, literal_part

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["connection_errors", "object_errors", "parameter_errors", "publication_id", "secret_errors"]

_DEEPEST: Final = 15
_LONGEST_PARAMETER: Final = 1011
_LONGEST_SECRET: Final = 512
_LONGEST_KEY: Final = 1024


def parameter_errors(argument: str, name: str) -> Iterator[str]:
    """Return the errors of the name of an SSM parameter.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    """
    literal = literal_part(name)
    if not name or not re.fullmatch(r"[\w.\-/]*", literal, flags=re.ASCII) or len(literal) > _LONGEST_PARAMETER:
        yield (
            f"{argument} must consist of 1 to {_LONGEST_PARAMETER} letters, digits and ._-/, got {name!r}; use a name "
            "such as '/emr/nightly'"
        )
    elif "/" in literal and not name.startswith("/") and not is_unknown(name):
        yield f"{argument} must begin with a slash if it contains one, got {name!r}; use {'/' + name!r}"
    elif name.endswith("/") or "//" in name:
        yield f"{argument} must not have empty parts, got {name!r}; remove the extra slash"
    elif name.count("/") > _DEEPEST:
        yield f"{argument} must have at most {_DEEPEST} levels, got {name.count('/')}; use a shorter path"
    elif re.match(r"(aws|ssm)|/(aws|ssm)(/|$)", name, flags=re.IGNORECASE):
        yield f"{argument} must not begin with aws or ssm, which are reserved, got {name!r}; use another name"


def secret_errors(argument: str, name: str) -> Iterator[str]:
    """Return the errors of the name of a secret.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    """
    literal = literal_part(name)
    if not name or not re.fullmatch(r"[\w/+=.@\-]*", literal, flags=re.ASCII) or len(literal) > _LONGEST_SECRET:
        yield (
            f"{argument} must consist of 1 to {_LONGEST_SECRET} letters, digits and /_+=.@-, got {name!r}; use a name "
            "such as 'airflow/connections/emr_nightly'"
        )


def connection_errors(connection_id: str) -> Iterator[str]:
    """Return the errors of the ID of a connection, which is the last part of a name."""
    if not connection_id or not re.fullmatch(r"[\w.\-]*", literal_part(connection_id), flags=re.ASCII):
        yield (
            f"connection_id must consist of letters, digits and ._-, got {connection_id!r}; use an ID such as "
            "'emr_nightly', and prefix=... for the path of the connections"
        )


def object_errors(key: str) -> Iterator[str]:
    """Return the errors of the key of an S3 object."""
    literal = literal_part(key)
    if not key or key.startswith(("/", "s3:")) or key.endswith("/") or len(literal.encode()) > _LONGEST_KEY:
        yield (
            f"key must be the key of an object, at most {_LONGEST_KEY} bytes, got {key!r}; use a key such as "
            "'emr/nightly.json', without a bucket and a leading slash"
        )
    elif re.search(r"[*?]|\$\{", literal):
        # The permissions would also be about other objects.
        yield f"key must not contain *, ? or ${{, which are patterns in IAM policies, got {key!r}; use another key"


def publication_id(kind: str, name: str) -> str:
    """Return the construct ID of what is published under ``name``."""
    # CDK replaces slashes.
    return f"{kind}{literal_part(name).replace('/', ':')}"
