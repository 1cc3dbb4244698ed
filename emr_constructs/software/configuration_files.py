"""Configuration files in the format of the EMR API, for ``Configuration.from_file``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._core.errors import EmrError

__all__ = ["load"]

_FORM = "give a list of objects with Classification, Properties and Configurations"


def load(path: str) -> list[dict[str, Any]]:
    """Read the configurations in the file ``path``.

    :raises EmrError: the file can't be read, or doesn't have the format of the EMR API.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise EmrError(
            f"the file {path!r} cannot be read ({error.strerror}); give a path relative to {str(Path.cwd())!r}, where "
            "the app runs, or an absolute one"
        ) from None
    match Path(path).suffix.lower():
        case ".json":
            content = _json(path, text)
        case ".yaml" | ".yml":
            content = _yaml(path, text)
        case suffix:
            raise EmrError(f"the file {path!r} ends with {suffix!r}; give a .json, .yaml or .yml file")
    problems = list(_malformed(content, path))
    if problems:
        raise EmrError(problems)
    loaded: list[dict[str, Any]] = content
    return loaded


def _json(path: str, text: str) -> Any:
    # As they are written: 1.10 is the version of something, and not 1.1.
    try:
        return json.loads(text, object_pairs_hook=_without_repetition, parse_float=str, parse_int=str)
    except ValueError as error:
        raise EmrError(f"{path} is not JSON: {error}; correct it") from None


def _yaml(path: str, text: str) -> Any:
    import yaml

    # The base loader takes every value as it is written: 012345678901 stays an account, and no stays a word.
    class Loader(yaml.BaseLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
            return _without_repetition(
                [
                    (self.construct_object(key, deep=deep), self.construct_object(value, deep=deep))
                    for key, value in node.value
                ]
            )

    try:
        return yaml.load(text, Loader)  # noqa: S506  (the base loader makes nothing but text, lists and mappings)
    except (ValueError, yaml.YAMLError) as error:
        raise EmrError(f"{path} is not YAML: {' '.join(str(error).split())}; correct it") from None


def _without_repetition(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} appears twice")
        found[key] = value
    return found


def _malformed(content: object, path: str) -> Iterator[str]:
    """Return the format errors of ``content`` at ``path``."""
    if not isinstance(content, list) or not content:
        yield f"{path} is {_shown(content)}; {_FORM}"
        return
    for number, item in enumerate(content):
        where = f"{path}[{number}]"
        if not isinstance(item, Mapping):
            yield f"{where} is {_shown(item)}; {_FORM}"
            continue
        for key in item:
            if key not in ("Classification", "Properties", "Configurations"):
                yield f"{where} has the key {key!r}; use Classification, Properties and Configurations"
        if not isinstance(item.get("Classification"), str):
            yield f"{where} has no Classification; give a name such as spark-defaults"
        if not isinstance(item.get("Properties", {}), Mapping):
            yield f"{where}.Properties is {_shown(item['Properties'])}; give an object of keys and values"
        if item.get("Configurations", []) != []:
            yield from _malformed(item["Configurations"], f"{where}.Configurations")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
