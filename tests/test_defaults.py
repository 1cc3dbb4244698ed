"""Every optional parameter of the public names says what it is by default: read from the sources, without jsii."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.tools import PROJECT

PACKAGE = PROJECT / "emr_constructs"
LINES = re.findall(r"^from \.(\S+) import (\w+) as \w+$", (PACKAGE / "__init__.pyi").read_text(), re.MULTILINE)
CREATED_BY_THE_LIBRARY = {"ResolvedCluster", "ResolvedSubnet"}  # a RuleSet creates them, and passes them to rules
SAYS_DEFAULT = re.compile(r"[Dd]efault|\bNone:|\bRequired\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(module: str) -> ast.Module:
    path = PACKAGE / module.replace(".", "/")
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(source.read_text(encoding="utf-8"))


def undocumented(tree: ast.Module, name: str) -> Iterator[str]:
    """The optional parameters and members of a class or a function whose default isn't documented."""
    for node in tree.body:
        if isinstance(node, Function) and node.name == name and not is_overload(node):
            yield from of_function(node, "")
        elif isinstance(node, ast.ClassDef) and node.name == name:
            yield from of_class(node)


def of_class(node: ast.ClassDef) -> Iterator[str]:
    docstring = ast.get_docstring(node) or ""
    # The methods of a protocol are those of the class that it names.
    if re.search(r"; see ``\w+``\.$", docstring):
        return
    for function in node.body:
        is_public = isinstance(function, Function) and (
            function.name == "__init__" or not function.name.startswith("_")
        )
        if is_public and not is_overload(function):
            yield from (f"{node.name}.{found}" for found in of_function(function, docstring))
    # The factories of a class document its members.
    if not re.search(r"[Cc]reated with (?:a|one of the) factor", docstring):
        yield from (f"{node.name}.{found}" for found in of_members(node))


def of_function(function: Function, of_class: str) -> Iterator[str]:
    """The optional parameters without a default in the docstring of a function or in that of its class."""
    documented = dict(re.findall(r":param (\w+): (.+?)(?=\s+:\w|\Z)", ast.get_docstring(function) or "", re.DOTALL))
    shared = re.findall(r"``(\w+)``([^`]+)", of_class)
    for name in optional(function.args):
        texts = [documented.get(name, ""), *(text for shared_name, text in shared if shared_name == name)]
        if not any(map(SAYS_DEFAULT.search, texts)):
            yield f"{function.name}({name})"


def optional(arguments: ast.arguments) -> Iterator[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from (argument.arg for argument in positional[len(positional) - len(arguments.defaults) :])
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield argument.arg


def of_members(node: ast.ClassDef) -> Iterator[str]:
    """The members of a value that don't have to be specified, without a default in the docstring below them."""
    for member, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(member, ast.AnnAssign) or not isinstance(member.target, ast.Name):
            continue
        name, kind = member.target.id, ast.unparse(member.annotation)
        value = ast.unparse(member.value) if member.value else ""
        is_optional = "NotRequired" in kind or (
            value and not re.search(r"(?:field|converted)\((?!.*default)|init=False", value)
        )
        if name.startswith("_") or not is_optional or re.match("(?:ClassVar|Final)", kind):
            continue
        if not SAYS_DEFAULT.search(docstring_of(following)):
            yield name


def docstring_of(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


def is_overload(function: Function) -> bool:
    return any(ast.unparse(decorator).endswith("overload") for decorator in function.decorator_list)


@pytest.mark.parametrize(("module", "name"), LINES)
def test_every_optional_parameter_documents_its_default(module, name):
    found = [] if name in CREATED_BY_THE_LIBRARY else list(undocumented(parsed(module), name))
    assert found == []


def test_no_exception_is_out_of_date():
    for module, name in LINES:
        if name in CREATED_BY_THE_LIBRARY:
            assert list(undocumented(parsed(module), name))
    assert {name for _, name in LINES} >= CREATED_BY_THE_LIBRARY


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('def call(a, b=1, *, c, d=2):\n    """Call.\n\n    :param b: a number; default: 1\n    """', ["call(d)"]),
        (
            'def call(a=1):\n    """Call; the default isn\'t at the parameter.\n\n    :param a: a number\n    """',
            ["call(a)"],
        ),
        ('class call:\n    """A call."""\n    a: int = 1\n    """A number."""\n    b: int = 2', ["call.a", "call.b"]),
        ('class call:\n    """A call."""\n    a: int\n    b: int = 1\n    """A number. Default: 1."""', []),
        (
            'class call:\n    """A call; created with a factory."""\n    a: int = 1\n    def __init__(self, b=1): ...',
            None,
        ),
        ('class call:\n    """``b`` (default: 1) is shared."""\n    def __init__(self, b=1): ...', []),
        ('class call:\n    """Default: none."""\n    a: NotRequired[int]\n    """A number."""', ["call.a"]),
    ],
)
def test_finds_a_parameter_without_a_default(source, expected):
    found = list(undocumented(ast.parse(source), "call"))
    assert found == (["call.__init__(b)"] if expected is None else expected)
