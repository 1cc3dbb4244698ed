from __future__ import annotations

import pytest
from aws_cdk import aws_s3 as s3

from emr_constructs import EmrError, InTransitEncryption, LocalDiskEncryption, S3Encryption, Script
from tests.tools import imported_key

JAR = Script.from_uri("s3://bucket/provider.jar")
ARN = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"


@pytest.fixture
def key(stack):
    return imported_key(stack)


def test_s3_modes(key):
    assert S3Encryption.sse_s3()._render() == {"EncryptionMode": "SSE-S3"}
    assert S3Encryption.sse_kms(key)._render() == {"EncryptionMode": "SSE-KMS", "AwsKmsKey": ARN}
    assert S3Encryption.cse_kms(key)._render() == {"EncryptionMode": "CSE-KMS", "AwsKmsKey": ARN}
    assert S3Encryption.cse_custom(JAR, provider_class="com.example.Keys")._render() == {
        "EncryptionMode": "CSE-Custom",
        "S3Object": "s3://bucket/provider.jar",
        "EncryptionKeyProviderClass": "com.example.Keys",
    }


def test_s3_overrides_by_bucket(stack, key):
    archive = s3.Bucket.from_bucket_name(stack, "Archive", "archive")
    secret = s3.Bucket.from_bucket_name(stack, "Secret", "secret")
    encryption = (
        S3Encryption.sse_s3()
        .with_override(archive, S3Encryption.sse_kms(key))
        .with_override(secret, S3Encryption.cse_custom(JAR, provider_class="com.example.Keys"))
    )
    assert encryption._render() == {
        "EncryptionMode": "SSE-S3",
        "Overrides": [
            {"BucketName": "archive", "EncryptionMode": "SSE-KMS", "AwsKmsKey": ARN},
            {
                "BucketName": "secret",
                "EncryptionMode": "CSE-Custom",
                "S3Object": "s3://bucket/provider.jar",
                "EncryptionKeyProviderClass": "com.example.Keys",
            },
        ],
    }
    assert [used.key_arn for used in encryption.keys] == [ARN]


def test_s3_rejects_a_second_override_of_a_bucket(stack):
    archive = s3.Bucket.from_bucket_name(stack, "Archive", "archive")
    encryption = S3Encryption.sse_s3().with_override(archive, S3Encryption.sse_s3())
    with pytest.raises(EmrError, match="bucket must not have an override yet, got a second one"):
        encryption.with_override(archive, S3Encryption.sse_s3())


def test_s3_rejects_overrides_of_overrides(stack):
    archive = s3.Bucket.from_bucket_name(stack, "Archive", "archive")
    encryption = S3Encryption.sse_s3().with_override(archive, S3Encryption.sse_s3())
    with pytest.raises(EmrError, match="encryption must not have overrides, got an S3Encryption with overrides"):
        S3Encryption.sse_s3().with_override(s3.Bucket.from_bucket_name(stack, "Other", "other"), encryption)


def test_local_disk(key):
    assert LocalDiskEncryption.aws_kms(key)._render() == {
        "EncryptionKeyProviderType": "AwsKms",
        "AwsKmsKey": ARN,
        "EnableEbsEncryption": True,
    }
    assert LocalDiskEncryption.aws_kms(key, ebs=False)._render()["EnableEbsEncryption"] is False
    assert LocalDiskEncryption.custom(JAR, provider_class="com.example.Disk")._render() == {
        "EncryptionKeyProviderType": "Custom",
        "S3Object": "s3://bucket/provider.jar",
        "EncryptionKeyProviderClass": "com.example.Disk",
    }


def test_in_transit(key):
    assert InTransitEncryption.emr_managed()._render() == {"CertificateProviderType": "EMR"}
    managed = InTransitEncryption.emr_managed(
        key, secret_tags={"team": "data"}, validity_days=365, wildcard_dns_suffix="example.com"
    )
    assert managed._render() == {
        "CertificateProviderType": "EMR",
        "AwsKmsKey": ARN,
        "SecretTags": [{"Key": "team", "Value": "data"}],
        "ValidityInDays": 365,
        "WildcardDnsSuffix": "example.com",
    }
    assert InTransitEncryption.pem(Script.from_uri("s3://b/certificates.zip"))._render() == {
        "CertificateProviderType": "PEM",
        "S3Object": "s3://b/certificates.zip",
    }
    assert InTransitEncryption.custom(JAR, provider_class="com.example.Tls")._render() == {
        "CertificateProviderType": "Custom",
        "S3Object": "s3://bucket/provider.jar",
        "CertificateProviderClass": "com.example.Tls",
    }


def test_in_transit_rejects_certificates_that_are_never_valid():
    with pytest.raises(EmrError, match="validity of certificates must be at least 1 day, got 0"):
        InTransitEncryption.emr_managed(validity_days=0)
