"""How fast templates are read and checked, beside cfn-lint on the same templates in the same run.

``python -m benchmarks.check`` prints the start of the command line, the time to read and check a megabyte, that with
500 findings and their lines, the time for a template with many parameters and conditions, and how many templates a
second are checked in one process. It fails when the start takes 0.3 s, reading a megabyte takes a second or reading and
checking it takes two, when the parameters take 0.5 s, or when fewer than 400 templates a second are checked. Times are
CPU times, the best of several, which are the least disturbed.
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
from emr_constructs.templates.inputs import check_source, read
from emr_constructs.templates.parsing import parse

PROJECT = Path(__file__).parents[1]
SNAPSHOTS = PROJECT / "tests" / "snapshots" / "__snapshots__" / "test_snapshots"
WRITTEN = PROJECT / "tests" / "rules" / "templates"
START_LIMIT, READING_LIMIT, MEGABYTE_LIMIT, PARAMETERS_LIMIT, RATE_LIMIT = 0.3, 1.0, 2.0, 0.5, 400
FINDINGS = 500


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


def mistaken() -> dict[str, object]:
    """A template of a megabyte: clusters with two primary nodes each."""
    cluster = yaml.safe_load((WRITTEN / "high_availability.yaml").read_text())["Resources"]["Cluster"]
    mistake = json.dumps(cluster).replace('"InstanceCount": 3', '"InstanceCount": 2', 1)
    return {"Resources": {f"Cluster{number}": json.loads(mistake) for number in range(1100)}}


def parametrized() -> dict[str, object]:
    """A template as public ones are: 26 parameters, many of them with many values, and 13 open conditions."""
    families = ("m4", "m5", "m5a", "m5d", "m6g", "m6i", "m7g", "r5", "r6g", "r7g", "c5", "c6g", "i3", "r5d")
    types = [f"{family}.{size}" for family in families for size in ("xlarge", "2xlarge", "4xlarge", "8xlarge")]
    releases = [f"emr-6.{minor}.0" for minor in range(16)] + [f"emr-7.{minor}.0" for minor in range(13)]
    parameters: dict[str, object] = {name: {"Type": "String"} for name in ("Subnet", "Logs")}
    for role in ("Master", "Core", "Task"):
        parameters[f"{role}Type"] = {"Type": "String", "Default": "m5.xlarge", "AllowedValues": types}
        parameters[f"{role}Count"] = {"Type": "Number", "Default": 1, "AllowedValues": [*range(1, 20)]}
    parameters["Release"] = {"Type": "String", "Default": "emr-6.10.0", "AllowedValues": releases}
    conditions: dict[str, object] = {"Both": {"Fn::And": [{"Condition": "Is0"}, {"Condition": "Is1"}]}}
    for number in range(12):
        parameters[f"Flag{number}"] = {"Type": "String", "Default": "No", "AllowedValues": ["Yes", "No"]}
        conditions[f"Is{number}"] = {"Fn::Equals": [{"Ref": f"Flag{number}"}, "Yes"]}

    def group(role: str) -> dict[str, object]:
        market = {"Fn::If": ["Both", "SPOT", "ON_DEMAND"]}
        return {"InstanceCount": {"Ref": f"{role}Count"}, "InstanceType": {"Ref": f"{role}Type"}, "Market": market}

    names = (
        "Hadoop",
        "Spark",
        "Hive",
        "Hue",
        "Presto",
        "Zeppelin",
        "Livy",
        "Oozie",
        "HBase",
        "Flink",
        "Tez",
        "Ganglia",
    )
    cluster = {
        "Name": {"Fn::Sub": "${AWS::StackName}-cluster"},
        "ReleaseLabel": {"Ref": "Release"},
        "JobFlowRole": {"Ref": "Profile"},
        "ServiceRole": "EMR_DefaultRole",
        "Applications": [
            {"Fn::If": [f"Is{number}", {"Name": name}, {"Ref": "AWS::NoValue"}]} for number, name in enumerate(names)
        ],
        "LogUri": {"Fn::Sub": "s3://${Logs}/emr/"},
        "Instances": {
            "Ec2SubnetId": {"Ref": "Subnet"},
            "MasterInstanceGroup": group("Master"),
            "CoreInstanceGroup": group("Core"),
            "TaskInstanceGroups": [group("Task")],
        },
    }
    resources: dict[str, object] = {
        "Cluster": {"Type": "AWS::EMR::Cluster", "Properties": cluster},
        "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Role"}]}},
    }
    jar = {"Jar": "command-runner.jar", "Args": ["spark-submit", "s3://bucket/job.py", {"Ref": "Release"}]}
    for number in range(4):
        resources[f"Step{number}"] = {
            "Type": "AWS::EMR::Step",
            "Condition": f"Is{number}",
            "Properties": {
                "JobFlowId": {"Ref": "Cluster"},
                "Name": "step",
                "ActionOnFailure": "CONTINUE",
                "HadoopJarStep": jar,
            },
        }
    return {"Parameters": parameters, "Conditions": conditions, "Resources": resources}


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
    parser.add_argument(
        "--slack", type=float, default=1, help="by which factor parameters and rate may miss their limits"
    )
    options = parser.parse_args()
    slack = options.slack
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

    content = mistaken()
    for name, text in (("JSON", json.dumps(content, indent=2)), ("YAML", as_yaml(content))):
        found = check_source(read("-", lambda text=text: text))
        taken = best(lambda text=text: check_source(read("-", lambda: text)), options.rounds)
        failed |= taken > MEGABYTE_LIMIT or len(found) < FINDINGS or any(finding.line is None for finding in found)
        print(f"{len(text) / 1e6:.1f} MB of {name} with {len(found)} findings and their lines: {taken:.2f} s")

    content = parametrized()
    taken = best(lambda: check_template(content), options.rounds)
    failed |= taken > PARAMETERS_LIMIT * slack
    print(f"a template with many parameters and conditions: {taken:.2f} s")

    texts = templates()
    size = sum(map(len, texts.values())) / len(texts) / 1000
    ours = best(lambda: [check_template(parse(text)) for text in texts.values()], options.rounds)
    rate = len(texts) / ours
    failed |= rate < RATE_LIMIT / slack
    print(f"{len(texts)} templates of {size:.0f} kB on average: {rate:.0f} a second")
    if not options.without_cfn_lint:
        theirs = best(lambda: with_cfn_lint(texts), 1)
        print(f"cfn-lint: {len(texts) / theirs:.1f} a second; {theirs / ours:.0f} times as long")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
