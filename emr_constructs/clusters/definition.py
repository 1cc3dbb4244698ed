"""The definition of a cluster: release, applications, nodes, steps, termination.

A definition doesn't require a scope. Long-running clusters and transient clusters can share it; the
``ClusterProfile`` contains the network, roles and security configuration.

    definition = ClusterDefinition(release_label=ReleaseLabel.EMR_7_14_0, applications=[Application.SPARK])
    smaller = definition.replace(instances=InstanceGroups(master=InstanceGroup("m7g.xlarge")))
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, Unpack, cast

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.types import FLAG, KEY_PAIR, ROLE, Choice, Kind, ListOf, MappingOf, Named, type_errors
from ..capacity.ebs_volumes import RootVolume
from ..capacity.instance_groups import InstanceGroups
from ..rules import enforce
from ..software.applications import Application
from ..software.configurations import Configuration
from ..software.configurations import merge as merge_configurations
from ..software.release_label import DEFAULT_RELEASE, ReleaseLabel
from ..steps.scripts import Locate, unlocated
from ..steps.steps import Step
from .cluster_logs import CloudWatchLogs
from .termination import Termination

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_secretsmanager as secretsmanager

    from .._core.unknown import Flag
    from ..capacity.instance_fleets import InstanceFleets
    from ..capacity.managed_scaling import ManagedScaling
    from ..interfaces import IRuntimeRole
    from ..security.kerberos import KerberosAttributes
    from ..software.bootstrap_actions import BootstrapAction
    from ..software.configurations import Configurations

__all__ = ["ClusterDefinition", "ClusterOptions"]


class ClusterOptions(TypedDict, total=False):
    """The options of a cluster, for all constructs that launch clusters.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
    """

    cluster_name: str
    """The name of the cluster, which doesn't have to be unique. A change replaces the cluster. Default: the construct
    path."""

    release_label: ReleaseLabel | str
    """The release, or its label. Default: emr-7.14.0 in all 0.x versions of this library, since another label replaces
    the cluster."""

    applications: Sequence[Application | str]
    """What EMR installs in addition to Hadoop; constants or names. Default: nothing else."""

    instances: InstanceGroups | InstanceFleets
    """The nodes: instance groups, or instance fleets. Default: instance groups of one primary and two core nodes,
    On-Demand, of the newest general-purpose Graviton family of the release, in size xlarge with 64 GiB of gp3."""

    managed_scaling: ManagedScaling
    """The limits within which EMR resizes core and task nodes. Default: none; the instance counts are as declared, or
    follow the automatic scaling policies of the groups."""

    configurations: Configurations
    """The settings of the applications. Configurations of the same classification are merged; sequences that factories
    return are flattened. Default: EMR's defaults."""

    bootstrap_actions: Sequence[BootstrapAction]
    """Scripts that run on each node before the applications start, in this order; up to 16. Default: none."""

    steps: Sequence[Step]
    """The steps that are launched with the cluster, in this order. A change replaces the cluster. Default: none."""

    step_concurrency_level: int
    """The number of steps that run at the same time, 1 to 256. Default: 1."""

    termination: Termination
    """When the cluster is terminated. Default: when it has been idle for an hour."""

    unhealthy_node_replacement: Flag | None
    """Whether EMR replaces core nodes that stop responding. None: left out, and the default of EMR applies, which is
    true for most clusters. Default: true.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-node-replacement.html"""

    placement_strategy: Literal["SPREAD"] | None
    """The placement group of the primary nodes: ``SPREAD`` starts each on separate hardware. None: no placement group.
    Default: ``SPREAD`` with three primary nodes, otherwise none.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha-placementgroup.html"""

    visible_to_all_users: Flag | None
    """Whether all IAM principals of the account that have the permissions can manage the cluster. EMR ignores false.
    None: left out. Default: true.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html"""

    cloudwatch_logs: CloudWatchLogs
    """The logs that the nodes send to Amazon CloudWatch. Requires emr-7.11.0 or later. Default: none."""

    s3_log_policies: Mapping[str, str]
    """How ``system-logs``, ``application-logs`` and ``persistent-ui-logs`` are uploaded to Amazon S3: ``emr-managed``,
    ``on-customer-s3only`` or ``disabled``. Requires emr-7.13.0 or later. Default: ``emr-managed``, with copies that EMR
    keeps for support.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_S3LoggingConfiguration.html"""

    session_enabled: bool
    """Whether clients can start Spark Connect sessions. Requires emr-spark-8.0.0 or later, and a
    ``LaunchTemplate`` or a ``TransientCluster``, because CloudFormation has no property for it. Default:
    false.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-spark-connect-sessions.html"""

    step_execution_role: IRuntimeRole
    """The runtime role of ``steps``, on a cluster with runtime roles. Requires a ``LaunchTemplate``, because
    CloudFormation has no property for it; steps of a ``TransientCluster`` have roles of their own. Default: none.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html"""

    root_volume: RootVolume
    """The root volume of the nodes. Default: EMR's default size, IOPS and throughput."""

    custom_ami_id: str
    """The AMI of all nodes, with the SSM Agent disabled. Default: the Amazon Linux AMI of the release."""

    os_release_label: str
    """The Amazon Linux release of all nodes, such as ``2023.12.20260629.0``. Requires emr-5.36.0, or emr-6.6.0 or
    later. Default: the latest that EMR has validated for the release."""

    scale_down_behavior: Literal["TERMINATE_AT_TASK_COMPLETION", "TERMINATE_AT_INSTANCE_HOUR"]
    """When instances are terminated that scaling removes. Default: when their tasks are complete. Only emr-5.1.0 to
    emr-5.9.1 support the end of the hour."""

    additional_info: Mapping[str, object]
    """Settings for features that AWS Support enables. Default: none."""

    key_pair: ec2.IKeyPair
    """The EC2 key pair for SSH to the nodes. Default: none; open a session with AWS Systems Manager."""

    kerberos: KerberosAttributes
    """Realm and passwords. Required if the security configuration has Kerberos. Default: no Kerberos."""

    tags: Mapping[str, str]
    """Tags of the cluster, which EMR copies to its instances and volumes. Default: only the tags of CDK."""


