"""``prices``, and the costs of ``describe`` and ``diff``."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from tests.cli.tools import GOOD, TEMPLATES, changed, run
from tests.prices.records import PRICES, dimension, ebs, ec2, emr
from tests.templates.test_overview import DEFINITION, machine
from tests.test_documentation import blocks
from tests.tools import PROJECT

FLEETS = TEMPLATES / "instance_fleets.yaml"
PAGE = blocks(PROJECT / "docs" / "costs.md")


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(PRICES))
    return path


@pytest.fixture
def client(monkeypatch):
    """The client that the command creates."""
    found = boto3.client("pricing", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    monkeypatch.setattr(boto3, "client", lambda *_, **__: found)
    return found


def lines(output):
    return [" ".join(line.split()) for line in output.splitlines()]


def test_writes_what_describe_reads(client, tmp_path):
    storage = [ebs("Storage", f"EU-EBS:VolumeUsage.{kind}", dimension("0.072", "GB-Mo")) for kind in ("gp2", "gp3")]
    with Stubber(client) as stub:
        for page in ([emr("m7g.xlarge", "0.25")], [ec2("m7g.xlarge", "1")], storage, [], []):
            stub.add_response("get_products", {"PriceList": page})
        result = run("prices", "--region", "eu-west-1")
    assert result.exit_code == 0
    (tmp_path / "prices.json").write_text(result.stdout)
    described = run("describe", GOOD, "--prices", tmp_path / "prices.json")
    assert "cost $3.77 an hour at launch" in lines(described.output)


def test_failures_are_one_line(client, monkeypatch):
    result = run("prices", "--region", "Ireland")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "--region must be the name of an AWS Region, got 'Ireland'; use a name such as eu-west-1\n"
    )
    with Stubber(client) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "not\nauthorized")
        result = run("prices", "--region", "eu-west-1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(
        "the AWS Price List must be available, got .*AccessDenied.*pricing:GetProducts\n", result.stderr
    )


def test_describe_as_text(prices):
    found = lines(run("describe", GOOD, "--prices", prices).output)
    at = found.index("hourly cost type EC2 EMR EBS one node all nodes")
    ebs_cost = "$0.0079 to $0.0143"
    assert found[at + 1] == f"primary m7g.xlarge $1.0000 $0.2500 {ebs_cost} $1.2579 to $1.2643 $1.2579 to $1.2643"
    assert found[at + 2] == f"core m7g.xlarge $1.0000 $0.2500 {ebs_cost} $1.2579 to $1.2643 $2.5158 to $2.5286"
    assert found[at + 3] == "at launch $3.0000 $0.7500 $0.0237 to $0.0429 $3.7737 to $3.7929"
    assert found[-3:-1] == [
        "cost $3.77 to $3.79 an hour at launch",
        "prices eu-west-1 in USD, 2026-11-25; EC2 and EMR On-Demand, EBS",
    ]


def test_describe_names_what_is_unknown(prices):
    found = lines(run("describe", FLEETS, "--prices", prices).output)
    (unknown,) = [line for line in found if line.startswith("unknown cost ")]
    for name in ("m6g.xlarge", "r6g.xlarge", "r6g.2xlarge"):
        assert f"EC2 price of {name}, which the file lacks; EMR price of {name}, which the file lacks" in unknown
    (cost,) = [line for line in found if line.startswith("cost ")]
    assert re.fullmatch(r"cost at least \S+ an hour at launch; at least \S+ at the limit of scaling", cost)


def test_describe_as_json(prices):
    (found,) = json.loads(run("describe", GOOD, "--prices", prices, "--format", "json").output)
    cost = found["cost"]
    assert (cost["region"], cost["currency"], cost["date"], cost["limit"]) == ("eu-west-1", "USD", "2026-11-25", None)
    assert cost["launch"]["ec2"] == {"least": 3.0, "most": 3.0, "has_spot": False, "unknown": []}
    assert [nodes["types"][0]["instance_type"] for nodes in cost["nodes"]] == ["m7g.xlarge"] * 2
    assert [nodes["launch"]["emr"]["most"] for nodes in cost["nodes"]] == [0.25, 0.5]
    (without,) = json.loads(run("describe", GOOD, "--format", "json").output)
    assert "cost" not in without


def test_describe_as_markdown(prices):
    found = run("describe", GOOD, "--prices", prices, "--format", "markdown").output.splitlines()
    at = found.index("| hourly cost | type | EC2 | EMR | EBS | one node | all nodes |")
    assert found[at + 2].startswith("| primary | m7g.xlarge | <span>$</span>1.0000 | <span>$</span>0.2500 | ")
    assert "- **cost**: <span>$</span>3.77 to <span>$</span>3.79 an hour at launch" in found


def test_describe_state_machines_and_requests(prices, tmp_path):
    groups = [{"InstanceRole": "MASTER", "InstanceCount": 1, "InstanceType": "m7g.xlarge"}]
    request = {"Name": "a", "ReleaseLabel": "emr-7.5.0", "Instances": {"InstanceGroups": groups}}
    (tmp_path / "request.json").write_text(json.dumps(request))
    assert "cost $1.26 an hour at launch" in lines(
        run("describe", tmp_path / "request.json", "--prices", prices).output
    )
    for name, content in (("a.asl.json", DEFINITION), ("template.json", machine(DEFINITION))):
        (tmp_path / name).write_text(json.dumps(content))
        result = run("describe", tmp_path / name, "--prices", prices)
        assert result.exit_code == 0
        assert any(line.startswith("cost ") for line in lines(result.output))


@pytest.mark.parametrize("arguments", [("describe", GOOD), ("diff", GOOD, GOOD)])
def test_rejects_another_file(tmp_path, arguments):
    for text, message in (
        ("prices", "price file must be JSON"),
        (json.dumps({**PRICES, "currency": "\x1b[31m"}), "currency must be a code such as USD, got '\\x1b[31m'"),
        (json.dumps({**PRICES, "instances": {"\x1b[31m": 1}}), "instance type such as m7g.xlarge, got '\\x1b[31m'"),
    ):
        (tmp_path / "prices.json").write_text(text)
        result = run(*arguments, "--prices", tmp_path / "prices.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
    result = run(*arguments, "--prices", tmp_path / "missing.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "missing.json: price file must be readable, got 'No such file or directory'" in result.stderr


def test_diff_as_text(prices, tmp_path):
    new = changed(tmp_path, "CoreInstanceGroup: {InstanceCount: 2", "CoreInstanceGroup: {InstanceCount: 4")
    result = run("diff", GOOD, new, "--prices", prices)
    assert result.exit_code == 0
    assert result.output.splitlines()[-2:] == [
        "hourly costs with prices of eu-west-1 in USD, 2026-11-25:",
        "changed.yaml: Cluster: +$2.52 to +$2.53 an hour at launch ($3.77 to $3.79 -> $6.29 to $6.32)",
    ]
    back = run("diff", new, GOOD, "--prices", prices)
    assert "Cluster: -$2.53 to -$2.52 an hour at launch ($6.29 to $6.32 -> $3.77 to $3.79)" in back.output


def test_diff_without_a_change_of_costs(prices):
    result = run("diff", GOOD, GOOD, "--prices", prices)
    assert (
        result.output.splitlines()[-1] == "private_network.yaml: Cluster: $3.77 to $3.79 an hour at launch, unchanged"
    )


def test_diff_of_unknown_costs(tmp_path, prices):
    """Equal amounts don't mean equal costs if a part of them is unknown, unless the nodes are the same."""
    lacking = {**PRICES, "instances": {"m7g.xlarge": PRICES["instances"]["m7g.xlarge"]}, "volumes": {}}
    prices.write_text(json.dumps(lacking))
    old = tmp_path / "old.yaml"
    old.write_text(
        Path(GOOD)
        .read_text()
        .replace(
            "CoreInstanceGroup: {InstanceCount: 2, InstanceType: m7g.xlarge",
            "CoreInstanceGroup: {InstanceCount: 2, InstanceType: m7g.2xlarge",
        )
    )
    assert "m7g.2xlarge" in old.read_text()
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text().replace("InstanceCount: 2", "InstanceCount: 6"))
    last = run("diff", old, new, "--prices", prices).output.splitlines()[-1]
    assert "new.yaml: Cluster: unknown change at launch (at least $1.25 -> at least $1.25); unknown: " in last
    table = run("diff", old, new, "--prices", prices, "--format", "markdown").output
    assert "at least <span>$</span>1.25 -> at least <span>$</span>1.25 | unknown |" in table
    (change,) = json.loads(run("diff", old, new, "--prices", prices, "--format", "json").output)["costs"]["clusters"]
    assert change["change"] == {"launch": "unknown", "limit": None}
    new.write_text(old.read_text().replace("Name: ", "Name: other-"))
    assert "at least $1.25 an hour at launch, unchanged" in run("diff", old, new, "--prices", prices).output
    (change,) = json.loads(run("diff", old, new, "--prices", prices, "--format", "json").output)["costs"]["clusters"]
    assert change["change"]["launch"] == "$0"
    task = (
        "  Tasks:\n    Type: AWS::EMR::InstanceGroupConfig\n    Properties: {JobFlowId: !Ref Cluster, "
        "InstanceRole: TASK, InstanceCount: 1, InstanceType: m7g.2xlarge}\n"
    )
    # A custom AMI, and nodes that another resource adds.
    for changed_text in (
        old.read_text().replace("      Name: ", "      CustomAmiId: ami-0123456789abcdef0\n      Name: "),
        old.read_text().replace("Resources:\n", f"Resources:\n{task}"),
    ):
        new.write_text(changed_text)
        assert changed_text != old.read_text()
        assert "Cluster: unknown change at launch" in run("diff", old, new, "--prices", prices).output


