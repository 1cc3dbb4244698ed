"""What the rules of ``emr_constructs.rules.retired`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import MASTER, Case, cluster, groups

CASES = [
    # Retired
    Case("emr-retired-property", "RunJobFlowInput", cluster(AmiVersion="3.11.0"),
         "AmiVersion works only before release 4.0; specify a release label instead",
         cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(NewSupportedProducts=[{"Name": "mapr"}]),
         "NewSupportedProducts works only before release 4.0", cluster()),
    Case("emr-retired-property", "RunJobFlowInput", cluster(SupportedProducts=["mapr"]),
         "SupportedProducts works only before release 4.0",
         cluster()),
    Case("emr-retired-property", "JobFlowInstancesConfig", groups(MASTER, HadoopVersion="2.4.0"),
         "HadoopVersion works only before release 4.0", groups(MASTER)),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Version": "3.5"},
         "Version of application 'Spark' works only before release 4.0; remove it; the release determines the version",
         {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "Spark", "Args": ["-x"]}, "use configurations instead",
         {"Name": "Spark"}),
    Case("emr-application-name-only", "Application", {"Name": "a", "AdditionalInfo": {"b": "c"}},
         "AdditionalInfo of application 'a' works only for third-party products",
         {"Name": "a"}),
    Case("emr-visible-to-all-users", "RunJobFlowInput", cluster(VisibleToAllUsers=False),
         "VisibleToAllUsers must be true, because false has no effect",
         cluster(VisibleToAllUsers=True)),
]  # fmt: skip
