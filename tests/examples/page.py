"""Writes the page on the examples, ``docs/examples.md``, from their docstrings: ``python -m tests.examples.page``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tests.catalogue import EXAMPLES, required_files, source_of
from tests.tools import PROJECT

PAGE = PROJECT / "docs" / "examples.md"
TOPICS = {
    "First clusters": ("quickstart", "nightly_job", "shared_profile", "existing_parts"),
    "Capacity and cost": ("graviton_saver", "spot_fleet", "sized_fleet", "high_availability", "custom_ami"),
    "Steps and scheduling": (
        "steps", "nightly_steps", "step_submission", "s3_dist_cp", "dynamodb_export", "launch_template",
    ),
    "Applications": ("hive_metastore_on_rds", "hbase_on_s3", "flink_streaming", "trino_with_glue"),
    "Notebooks": ("studio", "studio_templates"),
    "Security and network": ("own_encryption", "kerberos", "lake_formation", "restricted", "public_subnet"),
    "Operations": ("events", "cloudtrail", "company_rules"),
}  # fmt: skip
INTRODUCTION = """\
# Examples

Each file in `examples/` of the repository is an app with one stack, and most also have a network. To start from an
example, [install](getting-started.md#install) the library, then copy the file of the example, and the files in the
column *Files* with their folder, into an empty folder:

```sh
cdk --app "python3 quickstart.py" deploy --all
```

In your own app, import the VPC with `ec2.Vpc.from_lookup`. Replace names such as `company-data`, and IDs such as
`sg-0123456789abcdef0`, with yours. Some examples print warnings, each with its fix.

*Cost* names what is billed while the example runs, with the instance counts at launch and those of managed scaling. A
network adds a NAT gateway, unless the column says otherwise. [Costs](costs.md) describes what every cluster adds, and
what remains after `cdk destroy`.
"""


class Description(NamedTuple):
    shows: str
    cost: str


def description(name: str) -> Description:
    """The first paragraph of the docstring, and the sentence on the cost."""
    text = ast.get_docstring(ast.parse(source_of(name).read_text())) or ""
    shows, *_ = text.split("\n\n")
    _, found, cost = text.partition("\nCost: ")
    assert found, f"the docstring of {name} must have a line that begins with 'Cost: '"
    return Description(*(joined(part) for part in (shows, cost.partition("\nFiles: ")[0])))


def joined(text: str) -> str:
    line = " ".join(text.split()).replace("``", "`")
    return line[0].upper() + line[1:]


def linked(file: str) -> str:
    return f"[`{file}`](../examples/{file})"


def lines() -> Iterator[str]:
    yield INTRODUCTION
    for topic, names in TOPICS.items():
        yield f"## {topic}\n"
        yield "| Example | Shows | Cost | Files |"
        yield "| --- | --- | --- | --- |"
        for name in names:
            shows, cost = description(name)
            files = ", ".join(linked(file) for file in required_files(name))
            yield f"| {linked(f'{name}.py')} | {shows} | {cost} | {files} |"
        yield ""


def page() -> str:
    assert sorted(name for names in TOPICS.values() for name in names) == sorted(EXAMPLES)
    return "\n".join(lines()).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
