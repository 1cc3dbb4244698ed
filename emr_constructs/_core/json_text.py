"""JSON text of values that contain CDK tokens.

``Stack.to_json_string`` adds a custom resource for a list token, whose items are only known at deployment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import aws_cdk as cdk

from .deployed import text_of
from .input_values import reject_numbers_in
from .patterns import regex
from .unknown import TOKEN, is_unknown

__all__ = ["json_text"]

_NESTED: Final = regex(r"\{(?=\{(?!resolve:))")


def json_text(value: Any) -> str:
    """Return ``value`` as JSON without white space, with tokens for what is only known at deployment.

    Parameter Store rejects values that contain two braces in a row, so these are escaped in text.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html

    :raises EmrError: text contains a list token or the number of an input.
    """
    match value:
        case str():
            return f'"{_escaped(value)}"'
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return cdk.Tokenization.stringify_number(value) if is_unknown(value) else json.dumps(_whole(value))
        case Mapping():
            members = (f'"{_escaped(str(name))}":{json_text(item)}' for name, item in value.items())
            return f"{{{','.join(members)}}}"
        case list() if is_unknown(value):
            return f'["{cdk.Fn.join(_BETWEEN, value)}"]'
        case list() | tuple():
            return f"[{','.join(map(json_text, value))}]"
        case _:
            return f'"{cdk.Token.as_string(value)}"'


_BETWEEN: Final = '","'


def _whole(number: float) -> float:
    # jsii returns integers as floats.
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _escaped(text: str) -> str:
    reject_numbers_in(text)
    written = text_of(text)
    literals, tokens = TOKEN.split(written), TOKEN.findall(written)
    quoted = [_NESTED.sub(r"\\u007b", json.dumps(literal)[1:-1]) for literal in literals]
    return "".join(part for pair in zip(quoted, [*tokens, ""], strict=True) for part in pair)
