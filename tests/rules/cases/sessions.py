"""What the rules of ``emr_constructs.rules.sessions`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, applications, cluster, group, groups, step

SPARK_8 = {"ReleaseLabel": "emr-spark-8.0.0", "SessionEnabled": True}
ROLE = "arn:aws:iam::111111111111:role/analysts"

CASES = [
    Case("emr-session-release", "RunJobFlowInput", cluster(SessionEnabled=True),
         "release must support Spark Connect sessions (8.0.0 and later), got emr-7.14.0",
         cluster(SessionEnabled=False)),
    Case("emr-session-release", "RunJobFlowInput", cluster(SessionEnabled=True), "8.0.0 and later",
         cluster(**SPARK_8, Applications=applications("Spark"))),
    Case("emr-session-spark", "RunJobFlowInput", cluster(**SPARK_8, Applications=applications("Hadoop")),
         "Spark Connect sessions require the application Spark",
         cluster(**SPARK_8, Applications=applications("spark"))),
    Case("emr-session-ha", "RunJobFlowInput",
         cluster(**SPARK_8, instances=groups(group("MASTER", InstanceCount=3), group("CORE", InstanceCount=4),
                                             TerminationProtected=True)),
         "Spark Connect sessions require a cluster with one primary node, got three",
         cluster(**SPARK_8, Applications=applications("Spark"))),
    Case("emr-step-execution-role-steps", "RunJobFlowInput", cluster(StepExecutionRoleArn=ROLE, ServiceRole="emr"),
         "a runtime role for the steps of the request requires steps in the request",
         cluster(StepExecutionRoleArn=ROLE, ServiceRole="emr", Steps=[step("a")])),
    Case("emr-step-execution-role-steps", "RunJobFlowInput", cluster(StepExecutionRoleArn=ROLE, ServiceRole="emr"),
         "requires steps in the request", cluster(StepExecutionRoleArn=ROLE)),
]  # fmt: skip
