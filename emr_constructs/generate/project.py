"""The files of a CDK app with one stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .code import LINE_LENGTH, Call, Literal, Name
from .identifiers import snake_case
from .layout import assignment, layout
from .stack import INCLUDED_FILE

if TYPE_CHECKING:
    from .stack import Stack

__all__ = ["files_of"]

_REQUIREMENTS: Final = ("aws-cdk-lib>=2.224.0,<3", "constructs>=10.4.0,<11")
_REQUIRED: Final = '''

def required(name: str) -> str:
    """Return the value of a parameter, which has no default."""
    value = app.node.try_get_context(name)
    if value is None:
        raise SystemExit(f"specify {name} in cdk.json, or with cdk synth -c {name}=...")
    return str(value)


'''


def files_of(stack: Stack, name: str) -> dict[str, str]:
    """Return the files of an app by their names.

    :param name: the name of the stack.
    """
    module = f"{snake_case(name)}_stack"
    files = {
        "app.py": _app(stack, module, name),
        f"{module}.py": stack.module.text(),
        "cdk.json": _json({"app": "python3 app.py", "context": {}}),
        "requirements.txt": "\n".join([*_REQUIREMENTS, _library(), ""]),
    }
    if stack.included is not None:
        files[INCLUDED_FILE] = _json(stack.included)
    return files


def _library() -> str:
    from importlib import metadata

    try:
        return f"emr-constructs>={metadata.version('emr-constructs')}"
    except metadata.PackageNotFoundError:
        return "emr-constructs"


def _app(stack: Stack, module: str, name: str) -> str:
    required = {}
    for argument, parameter in stack.required:
        value = f'required("{parameter}")'
        found = next(item for item in stack.module.arguments if item.name == argument)
        conversion = {"int": f"int({value})", "float": f"float({value})", "Sequence[str]": f'{value}.split(",")'}
        required[argument] = Name(conversion.get(found.annotation, value))
    call = Call(stack.module.class_name, (Name("app"), Literal(name)), required)
    helper = _REQUIRED if required else ""
    lines = [
        f'"""{stack.module.description.replace("The stack of", "The app of")}"""',
        "",
        "import aws_cdk as cdk",
        "",
        _import(module, stack.module.class_name),
        "",
        f"{assignment('app', Call('cdk.App'))}",
        f"{helper}{layout(call)}",
        "app.synth()",
        "",
    ]
    return "\n".join(lines)


def _import(module: str, name: str) -> str:
    line = f"from {module} import {name}"
    return line if len(line) <= LINE_LENGTH else f"from {module} import (\n    {name},\n)"


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
