"""What AWS Step Functions requires of the states that create clusters."""

from __future__ import annotations

from typing import Final

from .constraints import constraint
from .sources import step_functions_guide

__all__ = ["CREATE_CLUSTER"]

CREATE_CLUSTER: Final = "CreateClusterState"
"""The request of a state with the integration ``elasticmapreduce:createCluster``."""

_PAGE: Final = step_functions_guide("connect-emr")

# fmt: off
constraint("emr-state-keep-alive", "CreateClusterInstances",
           "KeepJobFlowAliveWhenNoSteps must be true in a createCluster state",
           lambda instances: "KeepJobFlowAliveWhenNoSteps" not in instances
           or instances.get("KeepJobFlowAliveWhenNoSteps") is False,
           at="KeepJobFlowAliveWhenNoSteps",
           fix="set it to true, and terminate the cluster with a terminateCluster state", source=_PAGE)
constraint("emr-state-steps", CREATE_CLUSTER, "a createCluster state must not have Steps",
           lambda state: state.get("Steps") is True, at="Steps",
           fix="add the steps with addStep states", source=_PAGE)