_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "cluster_name": (str,),
    "release_label": (ReleaseLabel, str),
    "applications": (ListOf(Application, str),),
    "instances": (InstanceGroups, Named("InstanceFleets")),
    "managed_scaling": (Named("ManagedScaling"),),
    "configurations": (ListOf(Configuration, ListOf(Configuration)),),
    "bootstrap_actions": (ListOf(Named("BootstrapAction")),),
    "steps": (ListOf(Step),),
    "step_concurrency_level": (int,),
    "termination": (Termination,),
    "unhealthy_node_replacement": (FLAG, None),
    "placement_strategy": (Choice(("SPREAD",)), None),
    "visible_to_all_users": (FLAG, None),
    "cloudwatch_logs": (CloudWatchLogs,),
    "s3_log_policies": (MappingOf((str,)),),
    "session_enabled": (bool,),
    "step_execution_role": (ROLE,),
    "root_volume": (RootVolume,),
    "custom_ami_id": (str,),
    "os_release_label": (str,),
    "scale_down_behavior": (str,),
    "additional_info": (Mapping,),
    "key_pair": (KEY_PAIR,),
    "kerberos": (Named("KerberosAttributes"),),
    "tags": (MappingOf((str,)),),
}

# None leaves these out instead of selecting the default.
_OMITTABLE: Final = {name for name, kinds in _KINDS.items() if None in kinds}

# Options that the API accepts without conversion.
_MEMBERS: Final = {
    "cluster_name": "Name",
    "step_concurrency_level": "StepConcurrencyLevel",
    "custom_ami_id": "CustomAmiId",
    "os_release_label": "OSReleaseLabel",
    "scale_down_behavior": "ScaleDownBehavior",
    "session_enabled": "SessionEnabled",
}


