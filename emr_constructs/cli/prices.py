"""``prices``: writes the prices of a Region as JSON."""

from __future__ import annotations

import click

from .._core.errors import EmrError
from ..prices.price_list import client_for, fetch, region_or_default
from .streams import printable

__all__ = ["run"]


def run(region: str | None) -> int:
    """Print the prices of a Region, and return the exit code."""
    try:
        found = region_or_default(region)
        prices = fetch(client_for(found), found)
    except EmrError as error:
        click.echo("\n".join(map(printable, error.problems)), err=True)
        return 2
    click.echo(prices.written())
    return 0
