"""Prints the locations of scripts, and bootstrap actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .code import Call, Code, Entries, Items, Joined, Literal, Name, joined
from .context import Context, Members
from .rendering import problem_of

__all__ = ["bootstrap_action", "script", "start_of", "starts_with", "without_prefix"]

_SCHEMES: Final = ("s3://", "s3a://", "s3n://", "hdfs://", "file:", "local:")


def start_of(code: Code) -> str | None:
    """Return the literal text at the start of ``code``; None if there is none."""
    match code:
        case Literal(str() as text) | Joined((str() as text, *_)):
            return text
    return None


def starts_with(code: Code, prefix: str) -> bool:
    """Return whether the text of ``code`` starts with ``prefix``."""
    return (start_of(code) or "").startswith(prefix)


def without_prefix(code: Code, prefix: str) -> Code:
    """Return the text of ``code`` after ``prefix``, with which it starts."""
    match code:
        case Literal(str() as text):
            return Literal(text.removeprefix(prefix))
        case Joined((str() as text, *rest)):
            return joined([text.removeprefix(prefix), *rest])
    return code


def script(uri: Code) -> Code | None:
    """Return ``emr.Script`` for a URI or a path on the nodes. None for other text."""
    start = uri.example if isinstance(uri, Name) else start_of(uri)
    if start is None or start.startswith(_SCHEMES):
        return Call("emr.Script.from_uri", (uri,))
    return Call("emr.Script.on_node", (uri,)) if start.startswith("/") else None


def bootstrap_action(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.BootstrapAction`` for ``BootstrapActionConfig`` of the EMR API."""
    members = Members(raw, context)
    name = members.take("Name")
    action = Members(members.structure("ScriptBootstrapAction"), context)
    path = action.take("Path")
    if name is None or path is None:
        return context.remark("a bootstrap action requires a name and a path", raw)
    uri, title, args = context.value(path), context.value(name), context.value(action.take("Args") or [])
    found = script(uri)
    if found is None:
        return context.remark("the path of a bootstrap action must be a URI or an absolute path", raw)
    given = {} if args == Items([]) else {"args": args}
    code = Call("emr.BootstrapAction", (title,), {"script": found, **given})
    started = Entries({"Path": uri, **({"Args": args} if given else {})})
    problem = problem_of(code, Entries({"Name": title, "ScriptBootstrapAction": started}))
    if problem:
        return context.remark(f"a bootstrap action that the library can't express ({problem})", raw)
    return Call(code.function, code.args, {**code.options, **action.rest("ScriptBootstrapAction."), **members.rest()})
