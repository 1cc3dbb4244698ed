"""Access control of Apache Ranger: a value for a ``SecurityConfiguration``.

Requires Kerberos.

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
from .._core.patterns import regex
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .._core.values import converted, value_class
from ..rules import enforce
from .authorization import AssumedRole

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = ["Ranger", "RangerPlugin"]

_SUFFIX: Final = regex(r"-[A-Za-z0-9]{6}$")
_ASSUME: Final = ("sts:AssumeRole", "sts:TagSession")


@check_calls
@value_class
class RangerPlugin:
    """The Ranger plugin of an application; created with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-ranger-security-config.html
    """

    application: str
    secret: secretsmanager.ISecret
    policy_repository: str

    @classmethod
    def spark(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """Create the plugin of Spark.

        :param secret: the private key and certificate of the plugin.
        :param policy_repository: the name of its service in Ranger, for example ``amazon-emr-spark``.
        """
        return cls("Spark", secret, policy_repository)

    @classmethod
    def hive(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """Create the plugin of Hive, with the arguments of ``spark``."""
        return cls("Hive", secret, policy_repository)

    @classmethod
    def emrfs_s3(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """Create the plugin for S3 requests of EMRFS, with the arguments of ``spark``."""
        return cls("EMRFS-S3", secret, policy_repository)

    @classmethod
    def trino(cls, secret: secretsmanager.ISecret, *, policy_repository: str) -> RangerPlugin:
        """Create the plugin of Trino, with the arguments of ``spark``."""
        return cls("Trino", secret, policy_repository)

    def _render(self) -> dict[str, Any]:
        """Render an item of ``RangerPluginConfigurations`` of the security configuration."""
        return {
            "App": self.application,
            "ClientSecretARN": _arn_without_version(self.secret),
            "PolicyRepositoryName": self.policy_repository,
        }


@check_calls
@value_class
class Ranger:
    """A Ranger admin server, and the plugins on the cluster that use it.

    Requires emr-5.32.0 or emr-6.3.0 or later, up to emr-7.3.0. The nodes are allowed to read the secrets and to assume
    the roles. The permissions of the roles aren't changed: the role of the plugins requires access to the data and to
    the audit log group.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-ranger-iam.html

    :raises EmrError: there is no plugin, an application has two, or the URL doesn't begin with ``https://``.
    """

    admin_server_url: str
    """The address of the Ranger admin server: ``https://ranger.example.com:6182``."""

    admin_server_secret: secretsmanager.ISecret
    """The public certificate of the Ranger admin server."""

    plugins: Sequence[RangerPlugin] = converted(tuple)
    """The plugins. Spark and Hive require their plugin to be installed."""

    role_for_plugins: iam.IRole
    """The role that plugins use to access data for users."""

    role_for_other_services: iam.IRole
    """The role of users for services without Ranger policies."""

    audit_log_group: logs.ILogGroup | None = None
    """The log group for audit events of the plugins. Default: no audit events in CloudWatch Logs."""

    def __post_init__(self) -> None:
        enforce("RangerConfiguration", self._render())

    @property
    def assumed_roles(self) -> tuple[AssumedRole, ...]:
        """The roles that the nodes assume."""
        return AssumedRole(self.role_for_plugins, _ASSUME), AssumedRole(self.role_for_other_services, _ASSUME)

    @property
    def secrets(self) -> tuple[secretsmanager.ISecret, ...]:
        """The secrets that the nodes read."""
        return self.admin_server_secret, *(plugin.secret for plugin in self.plugins)

    def _render(self) -> dict[str, Any]:
        """Render ``RangerConfiguration`` of the security configuration."""
        rendered: dict[str, Any] = {
            "AdminServerURL": self.admin_server_url,
            "RoleForRangerPluginsARN": self.role_for_plugins.role_arn,
            "RoleForOtherAWSServicesARN": self.role_for_other_services.role_arn,
            "AdminServerSecretARN": _arn_without_version(self.admin_server_secret),
            "RangerPluginConfigurations": [plugin._render() for plugin in self.plugins],
        }
        if self.audit_log_group is not None:
            # The ARN in CDK ends with :*, for the log streams.
            arn = self.audit_log_group.log_group_arn.removesuffix(":*")
            if is_unknown(arn):
                arn = tokens.arn("logs", f"log-group:{self.audit_log_group.log_group_name}")
            rendered["AuditConfiguration"] = {"Destinations": {"AmazonCloudWatchLogs": {"CloudWatchLogGroup": arn}}}
        return rendered


def _arn_without_version(secret: secretsmanager.ISecret) -> str:
    """Return the ARN without the suffix of Secrets Manager, as EMR requires it."""
    arn = secret.secret_arn
    if not is_unknown(arn):
        # An imported ARN stays as it is, since a changed document replaces its clusters.
        return arn if secret.secret_full_arn is None else _SUFFIX.sub("", arn)
    return tokens.arn("secretsmanager", f"secret:{secret.secret_name}")
