"""What the rules of ``emr_constructs.rules.monitoring`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, applications, cluster

LOGS = {"CloudWatchLogConfiguration": {"Enabled": True, "LogGroupName": "/emr/shared"}}
POLICY = {"S3LoggingConfiguration": {"LogTypeUploadPolicy": {"system-logs": "emr-managed"}}}
OWN_BUCKET = {"S3LoggingConfiguration": {"LogTypeUploadPolicy": {"system-logs": "on-customer-s3only"}}}
AGENT = applications("Spark", "AmazonCloudWatchAgent")

CASES = [
    Case("emr-monitoring-release", "RunJobFlowInput",
         cluster(MonitoringConfiguration=LOGS, Applications=AGENT, ReleaseLabel="emr-7.10.0"), "use emr-7.11.0",
         cluster(MonitoringConfiguration=LOGS, Applications=AGENT, ReleaseLabel="emr-7.11.0")),
    Case("emr-monitoring-release", "RunJobFlowInput",
         cluster(MonitoringConfiguration=POLICY, ReleaseLabel="emr-7.12.0"), "use emr-7.13.0",
         cluster(MonitoringConfiguration=POLICY, ReleaseLabel="emr-7.13.0")),
    Case("emr-monitoring-agent", "RunJobFlowInput",
         cluster(MonitoringConfiguration=LOGS, Applications=applications("Spark")),
         "logs in CloudWatch require the application AmazonCloudWatchAgent, which sends them",
         cluster(MonitoringConfiguration={"CloudWatchLogConfiguration": {"Enabled": False}},
                 Applications=applications("Spark"))),
    Case("emr-monitoring-log-types", "CloudWatchLogConfiguration",
         {"Enabled": True, "LogTypes": {"STEP_LOG": ["STDOUT"]}},
         "types of logs in CloudWatch must be STEP_LOGS, SPARK_DRIVER or SPARK_EXECUTOR, got 'STEP_LOG'",
         {"Enabled": True, "LogTypes": {"STEP_LOGS": ["STDOUT"], "SPARK_DRIVER": ["STDERR"]}}),
    Case("emr-s3-log-policy", "S3LoggingConfiguration",
         {"LogTypeUploadPolicy": {"persistent-ui-logs": "on-customer-s3only"}},
         "persistent-ui-logs must be emr-managed or disabled, because EMR shows the interfaces from its own copy, got "
         "'on-customer-s3only'",
         {"LogTypeUploadPolicy": {"persistent-ui-logs": "disabled", "system-logs": "on-customer-s3only"}}),
    Case("emr-s3-log-policy-uri", "RunJobFlowInput", cluster(MonitoringConfiguration=OWN_BUCKET, ServiceRole="emr"),
         "logs that are uploaded only to your bucket (on-customer-s3only) require a LogUri, got 'system-logs'",
         cluster(MonitoringConfiguration=OWN_BUCKET, ServiceRole="emr", LogUri="s3://logs/")),
    Case("emr-s3-log-policy-uri", "RunJobFlowInput", cluster(MonitoringConfiguration=OWN_BUCKET, ServiceRole="emr"),
         "got 'system-logs'", cluster(MonitoringConfiguration=OWN_BUCKET)),
    Case("emr-monitoring-log-types", "CloudWatchLogConfiguration",
         {"Enabled": True, "LogTypes": {"SPARK_DRIVER": ["out"]}},
         "must be STDOUT or STDERR, got 'out'; use STDOUT or STDERR",
         {"Enabled": True, "LogTypes": {"SPARK_DRIVER": ["STDOUT"]}}),
    Case("emr-monitoring-log-group", "CloudWatchLogConfiguration",
         {"Enabled": True, "LogGroupName": "arn:aws:logs:us-east-1:1:log-group:a"},
         "LogGroupName must be the name of a log group, got 'arn:aws:logs:us-east-1:1:log-group:a'",
         {"Enabled": True, "LogGroupName": "/emr/a-b_c#1"}),
    Case("emr-monitoring-log-group", "CloudWatchLogConfiguration", {"Enabled": True, "EncryptionKeyArn": "alias/a"},
         "EncryptionKeyArn must be the ARN of a KMS key, got 'alias/a'",
         {"Enabled": True, "EncryptionKeyArn": "arn:aws:kms:us-east-1:1:key/a"}),
]  # fmt: skip
