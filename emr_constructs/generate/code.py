"""Python expressions as a small tree, and their layout as ``ruff format`` writes them.

``layout(Call("emr.InstanceGroup", (Literal("m7g.xlarge"),), {"instance_count": Literal(2)}))`` is
``emr.InstanceGroup("m7g.xlarge", instance_count=2)``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .quotes import quoted, quoted_text, width

__all__ = [
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
    "assignment",
    "imports",
    "joined",
    "layout",
    "modules",
    "todo_text",
]

LINE_LENGTH: Final = 88
_INDENT: Final = 4

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


@dataclass(frozen=True)
class Literal:
    """A string, a number, a boolean or None."""

    value: str | float | bool | None


@dataclass(frozen=True)
class Joined:
    """A text that consists of strings and expressions: an f-string. Created with :func:`joined`."""

    parts: tuple[str | Code, ...]


@dataclass(frozen=True)
class Attribute:
    """An attribute of an expression, such as ``template.get_resource("Vpc").ref``."""

    owner: Code
    name: str


@dataclass(frozen=True)
class Call:
    """A call with positional and keyword arguments. An argument that is a :class:`Remark` is only a comment."""

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
    """Return a text of ``parts``: a string if all of them are text, and the expression if it is the only part."""
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
    """Return the comment for what can't be expressed, with the original as JSON."""
    value = json.dumps(original, default=str, ensure_ascii=False)
    line = f"TODO: {what}: {value}"
    return line if len(line) <= LINE_LENGTH else f"TODO: {what}:\n{json.dumps(original, default=str, indent=2)}"


def layout(code: Code, indent: int = 0, room_used: int = 0) -> str:
    """Return the source text of an expression.

    :param indent: the indentation of the line on which the expression begins.
    :param room_used: the number of other characters on that line, without the indentation.
    """
    return _lay(code, indent, indent + room_used)


def assignment(target: str, code: Code, indent: int = 0) -> str:
    """Return the statement ``target = code`` without indentation of its first line."""
    start = f"{target} = "
    flat = _flat(code)
    if flat is not None and not _can_break(code):
        inner = indent + _INDENT
        if indent + width(start + flat) > LINE_LENGTH >= inner + width(flat):
            return f"{start}(\n{' ' * inner}{flat}\n{' ' * indent})"
    return start + layout(code, indent, len(start))


def _can_break(code: Code) -> bool:
    match code:
        case Attribute():
            return _can_break(code.owner)
        case Call() if not _elements(code):
            return not isinstance(code.function, str) and _can_break(code.function)
    return isinstance(code, Call | Items | Entries)


def modules(*codes: Code) -> set[str]:
    """Return the aliases of the modules that expressions use, which are keys of :data:`MODULES`."""
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
            for _, item in _elements(code):
                yield from _names(item)
        case Items() | Entries():
            for _, item in _elements(code):
                yield from _names(item)
        case Commented():
            yield from _names(code.code)


def _elements(code: Call | Items | Entries) -> list[tuple[str, Code]]:
    """Return the elements with the text before each of them."""
    match code:
        case Call():
            return [*(("", item) for item in code.args), *((f"{name}=", item) for name, item in code.options.items())]
        case Items():
            return [("", item) for item in code.items]
        case _:
            return [(f"{quoted(key)}: ", item) for key, item in code.entries.items()]


def _flat(code: Code, quote: str = '"') -> str | None:
    """Return the expression on one line; None if a comment prevents it.

    :param quote: the quotation mark of strings; a single one inside an f-string.
    """
    match code:
        case Name(text):
            return text
        case Literal(value):
            return _literal(value, quote)
        case Joined():
            return _f_string(code, quote)
        case Attribute():
            owner = _flat(code.owner, quote)
            return None if owner is None else f"{owner}.{code.name}"
        case Call() | Items() | Entries():
            texts = [(before, _flat(item, quote)) for before, item in _elements(code)]
            if any(text is None for _, text in texts):
                return None
            elements = [f"{before}{text}" for before, text in texts]
            opening = _opening(code)
            if isinstance(code, Call) and not isinstance(code.function, str):
                head = _flat(code.function, quote)
                if head is None:
                    return None
                opening = f"{head}("
            return f"{opening}{', '.join(elements)}{_closing(code)}"
    return None


