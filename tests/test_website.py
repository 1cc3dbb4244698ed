"""The documentation site: its pages, the reference that is generated, and the links between them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import PurePosixPath

import griffe
import pytest
import yaml
from markdown_it import MarkdownIt

import emr_constructs
from emr_constructs.capacity.instance_types import SupportedInstanceType
from emr_constructs.cli import main
from emr_constructs.monitoring.metrics import ClusterMetrics
from emr_constructs.network.ports import ClusterPort
from emr_constructs.rules.instance_types import type_names
from emr_constructs.software.applications import Application
from emr_constructs.software.release_label import ReleaseLabel
from tests.tools import PROJECT
from website.pages import pages
from website.paths import linked, site_paths
from website.reference import FIRST, names_by_topic
from website.signatures import internal_names, is_created_with_factories, public_names, shown_objects
from website.tables import METRICS, attributes

EXTENSIONS = ("website.signatures", "griffe_inherited_docstrings", "unpack_typeddict")


class Loader(yaml.SafeLoader):
    """Reads the configuration without the Python objects that MkDocs resolves."""


Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
Loader.add_constructor("!ENV", lambda *_: None)
CONFIGURATION = yaml.load((PROJECT / "mkdocs.yml").read_text(), Loader)


@cache
def site():
    return {path: content.decode() for path, content in pages()}


def entries(navigation):
    """The pages of a part of the navigation."""
    for entry in navigation:
        target = next(iter(entry.values())) if isinstance(entry, dict) else entry
        yield from entries(target) if isinstance(target, list) else [target]


def test_the_navigation_has_every_page_once():
    listed = Counter(entries(CONFIGURATION["nav"]))
    # Guides link the examples.
    assert listed == Counter(path for path in site() if path.endswith(".md") and not path.startswith("examples/"))


def test_the_reference_has_every_public_name_once():
    names = [name for names in names_by_topic().values() for name in names]
    assert sorted(names) == sorted(emr_constructs.__all__)
    assert set(FIRST) <= set(names)
    text = "\n".join(site().values())
    assert {name: text.count(f"::: emr_constructs.{name}\n") for name in names} == dict.fromkeys(names, 1)


def test_no_page_is_written_twice():
    assert [path for path, count in Counter(path for path, _ in pages()).items() if count > 1] == []


PATHS = {
    "docs/a.md": "a.md",
    "docs/rules/b.md": "rules/b.md",
    "README.md": "overview.md",
    "examples/c.py": "examples/c.md",
}


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("docs/a.md", "[one](rules/b.md#two)", "[one](rules/b.md#two)"),
        ("docs/rules/b.md", "[one](../a.md)", "[one](../a.md)"),
        ("docs/a.md", "[one](../README.md#two), [c](../examples/c.py)", "[one](overview.md#two), [c](examples/c.md)"),
        ("docs/rules/b.md", "[`c`](../../examples/c.py)", "[`c`](../examples/c.md)"),
        ("README.md", "[one](docs/a.md) and [two](docs/rules/b.md)", "[one](a.md) and [two](rules/b.md)"),
        ("README.md", "[app](app.py) without a page", "app without a page"),
        ("docs/a.md", "[gone](gone.md)", "[gone](gone.md)"),
        ("docs/a.md", "| `a \\| b` | c \\| d |", "| `a | b` | c \\| d |"),
        ("docs/a.md", "- one\n  - [two](b.md)\n    more", "- one\n    - [two](b.md)\n    more"),
        (
            "docs/a.md",
            "[here](#one) [there](https://aws.amazon.com/emr)",
            "[here](#one) [there](https://aws.amazon.com/emr)",
        ),
        (
            "docs/a.md",
            "```md\n[one](../README.md)\n```\n[two](../README.md)",
            "```md\n[one](../README.md)\n```\n[two](overview.md)",
        ),
    ],
)
def test_links_lead_to_pages_of_the_site(source, text, expected):
    assert linked(text, source, PATHS) == expected


def test_every_example_and_root_document_is_on_the_site():
    paths = site_paths()
    assert {path.relative_to(PROJECT).as_posix() for path in PROJECT.glob("examples/[!_]*.py")} <= paths.keys()
    assert {path.name for path in PROJECT.glob("*.md")} <= paths.keys()


@pytest.mark.parametrize(
    ("page", "owner"), [("releases", ReleaseLabel), ("applications", Application), ("ports", ClusterPort)]
)
def test_a_table_has_every_constant(page, owner):
    text = site()[f"reference/{page}.md"]
    names = [name for name, value in vars(owner).items() if isinstance(value, owner)]
    assert [name for name in names if text.count(f"| `{owner.__name__}.{name}` |") != 1] == []


def test_the_table_of_instance_types_has_their_facts():
    rows = [line.split(" | ") for line in site()["reference/instance-types.md"].splitlines() if line.startswith("| ")]
    found = {row[0].removeprefix("| "): row for row in rows[2:]}
    assert list(found) == list(type_names())
    known = SupportedInstanceType.find("m7g.xlarge")
    assert found["m7g.xlarge"][1:5] == [
        known.architecture,
        str(known.vcpu),
        f"{known.memory_gib:g}",
        f"{known.yarn_memory_mib:,}",
    ]


def test_the_table_of_releases_has_applications_and_dates():
    text = site()["reference/releases.md"]
    release = ReleaseLabel.EMR_7_14_0
    assert f"| {release.standard_support_until} | {release.end_of_life} |" in text
    assert f"| {release} | {', '.join(f'{name} {version}' for name, version in release.applications.items())} |" in text


def test_the_table_of_metrics_has_every_method():
    text = site()["reference/metrics.md"]
    for statement, _ in attributes(METRICS, "ClusterMetrics"):
        (name,) = (target.id for target in statement.targets)
        metric = getattr(ClusterMetrics("j-1"), name)()
        assert f"| `{name}` | `{metric.metric_name}` | {metric.statistic} |" in text


def test_the_command_line_has_every_option():
    text = site()["reference/command-line.md"]
    for name, command in main.commands.items():
        assert f"\n## {name}\n" in text
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert [option for option in options if f"`{option}" not in section] == []


@pytest.fixture(scope="module")
def package():
    return griffe.load(
        "emr_constructs", search_paths=[PROJECT], extensions=griffe.load_extensions(*EXTENSIONS), resolve_aliases=True
    )


def test_signatures_have_only_names_that_the_reference_has(package):
    public = public_names(package)
    shown = {found.path: internal_names(found, public) for found in shown_objects(package)}
    assert {path: names for path, names in shown.items() if names and not path.rpartition(".")[2].startswith("_")} == {}


def test_everything_in_the_reference_has_a_docstring(package):
    """Apart from constants, which are in tables, and fields of values that factories create."""
    missing = [
        found.path
        for found in shown_objects(package)
        if not found.docstring
        and not found.name.startswith("_")
        and not found.name.isupper()
        and not (found.is_attribute and is_created_with_factories(found.parent))
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["S3Encryption", "Kerberos", "ScalingRule"])
def test_values_of_factories_have_no_constructor(package, name):
    assert "__init__" not in package[name].final_target.members


def test_signatures_are_those_of_users(package):
    group = {parameter.name: parameter for parameter in package["InstanceGroup"].final_target.parameters}
    assert str(group["ebs_optimized"].annotation) == "bool | str | None"
    assert str(group["ebs_volumes"].default) == "()"
    cluster = {parameter.name: parameter for parameter in package["Cluster"].final_target.parameters}
    assert str(cluster["unhealthy_node_replacement"].annotation) == "bool | str | None"
    alarms = {parameter.name: parameter for parameter in package["ClusterAlarms"].final_target.parameters}
    assert "Default" not in str(alarms["idle_for"].annotation)
    assert str(alarms["idle_for"].default) == "..."
    assert "metric" in package["ClusterMetrics"].final_target.members
    assert "is_idle" not in package["ClusterMetrics"].final_target.members


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site, without its search index."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DOCS_SEARCH": "false"}
    for command in (["website"], ["mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    return folder


def article(built, path):
    page = PurePosixPath(path)
    file = "index.html" if path == "index.md" else f"{page.with_suffix('')}/index.html"
    return re.search(r"<h1.*?</article>", (built / file).read_text(), re.DOTALL)[0]


def test_the_site_builds_without_warnings(built):
    assert "Whether EMR replaces core nodes" in article(built, "reference/clusters.md")


def test_pages_look_as_on_a_git_host(built):
    """Markdown has dialects: lists without an empty line before them, nested lists, bars in tables."""
    markdown = MarkdownIt("commonmark").enable("table")
    wrong = []
    for path, text in site().items():
        if path.endswith(".md") and not path.startswith(("examples/", "reference/")):
            expected, found = markdown.render(text), article(built, path)
            tags = ("li", "ul", "ol", "table", "tr", "td", "pre", "code", "h2", "h3", "p", "strong")
            counts = {tag: (len(re.findall(rf"<{tag}[ >]", page)) for page in (expected, found)) for tag in tags}
            wrong += [f"{path}: {tag}" for tag, (first, second) in counts.items() if first != second]
    assert wrong == []


def test_docstrings_have_no_roles_that_only_sphinx_renders():
    role = re.compile(r":(class|meth|func|attr|mod|data|exc|obj|ref|doc):`")
    modules = (PROJECT / "emr_constructs").rglob("*.py")
    assert [path.name for path in modules if role.search(path.read_text())] == []
