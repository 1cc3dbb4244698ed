"""How fast templates are read and checked, beside cfn-lint on the same templates in the same run.

``python -m benchmarks.check`` prints the start of the command line, the time to read and check a megabyte, and how many
templates a second are checked in one process. It fails when the start takes 0.3 s, reading a megabyte takes a second or
reading and checking it takes two, or when fewer than 200 templates a second are checked. Times are CPU times, the best
of several, which are the least disturbed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

PROJECT = Path(__file__).parents[1]
SNAPSHOTS = PROJECT / "tests" / "snapshots" / "__snapshots__" / "test_snapshots"
WRITTEN = PROJECT / "tests" / "rules" / "templates"
START_LIMIT, READING_LIMIT, MEGABYTE_LIMIT, RATE_LIMIT = 0.3, 1.0, 2.0, 200


def best(run: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time) -> float:
    times = []
    for _ in range(rounds):
        start = clock()
        run()
        times.append(clock() - start)
    return min(times)


def ended_children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def start_up() -> float:
    """Seconds of CPU time that ``check`` takes for one template, from the start of the process."""
    command = [sys.executable, "-m", "emr_constructs", "check", str(WRITTEN / "private_network.yaml")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return best(
        lambda: subprocess.run(command, check=True, capture_output=True, env=environment, cwd=PROJECT),
        7,
        ended_children_cpu,
    )


def templates() -> dict[str, str]:
    """Templates by name: those of all stacks and examples as CDK writes them, and hand-written ones."""
    found = {path.name: path.read_text() for path in sorted(WRITTEN.iterdir())}
    for path in sorted(SNAPSHOTS.glob("*.json")):
        content = path.read_text()
        if "AWS::EMR::Cluster" in content and "Resources" in json.loads(content):
            found[path.name] = content
    return found


def megabyte() -> dict[str, object]:
    """A template of more than a megabyte: clusters with their steps."""
    cluster = yaml.safe_load((WRITTEN / "high_availability.yaml").read_text())["Resources"]["Cluster"]
    step = {
        "Type": "AWS::EMR::Step",
        "Properties": {
            "JobFlowId": {"Ref": "Cluster0"},
            "Name": "step",
            "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["s3-dist-cp", "--src", "s3://a", "--dest", "hdfs:///b"]},
        },
    }  # fmt: skip
    clusters = {f"Cluster{number}": cluster for number in range(1000)}
    return {"Resources": {**clusters, **{f"Step{number}": step for number in range(1000)}}}


def as_yaml(content: object) -> str:
    # By way of JSON, which breaks up what is shared: anchors would make it shorter.
    return yaml.safe_dump(json.loads(json.dumps(content)))


def with_cfn_lint(texts: dict[str, str]) -> None:
    from cfnlint.api import lint
    from cfnlint.config import ManualArgs

    config = ManualArgs(regions=["us-east-1"])
    for text in texts.values():
        lint(text, config=config)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-cfn-lint", action="store_true", help="leave out what takes half a minute")
    options = parser.parse_args()
    failed = False

    taken = start_up()
    failed |= taken > START_LIMIT
    print(f"start of the command line, one template: {taken * 1000:.0f} ms")

    content = megabyte()
    for name, text in (("JSON", json.dumps(content)), ("YAML", as_yaml(content))):
        reading = best(lambda text=text: parse(text), options.rounds)
        both = best(lambda text=text: check_template(parse(text)), options.rounds)
        failed |= reading > READING_LIMIT or both > MEGABYTE_LIMIT or len(text) < 1_000_000
        print(f"{len(text) / 1e6:.1f} MB of {name}: read in {reading:.2f} s, read and checked in {both:.2f} s")

    texts = templates()
    size = sum(map(len, texts.values())) / len(texts) / 1000
    ours = best(lambda: [check_template(parse(text)) for text in texts.values()], options.rounds)
    rate = len(texts) / ours
    failed |= rate < RATE_LIMIT
    print(f"{len(texts)} templates of {size:.0f} kB on average: {rate:.0f} a second")
    if not options.without_cfn_lint:
        theirs = best(lambda: with_cfn_lint(texts), 1)
        print(f"cfn-lint: {len(texts) / theirs:.1f} a second; {theirs / ours:.0f} times as long")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
