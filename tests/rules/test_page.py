from __future__ import annotations

from emr_constructs.rules import all_rules
from tests.rules.page import PAGE, page


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.rules.page"


def test_the_page_has_every_rule():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"\n### {rule.id}\n" in text and f"({rule.source})" in text for rule in all_rules())
