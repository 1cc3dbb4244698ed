"""The check on an account, on moto: what it deploys, asks, deletes, keeps and reports, also if something fails."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from emr_constructs._core.errors import EmrError
from emr_constructs.prices.price_file import Prices
from tests.aws import deploy, expenses, kept, teardown
from tests.aws import plan as planning
from tests.aws.cloud import TAG, Cloud, Limits, Stack
from tests.aws.exercise import Exercise
from tests.aws.facts import FACTS, facts
from tests.aws.fake_cli import FakeCli, failing
from tests.aws.kept import Kept
from tests.aws.plan import DEFAULTS, SUPPORTED, invalid, make_plan
from tests.catalogue import EXAMPLES, source_of
from tests.deploy.emulator import ACCOUNT, started_cleanup
from tests.deploy.repairs import repaired
from tests.step_functions import client_of, interpreter
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
    network = planning._network

    def network_that_retains(stage):
        vpc = network(stage)
        stack = cdk.Stack.of(vpc)
        key = kms.Key(stack, "Key", removal_policy=cdk.RemovalPolicy.RETAIN)
        logs.LogGroup(stack, "Log", encryption_key=key, removal_policy=cdk.RemovalPolicy.RETAIN)
        return vpc

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "_network", network_that_retains)
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
        return client_of(service, REGION)

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
    # A client takes a tenth of a second to create.
    monkeypatch.setattr(Cloud, "client", lambda self, service: client_of(service, self.region))
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
def only_network(aws, monkeypatch, plan):
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

        # What stays is listed, by kind. moto deletes the log groups with RetainExceptOnCreate.
        kinds = [line.rpartition(" of ")[0].rpartition(" ")[0] for line in report["kept"]]
        assert {kind: kinds.count(kind) for kind in kinds} == {"bucket": 4, "key": 4, "log group": 1}
        assert len(aws.buckets()) == 4

        # Every node of a cluster and its hours are in the costs; moto's CloudFormation launches clusters without nodes.
        hours = [line for line in report["costs"] if line.startswith(STAGE)]
        assert [line.partition(": ")[2].partition(" h ")[2].partition(":")[0] for line in sorted(hours)] == [
            "m7g.xlarge",
            "m7g.xlarge",
            "",
        ]
        # Three nodes for at least a minute each, with their volumes.
        cost = Decimal(3) * (Decimal("1.25") + Decimal(79) * Decimal("0.1") / 720) / 60
        assert f"all clusters: ${2 * cost:.2f}" in report["costs"]

        # moto has no agents and no metrics, and its rules have no descriptions.
        assert report["evidence"] == {
            "network": True,
            "instance profile": True,
            "security group rules": False,
            "execution": True,
            "start time": True,
            "prices": True,
        }
        assert report["refuted"] == [name for name, seen in FACTS.items() if seen == "security group rules"]
        assert set(report["proved"]) == {
            name
            for name, seen in FACTS.items()
            if seen in ("network", "instance profile", "execution", "start time", "prices")
        }

    def test_only_what_the_check_created_is_deleted(self, aws, world, plan):
        """Neither stacks nor clusters that only have a name like that of the check."""
        template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
        other = {"Key": TAG, "Value": "ffffffff"}
        for name, tags in ((f"{STAGE}-Mine", []), (f"{STAGE}-Other", [other]), ("EmrCheck-ffffffff-Mine", [other])):
            aws.cloudformation.create_stack(StackName=name, TemplateBody=template, Tags=tags)
        for name, tags in ((f"{STAGE}/Quickstart/Spark", []), (f"{STAGE}/Mine", [other])):
            instances = {"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceType": "m5.xlarge", "InstanceCount": 1}
            aws.emr.run_job_flow(Name=name, Instances=instances, JobFlowRole="r", ServiceRole="s", Tags=tags)
        report = aws.report("quickstart")
        assert (failed(report), report["status"]) == ({}, 0)
        assert aws.stacks() == [f"{STAGE}-Mine", f"{STAGE}-Other", "EmrCheck-ffffffff-Mine"]
        assert sorted(aws.running()) == [f"{STAGE}/Mine", f"{STAGE}/Quickstart/Spark"]


class TestPrompt:
    def test_shows_the_account_the_stacks_the_cost_and_the_time(self, aws):
        aws.answers = ["no"]
        status, output = aws.check()
        assert (status, aws.cli.calls, aws.stacks()) == (2, [], [])
        assert aws.questions == ["Deploy this to the account? Type yes: "]
        for line in (
            f"Account {ACCOUNT}, Region {REGION}, as arn:aws:sts::{ACCOUNT}:user/moto",
            f"deploys stack {STAGE}-ExampleNetwork",
            f"deploys stack {STAGE}-Quickstart",
            f"deploys stack {STAGE}-DailySales",
            "takes at most 395 minutes",
            "quickstart: unknown an hour, 30 minutes expected, at most 145 minutes",
            "daily_sales: unknown an hour, 30 minutes expected, at most 125 minutes",
            "all clusters: unknown expected, unknown at the time limits",
            "prices are unknown: no permission",
            "not confirmed",
        ):
            assert line in output.splitlines()

    @pytest.mark.usefixtures("only_network")
    def test_yes_deploys_and_what_stays_is_kept_without_the_word_delete(self, aws):
        aws.answers = ["yes", "no"]
        status, output = aws.check()
        assert status == 0
        assert aws.questions[1] == "Delete these with their content? Type delete: "
        assert output.count(f" of {STAGE}-ExampleNetwork") == 4
        assert ": deleted" not in output

    def test_requires_a_terminal_or_yes(self, aws, monkeypatch):
        monkeypatch.setattr(aws, "ask", None)
        monkeypatch.setattr("sys.stdin", io.StringIO())
        assert aws.check() == (2, aws_output_of("a confirmation requires a terminal; use --yes"))

    def test_ctrl_c_at_the_prompt_deploys_nothing(self, aws):
        def interrupt(question):
            raise KeyboardInterrupt

        aws.ask = interrupt
        status, output = aws.check()
        assert (status, aws.stacks()) == (2, [])
        assert output.endswith("interrupted\n")


class AnyOutputWith(str):
    def __eq__(self, other):
        return str(self) in other

    __hash__ = str.__hash__


aws_output_of = AnyOutputWith


class TestRequirements:
    def test_a_bootstrapped_account(self, aws):
        aws.client("ssm").delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")
        reason = f"account {ACCOUNT} isn't bootstrapped in {REGION}; run cdk bootstrap aws://{ACCOUNT}/{REGION}"
        assert aws.check("--yes") == (2, f"{reason}\n")

    def test_a_new_bootstrap_stack(self, aws):
        aws.bootstrap("5")
        reason = f"the bootstrap stack must have version 6, got 5; run cdk bootstrap aws://{ACCOUNT}/{REGION}"
        assert aws.check("--yes") == (2, f"{reason}\n")

    def test_credentials(self, aws, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        status, output = aws.check("--yes")
        assert status == 2
        assert output.startswith("no AWS account: Unable to locate credentials; set AWS_PROFILE or other credentials")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ([], "the following arguments are required: --region"),
            (["--region", REGION, "kerberos"], "kerberos requires resources that don't exist in every account; use "),
            (["--region", REGION, "quikstart"], "there is no example quikstart; use "),
            (["--region", REGION, "quickstart", "quickstart"], "quickstart is listed twice; use "),
            (["--region", REGION, "--clean", "all"], "--clean must be the ID of a check, such as 0123abcd, got 'all'"),
            (["--region", REGION, "--clean", RUN, "quickstart"], "--clean can't be combined with examples"),
        ],
    )
    def test_arguments(self, arguments, message, capsys):
        with pytest.raises(SystemExit) as stopped:
            deploy.main(arguments)
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err


class TestFailures:
    def test_a_failed_deployment_is_destroyed_and_the_next_example_deployed(self, aws, world):
        world.steps["Daily sales"] = ["COMPLETED", "RUNNING"]
        aws.cli.before["deploy", "Quickstart"] = failing("cdk deploy failed:\na\nb\nc\nthe cluster has no capacity")
        report = aws.report()
        assert failed(report) == {"quickstart: deploy": "cdk deploy failed: / b / c / the cluster has no capacity"}
        assert outcomes(report)["daily_sales: execution succeeds"] == "ok"
        assert (report["status"], report["ok"], report["leftovers"], aws.stacks()) == (1, False, [], [])

    @pytest.mark.usefixtures("only_network")
    def test_nothing_else_is_deployed_without_a_network(self, aws):
        aws.cli.before["deploy", "ExampleNetwork"] = failing("no Elastic IP address")
        report = aws.report()
        assert failed(report) == {"network: deploy": "no Elastic IP address"}
        assert (report["status"], aws.cli.calls) == (1, [("deploy", f"{STAGE}/ExampleNetwork")])

    @pytest.mark.usefixtures("only_network")
    def test_cloudformation_deletes_what_the_cli_fails_to_destroy(self, aws):
        aws.cli.before["destroy", "ExampleNetwork"] = failing("no Node.js")
        report = aws.report()
        assert (failed(report), report["status"], aws.stacks()) == ({}, 0, [])

    @pytest.mark.usefixtures("only_network")
    def test_what_cannot_be_destroyed_is_reported_and_deleted_later(self, aws, monkeypatch):
        aws.cli.before["destroy", "ExampleNetwork"] = failing("the VPC has dependencies")
        with monkeypatch.context() as patched:
            patched.setattr(teardown, "_delete", lambda cloud, stack: f"stack {stack.name} is DELETE_FAILED: in use")
            report = aws.report()
        assert failed(report) == {"destroy all stacks": f"stack {STAGE}-ExampleNetwork is DELETE_FAILED: in use"}
        assert report["status"] == 1
        assert f"stack {STAGE}-ExampleNetwork is CREATE_COMPLETE" in report["leftovers"]
        assert any(line.startswith("Vpcs vpc-") for line in report["leftovers"])
        command = f'Delete what remains with: make deploy-aws ARGS="--region {REGION} --clean {RUN}"'
        assert command in report["output"]

        aws.answers, calls = ["yes", "delete"], len(aws.cli.calls)
        status, output = aws.check("--clean", RUN)
        assert f"deletes stack {STAGE}-ExampleNetwork" in output
        assert aws.questions == ["Delete this? Type yes: ", "Delete these with their content? Type delete: "]
        assert (status, aws.stacks(), len(aws.cli.calls)) == (0, [], calls)

    def test_ctrl_c_destroys_what_is_deployed(self, aws):
        def interrupt():
            raise KeyboardInterrupt

        aws.cli.before["deploy", "Quickstart"] = interrupt
        report = aws.report()
        assert failed(report) == {"quickstart: deploy": "KeyboardInterrupt", "check": ""}
        assert (report["status"], aws.stacks(), report["leftovers"]) == (1, [], [])

    def test_an_unexpected_error_destroys_too(self, aws, monkeypatch):
        monkeypatch.setattr(Exercise, "_has_spot_role", lambda self: 1 / 0)
        report = aws.report("quickstart")
        assert failed(report) == {"check": "division by zero"}
        assert (report["status"], aws.stacks()) == (1, [])

    def test_a_cluster_that_the_cleanup_leaves_is_terminated_and_reported(self, aws, world):
        world.steps["Daily sales"] = ["COMPLETED", "RUNNING"]
        aws.after_abort, aws.limits = lambda client, execution: None, replace(LIMITS, cleanup=0)
        report = aws.report("daily_sales")
        ((name, detail),) = failed(report).items()
        assert name == "daily_sales: execution is aborted, and its cluster terminated by the cleanup"
        assert "the cleanup hasn't terminated cluster j-" in detail
        assert (report["status"], aws.running(), aws.stacks()) == (1, [], [])

    def test_a_failed_execution_and_a_failed_step_are_reported(self, aws, world, monkeypatch):
        world.steps["Daily sales"] = ["FAILED", "FAILED", "RUNNING"]
        world.messages["Daily sales"] = "no orders"
        report = aws.report("daily_sales")
        assert list(failed(report)) == ["daily_sales: execution succeeds"]
        assert "no orders" in failed(report)["daily_sales: execution succeeds"]
        assert "execution" not in report["evidence"]
        assert report["status"] == 1


class TestKept:
    @pytest.mark.usefixtures("only_network")
    def test_is_deleted_on_request(self, aws):
        report = aws.report("--delete-kept")
        assert (report["status"], report["leftovers"]) == (0, [])
        assert [line.partition(" ")[0] for line in report["kept"]] == ["key", "log"]
        assert all(line.endswith(": deleted") for line in report["kept"])
        assert aws.client("logs").describe_log_groups()["logGroups"] == []
        kms = aws.client("kms")
        keys = [kms.describe_key(KeyId=found["KeyId"])["KeyMetadata"] for found in kms.list_keys()["Keys"]]
        assert [key["KeyState"] for key in keys] == ["PendingDeletion"]

    @pytest.mark.usefixtures("only_network")
    def test_what_cannot_be_deleted_is_reported(self, aws, monkeypatch):
        def delete(cloud, found):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, "Delete")

        monkeypatch.setattr(kept, "_delete", delete)
        report = aws.report("--delete-kept")
        assert report["status"] == 1
        assert len(report["leftovers"]) == 2
        assert all(line.endswith("not allowed") for line in report["leftovers"])
        assert not any(line.endswith(": deleted") for line in report["kept"])

    def test_buckets_are_emptied_with_all_versions_and_keys_come_last(self, aws):
        s3, logs, kms = aws.client("s3"), aws.client("logs"), aws.client("kms")
        for name in ("check-logs", "check-accesslogs", "other"):
            s3.create_bucket(Bucket=name)
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
            for body in (b"1", b"2"):
                s3.put_object(Bucket=name, Key="log", Body=body)
        logs.create_log_group(logGroupName="/group")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        found = [
            Kept("AWS::KMS::Key", key, "S"),
            Kept("AWS::S3::Bucket", "check-accesslogs", "S"),
            Kept("AWS::S3::Bucket", "check-logs", "S"),
            Kept("AWS::Logs::LogGroup", "/group", "S"),
        ]
        assert [str(one) for one in sorted(found, key=kept._order)] == [
            "log group /group of S",
            "bucket check-logs of S",
            "bucket check-accesslogs of S",
            f"key {key} of S",
        ]
        cloud = aws.cloud()
        assert kept.existing(cloud, found) == found
        assert kept.delete(cloud, found) == []
        assert kept.existing(cloud, found) == []
        assert aws.buckets() == ["other"]

    def test_of_a_deleted_stack_is_what_its_deletion_skipped(self, aws):
        cloud, stack = aws.cloud(), Stack("arn:stack", f"{STAGE}-Quickstart", "DELETE_COMPLETE")
        skipped, deleted = (
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": name.lower(),
                "ResourceType": "AWS::S3::Bucket",
                "ResourceStatus": status,
                "LastUpdatedTimestamp": 0,
            }
            for name, status in (("Logs", "DELETE_SKIPPED"), ("Data", "DELETE_COMPLETE"))
        )
        with Stubber(cloud.client("cloudformation")) as stub:
            answer = {"StackResourceSummaries": [skipped, deleted]}
            stub.add_response("list_stack_resources", answer, {"StackName": "arn:stack"})
            assert kept.retained(cloud, [stack]) == {Kept("AWS::S3::Bucket", "logs", stack.name)}

    def test_includes_the_log_groups_of_functions(self, aws):
        cloud, logs = aws.cloud(), aws.client("logs")
        for name in (f"{STAGE}-ExampleNetwork-Custom", "EmrCheck-ffffffff-ExampleNetwork-Custom"):
            logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
        with Stubber(cloud.client("cloudformation")) as stub:
            stub.add_response("list_stack_resources", {"StackResourceSummaries": []})
            found = kept.retained(cloud, [Stack("arn:stack", f"{STAGE}-ExampleNetwork", "DELETE_COMPLETE")])
        assert [one.id for one in found] == [f"/aws/lambda/{STAGE}-ExampleNetwork-Custom"]


def test_the_protection_of_a_cluster_is_removed_before_its_stack_is_deleted(aws):
    instances = {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": True, "InstanceCount": 1}
    tags = [{"Key": TAG, "Value": RUN}]
    name = f"{STAGE}/HighAvailability/Warehouse"
    request = {"Name": name, "Instances": {**instances, "MasterInstanceType": "m5.xlarge"}, "Tags": tags}
    cluster_id = aws.emr.run_job_flow(**request, JobFlowRole="r", ServiceRole="s")["JobFlowId"]
    teardown.destroy_stacks(aws.cloud(), None, [])
    assert aws.emr.describe_cluster(ClusterId=cluster_id)["Cluster"]["TerminationProtected"]
    teardown._free(aws.cloud(), [f"{STAGE}-HighAvailability"])
    assert not aws.emr.describe_cluster(ClusterId=cluster_id)["Cluster"]["TerminationProtected"]
    assert aws.running() == [name]


class TestExpenses:
    def test_of_a_region_are_those_of_its_prices(self, tmp_path):
        path = tmp_path / "prices.json"
        path.write_text(json.dumps(PRICES))
        prices, known = expenses.prices_for(REGION, str(path))
        assert (prices, known) == (Prices.of(PRICES), f"prices of {path}: {REGION} in USD, 2026-11-25")
        with pytest.raises(EmrError, match="prices must be those of eu-west-1, got us-east-1; pass another file"):
            expenses.prices_for("eu-west-1", str(path))

    def test_are_unknown_without_a_permission(self, monkeypatch):
        def fetch(client, region):
            raise EmrError("the AWS Price List must be available, got AccessDenied")

        monkeypatch.setattr(expenses, "fetch", fetch)
        monkeypatch.setattr(expenses, "client_for", lambda region: None)
        assert expenses.prices_for(REGION, None) == (
            None,
            "prices are unknown: the AWS Price List must be available, got AccessDenied",
        )

    def test_are_estimated_for_each_cluster(self, plan):
        # Three nodes for $1.25, with two volumes of 32 GiB and a root volume of 15 GiB each.
        node = Decimal("1.25") + Decimal(79) * Decimal("0.1") / 720
        quickstart, daily_sales, *rest = expenses.estimate(plan, Prices.of(PRICES), LIMITS)
        assert quickstart == f"quickstart: ${3 * node:.2f} an hour, 30 minutes expected, at most 145 minutes"
        assert daily_sales == f"daily_sales: ${3 * node:.2f} an hour, 30 minutes expected, at most 125 minutes"
        most = 3 * node * (145 + 125) / 60
        assert rest == [
            f"all clusters: ${3 * node:.2f} expected, ${most:.2f} at the time limits",
            f"not included: {expenses.NOT_INCLUDED}",
        ]

    def test_name_what_is_unknown(self, plan):
        prices = Prices.of({**PRICES, "instances": {"m7g.xlarge": {"ec2": "1"}}})
        lines = expenses.estimate(plan, prices, LIMITS)
        assert lines[0].startswith("quickstart: at least $3.0")
        assert "unknown: EMR price of m7g.xlarge, which the file lacks" in lines

    def test_of_spot_instances_and_of_unknown_clusters_have_limits(self):
        spot = expenses._hourly(None, Prices.of(PRICES), "x", "m7g.xlarge", is_spot=True)
        assert (spot.least, spot.most, spot.unknown) == (0, Decimal("1.25"), ("volumes of m7g.xlarge",))
        other = expenses._hourly(None, Prices.of(PRICES), "x", "r8g.xlarge", is_spot=False)
        assert other.unknown == ("volumes of r8g.xlarge", "EC2 price of r8g.xlarge", "EMR price of r8g.xlarge")


class TestPlan:
    def test_every_resource_has_the_tag_of_the_check(self, plan):
        (cluster,) = (launch for launch in plan.examples[0].launches)
        assert {"Key": TAG, "Value": RUN} in cluster.request["Tags"]
        (launched,) = (launch for launch in plan.examples[1].launches)
        assert {"Key": TAG, "Value": RUN} in launched.request["Tags"]
        assert [example.path for example in plan.all] == [
            f"{STAGE}/{name}" for name in ("ExampleNetwork", "Quickstart", "DailySales")
        ]

    def test_an_example_without_a_network_has_none(self):
        made = make_plan(RUN, ["public_subnet"])
        assert made.network is None
        assert [example.stack_name for example in made.all] == [f"{STAGE}-PublicSubnet"]

    @pytest.mark.parametrize("name", SUPPORTED)
    def test_a_supported_example_requires_nothing_that_exists(self, name):
        if name in EXAMPLES:
            code = source_of(name).read_text()
            for function in ("from_security_group_id", "from_secret_name", "from_role_name", "custom_ami_id"):
                assert function not in code
        assert invalid([name]) == []


def test_the_facts_are_open_assumptions_of_the_page():
    assert set(FACTS) <= {row.cells[0] for row in having(OPEN)}
    assert facts({"execution": True, "network": False}, proved=False) == [
        "Lambda names the account as `aws:SourceAccount` when it assumes the role of a function"
    ]
