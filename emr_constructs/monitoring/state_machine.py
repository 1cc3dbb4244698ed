"""A state machine with its own role, execution logs and traces.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .._core import tokens
from ..security import nag_findings
from ..security.job_policies import deliver_logs_and_traces, start_executions
from ..security.key_policies import allow_log_encryption, allow_service
from ..security.permissions import RolePermissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_events as events
    from aws_cdk import aws_sqs as sqs
    from constructs import IDependable

    from ..security.policies import Statement

__all__ = ["JobStateMachine", "allow_rules", "job_key", "start_target"]

# Both keep the ARN of a log group below the 256 characters that Step Functions accepts, in any partition and region:
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CloudWatchLogsLogGroup.html
_LONGEST_STACK_NAME: Final = 60
_LONGEST_PATH: Final = 40


class JobStateMachine(Construct):
    """A state machine with its role and the log group of its executions."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        definition: Mapping[str, Any],
        statements: Iterable[Statement],
        wildcards: Mapping[str, str],
        encryption_key: kms.IKey,
        removal_policy: cdk.RemovalPolicy,
        log_execution_data: bool = True,
    ) -> None:
        """Define the state machine.

        :param definition: in the Amazon States Language.
        :param statements: the permissions of its states.
        :param wildcards: the resources of the statements that have a wildcard, each with the reason for it.
        :param encryption_key: encrypts the log; its policy is extended for CloudWatch Logs if the key is defined in
            this app.
        :param removal_policy: what happens to the log when the stack is deleted.
        :param log_execution_data: whether the log contains the input and output of each state. Default: true.
        """
        super().__init__(scope, construct_id)
        conditions = {
            "StringEquals": {"aws:SourceAccount": tokens.account()},
            "ArnLike": {"aws:SourceArn": tokens.arn("states", "stateMachine:*")},
        }
        self.role: iam.Role = iam.Role(
            self,
            "Role",
            description="Allows Step Functions to run jobs on Amazon EMR",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com", conditions=conditions),
        )
        self.permissions: RolePermissions = RolePermissions(self, "Policy", self.role, statements)
        self.permissions.acknowledge(nag_findings.wildcards(self, wildcards))
        # Apart from the others, whose wildcards would otherwise be acknowledged with these.
        observing = deliver_logs_and_traces()
        observe = RolePermissions(self, "ObservePolicy", self.role, observing)
        known = nag_findings.of_statements(observing, nag_findings.LOGS_AND_TRACES)
        observe.acknowledge(nag_findings.wildcards(self, known))
        folder, name = _log_group_name(self)
        allow_log_encryption(encryption_key, tokens.arn("logs", f"log-group:{folder}/*"))
        self.log_group: logs.LogGroup = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"{folder}/{name}",
            encryption_key=encryption_key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=_deleted_by_rollback(removal_policy),
        )
        self.state_machine: sfn.StateMachine = sfn.StateMachine(
            self,
            "StateMachine",
            definition_body=sfn.DefinitionBody.from_string(cdk.Stack.of(self).to_json_string(dict(definition))),
            # By default, CDK creates an inline policy, which compliance checkers reject.
            role=self.role.without_policy_updates(),
            logs=sfn.LogOptions(
                destination=self.log_group, level=sfn.LogLevel.ALL, include_execution_data=log_execution_data
            ),
            tracing_enabled=True,
        )
        self.state_machine.node.add_dependency(*self.permissions.dependencies, *observe.dependencies)


def job_key(scope: Construct, removal_policy: cdk.RemovalPolicy) -> kms.Key:
    """Create the key for the logs, notifications and dead letters of a job."""
    return kms.Key(
        scope,
        "Key",
        description="Encrypts execution logs, notifications and dead letters of jobs on Amazon EMR",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )


def allow_rules(key: kms.IKey) -> None:
    """Allow the EventBridge rules of the account to use ``key``.

    The policy of an imported key doesn't change.
    """
    allow_service(key, "events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": tokens.account()}})


def start_target(
    scope: Construct, state_machine: sfn.StateMachine, *, description: str, dead_letter_queue: sqs.IQueue | None
) -> tuple[events.IRuleTarget, Sequence[IDependable]]:
    """Return a target of rules that starts ``state_machine``, and what the rules depend on.

    :param scope: the construct that gets the role of the target.
    :param description: of the role.
    :param dead_letter_queue: keeps the events that can't be delivered.
    """
    from aws_cdk import aws_events_targets as targets

    conditions = {
        "StringEquals": {"aws:SourceAccount": tokens.account()},
        "ArnLike": {"aws:SourceArn": tokens.arn("events", "rule/*")},
    }
    role = iam.Role(
        scope,
        "RuleRole",
        description=description,
        assumed_by=iam.ServicePrincipal("events.amazonaws.com", conditions=conditions),
    )
    permissions = RolePermissions(scope, "RulePolicy", role, [start_executions(state_machine.state_machine_arn)])
    target = targets.SfnStateMachine(
        state_machine, role=role.without_policy_updates(), dead_letter_queue=dead_letter_queue
    )
    return target, permissions.dependencies


def _log_group_name(scope: Construct) -> tuple[str, str]:
    """Return the name of the log group of ``scope``.

    It consists of the folder of its stack, which is a literal, and the rest.

    - The resource policy of CloudWatch Logs, to which Step Functions adds each log group, is limited to 5,120
      characters. Before it is full, CloudWatch Logs allows all log groups below ``/aws/vendedlogs/`` at once.
      https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
    - The ID of the stack keeps the name apart from a log group that was retained by a deleted stack of the same name.
    - The address of ``scope`` is unique in the app; the path is for readers.
    """
    top = cdk.Stack.of(scope)
    # The name of a nested stack is known only at deployment.
    while top.nested_stack_parent is not None:
        top = top.nested_stack_parent
    path = re.sub(r"[^\w./-]+", "-", scope.node.path.removeprefix(f"{top.node.path}/"), flags=re.ASCII)
    folder = f"/aws/vendedlogs/states/{top.stack_name[:_LONGEST_STACK_NAME]}"
    return folder, f"{tokens.stack_uuid()}/{path[-_LONGEST_PATH:].strip('/')}-{tokens.address(scope)}"


def _deleted_by_rollback(removal_policy: cdk.RemovalPolicy) -> cdk.RemovalPolicy:
    """The policy for a resource with a fixed name, which would be in the way of the deployment after a rollback.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    retained = removal_policy == cdk.RemovalPolicy.RETAIN
    return cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retained else removal_policy
