"""The layout of expressions is the one of ``ruff format``, and says what the tree says."""

from __future__ import annotations

from random import Random

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
    imports,
    joined,
    modules,
    todo_text,
)
from emr_constructs.generate.layout import assignment, layout
from tests.generate.tools import ruff_problems

TEXTS = (
    "", "a", "two words", "it's", 'say "yes"', "\\", "line\nbreak", "{", "}}", "é", "中文", "\x00", "\ud800", "x" * 30,
    "s3://bucket/key", "\"'\"'", "\u200b",
)  # fmt: skip
SCALARS = (*TEXTS, *TEXTS, 0, -1, 10**20, 0.5, 1e300, -1e-7, float("inf"), True, False, None)
WORDS = ("x", "xy", "x_name", "x_longer_name", "x_an_even_longer_name")


class Trees:
    """Makes expressions at random."""

    def __init__(self, seed):
        self.random = Random(seed)

    def some(self, factory, most=4):
        return [factory() for _ in range(self.random.randint(0, most))]

    def word(self):
        return self.random.choice(WORDS)

    def name(self):
        return Name(".".join(self.word() for _ in range(self.random.randint(1, 3))))

    def text(self):
        return self.random.choice(TEXTS)

    def tree(self, depth=4):
        if depth == 0 or self.random.random() < 0.2:
            return self.name() if self.random.random() < 0.3 else Literal(self.random.choice(SCALARS))
        kinds = (self.call, self.call, self.method, self.attribute, self.items, self.entries, self.joined)
        return self.random.choice(kinds)(depth - 1)

    def element(self, depth):
        found = self.tree(depth)
        return Commented(found, "TODO: a\nb") if self.random.random() < 0.05 else found

    def call(self, depth):
        options = {self.word(): self.element(depth) for _ in self.some(self.word)}
        return Call(self.name().text, self.some(lambda: self.element(depth), 3), options)

    def method(self, depth):
        owner = self.call(depth) if self.random.random() < 0.7 or depth < 1 else self.method(depth - 1)
        return Call(Attribute(owner, self.word()), self.some(lambda: self.element(depth), 2))

    def attribute(self, depth):
        return Attribute(self.call(depth), self.word())

    def items(self, depth):
        remark = Remark("TODO: c")
        return Items(self.some(lambda: remark if self.random.random() < 0.05 else self.element(depth)))

    def entries(self, depth):
        return Entries({self.text(): self.element(depth) for _ in self.some(self.word)})

    def joined(self, depth):
        kinds = (self.text, self.name, lambda: self.call(depth))
        return joined([self.random.choice(kinds)() for _ in self.some(self.word)])


SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))


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
@given(SEEDS)
def test_the_source_has_the_value_of_the_tree(seed):
    code = Trees(seed).tree()
    found = eval(f"({layout(code)}\n)", Anything({"float": float, "__builtins__": {}}))
    assert repr(found) == repr(value_of(code))


def test_the_layout_is_that_of_ruff(tmp_path):
    sources = []

    @FEW
    @given(SEEDS, st.integers(0, 3))
    def collect(seed, depth):
        code = Trees(seed).tree()
        indent = " " * 4 * depth
        blocks = "".join(f"{' ' * 4 * level}if True:\n" for level in range(depth))
        sources.append(f"{blocks}{indent}{assignment('self.value', code, len(indent))}\n")

    collect()
    for number, source in enumerate(sources):
        (tmp_path / f"module{number}.py").write_text(source, encoding="utf-8")
    assert ruff_problems(tmp_path, checks=False) == ""


def test_too_many_characters_break_brackets_first():
    call = Call("emr.Market.spot", (), {"bid_price": Literal("1")})
    group = Call("emr.InstanceGroup", (Literal("m7g.xlarge"), Literal(20)), {"market": call, "name": Literal("x" * 40)})
    assert layout(group, 4, 30) == (
        "emr.InstanceGroup(\n"
        '        "m7g.xlarge",\n'
        "        20,\n"
        '        market=emr.Market.spot(bid_price="1"),\n'
        f'        name="{"x" * 40}",\n'
        "    )"
    )


def test_comments_are_before_their_elements():
    options = {"a": Commented(Literal(1), "TODO: one\ntwo"), "B": Remark("TODO: B")}
    assert layout(Call("f", (), options)) == "f(\n    # TODO: one\n    # two\n    a=1,\n    # TODO: B\n)"


def test_a_comment_has_the_original_as_json():
    assert todo_text("BlockDurationMinutes", 60) == "TODO: BlockDurationMinutes: 60"
    assert todo_text("Placement", {"AvailabilityZone": "x" * 80}) == (
        f'TODO: Placement:\n{{\n  "AvailabilityZone": "{"x" * 80}"\n}}'
    )


def test_imports_are_those_of_the_modules_in_use():
    code = Call("emr.f", (joined(["a", Name("cdk.Aws.REGION")]),), {"b": Attribute(Call("s3.Bucket"), "name")})
    assert modules(code, Items([Commented(Name("iam.Role"), "x")]), Name("self.x")) == {"cdk", "emr", "iam", "s3"}
    assert imports({"s3", "emr", "cdk"}) == [
        "import aws_cdk as cdk",
        "import emr_constructs as emr",
        "from aws_cdk import aws_s3 as s3",
    ]


def test_texts_are_joined():
    assert joined([]) == Literal("")
    assert joined(["a", Literal("b"), joined(["c", Name("d")])]) == Joined(("abc", Name("d")))
    assert joined([Name("d")]) == Name("d")
    assert layout(joined(["{", Name("d"), '}"'])) == "f'{{{d}}}\"'"
    assert layout(joined(["a", Call("ref", (Literal("b"),))])) == "f\"a{ref('b')}\""
    assert layout(joined(["a", Call("ref", (Literal("\\"),))])) == '"".join(["a", ref("\\\\")])'
