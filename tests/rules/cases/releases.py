"""What the rules of ``emr_constructs.rules.releases`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import Case, applications, cluster


def _without_label(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in cluster(**members).items() if name != "ReleaseLabel"}


CASES = [
    # Releases and applications
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="7.14.0"),
         "release label must be emr- or emr-spark- and three numbers, got '7.14.0'",
         cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.15"), "got 'emr-6.15'; use emr-6.15.0",
         cluster(ReleaseLabel="emr-6.15.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-7.14.0-latest"),
         "got 'emr-7.14.0-latest'; use emr-7.14.0", cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="latest"),
         "got 'latest'; use a label such as emr-7.14.0", cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.16.0"),
         "release label must exist, got 'emr-6.16.0'",
         cluster(ReleaseLabel="emr-6.15.0")),
    Case("emr-release-age", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.15.0"),
         "release must be in standard support, got emr-6.15.0, whose standard support ended on 2026-08-31 (AWS extends "
         "it on request until 2027-06-30); use emr-7.14.0, or acknowledge this warning",
         cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-7.99.0"),
         "release must be known to this version of emr_constructs, got emr-7.99.0",
         cluster(ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-application-unavailable", "RunJobFlowInput", cluster(Applications=applications("Ganglia")),
         "use emr-6.15.0, the last release that offers it", cluster(Applications=applications("spark", "HADOOP"))),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.15.7"),
         "release label must exist, got 'emr-6.15.7'; use a label such as emr-6.15.0",
         cluster(ReleaseLabel="emr-5.36.2")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-3.11.0"),
         "release label must exist, got 'emr-3.11.0'", cluster(ReleaseLabel="emr-5.36.2")),
    Case("emr-release-label-missing", "RunJobFlowInput", _without_label(ServiceRole="r"),
         "a cluster must have a release label, which is missing", cluster(ServiceRole="r")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.10.2"),
         "release must be known to this version of emr_constructs, got emr-6.10.2; use emr-6.10.1, or acknowledge this "
         "warning if the release exists", cluster(ReleaseLabel="emr-6.10.1")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-4.7.0"),
         "release must be at least 5.0.0 to be checked, got emr-4.7.0, which is older; use a release that AWS supports",
         cluster(ReleaseLabel="emr-5.0.0")),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Livy"), ReleaseLabel="emr-5.3.0"),
         "got 'Livy'; use emr-5.9.0 or later, which offers it",
         cluster(Applications=applications("Livy"), ReleaseLabel="emr-5.9.0")),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Sqoop"), ReleaseLabel="emr-7.10.0"),
         "got 'Sqoop'; use emr-7.4.0 or earlier, which offers it",
         cluster(Applications=applications("Sqoop"), ReleaseLabel="emr-7.4.0")),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Trino"), ReleaseLabel="emr-6.3.0"),
         "got 'Trino'; use PrestoSQL, which is its name in this release",
         cluster(Applications=applications("PrestoSQL"), ReleaseLabel="emr-6.3.0")),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Trino"), ReleaseLabel="emr-5.3.0"),
         "got 'Trino'; use emr-6.4.0 or later, which offers it",
         cluster(Applications=applications("Trino"), ReleaseLabel="emr-6.4.0")),
    Case("emr-application-unavailable", "RunJobFlowInput", cluster(Applications=applications("Sparks")),
         "got 'Sparks'; use 'Spark' if you meant it", cluster(Applications=applications("Spark"))),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), ReleaseLabel="emr-spark-8.1.0"),
         "application must be one that emr-spark-8.1.0 offers, got 'Hive'",
         cluster(Applications=applications("Hive"))),
]  # fmt: skip
