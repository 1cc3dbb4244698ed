from __future__ import annotations

from tests.rules.page import FOLDER, INDEX, pages


def test_the_pages_are_fresh():
    written = {path: path.read_text(encoding="utf-8") for path in [INDEX, *FOLDER.glob("*.md")]}
    assert written == pages(), "write them again: python -m tests.rules.page"
