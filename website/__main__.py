"""Writes the pages of the site into a folder: ``python -m website``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from .pages import pages
from .paths import PROJECT

FOLDER: Final = PROJECT / "build" / "docs"


def main(folder: Path = FOLDER) -> None:
    """Write all pages, and delete those of before."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in pages():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main()
