"""What the rules of ``emr_constructs.rules.operating_system`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, cluster

CASES = [
    # Operating system
    Case("emr-os-release-label", "RunJobFlowInput", cluster(OSReleaseLabel="2023.12"),
         "operating system release must be a release label of Amazon Linux, got '2023.12'",
         cluster(OSReleaseLabel="2023.12.20260629.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.5.0"), "use emr-6.6.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.6.0")),
    Case("emr-os-release-label-release", "RunJobFlowInput",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.35.0"), "use emr-5.36.0",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-5.36.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput", cluster(OSReleaseLabel="2.0.20210312.1"),
         "operating system release must be one of Amazon Linux 2023, on which emr-7.14.0 runs, got 2.0.20210312.1",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-os-release-label-linux", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", ReleaseLabel="emr-6.15.0"), "use a label such as 2.0.20210312.1",
         cluster(OSReleaseLabel="2.0.20210312.1", ReleaseLabel="emr-6.15.0")),
    Case("emr-os-release-label-custom-ami", "RunJobFlowInput",
         cluster(OSReleaseLabel="2023.12.20260629.0", CustomAmiId="ami-01234567"),
         "operating system release can't be combined with a custom AMI, which determines it",
         cluster(CustomAmiId="ami-01234567")),
]  # fmt: skip
