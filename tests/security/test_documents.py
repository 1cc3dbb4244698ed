"""Documents of existing security configurations, reproduced exactly: a changed document replaces its clusters."""

from __future__ import annotations

from functools import partial

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.aws_emr import CfnSecurityConfiguration

from emr_constructs import (
    ActiveDirectory,
    Cluster,
    ClusterProfile,
    CrossRealmTrust,
    EmrError,
    IdentityCenter,
    InTransitEncryption,
    Kerberos,
    LakeFormation,
    LocalDiskEncryption,
    Ranger,
    RangerPlugin,
    RoleMapping,
    RuntimeRoles,
    S3Encryption,
    Script,
    SecurityConfiguration,
    WalEncryption,
)
from tests.tools import imported_vpc, new_stack, only, resources, synthesize

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::123456789012:role"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"
CERTIFICATES = "s3://company-certificates/emr.zip"
PROVIDER = "s3://company-jars/provider.jar"
IMDSV2 = {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}
TRUST = {"Realm": "AD.EXAMPLE.COM", "Domain": "ad.example.com", "AdminServer": "ad.example.com", "KdcServer": "ad:88"}
TLS = {"TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": CERTIFICATES}}

NOTHING = {
    "s3_encryption": None,
    "local_disk_encryption": None,
    "in_transit_encryption": None,
    "require_imdsv2": None,
}


@pytest.fixture(scope="module")
def shared():
    return new_stack()


@pytest.fixture(scope="module")
def key(shared):
    return kms.Key.from_key_arn(shared, "Key", KEY)


@pytest.fixture
def document(shared, request):
    def render(**parts):
        configuration = SecurityConfiguration(shared, f"Security{abs(hash(request.node.name))}", **NOTHING | parts)
        return shared.resolve(configuration.document)

    return render


def role(stack, name):
    return stack.node.try_find_child(name) or iam.Role.from_role_arn(stack, name, f"{ROLE}/{name}")


def secret(stack, name):
    return secretsmanager.Secret.from_secret_partial_arn(stack, f"{name}Secret", f"{SECRET}:{name}")


def test_only_s3_with_its_own_keys(document):
    assert document(s3_encryption=S3Encryption.sse_s3()) == {
        "EncryptionConfiguration": {
            "EnableAtRestEncryption": True,
            "AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}},
        }
    }


def test_only_s3_and_in_transit_encryption_that_is_disabled(document, key):
    assert document(s3_encryption=S3Encryption.sse_kms(key), in_transit_encryption=False) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": False,
            "EnableAtRestEncryption": True,
            "AtRestEncryptionConfiguration": {
                "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": KEY}
            },
        }
    }


def test_everything_is_disabled(document):
    parts = {"s3_encryption": False, "local_disk_encryption": False, "in_transit_encryption": False}
    both = {"EncryptionConfiguration": {"EnableInTransitEncryption": False, "EnableAtRestEncryption": False}}
    assert document(**parts) == both


@pytest.mark.parametrize("name", ["s3_encryption", "local_disk_encryption"])
def test_only_encryption_at_rest_is_disabled(document, name):
    assert document(**{name: False}) == {"EncryptionConfiguration": {"EnableAtRestEncryption": False}}


@pytest.mark.parametrize("ebs", [True, False, None])
def test_only_local_disks(document, key, ebs):
    member = {} if ebs is None else {"EnableEbsEncryption": ebs}
    assert document(local_disk_encryption=LocalDiskEncryption.aws_kms(key, ebs=ebs)) == {
        "EncryptionConfiguration": {
            "EnableAtRestEncryption": True,
            "AtRestEncryptionConfiguration": {
                "LocalDiskEncryptionConfiguration": {
                    "EncryptionKeyProviderType": "AwsKms",
                    "AwsKmsKey": KEY,
                    **member,
                }
            },
        }
    }


def test_certificates_and_encryption_at_rest_without_ebs(document, key):
    parts = {
        "s3_encryption": S3Encryption.sse_s3(),
        "local_disk_encryption": LocalDiskEncryption.aws_kms(key, ebs=None),
        "in_transit_encryption": InTransitEncryption.pem(Script.from_uri(CERTIFICATES)),
    }
    assert document(**parts) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "EnableAtRestEncryption": True,
            "InTransitEncryptionConfiguration": TLS,
            "AtRestEncryptionConfiguration": {
                "S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"},
                "LocalDiskEncryptionConfiguration": {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY},
            },
        }
    }


