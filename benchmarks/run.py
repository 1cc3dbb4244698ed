"""How much the library costs beside a hand-written app that yields the same templates.

``python -m benchmarks.run [COUNT ...]`` prints, for each number of clusters, the jsii calls, the CPU time of Python and
Node, and the time that it takes to build them (without synthesis, which is the same work for the same templates). The
figure ``cold`` is the first cluster of a process whose modules are imported, each one in a process of its own. Library
and twin run in pairs and take turns in going first; a ratio is the median of those of the pairs.

It fails when the templates differ, when a ratio of calls, of CPU time (from 10 clusters on) or of cold CPU time is
above its limit, or when importing the names of a cluster takes more than 25 ms of CPU time over the modules of CDK that
it uses. The elapsed time is only printed: it depends on what else the machine does.

The twin acknowledges no findings of cdk-nag. The library doesn't either in an app that can't run cdk-nag, which is what
is measured; ``--cdk-nag`` includes its acknowledgments.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

os.environ["CDK_VALIDATION"] = "false"

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from jsii._kernel.providers import process

import emr_constructs as emr
from benchmarks import hand_written

CONTEXT = json.loads(Path("cdk.json").read_text())["context"]
Define = Callable[[cdk.Stack, ec2.Vpc], None]
IMPORT_LIMIT = 25
calls = 0


class Cost(NamedTuple):
    calls: int
    cpu: float
    """Seconds of Python and of the Node process."""
    elapsed: float


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


DEFINITIONS: dict[str, Define] = {"library": with_library, "twin": hand_written.define}


def children_cpu() -> float:
    """Seconds that the processes below this one have worked, from Linux; 0 elsewhere."""
    working: dict[int, list[tuple[int, int]]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # has ended
            continue
        working.setdefault(int(fields[1]), []).append((int(stat.parent.name), int(fields[11]) + int(fields[12])))

    def below(parent: int) -> Iterator[int]:
        for child, ticks in working.get(parent, []):
            yield ticks
            yield from below(child)

    return sum(below(os.getpid())) / os.sysconf("SC_CLK_TCK")


def build(define: Define, clusters: int) -> tuple[cdk.App, Cost]:
    app = cdk.App(context=CONTEXT)
    vpc = ec2.Vpc(cdk.Stack(app, "Network"), "Vpc", max_azs=2)
    stacks = [cdk.Stack(app, f"Analytics{number}") for number in range(clusters)]
    gc.collect()
    node, before = children_cpu(), calls
    python, start = time.process_time(), time.perf_counter()
    for stack in stacks:
        define(stack, vpc)
    python, elapsed = time.process_time() - python, time.perf_counter() - start
    return app, Cost(calls - before, python + children_cpu() - node, elapsed)


def templates(app: cdk.App) -> dict[str, object]:
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def in_pairs(run: Callable[[str], Cost], pairs: int) -> list[tuple[Cost, Cost]]:
    """The costs of the library and of the twin; each of them goes first in turn."""
    measured = []
    for number in range(pairs):
        names = ("library", "twin") if number % 2 == 0 else ("twin", "library")
        costs = {name: run(name) for name in names}
        measured.append((costs["library"], costs["twin"]))
    return measured


def report(what: str, pairs: list[tuple[Cost, Cost]], clusters: int) -> Cost:
    """Print the medians of both and the median of the ratios, and return the latter."""
    ratios = []
    for name, unit, scale in (("calls", "calls", 1), ("cpu", "ms CPU", 1000), ("elapsed", "ms", 1000)):
        values = [(getattr(library, name), getattr(twin, name)) for library, twin in pairs]
        # A tick of the clock of Linux is 10 ms.
        ratio = statistics.median(library / max(twin, 1e-3) for library, twin in values)
        library, twin = (statistics.median(side) * scale / clusters for side in zip(*values, strict=True))
        print(f"{what if name == 'calls' else '':>12} {unit:>7} {library:>9.1f} {twin:>9.1f} {ratio:>6.2f}")
        ratios.append(ratio)
    return Cost(*ratios)


def warm(count: int, pairs: int) -> tuple[Cost, bool]:
    apps: dict[str, cdk.App] = {}

    def run(name: str) -> Cost:
        apps[name], cost = build(DEFINITIONS[name], count)
        return cost

    ratios = report(f"{count} warm", in_pairs(run, pairs), count)
    same = templates(apps["library"]) == templates(apps["twin"])
    print(f"{'':>12} templates {'identical' if same else 'DIFFER'}")
    return ratios, same


def cold(pairs: int, *options: str) -> Cost:
    def run(name: str) -> Cost:
        command = [sys.executable, "-m", "benchmarks.run", "--first", name, *options]
        return Cost(*json.loads(subprocess.run(command, capture_output=True, check=True).stdout))

    return report("1 cold", in_pairs(run, pairs), 1)


def first_cluster(name: str) -> None:
    """Print the cost of the first cluster of this process."""
    for imported in ("Application", "Cluster", "ClusterAlarms", "ClusterProfile"):
        getattr(emr, imported)
    print(json.dumps(build(DEFINITIONS[name], 1)[1]))


def import_milliseconds(modules: list[str], statement: str) -> tuple[float, float]:
    """The CPU time of ``modules``, and of ``statement`` after them: medians of pairs, after one that compiles."""
    code = "from time import process_time\nstart = process_time()\n" + "\n".join(modules)
    code += (
        f"\nbetween = process_time()\n{statement}\nprint((between - start) * 1000, (process_time() - between) * 1000)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, check=True, env=environment).stdout for _ in range(6)]
    alone, added = zip(*[map(float, run.split()) for run in runs[1:]], strict=True)
    return statistics.median(alone), statistics.median(added)


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
        alone, added = import_milliseconds(modules, statement)
        slow |= limited and added > IMPORT_LIMIT
        print(f"{what}: {added:+.0f} ms CPU over the {alone:.0f} ms of the aws_cdk modules that it uses")
    return slow


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[1, 10, 50, 200])
    parser.add_argument("--limit", type=float, default=0.8, help="the highest ratio of calls and CPU time that passes")
    parser.add_argument("--cold-limit", type=float, default=1.0, help="the same of the CPU time of the first cluster")
    parser.add_argument("--calls-only", action="store_true", help="compare templates and calls, and no times")
    parser.add_argument("--cdk-nag", action="store_true", help="acknowledge findings of cdk-nag in the library")
    parser.add_argument("--first", choices=DEFINITIONS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    count_calls()
    if not options.cdk_nag:
        sys.modules["cdk_nag"] = None  # type: ignore[assignment]  # as if it weren't installed
    if options.first:
        first_cluster(options.first)
        return 0
    for define in DEFINITIONS.values():
        # Loads modules and warms up the Node process.
        build(define, 1 if options.calls_only else 5)
    failed = False
    print(f"{'clusters':>12} {'':>7} {'library':>9} {'by hand':>9} {'ratio':>6}   for each cluster")
    for count in options.counts:
        # The calls of each pair are the same.
        ratios, same = warm(count, 1 if options.calls_only else 10 if count <= 10 else 4)
        failed |= not same or ratios.calls > options.limit
        # The clock of Linux is too coarse for the Node process of a single cluster.
        failed |= not options.calls_only and count >= 10 and ratios.cpu > options.limit
    if not options.calls_only:
        failed |= cold(10, *(["--cdk-nag"] if options.cdk_nag else [])).cpu > options.cold_limit
        failed |= imports_are_slow()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
