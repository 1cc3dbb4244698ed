"""The CloudFormation template of a Service Catalog product that launches a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_emr as emr
from aws_cdk import aws_servicecatalog as servicecatalog

from .._core import tokens
from .._core.cloudformation import cluster_properties, create_resource
from .._core.token_types import is_list_token
from ..data import load

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from ..clusters.definition import ClusterDefinition
    from .template_parameters import AllowedValues

__all__ = ["TemplateStack"]

_PROJECT_TAG: Final = "emr-constructs:sagemaker-project"
"""The tag with the name and the ID of the SageMaker project that launched a cluster."""


class TemplateStack(servicecatalog.ProductStack):
    """A template with the parameters and the output that EMR Studio and SageMaker Studio require.

    CDK assumes that a product can be launched in any account and Region, and then can't refer to resources without a
    physical name. This one imports values that its parent exports, so it has the environment of its parent.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, description: str, asset_bucket: s3.IBucket | None
    ) -> None:
        self._parent = tokens.stack_of(scope)
        super().__init__(scope, construct_id, description=description, asset_bucket=asset_bucket)

    @property
    def account(self) -> str:
        """The account of the parent."""
        return self._parent.account

    @property
    def region(self) -> str:
        """The Region of the parent."""
        return self._parent.region

    @property
    def environment(self) -> str:
        """The account and Region of the parent."""
        return self._parent.environment

    def add_cluster(
        self,
        request: Mapping[str, Any],
        definition: ClusterDefinition,
        *,
        name: str,
        allowed: Sequence[AllowedValues],
        sagemaker: bool,
    ) -> emr.CfnCluster:
        """Add the cluster of a RunJobFlow request, with its parameters and its output.

        :param name: the default name of a cluster.
        :param allowed: the values that users can choose from.
        :param sagemaker: whether SageMaker Studio can launch the template.
        """
        properties = cluster_properties(request)
        properties["Name"] = self._name(name).value_as_string
        instances = properties["Instances"]
        if "Ec2SubnetIds" in instances:
            # EMR Studio supports one subnet, also for instance fleets.
            instances["Ec2SubnetIds"] = [self._subnet(_first(instances["Ec2SubnetIds"]))]
        else:
            instances["Ec2SubnetId"] = self._subnet(instances["Ec2SubnetId"])
        for each in allowed:
            group = instances[f"{each.role.title()}InstanceGroup"]
            group[each.api_member] = self._choice(each, definition)
        if sagemaker:
            properties["Tags"] = [*properties["Tags"], self._project()]
        known = load("cloudformation.json")["resources"]["AWS::EMR::Cluster"]
        cluster = create_resource(emr.CfnCluster, self, "Cluster", properties, newer=known)
        cdk.CfnOutput(self, "ClusterId", value=cluster.ref, description="ID of the cluster")
        return cluster

    def _name(self, default: str) -> cdk.CfnParameter:
        return cdk.CfnParameter(
            self,
            "ClusterName",
            default=default,
            description="Name of the cluster",
            min_length=1,
            max_length=256,
            allowed_pattern="[^<>$|`]+",
            constraint_description="must not contain < > $ | and `",
        )

    def _subnet(self, default: str) -> str:
        """Return the subnet of the user, or the default, since SageMaker Studio doesn't set the parameter."""
        parameter = cdk.CfnParameter(
            self,
            "SubnetId",
            default="",
            description="Subnet of the cluster, which EMR Studio sets. Empty: a subnet of the administrator's choice",
            allowed_pattern="(subnet-[0-9a-f]+)?",
            constraint_description="must be the ID of a subnet, or empty",
        )
        has_subnet = self._is_set("HasSubnetId", parameter)
        return cdk.Fn.condition_if(has_subnet.logical_id, parameter.value_as_string, default).to_string()

    def _choice(self, allowed: AllowedValues, definition: ClusterDefinition) -> str | float:
        parameter = cdk.CfnParameter(
            self,
            allowed.parameter,
            type="Number" if allowed.is_number else "String",
            # cfn-lint compares the text with the allowed values.
            default=str(allowed.default(definition)),
            description=allowed.description,
            allowed_values=[str(value) for value in allowed.values],
        )
        return parameter.value_as_number if allowed.is_number else parameter.value_as_string

    def _project(self) -> dict[str, str]:
        """Return the tag of a cluster for the SageMaker project, whose parameters SageMaker Studio requires."""
        name, project_id = (
            cdk.CfnParameter(
                self, f"SageMakerProject{what}", default="", description=f"Set by SageMaker Studio: {text}"
            )
            for what, text in (("Name", "name of the project"), ("Id", "ID of the project"))
        )
        has_project = self._is_set("HasSageMakerProject", project_id)
        text = cdk.Fn.join("/", [name.value_as_string, project_id.value_as_string])
        return {"Key": _PROJECT_TAG, "Value": cdk.Fn.condition_if(has_project.logical_id, text, "none").to_string()}

    def _is_set(self, construct_id: str, parameter: cdk.CfnParameter) -> cdk.CfnCondition:
        is_empty = cdk.Fn.condition_equals(parameter.value_as_string, "")
        return cdk.CfnCondition(self, construct_id, expression=cdk.Fn.condition_not(is_empty))


def _first(subnets: list[str]) -> str:
    return cdk.Fn.select(0, subnets) if is_list_token(subnets) else subnets[0]
