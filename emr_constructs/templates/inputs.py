"""Reads the files to check: templates, cloud assemblies, security configurations and requests to the EMR API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .._core.findings import changed
from .._core.unknown import MACRO
from ..rules import Finding, check
from ..rules.keys import KEY
from ..rules.references import REQUEST_ROLES
from ..rules.security_configuration import DOCUMENT
from ..rules.shapes import shape_facts
from .api_calls import check_request, untyped_properties
from .causes import without_consequences
from .checking import check_template
from .cli_inputs import Input, cli_input, request_input
from .cluster_answers import answer_input, security_configuration_input
from .construct_paths import construct_paths, stack_tags
from .display import readable
from .files import STANDARD_INPUT, TEMPLATE_SUFFIX, is_directory, nested_templates, templates_of_assembly, text_of
from .macros import custom_macros
from .nested import nested_files, with_parameters
from .parsing import Document, UnreadableError
from .requests import place_of
from .state_machines import (
    calls_in,
    certain_in,
    check_call,
    definition_files,
    is_state_machine,
    plain_request,
    substituted,
)
from .task_states import check_states
from .tokens import canonical

if TYPE_CHECKING:
    from .judge import Judge

__all__ = [
    "Source",
    "check_source",
    "is_template",
    "nested_templates",
    "parts_of",
    "read",
    "recognized",
    "sources_in",
    "unchecked_reason",
]

# A template with one of these is about EMR: its types, and its calls in a state machine.
_MARKS: Final = ("AWS::EMR::", ":elasticmapreduce:", "aws-sdk:emr:")
_SECTIONS: Final = frozenset(
    ("AWSTemplateFormatVersion", "Conditions", "Description", "Fn::Transform", "Globals", "Hooks", "Mappings",
     "Metadata", "Outputs", "Parameters", "Resources", "Rules", "Transform")
)  # fmt: skip
_MOST_NESTED: Final = 1000
_MARKERS: Final = frozenset(("AWSTemplateFormatVersion", "Fn::Transform", "Transform"))
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
    :raises UnreadableError: the file doesn't exist, is empty, or is neither JSON nor YAML.
    """
    text = text_of(path, standard_input)
    if not text.strip():
        raise UnreadableError("the file must not be empty")
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

    :raises UnreadableError: a file can't be read; the others of an assembly are read before.
    """
    if path != STANDARD_INPUT and is_directory(path):
        yield from _sources_of_assembly(Path(path), standard_input)
    else:
        source = read(path, standard_input)
        is_synthesized = path.endswith(TEMPLATE_SUFFIX)
        content = _with_resources(source.content, is_synthesized=is_synthesized)
        yield (_of_assembly if is_synthesized else replace)(replace(source, content=content))


def _sources_of_assembly(folder: Path, standard_input: Callable[[], str]) -> Iterator[Source]:
    unread = []
    for template in templates_of_assembly(folder):
        try:
            source = read(str(template), standard_input)
        except UnreadableError as error:
            unread.append(f"{template.relative_to(folder)}: {error}")
        else:
            yield _of_assembly(replace(source, content=_with_resources(source.content, is_synthesized=True)))
    if unread:
        raise UnreadableError("; ".join(unread))


def _with_resources(content: Any, *, is_synthesized: bool) -> Any:
    """The content of a template without resources, as of a stack that only has stages, with an empty section."""
    is_template = isinstance(content, Mapping) and content.keys() <= _SECTIONS
    return {"Resources": {}, **content} if is_template and (is_synthesized or content.keys() & _MARKERS) else content


def _of_assembly(source: Source) -> Source:
    template = Path(source.name)
    return replace(source, constructs=construct_paths(template), stack_tags=stack_tags(template))


def parts_of(source: Source) -> Iterator[Source]:
    """Yield a file, and the state machines and nested templates that it refers to and that are files next to it."""
    yield from _parts_of(source, {(source.name, "")})


def _parts_of(source: Source, seen: set[tuple[str, str]]) -> Iterator[Source]:
    """The parts of a file, without those in ``seen``: names of nested templates with the values of their parameters."""
    yield source
    if not is_template(source.content) or source.name == STANDARD_INPUT:
        return
    for name, substitutions in definition_files(source.content):
        found = _next_to(source, name)
        if found is not None and is_state_machine(found.content):
            yield replace(found, content=substituted(found.content, substitutions))
    for name, values in nested_files(source.content):
        found = _next_to(source, name)
        known = name if found is None else found.name, canonical(values) if values else ""
        if found is not None and is_template(found.content) and known not in seen and len(seen) < _MOST_NESTED:
            seen.add(known)
            yield from _parts_of(replace(found, content=with_parameters(found.content, values)), seen)


def _next_to(source: Source, name: str) -> Source | None:
    """The file with a relative path; None if it can't be read, or isn't in the folder of ``source``."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        return None
    try:
        return read(str(Path(source.name).parent / path), str)
    except ValueError:
        return None


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
            found = [
                finding
                for call in calls_in(content)
                for finding in _moved(without_consequences(check_call(call)), {"": call.path})
            ]
            found += check_states(content)
            found += judge.in_states(content) if judge is not None else ()
        else:
            part = recognized(content)
            found = _findings(part)
            if source.text.lstrip().startswith(("{", "[")):
                # Tools that read YAML often convert its values to text.
                found += _moved(untyped_properties(plain_request(part.request)), part.places)
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
    request = plain_request(part.request)
    found = list(without_consequences(certain_in(request, lambda it: check_request(part.shape, it))))
    if part.shape == "RunJobFlowInput" and MACRO not in request:
        roles = {name: request[name] for name in ("JobFlowRole", "ServiceRole") if name in request}
        found += check(REQUEST_ROLES, roles)
    found = _moved(found, part.places)
    if part.words:
        found = [changed(it, message=_in_words(it.message, part), fix=_in_words(it.fix, part)) for it in found]
    if part.is_existing:
        found = [finding for finding in found if not _AT_LAUNCH.fullmatch(finding.rule)]
    if part.own is None:
        return found
    own = check(*part.own)
    reported = {(finding.rule, finding.path) for finding in own}
    return own + [finding for finding in found if (finding.rule, finding.path) not in reported]


def _in_words(text: str, part: Input) -> str:
    """``text`` with the names that members have in the file."""
    return re.sub(r"\w+", lambda name: part.words.get(name[0], name[0]), text)


def recognized(content: Any) -> Input:
    """Return what the rules check in the content of a file that is neither a template nor a state machine.

    :raises UnreadableError: it is nothing that the rules check.
    """
    for recognize in (answer_input, security_configuration_input, request_input, cli_input):
        found = recognize(content)
        if found is not None:
            return found
    if isinstance(content, Mapping) and any(map(_is_of_document, content)):
        return Input(DOCUMENT, content)
    raise UnreadableError(
        "the content must be a CloudFormation template, a state machine, a security configuration, or a request to the "
        "EMR API or a response from it"
    )


def _is_of_document(key: Any) -> bool:
    """Whether a key is that of a member of a security configuration, or nearly."""
    from difflib import get_close_matches

    return bool(get_close_matches(str(key), shape_facts(DOCUMENT)["members"], n=1, cutoff=0.8))


def _moved(findings: Iterable[Finding], places: Mapping[str, str]) -> list[Finding]:
    """``findings`` in a request at their places in the file."""
    return [changed(readable(finding), path=place_of(finding.path, places)) for finding in findings]
