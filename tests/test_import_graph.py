"""The modules of the package import each other one way, imports for type checkers and late ones included."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

from tests.tools import PROJECT

PACKAGE = PROJECT / "emr_constructs"
# From the top down: a folder imports those that come after it.
FOLDERS = [
    "__main__",
    "emr_rules",
    "acknowledgments",
    "studio",
    "workflows",
    "clusters",
    "monitoring",
    "security",
    "network",
    "capacity",
    "hbase",
    "software",
    "steps",
    "cli",
    "generate",
    "policies",
    "prices",
    "templates",
    "rules",
    "data",
    "interfaces",
    "_core",
    "_version",
]
UPWARDS = {
    ("data", "rules"): "refreshing the facts needs the order of releases; the package does not load it",
}


def import_graph():
    """The modules of the package that each of them imports, by dotted name below the package."""
    paths = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in PACKAGE.rglob("*.py")}
    modules = {tuple(part for part in parts if part != "__init__"): (parts, path) for parts, path in paths.items()}
    graph = {}
    for name, (parts, path) in modules.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = (*parts[: len(parts) - node.level], *(node.module.split(".") if node.module else ()))
                found |= {(*base, alias.name) if (*base, alias.name) in modules else base for alias in node.names}
        graph[".".join(name)] = {".".join(target) for target in found} - {".".join(name)}
    return graph


def test_no_module_imports_itself_by_way_of_others():
    # A package imports what is in it, and its modules import from it what only it has.
    graph = {name: found for name, found in import_graph().items() if name not in ("", "rules", "cli", "data")}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_folders_import_downwards():
    upwards = {}
    for name, found in import_graph().items():
        for target in found:
            above, below = name.split(".")[0], target.split(".")[0]
            if name and target and FOLDERS.index(above) > FOLDERS.index(below):
                upwards.setdefault((above, below), set()).add(f"{name} -> {target}")
    assert {pair: found for pair, found in upwards.items() if pair not in UPWARDS} == {}
    assert upwards.keys() == UPWARDS.keys()


def test_constructs_take_what_an_interface_has():
    asked = re.compile(r"""getattr\((self\.)?_?(cluster|profile|studio|holder)\b""")
    assert [path.name for path in PACKAGE.rglob("*.py") if asked.search(path.read_text())] == []


def test_every_folder_has_its_place():
    assert {name.split(".")[0] for name in import_graph()} - {""} == set(FOLDERS)
