"""How much the library costs beside a hand-written app that yields the same templates.

``python -m benchmarks.run [COUNT ...]`` prints, for each number of clusters, the jsii calls and the seconds that it
takes to build them (without synthesis, which is the same work for the same templates), and the ratio. It fails when the
templates differ, when the ratio of calls is above what ``--limit`` allows, or when an import takes 50 ms more.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["CDK_VALIDATION"] = "false"

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from jsii._kernel.providers import process

import emr_constructs as emr
from benchmarks import hand_written

CONTEXT = json.loads(Path("cdk.json").read_text())["context"]
Define = Callable[[cdk.Stack, ec2.Vpc], None]
IMPORT_LIMIT = 50
calls = 0


def count_calls() -> None:
    send = process._NodeProcess.send

    def counting(self, request, response_type):
        global calls  # noqa: PLW0603
        calls += 1
        return send(self, request, response_type)

    process._NodeProcess.send = counting


def with_library(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    profile = emr.ClusterProfile(stack, "Profile", vpc=vpc)
    cluster = emr.Cluster(stack, "Cluster", profile=profile, applications=[emr.Application.SPARK])
    emr.ClusterAlarms(stack, "Alarms", cluster=cluster)


def build(define: Define, clusters: int) -> tuple[cdk.App, int, float]:
    app = cdk.App(context=CONTEXT)
    vpc = ec2.Vpc(cdk.Stack(app, "Network"), "Vpc", max_azs=2)
    stacks = [cdk.Stack(app, f"Analytics{number}") for number in range(clusters)]
    gc.collect()
    before, start = calls, time.perf_counter()
    for stack in stacks:
        define(stack, vpc)
    return app, calls - before, time.perf_counter() - start


def templates(app: cdk.App) -> dict[str, object]:
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def import_milliseconds(*statements: str) -> float:
    """The best of several new processes, which is the least disturbed one; the first one compiles."""
    code = "import time; start = time.perf_counter()\n" + "\n".join(statements)
    code += "\nprint((time.perf_counter() - start) * 1000)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, check=True, env=environment) for _ in range(6)]
    return min(float(run.stdout) for run in runs)


def aws_modules(statement: str) -> list[str]:
    """The modules of CDK that ``statement`` loads, which whoever uses the same services loads too."""
    code = f"import sys; {statement}; print(*[name for name in sys.modules if name[:7] == 'aws_cdk'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return [name for name in run.stdout.split() if "._" not in name]


def imports_are_slow() -> bool:
    slow = False
    for what, names, limited in (
        ("import emr_constructs", None, True),
        (
            "the names of a cluster",
            "Application, Cluster, ClusterAlarms, ClusterProfile, ReleaseLabel, Script, Step",
            True,
        ),
        ("all of its names", "*", False),
    ):
        statement = "import emr_constructs" if names is None else f"from emr_constructs import {names}"
        modules = [f"import {name}" for name in aws_modules(statement) or ["aws_cdk"]]
        alone = import_milliseconds(*modules)
        added = import_milliseconds(*modules, statement) - alone
        slow |= limited and added > IMPORT_LIMIT
        print(f"{what}: {added:+.0f} ms over the {alone:.0f} ms of the aws_cdk modules that it uses")
    return slow


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[1, 10, 50, 200])
    parser.add_argument("--limit", type=float, default=1.0, help="the highest ratio of jsii calls that passes")
    parser.add_argument("--no-imports", action="store_true", help="leave out the time that an import takes")
    options = parser.parse_args()
    count_calls()
    for define in (with_library, hand_written.define):
        build(define, 2)  # loads modules and warms up the Node process
    failed = False
    print(f"{'clusters':>8} {'':>6} {'library':>10} {'by hand':>10} {'ratio':>6} {'per cluster':>12}")
    for count in options.counts:
        # In turns, so that a disturbance of the machine hits both.
        rounds = 5 if count <= 10 else 3
        runs = [(build(with_library, count), build(hand_written.define, count)) for _ in range(rounds)]
        (library_app, library_calls, _), (twin_app, twin_calls, _) = runs[-1]
        library_time = min(library for (_, _, library), _ in runs)
        twin_time = min(twin for _, (_, _, twin) in runs)
        same = templates(library_app) == templates(twin_app)
        ratio = library_calls / twin_calls
        failed |= not same or ratio > options.limit
        print(
            f"{count:>8} {'calls':>6} {library_calls:>10} {twin_calls:>10} {ratio:>6.2f} {library_calls / count:>12.1f}"
        )
        print(
            f"{'':>8} {'s':>6} {library_time:>10.3f} {twin_time:>10.3f} {library_time / twin_time:>6.2f} "
            f"{library_time / count * 1000:>9.1f} ms   templates {'identical' if same else 'DIFFER'}"
        )
    if not options.no_imports:
        failed |= imports_are_slow()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
