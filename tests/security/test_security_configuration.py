from __future__ import annotations

import pytest
from aws_cdk import aws_s3 as s3

from emr_constructs import (
    EmrError,
    InTransitEncryption,
    LocalDiskEncryption,
    S3Encryption,
    Script,
    SecurityConfiguration,
    WalEncryption,
)
from tests.tools import imported_key, only, synthesize, warnings

JAR = Script.from_uri("s3://bucket/provider.jar")
ARN = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def key(stack):
    return imported_key(stack)


def test_encrypts_everything_with_one_key_and_requires_imdsv2(stack, key):
    configuration = SecurityConfiguration(stack, "Security", encryption_key=key)
    document = only(synthesize(stack), "AWS::EMR::SecurityConfiguration")["SecurityConfiguration"]
    assert document == {
        "EncryptionConfiguration": {
            "EnableInTransitEncryption": True,
            "EnableAtRestEncryption": True,
            "InTransitEncryptionConfiguration": {
                "TLSCertificateConfiguration": {
                    "CertificateProviderType": "EMR",
                    "AwsKmsKey": ARN,
                    "SecretTags": [{"Key": "emr-constructs:security-configuration", "Value": configuration.node.addr}],
                }
            },
            "AtRestEncryptionConfiguration": {
                "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": ARN},
                "LocalDiskEncryptionConfiguration": {
                    "EncryptionKeyProviderType": "AwsKms",
                    "AwsKmsKey": ARN,
                    "EnableEbsEncryption": True,
                },
            },
        },
        "InstanceMetadataServiceConfiguration": {
            "MinimumInstanceMetadataServiceVersion": 2,
            "HttpPutResponseHopLimit": 1,
        },
    }


def test_is_a_json_object_without_a_fixed_name(stack, key):
    SecurityConfiguration(stack, "Security", encryption_key=key)
    properties = only(synthesize(stack), "AWS::EMR::SecurityConfiguration")
    assert isinstance(properties["SecurityConfiguration"], dict)
    assert "Name" not in properties


def test_takes_a_name_where_one_is_asked_for(stack, key):
    SecurityConfiguration(stack, "Security", encryption_key=key, security_configuration_name="shared")
    assert only(synthesize(stack), "AWS::EMR::SecurityConfiguration")["Name"] == "shared"


def test_none_leaves_encryption_out(stack):
    configuration = SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=None,
        local_disk_encryption=None,
        in_transit_encryption=None,
        require_imdsv2=False,
        imds_hop_limit=2,
    )
    assert configuration.document == {
        "InstanceMetadataServiceConfiguration": {
            "MinimumInstanceMetadataServiceVersion": 1,
            "HttpPutResponseHopLimit": 2,
        },
    }
    assert configuration.node_keys == configuration.volume_keys == configuration.artifacts == ()
    assert configuration.certificate_secret_tag is None


def test_tells_what_the_roles_need(stack, key):
    configuration = SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=S3Encryption.cse_custom(JAR, provider_class="com.example.S3"),
        local_disk_encryption=LocalDiskEncryption.aws_kms(key),
        in_transit_encryption=InTransitEncryption.pem(
            Script.from_bucket(s3.Bucket.from_bucket_name(stack, "Certificates", "certificates"), "emr.zip")
        ),
    )
    assert [used.key_arn for used in configuration.node_keys] == [ARN]
    assert [used.key_arn for used in configuration.volume_keys] == [ARN]
    assert [artifact.uri for artifact in configuration.artifacts] == [
        "s3://bucket/provider.jar",
        "s3://certificates/emr.zip",
    ]
    assert configuration.certificate_secret_tag is None


def test_the_nodes_use_the_key_of_the_write_ahead_log(stack, key):
    configuration = SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=S3Encryption.sse_s3(),
        local_disk_encryption=None,
        in_transit_encryption=None,
        wal_encryption=WalEncryption.aws_kms(key),
    )
    assert [used.key_arn for used in configuration.node_keys] == [ARN]
    assert configuration.s3_keys == ()


def test_luks_needs_no_right_of_ec2_on_the_key(stack, key):
    configuration = SecurityConfiguration(
        stack, "Security", encryption_key=key, local_disk_encryption=LocalDiskEncryption.aws_kms(key, ebs=False)
    )
    assert configuration.volume_keys == ()


def test_uploads_an_archive_of_certificates(stack, key, tmp_path):
    archive = tmp_path / "certificates.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    SecurityConfiguration(
        stack,
        "Security",
        encryption_key=key,
        in_transit_encryption=InTransitEncryption.pem(Script.from_asset(archive)),
    )
    document = only(synthesize(stack), "AWS::EMR::SecurityConfiguration")["SecurityConfiguration"]
    tls = document["EncryptionConfiguration"]["InTransitEncryptionConfiguration"]["TLSCertificateConfiguration"]
    assert tls["CertificateProviderType"] == "PEM"
    assert tls["S3Object"]["Fn::Sub"].startswith("s3://cdk-hnb659fds-assets-")


def test_needs_a_key_for_what_is_on_by_default(stack):
    with pytest.raises(
        EmrError,
        match="encryption_key must be specified for the encryption that is enabled by default, got none",
    ):
        SecurityConfiguration(stack, "Security", s3_encryption=S3Encryption.sse_s3())


def test_warns_of_the_same_key_provider_class_twice(stack):
    same = {"provider_class": "com.example.Keys"}
    configuration = SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=S3Encryption.cse_custom(JAR, **same),
        local_disk_encryption=LocalDiskEncryption.custom(JAR, **same),
        in_transit_encryption=None,
    )
    (warning,) = warnings(configuration)
    assert (
        "key provider classes for S3 and for local disks must be different, got 'com.example.Keys' for both" in warning
    )


def test_rejects_a_hop_limit_out_of_range(stack, key):
    with pytest.raises(EmrError, match="hop limit of the instance metadata service must be 1 to 64, got 0") as error:
        SecurityConfiguration(stack, "Security", encryption_key=key, imds_hop_limit=0)
    assert error.value.path == "Test/Security"


def test_imports_by_name(stack):
    configuration = SecurityConfiguration.from_security_configuration_name(stack, "Security", "shared")
    assert configuration.security_configuration_name == "shared"
    assert configuration.document is None
