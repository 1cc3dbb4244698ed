"""The apps that are synthesized, snapshotted, linted and checked: stacks by environment and partition, and examples."""

from __future__ import annotations

import re
import runpy
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest

import app as project
from stacks.custom_resources import limit_roles_to_account
from stacks.decisions import accept, accept_logs_in_one_region
from tests.tools import PROJECT, Template, new_app

REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
ENVIRONMENTS = tuple(project.ENVIRONMENTS)
EXAMPLES = tuple(path.stem for path in sorted((PROJECT / "examples").glob("*.py")) if path.stem != "__init__")
# The network of an example is the shortest that works; stacks/network.py has one that passes all rule packs.
NETWORK = "ExampleNetwork"
_NETWORK_FINDINGS = [
    f"{pack}-{rule}"
    for pack in ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
    for rule in ("VPCFlowLogsEnabled", "VPCSubnetAutoAssignPublicIpDisabled", "VPCNoUnrestrictedRouteToIGW")
]


# Removed when the test process ends: tests add to the apps of examples, whose assets are read again.
_FOLDERS = tempfile.TemporaryDirectory()


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


@cache
def example(name: str) -> Synthesized:
    """One example, which runs as a program, copied with the files that it requires into a folder of its own."""
    app, ended = new_app(validate=True), list[cdk.App]()

    def end(ended_app: cdk.App) -> None:
        ended.append(ended_app)

    folder = tempfile.mkdtemp(dir=_FOLDERS.name)
    with pytest.MonkeyPatch.context() as patch:
        program = shutil.copy(source_of(name), folder)
        for file in required_files(name):
            target = Path(folder, file)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / "examples" / file, target)
        patch.chdir(folder)
        # What depends on the company is decided between the end of the program and the synthesis.
        patch.setattr(cdk.App, "synth", end)
        patch.setattr(cdk, "App", lambda: app)
        runpy.run_path(program, run_name="__main__")
        patch.undo()
        assert ended == [app]
        accept_logs_in_one_region(app)
        for stack in app.node.children:
            if isinstance(stack, cdk.Stack):
                limit_roles_to_account(stack)
        if network := app.node.try_find_child(NETWORK):
            accept(
                network, ["AwsSolutions-VPC7", *_NETWORK_FINDINGS], "An example has the shortest network that works."
            )
        return _synthesize(app)


def required_files(name: str) -> list[str]:
    """The files that the docstring of an example names."""
    (line,) = re.findall(r"^Files: (.*(?:\n.+)*)", source_of(name).read_text(), re.MULTILINE) or [""]
    return re.findall(r"``(.+?)``", line)


def all_apps() -> dict[str, Any]:
    """Every app of the catalogue: what makes it, by a readable name."""
    made: dict[str, Any] = {f"environment {name}": (environment, name) for name in ENVIRONMENTS}
    return made | {f"example {name}": (example, name) for name in EXAMPLES}


def source_of(name: str) -> Path:
    return PROJECT / "examples" / f"{name}.py"
