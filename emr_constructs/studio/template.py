"""A cluster template: a Service Catalog product with which users of a Studio launch their own clusters.

template = StudioTemplate(
    self, "Spark", profile=profile, product_name="Spark",
    applications=[Application.SPARK, Application.LIVY, Application.JUPYTER_ENTERPRISE_GATEWAY],
    core_instance_types=["m7g.xlarge", "m7g.2xlarge"], core_instance_counts=[2, 4, 8],
)
StudioTemplates(self, "Templates", templates=[template], principals=[analysts])
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Unpack

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog

from .._core import tokens
from .._core.errors import EmrError, errors_at
from .._core.input_values import reject_inputs
from .._core.signatures import checked
from .._core.unknown import is_unknown
from .._core.validations import add_warning
from ..clusters.api_launcher import Launcher
from ..clusters.compliance import acknowledge_cluster
from ..clusters.launch_request import check_additions, check_launch, environment_errors, merge_options, named_request
from ..security import nag_findings
from ..security.grants import DataGrants
from ..security.job_policies import policies_set_by
from ..security.permissions import RolePermissions
from . import template_permissions
from .template_parameters import allowed_values, length_problems
from .template_stack import TemplateStack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from ..clusters.cluster_options import ClusterOptions
    from ..clusters.definition import ClusterDefinition
    from ..clusters.profile import ClusterProfile
    from .template_parameters import AllowedValues

__all__ = ["StudioTemplate"]

_VISIBLE: Final = "sagemaker:studio-visibility:emr"
"""The tag of a product that SageMaker Studio shows.

