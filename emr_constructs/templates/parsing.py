"""Parses templates and requests: JSON and YAML with short intrinsic functions, and the lines of properties."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

import yaml

__all__ = ["UnreadableError", "line_of", "parse"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE: Final = "tag:yaml.org,2002:"


class UnreadableError(ValueError):
    """Raised for a text that is neither JSON nor YAML, or a content that can't be checked."""


def parse(text: str) -> Any:
    """Parse a JSON or YAML text; a short intrinsic function such as ``!Ref`` becomes its long form.

    :raises UnreadableError: the text is neither JSON nor YAML, or nested too deeply.
    """
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            pass  # YAML in flow style begins like JSON.
        except (RecursionError, ValueError) as error:
            raise UnreadableError(_described(error)) from None
    try:
        node = _compose(text)
        return None if node is None else _Builder().build(node)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnreadableError(_described(error)) from None


def line_of(text: str, path: str) -> int | None:
    """Return the line, from 1, of the property at ``path``, such as ``Resources.Cluster.Properties.Name``.

    If there is no such property, the line of its closest parent. None if ``text`` can't be parsed.
    """
    try:
        node = _compose(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if node is None:
        return None
    line: int = node.start_mark.line + 1
    while path and (found := _child(node, path)) is not None:
        # A property is where its name is; an item is where it begins.
        key, node, path = found
        line = key.start_mark.line + 1
    return line


def _child(node: Any, path: str) -> tuple[Any, Any, str] | None:
    """What the first name or index of ``path`` leads to: where it begins, its value, and the rest of the path."""
    if isinstance(node, yaml.SequenceNode):
        match = re.match(r"\[(\d+)\]\.?", path)
        if match and int(match[1]) < len(node.value):
            item = node.value[int(match[1])]
            return item, item, path[match.end() :]
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = getattr(key, "value", None)
            # Names may hold dots, as those of Spark's settings do.
            if isinstance(name, str) and name and re.match(rf"{re.escape(name)}(?=[.\[]|$)", path):
                return key, value, path[len(name) :].removeprefix(".")
    return None


def _compose(text: str) -> Any:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _Builder:
    """Python values for the nodes of a YAML document."""

    def __init__(self) -> None:
        self._constructor = yaml.constructor.SafeConstructor()
        self._known: dict[int, Any] = {}

    def build(self, node: Any) -> Any:
        # A node that has an alias is built once.
        if id(node) not in self._known:
            self._known[id(node)] = self._value(node)
        return self._known[id(node)]

    def _value(self, node: Any) -> Any:
        tag = node.tag
        if tag.startswith("!") and len(tag) > 1:
            return _long_form(tag[1:], self._untagged(node))
        return self._untagged(node)

    def _untagged(self, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            convert = _SCALARS.get(node.tag)
            return convert(self._constructor, node) if convert else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item) for item in node.value]
        if any(key.tag == f"{_CORE}merge" for key, _ in node.value):
            self._constructor.flatten_mapping(node)
        return {_key(key): self.build(value) for key, value in node.value}


_SCALARS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    f"{_CORE}null": lambda _constructor, _node: None,
    f"{_CORE}bool": lambda constructor, node: constructor.construct_yaml_bool(node),
    f"{_CORE}int": lambda constructor, node: constructor.construct_yaml_int(node),
    f"{_CORE}float": lambda constructor, node: constructor.construct_yaml_float(node),
}


def _key(node: Any) -> str:
    """A key as text, also if YAML gives it another type (``Off:``, ``2012-10-17:``)."""
    if not isinstance(node, yaml.ScalarNode):
        raise UnreadableError(f"line {node.start_mark.line + 1}: keys must be strings")
    return str(node.value)


def _long_form(name: str, value: Any) -> dict[str, Any]:
    if name in ("Ref", "Condition"):
        return {name: value}
    if name == "GetAtt" and isinstance(value, str):
        return {"Fn::GetAtt": value.split(".", 1)}
    return {f"Fn::{name}": value}


def _described(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "the content is nested too deeply"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    if mark is not None and problem:
        return f"line {mark.line + 1}: {problem}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
