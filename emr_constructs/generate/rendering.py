"""Evaluates the code of values with the library, to prove that it renders what it was printed from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final, NamedTuple

from .._core.errors import EmrError
from .code import Call, Code, Commented, Entries, Items, Joined, Literal, Name, Remark
from .durations import SECONDS
from .layout import layout

__all__ = ["evaluated", "problem_of", "renders"]

_LIBRARY: Final = "emr."
_LISTS: Final = {"Args", "args", "arguments", "command"}
_DURATION: Final = "cdk.Duration."


def renders(code: Code, expected: Code) -> bool:
    """Return whether the value of ``code`` renders ``expected``."""
    return problem_of(code, expected) == ""


def problem_of(code: Code, expected: Code) -> str:
    """Return why the value of ``code`` doesn't render ``expected``; empty if it does."""
    try:
        rendered = evaluated(code)._render()
    except EmrError as error:
        return "; ".join(error.problems)
    except (TypeError, AttributeError) as error:
        return str(error)
    return "" if rendered == evaluated(expected) else "it would be rendered differently"


def evaluated(code: Code) -> Any:
    """Return the value of ``code``. What isn't from this library is a token."""
    match code:
        case Literal(value):
            return value
        case Joined(parts):
            return "".join(part if isinstance(part, str) else str(evaluated(part)) for part in parts)
        case Items(items):
            return [evaluated(item) for item in items if not isinstance(item, Remark)]
        case Entries(entries):
            return _named(entries)
        case Commented():
            return evaluated(code.code)
        case Name(text) if text.startswith(_LIBRARY):
            return _public(text)
        case Call(str() as function) if function.startswith(_LIBRARY):
            args = [evaluated(item) for item in code.args if not isinstance(item, Remark)]
            return _public(function)(*args, **_named(code.options))
        case Call(str() as function, [Literal(int() as amount)]) if function.startswith(_DURATION):
            return _Duration(amount, SECONDS[function.removeprefix(_DURATION)])
    # Equal code is the same token.
    return f"${{Token[Reference.{abs(hash(layout(code)))}]}}"


class _Duration(NamedTuple):
    """What the library reads of a ``cdk.Duration``."""

    amount: int
    unit: int

    def to_milliseconds(self) -> int:
        return self.amount * self.unit * 1000

    def is_unresolved(self) -> bool:
        return False


def _named(elements: Mapping[str, Code]) -> dict[str, Any]:
    """Return the values of options or entries. A reference in the place of a list is a list token."""
    found = {name: evaluated(item) for name, item in elements.items() if not isinstance(item, Remark)}
    for name in _LISTS & found.keys():
        if isinstance(found[name], str) and not isinstance(elements[name], Literal):
            found[name] = [f"#{found[name][1:]}"]
    return found


def _public(name: str) -> Any:
    import emr_constructs

    return reduce(getattr, name.removeprefix(_LIBRARY).split("."), emr_constructs)
