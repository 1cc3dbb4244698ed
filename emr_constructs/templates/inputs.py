"""Reads the files to check: templates, cloud assemblies, security configurations and requests to the EMR API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ..rules import Finding, check
from ..rules.keys import KEY
from ..rules.security_configuration import DOCUMENT
from .checking import check_template
from .files import STANDARD_INPUT, is_directory, nested_templates, templates_of_assembly, text_of
from .parsing import Document, UnreadableError

__all__ = ["Source", "check_source", "is_template", "nested_templates", "read", "sources_in"]

# A template with one of these is about EMR: its types, and its calls in a state machine.
_MARKS: Final = ("AWS::EMR::", ":elasticmapreduce:", "aws-sdk:emr:")
# The AWS CLI has another name for a member of --instance-groups.
_CLI_GROUP: Final = {"InstanceGroupType": "InstanceRole"}


@dataclass(frozen=True)
class Source:
    """A file with its text and its parsed content."""

    name: str
    text: str
    content: Any

    parsed: Document | None = field(default=None, repr=False, compare=False)
    """The text as it was parsed; parsed again if None."""

    @cached_property
    def document(self) -> Document:
        """The text with its repeated keys and the lines of its values."""
        return self.parsed or Document(self.text)

    def line(self, path: str) -> int | None:
        """Return the line of a property, from 1; None if it can't be determined."""
        return self.document.line(path) if path else None


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
    return Source(path, text, document.content, document)


def sources_in(path: str, standard_input: Callable[[], str]) -> Iterator[Source]:
    """Read the file at ``path``, or the templates of the cloud assembly at ``path``.

    :raises UnreadableError: a file can't be read.
    """
    if path != STANDARD_INPUT and is_directory(path):
        for template in templates_of_assembly(Path(path)):
            yield read(str(template), standard_input)
    else:
        yield read(path, standard_input)


def is_template(content: Any) -> bool:
    """Return whether the content of a file is a CloudFormation template."""
    return isinstance(content, Mapping) and isinstance(content.get("Resources"), Mapping)


def check_source(source: Source) -> list[Finding]:
    """What the rules find in a file of any kind, with the file and the lines.

    :raises UnreadableError: the file is neither a template nor a request that the rules check.
    """
    try:
        found = check_template(source.content) if is_template(source.content) else check(*_recognized(source.content))
    except RecursionError:
        raise UnreadableError("conditions and references must have fewer levels") from None
    located = [replace(finding, file=source.name, line=source.line(finding.path)) for finding in found]
    return [*_repeated_keys(source), *located]


def _repeated_keys(source: Source) -> Iterator[Finding]:
    """The findings in the keys of a request, or of a template that is about EMR."""
    repeated = source.document.repeated
    if not repeated or (is_template(source.content) and not any(mark in source.text for mark in _MARKS)):
        return
    for found in repeated:
        resource = found.path.split(".")[1] if found.path.startswith("Resources.") else ""
        for finding in check(KEY, {"Key": found.key, "Lines": list(found.lines)}):
            yield replace(finding, path=found.path, resource=resource, file=source.name, line=found.lines[-1])


def _recognized(content: Any) -> tuple[str, Any]:
    """The API shape of a request, and the request."""
    match content:
        case Mapping() if content.keys() & {"Instances", "ReleaseLabel", "JobFlowRole"}:
            return "RunJobFlowInput", content
        case Mapping() if any(str(key).endswith("Configuration") for key in content):
            return DOCUMENT, content
        case [Mapping() as first, *_] if "Classification" in first:
            return "ConfigurationList", content
        case [Mapping() as first, *_] if first.keys() & {"InstanceGroupType", "InstanceRole"}:
            return "JobFlowInstancesConfig", {"InstanceGroups": [_renamed(item) for item in content]}
        case [Mapping() as first, *_] if "InstanceFleetType" in first:
            return "JobFlowInstancesConfig", {"InstanceFleets": content}
        case [Mapping() as first, *_] if "HadoopJarStep" in first:
            return "StepConfigList", content
    raise UnreadableError(
        "the content must be a CloudFormation template, a security configuration or a request to the EMR API"
    )


def _renamed(group: Any) -> Any:
    return {_CLI_GROUP.get(key, key): item for key, item in group.items()} if isinstance(group, Mapping) else group