def test_the_sum_of_clusters_changes_if_one_of_them_does(prices, tmp_path):
    prices.write_text(json.dumps({**PRICES, "instances": {}, "volumes": {}}))

    def template(name, *counts):
        instances = [{"MasterInstanceGroup": {"InstanceCount": it, "InstanceType": "m7g.xlarge"}} for it in counts]
        properties = [{"Name": "a", "ReleaseLabel": "emr-7.5.0", "Instances": each} for each in instances]
        clusters = {f"C{at}": {"Type": "AWS::EMR::Cluster", "Properties": it} for at, it in enumerate(properties)}
        (tmp_path / name).write_text(json.dumps({"Resources": clusters}))
        return tmp_path / name

    old, new = template("old.json", 1, 1), template("new.json", 1, 3)
    *_, first, second, total = run("diff", old, new, "--prices", prices).output.splitlines()
    assert first.startswith("new.json: C0: unknown an hour at launch, unchanged")
    assert second.startswith("new.json: C1: unknown change at launch")
    assert total.startswith("all clusters: unknown change at launch")


def test_diff_of_a_cluster_that_was_unknown(prices, tmp_path):
    text = Path(GOOD).read_text()
    (tmp_path / "old.yaml").write_text(
        text.replace("CoreInstanceGroup: {InstanceCount: 2,", "CoreInstanceGroup: {InstanceCount: !Ref Count,")
    )
    last = run("diff", tmp_path / "old.yaml", GOOD, "--prices", prices).output.splitlines()[-1]
    assert "Cluster: unknown change at launch (at least $1.26 -> $3.77 to $3.79); unknown: number of core nodes" in last


