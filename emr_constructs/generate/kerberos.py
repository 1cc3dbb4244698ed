"""Prints the Kerberos attributes of a cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .code import Call, Code, Commented, Literal
from .context import Context, Members, is_intrinsic

__all__ = ["exact_passwords", "kerberos_attributes"]

_PASSWORDS: Final = {
    "kdc_admin_password": "KdcAdminPassword",
    "cross_realm_trust_principal_password": "CrossRealmTrustPrincipalPassword",
    "ad_domain_join_password": "ADDomainJoinPassword",
}
_SECRET: Final = re.compile(
    r"\{\{resolve:secretsmanager:(?P<id>(?:arn:[^:{}]*:[^:{}]*:[^:{}]*:[^:{}]*:[^:{}]*:)?[^:{}]+)"
    r"(?::SecretString(?::(?P<field>[^:{}]*)(?::(?P<stage>[^:{}]*)(?::(?P<version>[^:{}]*))?)?)?)?\}\}"
)
_PARAMETER: Final = re.compile(r"\{\{resolve:ssm-secure:(?P<name>[^:{}]+)(?::(?P<version>\d+))?\}\}")


def kerberos_attributes(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.KerberosAttributes`` for ``KerberosAttributes`` of the EMR API."""
    members = Members(raw, context)
    if raw.get("Realm") is None or raw.get("KdcAdminPassword") is None:
        hidden = {name: "***" if name in _PASSWORDS.values() else value for name, value in raw.items()}
        return context.remark("Kerberos requires a realm and the password of the KDC", hidden)
    realm = context.value(members.take("Realm"))
    options: dict[str, Code] = {}
    for argument, member in _PASSWORDS.items():
        password = members.take(member)
        if password is not None:
            options[argument] = _password(argument, password, context)
    options |= members.options(ad_domain_join_user="ADDomainJoinUser")
    return Call("emr.KerberosAttributes", (realm,), {**options, **members.rest()})


def exact_passwords(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the passwords that CDK spells in another way, by their paths: an update would replace the cluster."""
    passwords = {name: raw.get(name) for name in _PASSWORDS.values()}
    return {
        f"KerberosAttributes.{name}": text
        for name, text in passwords.items()
        if isinstance(text, str) and (found := _SECRET.fullmatch(text)) and text != _spelled(found)
    }


def _spelled(found: re.Match[str]) -> str:
    """The dynamic reference that CDK writes for a secret."""
    parts = [found[group] or "" for group in ("id", "field", "stage", "version")]
    return f"{{{{resolve:secretsmanager:{parts[0]}:SecretString:{':'.join(parts[1:])}}}}}"


def _password(argument: str, raw: Any, context: Context) -> Code:
    """Return a ``cdk.SecretValue``. A password in plain text isn't copied."""
    if is_intrinsic(raw):
        return context.secret(raw)
    text = str(raw)
    if found := _SECRET.fullmatch(text):
        names = {"json_field": "field", "version_stage": "stage", "version_id": "version"}
        options: dict[str, Code] = {name: Literal(found[group]) for name, group in names.items() if found[group]}
        return Call("cdk.SecretValue.secrets_manager", (Literal(found["id"]),), options)
    if found := _PARAMETER.fullmatch(text):
        version = [Literal(found["version"])] if found["version"] else []
        return Call("cdk.SecretValue.ssm_secure", (Literal(found["name"]), *version))
    name = f"emr/{argument.replace('_', '-')}"
    comment = context.todo(f"store the password in the secret {name}, and change it, because it was readable", "***")
    return Commented(Call("cdk.SecretValue.secrets_manager", (Literal(name),)), comment)
