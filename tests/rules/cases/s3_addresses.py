"""Addresses of S3 objects that the rules reject, and the S3 URIs that they accept instead."""

from __future__ import annotations

from .parts import Case, cluster, jar_step, settings, step

RUNNER = "s3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar"
ADDRESS = "https://bucket.s3.eu-west-1.amazonaws.com/jobs/a.py"

CASES = [
    Case("emr-s3-address", "StepConfig", step("spark-submit", ADDRESS),
         "a file in Amazon S3 must be specified by its S3 URI, because programs can't sign requests to web addresses, "
         f"got '{ADDRESS}' of step 'step'; use s3://bucket/jobs/a.py", step("spark-submit", "s3://bucket/jobs/a.py")),
    Case("emr-s3-address", "StepConfig", jar_step(RUNNER, "https://s3.amazonaws.com/bucket/setup.sh"),
         "use s3://bucket/setup.sh", jar_step(RUNNER, "s3://bucket/setup.sh", "https://bucket.s3.amazonaws.com/a")),
    Case("emr-s3-address", "StepConfig", jar_step(RUNNER, "https://example.com/setup.sh"),
         "upload the file to Amazon S3, and use its S3 URI",
         step("spark-submit", "--jars", "https://repo.example.com/a.jar", "s3://bucket/a.py")),
    Case("emr-s3-address", "StepConfig",
         step("spark-submit", "https://s3.console.aws.amazon.com/s3/object/bucket?region=eu-west-1&prefix=jobs/a.py"),
         "use s3://bucket/jobs/a.py", step("spark-submit", "s3://bucket/a.py", ADDRESS)),
    Case("emr-s3-address", "StepConfig",
         step("s3-dist-cp", "--src=https://bucket.s3.amazonaws.com/in/", "--dest=hdfs:///in"), "use s3://bucket/in/",
         step("s3-dist-cp", "--src=s3://bucket/in/", "--dest=hdfs:///in")),
    Case("emr-s3-address", "StepConfig",
         step("hadoop-streaming", "-files", "s3://a/m.py", "-input", "https://a.s3.amazonaws.com/in", "-output",
              "s3://a/out", "-mapper", "m.py"), "use s3://a/in",
         step("hadoop-streaming", "-files", "s3://a/m.py", "-input", "s3://a/in/", "-output", "s3://a/out/", "-mapper",
              "m.py")),
    Case("emr-s3-address", "Configuration",
         settings("spark-defaults", spark__jars="s3://a/b.jar,https://a.s3.amazonaws.com/c.jar"),
         "got 'https://a.s3.amazonaws.com/c.jar' for spark.jars; use s3://a/c.jar",
         settings("spark-defaults", spark__jars="s3://a/b.jar,https://repo.example.com/c.jar")),
    Case("emr-s3-address", "Configuration",
         settings("hive-site", hive__metastore__warehouse__dir="arn:aws:s3:::bucket/warehouse"),
         "use s3://bucket/warehouse", settings("hive-site", hive__metastore__warehouse__dir="s3://bucket/warehouse")),
    Case("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", {"Path": "https://a.s3.amazonaws.com/b.sh"},
         "use s3://a/b.sh", {"Path": "s3://a/b.sh"}),
    Case("emr-log-uri", "RunJobFlowInput", cluster(LogUri="arn:aws:s3:::bucket/logs"), "use s3://bucket/logs",
         cluster(LogUri="s3://bucket/logs")),
    Case("emr-log-uri", "RunJobFlowInput", cluster(LogUri="s3:///bucket/logs"), "use s3://bucket/logs",
         cluster(LogUri="s3n://bucket/logs")),
    Case("emr-bucket-name", "RunJobFlowInput", cluster(LogUri="s3://bucket.s3.amazonaws.com/logs"),
         "got the domain 'bucket.s3.amazonaws.com' in LogUri; use s3://bucket/logs",
         cluster(LogUri="s3://bucket.example.com/logs")),
    Case("emr-bucket-name", "HadoopJarStepConfig",
         {"Jar": "s3://region.elasticmapreduce/libs/script-runner/script-runner.jar", "Args": ["s3://a/b.sh"]},
         "use the Region, such as us-east-1.elasticmapreduce", {"Jar": RUNNER, "Args": ["s3://a/b.sh"]}),
    Case("emr-s3-uri-space", "HadoopJarStepConfig", {"Jar": " s3://a/b.jar"}, "got ' s3://a/b.jar' in Jar",
         {"Jar": "s3://a/b.jar"}),
]  # fmt: skip
