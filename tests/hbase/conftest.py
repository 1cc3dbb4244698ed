from __future__ import annotations

from tests.software.conftest import bucket, shared_stack

__all__ = ["bucket", "shared_stack"]