@pytest.mark.parametrize("states", [True, False])
def test_only_in_transit(document, states):
    tls = InTransitEncryption.pem(Script.from_uri(CERTIFICATES))
    member = {"EnableAtRestEncryption": False} if states else {}
    assert document(in_transit_encryption=tls, s3_encryption=False if states else None) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "InTransitEncryptionConfiguration": TLS,
            **member,
        }
    }


def test_classes_that_provide_keys_and_certificates(document):
    jar = Script.from_uri(PROVIDER)
    parts = {
        "s3_encryption": S3Encryption.cse_custom(jar, provider_class="com.example.Objects"),
        "local_disk_encryption": LocalDiskEncryption.custom(jar, provider_class="com.example.Disks"),
        "in_transit_encryption": InTransitEncryption.custom(jar, provider_class="com.example.Certificates"),
    }
    assert document(**parts) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "EnableAtRestEncryption": True,
            "InTransitEncryptionConfiguration": {
                "TLSCertificateConfiguration": {
                    "CertificateProviderType": "Custom",
                    "S3Object": PROVIDER,
                    "CertificateProviderClass": "com.example.Certificates",
                }
            },
            "AtRestEncryptionConfiguration": {
                "S3EncryptionConfiguration": {
                    "EncryptionMode": "CSE-Custom",
                    "S3Object": PROVIDER,
                    "EncryptionKeyProviderClass": "com.example.Objects",
                },
                "LocalDiskEncryptionConfiguration": {
                    "EncryptionKeyProviderType": "Custom",
                    "S3Object": PROVIDER,
                    "EncryptionKeyProviderClass": "com.example.Disks",
                },
            },
        }
    }


def test_other_encryption_for_one_bucket(document, shared, key):
    archive = s3.Bucket.from_bucket_name(shared, "Archive", "company-archive")
    encryption = S3Encryption.cse_kms(key).with_override(archive, S3Encryption.sse_s3())
    assert document(s3_encryption=encryption, in_transit_encryption=False) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": False,
            "EnableAtRestEncryption": True,
            "AtRestEncryptionConfiguration": {
                "S3EncryptionConfiguration": {
                    "EncryptionMode": "CSE-KMS",
                    "AwsKmsKey": KEY,
                    "Overrides": [{"BucketName": "company-archive", "EncryptionMode": "SSE-S3"}],
                }
            },
        }
    }


@pytest.mark.parametrize("tags", [{}, {"team": "analytics"}])
def test_certificates_of_emr(document, key, tags):
    tls = InTransitEncryption.emr_managed(key, secret_tags=tags, validity_days=365, access_tag=False)
    listed = {"SecretTags": [{"Key": "team", "Value": "analytics"}]} if tags else {}
    assert document(in_transit_encryption=tls) == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "InTransitEncryptionConfiguration": {
                "TLSCertificateConfiguration": {
                    "CertificateProviderType": "EMR",
                    "AwsKmsKey": KEY,
                    "ValidityInDays": 365,
                    **listed,
                }
            },
        }
    }


@pytest.mark.parametrize("own_key", [True, False])
def test_only_the_write_ahead_log(document, key, own_key):
    wal = WalEncryption.aws_kms(key) if own_key else WalEncryption.emr_managed()
    assert document(wal_encryption=wal) == {
        "EncryptionConfiguration": {"EMRWALEncryptionConfiguration": {"AwsKmsKey": KEY} if own_key else {}}
    }


def test_only_imdsv2(document):
    assert document(require_imdsv2=True) == {"InstanceMetadataServiceConfiguration": IMDSV2}


def test_only_a_kdc_on_the_cluster(document):
    kdc = {"Provider": "ClusterDedicatedKdc", "ClusterDedicatedKdcConfiguration": {"TicketLifetimeInHours": 24}}
    assert document(kerberos=Kerberos.cluster_dedicated_kdc()) == {
        "AuthenticationConfiguration": {"KerberosConfiguration": kdc}
    }


def test_a_kdc_without_ticket_lifetime(document):
    kdc = {"Provider": "ClusterDedicatedKdc", "ClusterDedicatedKdcConfiguration": {}}
    assert document(kerberos=Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=None)) == {
        "AuthenticationConfiguration": {"KerberosConfiguration": kdc}
    }


def test_a_cross_realm_trust(document):
    trust = CrossRealmTrust("AD.EXAMPLE.COM", "ad.example.com", "ad.example.com", "ad:88")
    kerberos = Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=24, cross_realm_trust=trust)
    assert document(kerberos=kerberos) == {
        "AuthenticationConfiguration": {
            "KerberosConfiguration": {
                "Provider": "ClusterDedicatedKdc",
                "ClusterDedicatedKdcConfiguration": {
                    "TicketLifetimeInHours": 24,
                    "CrossRealmTrustConfiguration": TRUST,
                },
            }
        }
    }


