"""The price file that ``emr-constructs prices`` writes, and that ``describe`` and ``diff`` read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from .._core.errors import EmrError

__all__ = ["INSTANCE_PRICES", "REGION", "VOLUME_PRICES", "Prices", "read_prices"]

REGION: Final = r"[a-z]{2,3}(-[a-z]+)+-\d+"
"""Matches the name of an AWS Region."""

INSTANCE_PRICES: Final = ("ec2", "emr")
"""Prices of an instance type per hour: On-Demand with Linux and shared tenancy, and EMR's charge in addition."""

VOLUME_PRICES: Final = ("gib_month", "iops_month", "mibps_month")
"""Prices of a volume type per month: of a GiB, an IOPS and a MiB/s; those of a gp3 volume beyond its baseline."""

_MEMBERS: Final = ("region", "currency", "date", "instances", "volumes")
_CURRENCY: Final = r"[A-Z]{3}"
_TYPES: Final = {
    "instances": (re.compile(r"[a-z0-9-]+\.[a-z0-9-]+"), "an instance type such as m7g.xlarge"),
    "volumes": (re.compile(r"[a-z]+\d*"), "a volume type such as gp3"),
}
_NUMBER: Final = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST: Final = 10**9
_LARGEST_FILE: Final = 10**8
_FIX: Final = "correct it, or write the file again with emr-constructs prices --region REGION"
_Table = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a Region. What it lacks is unknown, not free of charge."""

    region: str
    """The AWS Region."""

    currency: str
    """``USD``, or ``CNY`` in China."""

    date: str
    """When the prices were read: ``2026-11-25``, in UTC."""

    instances: _Table = field(default_factory=dict)
    """By instance type, then by ``INSTANCE_PRICES``."""

    volumes: _Table = field(default_factory=dict)
    """By volume type, then by ``VOLUME_PRICES``."""

    def __str__(self) -> str:
        return f"{self.region} in {self.currency}, {self.date}"

    def written(self) -> str:
        """Return the text of the file, with one instance type on each line."""
        members = [
            *(f'"{name}": {json.dumps(getattr(self, name))}' for name in ("region", "currency", "date")),
            *(f'"{name}": {{\n{_lines(getattr(self, name))}\n}}' for name in ("instances", "volumes")),
        ]
        return "{\n" + ",\n".join(members) + "\n}"

    @classmethod
    def of(cls, content: Any) -> Prices:
        """Return the prices in the content of a file.

        :raises EmrError: it has another form.
        """
        problems = list(_problems(content))
        if problems:
            raise EmrError([f"{problem}; {_FIX}" for problem in problems])
        tables = {name: _table(content[name]) for name in ("instances", "volumes")}
        return cls(content["region"], content["currency"], content["date"], **tables)


def read_prices(path: str | Path) -> Prices:
    """Read a file that ``emr-constructs prices`` has written.

    :raises EmrError: the file can't be read, or has another form.
    """
    try:
        with Path(path).open("rb") as file:
            text = file.read(_LARGEST_FILE + 1)
        if len(text) > _LARGEST_FILE:
            raise EmrError(f"price file must have at most {_LARGEST_FILE} bytes, got more; {_FIX}")
        content = json.loads(text.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_without_repetition)
    except OSError as error:
        raise EmrError(f"{path}: price file must be readable, got {error.strerror!r}; {_FIX}") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, EmrError):
            raise EmrError(f"{path}: {problem}" for problem in error.problems) from None
        raise EmrError(f"{path}: price file must be JSON, got {str(error)!r}; {_FIX}") from None
    try:
        return Prices.of(content)
    except EmrError as error:
        raise EmrError(f"{path}: {problem}" for problem in error.problems) from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise EmrError(f"members of a price file must be unique, got {_short(repeated)} twice; remove one of them")
    return found


def _lines(table: _Table) -> str:
    rows = ({name: f"{price:f}" for name, price in row.items()} for row in table.values())
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in zip(table, rows, strict=True))


def _problems(content: Any) -> Iterator[str]:
    if not isinstance(content, Mapping):
        yield f"prices must be a JSON object, got {_short(content)}"
        return
    for name, pattern, what in (("region", REGION, "an AWS Region"), ("currency", _CURRENCY, "a code such as USD")):
        value = content.get(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield f"{name} must be {what}, got {_short(value)}"
    if not _is_date(content.get("date")):
        yield f"date must be a day such as 2026-11-25, got {_short(content.get('date'))}"
    for name in content:
        if name not in _MEMBERS:
            yield f"members must be {', '.join(_MEMBERS)}, got {_short(name)}"
    yield from _table_problems("instances", content.get("instances"), INSTANCE_PRICES)
    yield from _table_problems("volumes", content.get("volumes"), VOLUME_PRICES)


def _table_problems(name: str, table: Any, prices: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield f"{name} must be a JSON object of prices by type, got {_short(table)}"
        return
    pattern, example = _TYPES[name]
    for kind, row in table.items():
        if not pattern.fullmatch(kind):
            yield f"members of {name} must have the name of {example}, got {_short(kind)}"
            continue
        if not isinstance(row, Mapping):
            yield f"{name}.{kind} must be a JSON object, got {_short(row)}"
            continue
        for what, value in row.items():
            if what not in prices:
                yield f"members of {name}.{kind} must be {', '.join(prices)}, got {_short(what)}"
            elif _price(value) is None:
                yield f"{name}.{kind}.{what} must be a price of at least 0, got {_short(value)}"


def _table(content: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Decimal]]:
    return {
        kind: {what: price for what, value in row.items() if (price := _price(value)) is not None}
        for kind, row in content.items()
    }


def _price(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    # Decimal also reads digits of other scripts, underscores and spaces.
    if not _NUMBER.fullmatch(str(value)):
        return None
    price = Decimal(str(value))
    return price if price.is_finite() and 0 <= price < _LARGEST else None


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _short(value: Any) -> str:
    text = "none" if value is None else str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
