"""What the rules of ``emr_constructs.rules.spark_settings`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import TOKEN, Case, cluster, executors, settings, step

CASES = [
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__executor__memory="4 gigs"),
         "value of a Spark property must be one that Spark can read, got '4 gigs' for spark.executor.memory in "
         "spark-defaults, which must be a size such as 4g",
         settings("spark-defaults", spark__executor__memory="4G", spark__driver__memory="2g")),
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__dynamicAllocation__enabled="yes"),
         "got 'yes' for spark.dynamicAllocation.enabled in spark-defaults, which must be true or false",
         settings("spark-defaults", spark__dynamicAllocation__enabled="True")),
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__executor__memory="1.5g"), "got '1.5g'",
         settings("spark-defaults", spark__sql__autoBroadcastJoinThreshold="-1", spark__executor__memory="${a}")),
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__network__timeout="10 minutes"),
         "which must be a duration such as 60s",
         settings("spark-defaults", spark__network__timeout="600s", spark__locality__wait="0")),
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__executor__cores="four"),
         "which must be a whole number", settings("spark-defaults", spark__dynamicAllocation__maxExecutors="infinity")),
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__memory__fraction="60%"),
         "which must be a number", settings("spark-defaults", spark__memory__fraction="0.6")),
    Case("emr-spark-value", "StepConfig", step("spark-submit", "--executor-memory", "4 GB", "s3://a/b.py"),
         "got '4 GB' for --executor-memory of step 'step', which must be a size such as 4g",
         step("spark-submit", "--executor-memory", TOKEN, "s3://a/b.py")),
    Case("emr-spark-value", "StepConfig", step("spark-submit", "--conf", "spark.shuffle.service.enabled=on", "s3://a/b"),
         "got 'on' for spark.shuffle.service.enabled of step 'step'",
         step("spark-submit", "--conf", "spark.shuffle.service.enabled=false", "s3://a/b")),
    Case("emr-spark-value", "StepConfig", step("spark-sql", "--num-executors=many", "-f", "s3://a/b.sql"), "got 'many'",
         step("spark-sql", "--num-executors=3", "-f", "s3://a/b.sql")),
    Case("emr-spark-property-name", "Configuration", settings("spark-defaults", spark__executor__memoryoverhead="1g"),
         "name of a Spark property must be spelled as documented, because Spark ignores others, got "
         "'spark.executor.memoryoverhead' instead of 'spark.executor.memoryOverhead' in spark-defaults",
         settings("spark-defaults", spark__executor__memoryOverheadFactor="0.2")),
    Case("emr-spark-property-name", "StepConfig",
         step("spark-submit", "--conf", "spark.dynamicAllocation.enable=true", "s3://a/b.py"),
         "instead of 'spark.dynamicAllocation.enabled' of step 'step'",
         step("spark-submit", "--conf", "spark.example.enable=true", "s3://a/b.py")),
    Case("emr-executor-range", "Configuration", executors(min="5", max="4"),
         "minimum of executors with dynamic allocation must be at most the maximum, got a minimum of 5 and a maximum "
         "of 4",
         executors(min="4", max="4")),
    Case("emr-executor-start", "Configuration", executors(min="5", initial="4"),
         "initial number of executors with dynamic allocation must be in the range from minimum to maximum, got 4 "
         "and a minimum of 5",
         executors(min="4", initial="4")),
    Case("emr-executor-start", "Configuration", executors(min="1", initial="9", max="8"), "and a maximum of 8",
         executors(min="1", initial="8", max="8")),
    Case("emr-executor-range", "StepConfig",
         step("spark-submit", "--conf", "spark.dynamicAllocation.minExecutors=9",
              "--conf=spark.dynamicAllocation.maxExecutors=8", "s3://a/b.py"),
         "got a minimum of 9 and a maximum of 8",
         step("spark-submit", "--conf", "spark.dynamicAllocation.minExecutors=9", "s3://a/b.py",
              "spark.dynamicAllocation.maxExecutors=8")),
    Case("emr-spark-memory-minimum", "Configuration", settings("spark-defaults", spark__executor__memory="300m"),
         "memory of Spark executors must be at least 450 MiB, because Spark does not start with less, got '300m' in "
         "spark-defaults; use a size such as 4g",
         settings("spark-defaults", spark__executor__memory="450m")),
    Case("emr-spark-memory-minimum", "StepConfig", step("spark-submit", "--executor-memory", "4096", "s3://a/b.py"),
         "got '4096' of step 'step', which is in bytes without a unit",
         step("spark-submit", "--executor-memory", "1g", "s3://a/b.py")),
    Case("emr-spark-heartbeat", "Configuration",
         {"Classification": "spark-defaults", "Properties": {"spark.network.timeout": "60s",
                                                             "spark.executor.heartbeatInterval": "2m"}},
         "heartbeat interval of Spark executors must be less than the network timeout, because Spark does not start "
         "otherwise, got a heartbeat interval of 2m and a network timeout of 60s in spark-defaults",
         {"Classification": "spark-defaults", "Properties": {"spark.network.timeout": "800",
                                                             "spark.executor.heartbeatInterval": "60000"}}),
    Case("emr-spark-local-file", "Configuration",
         {"Classification": "spark-defaults", "Properties": {"spark.jars": "s3://a/a.jar,./libs/b.jar"}},
         "must be in Amazon S3, in HDFS or on the node, got './libs/b.jar' for spark.jars in spark-defaults",
         {"Classification": "spark-defaults", "Properties": {"spark.jars": "/usr/lib/hudi/hudi-spark-bundle.jar"}}),
    Case("emr-python-2", "RunJobFlowInput",
         cluster(Applications=[{"Name": "Spark"}], Configurations=[
             {"Classification": "spark-env", "Configurations": [
                 {"Classification": "export", "Properties": {"PYSPARK_PYTHON": "/usr/bin/python2.7"}}]}]),
         "Python of Spark must be Python 3 from release 7.0.0, got '/usr/bin/python2.7' for PYSPARK_PYTHON",
         cluster(ReleaseLabel="emr-5.36.2", Applications=[{"Name": "Spark"}], Configurations=[
             {"Classification": "spark-env", "Configurations": [
                 {"Classification": "export", "Properties": {"PYSPARK_PYTHON": "/usr/bin/python2.7"}}]}])),
]  # fmt: skip
