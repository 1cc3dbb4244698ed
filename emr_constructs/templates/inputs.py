"""Reads the files to check: templates, cloud assemblies, security configurations and requests to the EMR API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from ..rules import Finding, check
from ..rules.keys import KEY
from ..rules.security_configuration import DOCUMENT
from .api_calls import check_request
from .causes import without_consequences
from .checking import check_template
from .cli_inputs import Input, cli_input, request_input
from .cluster_answers import answer_input, security_configuration_input
from .construct_paths import construct_paths, stack_tags
from .files import STANDARD_INPUT, TEMPLATE_SUFFIX, is_directory, nested_templates, templates_of_assembly, text_of
from .macros import custom_macros
from .parsing import Document, UnreadableError
from .requests import place_of
from .state_machines import calls_in, check_call, definition_files, is_state_machine, plain_request, substituted
from .states import state_findings

if TYPE_CHECKING:
    from .judge import Judge

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

# A template with one of these is about EMR: its types, and its calls in a state machine.
_MARKS: Final = ("AWS::EMR::", ":elasticmapreduce:", "aws-sdk:emr:")
# Rules about the choice of a release, an instance type or an application, which EMR has accepted for what exists.
_AT_LAUNCH: Final = re.compile(
    r"emr-release(?!-age).*|.*-(release|unavailable|unknown|unsupported)|emr-visible-to-all-users"
)


@dataclass(frozen=True)
class Source:
    """A file with its text and its parsed content."""

    name: str
    text: str
    content: Any
    prefix: str = ""
    """The path of the content in the file."""

    constructs: Mapping[str, str] = field(default_factory=dict)
    """The construct paths of resources, by logical ID."""

    stack_tags: Mapping[str, str] = field(default_factory=dict)
    """The tags of the stack, which its template doesn't contain."""

    parsed: Document | None = field(default=None, repr=False, compare=False)
    """The text as it was parsed; parsed again if None."""

    @cached_property
    def document(self) -> Document:
        """The text with its repeated keys and the lines of its values."""
        return self.parsed or Document(self.text)

    def line(self, path: str) -> int | None:
        """Return the line of a property, from 1; None if it can't be determined."""
        return self.document.line(f"{self.prefix}{path}") if path else None


def read(path: str, standard_input: Callable[[], str]) -> Source:
    """Read a file of JSON or YAML.

    :param path: the path of a file, or ``-`` for the text that ``standard_input`` returns.
    :raises UnreadableError: the file doesn't exist, or is neither JSON nor YAML.
    """
    text = text_of(path, standard_input)
    document = Document(text)
    if isinstance(document.content, str):
        # "aws cloudformation get-template" prints a YAML template as a JSON string.
        text, document = document.content, Document(document.content)
    match document.content:
        case {"TemplateBody": str(body)}:
            inner = Document(body)
            return Source(path, body, inner.content, parsed=inner)
        case {"TemplateBody": Mapping() as content}:
            return Source(path, text, content, prefix="TemplateBody.", parsed=document)
        case {"definition": str(body), "stateMachineArn": _}:
            return Source(path, text, Document(body).content, prefix="definition.", parsed=document)
    return Source(path, text, document.content, parsed=document)


def sources_in(path: str, standard_input: Callable[[], str]) -> Iterator[Source]:
    """Read the file at ``path``, or the templates of the cloud assembly at ``path``.

    :raises UnreadableError: a file can't be read.
    """
    if path != STANDARD_INPUT and is_directory(path):
        for template in templates_of_assembly(Path(path)):
            yield _of_assembly(read(str(template), standard_input))
    else:
        source = read(path, standard_input)
        yield _of_assembly(source) if path.endswith(TEMPLATE_SUFFIX) else source


def _of_assembly(source: Source) -> Source:
    template = Path(source.name)
    return replace(source, constructs=construct_paths(template), stack_tags=stack_tags(template))


def definitions_of(source: Source) -> Iterator[Source]:
    """Read the state machines of a template that are in files of their own, as far as they are found."""
    if not is_template(source.content) or source.name == STANDARD_INPUT:
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


def check_source(
    source: Source, judge: Judge | None = None, acknowledged: dict[Finding, str] | None = None
) -> list[Finding]:
    """What the rules find in a file of any kind, with the file and the lines.

    :param judge: finds violations of other rules. Default: none.
    :param acknowledged: receives the findings that resources of a template acknowledge, with their reasons.
    :raises UnreadableError: the file is neither a template nor a request that the rules check.
    """
    content = source.content
    reasons: dict[Finding, str] = {}
    try:
        if is_template(content):
            of_stack = judge.of_stack(source.stack_tags) if judge is not None else None
            found = check_template(content, of_stack, reasons)
        elif is_state_machine(content):
            found = list(state_findings(content))
            found += [
                finding
                for call in calls_in(content)
                for finding in _moved(without_consequences(check_call(call)), {"": call.path})
            ]
            found += judge.in_states(content) if judge is not None else ()
        else:
            part = recognized(content)
            found = _findings(part)
            if judge is not None:
                found += _moved(judge.in_request(part.shape, plain_request(part.request)), part.places)
    except RecursionError:
        raise UnreadableError("conditions and references must have fewer levels") from None
    if acknowledged is not None:
        acknowledged |= {_located(source, finding): reason for finding, reason in reasons.items()}
    return [*_repeated_keys(source), *(_located(source, finding) for finding in found)]


def _located(source: Source, finding: Finding) -> Finding:
    return changed(
        finding,
        file=source.name,
        line=source.line(finding.path),
        construct=finding.construct or source.constructs.get(finding.resource, ""),
    )


def _repeated_keys(source: Source) -> Iterator[Finding]:
    """The findings in the keys of a request, or of a template that is about EMR."""
    repeated = source.document.repeated
    if not repeated or (is_template(source.content) and not any(mark in source.text for mark in _MARKS)):
        return
    for found in repeated:
        path = found.path.removeprefix(source.prefix)
        resource = path.split(".")[1] if path.startswith("Resources.") else ""
        for finding in check(KEY, {"Key": found.key, "Lines": list(found.lines)}):
            yield changed(finding, path=path, resource=resource, file=source.name, line=found.lines[-1])


def unchecked_reason(source: Source) -> str | None:
    """Return why nothing is certain about the resources of a template; None if they are checked."""
    names = custom_macros(source.content) if is_template(source.content) else []
    return f"macro {', '.join(map(repr, names))} can rewrite all resources" if names else None


def _findings(part: Input) -> list[Finding]:
    found = _moved(without_consequences(check_request(part.shape, plain_request(part.request))), part.places)
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
    return [changed(finding, path=place_of(finding.path, places)) for finding in findings]
