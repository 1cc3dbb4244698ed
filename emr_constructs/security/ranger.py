"""Apache Ranger decides who may do what; a value for a :class:`SecurityConfiguration`, which needs Kerberos beside it.

    Ranger(
        admin_server_url="https://ranger.example.com:6182",
        admin_server_secret=certificate,
        plugins=[RangerPlugin.spark(spark_key, policy_repository="amazon-emr-spark")],
        role_for_plugins=data_access,
        role_for_other_services=users,
    )

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-ranger.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from .._core import tokens
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from .authorization import AssumedRole

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["Ranger", "RangerPlugin"]

_ASSUME: Final = ("sts:AssumeRole", "sts:TagSession")


@check_calls
@value_class
class RangerPlugin:
    """The plugin of one application; made with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-ranger-security-config.html
    """

    application: str
    secret: secretsmanager.ISecret
    policy_repository: str

    @classmethod
    def spark(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """The plugin of Spark.

        :param secret: the private key and certificate of the plugin.
        :param policy_repository: the name of its service in Ranger, for example ``amazon-emr-spark``.
        """
        return cls("Spark", secret, policy_repository)

    @classmethod
    def hive(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """The plugin of Hive; the arguments are those of :meth:`spark`."""
        return cls("Hive", secret, policy_repository)

    @classmethod
    def emrfs_s3(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """The plugin for requests to S3; the arguments are those of :meth:`spark`."""
        return cls("EMRFS-S3", secret, policy_repository)

    @classmethod
    def trino(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """The plugin of Trino, which EMR calls ``Trino``; the arguments are those of :meth:`spark`."""
        return cls("Trino", secret, policy_repository)

    def _render(self) -> dict[str, Any]:
        """The plugin as an item of ``RangerPluginConfigurations`` of the security configuration."""
        return {
            "App": self.application,
            "ClientSecretARN": _arn_without_version(self.secret),
            "PolicyRepositoryName": self.policy_repository,
        }


@check_calls
@value_class
class Ranger:
    """A Ranger admin server and the plugins on the cluster that ask it. Needs emr-5.32.0 or emr-6.3.0, up to emr-7.3.0.

    The nodes may read the secrets and assume the roles. What the roles may do is yours to give: the one of the plugins
    needs the data, and to write the audit log group.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-ranger-iam.html

    :raises EmrError: there is no plugin, an application has two, or the URL is no ``https://`` address.
    """

    admin_server_url: str
    """The address of the Ranger admin server: ``https://ranger.example.com:6182``."""

    admin_server_secret: secretsmanager.ISecret
    """The public certificate of the Ranger admin server."""

    plugins: Sequence[RangerPlugin] = converted(tuple)
    """The plugins; Spark and Hive are only installed with theirs."""

    role_for_plugins: iam.IRole
    """The role with which plugins reach data for the users."""

    role_for_other_services: iam.IRole
    """The role that users have for services that Ranger does not know."""

    audit_log_group: logs.ILogGroup | None = None
    """Where the plugins write who asked for what. Default: audit events do not go to CloudWatch Logs."""

    def __post_init__(self) -> None:
        enforce("RangerConfiguration", self._render())

    @property
    def assumed_roles(self) -> tuple[AssumedRole, ...]:
        """The roles as the nodes assume them."""
        return AssumedRole(self.role_for_plugins, _ASSUME), AssumedRole(self.role_for_other_services, _ASSUME)

    @property
    def secrets(self) -> tuple[secretsmanager.ISecret, ...]:
        """The secrets that the nodes read."""
        return self.admin_server_secret, *(plugin.secret for plugin in self.plugins)

    def _render(self) -> dict[str, Any]:
        """The choice as ``RangerConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {
            "AdminServerURL": self.admin_server_url,
            "RoleForRangerPluginsARN": self.role_for_plugins.role_arn,
            "RoleForOtherAWSServicesARN": self.role_for_other_services.role_arn,
            "AdminServerSecretARN": _arn_without_version(self.admin_server_secret),
            "RangerPluginConfigurations": [plugin._render() for plugin in self.plugins],
        }
        if self.audit_log_group is not None:
            # The ARN that CDK knows ends with :*, which stands for the streams.
            arn = tokens.arn("logs", f"log-group:{self.audit_log_group.log_group_name}")
            rendered["AuditConfiguration"] = {"Destinations": {"AmazonCloudWatchLogs": {"CloudWatchLogGroup": arn}}}
        return rendered


def _arn_without_version(secret: secretsmanager.ISecret) -> str:
    """EMR wants the ARN without the characters that Secrets Manager adds to the name."""
    return tokens.arn("secretsmanager", f"secret:{secret.secret_name}")
