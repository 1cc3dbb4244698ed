"""What the rules of ``emr_constructs.rules.additions`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case

ADDED = "AddedToCluster"

CASES = [
    Case("emr-added-to-ending-cluster", ADDED, {"What": "a step", "Ends": "when it is idle"},
         "got a step for a cluster that terminates when it is idle", {"What": "a step"}),
    Case("emr-added-step-failure", ADDED, {"What": "a step", "ActionOnFailure": "TERMINATE_CLUSTER"},
         "got TERMINATE_CLUSTER", {"What": "a step", "ActionOnFailure": "CANCEL_AND_WAIT"}),
    Case("emr-added-step-runtime-role", "AddedToCluster", {"What": "a step", "HasRuntimeRoles": True},
         "a step that is added to a cluster with runtime roles must have one, which AWS::EMR::Step lacks",
         {"What": "a step"}),
]  # fmt: skip
