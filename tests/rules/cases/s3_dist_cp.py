"""Values of S3DistCp that the rules reject, and what they accept instead."""

from __future__ import annotations

from .parts import TOKEN, Case, step

COPY = ("s3-dist-cp", "--src=s3://a/b", "--dest=hdfs:///c")

CASES = [
    Case("emr-s3distcp-value", "StepConfig", step(*COPY, "--srcPattern=*.csv"),
         "values of S3DistCp must be regular expressions, with a group in --groupBy, and a number of MiB as "
         "--targetSize, got '*.csv' for --srcPattern of step 'step', which repeats nothing; use a regular expression, "
         "such as .*[.]csv for *.csv", step(*COPY, "--srcPattern=.*[.]csv")),
    Case("emr-s3distcp-value", "StepConfig", step(*COPY, "--groupBy", ".*csv"),
         "got '.*csv' for --groupBy of step 'step', which has no group", step(*COPY, "--groupBy", ".*/(\\d+)-.*csv")),
    Case("emr-s3distcp-value", "StepConfig", step(*COPY, "--groupBy=.*(csv)", "--targetSize=128MB"),
         "got '128MB' for --targetSize of step 'step'; use a number of MiB without a unit",
         step(*COPY, "--groupBy", TOKEN, "--targetSize=128")),
    Case("emr-s3distcp-options", "StepConfig", step("s3-dist-cp", "s3://a/b", "hdfs:///c"),
         "got no --src and no --dest", step(*COPY)),
    Case("emr-s3distcp-option-name", "StepConfig", step("s3-dist-cp", "--source=s3://a/b", "--dest=hdfs:///c"),
         "got '--source'; use '--src'", step(*COPY)),
]  # fmt: skip
