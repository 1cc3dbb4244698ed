"""The layout of expressions is the one of ``ruff format``, and says what the tree says."""

from __future__ import annotations

import subprocess

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emr_constructs.generate.code import (
    Attribute,
    Call,
    Commented,
    Entries,
    Items,
    Joined,
    Literal,
    Name,
    Remark,
    assignment,
    joined,
    layout,
)

TEXT = st.text(max_size=40) | st.from_regex(r"[a-z/:'\"{}\\-]{0,60}", fullmatch=True)
WORDS = st.from_regex(r"x[a-z_]{1,25}", fullmatch=True)
SCALARS = TEXT | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
NAMES = st.builds(lambda parts: Name(".".join(parts)), st.lists(WORDS, min_size=1, max_size=3))
ATOMS = st.builds(Literal, SCALARS) | NAMES


def compound(inner):
    element = inner | st.builds(Commented, inner, st.just("TODO: a\nb"))
    function = st.builds(lambda name: name.text, NAMES) | st.builds(Attribute, NAMES, WORDS)
    call = st.builds(Call, function, st.lists(element, max_size=3), st.dictionaries(WORDS, element, max_size=4))
    return st.one_of(
        call,
        st.builds(Attribute, call, WORDS),
        st.builds(Items, st.lists(element | st.just(Remark("TODO: c")), max_size=5)),
        st.builds(Entries, st.dictionaries(TEXT, element, max_size=4)),
        st.builds(joined, st.lists(st.one_of(TEXT, NAMES, call), max_size=4)),
    )


CODES = st.recursive(ATOMS, compound, max_leaves=12)
FEW = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


class Recorded(str):
    """Text that records what is done with it."""

    def __getattr__(self, name):
        return Recorded(f"{self}.{name}")

    def __call__(self, *args, **options):
        return Recorded(f"{self}({args!r}, {options!r})")


class Anything(dict):
    def __missing__(self, name):
        return Recorded(name)


def value_of(code):
    """The value of an expression, without its source."""
    match code:
        case Literal(value):
            return value
        case Name(text) | str(text):
            return Recorded(text)
        case Joined(parts):
            return "".join(part if isinstance(part, str) else value_of(part) for part in parts)
        case Commented():
            return value_of(code.code)
        case Call():
            options = {name: value_of(item) for name, item in code.options.items()}
            return value_of(code.function)(*map(value_of, code.args), **options)
        case Attribute():
            return getattr(value_of(code.owner), code.name)
        case Items():
            return [value_of(item) for item in code.items if not isinstance(item, Remark)]
        case _:
            return {key: value_of(item) for key, item in code.entries.items()}


@FEW
@given(CODES)
def test_the_source_has_the_value_of_the_tree(code):
    found = eval(layout(code), Anything({"float": float, "__builtins__": {}}))
    assert repr(found) == repr(value_of(code))


def formatted(folder):
    """What ruff with its defaults reports for the Python files of a folder."""
    run = ["ruff", "format", "--isolated", "--diff", "--no-cache", str(folder)]
    return subprocess.run(run, capture_output=True, text=True, check=False).stdout


def test_the_layout_is_that_of_ruff(tmp_path):
    sources = []

    @FEW
    @given(CODES, st.integers(0, 3))
    def collect(code, depth):
        indent = " " * 4 * depth
        blocks = "".join(f"{' ' * 4 * level}if True:\n" for level in range(depth))
        sources.append(f"{blocks}{indent}{assignment('self.value', code, len(indent))}\n")

    collect()
    for number, source in enumerate(sources):
        (tmp_path / f"module{number}.py").write_text(source, encoding="utf-8")
    assert formatted(tmp_path) == ""
