"""The words of messages, docstrings, rules and pages: found in the sources, without importing the package."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from string import ascii_uppercase
from typing import NamedTuple

import pytest

from tests.tools import PROJECT

PACKAGE = PROJECT / "emr_constructs"
SOURCES = [*PACKAGE.rglob("*.py"), *(PROJECT / "stacks").glob("*.py"), *(PROJECT / "examples").glob("*.py")]
RULES = [*(PACKAGE / "data" / "rules").glob("*.yaml")]
PAGES = [
    *(PROJECT / "docs").glob("*.md"),
    *(PROJECT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")),
]

# What to write, and the words for it that aren't used.
WORDS = {
    "reject, require, create, specify, pass": (r"(?:refus|giv|mak)(?:e|es|ed|ing)|made|given|(?:want|need)(?:s|ed)?"),
    "accept, use, require": r"(?:takes?|taken|taking)(?! (?:effect|as long|long|longer|half))",
    "notify, publish, report": r"tells?|telling|told",
    "only": r"alone",
    "also": r"besides|too(?! (?:deeply|early|few|large|late|little|long|low|many|much|old|small))",
    "next to, instead of": r"beside",
    "you, the principal, the user": r"whoever|whom|some(?:body|one)|any(?:body|one "
    "else)|nobody|I(?!/O)|we|our|my|let's",
    "for example, that is": r"e\.g\.|i\.e\.|etc\.",
    "a string": r"(?:a|one|another|empty) text(?! (?:input|file))",
    "if": r"(?:none|empty|absent) where",
}
BRITISH = """
    behaviours? colours? licences? catalogues? honours? favours? centres? defences? artefacts? dialogues? grey
    programmes? cancell(?:ed|ing) label(?:led|ling) model(?:led|ling) analys(?:e|ed|ing) synthesis(?:e|ed|es|ing)
    misspelt learnt whilst amongst towards
    (?:author|custom|initial|maxim|minim|normal|optim|organ|recogn|serial|summar|synchron|visual)is(?:e[sd]?|ing|ations?)
"""
ROLE = re.compile(r":(?:class|meth|func|attr|mod|ref|data|exc|obj|py:\w+):`")
SHOUT = re.compile(r"[A-Za-z)]!(?=\s|$)")
# Code, quotations, addresses and names, which aren't prose.
CODE = re.compile(
    r"``.*?``|`[^`\n]*`|\{[^{}]*\}|\[[^\]\n]*\]\([^)\n]*\)|https?://\S+|'[^' ]*'|:param \w+:|--[\w-]+|<[^<> ]*>", re.S
)
IMPERATIVES = """
    acknowledge add allow append assign attach call change check combine configure convert correct create define
    disable enable exclude export extend grant import improve include increase install join keep launch leave
    let limit list lower merge migrate move name nest omit open pass put raise read recreate refer remove rename
    replace require restore restrict run select set shorten specify split start state store submit swap tag
    terminate trust type unset update upload use wait wrap write
"""
GUIDE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = GUIDE.partition("| write | not |")[2].partition("\n\n")[0]
# Names in the language of a file, a command or an API.
JUSTIFIED = {
    ("emr_constructs/rules/acknowledgments.py", "id"),  # the key in metadata and in pyproject.toml
}
SAYS_WHAT_IS_WRONG = re.compile(r"\b(?:must|can't|requires?)\b")


class Text(NamedTuple):
    """A text that people read."""

    place: str
    text: str
    is_message: bool = False


def of_literal(node: ast.AST) -> str | None:
    """The text of a string or an f-string, with ``{}`` for each placeholder."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(map(str, parts))
    return None


def of_source(source: str, place: str) -> Iterator[Text]:
    """The docstrings of a module, also those of attributes, its messages and its other sentences."""
    stack: list[ast.AST] = [ast.parse(source)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):
                yield Text(f"{place}:{node.lineno}", without_examples(inspect.cleandoc(node.value.value)))
            continue
        text = of_literal(node)
        if text is None:
            stack.extend(ast.iter_child_nodes(node))
        elif is_sentence(text):
            is_message = text[0] not in f"{ascii_uppercase};," and bool(SAYS_WHAT_IS_WRONG.search(text))
            yield Text(f"{place}:{getattr(node, 'lineno', 0)}", text, is_message)


def is_sentence(text: str) -> bool:
    """Whether a string is prose, neither code nor a list of names."""
    words = text.split()
    plain = [word for word in words if re.fullmatch(r"[A-Za-z'-]+[,.;:]?", word)]
    return len(words) > 3 and len(plain) > 0.6 * len(words) and "$" not in text and "\n" not in text


def without_examples(docstring: str) -> str:
    """A docstring without its blocks of code."""
    return "\n\n".join(part for part in docstring.split("\n\n") if not part.startswith("    "))


def of_page(text: str, place: str) -> Iterator[Text]:
    """The lines of a page outside of its blocks of code."""
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        is_code ^= line.startswith("```")
        if not is_code:
            yield Text(f"{place}:{number}", line)


def of_rules(text: str, place: str) -> Iterator[Text]:
    """The reasons in a file of rules, and how the library satisfies each rule."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"    (?:why|library): (.+)", line):
            yield Text(f"{place}:{number}", match[1])


def terms() -> dict[str, str]:
    """The table of terms in the contribution guide: the name of each thing, and other names for it."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", TABLE, re.M)
    return {name: "|".join(map(re.escape, others.split(", "))) for name, others in rows[1:]}


