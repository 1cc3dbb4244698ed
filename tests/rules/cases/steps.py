"""What the rules of ``emr_constructs.rules.steps`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import LAUNCH, MASTER, TOKEN, Case, applications, bootstrap, cluster, declared, groups, step

RUN = ("--run-hive-script", "--args", "-f")

CASES = [
    # Steps
    Case("emr-step-name", "StepConfig", step("a", Name=""), "name of a step must not be empty", step("a", Name="a")),
    Case("emr-step-concurrency", "RunJobFlowInput", cluster(StepConcurrencyLevel=257),
         "step concurrency level must be 1 to 256, got 257",
         cluster(StepConcurrencyLevel=256)),
    Case("emr-step-concurrency-release", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, ReleaseLabel="emr-5.27.0"), "use emr-5.28.0",
         cluster(StepConcurrencyLevel=1, ReleaseLabel="emr-5.27.0")),
    Case("emr-step-concurrency-failure", "RunJobFlowInput",
         cluster(StepConcurrencyLevel=2, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")]),
         "action on failure of steps must be CONTINUE with a step concurrency level above 1, got CANCEL_AND_WAIT for "
         "step 'step'",
         cluster(StepConcurrencyLevel=1, Steps=[step("a", ActionOnFailure="CANCEL_AND_WAIT")])),
    Case("emr-step-count-of-release", "RunJobFlowInput", cluster(Steps=[step("a")] * 101),
         "number of steps in a request must be at most 100 from release 7.14.0, got 101; specify fewer steps, and add "
         "the rest later",
         cluster(Steps=[step("a")] * 101, ReleaseLabel="emr-7.13.0")),
    Case("emr-step-count", "RunJobFlowInput", cluster(Steps=[step("a")] * 257, ReleaseLabel="emr-7.13.0"),
         "number of steps must be at most 256, got 257; specify fewer steps, and add the rest later",
         cluster(Steps=[step("a")] * 100)),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")]),
         "s3-dist-cp of step 'step' requires Hadoop, which the cluster does not have; add Hadoop to the applications",
         cluster(Applications=applications("Spark"), Steps=[step("s3-dist-cp", "--src=a", "--dest=b")],
                 ReleaseLabel="emr-spark-8.1.0")),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Hive"), Steps=[step("spark-submit", "s3://a/b.py")]),
         "add Spark to the applications",
         cluster(Applications=applications("Livy"), Steps=[step("spark-submit", "s3://a/b.py")])),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Livy"), Steps=[step("hive-script", *RUN, "s3://a/b.q")]),
         "hive-script of step 'step' requires Hive, which the cluster does not have; add Hive",
         cluster(Applications=applications("Trino"), Steps=[step("hive-script", *RUN, "s3://a/b.q")])),
    Case("emr-step-application", "RunJobFlowInput",
         cluster(Applications=applications("Spark"), Steps=[step("pig", "s3://a/b.pig")]), "add Pig",
         cluster(Applications=applications("Spark", "Iceberg"), Steps=[step("pig", "s3://a/b.pig")])),
    Case("emr-steps-frozen", LAUNCH, declared(Steps=[step("a")], instances=groups(MASTER)),
         "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
         "HDFS data when they change, got 1 step",
         declared(Steps=[step("a")])),
    Case("emr-steps-frozen", LAUNCH, declared(Steps=[step("a"), step("b")], instances=groups(MASTER)),
         "a long-running cluster must not be defined with steps, because CloudFormation replaces the cluster and its "
         "HDFS data when they change, got 2 steps",
         {"Cluster": cluster(Steps=[step("a")], instances=groups(MASTER))}),
    Case("emr-repeated-argument", LAUNCH,
         declared(Steps=[step("yarn", "-d", "A=1", "-d", "B=2")]),
         "arguments of step 'step' must be unique, got '-d' more than once; join option and value in one argument "
         "(--option=value), or add the step with AWS::EMR::Step",
         declared(Steps=[step("a", TOKEN, TOKEN)])),
    Case("emr-repeated-argument", LAUNCH, declared(BootstrapActions=[bootstrap("-p", "a", "-p", "b")]),
         "arguments of bootstrap action 'action' must be unique, got '-p' more than once",
         declared(BootstrapActions=[bootstrap("-p", "a", "b")])),
    Case("emr-repeated-argument", LAUNCH, declared(Steps=[step("yarn", "-d", "-d")]), "got '-d' more than once",
         {"Cluster": cluster(Steps=[step("yarn", "-d", "-d")])}),
]  # fmt: skip