def test_diff_from_spot_instances(prices, tmp_path):
    text = Path(GOOD).read_text()
    (tmp_path / "old.yaml").write_text(
        text.replace("CoreInstanceGroup: {InstanceCount: 2,", "CoreInstanceGroup: {InstanceCount: 3, Market: SPOT,")
    )
    last = run("diff", tmp_path / "old.yaml", GOOD, "--prices", prices).output.splitlines()[-1]
    assert "Cluster: -$1.26 an hour at launch (at most $5.06 -> $3.77 to $3.79)" in last


def test_diff_of_added_deleted_and_renamed_clusters(prices, tmp_path):
    (tmp_path / "empty.json").write_text(json.dumps({"Resources": {}}))
    added = run("diff", tmp_path / "empty.json", GOOD, "--prices", prices).output.splitlines()[-1]
    assert added.endswith("Cluster: +$3.77 to +$3.79 an hour at launch ($0 -> $3.77 to $3.79)")
    deleted = run("diff", GOOD, tmp_path / "empty.json", "--prices", prices).output.splitlines()[-1]
    assert deleted.endswith("Cluster: -$3.79 to -$3.77 an hour at launch ($3.77 to $3.79 -> $0)")
    renamed = changed(tmp_path, "  Cluster:\n", "  Other:\n")
    last = run("diff", GOOD, renamed, "--prices", prices).output.splitlines()[-1]
    assert last == "changed.yaml: Other: $3.77 to $3.79 an hour at launch, unchanged"


