"""What a cloud assembly contains about a template: construct paths of resources, and tags of the stack.

https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .intrinsics import items, mapping, mappings, section

__all__ = ["construct_paths", "stack_tags"]


def construct_paths(template: Path) -> dict[str, str]:
    """Return the construct path of each resource of a template in a cloud assembly, by logical ID.

    The manifest next to the template has them. Nothing if it can't be read.
    """
    found: dict[str, str] = {}
    for stack, metadata in _stacks(template.parent):
        files = dict(_entries(metadata, "aws:cdk:templateFile"))
        for path, logical_id in _entries(metadata, "aws:cdk:logicalId"):
            owners = [path[:at] for at, letter in enumerate(path) if letter == "/"]
            file = next((files[owner] for owner in reversed(owners) if owner in files), stack)
            if file == template.name:
                found[logical_id] = path.removeprefix("/")
    return found


def stack_tags(template: Path) -> dict[str, str]:
    """Return the tags of the stack of a template in a cloud assembly, which CloudFormation adds to its resources.

    A nested stack has those of its parent. Nothing if the manifest can't be read.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    """
    for artifact in section(_content(template.parent / "manifest.json"), "artifacts").values():
        properties = section(artifact, "properties")
        tags, file = section(properties, "tags"), properties.get("templateFile")
        if tags and isinstance(file, str) and template.name in (file, *_nested(template.parent, Path(file).name)):
            return {name: value for name, value in tags.items() if isinstance(value, str)}
    return {}


def _nested(folder: Path, file: str) -> Iterator[str]:
    """The templates of nested stacks among the assets of a stack."""
    assets = _content(folder / file.replace(".template.json", ".assets.json"))
    for asset in section(assets, "files").values():
        yield str(section(asset, "source").get("path"))


def _stacks(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The template file of each stack in ``folder``, with the metadata of the constructs in it."""
    for artifact in section(_content(folder / "manifest.json"), "artifacts").values():
        if isinstance(artifact, Mapping) and artifact.get("type") == "aws:cloudformation:stack":
            metadata = artifact.get("metadata")
            name = artifact.get("additionalMetadataFile")
            if metadata is None and isinstance(name, str):
                # Only a file of the assembly.
                metadata = _content(folder / Path(name).name)
            yield str(section(artifact, "properties").get("templateFile")), mapping(metadata)


def _entries(metadata: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for path, entries in metadata.items():
        for entry in mappings(items(entries)):
            if entry.get("type") == kind and isinstance(entry.get("data"), str):
                yield path, entry["data"]


def _content(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
