"""What the rules of ``emr_constructs.rules.states`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import Case

INTEGRATION, PARAMETERS, PATH, STATES = "StateIntegration", "StateParameters", "StatePath", "StatesOfMachine"


def integration(service: str, action: str, pattern: str = "") -> dict[str, Any]:
    return {"Service": service, "Action": action, "Pattern": pattern}


def parameters(*names: str, action: str = "elasticmapreduce:addStep") -> dict[str, Any]:
    return {"Integration": action, "Names": list(names)}


def path(name: str, value: str) -> dict[str, Any]:
    return {"Name": name, "Value": value}


CASES = [
    Case("emr-state-integration", INTEGRATION, integration("elasticmapreduce", "runJobFlow", ".sync"),
         "an integration must be one of EMR's, got elasticmapreduce:runJobFlow.sync; use "
         "elasticmapreduce:createCluster.sync", integration("elasticmapreduce", "createCluster", ".sync")),
    Case("emr-state-integration", INTEGRATION, integration("elasticmapreduce", "describeCluster"),
         "use aws-sdk:emr:describeCluster", integration("aws-sdk:emr", "describeCluster")),
    Case("emr-state-integration", INTEGRATION, integration("aws-sdk:elasticmapreduce", "RunJobFlow"),
         "use aws-sdk:emr:runJobFlow", integration("aws-sdk:emr", "runJobFlow", ".waitForTaskToken")),
    Case("emr-state-integration", INTEGRATION, integration("aws-sdk:emr", "addJobFlowSteps", ".sync"),
         "use elasticmapreduce:addStep.sync", integration("elasticmapreduce", "addStep", ".sync")),
    Case("emr-state-integration", INTEGRATION, integration("elasticmapreduce", "cancelStep", ".sync"),
         "remove .sync", integration("elasticmapreduce", "cancelStep")),
    Case("emr-state-parameters", PARAMETERS, parameters("JobFlowId", "Step"),
         "elasticmapreduce:addStep has no 'JobFlowId'; use 'ClusterId'", parameters("ClusterId.$", "Step")),
    Case("emr-state-parameters", PARAMETERS, parameters("ClusterId", "Step", "Name"),
         "has no 'Name'; use ClusterId, Step, ExecutionRoleArn", parameters("ClusterId", "Step", "ExecutionRoleArn")),
    Case("emr-state-parameters", PARAMETERS, parameters(action="elasticmapreduce:terminateCluster"),
         "elasticmapreduce:terminateCluster requires ClusterId, which is missing",
         parameters("ClusterId", action="elasticmapreduce:terminateCluster")),
    Case("emr-state-path", PATH, path("ClusterId", "$.Cluster.ClusterId"), "got '$.Cluster.ClusterId' for 'ClusterId'",
         path("ClusterId.$", "$.Cluster.ClusterId")),
    Case("emr-state-path", PATH, path("Args.$", "Cluster.Args"), "got 'Cluster.Args' for 'Args.$'",
         path("Args.$", "States.Array($.a)")),
    Case("emr-state-path-literal", PATH, path("Args", "$.day"), "got '$.day' for 'Args'", path("Args", "$day")),
    Case("emr-state-path-literal", PATH, path("LogUri", "States.Format('s3://{}', $.bucket)"), "for 'LogUri'",
         path("LogUri.$", "States.Format('s3://{}', $.bucket)")),
    Case("emr-state-step-not-awaited", STATES, {"Unawaited": ["Add"], "Terminating": "End"}, "got 'Add' before 'End'",
         {"Unawaited": [], "Terminating": "End"}),
    Case("emr-state-never-terminated", STATES, {"Added": "Add", "Kept": True},
         "got steps in 'Add' and no state that terminates it", {"Added": "Add", "Kept": True, "Terminating": "End"}),
    Case("emr-state-protected-cluster", STATES, {"Protected": True, "Terminating": "End"},
         "got a termination-protected cluster in 'End'", {"Protected": False, "Terminating": "End"}),
]  # fmt: skip
