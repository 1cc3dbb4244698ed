"""What the rules of ``emr_constructs.rules.security_configuration`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import DISK, KEY, Case, launch, tls

CASES = [
    Case("emr-imds-version", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 3, "HttpPutResponseHopLimit": 1},
         "minimum version of the instance metadata service must be 1 or 2, got 3",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}),
    Case("emr-imds-hop-limit", "InstanceMetadataServiceConfiguration",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 65},
         "hop limit of the instance metadata service must be 1 to 64, got 65",
         {"MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 64}),
    Case("emr-security-configuration-release", "Launch",
         launch("emr-7.10.0", EnableInTransitEncryption=True,
                InTransitEncryptionConfiguration={"TLSCertificateConfiguration": tls("EMR")}), "use emr-7.11.0",
         launch("emr-7.11.0", EnableInTransitEncryption=True,
                InTransitEncryptionConfiguration={"TLSCertificateConfiguration": tls("EMR")})),
    Case("emr-security-configuration-release", "Launch",
         launch("emr-5.23.0", EnableAtRestEncryption=True, AtRestEncryptionConfiguration={
             DISK: {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": True}}),
         "use emr-5.24.0",
         launch("emr-5.23.0", EnableAtRestEncryption=True, AtRestEncryptionConfiguration={
             DISK: {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": KEY, "EnableEbsEncryption": False}})),
    Case("emr-security-configuration-release", "Launch", launch("emr-6.14.0", EMRWALEncryptionConfiguration={}),
         "use emr-6.15.0", launch("emr-6.15.0", EMRWALEncryptionConfiguration={})),
]  # fmt: skip
