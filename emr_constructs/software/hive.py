"""Configurations of the Hive metastore, and of Spark's connection to it.

- ``*HiveConfigurations.external_metastore(jdbc_url=..., user="hive", password=secret)`` uses a database.
- ``*HiveConfigurations.metastore_without_tls()`` is for Spark on clusters with Kerberos and in-transit encryption.
- ``*Configuration.glue_data_catalog(Application.HIVE)`` uses AWS Glue.
"""

from __future__ import annotations

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .configurations import Configuration, is_secret
from .plain_secrets import PlainSecret, json_errors

__all__ = ["HiveConfigurations"]


@check_calls
class HiveConfigurations:
    """Configurations of Hive: ``[HiveConfigurations.external_metastore(...)]``."""

    @staticmethod
    def external_metastore(
        *,
        jdbc_url: str,
        user: str | PlainSecret,
        password: PlainSecret,
        driver: str = "org.mariadb.jdbc.Driver",
    ) -> tuple[Configuration, ...]:
        """Use a database outside of the cluster, such as Amazon RDS or Aurora.

        Tables then outlive the cluster, and clusters can share them. A cluster with three primary nodes requires it, in
        MySQL or MariaDB. EMR reads the secrets with the service role, which gets the permission. The nodes must be able
        to connect to the database: ``database.connections.allow_default_port_from(cluster)``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hive-metastore-external.html

        :param jdbc_url: for example ``jdbc:mysql://<host>:3306/hive?createDatabaseIfNotExist=true``.
        :param user: the user of the database, or a secret with the user name.
        :param password: a secret that contains only the password as plain text: EMR doesn't read the fields of secrets
            that Amazon RDS creates. Create the secret first, and the database with
            ``rds.Credentials.from_password("hive", secret.secret_value)``.
        :param driver: the JDBC driver. Default: the MariaDB driver, which EMR installs and which supports MySQL.
        :raises EmrError: the URL isn't a JDBC URL, or the password is text or a JSON object.
        """
        if not is_unknown(jdbc_url) and not jdbc_url.startswith("jdbc:"):
            raise EmrError(
                f"jdbc_url must be a JDBC URL, got {jdbc_url!r}; use a URL such as 'jdbc:mysql://host:3306/hive'"
            )
        credentials = {"user": user, "password": password}
        problems = [
            problem for name, value in credentials.items() if is_secret(value) for problem in json_errors(name, value)
        ]
        if problems:
            raise EmrError(problems)
        properties = {
            "javax.jdo.option.ConnectionURL": jdbc_url,
            "javax.jdo.option.ConnectionDriverName": driver,
            "javax.jdo.option.ConnectionUserName": user,
            "javax.jdo.option.ConnectionPassword": password,
        }
        return (Configuration("hive-site", properties),)

    @staticmethod
    def metastore_without_tls() -> tuple[Configuration, ...]:
        """Disable TLS at the Hive metastore, for Spark.

        Use it for clusters with Kerberos and in-transit encryption. From emr-7.3.0 on, such a cluster enables both
        Kerberos and TLS at the metastore, and Spark can't use it: its Hive client is older than HIVE-16340, and
        SPARK-44114, which brings a newer one, is open. Kerberos still authenticates each connection. Spark that uses
        the Glue Data Catalog doesn't require this.

        Both ``hive-site``, which the metastore reads, and ``spark-hive-site``, which Spark reads, get the setting, so
        that the two sides agree.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-support-matrix.html
        """
        return tuple(
            Configuration(name, {"hive.metastore.use.SSL": False}) for name in ("hive-site", "spark-hive-site")
        )
