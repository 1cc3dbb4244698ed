"""What the rules of ``emr_constructs.rules.termination`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import MASTER, Case, applications, cluster, groups, step

CASES = [
    # Termination
    Case("emr-idle-timeout", "AutoTerminationPolicy", {"IdleTimeout": 59},
         "idle timeout must be 60 to 604800 seconds, got 59",
         {"IdleTimeout": 604800}),
    Case("emr-idle-release", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-6.0.1"), "use emr-6.1.0",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, ReleaseLabel="emr-5.30.0")),
    Case("emr-idle-not-on-yarn", "RunJobFlowInput",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("HBase", "Trino")),
         "auto-termination must not be used with applications that don't run on YARN, because it only monitors YARN, "
         "got HBase and Trino",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60}, Applications=applications("Spark"))),
    Case("emr-idle-without-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")],
                 AutoTerminationPolicy={"IdleTimeout": 60}),
         "auto-termination can't be combined with termination after the steps",
         cluster(AutoTerminationPolicy={"IdleTimeout": 60})),
    Case("emr-no-steps-no-keep-alive", "RunJobFlowInput",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False)),
         "a cluster that terminates after its steps must have steps",
         cluster(instances=groups(MASTER, KeepJobFlowAliveWhenNoSteps=False), Steps=[step("a")])),
    Case("emr-ends-at-once", "RunJobFlowInput", cluster(instances={"InstanceGroups": [MASTER]}),
         "a request for a cluster with an idle timeout or without steps must specify KeepJobFlowAliveWhenNoSteps, "
         "because the API's default is false, got no steps",
         cluster(instances={"InstanceGroups": [MASTER]}, Steps=[step("a")])),
    Case("emr-ends-at-once", "RunJobFlowInput",
         cluster(instances={"InstanceGroups": [MASTER]}, Steps=[step("a")], AutoTerminationPolicy={"IdleTimeout": 60}),
         "got an idle timeout",
         cluster(instances=groups(MASTER), AutoTerminationPolicy={"IdleTimeout": 60})),
    Case("emr-scale-down-behavior", "RunJobFlowInput", cluster(ScaleDownBehavior="TERMINATE_AT_INSTANCE_HOUR"),
         "TERMINATE_AT_INSTANCE_HOUR requires a release from 5.1.0 to before 5.10.0, got emr-7.14.0",
         cluster(ScaleDownBehavior="TERMINATE_AT_TASK_COMPLETION")),
]  # fmt: skip
