"""Prints ``Configurations`` of the EMR API: factories if they say the same, else ``emr.Configuration``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .code import Call, Code, Entries, Items
from .context import Context, Members, is_intrinsic
from .presets import presets
from .settings import setting

__all__ = ["configurations"]


def configurations(raw: Any, context: Context) -> Code:
    """Return the list of the configurations of a cluster, a group or an instance type."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return context.remark("Configurations", raw)
    found: list[Code] = []
    rest: list[Any] = []
    known: dict[tuple[str, ...], Any] = {}
    for item in raw:
        settings = dict(_settings(item))
        if any(known.setdefault(path, value) != value for path, value in settings.items()):
            found.append(context.remark("another value of the same property", item))
        else:
            rest.append(item)
    while rest:
        chosen = presets(rest)
        if chosen is None:
            found.append(context.one("Configurations", rest.pop(0), _configuration))
        else:
            code, count = chosen
            found.append(code)
            del rest[:count]
    return Items(found)


def _settings(raw: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Return the properties of a configuration and of those inside it, by their classifications and keys."""
    match raw:
        case {"Classification": str(name), **members}:
            properties, nested = members.get("Properties"), members.get("Configurations")
            if isinstance(properties, Mapping):
                yield from (((*path, name, str(key)), value) for key, value in properties.items())
            for inner in nested if isinstance(nested, list) else ():
                yield from _settings(inner, (*path, name))


def _configuration(raw: Mapping[str, Any], context: Context) -> Code:
    members = Members(raw, context)
    classification, properties, nested = (
        members.take(name) for name in ("Classification", "Properties", "Configurations")
    )
    if classification is None or not (properties or nested):
        return context.remark("a configuration requires a classification and properties", raw)
    variables = _variables(nested)
    if str(classification).endswith("-env") and variables is not None and properties is None:
        args = [context.value(classification), _properties(variables, context)]
        return Call("emr.Configuration.environment", args, members.rest())
    args = [context.value(classification)]
    options: dict[str, Code] = {}
    if properties is not None:
        if not isinstance(properties, Mapping) or is_intrinsic(properties):
            return context.remark("the properties of a configuration", raw)
        args.append(_properties(properties, context))
    if nested is not None:
        options["configurations"] = configurations(nested, context)
    return Call("emr.Configuration", args, {**options, **members.rest()})


def _variables(nested: Any) -> Mapping[str, Any] | None:
    """Return the environment variables of nested configurations that only export them."""
    match nested:
        case [{"Classification": "export", "Properties": Mapping() as variables, **rest}]:
            is_plain = not is_intrinsic(variables) and variables and not rest
            return variables if is_plain else None
    return None


def _properties(properties: Mapping[str, Any], context: Context) -> Entries:
    return Entries({str(key): setting(context.value(value)) for key, value in properties.items()})
