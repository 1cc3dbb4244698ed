"""``Fn::FindInMap`` as code: a lookup in a constant, or in a mapping of the template if a key is a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..templates.intrinsics import section
from .code import Attribute, Call, Code, Literal, Name
from .layout import layout
from .typed import Typed, kind_of

if TYPE_CHECKING:
    from .identifiers import Names

__all__ = ["Lookups"]


class Lookups:
    """The mappings of a template, as far as code looks them up."""

    def __init__(self, template: Mapping[str, Any], names: Names, *, has_included: bool) -> None:
        """Start without constants.

        :param has_included: whether the included template has the mappings.
        """
        self._mappings = section(template, "Mappings")
        self._names = names
        self._has_included = has_included
        self._constants: dict[str, str] = {}
        self.constants: dict[str, Mapping[str, Any]] = {}
        """The constants of the module, by name."""

    def found(
        self,
        table: Any,
        keys: Sequence[Typed],
        column: Any,
        default: Typed | None,
        variable: Callable[[str, Code], Code],
    ) -> Typed:
        """Return the code of a lookup.

        :param keys: of both levels.
        :param column: the second key as it is in the template.
        :param default: the value if there is none. Default: an error.
        :param variable: returns a variable for a construct, by its name.
        :raises LookupError: there is no such mapping.
        """
        rows = section(self._mappings, table) if isinstance(table, str) else {}
        if not rows:
            raise LookupError(table)
        codes = [key.converted("") for key in keys]
        if any(key.kind in ("token", "tokens") for key in keys):
            owner = variable(f"{table}_mapping", self._construct(table))
            more = [] if default is None else [default.converted("")]
            return Typed(Call(Attribute(owner, "find_in_map"), [*codes, *more]), "token")
        constant, (first, second) = self._constant(table), map(layout, codes)
        text = f"{constant}[{first}][{second}]"
        kinds = {_kind(value) for row in rows.values() for value in _column(row, column)}
        if default is not None:
            text = f"{constant}.get({first}, {{}}).get({second}, {layout(default.code)})"
            kinds.add(default.kind)
        if len(kinds) > 1:
            return Typed(Name(f"str({text})"), "text")
        return Typed(Name(text), *(kinds or {"text"}))

    def _construct(self, table: str) -> Code:
        if self._has_included:
            return Call("included.get_mapping", (Literal(table),))
        return Call("cdk.CfnMapping", (Name("self"), Literal(table)), {"mapping": Name(self._constant(table))})

    def _constant(self, table: str) -> str:
        if table not in self._constants:
            self._constants[table] = self._names.constant(table)
            self.constants[self._constants[table]] = self._mappings[table]
        return self._constants[table]


def _column(row: Any, key: Any) -> list[Any]:
    if not isinstance(row, Mapping):
        return []
    return [row[key]] if isinstance(key, str) and key in row else list(row.values())


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else kind_of(value)