https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-set-up-emr-templates.html
"""

_FOR_WORKSPACES: Final = ("JupyterEnterpriseGateway", "Livy", "Spark")


class StudioTemplate(Launcher):
    """A Service Catalog product that launches a cluster, for EMR Studio and SageMaker Studio.

    Its template has the parameters ``SubnetId`` and ``ClusterName`` and the output ``ClusterId``, which EMR Studio
    requires, and the parameters and the tag that SageMaker Studio requires. Users choose types and counts only among
    the values that you allow. The template imports the parts of the profile (``Fn::ImportValue``), so the product can
    only be launched in the account and Region of the profile, and CloudFormation rejects a deployment that changes or
    deletes an imported part while a cluster exists. A change of the template replaces the version of the product;
    clusters that run are not affected.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-cluster-templates.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        profile: ClusterProfile,
        definition: ClusterDefinition | None = None,
        product_name: str | None = None,
        owner: str = "Administrators",
        description: str | None = None,
        version_name: str = "v1",
        master_instance_types: Sequence[str] | None = None,
        core_instance_types: Sequence[str] | None = None,
        core_instance_counts: Sequence[int] | None = None,
        sagemaker: bool = True,
        launch_role: iam.IRole | None = None,
        asset_bucket: s3.IBucket | None = None,
        **options: Unpack[ClusterOptions],
    ) -> None:
        """Define a template.

        :param profile: the network, roles, security configuration and logging of the clusters, in the account and
            Region of this stack.
        :param definition: the definition of the clusters, which ``options`` override. ``cluster_name`` is the default
            of the parameter ``ClusterName``.
        :param product_name: the name that users see, and the default of ``cluster_name``. Default: the construct ID.
        :param owner: the owner that users see. Default: ``Administrators``.
        :param description: what users see about the product. Default: the release of the clusters.
        :param version_name: the name of the version. Default: ``v1``.
        :param master_instance_types: the instance types of the primary node that users can choose from, including that
            of the definition, which is the default. Default: users can't change the type.
        :param core_instance_types: the instance types of core nodes that users can choose from, including that of the
            definition. Default: users can't change the type.
        :param core_instance_counts: the numbers of core nodes that users can choose from, including that of the
            definition. Default: users can't change the number.
        :param sagemaker: whether SageMaker Studio shows the product. Default: true.
        :param launch_role: the role with which Service Catalog launches clusters. No permissions are added to a role
            that you pass. Default: a role with the permissions that the clusters of this template require.
        :param asset_bucket: the bucket that local scripts are copied to, with a name that is set. Default: scripts stay
            in the bucket of CDK's assets.
        :param options: see ``ClusterOptions``.
        :raises EmrError: arguments can't be combined, the profile is in another account or Region, or EMR would reject
            the cluster with one of the allowed values.
        """
        super().__init__(scope, construct_id)
        self.definition: ClusterDefinition = merge_options(definition, options, self)
        """The definition of the clusters, including the options."""
        self.profile: ClusterProfile = profile
        """The network, roles, security configuration and logging of the clusters."""
        allowed = allowed_values(master_instance_types, core_instance_types, core_instance_counts)
        name = construct_id if product_name is None else product_name
        about = f"Amazon EMR cluster with {self.definition.release_label}" if description is None else description
        cluster_name = self.definition.options.get("cluster_name", construct_id if is_unknown(name) else name)
        self._check(
            allowed,
            asset_bucket,
            cluster_name,
            {
                "product_name": (name, 1, 100),
                "owner": (owner, 1, 8191),
                "description": (about, 0, 1024),
                "version_name": (version_name, 1, 100),
            },
        )

        self._product_stack = TemplateStack(self, "Template", description=about, asset_bucket=asset_bucket)
        assets = None if asset_bucket is None else self._product_stack
        self._bound = profile._bind(self.definition, self, assets=assets)
        if asset_bucket is not None and asset_bucket.encryption_key is not None:
            asset_bucket.encryption_key.grant_decrypt(self)
        self.template_tag: str = self._tag_value()
        """The value of the tag ``emr-constructs:studio-template``, which only clusters of this template have."""
        tag = {"Key": template_permissions.TEMPLATE_TAG, "Value": self.template_tag}
        request = named_request(self._bound.request, self)
        request["Tags"] = [*request.get("Tags", []), tag]
        self.run_job_flow_request: Mapping[str, Any] = request
        """The RunJobFlow request of a cluster with the default values; its unknown parts are CDK tokens."""
        self._check_request(allowed)
        with errors_at(self):
            cluster = self._product_stack.add_cluster(
                request,
                self.definition,
                name=cluster_name,
                allowed=allowed,
                sagemaker=sagemaker,
            )
        acknowledge_cluster(cluster, request, profile)

        self.launch_role: iam.IRole = launch_role or self._create_launch_role()
        """The role with which Service Catalog launches clusters."""
        self.product: servicecatalog.CloudFormationProduct = servicecatalog.CloudFormationProduct(
            self,
            "Product",
            product_name=name,
            owner=owner,
            description=about,
            product_versions=[
                servicecatalog.CloudFormationProductVersion(
                    cloud_formation_template=servicecatalog.CloudFormationTemplate.from_product_stack(
                        self._product_stack
                    ),
                    product_version_name=version_name,
                )
            ],
        )
        """The product; ``StudioTemplates`` adds it to a portfolio."""
        if sagemaker:
            cdk.Tags.of(self.product).add(_VISIBLE, "true")
        self._bound.attach(self.product)

    @cached_property
    def grants(self) -> DataGrants:
        """Grants the nodes permissions on data."""
        return DataGrants(self, self._acknowledge_grants)

    def _check(
        self,
        allowed: Sequence[AllowedValues],
        asset_bucket: s3.IBucket | None,
        cluster_name: str,
        lengths: Mapping[str, tuple[str, int, int]],
    ) -> None:
        problems = [problem for each in allowed for problem in each.problems(self.definition)]
        problems += length_problems(lengths)
        if is_unknown(cluster_name):
            problems.append(
                "cluster_name must be known at synth time, got a token, because it is the default of a parameter; use "
                "a plain string"
            )
        problems += environment_errors(self.profile, self)
        if "kerberos" in self.definition.options:
            problems.append(
                "kerberos must not be specified for a template, got KerberosAttributes, whose passwords the launch "
                "role would read; use a Cluster"
            )
        if asset_bucket is not None and not _has_name(asset_bucket):
            problems.append(
                "asset_bucket must have a name that is known at synth time, got one that CloudFormation names; set "
                "bucket_name"
            )
        if problems:
            raise EmrError(problems, at=self)

    def _check_request(self, allowed: Sequence[AllowedValues]) -> None:
        request = self.run_job_flow_request
        reject_inputs("a cluster template", request, at=self)
        launch = {"Cluster": request, "SecurityConfiguration": self._security_document, "InTemplate": True}
        check_launch(launch, self)
        with errors_at(self):
            others = [found for each in allowed for found in each.definitions(self.definition)]
        members = [{"Instances": {**request["Instances"], **other.instances._render()}} for other in others]
        check_additions(launch, members, self)
        termination = self.definition.termination
        if termination.idle_timeout_seconds is None and termination.keep_alive is not False:
            add_warning(
                self,
                "emr-studio-template-termination",
                "clusters of this template run (and are billed) until their users terminate them; use "
                "termination=Termination.when_idle(...), or acknowledge this warning",
            )
        installed = {application["Name"] for application in request.get("Applications", [])}
        if missing := [name for name in _FOR_WORKSPACES if name not in installed]:
            add_warning(
                self,
                "emr-studio-template-applications",
                f"Workspaces of EMR Studio can only use clusters with {', '.join(_FOR_WORKSPACES)}, and this template "
                f"doesn't install {', '.join(missing)}; add them to applications, or acknowledge this warning if only "
                "SageMaker Studio uses the clusters",
            )

    def _create_launch_role(self) -> iam.Role:
        request, scaling = self.run_job_flow_request, self.profile.auto_scaling_role
        role = iam.Role(
            self,
            "LaunchRole",
            description="Allows AWS Service Catalog to launch Amazon EMR clusters from a template",
            assumed_by=iam.ServicePrincipal("servicecatalog.amazonaws.com"),
        )
        instance_role_arn = self.profile._node_role.role_to_pass(
            "pass the instance role to EC2 with the launch role", "pass launch_role", at=self
        )
        statements = template_permissions.launch(
            self.template_tag,
            service_role_arn=self.profile.service_role.role_arn,
            instance_role_arn=instance_role_arn,
            auto_scaling_role_arn=scaling.role_arn if scaling is not None and "AutoScalingRole" in request else None,
            policy_actions=policies_set_by(request),
        )
        permissions = RolePermissions(self, "LaunchPolicy", role, statements)
        permissions.acknowledge(nag_findings.wildcards(self, template_permissions.launch_findings()))
        return role

    def _tag_value(self) -> str:
        """Return the value of the tag of clusters, unique in the account and Region."""
        path = re.sub(r"[^\w .:/=+@-]+", "-", self.node.path, flags=re.ASCII)
        return f"{path[:120]} {tokens.address(self)}"


def _has_name(bucket: s3.IBucket) -> bool:
    resource = bucket.node.default_child
    name = bucket.bucket_name if resource is None else getattr(resource, "bucket_name", None)
    return name is not None and not cdk.Token.is_unresolved(name)
