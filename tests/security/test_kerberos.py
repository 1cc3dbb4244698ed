from __future__ import annotations

import json

import boto3
import pytest
from aws_cdk import Aws, CfnParameter, SecretValue
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator

from emr_constructs import (
    ActiveDirectory,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    CrossRealmTrust,
    EmrError,
    Kerberos,
    KerberosAttributes,
    SecretField,
    SecurityConfiguration,
)
from tests.tools import flat, imported_key, imported_vpc, new_stack, only, resources, synthesize, warnings

TRUST = CrossRealmTrust("AD.EXAMPLE.COM", "ad.example.com", "ad.example.com:749", "ad.example.com:88")
SERVERS = {"admin_server": "kdc.example.com:749", "kdc_server": "kdc.example.com:88"}


@pytest.fixture
def secret(stack):
    return secretsmanager.Secret(stack, "Passwords")


def kerberized(stack, kerberos, attributes):
    security = SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack), kerberos=kerberos)
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    return Cluster(stack, "Cluster", profile=profile, **({"kerberos": attributes} if attributes else {}))


def test_a_kdc_of_the_cluster():
    assert Kerberos.cluster_dedicated_kdc()._render() == {
        "Provider": "ClusterDedicatedKdc",
        "ClusterDedicatedKdcConfiguration": {"TicketLifetimeInHours": 24},
    }


def test_a_trust_in_another_realm():
    kerberos = Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=8, cross_realm_trust=TRUST)
    assert kerberos._render()["ClusterDedicatedKdcConfiguration"] == {
        "TicketLifetimeInHours": 8,
        "CrossRealmTrustConfiguration": {
            "Realm": "AD.EXAMPLE.COM",
            "Domain": "ad.example.com",
            "AdminServer": "ad.example.com:749",
            "KdcServer": "ad.example.com:88",
        },
    }


def test_an_external_kdc_with_active_directory():
    directory = ActiveDirectory("AD.EXAMPLE.COM", "ad.example.com", "dc1.ad.example.com")
    assert Kerberos.external_kdc(**SERVERS, active_directory=directory)._render() == {
        "Provider": "ExternalKdc",
        "ExternalKdcConfiguration": {
            "TicketLifetimeInHours": 24,
            "KdcServerType": "Single",
            "AdminServer": "kdc.example.com:749",
            "KdcServer": "kdc.example.com:88",
            "AdIntegrationConfiguration": {
                "AdRealm": "AD.EXAMPLE.COM",
                "AdDomain": "ad.example.com",
                "AdServer": "dc1.ad.example.com",
            },
        },
    }


def test_passwords_are_references_in_the_template(stack, secret):
    attributes = KerberosAttributes(
        "EC2.INTERNAL",
        kdc_admin_password=secret,
        cross_realm_trust_principal_password=SecretField(secret, "trust"),
        ad_domain_join_user="joiner",
        ad_domain_join_password=SecretField(secret, "join"),
    )
    kerberized(stack, Kerberos.cluster_dedicated_kdc(cross_realm_trust=TRUST), attributes)
    template = synthesize(stack)
    rendered = only(template, "AWS::EMR::Cluster")["KerberosAttributes"]
    (name,) = resources(template, "AWS::SecretsManager::Secret")
    assert {member: flat(value) for member, value in rendered.items()} == {
        "Realm": "EC2.INTERNAL",
        "KdcAdminPassword": f"{{{{resolve:secretsmanager:<{name}>:SecretString:::}}}}",
        "CrossRealmTrustPrincipalPassword": f"{{{{resolve:secretsmanager:<{name}>:SecretString:trust::}}}}",
        "ADDomainJoinUser": "joiner",
        "ADDomainJoinPassword": f"{{{{resolve:secretsmanager:<{name}>:SecretString:join::}}}}",
    }


