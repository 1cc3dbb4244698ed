"""The printed options of a security configuration render the document that they were printed from."""

from __future__ import annotations

import ast
import gzip
import json
from random import Random

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

import emr_constructs as emr
from emr_constructs.generate.code import Call, Literal, Name
from emr_constructs.generate.layout import layout
from emr_constructs.generate.security_configuration import security_configuration_options
from tests.generate.tools import References
from tests.tools import new_stack, resources, synthesize
from tests.upgrade.test_upgrade import OLD

KIND = "AWS::EMR::SecurityConfiguration"
KEY = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000001"
OTHER_KEY = KEY[:-1] + "2"
ROLE = "arn:aws:iam::111111111111:role/"
SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:"
NAMES = {
    "cdk": cdk, "emr": emr, "iam": iam, "kms": kms, "logs": logs, "s3": s3, "secretsmanager": secretsmanager,
}  # fmt: skip


def encryption(s3=None, disk=None, tls=None, **more):
    """A document with encryption."""
    at_rest = {"S3EncryptionConfiguration": s3, "LocalDiskEncryptionConfiguration": disk}
    at_rest = {name: part for name, part in at_rest.items() if part is not None}
    found = {"EnableInTransitEncryption": tls is not None, "EnableAtRestEncryption": bool(at_rest)}
    if at_rest:
        found["AtRestEncryptionConfiguration"] = at_rest
    if tls is not None:
        found["InTransitEncryptionConfiguration"] = {"TLSCertificateConfiguration": tls}
    return {"EncryptionConfiguration": {**found, **more}}


def kerberos(provider, **kdc):
    configuration = {"Provider": provider, f"{provider}Configuration": kdc}
    return {"AuthenticationConfiguration": {"KerberosConfiguration": configuration}}


