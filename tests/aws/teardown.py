"""Deletes what a check created, and nothing else; finds what remains."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.cloud import TAG, Cloud, Stack, code_of, has_ended
from tests.aws.creation import one_line
from tests.aws.report import CheckError, Report
from tests.deploy.cli import CdkError
from tests.deploy.waiting import wait_until

if TYPE_CHECKING:
    from tests.aws.plan import Plan

_LAUNCHER: Final = "emr-constructs:launcher"
# What is billed or blocks a network, and has the tag of the check: operation, result, ID, and its last states.
_TAGGED: Final = (
    ("describe_instances", "Reservations", "InstanceId", ("terminated", "shutting-down")),
    ("describe_volumes", "Volumes", "VolumeId", ("deleting", "deleted")),
    ("describe_nat_gateways", "NatGateways", "NatGatewayId", ("deleting", "deleted")),
    ("describe_addresses", "Addresses", "AllocationId", ()),
    ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", ("deleting", "deleted")),
    ("describe_security_groups", "SecurityGroups", "GroupId", ()),
    ("describe_subnets", "Subnets", "SubnetId", ()),
    ("describe_vpcs", "Vpcs", "VpcId", ()),
)


def tear_down(cloud: Cloud, plan: Plan | None, report: Report) -> None:
    """Stop executions, terminate clusters, and delete all stacks of the check; each as far as possible."""
    stacks: list[Stack] = []
    clusters: list[dict[str, Any]] = []
    report.attempt("find stacks", lambda _: stacks.extend(stack for stack in cloud.stacks() if stack.exists))
    if stacks:
        report.attempt("stop executions", lambda _: stop_executions(cloud, stacks))
        report.attempt("destroy all stacks", lambda _: destroy_stacks(cloud, plan, stacks))
    # A schedule or a failed deployment can have left some.
    report.attempt("find clusters", lambda _: clusters.extend(cloud.clusters(running=True)))
    if clusters:
        report.attempt("terminate clusters", lambda _: terminate_clusters(cloud, clusters))


def stop_executions(cloud: Cloud, stacks: Iterable[Stack]) -> None:
    """Stop the executions of the jobs of stacks."""
    states = cloud.client("stepfunctions")
    for stack in stacks:
        for arn in cloud.physical_ids(stack, "AWS::StepFunctions::StateMachine").values():
            request = {"stateMachineArn": arn, "statusFilter": "RUNNING"}
            for execution in list(cloud.pages("stepfunctions", "list_executions", "executions", **request)):
                with contextlib.suppress(states.exceptions.ExecutionDoesNotExist):
                    states.stop_execution(executionArn=execution["executionArn"], cause="Check of emr_constructs ends")


def terminate_clusters(cloud: Cloud, clusters: Sequence[dict[str, Any]]) -> None:
    """Terminate clusters, also protected ones, and wait until they are terminated."""
    emr, ids = cloud.client("emr"), [cluster["Id"] for cluster in clusters]
    if not ids:
        return
    # A request terminates at most 10 clusters.
    for batch in (ids[first : first + 10] for first in range(0, len(ids), 10)):
        emr.set_termination_protection(JobFlowIds=batch, TerminationProtected=False)
        emr.terminate_job_flows(JobFlowIds=batch)
    wait_until(
        lambda: all(has_ended(cloud.cluster(found)) for found in ids),
        f"clusters {', '.join(ids)} aren't terminated",
        seconds=60 * cloud.limits.destroy,
        pause=cloud.limits.pause_seconds,
    )


def destroy_stacks(cloud: Cloud, plan: Plan | None, stacks: Sequence[Stack]) -> None:
    """Delete stacks of the check with the CDK CLI; if there is no assembly or the CLI fails, with CloudFormation.

    :param stacks: networks come last.
    """
    names = [stack.name for stack in stacks]
    _free(cloud, names)
    paths = {} if plan is None else {example.stack_name: example.path for example in plan.all}
    known = [paths[name] for name in names if name in paths]
    if plan is not None and known:
        with contextlib.suppress(CdkError):
            cloud.cdk(
                "destroy",
                *known,
                "--force",
                "--exclusively",
                f"--app={plan.assembly}",
                seconds=60 * cloud.limits.destroy * len(known),
            )
    problems = [problem for stack in stacks if (problem := _delete(cloud, stack))]
    if problems:
        raise CheckError("; ".join(problems))


def _free(cloud: Cloud, names: Sequence[str]) -> None:
    """Terminate the clusters that executions of stacks launched, and let CloudFormation terminate the others."""
    # The name of a cluster is the path of its construct.
    owned = [
        found
        for found in cloud.clusters(running=True)
        if any(found["Name"].replace("/", "-").startswith(f"{name}-") for name in names)
    ]
    is_launched = {found["Id"]: any(tag["Key"] == _LAUNCHER for tag in found["Tags"]) for found in owned}
    # They aren't in a template, and use roles and security groups of the stacks.
    terminate_clusters(cloud, [found for found in owned if is_launched[found["Id"]]])
    protected = [found["Id"] for found in owned if not is_launched[found["Id"]] and found.get("TerminationProtected")]
    if protected:
        cloud.client("emr").set_termination_protection(JobFlowIds=protected, TerminationProtected=False)


def _status(cloud: Cloud, stack: Stack) -> tuple[str, str]:
    (found,) = cloud.client("cloudformation").describe_stacks(StackName=stack.id)["Stacks"]
    return found["StackStatus"], found.get("StackStatusReason", "")


def _delete(cloud: Cloud, stack: Stack) -> str | None:
    """Delete a stack unless it is deleted; return why it isn't."""
    try:
        if _status(cloud, stack)[0] == "DELETE_COMPLETE":
            return None
        cloud.client("cloudformation").delete_stack(StackName=stack.id)

        def ended() -> bool:
            return _status(cloud, stack)[0] in ("DELETE_COMPLETE", "DELETE_FAILED")

        limits = cloud.limits
        wait_until(ended, "it isn't deleted", seconds=60 * limits.destroy, pause=limits.pause_seconds)
        status, reason = _status(cloud, stack)
    except (ClientError, BotoCoreError, TimeoutError) as error:
        return f"stack {stack.name}: {one_line(error)}"
    return None if status == "DELETE_COMPLETE" else f"stack {stack.name} is {status}: {reason}"


def leftovers(cloud: Cloud) -> list[str]:
    """What remains of the check although it should be deleted."""
    found = [f"stack {stack.name} is {stack.status}" for stack in cloud.stacks() if stack.exists]
    found += [f"cluster {one['Id']} is {one['Status']['State']}" for one in cloud.clusters(running=True)]
    filters = [{"Name": f"tag:{TAG}", "Values": [cloud.run]}]
    for operation, key, name, ended in _TAGGED:
        try:
            resources = list(cloud.pages("ec2", operation, key, Filters=filters))
        except ClientError as error:
            found.append(f"unknown, because {operation} fails: {code_of(error)}")
            continue
        if key == "Reservations":
            resources = [instance for one in resources for instance in one["Instances"]]
        found += [
            f"{key} {one[name]} {_state(one)}".rstrip()
            for one in resources
            if _is_tagged(cloud, one) and _state(one) not in ended
        ]
    return found


def _is_tagged(cloud: Cloud, resource: dict[str, Any]) -> bool:
    return {"Key": TAG, "Value": cloud.run} in resource.get("Tags", [])


def _state(resource: dict[str, Any]) -> str:
    state = resource.get("State", "")
    return (str(state.get("Name", "")) if isinstance(state, dict) else str(state)).lower()
