"""The text of the module of a stack, from its statements."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .code import LINE_LENGTH, Code, Commented, Items, Literal, Name, imports, modules
from .layout import assignment, layout
from .parameters import Argument, literal

__all__ = ["EACH", "Module", "Statement"]

EACH: Final = "dependency"
_INDENT: Final = 8
# Python rejects some of them, and none belongs in a comment.
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
_RESOURCE: Final = '''def _resource(construct: Construct) -> cdk.CfnResource:
    """Return the resource of a construct, for properties without an option."""
    resource = construct.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    return resource
'''
_LATER: Final = '''@jsii.implements(cdk.IStableStringProducer)
class _Later:
    """A value of a construct that is defined after the template that refers to it."""

    def __init__(self, value: Callable[[], str]) -> None:
        self._value = value

    def produce(self) -> str:
        return self._value()


def _later(value: Callable[[], str]) -> str:
    """Return a token for a value that is read when the app is synthesized."""
    return cdk.Lazy.string(_Later(value))
'''


@dataclass
class Statement:
    """A statement of the constructor of a stack."""

    code: Code
    target: str = ""
    """The variable that it is assigned to; empty if the value isn't used."""

    comments: Sequence[str] = ()
    repeated: Sequence[str] = ()
    """The strings for which it is repeated, as the variable ``EACH``."""


@dataclass
class Module:
    """The module of a stack."""

    class_name: str
    description: str
    arguments: Sequence[Argument] = ()
    constants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    statements: Sequence[Statement] = ()

    def text(self) -> str:
        """Return the text of the module, in the layout of ``ruff format``."""
        body = "\n".join(filter(None, (_statement(statement) for statement in self.statements)))
        parts = [self._imports(body)]
        for name, value in self.constants.items():
            start = f"{name}: Final[dict[str, dict[str, Any]]] = "
            parts.append(f"{start}{layout(literal(value), 0, len(start))}\n")
        found = "\n".join(parts)
        helpers = [text for name, text in (("_resource(", _RESOURCE), ("_later(", _LATER)) if name in body]
        text = "\n\n".join([found, *helpers, self._class(body)])
        # Half characters of a JSON text.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    def _imports(self, body: str) -> str:
        codes = [statement.code for statement in self.statements]
        aliases = modules(*codes) | {"cdk"}
        standard = []
        if "_later(" in body or any(argument.is_list for argument in self.arguments):
            names = [name for name, used in (("Callable", "_later(" in body), ("Sequence", self._has_lists)) if used]
            standard.append(f"from collections.abc import {', '.join(names)}")
        if "Path(__file__)" in body:
            standard.append("from pathlib import Path")
        standard.append(f"from typing import Any{', Final' if self.constants else ''}")
        lines = [line for line in imports(aliases) if not line.startswith("import emr_constructs")]
        third = [line for line in lines if line.startswith("import")]
        third += ["import emr_constructs as emr"] if "emr" in aliases else []
        third += ["import jsii"] if "_later(" in body else []
        third += [*[line for line in lines if line.startswith("from")], "from constructs import Construct"]
        head = f'"""{self.description}"""\n\nfrom __future__ import annotations\n'
        return "\n".join([head, *standard, "", *third, ""])

    @property
    def _has_lists(self) -> bool:
        return any(argument.is_list for argument in self.arguments)

    def _class(self, body: str) -> str:
        parameters = ["        self,", "        scope: Construct,", "        construct_id: str,"]
        parameters += ["        *,"] if self.arguments else []
        for argument in self.arguments:
            parameters += [line for text in argument.comment.splitlines() for line in _comment(text)]
            default = "" if argument.default is None else f" = {layout(argument.default)}"
            parameters.append(f"        {argument.name}: {argument.annotation}{default},")
        parameters.append("        **options: Any,")
        if self.arguments:
            signature = "\n".join(["    def __init__(", *parameters, "    ) -> None:"])
        else:
            signature = "    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:"
        lines = [f"class {self.class_name}(cdk.Stack):", f'    """{self.description}"""', "", signature]
        lines += ["        super().__init__(scope, construct_id, **options)", body]
        return "\n".join(line for line in lines if line or line == "").rstrip("\n") + "\n"


def _statement(statement: Statement) -> str:
    margin = " " * _INDENT
    lines = [line for comment in statement.comments for line in _comment(comment)]
    code = statement.code
    if isinstance(code, Commented):
        lines += _comment(code.comment)
        code = code.code
    if code == Name(""):
        return "\n".join(lines)
    if statement.repeated:
        return "\n".join([*lines, *_loop(statement.repeated, code)])
    text = assignment(statement.target, code, _INDENT)
    return "\n".join([*lines, f"{margin}{text}"])


def _loop(texts: Sequence[str], code: Code) -> list[str]:
    margin, inner = " " * _INDENT, " " * (_INDENT + 4)
    start = f"for {EACH} in "
    listed = layout(Items([Literal(text) for text in texts]), _INDENT, len(start) + 1)
    # A tuple of one item requires a comma.
    opened = f"({listed[1:-1]})" if len(texts) > 1 else f"({listed[1:-1]},)"
    return [f"{margin}{start}{opened}:", f"{inner}{layout(code, _INDENT + 4)}"]


def _comment(text: str) -> list[str]:
    margin = " " * _INDENT
    text = text.translate(_CONTROLS)
    if "\n" in text:
        return [f"{margin}# {line}".rstrip() for line in text.splitlines()]
    width = LINE_LENGTH - _INDENT - 2
    wrapped = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return [f"{margin}# {line}" for line in wrapped]
