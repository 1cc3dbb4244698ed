"""Python expressions as a small tree.

``Call("emr.InstanceGroup", (Literal("m7g.xlarge"),), {"instance_count": Literal(2)})`` is
``emr.InstanceGroup("m7g.xlarge", instance_count=2)``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ..templates.display import described
from .quotes import quoted

__all__ = [
    "LINE_LENGTH",
    "MODULES",
    "Attribute",
    "Call",
    "Code",
    "Commented",
    "Entries",
    "Items",
    "Joined",
    "Literal",
    "Name",
    "Remark",
    "elements_of",
    "imports",
    "joined",
    "modules",
    "todo_text",
]

LINE_LENGTH: Final = 88

MODULES: Final = {
    "cdk": "import aws_cdk as cdk",
    "emr": "import emr_constructs as emr",
    "include": "from aws_cdk import cloudformation_include as include",
    **{
        name: f"from aws_cdk import aws_{module} as {name}"
        for name, module in {
            "cfn_emr": "emr",
            "ec2": "ec2",
            "iam": "iam",
            "kms": "kms",
            "logs": "logs",
            "s3": "s3",
            "secretsmanager": "secretsmanager",
            "sns": "sns",
            "ssm": "ssm",
        }.items()
    },
}
"""The import statement of each module alias that generated code uses."""


@dataclass(frozen=True)
class Name:
    """A name, or another expression that is written as it is, such as ``emr.ReleaseLabel.EMR_7_14_0``."""

    text: str
    example: str | None = field(default=None, compare=False)
    """A value that the name usually has, such as the default of an argument."""


@dataclass(frozen=True)
class Literal:
    """A string, a number, a boolean or None."""

    value: str | float | bool | None


@dataclass(frozen=True)
class Joined:
    """A string that consists of literals and expressions: an f-string.  Created with ``joined``."""

    parts: tuple[str | Code, ...]


@dataclass(frozen=True)
class Attribute:
    """An attribute of an expression, such as ``template.get_resource("Vpc").ref``."""

    owner: Code
    name: str


@dataclass(frozen=True)
class Call:
    """A call with positional and keyword arguments. An argument that is a ``Remark`` is only a comment."""

    function: str | Code
    args: Sequence[Code] = ()
    options: Mapping[str, Code] = field(default_factory=dict)


@dataclass(frozen=True)
class Items:
    """A list."""

    items: Sequence[Code] = ()


@dataclass(frozen=True)
class Entries:
    """A dictionary with strings as keys."""

    entries: Mapping[str, Code] = field(default_factory=dict)


@dataclass(frozen=True)
class Commented:
    """An element of a call, list or dictionary, with a comment on the lines before it."""

    code: Code
    comment: str


@dataclass(frozen=True)
class Remark:
    """A comment among the elements of a call, list or dictionary, without an element."""

    comment: str


Code: TypeAlias = "Name | Literal | Joined | Attribute | Call | Items | Entries | Commented | Remark"


def joined(parts: Sequence[str | Code]) -> Code:
    """Join ``parts``: a literal if all of them are text, the expression if it is the only part, else an f-string."""
    flat: list[str | Code] = []
    for part in parts:
        inner = part.parts if isinstance(part, Joined) else (part,)
        for piece in inner:
            text = piece.value if isinstance(piece, Literal) and isinstance(piece.value, str) else piece
            if isinstance(text, str) and flat and isinstance(flat[-1], str):
                flat[-1] += text
            elif text != "":
                flat.append(text)
    match flat:
        case []:
            return Literal("")
        case [str() as only]:
            return Literal(only)
        case [only] if not isinstance(only, str):
            return only
    return Joined(tuple(flat))


def todo_text(what: str, original: object) -> str:
    """Return the comment for what can't be expressed, with the original as JSON unless it is None."""
    if original is None:
        return f"TODO: {what}"
    original = described(original)
    value = json.dumps(original, default=str, ensure_ascii=False)
    line = f"TODO: {what}: {value}"
    return line if len(line) <= LINE_LENGTH else f"TODO: {what}:\n{json.dumps(original, default=str, indent=2)}"


def elements_of(code: Call | Items | Entries) -> list[tuple[str, Code]]:
    """Return the elements with the text before each of them."""
    match code:
        case Call():
            return [*(("", item) for item in code.args), *((f"{name}=", item) for name, item in code.options.items())]
        case Items():
            return [("", item) for item in code.items]
        case _:
            return [(f"{quoted(key)}: ", item) for key, item in code.entries.items()]


def modules(*codes: Code) -> set[str]:
    """Return the aliases of the modules that expressions use, which are keys of ``MODULES``."""
    return {alias for code in codes for name in _names(code) if (alias := name.partition(".")[0]) in MODULES}


def imports(aliases: set[str]) -> list[str]:
    """Return the import statements of module aliases, sorted as ruff sorts them."""
    lines = {MODULES[alias] for alias in aliases}
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def _names(code: Code) -> Iterator[str]:
    match code:
        case Name():
            yield code.text
        case Joined():
            for part in code.parts:
                if not isinstance(part, str):
                    yield from _names(part)
        case Attribute():
            yield from _names(code.owner)
        case Call():
            yield from [code.function] if isinstance(code.function, str) else _names(code.function)
            for _, item in elements_of(code):
                yield from _names(item)
        case Items() | Entries():
            for _, item in elements_of(code):
                yield from _names(item)
        case Commented():
            yield from _names(code.code)
