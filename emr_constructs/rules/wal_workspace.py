"""Workspaces of write-ahead logs for HBase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .engine import Part, add_shape, rule
from .sources import release_guide

WAL_WORKSPACE: Final = "WALWorkspace"

add_shape(WAL_WORKSPACE, {"WALWorkspaceName": "String", "Tags": "TagList"})


@rule(
    "emr-wal-workspace-name",
    WAL_WORKSPACE,
    do="use 1 to 32 letters and digits",
    source=release_guide("emr-hbase-wal"),
)
def _workspace_name_is_allowed(workspace: Part) -> Iterator[str]:
    """The name of a workspace of write-ahead logs has 1 to 32 letters and digits."""
    name = workspace.get("WALWorkspaceName")
    if name is not None and not re.fullmatch(r"[a-zA-Z0-9]{1,32}", name):
        yield f"the name of the workspace is {name!r}"
