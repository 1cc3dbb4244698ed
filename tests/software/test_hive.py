from __future__ import annotations

import pytest
from aws_cdk import Aws, CfnParameter, Fn, SecretValue
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
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
    SecretField,
    SecurityConfiguration,
)
from emr_constructs.software.configurations import render
from tests.tools import imported_key, imported_vpc, new_stack, warnings

URL = "jdbc:mysql://host:3306/hive"


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
    with pytest.raises(EmrError, match="jdbc_url must be a JDBC URL, got 'host:3306'; use a URL such as 'jdbc:mysql"):
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


L1Secret, L1Attachment = secretsmanager.CfnSecret, secretsmanager.CfnSecretTargetAttachment
TEMPLATE = {"secretStringTemplate": '{"username": "hive"}', "generateStringKey": "password"}


class TestJsonSecrets:
    """EMR uses the whole text of a secret, so a JSON object would become the password."""

    @pytest.fixture(scope="class")
    @classmethod
    def secrets(cls):
        stack = new_stack()
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["us-east-1a", "us-east-1b"],
            private_subnet_ids=["subnet-a", "subnet-b"],
        )
        engine = rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_0_39)
        subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        database = rds.DatabaseInstance(stack, "Database", engine=engine, vpc=vpc, vpc_subnets=subnets)
        rotated = rds.DatabaseInstance(
            stack, "Rotated", engine=engine, vpc=vpc, vpc_subnets=subnets, manage_master_user_password=True
        )
        template = secretsmanager.SecretStringGenerator(
            secret_string_template='{"username": "hive"}', generate_string_key="password"
        )
        text = SecretValue.unsafe_plain_text('{"password": "x"}')
        fields = {"password": SecretValue.unsafe_plain_text("x")}
        managed = "arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!db-0-a1b2c3"
        plain = secretsmanager.SecretStringGenerator(exclude_punctuation=True)
        return {
            "database": database.secret,
            "database secret": rds.DatabaseSecret(stack, "DatabaseSecret", username="hive"),
            "attached": secretsmanager.Secret(stack, "Attached").attach(database),
            "generated": secretsmanager.Secret(stack, "Generated", generate_secret_string=template),
            "text": secretsmanager.Secret(stack, "Text", secret_string_value=text),
            "fields": secretsmanager.Secret(stack, "Fields", secret_object_value=fields),
            "rotated": rotated.secret,
            "exported": secretsmanager.Secret.from_secret_complete_arn(stack, "Exported", Fn.import_value("Password")),
            "managed": secretsmanager.Secret.from_secret_complete_arn(stack, "Managed", managed),
            "plain": secretsmanager.Secret(stack, "Plain", generate_secret_string=plain),
            "default": secretsmanager.Secret(stack, "Default"),
            "imported": secretsmanager.Secret.from_secret_name_v2(stack, "Imported", "hive/password"),
            "parameter": secretsmanager.Secret(
                stack,
                "Parameter",
                secret_string_value=SecretValue.cfn_parameter(CfnParameter(stack, "Given", no_echo=True)),
            ),
        }

    @pytest.mark.parametrize(
        "define",
        [
            lambda stack: L1Secret(stack, "L1", generate_secret_string={**TEMPLATE}).ref,
            lambda stack: L1Secret(stack, "L1", secret_string='{"password": "x"}').attr_id,
            lambda stack: L1Secret(stack, "L1", secret_string=stack.to_json_string({"region": Aws.REGION})).ref,
            lambda stack: L1Attachment(stack, "L1", secret_id="a", target_id="b", target_type="c").ref,
        ],
    )
    def test_of_templates_are_no_password(self, define):
        stack = new_stack()
        secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Imported", define(stack))
        with pytest.raises(EmrError, match=r"^password must be a secret whose whole text is the value"):
            HiveConfigurations.external_metastore(jdbc_url=URL, user="hive", password=secret)

    @pytest.mark.parametrize("text", ["x", Aws.REGION, "{{resolve:ssm:x}}", None])
    def test_plain_secrets_of_templates_are_passwords(self, text):
        stack = new_stack()
        plain = {"excludePunctuation": True} if text is None else None
        made = L1Secret(stack, "L1", secret_string=text, generate_secret_string=plain)
        secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Imported", made.ref)
        (found,) = HiveConfigurations.external_metastore(jdbc_url=URL, user="hive", password=secret)
        assert list(found.secrets) == [secret]

    JSON = ("database", "database secret", "attached", "generated", "text", "fields", "rotated", "managed")

    @pytest.mark.parametrize("name", JSON)
    def test_are_no_password(self, secrets, name):
        message = (
            r"^password must be a secret whose whole text is the value, because EMR doesn't read fields of a secret, "
            r"got a secret that contains a JSON object; use secretsmanager\.Secret\(.*Credentials\.from_password\("
        )
        with pytest.raises(EmrError, match=message):
            HiveConfigurations.external_metastore(jdbc_url=URL, user="hive", password=secrets[name])

    @pytest.mark.parametrize("key", ["javax.jdo.option.ConnectionPassword", "fs.s3a.secret.key", "DB_USER"])
    def test_are_no_credential_of_a_property(self, secrets, key):
        with pytest.raises(EmrError, match=f"^'{key}' of 'hive-site' must be a secret whose whole text is the value"):
            Configuration("hive-site", {key: secrets["database"]})

    def test_are_no_user(self, secrets):
        with pytest.raises(EmrError, match=r"^user must be a secret whose whole text is the value"):
            HiveConfigurations.external_metastore(jdbc_url=URL, user=secrets["database"], password=secrets["plain"])

    @pytest.mark.parametrize("name", ["plain", "default", "imported", "exported", "parameter"])
    def test_others_are_passwords(self, secrets, name):
        (found,) = HiveConfigurations.external_metastore(jdbc_url=URL, user="hive", password=secrets[name])
        assert list(found.secrets) == [secrets[name]]

    def test_fields_are_no_password(self, secrets):
        field = secrets["database"].secret_value_from_json("password")
        for value, kind in ((field, "SecretValue"), (SecretField(secrets["database"], "password"), "SecretField")):
            message = (
                rf"password must be a secretsmanager\.ISecret, got a {kind} object; use a secret whose whole text is"
            )
            with pytest.raises(EmrError, match=message):
                HiveConfigurations.external_metastore(jdbc_url=URL, user="hive", password=value)
            with pytest.raises(
                EmrError, match=f"got a {kind} object; use .* or a secret whose whole text is the value"
            ):
                Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": value})
