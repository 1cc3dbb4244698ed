"""The effect of a failed step on its cluster."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ActionOnFailure"]


class ActionOnFailure(StrEnum):
    """The effect of a failed step on the cluster and on pending steps.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_StepConfig.html
    """

    CONTINUE = "CONTINUE"
    """The next step runs."""

    CANCEL_AND_WAIT = "CANCEL_AND_WAIT"
    """Pending steps are canceled; the cluster continues to run."""

    TERMINATE_CLUSTER = "TERMINATE_CLUSTER"
    """The cluster is terminated, unless it is kept alive and termination-protected."""
