from __future__ import annotations

import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import (
    Application,
    Cluster,
    ClusterProfile,
    Configuration,
    EmrError,
    HiveConfigurations,
    Kerberos,
    KerberosAttributes,
    ReleaseLabel,
    SecurityConfiguration,
)
from emr_constructs.software.configurations import render
from tests.tools import imported_key, imported_vpc, new_stack, warnings


def test_external_metastore_keeps_the_password_out_of_the_template(shared_stack, secret):
    (found,) = HiveConfigurations.external_metastore(
        jdbc_url="jdbc:mysql://host:3306/hive", user="hive", password=secret
    )
    rendered = shared_stack.resolve(found._render()["Properties"])
    arn = rendered.pop("EMR.secret@javax.jdo.option.ConnectionPassword")
    assert "secret:hive" in str(arn)
    assert rendered == {
        "javax.jdo.option.ConnectionURL": "jdbc:mysql://host:3306/hive",
        "javax.jdo.option.ConnectionDriverName": "org.mariadb.jdbc.Driver",
        "javax.jdo.option.ConnectionUserName": "hive",
    }
    assert list(found.secrets) == [secret]


def test_rejects_a_password_as_text():
    with pytest.raises(EmrError, match="password must be a secretsmanager\\.ISecret, got a str object"):
        HiveConfigurations.external_metastore(jdbc_url="jdbc:mysql://host/hive", user="hive", password="hunter2")


def test_rejects_an_address_that_is_no_url(secret):
    with pytest.raises(EmrError, match="jdbc_url must be a JDBC URL, got 'host:3306'; use for example 'jdbc:mysql"):
        HiveConfigurations.external_metastore(jdbc_url="host:3306", user="hive", password=secret)


def test_the_metastore_and_spark_agree_about_tls():
    assert render(HiveConfigurations.metastore_without_tls()) == [
        {"Classification": "hive-site", "Properties": {"hive.metastore.use.SSL": "false"}},
        {"Classification": "spark-hive-site", "Properties": {"hive.metastore.use.SSL": "false"}},
    ]


def test_a_database_outside_of_the_cluster_goes_with_a_metastore_without_tls(secret):
    database = HiveConfigurations.external_metastore(jdbc_url="jdbc:mysql://host/hive", user="hive", password=secret)
    hive, _ = render([*database, *HiveConfigurations.metastore_without_tls()])
    assert hive["Properties"]["hive.metastore.use.SSL"] == "false"
    assert hive["Properties"]["javax.jdo.option.ConnectionURL"] == "jdbc:mysql://host/hive"


class TestSparkWithKerberos:
    """By default traffic is encrypted from emr-7.11.0 on, so a cluster that adds Kerberos is warned."""

    @pytest.fixture(scope="class")
    @classmethod
    def launch(cls):
        stack = new_stack()
        password = secretsmanager.Secret.from_secret_name_v2(stack, "Kdc", "kdc")
        security = SecurityConfiguration(
            stack, "Security", encryption_key=imported_key(stack), kerberos=Kerberos.cluster_dedicated_kdc()
        )
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)

        def launch(name, *configurations):
            cluster = Cluster(
                stack,
                name,
                profile=profile,
                release_label=ReleaseLabel.EMR_7_14_0,
                applications=[Application.SPARK, Application.HIVE],
                configurations=configurations,
                kerberos=KerberosAttributes("EC2.INTERNAL", password),
            )
            return [warning for warning in warnings(cluster) if "Hive metastore" in warning]

        return launch

    def test_warns_of_a_metastore_with_tls(self, launch):
        (warning,) = launch("Default")
        assert "a Hive metastore that Spark uses must not have TLS on a cluster with Kerberos" in warning
        assert "emr-kerberos-spark-metastore" in warning

    def test_is_content_without_tls(self, launch):
        assert launch("Without", *HiveConfigurations.metastore_without_tls()) == []

    def test_is_content_with_glue(self, launch):
        assert launch("Glue", *Configuration.glue_data_catalog(Application.SPARK)) == []

    def test_glue_for_hive_alone_leaves_spark_at_the_metastore(self, launch):
        assert len(launch("GlueForHive", *Configuration.glue_data_catalog(Application.HIVE))) == 1
