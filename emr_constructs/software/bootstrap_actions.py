"""Scripts that run on every node before the applications start.

``BootstrapAction("Install libraries", script=Script.from_asset("bootstrap/libraries.sh"), args=["numpy"])``
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._types import require
from ..rules import enforce
from ..work.arguments import as_arguments
from ..work.scripts import Locate, Script, unlocated

__all__ = ["BootstrapAction"]


@dataclass(frozen=True, slots=True)
class BootstrapAction:
    """A script that EMR runs on each node, also on nodes that join later; a failing script fails the node.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-bootstrap.html

    :raises EmrError: the name is longer than 256 characters, an argument is longer than 10280, or the arguments are one
        text instead of a list.
    """

    name: str
    script: Script
    args: Sequence[str] = ()
    """One item for each argument. Default: none."""

    def __post_init__(self) -> None:
        require(name=(self.name, str), script=(self.script, Script))
        object.__setattr__(self, "args", as_arguments(f"the bootstrap action {self.name!r}", self.args))
        enforce("BootstrapActionConfig", self.render())

    def render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """The bootstrap action in the shape of the EMR API (``BootstrapActionConfig``)."""
        script: dict[str, Any] = {"Path": locate(self.script)}
        if self.args:
            script["Args"] = list(self.args)
        return {"Name": self.name, "ScriptBootstrapAction": script}
