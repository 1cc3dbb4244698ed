"""What a company rule reads: parts of a cluster with typed attributes, and violations at their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, ClassVar, Final, TypeVar

from .._core.errors import EmrError
from .._core.findings import Finding
from .._core.signatures import check_calls
from .._core.unknown import MACRO, is_unknown
from .._core.values import value_class
from ..rules.shapes import shape_facts
from .known import KnownItems, KnownValues, Undecided

__all__ = ["Locate", "ResolvedPart", "Source", "Violation"]

Locate = Callable[[Finding, str], Finding]
"""Returns a finding with its resource and its path in the file, for a path in a request."""

_Part = TypeVar("_Part", bound="ResolvedPart")
_Scalar = TypeVar("_Scalar", str, int, bool)
_LISTS: Final = (list, tuple)


@dataclass(frozen=True)
class Source:
    """Where a part comes from."""

    members: Any
    """The part, in the shape of the EMR API."""

    locate: Locate
    path: str = ""
    """The path of the part in its request."""

    resource: str = ""
    """The logical ID of the resource; empty if there is none."""

    origin: str = ""
    """Distinguishes requests of one resource, such as those of the states of a state machine."""

    hidden: set[str] = field(default_factory=set)
    """The parts that a rule doesn't see any more, because it has read an unknown value of them."""

    @property
    def key(self) -> str:
        """Identifies the part in its cluster."""
        return f"{self.origin or self.resource}|{self.path}"

    def inside(self, members: Any, path: str) -> Source:
        """Return the source of a part of this part.

        :param path: its path in this part, such as ``Steps[0]``.
        """
        dot = "." if self.path and path and not path.startswith("[") else ""
        return replace(self, members=members, path=f"{self.path}{dot}{path}")

    def sharing(self, other: Source) -> Source:
        """Return another source as one of a part of this cluster."""
        return replace(other, hidden=self.hidden)


@check_calls
@value_class
class Violation:
    """A violation of a rule, at its place: what ``ResolvedCluster.violation`` returns.

    :raises EmrError: an argument has the wrong type.
    """

    message: str
    """The violated condition with the value, such as ``name must begin with acme-, got 'test'``."""

    fix: str = ""
    """A fix that is more precise than that of the rule. Default: the fix of the rule."""

    part: ResolvedPart | None = None
    """The part that violates the rule. Default: the cluster."""

    member: str = ""
    """The property of the part, by its name in the EMR API. Default: the part as a whole."""


