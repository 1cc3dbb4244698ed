"""Patterns read the same in Python, and in JSONata, whose tokenizer and engine are others."""

from __future__ import annotations

import json
import re
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from emr_constructs import EmrError, JobInput
from emr_constructs.workflows.patterns import UnsupportedPatternError, portable
from tests.step_functions import evaluate

TEXTS = (
    *("", "a", "b", "A", "ab", "aab", "abc", "aaaa", "0", "12", "2026-11-23", "latest", " ", "\t", "\n", "a\n", "\na"),
    *(
        "(",
        ")",
        "[",
        "]",
        "[]",
        "{",
        "}",
        "{2}",
        "a{2}",
        "\\",
        "\\(",
        "/",
        "s3://bucket/key",
        "-",
        "a-b",
        "^",
        "$",
        ".",
    ),
    *(
        "*",
        "+",
        "?",
        "|",
        "&",
        '"',
        "'",
        "%}",
        "`",
        "é",
        "ü",
        "٣",
        "\xa0",
        "\u2028",
        "a b",
        "_",
        "key=value",
        "\x07",
        "\x08",
    ),
)
PATTERNS = (
    *(r"latest|\d{4}-\d{2}-\d{2}", r"[^)]*", r"[(]", r"[\[\]]+", r"[]a]", r"[^]a-]", r"[a-]", r"[--a]", r"[a-b-c]+"),
    *(
        r"\(",
        r"\\\(",
        r"\\(a)?",
        r"[\\/]",
        r"s3://\w+/\w+|\/",
        r"a{,3}",
        r"a{2,}",
        r"a{2}?",
        r"a{,}",
        r"{",
        r"a{",
        r"{}",
    ),
    *(
        r"a+?b*?",
        r".",
        r".*",
        r"\.",
        r"$",
        r"a$",
        r"^a",
        r"(?=a).+",
        r"(?!a).*",
        r"\d",
        r"\D",
        r"\w+",
        r"\W",
        r"\s",
        r"\S+",
    ),
    *(
        r"[\d-]+",
        r"[\w.]+",
        r"[\s]",
        r"é|[ü]",
        r"\x61\u0062",
        r"\a",
        r"[\b]",
        r"\ba\b",
        r"[&&a]",
        r"(a|b)+",
        r"((a)(b))c",
    ),
    *(r"", r"a|", r"\"", r"%\}", r"[^\n]", r"[/]", r"[$]", r"a\-b", r"key=value", "`", r"[\x00-\x7f]+", r"\t|\n"),
)
UNSUPPORTED = {
    "(": "it is not a regular expression: missing ), unterminated subpattern at position 0",
    "*a": "it is not a regular expression: nothing to repeat at position 0",
    "a{99999999999999}": "it is not a regular expression: the repetition number is too large",
    "(?i)a": "(?i is not supported (flags)",
    "(?s:.)": "(?s is not supported (flags)",
    "(?-i:a)": "(?- is not supported (flags)",
    "(?P<day>a)": "(?P< is not supported (named groups)",
    "(?>a)": "(?> is not supported (atomic groups)",
    "(?<=a)b": "(?<= is not supported (lookbehind)",
    "(?<!a)b": "(?<! is not supported (lookbehind)",
    "(?#note)a": "(?# is not supported (comments)",
    "(a)?(?(1)b|c)": "(?( is not supported (conditions)",
    "a++": "++ is not supported (possessive quantifiers)",
    "a{2}+": "++ is not supported (possessive quantifiers)",
    r"\Aa": r"\A is not supported (anchors)",
    r"a\Z": r"\Z is not supported (anchors)",
    r"(a)\1": r"\1 is not supported (references to groups and octal numbers)",
    r"\0": r"\0 is not supported (references to groups and octal numbers)",
    r"[\07]": r"\0 is not supported (references to groups and octal numbers)",
    r"[\S ]": r"[\S] is not supported (classes that exclude, inside of another one)",
    r"\N{DIGIT ONE}": r"\N is not supported (names of characters)",
    "😀": "the character '😀' counts as two characters in JSONata",
    r"\U0001F600": "the character '😀' counts as two characters in JSONata",
    r"\ud83d": r"the character '\ud83d' counts as two characters in JSONata",
}


def python(pattern, text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.fullmatch(pattern, text, re.ASCII) is not None


def jsonata(pattern, *texts):
    """Which of the texts an execution could be started with."""
    rejects = JobInput.text("a", pattern=pattern)._rejects("$text")
    found = evaluate(f"$map({json.dumps(texts)}, function($text) {{{rejects}}})")
    return [not rejected for rejected in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_reads_the_same_everywhere(pattern):
    expected = [python(pattern, text) for text in TEXTS]
    assert [JobInput.text("a", pattern=pattern)._accepts(text) for text in TEXTS] == expected
    assert jsonata(pattern, *TEXTS) == expected


PARTS = st.sampled_from(
    [
        *"ab(){}[]^$.*+?|/-\\,0&:=!<",
        r"\d",
        r"\w",
        r"\S",
        r"\(",
        r"\]",
        r"\\",
        "(?:",
        "(?=",
        "[^",
        "[(",
        "a-z",
        "{1,2}",
        "{",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=10).map("".join))
def test_reads_the_same_whatever_it_is_made_of(pattern):
    try:
        portable(pattern)
    except UnsupportedPatternError:
        assume(False)
    # jsonata-python evaluates with Python's engine: what differs is what the tokenizer makes of the pattern. A dollar
    # is the end of the text here, and not also what is before a line break.
    texts = [text for text in TEXTS if not text.endswith("\n")]
    assert jsonata(pattern, *texts) == [python(pattern, text) for text in texts]


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_rejects_what_other_engines_read_differently(pattern):
    with pytest.raises(EmrError) as raised:
        JobInput.text("a", pattern=pattern)
    assert str(raised.value) == (
        "the pattern of the input 'a' must be a regular expression that JSONata supports, got "
        f"{pattern!r}: {UNSUPPORTED[pattern]}; correct the pattern"
    )


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("a{,3}", "a{0,3}"),
        (".", r"[^\x0a]"),
        (r"\.", r"\."),
        ("/", r"\/"),
        ("[]a-]", r"[\]a\-]"),
        ("(a)", "(?:a)"),
        ("a$", r"a(?![\s\S])"),
        (r"\d\W", "[0-9][^A-Za-z0-9_]"),
        (r"[\s]\S", r"[\x09-\x0d\x20][^\x09-\x0d\x20]"),
        ("[a&&b]", r"[a\&\&b]"),
        (r"\\", r"\x5c"),
        ("é€", r"\xe9\u20ac"),
    ],
)
def test_writes_what_other_engines_read_differently(pattern, written):
    """In Java's classes && is an intersection, in JavaScript {,3} is text and ] ends a class at once."""
    assert portable(pattern) == written


def test_a_simple_pattern_stays_readable():
    assert portable(r"latest|\d{4}-\d{2}-\d{2}") == "latest|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    assert portable("[a-z]+_[0-9]{4}") == "[a-z]+_[0-9]{4}"
