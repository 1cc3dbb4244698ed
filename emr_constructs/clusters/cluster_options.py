"""The options of a cluster by name, for type checkers and for code that prepares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_ec2 as ec2

    from .._core.unknown import Flag
    from ..capacity.ebs_volumes import RootVolume
    from ..capacity.instance_fleets import InstanceFleets
    from ..capacity.instance_groups import InstanceGroups
    from ..capacity.managed_scaling import ManagedScaling
    from ..interfaces import IRuntimeRole
    from ..security.kerberos import KerberosAttributes
    from ..software.applications import Application
    from ..software.bootstrap_actions import BootstrapAction
    from ..software.configurations import Configurations
    from ..software.release_label import ReleaseLabel
    from ..steps.steps import Step
    from .cluster_logs import CloudWatchLogs
    from .termination import Termination

__all__ = ["ClusterOptions"]


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
    """When the instances that scaling removes are terminated. Default: when their tasks are complete. Only emr-5.1.0 to
    emr-5.9.1 support the end of the hour."""

    additional_info: Mapping[str, object]
    """Settings for features that AWS Support enables. Default: none."""

    key_pair: ec2.IKeyPair
    """The EC2 key pair for SSH to the nodes. Default: none; open a session with AWS Systems Manager."""

    kerberos: KerberosAttributes
    """Realm and passwords. Required if the security configuration has Kerberos. Default: no Kerberos."""

    tags: Mapping[str, str]
    """Tags of the cluster, which EMR copies to its instances and volumes. Default: only the tags of CDK."""
