"""The apps that are synthesized, snapshotted, linted and checked: stacks by environment and partition, and examples."""

from __future__ import annotations

import importlib
import inspect
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk

import app as project
from examples.network import network
from stacks.decisions import accept_logs_in_one_region
from tests.tools import PROJECT, Template, new_app

REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
ENVIRONMENTS = tuple(project.ENVIRONMENTS)
EXAMPLES = tuple(
    path.stem for path in sorted((PROJECT / "examples").glob("*.py")) if path.stem not in ("__init__", "network")
)
# What an example wants from its network.
_NETWORKS: dict[str, dict[str, Any]] = {"restricted": {"nat_gateways": 0, "interface_endpoints": True}}


class Synthesized(NamedTuple):
    app: cdk.App
    templates: dict[str, Template]


def _synthesize(app: cdk.App) -> Synthesized:
    return Synthesized(app, {stack.stack_name: stack.template for stack in app.synth().stacks})


@cache
def environment(name: str, partition: str | None = None) -> Synthesized:
    """The app of this project in an environment, in no known region or in one of a partition."""
    app = new_app(validate=True, environment=name)
    project.build(app, env=cdk.Environment(region=REGIONS[partition]) if partition else None)
    return _synthesize(app)


def stack_class(name: str) -> tuple[type[cdk.Stack], bool]:
    """The stack of an example, and whether it requires a VPC."""
    module = importlib.import_module(f"examples.{name}")
    (stack,) = (
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, cdk.Stack) and found.__module__ == module.__name__
    )
    return stack, "vpc" in inspect.signature(stack.__init__).parameters


@cache
def example(name: str) -> Synthesized:
    """One example in its network."""
    stack, needs_network = stack_class(name)
    app = new_app(validate=True)
    accept_logs_in_one_region(app)
    more = {"vpc": network(app, **_NETWORKS.get(name, {}))} if needs_network else {}
    stack(app, stack.__name__.removesuffix("Stack"), **more)
    return _synthesize(app)


def all_apps() -> dict[str, Any]:
    """Every app of the catalogue: what makes it, by a readable name."""
    made: dict[str, Any] = {f"environment {name}": (environment, name) for name in ENVIRONMENTS}
    return made | {f"example {name}": (example, name) for name in EXAMPLES}


def source_of(name: str) -> Path:
    return PROJECT / "examples" / f"{name}.py"
