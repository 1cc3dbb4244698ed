"""Workspaces of the write-ahead log that EMR keeps for HBase."""

from __future__ import annotations

from typing import Final

from .constraints import matches
from .sources import template_reference

__all__ = ["WAL_WORKSPACE"]

WAL_WORKSPACE: Final = "WALWorkspace"


# fmt: off
matches("emr-wal-workspace-name", WAL_WORKSPACE, "WALWorkspaceName", "[a-zA-Z0-9]{1,32}",
        what="the name of a WAL workspace", must="have 1 to 32 letters and digits", fix="change the name",
        source=template_reference("aws-resource-emr-walworkspace"))
