"""Permissions of state machines and schedules that use clusters.

EMR generates the cluster ID at launch, so the ARN isn't known before. A tag that only one state machine sets limits the
statements to the clusters of that state machine.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-fine-grained-cluster-access.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .._core import tokens
from .policies import Statement, allow, pass_role
from .roles import emr_principal

__all__ = [
    "EXECUTION_TAG",
    "LAUNCHER_TAG",
    "clusters",
    "deliver_logs_and_traces",
    "describe_clusters",
    "describe_executions",
    "describe_steps",
    "executions",
    "follow_steps",
    "launch_clusters",
    "list_clusters",
    "list_executions",
    "policies_set_by",
    "publish",
    "send_messages",
    "set_policies",
    "start_executions",
    "terminate_clusters",
    "use_clusters",
    "use_launched_clusters",
]

LAUNCHER_TAG: Final = "emr-constructs:launcher"
"""The tag of a cluster that a state machine launched."""

EXECUTION_TAG: Final = "emr-constructs:execution"
"""The tag of such a cluster that has the ARN of the execution."""

_STEPS: Final = ("CancelSteps", "DescribeStep")
_FOLLOW: Final = (
    "CancelSteps",
    "DescribeCluster",
    "DescribeStep",
    "ListBootstrapActions",
    "ListInstanceFleets",
    "ListInstanceGroups",
    "ListInstances",
    "ListSteps",
    "TerminateJobFlows",
)


def launch_clusters(
    launcher: str,
    *,
    service_role_arn: str,
    instance_role_arn: str,
    auto_scaling_role_arn: str | None,
    tag: str = LAUNCHER_TAG,
) -> list[Statement]:
    """Allow launching clusters with the tag, and passing the roles of the profile.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-policy-fullaccess-v2.html

    :param tag: the key of the tag whose value is ``launcher``. Default: that of state machines.
    """
    tagging = _tagging(launcher, tag)
    statements = [
        allow("LaunchTaggedClusters", ["elasticmapreduce:RunJobFlow"], ["*"], tagging),
        allow("TagClusters", ["elasticmapreduce:AddTags"], [clusters()], tagging),
        pass_role("PassServiceRole", service_role_arn, "elasticmapreduce"),
        pass_role("PassInstanceRole", instance_role_arn, "ec2"),
        allow(
            "CreateCleanupRole",
            ["iam:CreateServiceLinkedRole"],
            [
                f"arn:{tokens.partition()}:iam::{tokens.account()}:role/aws-service-role/{emr_principal()}/"
                "AWSServiceRoleForEMRCleanup"
            ],
            {"StringEquals": {"iam:AWSServiceName": emr_principal()}},
        ),
    ]
    if auto_scaling_role_arn is not None:
        statements.append(pass_role("PassAutoScalingRole", auto_scaling_role_arn, "application-autoscaling"))
    return statements


def policies_set_by(request: Mapping[str, Any]) -> list[str]:
    """Return the actions that attach the policies of a RunJobFlow request."""
    groups = request["Instances"].get("InstanceGroups", [])
    actions = {
        "PutAutoScalingPolicy": any("AutoScalingPolicy" in group for group in groups),
        "PutAutoTerminationPolicy": "AutoTerminationPolicy" in request,
        "PutManagedScalingPolicy": "ManagedScalingPolicy" in request,
    }
    return [action for action, is_set in actions.items() if is_set]


def set_policies(launcher: str, actions: Iterable[str], *, tag: str = LAUNCHER_TAG) -> list[Statement]:
    """Allow attaching policies that are part of the launch, such as auto-termination.

    AWS doesn't document whether EMR checks the tag of the request or of the cluster at launch.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-auto-termination-policy.html

    :param tag: the key of the tag whose value is ``launcher``. Default: that of state machines.
    """
    listed = [f"elasticmapreduce:{action}" for action in actions]
    if not listed:
        return []
    return [
        allow("SetPoliciesAtLaunch", listed, [clusters()], _tagging(launcher, tag)),
        allow("SetPoliciesOfTaggedClusters", listed, [clusters()], _tagged(launcher, tag)),
    ]


def use_clusters(launcher: str, runtime_role_arns: Iterable[str]) -> list[Statement]:
    """Allow describing and terminating clusters with the tag, and submitting steps."""
    tagged = _tagged(launcher)
    conditions = {**tagged, **_runtime_roles(runtime_role_arns)}
    return [
        allow("SubmitSteps", ["elasticmapreduce:AddJobFlowSteps"], [clusters()], conditions),
        allow(
            "UseTaggedClusters",
            [f"elasticmapreduce:{action}" for action in (*_STEPS, "DescribeCluster", "TerminateJobFlows")],
            [clusters()],
            tagged,
        ),
    ]


def use_launched_clusters(launcher: str, runtime_role_arns: Iterable[str], *, tag: str) -> list[Statement]:
    """Allow viewing and terminating clusters with the tag, and submitting steps.

    :param runtime_role_arns: the only roles that steps can run with. Without any, steps have no runtime role.
    """
    tagged, roles = _tagged(launcher, tag), list(dict.fromkeys(runtime_role_arns))
    equal = {**tagged["StringEquals"], **({"elasticmapreduce:ExecutionRoleArn": roles} if roles else {})}
    conditions = {"StringEquals": equal, **({} if roles else _runtime_roles(()))}
    return [
        allow("SubmitSteps", ["elasticmapreduce:AddJobFlowSteps"], [clusters()], conditions),
        allow("UseTaggedClusters", [f"elasticmapreduce:{action}" for action in _FOLLOW], [clusters()], tagged),
    ]


def terminate_clusters(launcher: str) -> Statement:
    """Allow terminating clusters with the tag."""
    return allow("TerminateTaggedClusters", ["elasticmapreduce:TerminateJobFlows"], [clusters()], _tagged(launcher))


def describe_clusters() -> Statement:
    """Allow describing any cluster of the account, because ListClusters omits tags."""
    return allow("DescribeClusters", ["elasticmapreduce:DescribeCluster"], [clusters()])


def follow_steps(cluster_arn: str, runtime_role_arns: Iterable[str]) -> list[Statement]:
    """Allow submitting, describing and canceling steps of a known cluster."""
    return [
        allow("SubmitSteps", ["elasticmapreduce:AddJobFlowSteps"], [cluster_arn], _runtime_roles(runtime_role_arns)),
        allow("FollowSteps", [f"elasticmapreduce:{action}" for action in _STEPS], [cluster_arn]),
    ]


def describe_steps(cluster_arn: str) -> Statement:
    """Allow describing the steps of a known cluster."""
    return allow("DescribeSteps", ["elasticmapreduce:DescribeStep"], [cluster_arn])


def list_clusters() -> Statement:
    """Allow listing the clusters of the account.

    EMR doesn't support resource-level permissions for this action.
    """
    return allow("ListClusters", ["elasticmapreduce:ListClusters"], ["*"])


def list_executions(state_machine_arn: str) -> Statement:
    """Allow listing the executions of a state machine."""
    return allow("ListExecutions", ["states:ListExecutions"], [state_machine_arn])


def describe_executions(state_machine_name: str) -> Statement:
    """Allow describing the executions of a state machine."""
    return allow("DescribeExecutions", ["states:DescribeExecution"], [executions(state_machine_name)])


def start_executions(state_machine_arn: str) -> Statement:
    """Allow starting a state machine."""
    return allow("StartExecution", ["states:StartExecution"], [state_machine_arn])


def publish(topic_arn: str, key_arn: str | None) -> list[Statement]:
    """Allow publishing to a topic that is encrypted with a key."""
    statements = [allow("Publish", ["sns:Publish"], [topic_arn])]
    return statements if key_arn is None else [*statements, _encrypt("EncryptMessages", key_arn)]


def send_messages(queue_arn: str, key_arn: str | None) -> list[Statement]:
    """Allow sending messages to a queue that is encrypted with a key."""
    statements = [allow("SendToDeadLetterQueue", ["sqs:SendMessage"], [queue_arn])]
    return statements if key_arn is None else [*statements, _encrypt("EncryptDeadLetters", key_arn)]


def deliver_logs_and_traces() -> list[Statement]:
    """Allow writing logs and traces of executions.

    The services support no resource-level permissions for these actions.
    https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
    """
    deliveries = ("CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "UpdateLogDelivery")
    groups = ("DescribeLogGroups", "DescribeResourcePolicies", "PutResourcePolicy")
    traces = ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")
    return [
        allow("DeliverLogs", [f"logs:{action}" for action in sorted((*deliveries, *groups))], ["*"]),
        allow("WriteTraces", [f"xray:{action}" for action in traces], ["*"]),
    ]


def clusters() -> str:
    """Return the ARN of any cluster of the account and Region."""
    return tokens.arn("elasticmapreduce", "cluster/*")


def executions(state_machine_name: str) -> str:
    """Return the ARN of any execution of a state machine of the account and Region."""
    return tokens.arn("states", f"execution:{state_machine_name}:*")


def _tagging(launcher: str, tag: str = LAUNCHER_TAG) -> dict[str, Any]:
    return {"StringEquals": {f"elasticmapreduce:RequestTag/{tag}": launcher}}


def _tagged(launcher: str, tag: str = LAUNCHER_TAG) -> dict[str, Any]:
    return {"StringEquals": {f"elasticmapreduce:ResourceTag/{tag}": launcher}}


def _runtime_roles(arns: Iterable[str]) -> dict[str, Any]:
    """Return the condition that steps run with these roles or without a runtime role."""
    listed = list(dict.fromkeys(arns))
    if listed:
        return {"StringEqualsIfExists": {"elasticmapreduce:ExecutionRoleArn": listed}}
    return {"Null": {"elasticmapreduce:ExecutionRoleArn": "true"}}


def _encrypt(sid: str, key_arn: str) -> Statement:
    return allow(sid, ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn])
