"""Launch requests for orchestrators: one definition for Airflow, Dagster, Prefect, Lambda and scripts.

    launch = LaunchTemplate(self, "Nightly", profile=profile, definition=definition)
    launch.publish_to_airflow("emr_nightly")
    launch.grants.launch(airflow_role)

The DAG then requires only ``EmrCreateJobFlowOperator(task_id="launch", emr_conn_id="emr_nightly")``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Unpack, cast, overload

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from .._core.errors import EmrError, errors_at
from .._core.input_values import reject_inputs
from .._core.json_text import json_text
from .._core.launch_requests import TEMPLATE_TAG
from .._core.scopes import with_scope_errors
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from ..rules.authorization import has_runtime_roles
from .api_launcher import ApiLauncher
from .launch_grants import LaunchGrants
from .launch_request import (
    check_launch,
    check_runtime_roles,
    merge_options,
    named_request,
    profile_or_default,
    validate_location,
)
from .launch_tags import TagsAsJson, all_tags, launcher_of
from .location import ClusterLocation
from .publication import Publications, in_bucket, in_parameter, in_secret, secret_value_errors
from .publication_names import connection_errors, object_errors, parameter_errors, publication_id, secret_errors
from .typed_tokens import with_typed_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_secretsmanager as secretsmanager
    from aws_cdk import aws_ssm as ssm
    from constructs import Construct

    from ..security.existing_groups import IClusterSecurityGroups
    from .cluster_options import ClusterOptions
    from .definition import ClusterDefinition
    from .profile import ClusterProfile
    from .publication import Publication

__all__ = ["LaunchTemplate"]


@check_calls
class LaunchTemplate(ApiLauncher):
    """A RunJobFlow request that other programs launch clusters with.

    The stack contains no cluster. A change of the definition applies to clusters that are launched after the
    deployment. Each cluster has a tag of this launch template, which limits the permissions of ``grants``.
    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
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
        **options: Unpack[ClusterOptions],
    ) -> None:
        """Define a request.

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
        :param definition: the definition of the clusters, which ``options`` override. Default: only ``options``.
        :param options: see ``ClusterOptions``.
        :raises EmrError: arguments can't be combined, EMR would reject them, or the request would contain passwords of
            Kerberos.
        """
        super().__init__(scope, construct_id)
        location = ClusterLocation(vpc, vpc_subnets, subnets, public, security_groups)
        validate_location(self, location, profile, definition)
        self.definition: ClusterDefinition = merge_options(definition, options, self)
        """The definition of the clusters, including the options."""
        if "kerberos" in self.definition.options:
            raise EmrError(
                "kerberos can't be used with a LaunchTemplate, because the published request is readable and would "
                "contain the passwords; remove it, or use a Cluster or a TransientCluster",
                at=self,
            )
        self.profile: ClusterProfile = profile_or_default(self, location, profile, self.definition)
        """The network, roles, security configuration and logging of the clusters."""
        if "KerberosConfiguration" in (self._security_document or {}).get("AuthenticationConfiguration", {}):
            raise EmrError(
                "profile must have a security configuration without Kerberos, because the request would contain its "
                "passwords, got one with Kerberos; use another profile, or a Cluster or a TransientCluster",
                at=self,
            )
        if "step_execution_role" in self.definition.options:
            check_runtime_roles(self.definition.steps, self.profile, self)
        self.launcher: str = launcher_of(self)
        """The value of the tag ``emr-constructs:launch-template``, which only the clusters of this request have."""
        self._bound = self.profile._bind(self.definition, self, subnets)
        request = named_request(self._bound.request, self)
        request["Tags"] = [*request.get("Tags", []), {"Key": TEMPLATE_TAG, "Value": self.launcher}]
        self.run_job_flow_request: Mapping[str, Any] = request
        """The RunJobFlow request, without the tags of CDK; its unknown parts are CDK tokens."""
        reject_inputs("a launch template", request, at=self)
        check_launch({"Cluster": request, "SecurityConfiguration": self._security_document}, self)
        self._published = Publications(self, lambda: all_tags(self, self._tags, request["Tags"]))

    @cached_property
    def grants(self) -> LaunchGrants:
        """Permissions to launch clusters, and permissions of their nodes on data."""
        return LaunchGrants(self, self._acknowledge_grants, self._published)

    @property
    def has_runtime_roles(self) -> bool:
        """Whether steps are known to run with runtime roles instead of the instance role."""
        return has_runtime_roles(self._security_document or {})

    @cached_property
    def request_json(self) -> str:
        """The request as JSON, with the tags of CDK: a token, such as for an environment variable of a function.

        :raises EmrError: it contains a secret.
        """
        with errors_at(self):
            members = {name: value for name, value in self.run_job_flow_request.items() if name != "Tags"}
            produced = TagsAsJson(self, self._tags, self.run_job_flow_request["Tags"])
            tags = cdk.Lazy.uncached_string(cast("cdk.IStringProducer", produced))
            typed = with_typed_tokens(members, "RunJobFlowInput")
            text = f'{json_text(typed)[:-1]},"Tags":{tags}}}'
        if problems := secret_value_errors(self, text):
            raise EmrError(problems, at=self)
        return text

    def publish_to_parameter(self, name: str, *, construct_id: str | None = None) -> ssm.StringParameter:
        """Publish the request as JSON in an SSM parameter: ``run_job_flow(**json.loads(value))``.

        A parameter for fewer than 4,096 characters is in the standard tier, which is free of charge, a longer one in
        the advanced tier. A value that is only known at deployment counts 128 characters.
        https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html

        :param name: such as ``/emr/nightly``.
        :param construct_id: the ID of the parameter. Default: derived from the name.
        :raises EmrError: the name is invalid or in use, or the request may exceed 8,192 characters.
        """
        used_id = self._check("Parameter", name, construct_id, parameter_errors("name", name), _parameter(name))
        return self._in_parameter(used_id, name, self.request_json)

    @overload
    def publish_to_airflow(
        self,
        connection_id: str,
        *,
        backend: Literal["parameter-store"] = "parameter-store",
        prefix: str | None = None,
        construct_id: str | None = None,
    ) -> ssm.StringParameter: ...
    @overload
    def publish_to_airflow(
        self,
        connection_id: str,
        *,
        backend: Literal["secrets-manager"],
        prefix: str | None = None,
        encryption_key: kms.IKey | None = None,
        construct_id: str | None = None,
    ) -> secretsmanager.Secret: ...
    def publish_to_airflow(
        self,
        connection_id: str,
        *,
        backend: Literal["parameter-store", "secrets-manager"] = "parameter-store",
        prefix: str | None = None,
        encryption_key: kms.IKey | None = None,
        construct_id: str | None = None,
    ) -> ssm.StringParameter | secretsmanager.Secret:
        """Publish the request as a connection of Apache Airflow: ``EmrCreateJobFlowOperator(emr_conn_id=...)``.

        The connection has the type ``emr`` and the request in ``extra``. Airflow reads it with its secrets backend.
        https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/emr.html

        :param connection_id: the ID of the connection, such as ``emr_nightly``.
        :param backend: where the secrets backend of Airflow reads connections. Default: SSM Parameter Store.
        :param prefix: ``connections_prefix`` of the secrets backend. Default: ``/airflow/connections``, or
            ``airflow/connections`` in Secrets Manager.
        :param encryption_key: encrypts the secret. Requires ``backend="secrets-manager"``. Default: the AWS managed
            key.
        :param construct_id: the ID of the parameter or secret. Default: derived from the ID of the connection.
        :raises EmrError: the ID or the prefix is invalid or in use, or the request may be too long.
        """
        if is_unknown(backend):
            raise EmrError("backend must be known at synth time, got a token; use 'secrets-manager'", at=self)
        in_store = backend == "parameter-store"
        default = "/airflow/connections" if in_store else "airflow/connections"
        folder = (default if prefix is None else prefix).rstrip("/")
        name = f"{folder}/{connection_id}"
        if in_store and not is_unknown(name):
            # Airflow adds the slash.
            name = f"/{name.removeprefix('/')}"
        problems = list(connection_errors(connection_id))
        if not problems:
            problems = list((parameter_errors if in_store else secret_errors)("prefix", name))
        if in_store and encryption_key is not None:
            problems.append(
                "encryption_key requires backend='secrets-manager', because CloudFormation can't create encrypted "
                "parameters; pass the backend, or remove encryption_key"
            )
        kind, place = ("Connection", _parameter(name)) if in_store else ("Secret", f"the secret {name!r}")
        used_id = self._check(kind, connection_id, construct_id, problems, place)
        text = f'{{"conn_type":"emr","extra":{self.request_json}}}'
        if in_store:
            return self._in_parameter(used_id, name, text)
        secret, published = in_secret(self, used_id, name, text, encryption_key)
        self._add(published, place)
        return secret

    def publish_to_bucket(self, bucket: s3.IBucket, key: str, *, construct_id: str | None = None) -> str:
        """Publish the request as JSON in an S3 object of any length, and return its URI.

        A custom resource writes the object, because CloudFormation can't. It is deleted with the stack.

        :param bucket: the bucket. A policy of its own must allow the custom resource to write the object.
        :param key: the key of the object, such as ``emr/nightly.json``.
        :param construct_id: the ID of the custom resource. Default: derived from the key.
        :raises EmrError: the key is invalid or in use.
        """
        place = f"the object {bucket.s3_url_for_object(key)!r}"
        used_id = self._check("Object", key, construct_id, object_errors(key), place)
        with errors_at(self):
            self._add(in_bucket(self, used_id, bucket, key, self.request_json), place)
        return bucket.s3_url_for_object(key)

    def _in_parameter(self, construct_id: str, name: str, text: str) -> ssm.StringParameter:
        parameter, published = in_parameter(self, construct_id, name, text)
        self._add(published, _parameter(name))
        return parameter

    def _add(self, published: Publication, place: str) -> None:
        self._bound.attach(published.resource)
        self._published.add(published, place)

    def _check(self, kind: str, name: str, construct_id: str | None, problems: Iterable[str], place: str) -> str:
        """Return the construct ID of what is published in ``place``."""
        reject_inputs("the name of a launch request", name, at=self)
        found = list(problems)
        used_id = construct_id or publication_id(kind, name)
        if not found and (other := self._published.at(place)) is not None:
            found.append(f"{place} must be unique in a stack, but {other} also publishes it; use another name")
        elif not found and self.node.try_find_child(used_id) is not None:
            found.append(f"the ID {used_id!r} must be unique in the launch template, got it twice; pass construct_id")
        if found:
            raise EmrError(found, at=self)
        return used_id


def _parameter(name: str) -> str:
    return f"the parameter {name!r}"
