"""Writes the pages of the site into a folder: ``python -m website``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .commands import command_page
from .paths import PROJECT, linked, site_paths
from .reference import reference_pages
from .tables import table_pages

FOLDER: Final = PROJECT / "build" / "docs"
_LANGUAGES: Final = {".py": "python", ".q": "sql", ".pig": "text"}


def main(folder: Path = FOLDER) -> None:
    """Write all pages, and delete those of before."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in pages():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def pages() -> Iterator[tuple[str, bytes]]:
    """The path and the content of each file of the site."""
    paths = site_paths()
    for source, path in paths.items():
        content = (PROJECT / source).read_bytes()
        if source.endswith(".md"):
            content = linked(content.decode(), source, paths).encode()
        elif path.endswith(".md"):
            content = _shown(source, content.decode()).encode()
        yield path, content
    for path, text in (*reference_pages(), *table_pages(), command_page()):
        yield path, text.encode()


def _shown(source: str, text: str) -> str:
    """A page that shows a file."""
    suffix = Path(source).suffix
    language = _LANGUAGES.get(suffix, suffix.removeprefix(".") or "text")
    title = source.title() if source == "LICENSE" else source
    return f"# {title}\n\n```{language}\n{text}```\n"


if __name__ == "__main__":
    main()
