"""The S3 locations of the scripts of a cluster or a step."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from .._core import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from ..steps.scripts import Location, Script
    from ..steps.steps import Step

__all__ = ["ScriptLocations"]


class ScriptLocations:
    """Binds scripts to a construct, which local files become assets of."""

    def __init__(self, scope: Construct, prefix: str, steps: Iterable[Step]) -> None:
        """Start without locations.

        :param prefix: begins the construct IDs of the assets.
        :param steps: determine which scripts are data.
        """
        self._scope = scope
        self._prefix = prefix
        self._data = {script for step in steps for script in step.data}
        self._locations: dict[Script, Location] = {}

    def locate(self, script: Script) -> str:
        """Return the URI of ``script``."""
        if script not in self._locations:
            location = script._bind(self._scope, f"{self._prefix}{len(self._locations) + 1}")
            self._locations[script] = replace(location, is_data=script in self._data)
        return self._locations[script].uri

    @property
    def found(self) -> Sequence[Location]:
        """The locations so far, with one token for each bucket.

        Assets have different tokens for the same bucket.
        """
        locations = list(self._locations.values())
        if sum(location.is_data for location in locations) < 2:
            return locations
        first: dict[str, str | None] = {}
        resolved = tokens.stack_of(self._scope).resolve([location.bucket_arn or "" for location in locations])
        return [
            replace(location, bucket_arn=first.setdefault(json.dumps(bucket), location.bucket_arn))
            for location, bucket in zip(locations, resolved, strict=True)
        ]
