"""Clusters that run a workflow and are always terminated afterwards.

A state machine launches the cluster, runs the steps, terminates the cluster and publishes the result. Nothing is left
running: a second state machine terminates the cluster of an execution that was aborted, timed out or failed, and EMR
terminates an idle cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from .._core.durations import whole_seconds
from .._core.errors import EmrError, errors_at
from .._core.scopes import with_scope_errors
from .._core.types import DURATION, KEY, TOPIC, ListOf, check_types
from .._core.unset import DEFAULT, Default
from ..clusters.api_launcher import ApiLauncher
from ..clusters.launch_grants import launch_statements
from ..clusters.launch_request import (
    check_additions,
    check_launch,
    check_runtime_roles,
    merge_options,
    named_request,
    profile_or_default,
    render_step,
    validate_location,
)
from ..clusters.launch_tags import launcher_of
from ..clusters.location import ClusterLocation
from ..monitoring.alarm_topic import AlarmTopic, publish_statements, topic_for_alarms
from ..monitoring.state_machine import JobStateMachine, allow_rules, job_key
from ..security import job_policies, nag_findings
from ..security.grants import DataGrants, grant_scripts
from ..security.permissions import RolePermissions, reader_of
from .cleanup import Cleanup
from .cluster_tags import ClusterTags
from .input_usage import check_input_usage
from .inputs import JobInput
from .schedule import start_execution
from .scheduled_inputs import input_problems
from .states import States
from .tasks import ParallelSteps, StepTask, choose_workflow, iter_tasks, without_steps

if TYPE_CHECKING:
    from aws_cdk import aws_stepfunctions as sfn
    from constructs import Construct

    from ..clusters.cluster_options import ClusterOptions
    from ..clusters.definition import ClusterDefinition
    from ..clusters.profile import ClusterProfile
    from ..interfaces import IRuntimeRole
    from ..monitoring.alarm_topic import Topic
    from ..security.existing_groups import IClusterSecurityGroups
    from ..security.policies import Statement
    from .schedule import ScheduledCall
    from .tasks import Workflow

__all__ = ["TransientCluster"]

_ONE_DAY: Final = 24 * 3600
# https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
_LONGEST_TIMEOUT: Final = 99_999_999


class TransientCluster(ApiLauncher):
    """A state machine that launches a cluster, runs steps and terminates it.

        step = emr.Step.spark("Import", script=emr.Script.from_asset("jobs/import.py"))
        job = emr.TransientCluster(self, "Nightly", vpc=vpc, applications=[emr.Application.SPARK], workflow=[step])

    Each execution launches one cluster and terminates it in every outcome. Changes to the definition or the workflow
    apply to future executions; running clusters are not affected. The name of a cluster is that of the construct, or
    ``cluster_name``, followed by that of the execution.
    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """

    @with_scope_errors
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        subnets: Sequence[ec2.ISubnet | str] | None = None,
        public: bool | None = None,
        security_groups: IClusterSecurityGroups | None = None,
        profile: ClusterProfile | None = None,
        definition: ClusterDefinition | None = None,
        workflow: Workflow = (),
        inputs: Sequence[JobInput] = (),
        timeout: cdk.Duration | None = None,
        allow_concurrent_executions: bool = True,
        topic: Topic | None | Default = DEFAULT,
        encryption_key: kms.IKey | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
        **options: Unpack[ClusterOptions],
    ) -> None:
        """Define the state machine.

        :param vpc: the VPC of the clusters, for which a profile is created. Required unless you pass ``profile``
            or ``subnets``.
        :param vpc_subnets: the subnets of ``vpc`` to choose from. Default: its private subnets.
        :param subnets: some subnets of ``profile`` or, without it and a VPC, the subnets to choose from, with
            ``public`` and ``security_groups``: constructs, IDs or one list token. Instance groups use the first.
            Default: the subnets of ``profile`` or ``vpc``.
        :param public: whether the subnets are public. Required if neither ``vpc`` nor ``profile`` lists them.
        :param security_groups: the security groups, unless you pass ``profile``. Default: groups that are created.
        :param profile: the network, roles, security configuration and logging of the clusters. Default: a profile that
            is created in ``vpc`` or ``subnets``.
        :param definition: the definition of the clusters, which ``options`` override. ``termination`` is the idle time
            after which EMR terminates a cluster that the state machine didn't terminate. Default: only ``options``.
        :param workflow: steps, tasks and parallel branches, in sequence. Default: the steps of the definition.
        :param inputs: the parameters of an execution. Default: none; the input of an execution is ignored.
        :param timeout: the maximum duration of an execution, including the launch of the cluster. Default: 24 hours.
        :param allow_concurrent_executions: whether an execution launches a cluster while another execution runs. If
            not, it succeeds immediately; Step Functions lists running executions with a delay of seconds. Default:
            true.
        :param topic: the topic that the result of each execution is published to. The policies of an
            ``AlarmTopic``, and of a topic and a key that this app defines, are extended for the alarms of the
            cleanup. The key of an imported topic, or one that is passed as an alias, must allow the roles of the state
            machines and ``cloudwatch.amazonaws.com``, which ``alias/aws/sns`` can't. Default: a new encrypted topic.
            None: nothing is published.
        :param encryption_key: encrypts logs of executions, messages and dead letters. The policy of an imported key
            must allow CloudWatch Logs and EventBridge to use it. Default: a key that is rotated every year.
        :param removal_policy: what happens to the logs of executions and the key when the stack is deleted. Default:
            they are retained.
        :param options: see ``ClusterOptions``.
        :raises EmrError: arguments can't be combined, or EMR would reject them.
        """
        super().__init__(scope, construct_id)
        location = ClusterLocation(vpc, vpc_subnets, subnets, public, security_groups)
        validate_location(self, location, profile, definition)
        check_types(
            self,
            inputs=(inputs, ListOf(JobInput)),
            timeout=(timeout, DURATION, None),
            allow_concurrent_executions=(allow_concurrent_executions, bool),
            topic=(topic, TOPIC, AlarmTopic, None, type(DEFAULT)),
            encryption_key=(encryption_key, KEY, None),
            removal_policy=(removal_policy, cdk.RemovalPolicy),
        )
        self.inputs: tuple[JobInput, ...] = tuple(inputs)
        """The inputs of an execution."""
        defined = merge_options(definition, options, self)
        if "step_execution_role" in defined.options:
            raise EmrError(
                "step_execution_role can't be used with a TransientCluster, which submits its steps after the launch; "
                "use StepTask(step, runtime_role=...) in workflow",
                at=self,
            )
        try:
            self.workflow: tuple[StepTask | ParallelSteps, ...] = choose_workflow(workflow, defined.steps)
            """The steps in the order in which they run."""
            self.definition: ClusterDefinition = without_steps(defined, self.workflow)
            """The definition of the clusters, without steps, which the workflow submits."""
            seconds = _ONE_DAY
            if timeout is not None:
                seconds = whole_seconds("the timeout", timeout, minimum=1, maximum=_LONGEST_TIMEOUT)
        except EmrError as error:
            raise EmrError(error.problems, at=self, findings=error.findings) from None
        self.profile: ClusterProfile = profile_or_default(self, location, profile, self.definition)
        """The network, roles, security configuration and logging of the clusters."""
        self.launcher: str = launcher_of(self)
        """The value of the tag ``emr-constructs:launcher``, which only the clusters of this state machine have."""
        self._bound = self.profile._bind(self.definition, self, subnets)
        request = named_request(self._bound.request, self)
        request["Tags"] = [*request.get("Tags", []), {"Key": job_policies.LAUNCHER_TAG, "Value": self.launcher}]
        self.run_job_flow_request: Mapping[str, Any] = request
        """The RunJobFlow request of a cluster, without the name and the ARN of the execution and tags of CDK; its
        unknown parts are CDK tokens."""
        check_launch({"Cluster": request, "SecurityConfiguration": self._security_document}, self)
        # Apart from the security configuration: which steps have runtime roles is checked below.
        check_additions(
            {"Cluster": request}, [{"Steps": [task.step._render()]} for task in iter_tasks(self.workflow)], self
        )
        with_role = [task.step for task in iter_tasks(self.workflow) if task.runtime_role is not None]
        check_runtime_roles(with_role, self.profile, self)

        self.encryption_key: kms.IKey = encryption_key or job_key(self, removal_policy)
        """The key that encrypts logs, dead letters and messages of the job."""
        allow_rules(self.encryption_key)
        self.topic: sns.ITopic | None = self._choose_topic(topic)
        """The topic that the result of each execution is published to; None if it isn't published."""
        statements = self._notification_statements()
        self._rendered: dict[int, Mapping[str, Any]] = {}
        self._readers: dict[int, iam.IGrantable] = {}
        with errors_at(self):
            rendered = self._definition(request, seconds, concurrent=allow_concurrent_executions)
        self._job = JobStateMachine(
            self,
            "Job",
            definition=rendered,
            statements=[*self._statements(request), *statements],
            wildcards={
                "*": nag_findings.LAUNCHING,
                job_policies.clusters(): nag_findings.LAUNCHED_CLUSTERS,
            },
            encryption_key=self.encryption_key,
            removal_policy=removal_policy,
        )
        self._bound.attach(self.state_machine)
        if not allow_concurrent_executions:
            # In a separate policy: the other policy can't depend on the state machine, which depends on it.
            listing = job_policies.list_executions(self.state_machine.state_machine_arn)
            RolePermissions(self, "ExecutionsPolicy", self._job.role, [listing])
        self.cleanup: Cleanup = Cleanup(
            self,
            "Cleanup",
            state_machine=self.state_machine,
            launcher=self.launcher,
            topic=self.topic,
            statements=statements,
            encryption_key=self.encryption_key,
            removal_policy=removal_policy,
        )
        """Terminates the cluster of an execution that did not terminate it."""

    @property
    def state_machine(self) -> sfn.StateMachine:
        """The state machine: ``job.state_machine.grant_start_execution(role)``."""
        return self._job.state_machine

    @cached_property
    def grants(self) -> DataGrants:
        """Grants the nodes permissions on data."""
        return DataGrants(self, self._acknowledge_grants)

    def _scheduled_call(self, given: Mapping[str, Any]) -> ScheduledCall:
        """Return the call of a ``Schedule`` that starts an execution.

        :raises EmrError: the input has a key that isn't in ``inputs`` or an invalid value, or lacks a required value.
        """
        problems = list(input_problems(self.inputs, given))
        if problems:
            raise EmrError(problems, at=self)
        return start_execution(self.state_machine, given, self.encryption_key, self.inputs)

    def _choose_topic(self, topic: Topic | None | Default) -> sns.ITopic | None:
        if topic is None:
            return None
        if topic is DEFAULT:
            return topic_for_alarms(sns.Topic(self, "Topic", master_key=self.encryption_key, enforce_ssl=True))
        return topic_for_alarms(topic)

    def _notification_statements(self) -> list[Statement]:
        return [] if self.topic is None else publish_statements(self.topic)

    def _statements(self, request: Mapping[str, Any]) -> list[Statement]:
        roles = [task.runtime_role.role_arn for task in iter_tasks(self.workflow) if task.runtime_role is not None]
        return [
            *launch_statements(
                self,
                self.profile,
                request,
                tag=(job_policies.LAUNCHER_TAG, self.launcher),
                action="pass the instance role to EC2 with the state machine",
                instead="use a Cluster",
            ),
            *job_policies.use_clusters(self.launcher, roles),
            *job_policies.set_policies(self.launcher, job_policies.policies_set_by(request)),
        ]

    def _definition(self, request: Mapping[str, Any], seconds: int, *, concurrent: bool) -> dict[str, Any]:
        states = States(self.node.path, None if self.topic is None else self.topic.topic_arn)
        tags = cdk.Lazy.uncached_any(cast("cdk.IAnyProducer", ClusterTags(self, self._tags, request["Tags"])))
        work = states.workflow(self.workflow, self._render)
        parts = [states.launch({**request, "Tags": tags}, following=next(iter(work))), work, states.end()]
        if not concurrent:
            parts.insert(0, states.skip_if_running(following=States.CREATE))
        if self.inputs:
            parts.insert(0, states.check_inputs(self.inputs, following=next(iter(parts[0]))))
        definition = {
            "Comment": "Launches an Amazon EMR cluster, runs steps on it and terminates it",
            "QueryLanguage": "JSONata",
            "StartAt": next(iter(parts[0])),
            "TimeoutSeconds": seconds,
            "States": {name: state for part in parts for name, state in part.items()},
        }
        check_input_usage(self.inputs, self.run_job_flow_request, definition, self)
        return definition

    def _render(self, task: StepTask) -> Mapping[str, Any]:
        """Render the step of a task; local files become assets.

        The instance role or the runtime role can read the assets.
        """
        if id(task) not in self._rendered:
            step, role = task.step, task.runtime_role
            self._rendered[id(task)], locations = render_step(step, self, f"Step{len(self._rendered) + 1}Script")
            if role is None:
                self._bound.grant_scripts(locations)
            else:
                grant_scripts(self._reader(role), locations)
            if step.logs is not None:
                self.grants.write_logs(step.logs.bucket, step.logs.prefix, step.logs.encryption_key)
                self._bound.describe_log_key(step.logs)
        return self._rendered[id(task)]

    def _reader(self, role: IRuntimeRole) -> iam.IGrantable:
        """Return the principal that reads the scripts of steps with a runtime role."""
        known = self._readers.get(id(role))
        if known is None:
            policy_id = f"RuntimePolicy{len(self._readers) + 1}"
            known = self._readers[id(role)] = reader_of(self, policy_id, cast("iam.IGrantable", role))
        return known
