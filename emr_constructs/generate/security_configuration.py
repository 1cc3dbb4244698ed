"""Prints security configurations: the options of ``emr.SecurityConfiguration``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..templates.requests import coerced
from .access_control import authentication, authorization
from .code import Attribute, Call, Code, Literal
from .context import Context, is_intrinsic
from .exact import Exact, InexpressibleError, Probe, items, structure
from .pairs import exact_pairs
from .scripts import script, start_of

__all__ = ["security_configuration_options"]

_MODES: Final = {"SSE-KMS": "sse_kms", "CSE-KMS": "cse_kms"}
_DEFAULT: Final = {"require_imdsv2": Literal(None)}


def security_configuration_options(document: Any, context: Context) -> dict[str, Code] | None:
    """Return the options of a document by keyword of ``emr.SecurityConfiguration``, without its name.

    Resources that it refers to are in ``context.imports``.

    :return: None if the document has a part that no option writes in the same way.
    """
    exact = coerced("SecurityConfigurationDocument", document)
    try:
        _options(exact, Probe())
    except InexpressibleError:
        return None
    return _options(exact, context)


def _options(document: Any, context: Context) -> dict[str, Code]:
    with structure(document) as members:
        encryption = members.optional("EncryptionConfiguration")
        options = _encryption({} if encryption is None else encryption, context)
        if "AuthenticationConfiguration" in members:
            options |= authentication(members.take("AuthenticationConfiguration"), context)
        if "AuthorizationConfiguration" in members:
            options |= authorization(members.take("AuthorizationConfiguration"), context)
        metadata = members.optional("InstanceMetadataServiceConfiguration")
        return options | (dict(_DEFAULT) if metadata is None else _metadata(metadata, context))


def _metadata(raw: Any, context: Context) -> dict[str, Code]:
    with structure(raw) as members:
        version = members.take("MinimumInstanceMetadataServiceVersion")
        hops = context.value(members.take("HttpPutResponseHopLimit"))
        if version not in (1, 2):
            raise InexpressibleError("the version of the instance metadata service must be 1 or 2")
        options: dict[str, Code] = {} if version == 2 else {"require_imdsv2": Literal(False)}
        return options if hops == Literal(1) else {**options, "imds_hop_limit": hops}


def _encryption(raw: Any, context: Context) -> dict[str, Code]:
    with structure(raw) as members:
        in_transit, at_rest = (members.optional(f"Enable{kind}Encryption") for kind in ("InTransit", "AtRest"))
        options: dict[str, Code] = {}
        options |= _at_rest(at_rest, members.optional("AtRestEncryptionConfiguration"), context)
        options["in_transit_encryption"] = _in_transit(
            in_transit, members.optional("InTransitEncryptionConfiguration"), context
        )
        if "EMRWALEncryptionConfiguration" in members:
            with structure(members.take("EMRWALEncryptionConfiguration")) as wal:
                has_key = "AwsKmsKey" in wal
                code = _with_key("emr.WalEncryption.aws_kms", wal, context) if has_key else None
            options["wal_encryption"] = code or Call("emr.WalEncryption.emr_managed")
        return options


def _at_rest(enabled: Any, raw: Any, context: Context) -> dict[str, Code]:
    if enabled not in (None, True, False) or (raw is None) == (enabled is True):
        raise InexpressibleError("encryption at rest must be enabled with its configuration")
    disabled = Literal(None if enabled is None else False)
    options: dict[str, Code] = {"s3_encryption": disabled, "local_disk_encryption": disabled}
    if raw is None:
        return options
    with structure(raw) as members:
        parts = {"s3_encryption": _s3, "local_disk_encryption": _local_disk}
        names = ("S3EncryptionConfiguration", "LocalDiskEncryptionConfiguration")
        if not any(name in members for name in names):
            raise InexpressibleError("encryption at rest must have a part")
        for (option, printer), name in zip(parts.items(), names, strict=True):
            options[option] = printer(members.take(name), context) if name in members else Literal(None)
        return options


def _s3(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        overrides = members.optional("Overrides") or []
        code = _s3_choice(members, context)
        for override in items(overrides):
            with structure(override) as choice:
                name = choice.take("BucketName")
                bucket = context.imported("s3.Bucket.from_bucket_name", "EncryptedBucket", name)
                code = Call(Attribute(code, "with_override"), (bucket, _s3_choice(choice, context)))
        return code


def _s3_choice(members: Exact, context: Context) -> Code:
    mode = members.text("EncryptionMode")
    if mode == "SSE-S3":
        return Call("emr.S3Encryption.sse_s3")
    if mode in _MODES:
        return _with_key(f"emr.S3Encryption.{_MODES[mode]}", members, context)
    if mode == "CSE-Custom":
        return _with_class("emr.S3Encryption.cse_custom", members, "EncryptionKeyProviderClass", context)
    raise InexpressibleError(f"the mode {mode} is unknown")


def _local_disk(raw: Any, context: Context) -> Code:
    with structure(raw) as members:
        kind = members.text("EncryptionKeyProviderType")
        if kind == "Custom":
            return _with_class("emr.LocalDiskEncryption.custom", members, "EncryptionKeyProviderClass", context)
        if kind != "AwsKms":
            raise InexpressibleError(f"the provider {kind} is unknown")
        ebs = context.value(members.optional("EnableEbsEncryption"))
        options = {} if ebs == Literal(True) else {"ebs": ebs}
        return _with_key("emr.LocalDiskEncryption.aws_kms", members, context, options)


def _in_transit(enabled: Any, raw: Any, context: Context) -> Code:
    if enabled not in (None, True, False) or (raw is None) == (enabled is True):
        raise InexpressibleError("in-transit encryption must be enabled with its configuration")
    if raw is None:
        return Literal(None if enabled is None else False)
    with structure(raw) as outer, structure(outer.take("TLSCertificateConfiguration")) as members:
        kind = members.text("CertificateProviderType")
        if kind == "PEM":
            return Call("emr.InTransitEncryption.pem", (_object(members, context),))
        if kind == "Custom":
            return _with_class("emr.InTransitEncryption.custom", members, "CertificateProviderClass", context)
        if kind != "EMR":
            raise InexpressibleError(f"the provider {kind} is unknown")
        options: dict[str, Code] = {}
        if "SecretTags" in members:
            tags = exact_pairs(members.take("SecretTags"), context)
            if tags is None:
                raise InexpressibleError("tags must have different keys")
            options["secret_tags"] = tags
        options |= members.options(context, validity_days="ValidityInDays", wildcard_dns_suffix="WildcardDnsSuffix")
        options["access_tag"] = Literal(False)
        if "AwsKmsKey" in members:
            return _with_key("emr.InTransitEncryption.emr_managed", members, context, options)
        return Call("emr.InTransitEncryption.emr_managed", (), options)


def _with_key(function: str, members: Exact, context: Context, options: Mapping[str, Code] | None = None) -> Code:
    arn = members.take("AwsKmsKey")
    if not is_intrinsic(arn) and not str(arn).startswith("arn:"):
        raise InexpressibleError("a key must be an ARN")
    return Call(function, (context.imported("kms.Key.from_key_arn", "Key", arn),), options or {})


def _with_class(function: str, members: Exact, member: str, context: Context) -> Code:
    jar = _object(members, context)
    return Call(function, (jar,), {"provider_class": context.value(members.take(member))})


def _object(members: Exact, context: Context) -> Code:
    uri = context.value(members.take("S3Object"))
    found = script(uri)
    if found is None or not (start_of(uri) or "s3://").startswith("s3://"):
        raise InexpressibleError("an object must have an s3:// URI")
    return found
