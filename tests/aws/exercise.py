"""Deploys the examples of a check one after the other, and lets each of them work."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.cloud import Cloud, code_of, has_ended
from tests.aws.kept import Kept, retained
from tests.aws.report import CheckError, Report, Step
from tests.aws.teardown import destroy_stacks, stop_executions
from tests.deploy.waiting import wait_until

if TYPE_CHECKING:
    from tests.aws.plan import Example, Plan

Value = TypeVar("Value")
_SPOT_ROLE: Final = "AWSServiceRoleForEC2Spot"
_STEP_ENDED: Final = ("COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED")


class Exercise:
    """The steps of a check between the prompt and the cleanup."""

    def __init__(self, cloud: Cloud, plan: Plan, report: Report) -> None:
        self._cloud, self._plan, self._report = cloud, plan, report
        self._limits = cloud.limits
        self.kept: set[Kept] = set()
        """What the deletion of stacks retains."""

    def run(self) -> None:
        """Deploy, use and destroy each example. A failure of one doesn't prevent those that follow."""
        network = self._plan.network
        if network is not None:
            if not self._report.attempt("network: deploy", lambda _: self._deploy(network, self._limits.network)):
                return
            self._report.evidence["network"] = True
        for example in self._plan.examples:
            with contextlib.suppress(CheckError):
                self._example(example)
            # Each example is billed only while it is used; the last cleanup repeats what fails here.
            self._report.attempt(f"{example.name}: destroy", partial(self._destroy, example))

    def _destroy(self, example: Example, _: Step) -> None:
        stacks = [stack for stack in self._cloud.stacks() if stack.exists and stack.name == example.stack_name]
        self.kept |= retained(self._cloud, stacks)
        stop_executions(self._cloud, stacks)
        destroy_stacks(self._cloud, self._plan, stacks)

    def _example(self, example: Example) -> None:
        report, had_spot_role = self._report, self._has_spot_role()
        with report.step(f"{example.name}: deploy"):
            self._deploy(example, self._limits.deploy)
        (stack,) = (found for found in self._cloud.stacks() if found.exists and found.name == example.stack_name)
        clusters = self._cloud.physical_ids(stack, "AWS::EMR::Cluster")
        for name in example.clusters:
            self._use_cluster(example, clusters[name])
        if example.clusters and not had_spot_role and _is_spot(example):
            report.evidence["Spot role"] = self._has_spot_role()
        machines = self._cloud.physical_ids(stack, "AWS::StepFunctions::StateMachine")
        for name in example.machines:
            self._use_machine(example, machines[name])

    def _deploy(self, example: Example, minutes: int) -> None:
        self._cloud.cdk(
            "deploy",
            example.path,
            "--exclusively",
            "--require-approval=never",
            f"--app={self._plan.assembly}",
            seconds=60 * minutes,
        )

    def _use_cluster(self, example: Example, cluster_id: str) -> None:
        report = self._report
        with report.step(f"{example.name}: cluster {cluster_id} is WAITING"):
            cluster = self._wait(
                lambda: self._settled(cluster_id), f"cluster {cluster_id} isn't WAITING", self._limits.waiting
            )
            if has_ended(cluster):
                raise CheckError(f"cluster {cluster_id} has ended: {_reason(cluster)}")
        with contextlib.suppress(CheckError), report.step(f"{example.name}: step completes on {cluster_id}") as step:
            self._run_step(cluster, step)
        with contextlib.suppress(CheckError), report.step(f"{example.name}: observations on {cluster_id}") as step:
            self._observe(cluster, step)

    def _settled(self, cluster_id: str) -> dict[str, Any] | None:
        found = self._cloud.cluster(cluster_id)
        return found if has_ended(found) or found["Status"]["State"] == "WAITING" else None

    def _run_step(self, cluster: dict[str, Any], report: Step) -> None:
        """Submit a step that every cluster with the application can run."""
        emr = self._cloud.client("emr")
        has_spark = any(found["Name"] == "Spark" for found in cluster["Applications"])
        args = ["spark-example", "SparkPi", "10"] if has_spark else ["hadoop", "fs", "-ls", "/"]
        step = {"Name": "Check", "ActionOnFailure": "CONTINUE"}
        jar = {"Jar": "command-runner.jar", "Args": args}
        (step_id,) = emr.add_job_flow_steps(JobFlowId=cluster["Id"], Steps=[{**step, "HadoopJarStep": jar}])["StepIds"]

        def ended() -> dict[str, Any] | None:
            status = emr.describe_step(ClusterId=cluster["Id"], StepId=step_id)["Step"]["Status"]
            return status if status["State"] in _STEP_ENDED else None

        status = self._wait(ended, f"step {step_id} hasn't ended", self._limits.step)
        report.detail = f"{step_id} {status['State']}"
        if status["State"] != "COMPLETED":
            details = status.get("FailureDetails", {})
            raise CheckError(f"{step_id} is {status['State']}: {details.get('Message') or details.get('Reason', '')}")

    def _observe(self, cluster: dict[str, Any], report: Step) -> None:
        """What the cluster shows about the assumptions of docs/verification.md."""
        evidence, cloud = self._report.evidence, self._cloud
        attributes = cluster["Ec2InstanceAttributes"]
        profile = attributes["IamInstanceProfile"].rpartition("/")[2]
        (role,) = cloud.client("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
        if role["RoleName"] != profile:
            evidence["instance profile"] = True
        names = ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup", "ServiceAccessSecurityGroup")
        groups = [attributes[name] for name in names if name in attributes]
        filters = [{"Name": "group-id", "Values": groups}]
        rules = cloud.pages("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters)
        # Those of the template have descriptions; EC2 adds a rule to anywhere to each new group.
        added = [
            rule["SecurityGroupRuleId"]
            for rule in rules
            if not (rule.get("Description") or (rule["IsEgress"] and rule.get("CidrIpv4") == "0.0.0.0/0"))
        ]
        evidence["security group rules"] = not added
        report.detail = f"rules that are not in the template: {', '.join(added)}" if added else ""
        if self._has_certificates(cluster):
            evidence["certificates"] = True
        instances = cloud.pages("emr", "list_instances", "Instances", ClusterId=cluster["Id"])
        ids = [found["Ec2InstanceId"] for found in instances if found["Status"]["State"] == "RUNNING"]
        self._optional("SSM Agent", lambda: self._is_online(ids))
        self._optional("metrics", lambda: self._has_metrics(cluster["Id"]))

    def _optional(self, name: str, observe: Callable[[], bool | None]) -> None:
        """An observation that the check can do without, for example because a permission is missing."""
        with contextlib.suppress(ClientError, BotoCoreError):
            seen = observe()
            if seen is not None:
                self._report.evidence[name] = seen

    def _has_certificates(self, cluster: dict[str, Any]) -> bool:
        """Whether EMR manages the certificates of the cluster."""
        name = cluster.get("SecurityConfiguration")
        if not name:
            return False
        found = self._cloud.client("emr").describe_security_configuration(Name=name)["SecurityConfiguration"]
        return "EnableInTransitEncryption" in found and "SecretTags" in found

    def _is_online(self, instances: list[str]) -> bool | None:
        filters = [{"Key": "InstanceIds", "Values": instances}]
        request = ("ssm", "describe_instance_information", "InstanceInformationList")
        online = {found["InstanceId"] for found in self._cloud.pages(*request, Filters=filters)}
        return True if instances and online == set(instances) else None

    def _has_metrics(self, cluster_id: str) -> bool | None:
        dimensions = [{"Name": "JobFlowId", "Value": cluster_id}]
        request = {"Namespace": "AWS/ElasticMapReduce", "MetricName": "IsIdle", "Dimensions": dimensions}
        # They can also be late.
        return True if self._cloud.client("cloudwatch").list_metrics(**request)["Metrics"] else None

    def _has_spot_role(self) -> bool:
        try:
            self._cloud.client("iam").get_role(RoleName=_SPOT_ROLE)
        except ClientError as error:
            # If it isn't known, nothing is concluded.
            return code_of(error) != "NoSuchEntity"
        return True

    def _use_machine(self, example: Example, machine: str) -> None:
        report, given = self._report, example.completed_input
        if given is not None:
            with contextlib.suppress(CheckError), report.step(f"{example.name}: execution succeeds") as step:
                self._complete(machine, given, step)
                report.evidence["execution"] = True
        with report.step(f"{example.name}: execution is aborted, and its cluster terminated by the cleanup") as step:
            self._abort(example, machine, step)

    def _complete(self, machine: str, given: dict[str, Any], report: Step) -> None:
        arn, name = self._start(machine, "complete", given)
        found = self._wait(lambda: self._ended(arn), f"{name} runs", self._limits.execution)
        if found["status"] != "SUCCEEDED":
            raise CheckError(f"{name} is {found['status']}: {found.get('error')}: {found.get('cause')}")
        cluster = self._launched(name)
        if cluster is None or not has_ended(cluster):
            raise CheckError(f"the cluster of {name} isn't terminated")
        report.detail = f"cluster {cluster['Id']} {cluster['Status']['State']}"

    def _abort(self, example: Example, machine: str, report: Step) -> None:
        arn, name = self._start(machine, "abort", {})
        cluster = self._wait(
            lambda: self._launched(name) or self._ended(arn), f"{name} launches no cluster", self._limits.launch
        )
        if "Id" not in cluster:
            raise CheckError(f"{name} is {cluster['status']}: {cluster.get('error')}: {cluster.get('cause')}")
        if example.completed_input is not None or example.name == "nightly_job":
            # It has launched a cluster without the date that these jobs require.
            self._report.evidence["start time"] = True
        states = self._cloud.client("stepfunctions")
        states.stop_execution(executionArn=arn, cause="Check of emr_constructs")
        stopped = self._wait(lambda: self._ended(arn), f"{name} runs", self._limits.launch)
        self._cloud.after_abort(stopped)
        began = datetime.now(UTC)
        self._wait(
            lambda: has_ended(self._cloud.cluster(cluster["Id"])) or None,
            f"the cleanup hasn't terminated cluster {cluster['Id']}",
            self._limits.cleanup,
        )
        seconds = (datetime.now(UTC) - began).total_seconds()
        report.detail = f"cluster {cluster['Id']} terminated {seconds:.0f} seconds later"

    def _start(self, machine: str, purpose: str, given: dict[str, Any]) -> tuple[str, str]:
        name = f"{purpose}-{self._cloud.run}"
        states = self._cloud.client("stepfunctions")
        started = states.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))
        return started["executionArn"], name

    def _ended(self, execution: str) -> dict[str, Any] | None:
        found = self._cloud.client("stepfunctions").describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    def _launched(self, execution: str) -> dict[str, Any] | None:
        """The cluster of an execution, whose name ends with that of the execution."""
        return next((found for found in self._cloud.clusters() if found["Name"].endswith(f" {execution}")), None)

    def _wait(self, condition: Callable[[], Value | None], what: str, minutes: int) -> Value:
        found = wait_until(condition, what, seconds=60 * minutes, pause=self._limits.pause_seconds)
        assert found is not None
        return found


def _is_spot(example: Example) -> bool:
    return '"SPOT"' in (text := json.dumps(example.template)) or "TargetSpotCapacity" in text


def _reason(cluster: dict[str, Any]) -> str:
    reason = cluster["Status"].get("StateChangeReason", {})
    return f"{cluster['Status']['State']} {reason.get('Code', '')} {reason.get('Message', '')}".rstrip()
