"""What the rules of ``emr_constructs.rules.wal_workspace`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case

CASES = [
    # WAL workspace
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "my-orders"}, "'my-orders'",
         {"WALWorkspaceName": "orders2026"}),
    Case("emr-wal-workspace-name", "WALWorkspace", {"WALWorkspaceName": "a" * 33}, "'aaa",
         {"WALWorkspaceName": "a" * 32}),
]  # fmt: skip
