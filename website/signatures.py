"""An extension of Griffe, which reads the package for the reference: signatures and links as users need them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, Final, cast

from griffe import (
    Attribute,
    Class,
    Expr,
    ExprAttribute,
    ExprBinOp,
    ExprCall,
    ExprKeyword,
    ExprName,
    Extension,
    Function,
    Module,
    Object,
    get_expression,
)

__all__ = ["Signatures"]

_CODE: Final = re.compile(r"(?<![`\w\[])(`{1,2})([A-Za-z]\w*(?:\.\w+)?)\1(?![`\w\]])")
_UNSET: Final = "emr_constructs._core.unset.Default"
_UNSET_VALUE: Final = "emr_constructs._core.unset.DEFAULT"
_METRIC: Final = "emr_constructs.monitoring.metrics._EmrMetric"


class Signatures(Extension):
    """Prepares the public names of the package.

    - Value classes have the constructor of a data class.
    - Type aliases and private constants in signatures are replaced by their values.
    - Constructors that only the library calls, values of instance attributes, and metrics are left out.
    - Public names in docstrings are links.
    """

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Change all modules of the package."""
        public = {alias.target_path: path for path, alias in _public(pkg)}
        shown = _shown(pkg)
        for owner in shown:
            if isinstance(owner, Class):
                _show_constructor(owner)
                _hide_members(owner, public)
            _simplify(owner, public)
        for owner in shown:
            _link(owner, pkg, public)


def _public(package: Module) -> Iterator[tuple[str, Any]]:
    """The names of the stub, with where each is defined."""
    for name, member in package.members.items():
        if member.is_alias and str(cast("Any", member).target_path).startswith(f"{package.name}."):
            yield f"{package.name}.{name}", member


def _shown(package: Module) -> list[Object]:
    """The objects of the stub, the classes that they inherit from, and the members of both."""
    found: dict[str, Object] = {}
    for _, alias in _public(package):
        target = alias.final_target
        owners = [target, *target.mro()] if isinstance(target, Class) else [target]
        for owner in owners:
            members = owner.members.values() if isinstance(owner, Class) else ()
            found |= {each.path: each for each in (owner, *members) if not each.is_alias}
    return list(found.values())


def _show_constructor(owner: Class) -> None:
    """Let Griffe find the constructor of a class that ``value_class`` defines."""
    for decorator in owner.decorators:
        value = decorator.value
        called = value.function if isinstance(value, ExprCall) else value
        if isinstance(called, ExprName) and called.name == "value_class":
            found = _name("dataclasses.dataclass")
            decorator.value = ExprCall(found, value.arguments) if isinstance(value, ExprCall) else found
            for member in owner.members.values():
                if isinstance(member, Attribute):
                    member.value = _field(member.value)


def _field(value: str | Expr | None) -> str | Expr | None:
    """``converted(tuple, default=())`` as a field of a data class."""
    if isinstance(value, ExprCall) and value.canonical_path.endswith(".converted"):
        named = [argument for argument in value.arguments if isinstance(argument, ExprKeyword)]
        return ExprCall(_name("dataclasses.field"), [*named, ExprKeyword("init", "True")])
    return value


def _name(path: str) -> ExprAttribute:
    return ExprAttribute([ExprName(part) for part in path.split(".")])


def _hide_members(owner: Class, public: dict[str, str]) -> None:
    for name, member in list(owner.members.items()):
        if isinstance(member, Attribute):
            if isinstance(member.value, ExprCall) and member.value.canonical_path == _METRIC:
                owner.del_member(name)
            elif "class-attribute" not in member.labels:
                member.value = None
    constructor = owner.members.get("__init__")
    if isinstance(constructor, Function):
        used = (path for each in constructor.parameters for path in _paths(each.annotation))
        if any(_is_internal(path, owner, public) and not _is_alias(path, owner) for path in used):
            owner.del_member("__init__")


def _paths(annotation: str | Expr | None) -> Iterator[str]:
    if isinstance(annotation, Expr):
        yield from (part.canonical_path for part in annotation.iterate() if isinstance(part, ExprName))


