"""What the rules of ``emr_constructs.rules.state_machines`` about states reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case

TASK, STATES = "EmrTaskState", "StatesOfMachine"


def target(action):
    return {"Target": f"arn:aws:scheduler:::{action}"}


CASES = [
    Case("emr-state-resource", TASK, target("aws-sdk:elasticmapreduce:RunJobFlow"),
         "target of the schedule must be an API action that EventBridge Scheduler has, got "
         "'arn:aws:scheduler:::aws-sdk:elasticmapreduce:RunJobFlow'; use arn:aws:scheduler:::aws-sdk:emr:runJobFlow",
         target("aws-sdk:emr:runJobFlow")),
    Case("emr-state-resource", TASK, target("aws-sdk:emr:createCluster"),
         "use arn:aws:scheduler:::aws-sdk:emr:runJobFlow", target("aws-sdk:emrserverless:startJobRun")),
    Case("emr-state-resource", TASK, {"Resource": "arn:aws:states:::aws-sdk:emr:addJobFlowSteps.sync"},
         "use arn:aws:states:::elasticmapreduce:addStep.sync",
         {"Resource": "arn:aws:states:::aws-sdk:emr:addJobFlowSteps"}),
    Case("emr-state-path", TASK, {"Paths": {"Step.HadoopJarStep.Args.$": "Cluster.Args"}},
         "got 'Cluster.Args' for Args.$", {"Paths": {"Step.HadoopJarStep.Args.$": "States.Array($.a)"}}),
    Case("emr-state-path-literal", TASK, {"Literals": {"Step.HadoopJarStep.Args[0]": "$.day"}},
         "got '$.day' for Args", {"Literals": {"Step.HadoopJarStep.Args[0]": "$day"}}),
    Case("emr-state-path-literal", TASK, {"Literals": {"LogUri": "States.Format('s3://{}', $.bucket)"}}, "for LogUri",
         {"Literals": {}}),
    Case("emr-state-step-not-awaited", STATES, {"Unawaited": ["Add"], "Terminating": "End"}, "got 'Add' before 'End'",
         {"Unawaited": [], "Terminating": "End"}),
    Case("emr-state-never-terminated", STATES, {"Added": "Add", "Kept": True},
         "got steps in 'Add' and no state that terminates it", {"Added": "Add", "Kept": True, "Terminating": "End"}),
    Case("emr-state-protected-cluster", STATES, {"Protected": True, "Terminating": "End"},
         "got a termination-protected cluster in 'End'", {"Protected": False, "Terminating": "End"}),
]  # fmt: skip