JAR = {"S3Object": "s3://bucket/provider.jar", "EncryptionKeyProviderClass": "com.example.Provider"}
KMS = {"EncryptionMode": "SSE-KMS", "AwsKmsKey": KEY}
RANGER = {
    "AdminServerURL": "https://ranger.example.com:6182",
    "RoleForRangerPluginsARN": f"{ROLE}plugins",
    "RoleForOtherAWSServicesARN": f"{ROLE}services",
    "AdminServerSecretARN": f"{SECRET}admin",
    "RangerPluginConfigurations": [
        {"App": "Spark", "ClientSecretARN": f"{SECRET}spark", "PolicyRepositoryName": "spark"},
        {"App": "Hive", "ClientSecretARN": f"{SECRET}spark", "PolicyRepositoryName": "hive"},
        {"App": "EMRFS-S3", "ClientSecretARN": f"{SECRET}s3", "PolicyRepositoryName": "s3"},
    ],
    "AuditConfiguration": {
        "Destinations": {
            "AmazonCloudWatchLogs": {"CloudWatchLogGroup": "arn:aws:logs:us-east-1:111111111111:log-group:audit"}
        }
    },
}
TRUST = {"Realm": "AD.EXAMPLE.COM", "Domain": "ad.example.com", "AdminServer": "ad.example.com", "KdcServer": "ad:88"}
TLS = {"CertificateProviderType": "PEM", "S3Object": "s3://bucket/certificates.zip"}
IMDS = {
    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}
}
DOCUMENTS = {
    "S3 with overrides": encryption(
        {
            **KMS,
            "Overrides": [
                {"BucketName": "archive", "EncryptionMode": "SSE-S3"},
                {"BucketName": "other", "EncryptionMode": "CSE-KMS", "AwsKmsKey": OTHER_KEY},
                {"BucketName": "third", "EncryptionMode": "CSE-Custom", **JAR},
            ],
        }
    ),
    "SSE-S3": encryption({"EncryptionMode": "SSE-S3"}) | IMDS,
    "CSE-KMS": encryption({"EncryptionMode": "CSE-KMS", "AwsKmsKey": KEY}),
    "CSE-Custom": encryption({"EncryptionMode": "CSE-Custom", **JAR}),
    "EBS": encryption(disk={"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": True}),
    "LUKS": encryption(disk={"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": False}),
    "LUKS by default": encryption(KMS, {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY}),
    "own provider": encryption(disk={"EncryptionKeyProviderType": "Custom", **JAR}),
    "PEM": encryption(tls=TLS),
    "own certificates": encryption(
        tls={"CertificateProviderType": "Custom", "S3Object": "s3://b/p.jar", "CertificateProviderClass": "com.Tls"}
    ),
    "certificates of EMR": encryption(
        tls={
            "CertificateProviderType": "EMR",
            "AwsKmsKey": KEY,
            "SecretTags": [{"Key": "team", "Value": "data"}],
            "ValidityInDays": 365,
            "WildcardDnsSuffix": "example.com",
        }
    ),
    "WAL": encryption(EMRWALEncryptionConfiguration={"AwsKmsKey": KEY}),
    "WAL of EMR": encryption(EMRWALEncryptionConfiguration={}),
    "flags left out": {"EncryptionConfiguration": {"EMRWALEncryptionConfiguration": {}}},
    "own KDC": kerberos("ClusterDedicatedKdc", TicketLifetimeInHours=24),
    "cross-realm trust": kerberos("ClusterDedicatedKdc", TicketLifetimeInHours=8, CrossRealmTrustConfiguration=TRUST),
    "lifetime left out": kerberos("ClusterDedicatedKdc"),
    "external KDC": kerberos(
        "ExternalKdc",
        TicketLifetimeInHours=24,
        KdcServerType="Single",
        AdminServer="kdc.example.com:749",
        KdcServer="kdc.example.com:88",
        AdIntegrationConfiguration={"AdRealm": "AD.COM", "AdDomain": "ad.com", "AdServer": "ad.ad.com"},
    ),
    "Identity Center": encryption(tls=TLS)
    | {
        "AuthenticationConfiguration": {
            "IdentityCenterConfiguration": {
                "EnableIdentityCenter": True,
                "IAMRoleForEMRIdentityCenterApplicationARN": f"{ROLE}center",
                "IdentityCenterInstanceARN": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
                "IdentityCenterApplicationAssignmentRequired": False,
                "EnableUserBackgroundSession": True,
            }
        },
        "AuthorizationConfiguration": {"LakeFormationConfiguration": {"EnableLakeFormation": True}},
    },
    "role mappings": {
        "AuthorizationConfiguration": {
            "EmrFsConfiguration": {
                "RoleMappings": [
                    {"Role": f"{ROLE}a", "IdentifierType": "User", "Identifiers": ["jane", "joe"]},
                    {"Role": f"{ROLE}b", "IdentifierType": "Group", "Identifiers": ["analysts"]},
                    {"Role": f"{ROLE}a", "IdentifierType": "Prefix", "Identifiers": ["s3://bucket/a/"]},
                ]
            }
        }
    },
    "runtime roles and Lake Formation": encryption(tls=TLS)
    | {
        "AuthorizationConfiguration": {
            "IAMConfiguration": {
                "EnableApplicationScopedIAMRole": True,
                "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": True},
            },
            "LakeFormationConfiguration": {"AuthorizedSessionTagValue": "Amazon EMR"},
        }
    },
    "runtime roles": {"AuthorizationConfiguration": {"IAMConfiguration": {"EnableApplicationScopedIAMRole": True}}},
    "session tag": encryption(tls=TLS)
    | {
        "AuthorizationConfiguration": {
            "IAMConfiguration": {
                "EnableApplicationScopedIAMRole": True,
                "ApplicationScopedIAMRoleConfiguration": {"PropagateSourceIdentity": False},
            },
            "LakeFormationConfiguration": {"AuthorizedSessionTagValue": "Other"},
        }
    },
    "Ranger": kerberos("ClusterDedicatedKdc", TicketLifetimeInHours=24)
    | {"AuthorizationConfiguration": {"RangerConfiguration": RANGER}},
    "IMDSv1": {
        "InstanceMetadataServiceConfiguration": {
            "MinimumInstanceMetadataServiceVersion": 1,
            "HttpPutResponseHopLimit": 2,
        }
    },
}


def known(value):
    """A document with ARNs of keys instead of references."""
    match value:
        case {"Fn::GetAtt": _} | {"Fn::ImportValue": _}:
            return KEY
        case dict():
            return {name: known(item) for name, item in value.items()}
        case list():
            return [known(item) for item in value]
    return value