def test_an_external_kdc_with_active_directory(document):
    kerberos = Kerberos.external_kdc(
        admin_server="kdc.example.com:749",
        kdc_server="kdc.example.com:88",
        ticket_lifetime_hours=None,
        active_directory=ActiveDirectory("AD.EXAMPLE.COM", "ad.example.com", "ad.example.com"),
    )
    assert document(kerberos=kerberos) == {
        "AuthenticationConfiguration": {
            "KerberosConfiguration": {
                "Provider": "ExternalKdc",
                "ExternalKdcConfiguration": {
                    "KdcServerType": "Single",
                    "AdminServer": "kdc.example.com:749",
                    "KdcServer": "kdc.example.com:88",
                    "AdIntegrationConfiguration": {
                        "AdRealm": "AD.EXAMPLE.COM",
                        "AdDomain": "ad.example.com",
                        "AdServer": "ad.example.com",
                    },
                },
            }
        }
    }


def test_only_roles_for_s3_requests(document, shared):
    analysts, jobs = role(shared, "analysts"), role(shared, "jobs")
    mappings = [RoleMapping.groups(analysts, "analysts"), RoleMapping.prefixes(jobs, "s3://company-jobs/")]
    assert document(emrfs_role_mappings=mappings) == {
        "AuthorizationConfiguration": {
            "EmrFsConfiguration": {
                "RoleMappings": [
                    {"Role": f"{ROLE}/analysts", "IdentifierType": "Group", "Identifiers": ["analysts"]},
                    {"Role": f"{ROLE}/jobs", "IdentifierType": "Prefix", "Identifiers": ["s3://company-jobs/"]},
                ]
            }
        }
    }


@pytest.mark.parametrize("propagates", [True, False, None])
def test_runtime_roles_and_imdsv2(document, propagates):
    iam_configuration = {"EnableApplicationScopedIAMRole": True}
    if propagates is not None:
        iam_configuration["ApplicationScopedIAMRoleConfiguration"] = {"PropagateSourceIdentity": propagates}
    parts = {"runtime_roles": RuntimeRoles(propagate_source_identity=propagates), "require_imdsv2": True}
    assert document(**parts, imds_hop_limit=2) == {
        "AuthorizationConfiguration": {"IAMConfiguration": iam_configuration},
        "InstanceMetadataServiceConfiguration": IMDSV2 | {"HttpPutResponseHopLimit": 2},
    }


def test_lake_formation(document):
    parts = {
        "runtime_roles": RuntimeRoles(),
        "lake_formation": LakeFormation(),
        "in_transit_encryption": InTransitEncryption.pem(Script.from_uri(CERTIFICATES)),
        "s3_encryption": False,
    }
    assert document(**parts) == {
        "AuthorizationConfiguration": {
            "IAMConfiguration": {"EnableApplicationScopedIAMRole": True},
            "LakeFormationConfiguration": {"AuthorizedSessionTagValue": "Amazon EMR"},
        },
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "EnableAtRestEncryption": False,
            "InTransitEncryptionConfiguration": TLS,
        },
    }


def test_identity_center(document, shared):
    tls = InTransitEncryption.pem(Script.from_uri(CERTIFICATES))
    instance = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
    parts = {
        "identity_center": IdentityCenter(role(shared, "identities"), instance_arn=instance),
        "lake_formation": LakeFormation(authorized_session_tag_value=None),
    }
    assert document(**parts, in_transit_encryption=tls) == {
        "AuthenticationConfiguration": {
            "IdentityCenterConfiguration": {
                "EnableIdentityCenter": True,
                "IdentityCenterInstanceARN": instance,
                "IAMRoleForEMRIdentityCenterApplicationARN": f"{ROLE}/identities",
            }
        },
        "AuthorizationConfiguration": {"LakeFormationConfiguration": {"EnableLakeFormation": True}},
        "EncryptionConfiguration": {"EnableInTransitEncryption": True, "InTransitEncryptionConfiguration": TLS},
    }