@check_calls
class ClusterDefinition:
    """An immutable definition of a cluster."""

    def __init__(self, **options: Unpack[ClusterOptions]) -> None:
        """Define what runs.

        :param options: see ``ClusterOptions``.
        :raises EmrError: an option doesn't exist, or EMR would reject the options.
        """
        given = {name: _own(value) for name, value in options.items() if value is not None or name in _OMITTABLE}
        known = {name: (value, *_KINDS[name]) for name, value in given.items() if name in _KINDS}
        problems = list(type_errors(known))
        if unknown := sorted(given.keys() - _KINDS):
            from .unknown_options import unknown_option

            problems += [unknown_option(name, _KINDS) for name in unknown]
        if problems:
            raise EmrError(problems)
        options = self._options = cast("ClusterOptions", given)
        release = options.get("release_label", DEFAULT_RELEASE)
        self.release_label: ReleaseLabel = release if isinstance(release, ReleaseLabel) else ReleaseLabel.of(release)
        """The release."""
        self.instances: InstanceGroups | InstanceFleets = options.get("instances") or InstanceGroups.default(
            self.release_label
        )
        """The nodes."""
        self.termination: Termination = options.get("termination") or Termination.when_idle()
        """When the cluster is terminated."""
        self.steps: tuple[Step, ...] = tuple(options.get("steps", ()))
        """The steps that are launched with the cluster."""
        self.configurations: tuple[Configuration, ...] = merge_configurations(options.get("configurations", ()))
        """The settings of the applications, merged by classification."""
        request = self._render()
        enforce("RunJobFlowInput", {"Name": "cluster", **request})
        if any(action.starts_ssm_agent for action in options.get("bootstrap_actions", ())):
            from ..software.bootstrap_actions import check_images

            check_images(request)

    def replace(self, **options: Unpack[ClusterOptions]) -> ClusterDefinition:
        """Return a copy with other ``options``."""
        merged: ClusterOptions = {**self._options, **options}
        return ClusterDefinition(**merged)

    def __repr__(self) -> str:
        return f"ClusterDefinition({', '.join(f'{name}={value!r}' for name, value in self._options.items())})"

    def __eq__(self, other: object) -> bool:
        return self._options == other._options if isinstance(other, ClusterDefinition) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._options))

    @property
    def options(self) -> ClusterOptions:
        """The options that were passed."""
        return ClusterOptions(**self._options)

    @property
    def secrets(self) -> Iterator[secretsmanager.ISecret]:
        """The secrets that EMR reads with the service role to configure the applications."""
        for configuration in (*self.configurations, *self.instances.configurations):
            yield from configuration.secrets

    @property
    def uses_spot(self) -> bool:
        """Whether EMR requests Spot Instances, including those of managed scaling."""
        scaling = self._options.get("managed_scaling")
        adds_spot = scaling is not None and scaling.adds_spot and not isinstance(self.instances, InstanceGroups)
        return self.instances.uses_spot or adds_spot

    def _render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """Render the definition as members of RunJobFlow.

        :param locate: returns the URI of a script. Default: the URIs of local files are unknown.
        """
        options = self._options
        request: dict[str, Any] = {"ReleaseLabel": self.release_label.label}
        visible = options.get("visible_to_all_users", True)
        if visible is not None:
            request["VisibleToAllUsers"] = visible
        request |= {_MEMBERS[name]: value for name, value in options.items() if name in _MEMBERS}
        if options.get("applications"):
            given = (
                item if isinstance(item, Application) else Application.of(item) for item in options["applications"]
            )
            request["Applications"] = [application._render() for application in given]
        request |= self._logs_and_roles(request.get("Applications", []))
        if self.configurations:
            request["Configurations"] = [configuration._render() for configuration in self.configurations]
        if options.get("bootstrap_actions"):
            request["BootstrapActions"] = [action._render(locate) for action in options["bootstrap_actions"]]
        if self.steps:
            request["Steps"] = [step._render(locate) for step in self.steps]
        if "root_volume" in options:
            request |= options["root_volume"]._render()
        if "kerberos" in options:
            request["KerberosAttributes"] = options["kerberos"]._render()
        if "additional_info" in options:
            request["AdditionalInfo"] = _json(options["additional_info"])
        if options.get("tags"):
            request["Tags"] = [{"Key": key, "Value": value} for key, value in options["tags"].items()]
        request |= self.termination._render()
        request |= self._capacity()
        request["Instances"] |= self.instances._render()
        replacement = options.get("unhealthy_node_replacement", True)
        if replacement is not None:
            request["Instances"]["UnhealthyNodeReplacement"] = replacement
        if "key_pair" in options:
            request["Instances"]["Ec2KeyName"] = options["key_pair"].key_pair_name
        return request

    def _logs_and_roles(self, applications: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Render the members about logs, with the application that sends them, and the role of steps."""
        monitoring: dict[str, Any] = {}
        members: dict[str, Any] = {}
        if "step_execution_role" in self._options:
            members["StepExecutionRoleArn"] = self._options["step_execution_role"].role_arn
        if "cloudwatch_logs" in self._options:
            monitoring["CloudWatchLogConfiguration"] = self._options["cloudwatch_logs"]._render()
            agent = Application.AMAZON_CLOUDWATCH_AGENT._render()
            if agent["Name"].lower() not in (str(each.get("Name")).lower() for each in applications):
                members["Applications"] = [*applications, agent]
        if "s3_log_policies" in self._options:
            policies = dict(self._options["s3_log_policies"])
            monitoring["S3LoggingConfiguration"] = {"LogTypeUploadPolicy": policies}
        return members | ({"MonitoringConfiguration": monitoring} if monitoring else {})

    def _capacity(self) -> dict[str, Any]:
        """Render the members about nodes outside of ``Instances``."""
        members: dict[str, Any] = {}
        if "managed_scaling" in self._options:
            members["ManagedScalingPolicy"] = self._options["managed_scaling"]._render()
        default = "SPREAD" if self.instances.has_three_masters else None
        strategy = self._options.get("placement_strategy", default)
        if strategy is not None:
            members["PlacementGroupConfigs"] = [{"InstanceRole": "MASTER", "PlacementStrategy": strategy}]
        return members


def _own(value: Any) -> Any:
    """Return a copy of a list or mapping, which its owner can change."""
    return value.copy() if isinstance(value, list | dict) else value


def _json(additional_info: Mapping[str, object]) -> str:
    try:
        if any(not isinstance(key, str) for key in additional_info):
            raise TypeError("keys must be strings")
        return json.dumps(additional_info, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise EmrError(
            f"additional_info must be convertible to JSON, got an error: {error}; use text, numbers, lists and "
            "mappings, and cdk.Token.as_string(...) for a token"
        ) from None
