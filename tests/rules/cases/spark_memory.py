"""What the rules of ``emr_constructs.rules.spark_memory`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import TOKEN, Case, configured, fleet, fleets, group, groups, settings, step

MEDIUM = groups(group("MASTER"), group(InstanceType="m5.xlarge"))
ONCE = {**MEDIUM, "KeepJobFlowAliveWhenNoSteps": False}
YARN = {"yarn__nodemanager__resource__memory_mb": "40000"}


def sized_step(*options: str) -> dict[str, Any]:
    return step("spark-submit", *options, "s3://bucket/job.py")


CASES = [
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="12g")], instances=MEDIUM),
         "executor memory in spark-defaults with its overhead must be at most 12288 MiB, which YARN has on m5.xlarge, "
         "got 12288 + 1228 MiB; use less memory, or a larger instance type for the core nodes",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="11170m")], instances=MEDIUM)),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="10g",
                                             spark__executor__memoryOverhead="3g")], instances=MEDIUM),
         "got 10240 + 3072 MiB",
         configured("Spark", "HBase", parts=[settings("spark-defaults", spark__executor__memory="100g")],
                    instances=MEDIUM)),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__driver__memory="20g",
                                             spark__submit__deployMode="cluster")], instances=MEDIUM),
         "driver memory in spark-defaults",
         configured("Spark", parts=[settings("spark-defaults", spark__driver__memory="20g")], instances=MEDIUM)),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[], instances=ONCE, Steps=[sized_step("--executor-memory", "16g")]),
         "executor memory of step 'step' with its overhead must be at most 12288 MiB, which YARN has on m5.xlarge, got "
         "16384 + 1638 MiB",
         configured("Spark", parts=[settings("yarn-site", **YARN)], instances=ONCE,
                    Steps=[sized_step("--executor-memory", "16g")])),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[], instances=ONCE, Steps=[
             sized_step("--deploy-mode", "cluster", "--conf", "spark.driver.memory=12g")]),
         "driver memory of step 'step'",
         configured("Spark", parts=[settings("spark", maximizeResourceAllocation="true")], instances=ONCE,
                    Steps=[sized_step("--deploy-mode", "cluster", "--driver-memory", "12g")])),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="64g")],
                    instances=fleets(fleet("MASTER"), fleet())),
         "which YARN has on m4.xlarge",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="64g")],
                    instances=groups(group("MASTER"), group(InstanceType=TOKEN)))),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__driver__memory="20g")], instances=ONCE,
                    Steps=[sized_step("--deploy-mode", "cluster")]),
         "driver memory of step 'step' with its overhead",
         configured("Spark", parts=[settings("spark-defaults", spark__driver__memory="20g")], instances=ONCE,
                    Steps=[sized_step("--deploy-mode", "client")])),
    Case("emr-spark-memory", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="3g")],
                    instances=groups(group("MASTER"), group(InstanceType="m1.large"))),
         "must be at most 3072 MiB, which YARN has on m1.large, got 3072 + 384 MiB",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__memory="900g")],
                    instances=groups(group("MASTER"), group(InstanceType="g7.24xlarge")))),
    Case("emr-spark-cores", "RunJobFlowInput",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__cores="9")], instances=MEDIUM),
         "cores of a Spark executor must be at most the vCPUs of a node, because it runs a task for each core, got 9 "
         "in spark-defaults on m5.xlarge, which has 4 vCPUs",
         configured("Spark", parts=[settings("spark-defaults", spark__executor__cores="8")], instances=MEDIUM)),
    Case("emr-spark-cores", "RunJobFlowInput",
         configured("Spark", parts=[], instances=ONCE, Steps=[sized_step("--executor-cores", "16")]),
         "got 16 of step 'step' on m5.xlarge",
         configured("Spark", parts=[], instances=fleets(fleet("MASTER"), fleet(InstanceTypeConfigs=[
             {"InstanceType": "m5.xlarge"}, {"InstanceType": TOKEN}]), KeepJobFlowAliveWhenNoSteps=False),
             Steps=[sized_step("--executor-cores", "16")])),
]  # fmt: skip