WRITE_INSTEAD = {
    **{instead: f"(?i:{words})" for instead, words in WORDS.items()},
    "the American spelling": f"(?i:{'|'.join(BRITISH.split())})",
    **terms(),
}
NOT_USED = re.compile(
    rf"(?<![\w.'/=-])(?:{'|'.join(f'(?P<n{at}>{words})' for at, words in enumerate(WRITE_INSTEAD.values()))})"
    r"(?![\w'=(-]|\.\w)"
)


def problems_of(text: Text) -> Iterator[str]:
    """What is wrong with the wording of a text."""
    prose = CODE.sub(" ", text.text)
    for found in NOT_USED.finditer(prose):
        if (text.place.partition(":")[0], found[0]) not in JUSTIFIED:
            yield f"{found[0]!r}: write {list(WRITE_INSTEAD)[int((found.lastgroup or 'n0')[1:])]}"
    if ROLE.search(text.text):
        yield "a role of Sphinx"
    if SHOUT.search(prose):
        yield "an exclamation mark"
    if text.is_message:
        yield from problems_of_message(text.text)


def problems_of_message(message: str) -> Iterator[str]:
    """What is wrong with the form ``<thing> must <condition>, got <value>; <imperative>``."""
    condition, _, fix = message.partition("; ")
    if message.endswith(".") and not message.endswith("..."):
        yield "a full stop"
    if fix and not fix.startswith("{") and fix.split()[0] not in IMPERATIVES.split():
        yield f"{fix.split()[0]!r}: begin the fix with an imperative"
    # A placeholder shows the value, which a thing that is empty or missing doesn't have.
    if (
        fix
        and " must " in condition
        and not re.search(r", got |\{\}| must not be empty$| must be specified$", condition)
    ):
        yield "no value: write ', got ...'"


@cache
def all_texts() -> list[Text]:
    """Every text of the package, of its rules, of the stacks and examples, and of the pages."""
    return [
        text
        for read, paths in ((of_source, SOURCES), (of_rules, RULES), (of_page, PAGES))
        for path in paths
        for text in read(path.read_text(encoding="utf-8").replace(TABLE, ""), path.relative_to(PROJECT).as_posix())
    ]


def test_texts_have_the_words_of_the_contribution_guide():
    found = [f"{text.place}: {problem}" for text in all_texts() for problem in problems_of(text)]
    assert not found, "\n".join(found)


def test_no_exception_is_out_of_date():
    for path, word in JUSTIFIED:
        texts = [CODE.sub(" ", text.text) for text in all_texts() if text.place.startswith(f"{path}:")]
        assert any(re.search(rf"\b{word}\b", text) for text in texts), (path, word)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("size must be 1, got 2; use 1.", "a full stop"),
        ("size must be 1; use 1", "no value"),
        ("size must be 1, got 2; a size of 1", "begin the fix with an imperative"),
        ("size must be 1, got 2; give a size", "'give': write reject"),
        ("id must be unique, got 2; use an ID", "'id': write ID"),
        ("vpc must be in the region of the stack, got {found}; use another VPC", "'region': write Region"),
        ("reason must be a text, got {reason!r}; state it", "'a text': write a string"),
        ("zone must be a zone, got {zone!r}; ask somebody", "'somebody': write you"),
        ("bucket must be encrypted, got none; encrypt it!", "an exclamation mark"),
    ],
)
def test_finds_what_is_wrong_with_a_message(message, problem):
    (text,) = of_source(f'raise EmrError(f"{message}")', "module.py")
    assert text.is_message
    assert any(problem in found for found in problems_of(text))


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("EMR refuses the value.", "'refuses': write reject"),
        ("We recommend a NAT gateway.", "'We': write you"),
        ("The behaviour of a cancelled step.", "'behaviour': write the American spelling"),
        ("See :class:`Cluster`.", "a role of Sphinx"),
        ("The master node takes a role.", "'master node': write primary node"),
        ("Return the version too.", "'too': write also"),
        ("The name; None where it isn't known.", "'None where': write if"),
        ("The policy, e.g. a managed one.", "'e.g.': write for example"),
    ],
)
@pytest.mark.parametrize("form", ['"""{}"""', 'value: int\n"""{}"""', 'def function():\n    """{}"""'])
def test_finds_what_is_wrong_with_a_docstring(form, sentence, problem):
    (text,) = (found for found in of_source(form.format(sentence), "module.py"))
    assert any(problem in found for found in problems_of(text))
    assert any(problem in found for line in of_page(f"# Title\n\n{sentence}", "page.md") for found in problems_of(line))
    assert any(problem in found for line in of_rules(f"    why: {sentence}", "a.yaml") for found in problems_of(line))


@pytest.mark.parametrize(
    "source",
    [
        '"""The ``id`` of a `region`, from https://example.com/refuse."""',
        '"""Usage first.\n\n    make(wants=1)\n\nThe cluster is too large."""',
        'call("--region {region} of the cluster takes effect")',
        "raise EmrError(f\"{name} must be one of {known}, got 'master node'; use Termination.manual(...)\")",
        'raise EmrError("states must not be empty; specify at least one")',
    ],
)
def test_leaves_code_and_values_alone(source):
    assert [problem for text in of_source(source, "module.py") for problem in problems_of(text)] == []
