"""Configurations of Livy, which notebooks use for Spark, and of JupyterHub.

- ``*LivyConfigurations.sessions(idle_timeout=Duration.hours(2))``
- ``*JupyterHubConfigurations.s3_persistence(bucket)`` stores notebooks in S3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.durations import whole_seconds
from .._core.signatures import check_calls
from .configurations import Configuration, ConfigurationValue

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_s3 as s3

__all__ = ["JupyterHubConfigurations", "LivyConfigurations"]


@check_calls
class LivyConfigurations:
    """Configurations of Livy: ``configurations=[LivyConfigurations.sessions(...)]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-livy.html
    """

    @staticmethod
    def sessions(*, idle_timeout: Duration) -> tuple[Configuration, ...]:
        """Stop idle sessions, which releases their resources.

        :param idle_timeout: the idle time after which a session stops, in whole seconds.
        :raises EmrError: the time isn't a whole number of seconds.
        """
        seconds = whole_seconds("idle_timeout", idle_timeout, accepts_tokens=True, minimum=1)
        return (
            Configuration(
                "livy-conf",
                {"livy.server.session.timeout-check": True, "livy.server.session.timeout": f"{seconds}s"},
            ),
        )


@check_calls
class JupyterHubConfigurations:
    """Configurations of JupyterHub; see ``s3_persistence``."""

    @staticmethod
    def s3_persistence(bucket: s3.IBucket) -> tuple[Configuration, ...]:
        """Store notebooks in S3 instead of on the primary node.

        Notebooks on the primary node are lost when the cluster terminates. Each user has a folder below ``jupyter/``,
        which the nodes must be able to access: ``cluster.grants.read_write_bucket(bucket, "jupyter/")``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-jupyterhub-s3.html
        """
        properties: dict[str, ConfigurationValue] = {
            "s3.persistence.enabled": True,
            "s3.persistence.bucket": bucket.bucket_name,
        }
        return (Configuration("jupyter-s3-conf", properties),)