def test_diff_of_several_clusters(prices, tmp_path):
    def cluster(count, most=None):
        limits = {"UnitType": "Instances", "MinimumCapacityUnits": 1, "MaximumCapacityUnits": most}
        volume = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 10}}
        nodes = {"InstanceCount": count, "InstanceType": "m7g.xlarge",
                 "EbsConfiguration": {"EbsBlockDeviceConfigs": [volume]}}  # fmt: skip
        instances = {"MasterInstanceGroup": {**nodes, "InstanceCount": 1}, "CoreInstanceGroup": nodes}
        scaling = {"ManagedScalingPolicy": {"ComputeLimits": limits}} if most else {}
        properties = {"Name": "a", "ReleaseLabel": "emr-7.5.0", "Instances": instances, **scaling}
        return {"Type": "AWS::EMR::Cluster", "Properties": properties}

    for name, counts in (("old", (1, 2)), ("new", (2, 4))):
        resources = {"A": cluster(counts[0]), "B": cluster(counts[1], 5 * counts[1])}
        (tmp_path / f"{name}.json").write_text(json.dumps({"Resources": resources}))
    arguments = ("diff", tmp_path / "old.json", tmp_path / "new.json", "--prices", prices)
    assert run(*arguments).output.splitlines()[-3:] == [
        "new.json: A: +$1.25 an hour at launch ($2.50 -> $3.76)",
        "new.json: B: +$2.50 an hour at launch ($3.76 -> $6.26); "
        "+$12.52 an hour at the limit of scaling ($13.78 -> $26.30)",
        "all clusters: +$3.76 an hour at launch ($6.26 -> $10.02); "
        "+$13.78 an hour at the limit of scaling ($16.28 -> $30.06)",
    ]
    found = json.loads(run(*arguments, "--format", "json").output)["costs"]
    assert (found["region"], found["currency"], found["date"]) == ("eu-west-1", "USD", "2026-11-25")
    assert [(it["template"], it["cluster"], it["change"]["launch"]) for it in found["clusters"]] == [
        ("new.json", "A", "+$1.25"), ("new.json", "B", "+$2.50"),
    ]  # fmt: skip
    assert found["clusters"][0]["before"]["limit"] is None
    assert found["clusters"][1]["after"]["limit"]["total"]["most"] == pytest.approx(26.3025)
    markdown = run(*arguments, "--format", "markdown").output
    assert "### Hourly costs with prices of eu-west-1 in USD, 2026-11-25" in markdown
    assert "| A in new.json | <span>$</span>2.50 -> <span>$</span>3.76 | +<span>$</span>1.25 |  |  |" in markdown
    assert "| all clusters | <span>$</span>6.26 -> <span>$</span>10.02 | +<span>$</span>3.76 |" in markdown


def test_diff_with_spot_instances_and_unknown_values(prices, tmp_path):
    text = Path(GOOD).read_text()
    volume = "EbsConfiguration: {EbsBlockDeviceConfigs: [{VolumeSpecification: {VolumeType: gp3, SizeInGB: 10}}]}"
    before = text.replace("CoreInstanceGroup: {InstanceCount: 2,", f"CoreInstanceGroup: {{InstanceCount: 2, {volume},")
    spot = before.replace(
        "CoreInstanceGroup: {InstanceCount: 2,", "CoreInstanceGroup: {InstanceCount: 3, Market: SPOT,"
    )
    unknown = before.replace("CoreInstanceGroup: {InstanceCount: 2,", "CoreInstanceGroup: {InstanceCount: !Ref Count,")
    for name, content in (("before", before), ("spot", spot), ("unknown", f"{unknown}\nParameters: {{}}\n")):
        (tmp_path / f"{name}.yaml").write_text(content)
    found = run("diff", tmp_path / "before.yaml", tmp_path / "spot.yaml", "--prices", prices).output.splitlines()[-1]
    assert found.endswith("+$1.25 an hour at launch ($3.76 to $3.77 -> at most $5.02)")
    for style in ("text", "markdown"):
        printed = run("diff", tmp_path / "before.yaml", tmp_path / "spot.yaml", "--prices", prices, "--format", style)
        title = (
            "ourly costs with prices of eu-west-1 in USD, 2026-11-25; changes of Spot Instances are at On-Demand prices"
        )
        assert title in printed.output
    arguments = ("diff", tmp_path / "before.yaml", tmp_path / "unknown.yaml", "--prices", prices)
    assert (
        run(*arguments)
        .output.splitlines()[-1]
        .endswith("unknown change at launch ($3.76 to $3.77 -> at least $1.26); unknown: number of core nodes")
    )
    assert "- **unknown**: number of core nodes" in run(*arguments, "--format", "markdown").output