def test_no_role_of_the_cluster_may_read_the_passwords(stack, secret):
    kerberized(stack, Kerberos.cluster_dedicated_kdc(), KerberosAttributes("EC2.INTERNAL", secret))
    policies = resources(synthesize(stack), "AWS::IAM::ManagedPolicy")
    assert "Passwords" not in json.dumps(policies)


def test_is_a_request_that_botocore_accepts(secret):
    definition = ClusterDefinition(cluster_name="kerberos", kerberos=KerberosAttributes("EC2.INTERNAL", secret))
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    report = ParamValidator().validate(definition._render(), model.operation_model("RunJobFlow").input_shape)
    assert not report.has_errors(), report.generate_report()


def test_checkers_that_ask_for_kerberos_are_answered_by_it(stack, secret):
    cluster = kerberized(stack, Kerberos.cluster_dedicated_kdc(), KerberosAttributes("EC2.INTERNAL", secret))
    entries = [found for found in cluster.node.default_child.node.metadata if "acknowledged" in found.type]
    rules = {rule.partition("::")[2] for entry in entries for rule in entry.data}
    assert {"AwsSolutions-EMR4", "AwsSolutions-EMR5"} <= rules
    assert not [rule for rule in rules if "Kerberos" in rule or "EMR6" in rule]


def test_rejects_a_password_in_clear_and_does_not_repeat_it():
    kinds = (
        r"kdc_admin_password must be a secretsmanager\.ISecret, a SecretField or a cdk\.SecretValue, got a str object"
    )
    with pytest.raises(EmrError, match=kinds) as error:
        KerberosAttributes("EC2.INTERNAL", "hunter2")
    assert "hunter2" not in str(error.value)


NAMES = ("kdc_admin_password", "cross_realm_trust_principal_password", "ad_domain_join_password")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["hunter2", "{{hunter2}}", "", "hunter2{{resolve:ssm:a}}", f"hunter2{Aws.REGION}"])
def test_rejects_a_secret_value_in_clear_and_does_not_repeat_it(secret, name, text):
    passwords = {"kdc_admin_password": secret, name: SecretValue.unsafe_plain_text(text)}
    with pytest.raises(EmrError, match=f"^{name} must be a reference to a secret, got plain text, which is") as error:
        KerberosAttributes("EC2.INTERNAL", **passwords)
    assert "hunter2" not in str(error.value)


def test_rejects_a_parameter_without_no_echo(stack):
    parameter = CfnParameter(stack, "Password")
    for value in (parameter.value_as_string, parameter):
        with pytest.raises(
            EmrError, match="got the parameter 'Password' without NoEcho, whose value is readable; creat"
        ):
            KerberosAttributes("EC2.INTERNAL", SecretValue(value))


def test_secret_values_are_references_in_the_template():
    stack = new_stack()
    attributes = KerberosAttributes(
        "EC2.INTERNAL",
        kdc_admin_password=SecretValue.secrets_manager("emr/kerberos", json_field="kdc"),
        cross_realm_trust_principal_password=SecretValue.cfn_parameter(CfnParameter(stack, "Trust", no_echo=True)),
        ad_domain_join_user="joiner",
        ad_domain_join_password=secretsmanager.Secret(stack, "Passwords").secret_value_from_json("join"),
    )
    cluster = kerberized(stack, Kerberos.cluster_dedicated_kdc(cross_realm_trust=TRUST), attributes)
    assert not [warning for warning in warnings(cluster) if "kerberos" in warning]
    template = synthesize(stack)
    rendered = only(template, "AWS::EMR::Cluster")["KerberosAttributes"]
    (name,) = resources(template, "AWS::SecretsManager::Secret")
    assert {member: flat(value) for member, value in rendered.items()} == {
        "Realm": "EC2.INTERNAL",
        "KdcAdminPassword": "{{resolve:secretsmanager:emr/kerberos:SecretString:kdc::}}",
        "CrossRealmTrustPrincipalPassword": "<Trust>",
        "ADDomainJoinUser": "joiner",
        "ADDomainJoinPassword": f"{{{{resolve:secretsmanager:<{name}>:SecretString:join::}}}}",
    }


