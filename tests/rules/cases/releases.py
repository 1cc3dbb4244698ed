"""What the rules of ``emr_constructs.rules.releases`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, applications, cluster

CASES = [
    # Releases and applications
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="7.14.0"),
         "release label must be emr- or emr-spark- and three numbers, got '7.14.0'",
         cluster(ReleaseLabel="emr-7.14.0")),
    Case("emr-release-label", "RunJobFlowInput", cluster(ReleaseLabel="emr-6.16.0"),
         "release label must exist, got 'emr-6.16.0'",
         cluster(ReleaseLabel="emr-6.15.0")),
    Case("emr-release-unknown", "RunJobFlowInput", cluster(ReleaseLabel="emr-7.99.0"),
         "release must be known to this version of emr_constructs, got emr-7.99.0",
         cluster(ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-application-unavailable", "RunJobFlowInput", cluster(Applications=applications("Ganglia")),
         "emr-6.15.0 is the newest release that offers it", cluster(Applications=applications("spark", "HADOOP"))),
    Case("emr-application-unavailable", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), ReleaseLabel="emr-spark-8.1.0"),
         "application must be one that emr-spark-8.1.0 offers, got 'Hive'",
         cluster(Applications=applications("Hive"))),
]  # fmt: skip
