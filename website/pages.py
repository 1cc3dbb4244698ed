"""All pages of the site: those of the project, with links between them, and generated ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from .commands import command_page
from .paths import PROJECT, linked, site_paths
from .reference import reference_pages
from .tables import table_pages

__all__ = ["pages"]

_LANGUAGES: Final = {".py": "python", ".q": "sql", ".pig": "text"}


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
    suffix = PurePosixPath(source).suffix
    language = _LANGUAGES.get(suffix, suffix.removeprefix(".") or "text")
    title = source.title() if source == "LICENSE" else source
    return f"# {title}\n\n```{language}\n{text}```\n"