def test_warns_of_a_secure_string_of_parameter_store():
    stack = new_stack()
    attributes = KerberosAttributes("EC2.INTERNAL", SecretValue.ssm_secure("/emr/kdc", "3"))
    cluster = kerberized(stack, Kerberos.cluster_dedicated_kdc(), attributes)
    (warning,) = [warning for warning in warnings(cluster) if "emr-kerberos-ssm-secure" in warning]
    assert "'{{resolve:ssm-secure:/emr/kdc:3}}' for KdcAdminPassword; pass a secret of AWS Secrets Manager" in warning
    rendered = only(synthesize(stack), "AWS::EMR::Cluster")["KerberosAttributes"]
    assert rendered["KdcAdminPassword"] == "{{resolve:ssm-secure:/emr/kdc:3}}"


def test_a_trust_password_that_the_document_does_not_need_is_accepted(secret):
    stack = new_stack()
    password = SecretValue.secrets_manager("emr/kerberos")
    attributes = KerberosAttributes("EC2.INTERNAL", password, cross_realm_trust_principal_password=password)
    cluster = kerberized(stack, Kerberos.cluster_dedicated_kdc(), attributes)
    assert not [warning for warning in warnings(cluster) if "kerberos" in warning]
    assert "CrossRealmTrustPrincipalPassword" in only(synthesize(stack), "AWS::EMR::Cluster")["KerberosAttributes"]


def test_rejects_the_field_of_a_text_and_does_not_repeat_it():
    with pytest.raises(EmrError, match=r"secret must be a secretsmanager\.ISecret, got a str object") as error:
        SecretField("hunter2", "a")
    assert "hunter2" not in str(error.value)


def test_names_every_password_that_is_no_secret():
    with pytest.raises(EmrError) as error:
        KerberosAttributes("EC2.INTERNAL", "a", "b", "joiner", "c")
    assert [problem.partition(" ")[0] for problem in error.value.problems] == list(NAMES)


def test_rejects_a_field_without_a_name(secret):
    with pytest.raises(EmrError, match="field must be a key of the JSON object of the secret, got ''"):
        SecretField(secret, "")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: CrossRealmTrust("", "d", "a", "k"),
            "realm, domain or server must not be empty or contain spaces or slashes, got '' for Realm",
        ),
        (
            lambda: ActiveDirectory("AD", "ad", "ldap://ad"),
            "or server must not be empty or contain spaces or slashes, got 'ldap://ad' for AdServer",
        ),
        (
            lambda: Kerberos.external_kdc(admin_server="k d c", kdc_server="kdc"),
            "must not be empty or contain spaces or slashes, got 'k d c' for AdminServer",
        ),
        (
            lambda: Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=0),
            "lifetime of a Kerberos ticket must be at least 1 hour, got 0",
        ),
    ],
)
def test_rejects(make, message):
    with pytest.raises(EmrError, match=message):
        make()


def test_configuration_and_cluster_go_together(stack, secret):
    with pytest.raises(
        EmrError, match="security configuration requires Kerberos attributes of the cluster, which are missing"
    ):
        kerberized(stack, Kerberos.cluster_dedicated_kdc(), None)
    with pytest.raises(
        EmrError, match="of the cluster require Kerberos in the security configuration, which is missing"
    ):
        Cluster(
            stack, "Other", vpc=imported_vpc(stack, "Other Vpc"), kerberos=KerberosAttributes("EC2.INTERNAL", secret)
        )


def test_a_configuration_that_exists_already_may_have_kerberos():
    stack = new_stack()
    secret = secretsmanager.Secret(stack, "Password")
    security = SecurityConfiguration.from_security_configuration_name(stack, "Security", "company-kerberos")
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    Cluster(stack, "Cluster", profile=profile, kerberos=KerberosAttributes("EC2.INTERNAL", secret))
    assert only(synthesize(stack), "AWS::EMR::Cluster")["KerberosAttributes"]["Realm"] == "EC2.INTERNAL"
