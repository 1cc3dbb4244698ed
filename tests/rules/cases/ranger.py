"""What the rules of ``emr_constructs.rules.ranger`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import DOCUMENT, REALM, Case, applications, dedicated, document, ranger, secured

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