TEMPLATES = json.loads(gzip.decompress(OLD.read_bytes()))
DOCUMENTS |= {
    f"{name} {number}": known(part["Properties"]["SecurityConfiguration"])
    for name, template in TEMPLATES.items()
    for number, part in enumerate(resources(template, KIND).values())
}


def created(scope, document):
    """The security configuration of the code for a document."""
    context = References()
    options = security_configuration_options(document, context)
    assert options is not None
    assert context.todos == []
    names = {**NAMES, "self": scope}
    for variable, code in context.imports.items():
        names[variable] = eval(layout(code), names)
    return eval(layout(Call("emr.SecurityConfiguration", (Name("self"), Literal("Configuration")), options)), names)


def test_documents_are_rendered_as_they_were():
    stack = new_stack()
    found = {
        name: created(Construct(stack, f"Case{n}"), document) for n, (name, document) in enumerate(DOCUMENTS.items())
    }
    rendered = resources(synthesize(stack), KIND)
    by_id = {stack.get_logical_id(made.node.default_child): name for name, made in found.items()}
    assert {by_id[key]: part["Properties"]["SecurityConfiguration"] for key, part in rendered.items()} == DOCUMENTS


@pytest.mark.parametrize(
    "document",
    [
        None,
        "text",
        {"Ref": "Document"},
        {"UnknownConfiguration": {}},
        {"EncryptionConfiguration": {"EnableAtRestEncryption": True}},
        {"EncryptionConfiguration": {"EnableInTransitEncryption": {"Ref": "A"}}},
        encryption({"EncryptionMode": "SSE-KMS", "AwsKmsKey": "alias/data"}),
        encryption({"EncryptionMode": "SSE-KMS"}),
        encryption({"EncryptionMode": "SSE-S3", "AwsKmsKey": KEY}),
        encryption({"EncryptionMode": "Other"}),
        encryption({**KMS, "Overrides": {"Ref": "A"}}),
        encryption({**KMS, "Overrides": ["text"]}),
        encryption(tls={"CertificateProviderType": "PEM", "S3Object": "arn:aws:s3:::bucket/certificates.zip"}),
        encryption(tls={"CertificateProviderType": "EMR", "SecretTags": [{"Key": "a"}, {"Key": "a"}]}),
        {"AuthenticationConfiguration": {}},
        kerberos("Other"),
        kerberos("ExternalKdc", KdcServerType="Multiple", AdminServer="a", KdcServer="b"),
        {"AuthorizationConfiguration": {"LakeFormationConfiguration": {"EnableLakeFormation": False}}},
        {"AuthorizationConfiguration": {"IAMConfiguration": {"EnableApplicationScopedIAMRole": False}}},
        {"AuthorizationConfiguration": {"EmrFsConfiguration": {"RoleMappings": [{"Role": "name"}]}}},
        {"InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": 2}},
        {"InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": {"Ref": "A"}}},
    ],
)
def test_other_documents_have_no_options(document):
    context = References()
    assert security_configuration_options(document, context) is None
    assert context.imports == {}
    assert context.todos == []


def test_a_resource_is_imported_once():
    context = References()
    other = {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": OTHER_KEY}
    options = security_configuration_options(encryption(KMS, {**other, "EnableEbsEncryption": True}), context)
    assert layout(Call("f", (), options)) == (
        "f(\n"
        "    s3_encryption=emr.S3Encryption.sse_kms(key),\n"
        "    local_disk_encryption=emr.LocalDiskEncryption.aws_kms(key_2),\n"
        "    in_transit_encryption=False,\n"
        "    require_imdsv2=None,\n"
        ")"
    )
    security_configuration_options(encryption(KMS), context)
    assert list(context.imports) == ["key", "key_2"]


def mutated(value, random):
    """A document in which some parts are something else."""
    if random.random() < 0.05:
        return random.choice((None, "x", 1, [], {}, {"Ref": "A"}, [1], True, {"Fn::Sub": "arn:a"}))
    match value:
        case dict():
            return {key: mutated(item, random) for key, item in value.items() if random.random() > 0.03}
        case list():
            return [mutated(item, random) for item in value]
    return value


def test_any_document_is_read():
    for seed in range(1000):
        random = Random(seed)
        document = mutated(random.choice(list(DOCUMENTS.values())), random)
        options = security_configuration_options(document, References())
        if options is not None:
            ast.parse(layout(Call("f", (), options)))
