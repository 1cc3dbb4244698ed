"""What the rules of ``emr_constructs.rules.software`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import SECRET, Case, applications, cluster, settings

CASES = [
    Case("emr-application-repeated", "RunJobFlowInput", cluster(Applications=applications("Spark", "spark")),
         "applications must be unique, regardless of case, got 'spark' 2 times",
         cluster(Applications=applications("Spark", "Hive"))),
    Case("emr-presto-and-trino", "RunJobFlowInput", cluster(Applications=applications("Presto", "Trino")),
         "Presto can't be combined with Trino", cluster(Applications=applications("Trino"))),
    # Software
    Case("emr-classification", "Configuration", {"Classification": "spark defaults", "Properties": {"a": "b"}},
         "'spark defaults'", {"Classification": "spark-log4j2", "Properties": {"a": "b"}}),
    Case("emr-classification-repeated", "RunJobFlowInput",
         cluster(Configurations=[settings("core-site", a="b")] * 2),
         "classifications must be unique, because it is not documented which of two applies, got 'core-site' 2 times",
         cluster(Configurations=[settings("core-site", a="b")])),
    Case("emr-secret-reference", "Configuration",
         {"Classification": "hive-site", "Properties": {"EMR.secret@password": "plain"}}, "'EMR.secret@password'",
         {"Classification": "hive-site",
          "Properties": {"EMR.secret@password": "arn:aws-cn:secretsmanager:cn-north-1:1:secret:a"}}),
    Case("emr-secret-length", "Configuration",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 900: SECRET + "s" * 200}},
         "key and value of a reference to a secret must have at most 1024 characters, got 1170 for "
         "'EMR.secret@kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk'",
         {"Classification": "a", "Properties": {"EMR.secret@" + "k" * 700: SECRET + "s" * 200}}),
    Case("emr-plain-password", "Configuration", settings("hive-site", javax__jdo__option__ConnectionPassword="hunter2"),
         "a password must be a reference to a secret, because configurations are readable, got plain text for "
         "'javax.jdo.option.ConnectionPassword' of 'hive-site'",
         {"Classification": "hive-site", "Properties": {"EMR.secret@javax.jdo.option.ConnectionPassword": SECRET}}),
    Case("emr-plain-password", "Configuration", settings("core-site", fs__s3a__secret__key="x"),
         "a password must be a reference to a secret, because configurations are readable, got plain text for "
         "'fs.s3a.secret.key' of 'core-site'",
         settings("core-site", fs__s3a__encryption__key="x")),
    Case("emr-application-unknown", "RunJobFlowInput",
         cluster(ReleaseLabel={"Ref": "Release"}, Applications=applications("Sparkk")),
         "application must be one that a release offers, got 'Sparkk'; use 'Spark'",
         cluster(ReleaseLabel={"Ref": "Release"}, Applications=applications("spark", "Hadoop", "Company"))),
]  # fmt: skip