def _literal(value: object, quote: str) -> str:
    if isinstance(value, str):
        return quoted(value, quote)
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({quoted(str(value), quote)})"
    return repr(value).replace("e+", "e")


def _f_string(code: Joined, quote: str) -> str | None:
    """Return an f-string; ``"".join([...])`` if its expressions can't be in one."""
    pieces: list[tuple[bool, str]] = []
    for part in code.parts:
        text = part if isinstance(part, str) else _flat(part, "'")
        if text is None:
            return None
        pieces.append((isinstance(part, str), text))
    expressions = "".join(text for is_text, text in pieces if not is_text)
    if quote == "'" or set(expressions) & set('"\\{}#'):
        return _flat(_join(code, quote), quote)
    texts = "".join(text for is_text, text in pieces if is_text)
    mark = "'" if "'" not in expressions and texts.count('"') > texts.count("'") else '"'
    inner = (
        quoted_text(text, mark).replace("{", "{{").replace("}", "}}") if is_text else f"{{{text}}}"
        for is_text, text in pieces
    )
    return f"f{mark}{''.join(inner)}{mark}"


def _join(code: Joined, quote: str = '"') -> Call:
    items = [Literal(part) if isinstance(part, str) else part for part in code.parts]
    return Call(f"{quote}{quote}.join", (Items(items),))


def _opening(code: Call | Items | Entries) -> str:
    match code:
        case Call():
            return f"{code.function}("
        case Items():
            return "["
        case _:
            return "{"


def _closing(code: Call | Items | Entries) -> str:
    return ")" if isinstance(code, Call) else "]" if isinstance(code, Items) else "}"


def _lay(code: Code, indent: int, column: int, after: int = 0) -> str:
    """Return the text of an expression that begins at ``column`` of a line with ``indent``.

    :param after: the characters that follow on its last line.
    """
    flat = _flat(code)
    if flat is not None and column + width(flat) + after <= LINE_LENGTH:
        return flat
    match code:
        case Attribute():
            return f"{_lay(code.owner, indent, column, after + len(code.name) + 1)}.{code.name}"
        case Call() | Items() | Entries() if elements := _elements(code):
            opening = _opening(code)
            if isinstance(code, Call) and not isinstance(code.function, str):
                opening = f"{_lay(code.function, indent, column, 1)}("
            body = _body(code, elements, indent + _INDENT)
            return f"{opening}\n{body}\n{' ' * indent}{_closing(code)}"
        case Call() if not isinstance(code.function, str):
            return f"{_lay(code.function, indent, column, after + 2)}()"
        case Joined() if flat is None:
            return _lay(_join(code), indent, column, after)
        case Commented():
            return _lay(code.code, indent, column, after)
    return flat or ""


def _body(code: Call | Items | Entries, elements: Sequence[tuple[str, Code]], indent: int) -> str:
    """Return the lines between the brackets: arguments on one line if they fit, else one element on each line."""
    margin = " " * indent
    if isinstance(code, Call):
        texts = [None if (text := _flat(item)) is None else before + text for before, item in elements]
        line = ", ".join(text for text in texts if text is not None)
        if None not in texts and indent + width(line) <= LINE_LENGTH:
            return margin + line
    lines = []
    for before, item in elements:
        if isinstance(item, Commented | Remark):
            lines += [f"{margin}# {line}".rstrip() for line in item.comment.splitlines()]
        if not isinstance(item, Remark):
            lines.append(f"{margin}{before}{_lay(item, indent, indent + width(before), 1)},")
    return "\n".join(lines)
