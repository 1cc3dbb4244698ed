"""The check on an account, on moto: what it deploys, asks, deletes, keeps and reports, also if something fails."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from decimal import Decimal

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws
from moto.kms.models import kms_backends

from emr_constructs._core.errors import EmrError
from emr_constructs.prices.price_file import Prices
from tests.aws import deploy, expenses, kept, teardown
from tests.aws.cloud import TAG, Cloud, Limits, Stack
from tests.aws.facts import FACTS, facts
from tests.aws.fake_cli import FakeCli, failing
from tests.aws.kept import Kept
from tests.aws.plan import DEFAULTS, SUPPORTED, invalid, make_plan
from tests.catalogue import EXAMPLES, source_of
from tests.deploy.emulator import ACCOUNT, started_cleanup
from tests.deploy.repairs import repaired
from tests.step_functions import interpreter
from tests.test_verification import OPEN, having

# What moto's CloudFormation doesn't know, it leaves out.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")
RUN = "0123abcd"
REGION = "us-east-1"
STAGE = f"EmrCheck-{RUN}"
PRICES = {
    "region": REGION,
    "currency": "USD",
    "date": "2026-11-25",
    "instances": {"m7g.xlarge": {"ec2": "1", "emr": "0.25"}},
    "volumes": {"gp2": {"gib_month": "0.1"}, "gp3": {"gib_month": "0.1"}},
}
LIMITS = Limits(pause_seconds=0.02)


@pytest.fixture(scope="module")
def plan():
    return make_plan(RUN, DEFAULTS)


class Account:
    """An account on moto, and the checks that run in it."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys
        self.cloudformation, self.emr = self.client("cloudformation"), self.client("emr")
        self.cli = FakeCli(self.cloudformation, RUN)
        self.questions = []
        self.answers = []
        self.after_abort = started_cleanup
        self.limits = LIMITS

    @staticmethod
    def client(service):
        return boto3.client(service, region_name=REGION)

    def bootstrap(self, version="30"):
        self.client("ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value=version, Type="String", Overwrite=True
        )

    def ask(self, question):
        self.questions.append(question)
        return self.answers.pop(0)

    def check(self, *arguments):
        """The exit status of a check, and what it printed."""
        status = deploy.main(
            ["--region", REGION, *arguments],
            cdk=self.cli,
            ask=self.ask,
            limits=self.limits,
            after_abort=lambda cloud, execution: self.after_abort(cloud.client, execution),
        )
        output = self._capsys.readouterr()
        return status, output.out + output.err

    def report(self, *arguments):
        """The report of a check with an answer to all questions, and its exit status."""
        path = self.folder / "report.json"
        status, output = self.check("--yes", "--json", str(path), *arguments)
        return {**json.loads(path.read_text()), "status": status, "output": output}

    def stacks(self):
        return sorted(found["StackName"] for found in self.cloudformation.describe_stacks()["Stacks"])

    def running(self):
        found = self.emr.list_clusters(ClusterStates=["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"])
        return [cluster["Name"] for cluster in found["Clusters"]]

    def buckets(self):
        return [bucket["Name"] for bucket in self.client("s3").list_buckets()["Buckets"]]

    def cloud(self):
        return Cloud(boto3.Session(region_name=REGION), RUN, ACCOUNT, "me", self.cli, LIMITS)


@pytest.fixture
def aws(world, plan, tmp_path, capsys, monkeypatch):
    for name, value in (("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(deploy, "new_id", lambda: RUN)
    monkeypatch.setattr(deploy, "make_plan", lambda run, names: part_of(plan, names))
    monkeypatch.setattr(deploy, "prices_for", lambda region, path: (None, "prices are unknown: no permission"))
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}), interpreter(world), repaired():
        account = Account(tmp_path, capsys)
        account.bootstrap()
        yield account


def part_of(plan, names):
    return replace(plan, examples=tuple(example for example in plan.examples if example.name in names))


@pytest.fixture
def only_network(monkeypatch, plan):
    monkeypatch.setattr(deploy, "make_plan", lambda run, names: replace(plan, examples=()))


def outcomes(report):
    return {step["name"]: step["outcome"] for step in report["steps"]}


def failed(report):
    return {step["name"]: step["detail"] for step in report["steps"] if step["outcome"] != "ok"}


class TestWholeCheck:
    @pytest.fixture
    def report(self, aws, world, monkeypatch):
        world.steps["Daily sales"] = ["COMPLETED", "RUNNING"]
        monkeypatch.setattr(deploy, "prices_for", lambda region, path: (Prices.of(PRICES), "prices of a test"))
        return aws.report()

    def test_deploys_uses_and_destroys_each_example(self, aws, report):
        assert failed(report) == {}
        assert report["status"] == 0
        assert [call[0] for call in aws.cli.calls] == ["deploy", "deploy", "destroy", "deploy", "destroy", "destroy"]
        names = [step["name"] for step in report["steps"]]
        assert [name for name in names if name.startswith("daily_sales")] == [
            "daily_sales: deploy",
            "daily_sales: execution succeeds",
            "daily_sales: execution is aborted, and its cluster terminated by the cleanup",
            "daily_sales: destroy",
        ]
        (quickstart,) = (step for step in report["steps"] if step["name"].startswith("quickstart: step completes"))
        assert quickstart["detail"].endswith(" COMPLETED")
        assert (aws.stacks(), aws.running(), report["leftovers"]) == ([], [], [])

        # What stays is listed, by kind.
        kinds = [line.rpartition(" of ")[0].rpartition(" ")[0] for line in report["kept"]]
        assert {kind: kinds.count(kind) for kind in kinds} == {"bucket": 4, "key": 4, "log group": 3}
        assert len(aws.buckets()) == 4

        # Every node of a cluster and its hours are in the costs; the prices are invented.
        assert "all clusters: $" in "\n".join(report["costs"])
        assert sum("h m7g.xlarge: $" in line for line in report["costs"]) == 3
        assert "expected, $" in report["output"]

        # The Price List wasn't read, and moto has no agents and no metrics.
        assert set(report["proved"]) >= {name for name, seen in FACTS.items() if seen in ("network", "execution")}
        assert report["evidence"].keys() == {
            "network", "instance profile", "security group rules", "certificates", "execution", "start time", "prices"
        }  # fmt: skip
        assert report["refuted"] == []
        assert "prices are unknown" not in report["output"]
