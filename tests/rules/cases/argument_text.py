"""What the rules of ``emr_constructs.rules.argument_text`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, jar_step, step

COPY = ("--src", "s3://a/b", "--dest", "hdfs:///c")
RUNNER = "s3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar"

CASES = [
    Case("emr-typographic-character", "StepConfig", step("spark-submit", "\u2013\u2013deploy-mode", "client", "s3://a/b"),
         "programs don't recognize others, got '\u2013\u2013deploy-mode'", step("bash", "-c", "echo \u2013")),
    Case("emr-step-retired", "StepConfig", jar_step("/home/hadoop/lib/emr-s3distcp-1.0.jar", *COPY),
         "command of step 'step' must be one of release 4.0 and later, got '/home/hadoop/lib/emr-s3distcp-1.0.jar'; "
         "use command-runner.jar, with s3-dist-cp as the first argument", step("s3-dist-cp", *COPY)),
    Case("emr-step-retired", "StepConfig",
         jar_step(RUNNER, "s3://us-east-1.elasticmapreduce/libs/hive/hive-script", "--run-hive-script"),
         "use command-runner.jar, with hive-script as the first argument", jar_step(RUNNER, "s3://a/hive-script.sh")),
    Case("emr-streaming-option-order", "StepConfig",
         step("hadoop-streaming", "-mapper", "m.py", "-input", "s3://a/b", "-output", "s3://a/c", "-files", "s3://a/m.py"),
         "because Hadoop ignores or rejects them later, got '-files' of step 'step' after '-mapper'",
         step("hadoop-streaming", "-files", "s3://a/m.py", "-mapper", "m.py", "-input", "s3://a/b", "-output", "s3://a/c")),
    Case("emr-streaming-script", "StepConfig",
         step("hadoop-streaming", "-input", "s3://a/b", "-output", "s3://a/c", "-mapper", "m.py", "-reducer", "cat"),
         "scripts of hadoop-streaming must be in -files, because nodes don't have them otherwise, got 'm.py' for "
         "-mapper of step 'step'; add the S3 URI of the script to -files, before the other options",
         step("hadoop-streaming", "-files", "s3://a/m.py", "-input", "s3://a/b", "-output", "s3://a/c", "-mapper",
              "python3 m.py", "-reducer", "aggregate")),
]  # fmt: skip
