"""What the rules of ``emr_constructs.rules.state_machines`` reject, and what they accept instead."""

from __future__ import annotations

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
]  # fmt: skip
