"""Where the files of the project are on the site, and the links between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["PROJECT", "linked", "site_paths"]

PROJECT: Final = Path(__file__).parents[1]

# Pages outside of docs/ that are on the site.
_OTHERS: Final = {
    "README.md": "overview.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security-policy.md",
    "LICENSE": "license.md",
}
_EXAMPLES: Final = {".py", ".sh", ".sql", ".q", ".pig", ".yaml"}
_FENCE: Final = re.compile(r"^(```\w*\n.*?^```$)", re.MULTILINE | re.DOTALL)
_ROW: Final = re.compile(r"^\|.*$", re.MULTILINE)
_CODE: Final = re.compile(r"`[^`]+`")
_NESTED: Final = re.compile(r"^ {2,3}(?=[-*] |\d+\. )", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\[\]]+)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def site_paths(project: Path = PROJECT) -> Mapping[str, str]:
    """Return the path of each published file of the project, and its path on the site."""
    docs = {path: path.removeprefix("docs/") for path in _files(project, "docs")}
    examples = {
        path: str(PurePosixPath(path).with_suffix(".md"))
        for path in _files(project, "examples")
        if PurePosixPath(path).suffix in _EXAMPLES and not path.endswith("__init__.py")
    }
    others = {path: page for path, page in _OTHERS.items() if (project / path).exists()}
    return {**docs, **examples, **others}


def _files(project: Path, folder: str) -> Iterator[str]:
    for path in sorted((project / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(project).as_posix()


def linked(text: str, source: str, paths: Mapping[str, str], project: Path = PROJECT) -> str:
    """Return the Markdown of ``source`` for the site, with links between its pages.

    Links to files that the site doesn't contain become plain text. Links to files that don't exist stay as they are,
    and fail the build.
    """

    def link(found: re.Match[str]) -> str:
        title, target, anchor = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if path in paths:
            start = posixpath.dirname(paths[source]) or "."
            return f"[{title}]({posixpath.relpath(paths[path], start)}{anchor})"
        return title if (project / path).exists() else found[0]

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(link, _translated(part)) for part in parts)


def _translated(text: str) -> str:
    """Return Markdown of a public Git host in the dialect of Python-Markdown.

    An item of a nested list begins after four spaces, and bars in the code of a table aren't escaped.
    """
    rows = _ROW.sub(lambda row: _CODE.sub(lambda code: code[0].replace("\\|", "|"), row[0]), text)
    return _NESTED.sub("    ", rows)
