"""A state machine with a role of its own, whose executions are logged and traced.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from .. import _aws
from ..security import acknowledgments
from ..security.job_policies import deliver_logs_and_traces
from ..security.permissions import RolePermissions

if TYPE_CHECKING:
    from ..security.policies import Statement

__all__ = ["JobStateMachine", "job_key", "let_services_encrypt"]


class JobStateMachine(Construct):
    """A state machine from a definition, with its role and the log of its executions."""

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
        :param statements: what its states may do.
        :param wildcards: the resources of the statements that have a wildcard, each with the reason for it.
        :param encryption_key: encrypts the log; CloudWatch Logs may use it.
        :param removal_policy: what happens to the log when the stack is deleted.
        :param log_execution_data: whether the log has the input and output of each state. Default: yes.
        """
        super().__init__(scope, construct_id)
        conditions = {
            "StringEquals": {"aws:SourceAccount": _aws.account()},
            "ArnLike": {"aws:SourceArn": _aws.arn("states", "stateMachine:*")},
        }
        self.role: iam.Role = iam.Role(
            self,
            "Role",
            description="Step Functions runs work on Amazon EMR",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com", conditions=conditions),
        )
        self.permissions: RolePermissions = RolePermissions(self, "Policy", self.role, statements)
        self.permissions.acknowledge(acknowledgments.wildcards(self, wildcards))
        # Apart from the others, whose wildcards would otherwise be acknowledged with these.
        observing = deliver_logs_and_traces()
        observe = RolePermissions(self, "ObservePolicy", self.role, observing)
        known = acknowledgments.of_statements(observing, acknowledgments.LOGS_AND_TRACES)
        observe.acknowledge(acknowledgments.wildcards(self, known))
        self.log_group: logs.LogGroup = logs.LogGroup(
            self,
            "Logs",
            encryption_key=encryption_key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=removal_policy,
        )
        self.state_machine: sfn.StateMachine = sfn.StateMachine(
            self,
            "StateMachine",
            definition_body=sfn.DefinitionBody.from_string(cdk.Stack.of(self).to_json_string(dict(definition))),
            # Left to CDK, the permissions would become an inline policy, which checkers refuse.
            role=self.role.without_policy_updates(),
            logs=sfn.LogOptions(
                destination=self.log_group, level=sfn.LogLevel.ALL, include_execution_data=log_execution_data
            ),
            tracing_enabled=True,
        )
        self.state_machine.node.add_dependency(*self.permissions.dependencies, *observe.dependencies)


def job_key(scope: Construct, removal_policy: cdk.RemovalPolicy) -> kms.Key:
    """A key for what surrounds a job: logs of executions, messages and dead letters."""
    return kms.Key(
        scope,
        "Key",
        description="Jobs on Amazon EMR: logs of executions, messages and dead letters",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )


def let_services_encrypt(key: kms.IKey) -> None:
    """Let the log groups, alarms and rules of the account use the key; an imported key is not changed by this."""
    services = {
        f"logs.{_aws.region()}.{_aws.url_suffix()}": {
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": _aws.arn("logs", "log-group:*")}
        },
        "cloudwatch.amazonaws.com": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
        "events.amazonaws.com": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
    }
    for service, conditions in services.items():
        key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=["*"],
                principals=[iam.ServicePrincipal(service)],
                conditions=conditions,
            )
        )
