"""Secrets of configurations, which contain only a value as plain text.

EMR replaces the reference in a configuration with the whole text of a secret, so that a JSON object such as that of a
database secret becomes the password.
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/storing-sensitive-data.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from .._core.unknown import is_unknown, literal_part

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["PlainSecret", "json_errors"]

PlainSecret: TypeAlias = "secretsmanager.ISecret"
"""A secret whose whole text is the value."""

_OF_DATABASES: Final = {"DatabaseSecret", "SecretTargetAttachment"}
"""The classes of secrets to which CDK and Secrets Manager write the connection to a database."""

_ATTACHMENT: Final = "CfnSecretTargetAttachment"
"""The resource with which Secrets Manager writes the connection to a secret."""

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
_MANAGED_BY_RDS: Final = ":secret:rds!"
_OF_RDS: Final = "MasterUserSecret."
"""How secrets that Amazon RDS creates and rotates are named, and the attribute of a database with such a secret."""

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
    if "Secret" in classes:
        return _is_created_as_json(secret.node.default_child)
    arn = secret.secret_arn
    return _MANAGED_BY_RDS in arn if literal_part(arn) else _refers_to_json(arn)


def _is_created_as_json(resource: Any) -> bool:
    """Return whether a ``CfnSecret`` is created with a JSON object."""
    if getattr(getattr(resource, "generate_secret_string", None), "secret_string_template", None) is not None:
        return True
    text = getattr(resource, "secret_string", None) or ""
    if is_unknown(text):
        resolved = resource.stack.resolve(text)
        joined = resolved.get("Fn::Join") if isinstance(resolved, Mapping) else None
        first = joined[1][0] if joined else resolved
        text = first if isinstance(first, str) else ""
    return text.lstrip().startswith("{") and not text.lstrip().startswith("{{")


def _refers_to_json(arn: str) -> bool:
    """Return whether a token is the ARN of a secret of this app that is a JSON object."""
    from aws_cdk import Tokenization

    for token in Tokenization.reverse_string(arn).tokens:
        if getattr(token, "display_name", "").startswith(_OF_RDS):
            return True
        target = getattr(token, "target", None)
        if target is not None and (type(target).__name__ == _ATTACHMENT or _is_created_as_json(target)):
            return True
    return False