def test_ranger(document, shared):
    log_group = "arn:aws:logs:eu-west-1:123456789012:log-group:ranger"
    ranger = Ranger(
        admin_server_url="https://ranger.example.com:6182",
        admin_server_secret=secret(shared, "ranger-admin"),
        plugins=[
            RangerPlugin.spark(secret(shared, "spark"), policy_repository="spark"),
            RangerPlugin.emrfs_s3(secret(shared, "emrfs"), policy_repository="s3"),
        ],
        role_for_plugins=role(shared, "plugins"),
        role_for_other_services=role(shared, "users"),
        audit_log_group=logs.LogGroup.from_log_group_arn(shared, "Audit", log_group),
    )
    assert document(ranger=ranger, kerberos=Kerberos.cluster_dedicated_kdc()) == {
        "AuthenticationConfiguration": {
            "KerberosConfiguration": {
                "Provider": "ClusterDedicatedKdc",
                "ClusterDedicatedKdcConfiguration": {"TicketLifetimeInHours": 24},
            }
        },
        "AuthorizationConfiguration": {
            "RangerConfiguration": {
                "AdminServerURL": "https://ranger.example.com:6182",
                "RoleForRangerPluginsARN": f"{ROLE}/plugins",
                "RoleForOtherAWSServicesARN": f"{ROLE}/users",
                "AdminServerSecretARN": f"{SECRET}:ranger-admin",
                "RangerPluginConfigurations": [
                    {"App": "Spark", "ClientSecretARN": f"{SECRET}:spark", "PolicyRepositoryName": "spark"},
                    {"App": "EMRFS-S3", "ClientSecretARN": f"{SECRET}:emrfs", "PolicyRepositoryName": "s3"},
                ],
                "AuditConfiguration": {"Destinations": {"AmazonCloudWatchLogs": {"CloudWatchLogGroup": log_group}}},
            }
        },
    }


@pytest.mark.parametrize("tags", [{}, {"team": "analytics"}])
def test_the_first_tag_identifies_certificates_without_an_access_tag(stack, tags):
    tls = InTransitEncryption.emr_managed(secret_tags=tags, access_tag=False)
    configuration = SecurityConfiguration(stack, "Security", **NOTHING | {"in_transit_encryption": tls})
    profile = ClusterProfile(
        stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration, log_bucket=None
    )
    policies = resources(synthesize(profile), "AWS::IAM::ManagedPolicy").values()
    conditions = [
        statement["Condition"]
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "ReadCertificateAuthority"
    ]
    assert conditions == ([{"StringEquals": {"secretsmanager:ResourceTag/team": "analytics"}}] if tags else [])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "a security configuration must have at least one part, got none; specify a part"),
        ({"imds_hop_limit": 1}, "imds_hop_limit can't be combined with require_imdsv2=None, got 1"),
        ({"s3_encryption": True}, "s3_encryption must be an S3Encryption or False, got True"),
        ({"in_transit_encryption": 0}, "in_transit_encryption must be an InTransitEncryption or False, got 0"),
    ],
)
def test_rejects(stack, parts, message):
    create = partial(SecurityConfiguration, stack, "Security", **NOTHING | parts)
    with pytest.raises(EmrError, match=message):
        create()


@pytest.mark.parametrize("token", [True, False])
def test_the_name_of_an_existing_configuration_stays(stack, token):
    name = cdk.Fn.import_value("security-Name") if token else "shared"
    imported = SecurityConfiguration.from_security_configuration_name(stack, "Imported", name)
    ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=imported, log_bucket=None)
    assert stack.resolve(imported.security_configuration_name) == (
        {"Fn::ImportValue": "security-Name"} if token else "shared"
    )
    assert not resources(synthesize(stack), "AWS::EMR::SecurityConfiguration")


def test_any_other_document(stack):
    quoted = {"EnableInTransitEncryption": "true", "InTransitEncryptionConfiguration": TLS}
    other = {"EncryptionConfiguration": quoted}
    resource = CfnSecurityConfiguration(stack, "Security", security_configuration=other)
    imported = SecurityConfiguration.from_security_configuration_name(stack, "Imported", resource.ref)
    profile = ClusterProfile(
        stack, "Profile", vpc=imported_vpc(stack), security_configuration=imported, log_bucket=None
    )
    Cluster(stack, "Cluster", profile=profile)
    template = synthesize(stack)
    assert only(template, "AWS::EMR::SecurityConfiguration")["SecurityConfiguration"] == other
    assert only(template, "AWS::EMR::Cluster")["SecurityConfiguration"] == {"Ref": "Security"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "name must be the name of a security configuration, got ''; use its name in the EMR console"),
        (7, "name must be a string, got 7"),
    ],
)
def test_rejects_a_name(stack, name, message):
    with pytest.raises(EmrError, match=message):
        SecurityConfiguration.from_security_configuration_name(stack, "Imported", name)
