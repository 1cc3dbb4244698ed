"""Interactive work: Livy, through which notebooks use Spark, and JupyterHub.

- ``*LivyConfigurations.sessions(idle_timeout=Duration.hours(2))``
- ``*JupyterHubConfigurations.s3_persistence(bucket)`` keeps notebooks when the cluster ends.
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
    """Configurations of Livy, each to be unpacked: ``configurations=[*LivyConfigurations....]``.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-livy.html
    """

    @staticmethod
    def sessions(*, idle_timeout: Duration) -> tuple[Configuration, ...]:
        """End sessions that nobody uses, and free what they hold.

        :param idle_timeout: after which a session ends, in whole seconds.
        :raises EmrError: the time is not a whole number of seconds.
        """
        seconds = whole_seconds("the idle timeout of sessions", idle_timeout)
        return (
            Configuration(
                "livy-conf",
                {"livy.server.session.timeout-check": True, "livy.server.session.timeout": f"{seconds}s"},
            ),
        )


@check_calls
class JupyterHubConfigurations:
    """Configurations of JupyterHub, each to be unpacked: ``configurations=[*JupyterHubConfigurations....]``."""

    @staticmethod
    def s3_persistence(bucket: s3.IBucket) -> tuple[Configuration, ...]:
        """Keep notebooks in S3 instead of on the master node, where they are lost with the cluster.

        Each user has a folder below ``jupyter/``: ``cluster.grants.read_write_bucket(bucket, "jupyter/")``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-jupyterhub-s3.html
        """
        properties: dict[str, ConfigurationValue] = {
            "s3.persistence.enabled": True,
            "s3.persistence.bucket": bucket.bucket_name,
        }
        return (Configuration("jupyter-s3-conf", properties),)
