"""Configuration files in the format of the EMR API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._core.errors import EmrError

__all__ = ["load"]

_FORM = "use a list of objects with Classification, Properties and Configurations"


def load(path: str) -> list[dict[str, Any]]:
    """Read the configurations in the file ``path``.

    :raises EmrError: the file can't be read, or doesn't have the format of the EMR API.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise EmrError(
            f"path must be a readable file, got {path!r} ({reason}); use a path relative to "
            f"{str(Path.cwd())!r}, where the app runs, or an absolute path"
        ) from None
    match Path(path).suffix.lower():
        case ".json":
            content = _json(path, text)
        case ".yaml" | ".yml":
            content = _yaml(path, text)
        case _:
            raise EmrError(f"path must end with .json, .yaml or .yml, got {path!r}; use a JSON or YAML file")
    problems = list(_malformed(content, path))
    if problems:
        raise EmrError(problems)
    loaded: list[dict[str, Any]] = content
    return loaded


def _json(path: str, text: str) -> Any:
    # Numbers are kept as text, because 1.10 can be a version.
    try:
        return json.loads(text, object_pairs_hook=_without_repetition, parse_float=str, parse_int=str)
    except ValueError as error:
        raise EmrError(f"{path} must be JSON: {error}; correct the file") from None


def _yaml(path: str, text: str) -> Any:
    import yaml

    # The base loader keeps every value as text: 012345678901 can be an account, and no a word.
    class Loader(yaml.BaseLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
            return _without_repetition(
                [
                    (self.construct_object(key, deep=deep), self.construct_object(value, deep=deep))
                    for key, value in node.value
                ]
            )

    try:
        return yaml.load(text, Loader)  # noqa: S506  (the base loader creates only text, lists and mappings)
    except (ValueError, yaml.YAMLError) as error:
        raise EmrError(f"{path} must be YAML: {' '.join(str(error).split())}; correct the file") from None


def _without_repetition(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"keys must be unique, got {key!r} twice")
        found[key] = value
    return found


def _malformed(content: object, path: str) -> Iterator[str]:
    """Return the format errors of ``content`` at ``path``."""
    if not isinstance(content, list) or not content:
        yield f"{path} must be a list, got {_shown(content)}; {_FORM}"
        return
    for number, item in enumerate(content):
        where = f"{path}[{number}]"
        if not isinstance(item, Mapping):
            yield f"{where} must be an object, got {_shown(item)}; {_FORM}"
            continue
        for key in item:
            if key not in ("Classification", "Properties", "Configurations"):
                yield f"{where} must not have the key {key!r}; use Classification, Properties and Configurations"
        if not isinstance(item.get("Classification"), str):
            yield f"{where} must have a Classification, got none; specify a name such as spark-defaults"
        if not isinstance(item.get("Properties", {}), Mapping):
            yield f"{where}.Properties must be an object, got {_shown(item['Properties'])}; use keys and values"
        if item.get("Configurations", []) != []:
            yield from _malformed(item["Configurations"], f"{where}.Configurations")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