def test_diff_of_clusters_that_state_machines_launch(prices, tmp_path):
    (tmp_path / "template.json").write_text(json.dumps(machine(DEFINITION)))
    result = run("diff", tmp_path / "template.json", tmp_path / "template.json", "--prices", prices)
    assert "template.json: Machine, state Create: " in result.output


def test_a_stack_in_another_region(prices, tmp_path):
    name = "Analytics.template.json"
    for folder, region, count in (("old", "us-east-1", 2), ("new", "us-east-1", 3), ("same", "eu-west-1", 2)):
        (tmp_path / folder).mkdir()
        nodes = {"InstanceCount": count, "InstanceType": "m7g.xlarge"}
        properties = {"Name": "a", "ReleaseLabel": "emr-7.5.0", "Instances": {"CoreInstanceGroup": nodes}}
        template = {"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}
        (tmp_path / folder / name).write_text(json.dumps(template))
        stack = {"type": "aws:cloudformation:stack", "environment": f"aws://unknown-account/{region}",
                 "properties": {"templateFile": name}}  # fmt: skip
        (tmp_path / folder / "manifest.json").write_text(json.dumps({"artifacts": {"Analytics": stack}}))
    described = lines(run("describe", tmp_path / "old", "--prices", prices).output)
    assert "prices eu-west-1 in USD, 2026-11-25 (the stack is in us-east-1); EC2 and EMR On-Demand, EBS" in described
    assert "the stack is in" not in run("describe", tmp_path / "same", "--prices", prices).output
    arguments = ("diff", tmp_path / "old", tmp_path / "new", "--prices", prices)
    note = f"{name}: the stack is in us-east-1, the prices are those of eu-west-1"
    assert run(*arguments).output.splitlines()[-1] == f"    i {note}"
    assert json.loads(run(*arguments, "--format", "json").output)["costs"]["notes"] == [note]
    assert run(*arguments, "--format", "markdown").output.splitlines()[-1] == f"- {note}"


def test_diff_without_clusters(prices):
    studio = TEMPLATES / "studio.yaml"
    assert run("diff", studio, studio, "--prices", prices).output == "no clusters found\n"


def documented():
    """The commands of the page, each with what the page shows."""
    shown = {code: PAGE[at + 1] for at, (language, code, _) in enumerate(PAGE[:-1]) if language == "sh"}
    return [
        (shlex.split(code)[1:], block[1])
        for code, block in shown.items()
        if block[0] == "text" and code.startswith("emr-constructs")
    ]


@pytest.mark.parametrize(("arguments", "shown"), documented(), ids=lambda it: it[0] if isinstance(it, list) else "")
def test_prints_what_the_page_shows(arguments, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ((_, template, _),) = [block for block in PAGE if block[0] == "yaml"]
    ((_, content, _),) = [block for block in PAGE if block[0] == "json"]
    (tmp_path / "prices.json").write_text(content)
    (tmp_path / "cluster.yaml").write_text(template)
    new = template.replace("InstanceCount: 2", "InstanceCount: 4").replace("Units: 10", "Units: 20")
    (tmp_path / "new.yaml").write_text(new)
    printed = run(*arguments, env={"COLUMNS": "110"}).output
    assert [line.rstrip() for line in printed.rstrip().splitlines()] == shown.splitlines()


def test_the_page_shows_both_commands():
    assert [arguments[0] for arguments, _ in documented()] == ["describe", "diff"]
