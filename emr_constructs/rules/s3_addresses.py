"""Addresses of objects in Amazon S3 that are no S3 URIs: those of the web and of the console, and ARNs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity
from .sources import management_guide
from .step_arguments import argument_at, is_script_runner, of
from .step_files import step_files, step_folders

__all__ = ["s3_uri", "uri_instead"]

_UPLOAD: Final = management_guide("emr-plan-upload-s3")
_WEB: Final = regex(r"https?://", re.IGNORECASE)
_DOMAIN: Final = r"\.amazonaws\.com(\.cn)?"
_IN_PATH: Final = regex(rf"s3([.-][\w-]+)*{_DOMAIN}")
_IN_HOST: Final = regex(rf"(?P<bucket>[a-z0-9][a-z0-9.-]*)\.s3([.-][\w-]+)*{_DOMAIN}")
_OTHER_CASE: Final = regex("s3:/{1,3}[^/]", re.IGNORECASE)
_CONSOLE: Final = regex(r"([\w-]+\.)*console\.aws\.amazon\.com")
_ARN: Final = regex(r"arn:[\w-]+:s3:::(?P<rest>[^/*]+(/.*)?)", re.DOTALL)
# Settings whose values are locations, of any application.
_LOCATIONS: Final = regex(
    r".*([._-](dirs?|jars|files|archives|rootdir|location|prefix)|\.pyFiles|\.(class|ClassPath|extraClassPath))"
)


def s3_uri(address: str) -> str | None:
    """The S3 URI of an object or folder whose web address or ARN is ``address``; None for any other text."""
    arn = _ARN.fullmatch(address)
    if arn is not None:
        return f"s3://{arn['rest']}"
    if not _WEB.match(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    path = unquote(parts.path).lstrip("/")
    host = _IN_HOST.fullmatch(parts.netloc.lower())
    if _CONSOLE.fullmatch(parts.netloc.lower()):
        # The path is s3/object/BUCKET or s3/buckets/BUCKET, and the key is in the query.
        bucket = path.rstrip("/").rpartition("/")[2]
        key = next(iter(parse_qs(parts.query).get("prefix", ())), "")
        return f"s3://{bucket}/{key}" if path.startswith("s3/") and bucket else None
    if _IN_PATH.fullmatch(parts.netloc.lower()):
        return f"s3://{path}" if path else None
    return f"s3://{host['bucket']}/{path}" if host else None


def uri_instead(text: str) -> tuple[str, ...]:
    """The fix for a location that isn't an S3 URI, if it is known; nothing otherwise."""
    uri = s3_uri(text) or (f"s3://{text[3:].lstrip('/')}" if _OTHER_CASE.match(text) else text)
    return () if uri == text else (f"use {uri}",)


def _addresses(part: Part) -> Iterator[At]:
    yield from _in_settings(part) if "Properties" in part else _in_steps(part)


def _in_steps(step: Part) -> Iterator[At]:
    for name in dict.fromkeys((*step_files(step), *step_folders(step))):
        uri = s3_uri(name) if _WEB.match(name) else None
        if uri is not None:
            yield At(argument_at(step, name), f"{name!r} {of(step)}", f"use {uri}")
        elif is_script_runner(step) and _WEB.match(name):
            yield At(argument_at(step, name), f"{name!r} {of(step)}")


def _in_settings(configuration: Part) -> Iterator[At]:
    properties: dict[str, str] = configuration.get("Properties", {})
    for key, value in properties.items():
        # Most values are no addresses, which is found out at once.
        if ("://" in value or value.startswith("arn:")) and _LOCATIONS.fullmatch(key):
            for item in map(str.strip, value.split(",")):
                if uri := s3_uri(item):
                    yield At(configuration.at("Properties", key), f"{item!r} for {key}", f"use {uri}")


constraint(
    "emr-s3-address",
    ("StepConfig", "Configuration"),
    "a file in Amazon S3 must be specified by its S3 URI, because programs can't sign requests to web addresses",
    _addresses,
    fix="upload the file to Amazon S3, and use its S3 URI",
    severity=Severity.WARNING,
    source=_UPLOAD,
)
