"""What the rules of ``emr_constructs.rules.spark_submit`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import TOKEN, Case, applications, cluster, step

CASES = [
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-submit", "--deploy-mode", "local", "s3://a/b.py"),
         "deploy mode of step 'step' must be cluster or client, got 'local'; use 'cluster' or 'client'",
         step("spark-submit", "--deploy-mode=client", "s3://a/b.py", "--mode", "local")),
    Case("emr-spark-deploy-mode", "StepConfig", step("spark-sql", "--deploy-mode", "cluster", "-f", "s3://a/b.sql"),
         "deploy mode of step 'step' must be client for spark-sql, got 'cluster'; remove --deploy-mode",
         step("spark-sql", "-f", "s3://a/b.sql")),
    Case("emr-spark-property", "StepConfig", step("spark-submit", "--verbose", "--conf", "executor.cores=4", "s3://a/b"),
         "name of a Spark property must begin with spark., because spark-submit ignores others, got 'executor.cores' "
         "in step 'step'",
         step("spark-submit", "--conf=spark.executor.cores=4", "s3://a/b.py",
                                                    "--conf", "local.yaml")),
    Case("emr-spark-property", "StepConfig", step("spark-sql", "--conf=hive.exec.parallel=true", "-f", "s3://a/b.sql"),
         "name of a Spark property must begin with spark., because spark-submit ignores others, got "
         "'hive.exec.parallel' in step 'step'",
         step("spark-submit", "--class", TOKEN, "--deploy-mode", "client",
                                                        "s3://a/b.jar", "--conf=local.yaml")),
    Case("emr-spark-packages", "StepConfig", step("spark-submit", "--packages=org.a:b:1,org.a:c", "s3://a/b.py"),
         "a package must be Maven coordinates, got 'org.a:c' in step 'step'; use group:artifact:version",
         step("spark-submit", "--packages", "org.a:b:1,org.a:c:1", "s3://a/b.py")),
    Case("emr-spark-application", "StepConfig", step("spark-submit", "--deploy-mode", "cluster", "--class", "a.B"),
         "a spark-submit command must have an application, a script or a JAR file, got none for step 'step'; specify "
         "the S3 URI "
         "of the application after the options",
         step("spark-submit", "--deploy-mode", "cluster", "--class", "a.B", TOKEN)),
    Case("emr-spark-application", "StepConfig", step("spark-submit"), "got none for step 'step'",
         step("spark-submit", "--version")),
    Case("emr-spark-application", "StepConfig", step("spark-submit", "--conf", "spark.app.name=s3://a/b.py"),
         "got none for step 'step'", step("spark-submit", "/usr/lib/spark/examples/src/main/python/pi.py")),
    Case("emr-spark-option-order", "StepConfig",
         step("spark-submit", "s3://a/b.py", "--deploy-mode", "cluster", "--date", "today"),
         "options of spark-submit must come before the application, because later ones are passed to the "
         "application, got "
         "'--deploy-mode' of step 'step' after 's3://a/b.py'; move the option before the application",
         step("spark-submit", "--deploy-mode", "cluster", "s3://a/b.py", "--name", "x", "--conf", "local.yaml")),
    Case("emr-spark-option-order", "StepConfig",
         step("spark-submit", "s3://a/b.jar", "--class", "com.example.Main"), "got '--class'",
         step("spark-submit", "--class", "com.example.Main", "s3://a/b.jar", "--class", "economy")),
    Case("emr-spark-option-order", "StepConfig",
         step("spark-submit", "s3://a/b.py", "--conf", "spark.executor.cores=4"), "got '--conf'",
         step("spark-submit", "--conf", "spark.executor.cores=4", TOKEN, "--conf", "spark.executor.cores=4")),
    Case("emr-spark-option", "StepConfig", step("spark-submit", "--executer-memory", "4g", "s3://a/b.py"),
         "option of step 'step' must be one of spark-submit, got '--executer-memory'; use '--executor-memory'",
         step("spark-submit", "--executor-memory", "4g", "s3://a/b.py", "--executer-memory", "4g")),
    Case("emr-spark-option", "StepConfig", step("spark-submit", "-deploy-mode", "cluster", "s3://a/b.py"),
         "use '--deploy-mode'", step("spark-submit", TOKEN, "-deploy-mode", "fast")),
    Case("emr-spark-conf", "StepConfig", step("spark-submit", "--conf", "spark.executor.memory", "4g", "s3://a/b.py"),
         "value of --conf must be a Spark property, an equals sign and its value, got 'spark.executor.memory' of step "
         "'step'",
         step("spark-submit", "--conf", "spark.executor.memory=4g", "s3://a/b.py")),
    Case("emr-spark-master", "StepConfig", step("spark-submit", "--master", "local[4]", "s3://a/b.py"),
         "master of Spark must be yarn, because the cluster has no other, and local runs only on the primary node, got "
         "'local[4]' of step 'step'; remove --master; EMR sets yarn",
         step("spark-submit", "--master", "yarn", "s3://a/b.py")),
    Case("emr-spark-yarn-mode", "RunJobFlowInput",
         cluster(ReleaseLabel="emr-6.12.0", Steps=[step("spark-submit", "--master", "yarn-cluster", "s3://a/b.py")]),
         "master of Spark must be yarn, because Spark 3.4 and later reject others, got 'yarn-cluster' of step 'step'; "
         "use --master yarn with --deploy-mode client or cluster",
         cluster(ReleaseLabel="emr-5.8.0", Applications=applications("Spark"),
                 Steps=[step("spark-submit", "--master", "yarn-cluster", "s3://a/b.py")])),
    Case("emr-spark-application", "StepConfig", step("/usr/bin/spark-submit", "client", "s3://a/b.py"),
         "got 'client' for step 'step'", step("/usr/bin/spark-submit", "{{ params.script }}")),
    Case("emr-spark-deploy-mode", "StepConfig",
         step("spark-submit", "--class", TOKEN, "--deploy-mode", "local", "s3://a/b.jar"), "got 'local'",
         step("spark-submit", TOKEN, "--deploy-mode", "local", "--conf", "local.yaml", "--executor-memory", "big")),
    Case("emr-spark-application", "StepConfig", step("spark-submit", "--class", TOKEN), "got none for step 'step'",
         step("spark-submit", "--deploy-mode", TOKEN, "--conf", TOKEN, "--packages", TOKEN, TOKEN)),
    Case("emr-spark-option", "StepConfig", step("spark-submit", "--conf spark.executor.memory=4g", "s3://a/b.py"),
         "got '--conf spark.executor.memory=4g'; specify the option and its value as two arguments",
         step("spark-submit", "--conf", "spark.executor.memory=4g", "s3://a/b.py")),
]  # fmt: skip
