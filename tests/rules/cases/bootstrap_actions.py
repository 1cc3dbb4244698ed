"""What the rules of ``emr_constructs.rules.bootstrap_actions`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, cluster

CASES = [
    Case("emr-bootstrap-action-count", "RunJobFlowInput",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 17),
         "number of bootstrap actions must be at most 16, got 17",
         cluster(BootstrapActions=[{"Name": "a", "ScriptBootstrapAction": {"Path": "s3://a/b"}}] * 16)),
    Case("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", {"Path": "https://a/b"}, "'https://a/b'",
         {"Path": "file:/usr/share/aws/emr/setup.sh"}),
    Case("emr-bootstrap-action-local-path", "ScriptBootstrapActionConfig", {"Path": "/home/ana/setup.sh"},
         "script of a bootstrap action must be in Amazon S3 or in the AMI, got '/home/ana/setup.sh'",
         {"Path": "file:///usr/share/aws/emr/setup.sh"}),
    Case("emr-bootstrap-action-local-path", "ScriptBootstrapActionConfig", {"Path": "file:///Users/ana/setup.sh"},
         "'file:///Users/ana/setup.sh'", {"Path": "/opt/setup.sh"}),
    Case("emr-bootstrap-action-object", "ScriptBootstrapActionConfig", {"Path": "s3://bucket/scripts/"},
         "script of a bootstrap action must be an object, not a bucket or a folder, got 's3://bucket/scripts/'",
         {"Path": "s3://bucket/scripts/setup.sh"}),
    Case("emr-bootstrap-action-retired", "ScriptBootstrapActionConfig",
         {"Path": "s3://elasticmapreduce/bootstrap-actions/configure-hadoop"},
         "predefined bootstrap actions of releases before 4.0 can't be used, because later releases don't support them",
         {"Path": "s3://company/bootstrap-actions/configure-hadoop"}),
    Case("emr-bootstrap-action-run-if", "ScriptBootstrapActionConfig",
         {"Path": "s3://elasticmapreduce/bootstrap-actions/run-if", "Args": ["instance.isMaster=true"]},
         "run-if must have a condition such as instance.isMaster=true and a command, got no command",
         {"Path": "s3://elasticmapreduce/bootstrap-actions/run-if", "Args": ["instance.isMaster!=true", "s3://a/b.sh"]}),
    Case("emr-bootstrap-action-run-if", "ScriptBootstrapActionConfig",
         {"Path": "s3://elasticmapreduce/bootstrap-actions/run-if", "Args": ["isMaster", "s3://a/b.sh"]},
         "got 'isMaster' as the condition",
         {"Path": "s3://us-east-1.elasticmapreduce/bootstrap-actions/run-if", "Args": ["isMaster=false", "echo core"]}),
    Case("emr-bootstrap-action-arguments", "ScriptBootstrapActionConfig", {"Path": "s3://a/setup.sh --env prod"},
         "must be an item of Args, because EMR does not split text, got 's3://a/setup.sh --env prod'",
         {"Path": "s3://a/set up.sh", "Args": ["--env", "prod"]}),
    Case("emr-bootstrap-action-arguments", "ScriptBootstrapActionConfig",
         {"Path": "s3://a/b.sh", "Args": ["--env prod --size 2"]}, "got '--env prod --size 2'",
         {"Path": "s3://a/b.sh", "Args": ["--title=a b"]}),
    Case("emr-typographic-character", "ScriptBootstrapActionConfig",
         {"Path": "s3://a/b.sh", "Args": ["\u2013env", "prod"]},
         "arguments must have plain hyphens and quotation marks, because programs don't recognize others, got "
         "'\u2013env'",
         {"Path": "s3://a/b.sh", "Args": ["\u2013", "a \u2013 b"]}),
]  # fmt: skip
