"""What the rules of ``emr_constructs.rules.spark_settings`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import TOKEN, Case, settings, step

CASES = [
    Case("emr-spark-value", "Configuration", settings("spark-defaults", spark__executor__memory="4 gigs"),
         "value of a Spark property must be one that Spark can read, got '4 gigs' for spark.executor.memory in "
         "spark-defaults, which must be a size such as 4g",
         settings("spark-defaults", spark__executor__memory="4G", spark__driver__memory="2048")),
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
]  # fmt: skip
