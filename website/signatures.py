"""An extension of Griffe, which reads the package for the reference: signatures and links as users need them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
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
    ExprSubscript,
    Extension,
    Function,
    Module,
    Object,
    get_expression,
)

from website.reference import TOPICS

__all__ = ["Signatures"]

_CODE: Final = re.compile(r"(?<![`\w\[])(`{1,2})([A-Za-z]\w*(?:\.\w+)?)\1(?![`\w\]])")
_FACTORY: Final = re.compile(r"created with (a factory|one of the factories)(?!, or)", re.IGNORECASE)
_UNSET: Final = "emr_constructs._core.unset.Default"
_UNSET_VALUE: Final = "emr_constructs._core.unset.DEFAULT"
_METRIC: Final = "emr_constructs.monitoring.metrics._EmrMetric"


class Signatures(Extension):
    """Prepares the public names of the package.

    - Value classes have the constructor of a data class.
    - In signatures, type aliases and private constants are replaced by their values, and classes without a public name
      by their public base.
    - Constructors and members that only the library uses, values of instance attributes, and metrics are left out.
    - Public names in docstrings are links.
    """

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Change what the reference shows of the package."""
        public = public_names(pkg)
        shown = shown_objects(pkg)
        for owner in shown:
            if isinstance(owner, Class):
                _show_constructor(owner)
            _simplify(owner, public)
        for owner in shown:
            if isinstance(owner, Class):
                _hide_members(owner, public)
        for owner in shown:
            _link(owner, pkg, public)

    def on_class(self, *, cls: Class, **_: Any) -> None:
        """Leave out the defaults of fields, which the constructor shows."""
        for member in cls.members.values():
            if isinstance(member, Attribute) and "instance-attribute" in member.labels:
                member.value = None


def public_names(package: Module) -> dict[str, str]:
    """Return where each object of the reference is defined, with the name that the reference has for it."""
    stub = {
        cast("Any", member).target_path: f"{package.name}.{name}"
        for name, member in package.members.items()
        if member.is_alias and str(cast("Any", member).target_path).startswith(f"{package.name}.")
    }
    others = (f"{package.name}.{path}" for topic in TOPICS for path in topic.others)
    return {**stub, **{path: path for path in others}}


def shown_objects(package: Module) -> list[Object]:
    """Return the objects of the reference, the classes that they inherit from, and the members of both."""
    found: dict[str, Object] = {}
    for path in public_names(package):
        target = cast("Object", package[path.removeprefix(f"{package.name}.")])
        for owner in [target, *target.mro()] if isinstance(target, Class) else [target]:
            members = owner.members.values() if isinstance(owner, Class) else ()
            found |= {each.path: cast("Object", each) for each in (owner, *members) if not each.is_alias}
    for function in [each for each in found.values() if isinstance(each, Function)]:
        options = _found(_unpacked(function), function)
        if isinstance(options, Class):
            found |= {each.path: each for each in options.attributes.values()}
    return list(found.values())


def _unpacked(owner: Object) -> str:
    """The typed dictionary of the keyword arguments of a function."""
    for parameter in owner.parameters if isinstance(owner, Function) else ():
        annotation = parameter.annotation
        if isinstance(annotation, ExprSubscript) and annotation.canonical_path == "typing.Unpack":
            return cast("Expr", annotation.slice).canonical_path
    return ""


def _show_constructor(owner: Class) -> None:
    """Let Griffe find the constructor that ``value_class`` defines, unless values are created with factories."""
    if is_created_with_factories(owner):
        return
    for decorator in owner.decorators:
        value = decorator.value
        called = value.function if isinstance(value, ExprCall) else value
        if isinstance(called, ExprName) and called.name == "value_class":
            found = _of_dataclasses("dataclass")
            decorator.value = ExprCall(found, value.arguments) if isinstance(value, ExprCall) else found
            for member in owner.members.values():
                if isinstance(member, Attribute):
                    member.value = _field(member.value)


def is_created_with_factories(owner: Object | None) -> bool:
    """Return whether the documentation of a class says that its constructor isn't for users."""
    text = "" if owner is None or owner.docstring is None else owner.docstring.value
    return bool(_FACTORY.search(" ".join(text.split())))


def _field(value: str | Expr | None) -> str | Expr | None:
    """``converted(tuple, default=())`` as a field of a data class."""
    if isinstance(value, ExprCall) and value.canonical_path.endswith(".converted"):
        named = [argument for argument in value.arguments if isinstance(argument, ExprKeyword)]
        return ExprCall(_of_dataclasses("field"), [*named, ExprKeyword("init", "True")])
    return value


def _of_dataclasses(name: str) -> ExprAttribute:
    module = ExprName("dataclasses")
    return ExprAttribute([module, ExprName(name, parent=module)])


def _hide_members(owner: Class, public: dict[str, str]) -> None:
    for name, member in list(owner.members.items()):
        is_metric = False
        if isinstance(member, Attribute):
            is_metric = isinstance(member.value, ExprCall) and member.value.canonical_path == _METRIC
            if "class-attribute" not in member.labels:
                member.value = None
        if not member.is_alias and (is_metric or internal_names(cast("Object", member), public)):
            owner.del_member(name)


def internal_names(owner: Object, public: dict[str, str]) -> set[str]:
    """Return the names of the package in a signature that the reference doesn't have."""
    used: list[str | Expr | None] = []
    if isinstance(owner, Function):
        used += [owner.returns, *(part for each in owner.parameters for part in (each.annotation, each.default))]
    elif isinstance(owner, Attribute):
        used += [owner.annotation, owner.value]
    names = (part for value in used if isinstance(value, Expr) for part in value.iterate())
    paths = {part.canonical_path for part in names if isinstance(part, ExprName)} - {_unpacked(owner)}
    return {path for path in paths if _is_internal(path, owner, public)}


def _is_internal(path: str, owner: Object, public: dict[str, str]) -> bool:
    is_known = path in public or path.rpartition(".")[0] in public
    return path.startswith(f"{owner.package.name}.") and not is_known


def _found(path: str, owner: Object) -> Object | None:
    """The object of the package at ``path``."""
    module, _, name = path.rpartition(".")
    if not module.startswith(owner.package.name):
        return None
    try:
        found = owner.modules_collection[module].members.get(name)
    except KeyError:
        return None
    return None if found is None or found.is_alias else cast("Object", found)


def _simplify(owner: Object, public: dict[str, str]) -> None:
    """Replace what users can't import in the signature of ``owner``."""

    def value_of(name: ExprName) -> str | Expr | None:
        path = name.canonical_path
        is_replaced = _is_internal(path, owner, public) and path != _unpacked(owner)
        found = _found(path, owner) if is_replaced else None
        if isinstance(found, Class):
            bases = (base for base in found.bases if isinstance(base, ExprName))
            return next((base for base in bases if base.canonical_path in public), None)
        return _parsed(found) if isinstance(found, Attribute) else None

    def default_of(value: str | Expr | None) -> str | Expr | None:
        if isinstance(value, ExprName) and value.canonical_path == _UNSET_VALUE:
            return "..."
        replaced: str | Expr | None = _replaced(value, value_of)
        return replaced

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
