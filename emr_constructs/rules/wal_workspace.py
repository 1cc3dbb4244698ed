"""Workspaces of the write-ahead log that EMR keeps for HBase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .registry import Part, rule
from .shapes import add_shape
from .sources import template_reference

__all__ = ["WAL_WORKSPACE"]

WAL_WORKSPACE: Final = "WALWorkspace"

add_shape(WAL_WORKSPACE, {"WALWorkspaceName": "String", "Tags": "TagList"})


@rule(
    "emr-wal-workspace-name",
    WAL_WORKSPACE,
    do="use 1 to 32 letters and digits",
    source=template_reference("aws-resource-emr-walworkspace"),
)
def _name_is_allowed(workspace: Part) -> Iterator[str]:
    """The name of a workspace has 1 to 32 letters and digits."""
    name = workspace.get("WALWorkspaceName")
    if name is not None and not re.fullmatch(r"[a-zA-Z0-9]{1,32}", name):
        yield f"the name of the WAL workspace is {name!r}"
