"""Reads the files to check: templates, cloud assemblies, security configurations and requests to the EMR API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ..rules import Finding, check
from ..rules.security_configuration import DOCUMENT
from .api_calls import check_request
from .checking import check_template
from .cli_inputs import Input, cli_input, request_input
from .cluster_answers import answer_input, security_configuration_input
from .construct_paths import construct_paths
from .macros import custom_macros
from .parsing import UnreadableError, line_of, parse
from .requests import place_of
from .state_machines import calls_in, check_call, definition_files, is_state_machine, plain_request, substituted

__all__ = [
    "Source",
    "check_source",
    "definitions_of",
    "is_template",
    "nested_templates",
    "read",
    "recognized",
    "sources_in",
    "unchecked_reason",
]

_STANDARD_INPUT: Final = "-"
_MANIFEST: Final = "manifest.json"
_TEMPLATE_SUFFIX: Final = ".template.json"
# Rules about the choice of a release, an instance type or an application, which EMR has accepted for what exists.
_AT_LAUNCH: Final = re.compile(r"emr-release.*|.*-(release|unavailable|unknown|unsupported)|emr-visible-to-all-users")


@dataclass(frozen=True, slots=True)
class Source:
    """A file with its text and its parsed content."""

    name: str
    text: str
    content: Any
    prefix: str = ""
    """The path of the content in the file."""

    constructs: Mapping[str, str] = field(default_factory=dict)
    """The construct paths of resources, by logical ID."""

    def line(self, path: str) -> int | None:
        """Return the line of a property, from 1; None if it can't be determined."""
        return line_of(self.text, f"{self.prefix}{path}") if path else None


def read(path: str, standard_input: Callable[[], str]) -> Source:
    """Read a file of JSON or YAML.

    :param path: the path of a file, or ``-`` for the text that ``standard_input`` returns.
    :raises UnreadableError: the file doesn't exist, or is neither JSON nor YAML.
    """
    try:
        text = standard_input() if path == _STANDARD_INPUT else Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise UnreadableError("the file must be UTF-8 text") from None
    content = parse(text)
    if isinstance(content, str):
        # "aws cloudformation get-template" prints a YAML template as a JSON string.
        text, content = content, parse(content)
    match content:
        case {"TemplateBody": str(body)}:
            return Source(path, body, parse(body))
        case {"TemplateBody": Mapping() as body}:
            return Source(path, text, body, prefix="TemplateBody.")
        case {"definition": str(body), "stateMachineArn": _}:
            return Source(path, text, parse(body), prefix="definition.")
    return Source(path, text, content)


def sources_in(path: str, standard_input: Callable[[], str]) -> Iterator[Source]:
    """Read the file at ``path``, or the templates of the cloud assembly at ``path``.

    :raises UnreadableError: a file can't be read.
    """
    if path != _STANDARD_INPUT and Path(path).is_dir():
        for template in _templates_of_assembly(Path(path)):
            yield replace(read(str(template), standard_input), constructs=construct_paths(template))
    else:
        source = read(path, standard_input)
        is_of_assembly = path.endswith(_TEMPLATE_SUFFIX)
        yield replace(source, constructs=construct_paths(Path(path))) if is_of_assembly else source


def definitions_of(source: Source) -> Iterator[Source]:
    """Read the state machines of a template that are in files of their own, as far as they are found."""
    if not is_template(source.content) or source.name == _STANDARD_INPUT:
        return
    folder = Path(source.name).parent
    for name, substitutions in definition_files(source.content):
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            continue
        try:
            found = read(str(folder / path), str)
        except ValueError:
            continue
        if is_state_machine(found.content):
            yield replace(found, content=substituted(found.content, substitutions))


def is_template(content: Any) -> bool:
    """Return whether the content of a file is a CloudFormation template."""
    return isinstance(content, Mapping) and isinstance(content.get("Resources"), Mapping)


def check_source(source: Source) -> list[Finding]:
    """What the rules find in a file of any kind, with the file and the lines.

    :raises UnreadableError: the file is neither a template nor a request that the rules check.
    """
    content = source.content
    if is_template(content):
        found = check_template(content)
    elif is_state_machine(content):
        found = [finding for call in calls_in(content) for finding in _moved(check_call(call), {"": call.path})]
    else:
        found = _findings(recognized(content))
    return [
        replace(
            finding,
            file=source.name,
            line=source.line(finding.path),
            construct=finding.construct or source.constructs.get(finding.resource, ""),
        )
        for finding in found
    ]


def unchecked_reason(source: Source) -> str | None:
    """Return why nothing is certain about the resources of a template; None if they are checked."""
    names = custom_macros(source.content) if is_template(source.content) else []
    return f"macro {', '.join(map(repr, names))} can rewrite all resources" if names else None


def _findings(part: Input) -> list[Finding]:
    found = _moved(check_request(part.shape, plain_request(part.request)), part.places)
    if part.is_existing:
        found = [finding for finding in found if not _AT_LAUNCH.fullmatch(finding.rule)]
    if part.own is None:
        return found
    own = check(*part.own)
    reported = {(finding.rule, finding.path) for finding in own}
    return own + [finding for finding in found if (finding.rule, finding.path) not in reported]


def recognized(content: Any) -> Input:
    """Return what the rules check in the content of a file that is neither a template nor a state machine.

    :raises UnreadableError: it is nothing that the rules check.
    """
    for recognize in (answer_input, security_configuration_input, request_input, cli_input):
        found = recognize(content)
        if found is not None:
            return found
    if isinstance(content, Mapping) and any(str(key).endswith("Configuration") for key in content):
        return Input(DOCUMENT, content)
    raise UnreadableError(
        "the content must be a CloudFormation template, a state machine, a security configuration, or a request to the "
        "EMR API or an answer of it"
    )


def _moved(findings: Iterable[Finding], places: Mapping[str, str]) -> list[Finding]:
    """``findings`` in a request at their places in the file."""
    return [replace(finding, path=place_of(finding.path, places)) for finding in findings]


def _templates_of_assembly(folder: Path) -> Iterator[Path]:
    """The templates of a cloud assembly, including those of nested stacks and stages."""
    if not (folder / _MANIFEST).exists():
        raise UnreadableError(f"the directory must be a cloud assembly, but it has no {_MANIFEST}; run cdk synth")
    found: list[Path] = []
    try:
        for artifact in json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["artifacts"].values():
            properties = artifact.get("properties", {})
            match artifact.get("type"):
                case "aws:cloudformation:stack":
                    found.append(folder / properties["templateFile"])
                case "cdk:asset-manifest":
                    found += nested_templates(folder, folder / properties["file"])
                case "cdk:cloud-assembly":
                    found += _templates_of_assembly(folder / properties["directoryName"])
    except UnreadableError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise UnreadableError(
            f"{_MANIFEST}, or a manifest that it references, can't be read; run cdk synth again"
        ) from None
    yield from dict.fromkeys(found)


def nested_templates(folder: Path, manifest: Path) -> Iterator[Path]:
    """Return the templates among the assets that ``manifest`` lists, in the cloud assembly ``folder``."""
    files = json.loads(manifest.read_text(encoding="utf-8")).get("files", {})
    for file in files.values():
        path = file.get("source", {}).get("path", "")
        if path.endswith(_TEMPLATE_SUFFIX):
            yield folder / path
