"""Messages about options that a cluster doesn't have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["unknown_option"]

_IN_PROFILE: Final = (
    "auto_scaling_role",
    "encryption_key",
    "instance_profile",
    "log_bucket",
    "log_encryption_key",
    "log_prefix",
    "log_uri",
    "managed_policy_tag",
    "public",
    "security_configuration",
    "security_groups",
    "service_role",
    "service_role_policy",
    "session_manager",
    "subnets",
    "vpc",
    "vpc_subnets",
)
_ELSEWHERE: Final = {
    **{name: f"ClusterProfile(...); pass profile=ClusterProfile(..., {name}=...)" for name in _IN_PROFILE},
    **{
        name: f"InstanceGroups(...); pass instances=InstanceGroups(..., {name}=...)"
        for name in ("master", "core", "tasks")
    },
    "task": "InstanceFleets(...); pass instances=InstanceFleets(..., task=...)",
    "workflow": "TransientCluster(...); use a TransientCluster, or steps=[...]",
    "inputs": "TransientCluster(...); use a TransientCluster",
    "timeout": "TransientCluster(...); use a TransientCluster",
    "schedule": "Schedule(...); define a Schedule whose target is a TransientCluster",
    "topic": "ClusterAlarms(...); define ClusterAlarms of the cluster",
    "alarms": "ClusterDashboard(...); define ClusterAlarms of the cluster",
    "region": "the stack; use cdk.Stack(..., env=cdk.Environment(region=...))",
    "env": "the stack; use cdk.Stack(..., env=cdk.Environment(...))",
}
"""Options of other constructs that are often passed to a cluster, with the constructs that accept them."""

_GROUPS: Final = "instances=InstanceGroups(master=InstanceGroup(...), core=InstanceGroup(...))"
_FLEETS: Final = "instances=InstanceFleets(master=InstanceFleet.on_demand(...), core=...)"
_IDLE: Final = "termination=Termination.when_idle(...)"
_ROOT: Final = "root_volume=RootVolume(...)"
_SPOT: Final = "InstanceGroup(..., market=Market.spot(...)) or InstanceFleet.spot(...) in instances"
_OTHER_GROUPS: Final = "security_groups=ClusterSecurityGroups.from_security_groups(...)"
_OTHER_NAMES: Final = {
    name: option
    for names, option in (
        ("name", "cluster_name"),
        ("release release_version emr_release emr_version ami_version hadoop_version", "release_label"),
        ("application supported_products new_supported_products", "applications"),
        ("configuration configurations_json", "configurations"),
        ("bootstrap", "bootstrap_actions"),
        ("ami ami_id custom_ami", "custom_ami_id"),
        ("instance_group instance_groups master_instance_group core_instance_group", _GROUPS),
        ("task_instance_group task_instance_groups", "instances=InstanceGroups(..., tasks=[InstanceGroup(...)])"),
        ("instance_fleet instance_fleets master_instance_fleet core_instance_fleet", _FLEETS),
        ("task_instance_fleet task_instance_fleets", "instances=InstanceFleets(..., task=InstanceFleet.spot(...))"),
        ("instance_type instance_types master_instance_type slave_instance_type core_instance_type", _GROUPS),
        ("instance_count master_instance_count core_instance_count task_instance_type task_instance_count", _GROUPS),
        ("bid_price spot_price spot market", _SPOT),
        ("ebs_config ebs_configuration ebs_volume ebs_volumes volumes", "InstanceGroup(..., ebs_volumes=[...])"),
        ("ebs_root_volume ebs_root_volume_size ebs_root_volume_iops ebs_root_volume_throughput", _ROOT),
        ("root_volume_size root_device_ebs_volume", _ROOT),
        ("auto_termination auto_termination_policy idle_timeout idle_timeout_seconds", _IDLE),
        (
            "keep_alive keep_job_flow_alive keep_job_flow_alive_when_no_steps",
            "termination=Termination.manual() or termination=Termination.after_steps()",
        ),
        ("termination_protected termination_protection", "termination=Termination.manual(protected=True)"),
        ("ec2_key_name key_name key_pair_name", "key_pair=ec2.KeyPair.from_key_pair_name(...)"),
        ("kerberos_attributes", "kerberos=KerberosAttributes(...)"),
        ("managed_scaling_policy", "managed_scaling=ManagedScaling.instances(...)"),
        ("auto_scaling_policy autoscaling_policy", "InstanceGroup(..., auto_scaling_policy=...) in instances"),
        ("placement_group placement_group_configs", "placement_strategy"),
        ("monitoring_configuration cloud_watch_logs", "cloudwatch_logs=CloudWatchLogs(...)"),
        ("s3_logging_configuration log_type_upload_policy", "s3_log_policies"),
        ("runtime_role execution_role execution_role_arn step_execution_role_arn", "step_execution_role"),
        ("ec2_attributes", "profile=ClusterProfile(...), and key_pair"),
        ("vpc_id", "vpc=ec2.Vpc.from_lookup(...)"),
        ("subnet subnet_id subnet_ids ec2_subnet_id ec2_subnet_ids", "subnets=[...]"),
        ("security_group master_security_group slave_security_group core_security_group", _OTHER_GROUPS),
        ("emr_managed_master_security_group emr_managed_slave_security_group", _OTHER_GROUPS),
        ("service_access_security_group", _OTHER_GROUPS),
        ("additional_master_security_groups additional_slave_security_groups", _OTHER_GROUPS),
        ("autoscaling_role", "profile=ClusterProfile(..., auto_scaling_role=...)"),
        (
            "job_flow_role ec2_role iam_instance_profile instance_role",
            "profile=ClusterProfile(..., instance_profile=...)",
        ),
        ("service_role_arn", "profile=ClusterProfile(..., service_role=...)"),
        ("log_encryption_kms_key_id", "profile=ClusterProfile(..., log_encryption_key=...)"),
        ("kms_key kms_key_id", "profile=ClusterProfile(..., encryption_key=...)"),
        ("security_configuration_name", "profile=ClusterProfile(..., security_configuration=...)"),
    )
    for name in names.split()
}
"""Names of the EMR API, of CloudFormation and of other tools, with what replaces them."""

_CAPITAL: Final = r"(?<=[a-z0-9])(?=[A-Z])"
_SIMILAR: Final = 0.8


def unknown_option(name: str, options: Collection[str]) -> str:
    """Return the message that a cluster has no option ``name``: the construct that has it, or a similar option.

    :param options: the options of a cluster.
    """
    spelled = re.sub(_CAPITAL, "_", name).lower()
    if owner := _ELSEWHERE.get(spelled):
        return f"{name} belongs to {owner}"
    from difflib import get_close_matches

    found = spelled if spelled in options else _OTHER_NAMES.get(spelled)
    known = [*options, *_OTHER_NAMES]
    if found is None and (near := get_close_matches(spelled, known, 1, _SIMILAR)):
        found = _OTHER_NAMES.get(near[0], near[0])
    return f"a cluster has no option {name!r}; use {found or 'one of ' + ', '.join(sorted(options))}"
