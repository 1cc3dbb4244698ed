"""The layout of Python expressions, as ``ruff format`` writes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from .code import (
    LINE_LENGTH,
    Attribute,
    Call,
    Code,
    Commented,
    Entries,
    Items,
    Joined,
    Literal,
    Name,
    Remark,
    elements_of,
)
from .quotes import quoted, quoted_text, width

__all__ = ["assignment", "layout"]

_INDENT: Final = 4


def layout(code: Code, indent: int = 0, room_used: int = 0) -> str:
    """Return the source text of an expression.

    :param indent: the indentation of the line on which the expression begins.
    :param room_used: the number of other characters on that line, without the indentation.
    """
    return _lay(code, indent, indent + room_used)


def assignment(target: str, code: Code, indent: int = 0) -> str:
    """Return the statement ``target = code`` without indentation of its first line.

    :param target: the variable; empty for a statement that only consists of ``code``.
    """
    if isinstance(code, Joined) and _needs_join(code):
        code = _join(code)
    start = f"{target} = " if target else ""
    flat = _flat(code)
    inner = indent + _INDENT
    is_too_long = flat is None or indent + width(start + flat) > LINE_LENGTH
    if is_too_long and _is_chain(code):
        return f"{start}(\n{' ' * inner}{_lay(code, inner, inner)}\n{' ' * indent})"
    if flat is not None and not _can_break(code) and is_too_long and inner + width(flat) <= LINE_LENGTH:
        return f"{start}(\n{' ' * inner}{flat}\n{' ' * indent})"
    return start + layout(code, indent, len(start))


def _can_break(code: Code) -> bool:
    match code:
        case Attribute():
            return _can_break(code.owner)
        case Call() if not elements_of(code):
            return not isinstance(code.function, str) and _can_break(code.function)
    return isinstance(code, Call | Items | Entries)


def _flat(code: Code, inside: str = "") -> str | None:
    """Return the expression on one line; None if a comment prevents it.

    :param inside: the quotation mark of strings in the expressions of an f-string; empty outside of f-strings.
    """
    match code:
        case Name(text):
            return text
        case Literal(value):
            return _literal(value, inside or '"')
        case Joined():
            return _flat(_join(code), inside) if inside or _needs_join(code) else _f_string(code)
        case Attribute():
            owner = _flat(code.owner, inside)
            return None if owner is None else f"{owner}.{code.name}"
        case Call() | Items() | Entries():
            texts = [(before, _flat(item, inside)) for before, item in elements_of(code)]
            if any(text is None for _, text in texts):
                return None
            elements = [f"{before}{text}" for before, text in texts]
            opening = _opening(code)
            if isinstance(code, Call) and not isinstance(code.function, str):
                head = _flat(code.function, inside)
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


def _f_string(code: Joined) -> str:
    mark, other = _marks(code)
    inner = (
        quoted_text(part, mark).replace("{", "{{").replace("}", "}}")
        if isinstance(part, str)
        else f"{{{_flat(part, other)}}}"
        for part in code.parts
    )
    return f"f{mark}{''.join(inner)}{mark}"


def _marks(code: Joined) -> tuple[str, str]:
    """Return the quotation mark of an f-string, and the one of the strings in its expressions."""
    texts = "".join(part for part in code.parts if isinstance(part, str))
    return ("'", '"') if texts.count('"') > texts.count("'") else ('"', "'")


def _needs_join(code: Joined) -> bool:
    """Return whether an expression of a string can't be in an f-string of all versions of Python."""
    mark, other = _marks(code)
    expressions = [_flat(part, other) for part in code.parts if not isinstance(part, str)]
    return any(text is None or set(text) & {mark, *"\\{}#"} for text in expressions)


def _join(code: Joined) -> Call:
    items = [Literal(part) if isinstance(part, str) else part for part in code.parts]
    return Call('"".join', (Items(items),))


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
    if _is_chain(code):
        return _lay_chain(code, indent, column, after)
    match code:
        case Attribute():
            return f"{_lay(code.owner, indent, column, after + len(code.name) + 1)}.{code.name}"
        case Call() | Items() | Entries() if elements := elements_of(code):
            opening = _opening(code)
            if isinstance(code, Call) and not isinstance(code.function, str):
                opening = f"{_lay(code.function, indent, column, 1)}("
                rest = _flat(Call("", code.args, code.options))
                used = width(opening.rpartition("\n")[2]) + (0 if "\n" in opening else column)
                if rest is not None and used + width(rest) - 1 + after <= LINE_LENGTH:
                    return f"{opening}{rest[1:]}"
            body = _body(code, elements, indent + _INDENT)
            return f"{opening}\n{body}\n{' ' * indent}{_closing(code)}"
        case Call() if not isinstance(code.function, str):
            return f"{_lay(code.function, indent, column, after + 2)}()"
        case Joined() if _needs_join(code):
            return _lay(_join(code), indent, column, after)
        case Literal(float() as value) if not math.isfinite(value):
            return _lay(Call("float", (Literal(str(value)),)), indent, column, after)
        case Commented():
            return _lay(code.code, indent, column, after)
    return flat or ""


def _is_chain(code: Code) -> bool:
    """Return whether an expression has two or more attributes of calls, which are on lines of their own."""
    _, links = _links(code)
    return len(links) > 1


def _links(code: Code) -> tuple[Code, list[Call | Name]]:
    """Return the first call of an expression, and what follows each call: an attribute, with a call or without."""
    first, links = code, list[Call | Name]()
    name, call = "", None
    while True:
        if isinstance(code, Attribute):
            name, code = f".{code.name}{name}", code.owner
            if isinstance(code, Call):
                links.insert(0, Name(name) if call is None else Call(name, call.args, call.options))
                first, name, call = code, "", None
        elif isinstance(code, Call) and isinstance(code.function, Attribute):
            call, code = code, code.function
        else:
            return first, links


def _lay_chain(code: Code, indent: int, column: int, after: int) -> str:
    first, links = _links(code)
    lines = [_lay(first, indent, column)]
    lines += [_lay(link, indent, indent, after if link is links[-1] else 0) for link in links]
    return f"\n{' ' * indent}".join(lines)


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
            text = _lay(item, indent, indent + width(before), 1)
            # A chain of calls in brackets of its own has no comma.
            comma = "" if len(elements) == 1 and "\n" in text and _is_chain(item) else ","
            lines.append(f"{margin}{before}{text}{comma}")
    return "\n".join(lines)
