"""Steps that run S3DistCp: its options, and the patterns and sizes of their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import constraint
from .parts import Part
from .registry import At, Severity, rule
from .sources import release_guide
from .step_arguments import argument_at, command, is_complete, near_word, of, options

_S3_DIST_CP: Final = release_guide("UsingEMR_s3distcp")
_OF_COPY: Final = """
    --src --dest --srcPattern --groupBy --targetSize --appendToLastFile --outputCodec --s3ServerSideEncryption
    --deleteOnSuccess --disableMultipartUpload --multipartUploadChunkSize --numberFiles --startingIndex
    --outputManifest --previousManifest --requirePreviousManifest --copyFromManifest --s3Endpoint --storageClass
    --srcPrefixesFile --encryptionKey --tmpDir --help
"""
_COPY_OPTIONS: Final = frozenset(_OF_COPY.split())
_CODECS: Final = ("gzip", "gz", "lzo", "lzop", "snappy", "none", "keep")
# A repetition of nothing, as in a pattern for files of a shell.
_DANGLING: Final = regex(r"[*+?].*|.*\((?!\?)[*+].*")
_OTHER_NAMES: Final = {"--source": "--src", "--destination": "--dest", "--target": "--dest"}


def _meant(name: str) -> str | None:
    """The option that ``name`` is a misspelling of."""
    if name in _COPY_OPTIONS:
        return None
    known = {option.lower(): option for option in _COPY_OPTIONS}
    near = _OTHER_NAMES.get(name) or near_word(name, list(known))
    return near and known[near.lower()]


def _wrong_values(step: Part) -> Iterator[At]:
    given = {name: value for name, value in options(step, "s3-dist-cp") if value and not is_unknown(value)}
    for name in ("--srcPattern", "--groupBy"):
        value = given.get(name, "").strip("'\"")
        if _DANGLING.fullmatch(value):
            got = f"{value!r} for {name} {of(step)}, which repeats nothing"
            yield At(argument_at(step, given[name]), got, "use a regular expression, such as .*[.]csv for *.csv")
    pattern = given.get("--groupBy", "")
    if pattern and "(" not in pattern:
        got = f"{pattern!r} for --groupBy {of(step)}, which has no group"
        yield At(argument_at(step, pattern), got, "put the part that files of a group have in common in parentheses")
    size = given.get("--targetSize", "")
    if size and not size.strip().isdigit():
        got = f"{size!r} for --targetSize {of(step)}"
        yield At(argument_at(step, size), got, "use a number of MiB without a unit")


@rule("emr-s3distcp-options", "StepConfig", fix="specify both", is_form=True, source=_S3_DIST_CP)
def _copy_has_two_ends(step: Part) -> Iterator[At]:
    """S3DistCp must have a source and a destination, a known codec, and a target size only with a group pattern."""
    given = dict(options(step, "s3-dist-cp"))
    complete = is_complete(step)
    if command(step)[:1] == ["s3-dist-cp"] and complete and "--help" not in given:
        # A misspelt option has a finding of its own.
        meant = {_meant(name) for name, _ in options(step, "s3-dist-cp")}
        absent = [name for name in ("--src", "--dest") if not given.get(name) and name not in meant]
        if absent:
            message = f"s3-dist-cp {of(step)} must have --src and --dest, got no {' and no '.join(absent)}"
            yield At(step.at("HadoopJarStep", "Args"), message)
    if "--targetSize" in given and "--groupBy" not in given and complete:
        message = f"--targetSize {of(step)} requires --groupBy, which is missing"
        yield At(argument_at(step, "--targetSize"), message, "specify --groupBy, or remove it")
    codec = given.get("--outputCodec")
    if codec is not None and not is_unknown(codec) and codec not in _CODECS:
        message = f"--outputCodec {of(step)} must be one of {', '.join(_CODECS)}, got {codec!r}"
        yield At(argument_at(step, codec or "--outputCodec"), message, "use one of them")


@rule("emr-s3distcp-option-name", "StepConfig", severity=Severity.WARNING, fix="correct the option",
      source=_S3_DIST_CP)  # fmt: skip
def _copy_options_exist(step: Part) -> Iterator[At]:
    """An option of S3DistCp must be one that it has; names are case-sensitive."""
    for name, _ in options(step, "s3-dist-cp"):
        meant = _meant(name)
        if meant is not None:
            message = f"option of s3-dist-cp {of(step)} must be one that it has, got {name!r}"
            yield At(argument_at(step, name), message, f"use {meant!r}")


constraint(
    "emr-s3distcp-value",
    "StepConfig",
    "values of S3DistCp must be regular expressions, with a group in --groupBy, and a number of MiB as --targetSize",
    _wrong_values,
    fix="correct the value",
    severity=Severity.WARNING,
    source=_S3_DIST_CP,
)
