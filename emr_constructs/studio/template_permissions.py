"""IAM statements for the launch role of a cluster template, and for the users who launch it.

EMR generates the cluster ID at launch, so a tag limits the launch role to the clusters of one template. The stacks of
provisioned products have names that begin with ``SC-``.
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-cluster-templates.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .._core import tokens
from ..security import nag_findings
from ..security.job_policies import clusters
from ..security.policies import Statement, allow, pass_role
from ..security.roles import emr_principal

__all__ = ["TEMPLATE_TAG", "launch", "launch_findings", "use_templates"]

TEMPLATE_TAG: Final = "emr-constructs:studio-template"
"""The tag of a cluster that was launched from a template."""

_STACK_ACTIONS: Final = (
    "CreateStack",
    "DeleteStack",
    "DescribeStackEvents",
    "DescribeStackResources",
    "DescribeStacks",
    "SetStackPolicy",
    "UpdateStack",
)
_CLUSTER_ACTIONS: Final = (
    "DescribeCluster",
    "GetAutoTerminationPolicy",
    "GetManagedScalingPolicy",
    "ListBootstrapActions",
    "ListInstanceFleets",
    "ListInstanceGroups",
    "ListInstances",
    "ListSteps",
    "ModifyCluster",
    "ModifyInstanceFleet",
    "ModifyInstanceGroups",
    "RemoveTags",
    "SetTerminationProtection",
    "SetUnhealthyNodeReplacement",
    "SetVisibleToAllUsers",
    "TerminateJobFlows",
)
_USER_ACTIONS: Final = (
    "DescribeProduct",
    "DescribeProductView",
    "DescribeProvisionedProduct",
    "DescribeProvisioningParameters",
    "DescribeRecord",
    "ListLaunchPaths",
    "ListProvisioningArtifacts",
    "ProvisionProduct",
    "SearchProducts",
)
_OWN_ACTIONS: Final = ("SearchProvisionedProducts", "TerminateProvisionedProduct", "UpdateProvisionedProduct")


def launch(
    template: str,
    *,
    service_role_arn: str,
    instance_role_arn: str,
    auto_scaling_role_arn: str | None,
    policy_actions: Iterable[str],
) -> list[Statement]:
    """Allow Service Catalog to launch, change and terminate the clusters of a template in stacks of its own.

    :param template: the value of the tag of the clusters.
    :param policy_actions: attach the policies that are part of the launch, such as auto-termination.
    """
    tagging = {"StringEquals": {f"elasticmapreduce:RequestTag/{TEMPLATE_TAG}": template}}
    tagged = {"StringEquals": {f"elasticmapreduce:ResourceTag/{TEMPLATE_TAG}": template}}
    at_launch = _emr(policy_actions)
    statements = [
        allow("ManageStacks", [f"cloudformation:{action}" for action in _STACK_ACTIONS], [_stacks()]),
        allow("ReadTemplates", ["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"], ["*"]),
        # Service Catalog keeps the template in a bucket of its own, and adds the tag.
        allow("GetTemplate", ["s3:GetObject"], ["*"],
              {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}}),
        allow("LaunchTaggedClusters", _emr(["RunJobFlow"]), ["*"], tagging),
        allow("TagClusters", [*_emr(["AddTags"]), *at_launch], [clusters()], tagging),
        allow("ManageTaggedClusters", [*_emr(["AddTags", *_CLUSTER_ACTIONS]), *at_launch], [clusters()], tagged),
        pass_role("PassServiceRole", service_role_arn, "elasticmapreduce"),
        pass_role("PassInstanceRole", instance_role_arn, "ec2"),
        allow("CreateCleanupRole", ["iam:CreateServiceLinkedRole"], [_cleanup_role()],
              {"StringEquals": {"iam:AWSServiceName": emr_principal()}}),
    ]  # fmt: skip
    if auto_scaling_role_arn is not None:
        statements.append(pass_role("PassAutoScalingRole", auto_scaling_role_arn, "application-autoscaling"))
    return statements


def launch_findings() -> dict[str, str]:
    """Return the wildcards of ``launch``, each with its reason."""
    return {
        "*": nag_findings.TEMPLATE_LAUNCH,
        clusters(): nag_findings.STUDIO_TEMPLATE_CLUSTERS,
        _stacks(): nag_findings.TEMPLATE_STACKS,
    }


def use_templates() -> list[Statement]:
    """Allow users to find products and launch them, and to change and terminate what they launched themselves.

    Service Catalog supports no resource-level permissions for the products of a portfolio: the access to the portfolio
    decides which products a principal can launch.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-user-permissions.html
    https://docs.aws.amazon.com/servicecatalog/latest/adminguide/permissions-examples.html
    """
    own: dict[str, Any] = {"StringEquals": {"servicecatalog:userLevel": "self"}}
    return [
        allow("LaunchTemplates", [f"servicecatalog:{action}" for action in _USER_ACTIONS], ["*"]),
        allow("ManageOwnClusters", [f"servicecatalog:{action}" for action in _OWN_ACTIONS], ["*"], own),
        allow("DescribeStacksOfTemplates", ["cloudformation:DescribeStackResources"], [_stacks()]),
    ]


def _emr(actions: Iterable[str]) -> list[str]:
    return [f"elasticmapreduce:{action}" for action in actions]


def _stacks() -> str:
    return tokens.arn("cloudformation", "stack/SC-*")


def _cleanup_role() -> str:
    path = f"role/aws-service-role/{emr_principal()}/AWSServiceRoleForEMRCleanup"
    return f"arn:{tokens.partition()}:iam::{tokens.account()}:{path}"