@check_calls
class ResolvedPart:
    """A part of a cluster, with the defaults of parameters and with what other resources add.

    An attribute is None if it isn't specified. Reading a value that is only known at deployment interrupts the rule:
    what it found until then is reported, and it goes on with the other parts of the cluster.
    """

    _SHAPE: ClassVar[str] = ""

    def __init__(self, source: Source) -> None:
        if not isinstance(source, Source):
            raise EmrError(
                f"{type(self).__name__} must be created by a RuleSet, got a call; use RuleSet.check(template)"
            )
        self._source = source

    @property
    def resource(self) -> str:
        """The logical ID of the resource that has the part. Empty for a request to the EMR API."""
        return self._source.resource

    def value(self, path: str) -> Any:
        """Return a property that has no attribute.

        :param path: the path in the EMR API, such as ``Instances.Ec2KeyName`` of a cluster. Numbers and booleans have
            their types, and structures are dictionaries. Read the items of a list from the list.
        :returns: None if the property isn't specified.
        :raises EmrError: the EMR API has no such property.
        """
        _check_path(self._shape(), path)
        found = self._read(*path.split("."))
        self._require_known(found)
        return found

    def is_known(self, attribute: str) -> bool:
        """Return whether all of an attribute is known, so that reading it doesn't interrupt the rule.

        :param attribute: the name of an attribute, such as ``count``.
        :raises EmrError: there is no such attribute.
        """
        if attribute.startswith("_") or not isinstance(getattr(type(self), attribute, None), property):
            known = sorted(name for name in dir(type(self)) if isinstance(getattr(type(self), name), property))
            raise EmrError(f"attribute must be one of {', '.join(known)}, got {attribute!r}; use one of them")
        try:
            found = getattr(self, attribute)
        except Undecided:
            return False
        return not isinstance(found, KnownItems | KnownValues) or found.is_complete

    def violation(self, message: str, *, member: str = "", fix: str = "") -> Violation:
        """Return a violation of the rule by this part.

        :param message: the violated condition with the value, such as ``name must begin with acme-, got 'test'``.
        :param member: the property, by its name in the EMR API, such as ``InstanceCount``. Default: the part.
        :param fix: a fix that is more precise than that of the rule. Default: that of the rule.
        :raises EmrError: the EMR API has no such property.
        """
        if member:
            _check_path(self._shape(), member)
        return Violation(message, fix, self, member)

    def __repr__(self) -> str:
        where = ".".join(filter(None, (self._source.resource, self._source.path)))
        return f"<{type(self).__name__}{' ' if where else ''}{where}>"

    def _shape(self) -> str:
        """The API shape of the members; empty if they have none."""
        return self._SHAPE

    def _read(self, *names: str) -> Any:
        """The member that ``names`` lead to; None if it is absent."""
        found = self._source.members
        for name in names:
            if not isinstance(found, Mapping) or is_unknown(found):
                raise Undecided(self._source.key)
            if found.get(name) is None:
                if MACRO in found:
                    raise Undecided(self._source.key)
                return None
            found = found[name]
        if is_unknown(found):
            raise Undecided(self._source.key)
        return found

    def _text(self, *names: str) -> str | None:
        return self._typed(str, *names)

    def _number(self, *names: str) -> int | None:
        return self._typed(int, *names)

    def _flag(self, *names: str) -> bool | None:
        return self._typed(bool, *names)

    def _typed(self, kind: type[_Scalar], *names: str) -> _Scalar | None:
        found = self._read(*names)
        # The rules of the library report a wrong type.
        if found is not None and type(found) is not kind:
            raise Undecided(self._source.key)
        return found

    def _listed(self, *names: str) -> tuple[list[tuple[str, Any]], bool]:
        """The items of a list with their paths, and whether it can have no others."""
        try:
            found = self._read(*names)
        except Undecided:
            return [], False
        if found is not None and not isinstance(found, _LISTS):
            return [], False
        return [(f"{'.'.join(names)}[{at}]", item) for at, item in enumerate(found or ())], True

    def _parts(self, kind: Callable[[Source], _Part], *names: str) -> KnownItems[_Part]:
        """The structures of a list."""
        placed, is_complete = self._listed(*names)
        return self._visible((kind(self._source.inside(item, path)) for path, item in placed), is_complete=is_complete)

    def _visible(self, parts: Iterable[_Part], *, is_complete: bool) -> KnownItems[_Part]:
        """``parts`` without those that are unknown or hidden."""
        listed = list(parts)
        known = [
            part
            for part in listed
            if isinstance(part._source.members, Mapping)
            and not is_unknown(part._source.members)
            and part._source.key not in self._source.hidden
        ]
        return KnownItems(known, owner=self._source.key, is_complete=is_complete and len(known) == len(listed))

    def _texts(self, *names: str) -> KnownItems[str]:
        """The strings of a list."""
        placed, is_complete = self._listed(*names)
        known = [item for _, item in placed if isinstance(item, str) and not is_unknown(item)]
        return KnownItems(known, owner=self._source.key, is_complete=is_complete and len(known) == len(placed))

    def _values(self, found: Any, *, is_complete: bool = True) -> KnownValues:
        """The strings of a mapping."""
        content = found if isinstance(found, Mapping) else {}
        known = {
            str(name): None if is_unknown(value) else str(value)
            for name, value in content.items()
            if name != MACRO and not is_unknown(name)
        }
        return KnownValues(known, owner=self._source.key, is_complete=is_complete and len(known) == len(content))

    def _require_known(self, found: Any) -> None:
        """Interrupt the rule if a part of ``found`` is unknown."""
        if is_unknown(found) or (isinstance(found, Mapping) and MACRO in found):
            raise Undecided(self._source.key)
        for item in found.values() if isinstance(found, Mapping) else found if isinstance(found, _LISTS) else ():
            self._require_known(item)


def _check_path(shape: str, path: str) -> None:
    """Raise an error if a path leads to nothing in an API shape."""
    seen: list[str] = []
    for word in path.split("."):
        name, *indexes = word.split("[")
        facts = shape_facts(shape) if shape else {}
        if facts.get("type") == "map":
            return
        members = facts.get("members", {})
        if name not in members:
            near = get_close_matches(name, members, n=1) or sorted(members)
            outer = ".".join(seen)
            fix = f"use {', '.join(near)}" if near else f"use {outer}" if outer else "use the attributes"
            raise EmrError(f"path must lead to a property in the EMR API, got {path!r}; {fix}")
        shape = members[name]
        for _ in indexes:
            shape = shape_facts(shape).get("member", "")
        seen.append(word)
