"""Everything that a security configuration can say is said by the library, and nothing else is accepted."""

from __future__ import annotations

import copy

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import (
    ActiveDirectory,
    CrossRealmTrust,
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
from emr_constructs.rules import check
from emr_constructs.rules.security_configuration import DOCUMENT
from emr_constructs.rules.shapes import shape_facts
from tests.tools import new_stack

# https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
TREE = """
EncryptionConfiguration
  EnableInTransitEncryption
  EnableAtRestEncryption
  InTransitEncryptionConfiguration
    TLSCertificateConfiguration
      CertificateProviderType
      S3Object
      CertificateProviderClass
      AwsKmsKey
      SecretTags[]
        Key
        Value
      ValidityInDays
      WildcardDnsSuffix
  AtRestEncryptionConfiguration
    S3EncryptionConfiguration
      EncryptionMode
      AwsKmsKey
      S3Object
      EncryptionKeyProviderClass
      Overrides[]
        BucketName
        EncryptionMode
        AwsKmsKey
        S3Object
        EncryptionKeyProviderClass
    LocalDiskEncryptionConfiguration
      EncryptionKeyProviderType
      AwsKmsKey
      S3Object
      EncryptionKeyProviderClass
      EnableEbsEncryption
  EMRWALEncryptionConfiguration
    AwsKmsKey
AuthenticationConfiguration
  KerberosConfiguration
    Provider
    ClusterDedicatedKdcConfiguration
      TicketLifetimeInHours
      CrossRealmTrustConfiguration
        Realm
        Domain
        AdminServer
        KdcServer
    ExternalKdcConfiguration
      TicketLifetimeInHours
      KdcServerType
      AdminServer
      KdcServer
      AdIntegrationConfiguration
        AdRealm
        AdDomain
        AdServer
  IdentityCenterConfiguration
    EnableIdentityCenter
    IdentityCenterInstanceARN
    IdentityCenterApplicationAssigmentRequired
    IdentityCenterApplicationAssignmentRequired
    IAMRoleForEMRIdentityCenterApplicationARN
    EnableUserBackgroundSession
AuthorizationConfiguration
  EmrFsConfiguration
    RoleMappings[]
      Role
      IdentifierType
      Identifiers[]
  IAMConfiguration
    EnableApplicationScopedIAMRole
    ApplicationScopedIAMRoleConfiguration
      PropagateSourceIdentity
  LakeFormationConfiguration
    AuthorizedSessionTagValue
    EnableLakeFormation
  RangerConfiguration
    AdminServerURL
    RoleForRangerPluginsARN
    RoleForOtherAWSServicesARN
    AdminServerSecretARN
    RangerPluginConfigurations[]
      App
      ClientSecretARN
      PolicyRepositoryName
    AuditConfiguration
      Destinations
        AmazonCloudWatchLogs
          CloudWatchLogGroup
InstanceMetadataServiceConfiguration
  MinimumInstanceMetadataServiceVersion
  HttpPutResponseHopLimit
LakeFormationConfiguration
  IdpMetadataS3Path
  EmrRoleForUsersARN
  LakeFormationRoleForSAMLPrincipalARN
"""
SAML = ("IdpMetadataS3Path", "EmrRoleForUsersARN", "LakeFormationRoleForSAMLPrincipalARN")
EXCEPTIONS = {
    **dict.fromkeys(
        ["LakeFormationConfiguration", *(f"LakeFormationConfiguration.{name}" for name in SAML)],
        "federation by SAML, which releases from 6.7.0 replaced by runtime roles",
    ),
    "AuthenticationConfiguration.IdentityCenterConfiguration.IdentityCenterApplicationAssigmentRequired": (
        "the other spelling of IdentityCenterApplicationAssignmentRequired, which one sample of the guide has"
    ),
}
JAR = Script.from_uri("s3://bucket/provider.jar")


def paths_of_tree():
    parents = []
    for line in TREE.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        parents[depth:] = [line.strip()]
        yield ".".join(parents)


def paths_of_shape(name, path=""):
    shape = shape_facts(name)
    match shape["type"]:
        case "structure":
            for member, inner in shape["members"].items():
                mark = "[]" if shape_facts(inner)["type"] == "list" else ""
                where = f"{path}.{member}{mark}".lstrip(".")
                yield where
                yield from paths_of_shape(inner, where)
        case "list":
            yield from paths_of_shape(shape["member"], path)


def paths_of(value, path=""):
    match value:
        case dict():
            for member, item in value.items():
                where = f"{path}.{member}{'[]' if isinstance(item, list) else ''}".lstrip(".")
                yield where
                yield from paths_of(item, where)
        case list():
            for item in value:
                yield from paths_of(item, path)


def documents():
    stack = new_stack()
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    secret = secretsmanager.Secret(stack, "Secret")
    cse_custom = S3Encryption.cse_custom(JAR, provider_class="com.example.S3")

    def configuration(**options):
        name = f"Security{len(stack.node.children)}"
        return SecurityConfiguration(stack, name, **{"encryption_key": key, **options}).document

    yield configuration(
        s3_encryption=S3Encryption.sse_kms(key).with_override(bucket, cse_custom),
        in_transit_encryption=InTransitEncryption.emr_managed(
            key, secret_tags={"team": "data"}, validity_days=365, wildcard_dns_suffix="example.com"
        ),
        wal_encryption=WalEncryption.aws_kms(key),
        emrfs_role_mappings=[RoleMapping.users(role, "ana")],
        runtime_roles=RuntimeRoles(propagate_source_identity=True),
        lake_formation=LakeFormation(),
    )
    yield configuration(
        s3_encryption=cse_custom.with_override(bucket, S3Encryption.sse_kms(key)),
        local_disk_encryption=LocalDiskEncryption.custom(JAR, provider_class="com.example.Disks"),
        in_transit_encryption=InTransitEncryption.custom(JAR, provider_class="com.example.Certificates"),
        kerberos=Kerberos.cluster_dedicated_kdc(cross_realm_trust=CrossRealmTrust("AD", "ad", "ad", "ad")),
        ranger=Ranger(
            "https://ranger.example.com",
            secret,
            [RangerPlugin.spark(secret, policy_repository="spark")],
            role,
            role,
            logs.LogGroup(stack, "Audit"),
        ),
    )
    yield configuration(
        kerberos=Kerberos.external_kdc(
            admin_server="kdc", kdc_server="kdc", active_directory=ActiveDirectory("AD", "ad", "ad")
        ),
        identity_center=IdentityCenter(role, "arn:aws:sso:::instance/ssoins-1", True, True),
        lake_formation=LakeFormation(None),
    )


@pytest.fixture(scope="module")
def made():
    return list(documents())


def test_the_rules_know_the_tree():
    assert set(paths_of_shape(DOCUMENT)) == set(paths_of_tree())


def test_every_key_is_produced_by_the_library(made):
    produced = {path for document in made for path in paths_of(document)}
    assert set(paths_of_tree()) - produced == set(EXCEPTIONS)
    assert produced <= set(paths_of_tree())


def test_what_the_library_produces_is_accepted(made):
    assert [problem for document in made for problem in check(DOCUMENT, document)] == []


@pytest.mark.parametrize("path", [path for path in paths_of_tree() if path not in EXCEPTIONS])
def test_a_key_with_another_name_is_reported(made, path):
    """Also a key in another case, and one at another place: no structure takes the key of another."""
    *parents, name = path.replace("[]", "").split(".")
    document = copy.deepcopy(next(found for found in made if path in set(paths_of(found))))
    structures = [document]
    for parent in parents:
        below = [found[parent] for found in structures if parent in found]
        structures = [item for found in below for item in (found if isinstance(found, list) else [found])]
    for structure in structures:
        if name in structure:
            structure[f"Other{name}"] = structure.pop(name)
    found = [problem.message for problem in check(DOCUMENT, document) if problem.rule == "emr-unknown-setting"]
    assert any(f"got 'Other{name}'" in message for message in found)


def test_what_emr_generates_is_reported():
    """The external id comes from DescribeSecurityConfiguration, and is no input."""
    roles = {"EnableApplicationScopedIAMRole": True, "ApplicationScopedIAMRoleConfiguration": {"ExternalId": "a"}}
    found = check(DOCUMENT, {"AuthorizationConfiguration": {"IAMConfiguration": roles}})
    assert [str(problem) for problem in found] == [
        "AuthorizationConfiguration.IAMConfiguration.ApplicationScopedIAMRoleConfiguration: "
        "ApplicationScopedIAMRoleConfiguration must have only documented members, got 'ExternalId'; use "
        "PropagateSourceIdentity, or acknowledge this warning if EMR accepts it [emr-unknown-setting]"
    ]


def test_both_switches_of_encryption_are_always_there(made):
    switches = {"EnableInTransitEncryption", "EnableAtRestEncryption"}
    assert all(switches <= document["EncryptionConfiguration"].keys() for document in made)


def test_the_log_of_hbase_may_be_encrypted_by_emr():
    configuration = SecurityConfiguration(
        new_stack(),
        "Security",
        s3_encryption=None,
        local_disk_encryption=None,
        in_transit_encryption=None,
        wal_encryption=WalEncryption.emr_managed(),
    )
    assert configuration.document["EncryptionConfiguration"] == {"EMRWALEncryptionConfiguration": {}}
    assert configuration.node_keys == ()
