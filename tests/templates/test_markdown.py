"""Text of templates has no meaning in Markdown."""

from __future__ import annotations

import pytest

from emr_constructs.templates import markdown


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("EMR_EC2_DefaultRole", "EMR_EC2_DefaultRole"),
        ("_a_ b", "\\_a\\_ b"),
        ("**a** `b` ~~c~~", "\\*\\*a\\*\\* \\`b\\` \\~\\~c\\~\\~"),
        ("[a](b) ![c](d)", "\\[a\\](b) !\\[c\\](d)"),
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("<!-- a -->", "&lt;!-- a -->"),
        ("$a$", "<span>$</span>a<span>$</span>"),
        ("@team #12 GH-1", "@<!-- -->team #<!-- -->12 GH-<!-- -->1"),
        ("https://a.example WWW.a.example", "https:<!-- -->//a.example WWW.<!-- -->a.example"),
        ("a\n# b\n- c", "a # b - c"),
        ("a\x1b[0m", "a\\\\u001b\\[0m"),
        ("s3://bucket/a-b/", "s3://bucket/a-b/"),
    ],
)
def test_text(value, says):
    assert markdown.text(value) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a|b", "`a\\|b`"), ("", "`  `"), ("a\nb", "`a b`")],
)
def test_code(value, says):
    assert markdown.code(value) == says


def test_code_blocks_end_where_they_should():
    assert markdown.fenced("mermaid", ["a"]) == ["```mermaid", "a", "```"]
    assert markdown.fenced("mermaid", ["````"]) == ["`````mermaid", "````", "`````"]


def test_tables():
    assert markdown.table(["a", "b"], [["1|2", "<x>"]]) == ["| a | b |", "| --- | --- |", "| 1\\|2 | &lt;x> |"]
