"""What the rules of ``emr_constructs.rules.ranger`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import (
    CORE,
    DOCUMENT,
    GLUE,
    REALM,
    REMOTE,
    THREE,
    Case,
    applications,
    dedicated,
    document,
    groups,
    ranger,
    secured,
    settings,
)


def _with_ranger(*names: str, **members: Any) -> dict[str, Any]:
    """A cluster of applications ``names`` with Ranger."""
    made = document(
        authorization={"RangerConfiguration": ranger("Spark", "Hive")}, kerberos=dedicated(), in_transit=False
    )
    # Trino has Kerberos only with TLS.
    pem = {"TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": "s3://bucket/pem.zip"}}
    made["EncryptionConfiguration"] = {"EnableInTransitEncryption": True, "InTransitEncryptionConfiguration": pem}
    label = {"ReleaseLabel": "emr-7.2.0", **members}
    return secured(made, KerberosAttributes=REALM, Applications=applications(*names), **label)


CASES = [
    # Ranger
    Case("emr-ranger-admin-url", "RangerConfiguration", ranger("Spark", AdminServerURL="ranger.example.com:6182"),
         "'ranger.example.com:6182'", ranger("Spark")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger(), "Ranger must have plugins", ranger("Hive")),
    Case("emr-ranger-plugins", "RangerConfiguration", ranger("Hive", "Hive"),
         "applications of Ranger plugins must be unique, got 'Hive' 2 times",
         ranger("Hive", "Spark", "EMRFS-S3", "Trino")),
    Case("emr-ranger-kerberos", DOCUMENT, document(authorization={"RangerConfiguration": ranger("Spark")}),
         "Ranger requires Kerberos, to identify users",
         document(authorization={"RangerConfiguration": ranger("Spark")}, kerberos=dedicated())),
    Case("emr-ranger-application", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark", "Hive")),
         "Spark and Hive must have a Ranger plugin on a cluster with Ranger, got Hive without one",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0", Applications=applications("Spark"))),
    Case("emr-ranger-excluded-application", "Launch", _with_ranger("Spark", "HBase", "Iceberg"),
         "applications of a cluster with Ranger must be those that EMR supports with it, got HBase",
         _with_ranger("Spark", "hadoop", "Livy", "Trino")),
    Case("emr-ranger-excluded-application", "Launch", _with_ranger("Spark", "Trino", ReleaseLabel="emr-6.6.0"),
         "got Trino", _with_ranger("Spark", "Trino", ReleaseLabel="emr-6.7.0")),
    Case("emr-ranger-ha", "Launch", _with_ranger("Spark", instances=groups(THREE, CORE, Ec2SubnetId="subnet-1")),
         "a cluster with Ranger must have one primary node, because EMR doesn't support Ranger with three",
         _with_ranger("Spark")),
    Case("emr-ranger-glue", "Launch", _with_ranger("Spark", Configurations=GLUE),
         "Ranger can't be combined with the AWS Glue Data Catalog",
         _with_ranger("Spark", Configurations=[settings("spark-hive-site", **REMOTE)])),
    Case("emr-ranger-release", "Launch",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.4.0"),
         "release must support Apache Ranger (5.32.0 to before 6.0.0 or 6.3.0 to before 7.4.0), got emr-7.4.0; use "
         "an earlier release",
         secured({"AuthorizationConfiguration": {"RangerConfiguration": ranger("Spark")},
                  "AuthenticationConfiguration": {"KerberosConfiguration": dedicated()}}, KerberosAttributes=REALM,
                 ReleaseLabel="emr-7.3.0")),
]  # fmt: skip
