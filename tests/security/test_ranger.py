from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import ClusterProfile, EmrError, Kerberos, Ranger, RangerPlugin, SecurityConfiguration
from tests.tools import actions, flat, imported_key, imported_vpc, new_app, new_stack, only, statements, synthesize

SECRETS = "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret"


def ranger(scope, **options):
    def role(name):
        return iam.Role(scope, name, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))

    admin, key = (secretsmanager.Secret.from_secret_name_v2(scope, f"{name}Secret", name) for name in ("admin", "key"))
    defaults = {
        "admin_server_url": "https://ranger.example.com:6182",
        "admin_server_secret": admin,
        "plugins": [
            RangerPlugin.spark(key, policy_repository="amazon-emr-spark"),
            RangerPlugin.hive(key, policy_repository="hivedev"),
            RangerPlugin.emrfs_s3(key, policy_repository="amazon-emr-emrfs"),
            RangerPlugin.trino(key, policy_repository="trinodev"),
        ],
        "role_for_plugins": role("Plugins"),
        "role_for_other_services": role("Users"),
    }
    return Ranger(**{**defaults, **options})


def configuration(stack, **options):
    made = {"encryption_key": imported_key(stack), "kerberos": Kerberos.cluster_dedicated_kdc(), **options}
    return SecurityConfiguration(stack, "Security", **made)


def test_says_everything(stack):
    configuration(stack, ranger=ranger(stack, audit_log_group=logs.LogGroup(stack, "Audit")))
    document = only(synthesize(stack), "AWS::EMR::SecurityConfiguration")["SecurityConfiguration"]
    rendered = document["AuthorizationConfiguration"]["RangerConfiguration"]
    assert rendered["AdminServerURL"] == "https://ranger.example.com:6182"
    assert flat(rendered["AdminServerSecretARN"]) == f"{SECRETS}:admin"
    assert flat(rendered["RoleForRangerPluginsARN"]).startswith("<Plugins")
    assert flat(rendered["RoleForOtherAWSServicesARN"]).startswith("<Users")
    assert [
        (plugin["App"], flat(plugin["ClientSecretARN"]), plugin["PolicyRepositoryName"])
        for plugin in rendered["RangerPluginConfigurations"]
    ] == [
        ("Spark", f"{SECRETS}:key", "amazon-emr-spark"),
        ("Hive", f"{SECRETS}:key", "hivedev"),
        ("EMRFS-S3", f"{SECRETS}:key", "amazon-emr-emrfs"),
        ("Trino", f"{SECRETS}:key", "trinodev"),
    ]
    group = flat(rendered["AuditConfiguration"]["Destinations"]["AmazonCloudWatchLogs"]["CloudWatchLogGroup"])
    assert group.startswith("arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<Audit")
    assert not group.endswith("*")


def test_audit_events_stay_where_no_log_group_is_given(stack):
    assert "AuditConfiguration" not in ranger(stack)._render()


@pytest.mark.parametrize("flags", [True, False])
def test_the_arn_of_a_secret_is_without_its_version(flags):
    stack = new_stack(new_app(flags=flags))
    secret = secretsmanager.Secret(stack, "Own", secret_name="ranger-admin")
    imported = secretsmanager.Secret.from_secret_complete_arn(
        stack, "Other", "arn:aws:secretsmanager:us-east-1:111111111111:secret:ranger-key-AbCdEf"
    )
    plugins = [RangerPlugin.spark(imported, policy_repository="a")]
    rendered = stack.resolve(ranger(stack, admin_server_secret=secret, plugins=plugins)._render())
    arn = rendered["RangerPluginConfigurations"][0]["ClientSecretARN"]
    assert arn == "arn:aws:secretsmanager:us-east-1:111111111111:secret:ranger-key"
    # The name and its version are taken apart at every hyphen; the name has one.
    name = rendered["AdminServerSecretARN"]["Fn::Join"][1][-1]
    assert [part["Fn::Select"][0] for part in name["Fn::Join"][1]] == [0, 1]


def test_the_nodes_assume_the_roles_and_read_the_secrets(stack):
    security = configuration(stack, ranger=ranger(stack))
    ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    found = statements(synthesize(stack), "InstancePolicy")
    (assume,) = (statement for statement in found if "sts:AssumeRole" in statement["Action"])
    assert assume["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert len(assume["Resource"]) == 2
    reading = [statement for statement in found if "secretsmanager:DescribeSecret" in statement["Action"]]
    arns = [flat(arn) for statement in reading for arn in _listed(statement["Resource"])]
    assert sorted(arns) == [f"{SECRETS}:admin-??????", f"{SECRETS}:key-??????"]
    assert actions(reading) == {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}


def _listed(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"admin_server_url": "http://ranger:6080"},
            "URL of the Ranger admin server must begin with https:// and have no path, got 'http://ranger:6080'",
        ),
        ({"plugins": []}, "Ranger must have plugins"),
    ],
)
def test_rejects(stack, options, message):
    with pytest.raises(EmrError, match=message):
        ranger(stack, **options)


def test_rejects_two_plugins_for_one_application(stack):
    secret = secretsmanager.Secret(stack, "Secret")
    with pytest.raises(EmrError, match="applications of Ranger plugins must be unique, got 'Hive' 2 times"):
        ranger(stack, plugins=[RangerPlugin.hive(secret, policy_repository="a")] * 2)


def test_needs_kerberos(stack):
    with pytest.raises(EmrError, match="Ranger requires Kerberos, to identify users"):
        configuration(stack, kerberos=None, ranger=ranger(stack))
