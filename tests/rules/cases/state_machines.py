"""What the rules of ``emr_constructs.rules.state_machines`` reject, and what they accept instead."""

from __future__ import annotations

from emr_constructs.rules.state_machines import TASK_STATE

from .parts import Case

CASES = [
    Case("emr-state-keep-alive", "CreateClusterState", {"Instances": {"KeepJobFlowAliveWhenNoSteps": False}},
         "KeepJobFlowAliveWhenNoSteps must be true in a createCluster state",
         {"Instances": {"KeepJobFlowAliveWhenNoSteps": True}}),
    Case("emr-state-keep-alive", "CreateClusterState", {"Instances": {}},
         "KeepJobFlowAliveWhenNoSteps must be true in a createCluster state",
         {"Instances": {"KeepJobFlowAliveWhenNoSteps": {"Ref": "KeepAlive"}}}),
    Case("emr-state-steps", "CreateClusterState", {"Steps": True}, "a createCluster state must not have Steps",
         {"Steps": False}),
    Case("emr-state-resource", TASK_STATE, {"Resource": "arn:aws:states:::elasticmapreduce:runJobFlow.sync"},
         "resource of the state must be an integration that Step Functions has, got "
         "'arn:aws:states:::elasticmapreduce:runJobFlow.sync'; use "
         "arn:aws:states:::elasticmapreduce:createCluster.sync",
         {"Resource": "arn:aws-cn:states:::elasticmapreduce:createCluster.sync"}),
    Case("emr-state-resource", TASK_STATE, {"Resource": "arn:aws:states:::aws-sdk:elasticmapreduce:RunJobFlow"},
         "use arn:aws:states:::aws-sdk:emr:runJobFlow",
         {"Resource": "arn:aws:states:::aws-sdk:emr:runJobFlow.waitForTaskToken"}),
    Case("emr-state-path", TASK_STATE, {"Paths": {"ClusterId.$": "ClusterId"}},
         "a member whose name ends with .$ must be a JSONPath expression or intrinsic function, and only such a "
         "member, got 'ClusterId' for ClusterId.$; begin it with $., or remove .$ from the name",
         {"Paths": {"ClusterId.$": "$$.Execution.Id", "Args.$": "States.Array($.a)"}}),
    Case("emr-state-path", TASK_STATE, {"Identifiers": {"ClusterId": "$.ClusterId"}}, "use ClusterId.$ as the name",
         {"Identifiers": {"ClusterId": "j-2AXXXXXXGAPLF"}}),
]  # fmt: skip