def _is_internal(path: str, owner: Object, public: dict[str, str]) -> bool:
    known = path in public or path.rpartition(".")[0] in public
    return path.startswith(f"{owner.package.name}.") and not known


def _constant(path: str, owner: Object) -> Attribute | None:
    """The constant or type alias of the package at ``path``."""
    module, _, name = path.rpartition(".")
    try:
        found = owner.modules_collection[module].members.get(name)
    except KeyError:
        return None
    return found if isinstance(found, Attribute) else None


def _is_alias(path: str, owner: Object) -> bool:
    found = _constant(path, owner)
    return found is not None and str(found.annotation).endswith("TypeAlias")


def _simplify(owner: Object, public: dict[str, str]) -> None:
    """Replace what users can't import in the signature of ``owner``."""

    def value_of(name: ExprName) -> str | Expr | None:
        path = name.canonical_path
        found = _constant(path, owner) if _is_internal(path, owner, public) else None
        return None if found is None or found.value is None else _parsed(found)

    def default_of(value: str | Expr | None) -> str | Expr | None:
        if isinstance(value, ExprName) and value.canonical_path == _UNSET_VALUE:
            return "..."
        return _replaced(value, value_of)

    if isinstance(owner, Function):
        for parameter in owner.parameters:
            parameter.annotation = _replaced(parameter.annotation, value_of)
            parameter.default = default_of(parameter.default)
        owner.returns = _replaced(owner.returns, value_of)
    elif isinstance(owner, Attribute) and not str(owner.annotation).endswith("TypeAlias"):
        owner.annotation = _replaced(owner.annotation, value_of)
        if isinstance(owner.parent, Class):
            owner.value = default_of(owner.value)


def _parsed(constant: Attribute) -> str | Expr | None:
    """The value of a constant; a type alias can be a string."""
    if isinstance(constant.value, str) and str(constant.annotation).endswith("TypeAlias"):
        text = ast.literal_eval(constant.value)
        return get_expression(ast.parse(text, mode="eval").body, parent=cast("Module", constant.parent))
    return constant.value


def _replaced(value: Any, value_of: Callable[[ExprName], str | Expr | None]) -> Any:
    """``value`` with the values of names in it."""
    match value:
        case ExprBinOp(operator="|", left=left, right=ExprName() as last) if last.canonical_path == _UNSET:
            return _replaced(left, value_of)
        case ExprName():
            found = value_of(value)
            return value if found is None else _replaced(found, value_of)
        case ExprAttribute():
            return value
        case Expr():
            for each in fields(value):
                if each.name != "parent":
                    setattr(value, each.name, _replaced(getattr(value, each.name), value_of))
            return value
        case list():
            return [_replaced(item, value_of) for item in value]
        case _:
            return value


def _link(owner: Object, package: Module, public: dict[str, str]) -> None:
    """Make links of the public names in the docstring of ``owner``."""
    if owner.docstring is None:
        return
    scope = owner if isinstance(owner, Class) else owner.parent

    def link(found: re.Match[str]) -> str:
        target = _target(found[2], scope, package, public)
        return found[0] if target in (None, owner.path, public.get(owner.path)) else f"[{found[0]}][{target}]"

    owner.docstring.value = _CODE.sub(link, owner.docstring.value)


def _target(code: str, scope: Object | None, package: Module, public: dict[str, str]) -> str | None:
    """The anchor of a name: of the stub, of a member of a class of the stub, or of a method of the same class."""
    name, _, member = code.partition(".")
    exported = f"{package.name}.{name}"
    if exported in public.values():
        owner = cast("Any", package.members[name]).final_target
        if not member:
            return exported
        return f"{exported}.{member}" if _is_shown(owner.members.get(member)) else None
    if scope is not None and scope.path in public and not member:
        found = scope.members.get(name)
        return f"{public[scope.path]}.{name}" if isinstance(found, Function) and _is_shown(found) else None
    return None


def _is_shown(member: object) -> bool:
    return isinstance(member, Object) and not member.name.startswith("_") and member.docstring is not None
