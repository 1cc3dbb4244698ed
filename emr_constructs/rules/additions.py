"""Steps, instance groups and fleets that a template adds to a cluster after its launch."""

from __future__ import annotations

from typing import Final

from .constraints import constraint
from .registry import Severity
from .sources import management_guide, template_reference

__all__ = ["ADDITION"]

ADDITION: Final = "AddedToCluster"
"""A resource that is added to a cluster: what it is, when the cluster terminates, and what its failure does."""

_ENDING: Final = ("TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW")


# fmt: off
constraint("emr-added-to-ending-cluster", ADDITION,
           "a step, instance group or fleet must be added to a cluster that stays alive, because a deployment that "
           "adds or changes it fails after the cluster is terminated",
           lambda added: "Ends" in added and f"{added.get('What')} for a cluster that terminates {added.get('Ends')}",
           fix="specify it in the cluster, or add it to a cluster that is terminated manually",
           severity=Severity.WARNING, source=management_guide("emr-plan-longrunning-transient"))
constraint("emr-added-step-failure", ADDITION,
           "a step that is added to a cluster must not terminate it, because the cluster is a resource of a stack",
           lambda added: added.get("ActionOnFailure") in _ENDING and str(added.get("ActionOnFailure")),
           fix="use CONTINUE or CANCEL_AND_WAIT", severity=Severity.WARNING,
           source=template_reference("aws-resource-emr-step"))
constraint("emr-added-step-runtime-role", ADDITION,
           "a step that is added to a cluster with runtime roles must have one, which AWS::EMR::Step lacks",
           lambda added: added.get("HasRuntimeRoles") is True,
           fix="submit the step with AddJobFlowSteps and ExecutionRoleArn",
           library_fix="use a StepSubmission with a runtime_role", source=management_guide("emr-steps-runtime-roles"))
