"""Secrets of configurations, which contain only a value as plain text.

EMR replaces the reference in a configuration with the whole text of a secret, so that a JSON object such as that of a
database secret becomes the password.
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/storing-sensitive-data.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from .._core.unknown import literal_part

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["PlainSecret", "json_errors"]

PlainSecret: TypeAlias = "secretsmanager.ISecret"
"""A secret whose whole text is the value."""

_OF_DATABASES: Final = {"DatabaseSecret", "SecretTargetAttachment"}
"""The classes of secrets to which CDK and Secrets Manager write the connection to a database."""

_KNOWN: Final[WeakKeyDictionary[secretsmanager.ISecret, bool]] = WeakKeyDictionary()


def json_errors(name: str, secret: secretsmanager.ISecret) -> Iterator[str]:
    """Return an error if ``secret``, the value of ``name``, is known to be a JSON object."""
    if secret not in _KNOWN:
        _KNOWN[secret] = _is_json(secret)
    if _KNOWN[secret]:
        yield (
            f"{name} must be a secret whose whole text is the value, because EMR doesn't read fields of a secret, got "
            "a secret that contains a JSON object; use secretsmanager.Secret(scope, 'Password', generate_secret_string="
            "secretsmanager.SecretStringGenerator(exclude_punctuation=True)), and create the database with "
            "credentials=rds.Credentials.from_password(user, secret.secret_value)"
        )


def _is_json(secret: secretsmanager.ISecret) -> bool:
    parts = getattr(secret, "_delegates", None) or (secret,)
    classes = {base.__name__ for part in parts for base in type(part).__mro__}
    if classes & _OF_DATABASES:
        return True
    if "Secret" not in classes:
        return _is_managed_by_rds(secret.secret_arn)
    resource: Any = secret.node.default_child
    generated = getattr(resource, "generate_secret_string", None)
    text = getattr(resource, "secret_string", None) or ""
    is_object = text.lstrip().startswith("{") and not text.lstrip().startswith("{{")
    return is_object or getattr(generated, "secret_string_template", None) is not None


def _is_managed_by_rds(arn: str) -> bool:
    """Return whether ``arn`` is that of a secret that Amazon RDS creates and rotates.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    """
    if literal_part(arn):
        return ":secret:rds!" in arn
    from aws_cdk import Tokenization

    tokens = Tokenization.reverse_string(arn).tokens
    return any(getattr(token, "display_name", "").startswith("MasterUserSecret.") for token in tokens)
