"""The tags of the clusters that a state machine launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from .._core.input_values import as_expressions
from ..clusters.launch_tags import all_tags
from ..security import job_policies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

__all__ = ["ClusterTags"]


@jsii.implements(cdk.IAnyProducer)
class ClusterTags:
    """Produces the tags at synth time, with the ARN of the execution."""

    def __init__(self, scope: Construct, manager: cdk.TagManager, own: Sequence[Mapping[str, str]]) -> None:
        """Use the tags of ``manager`` and of the stack of ``scope``.

        :param own: the tags of the request.
        """
        self._scope = scope
        self._manager = manager
        self._own = own

    def produce(self, context: cdk.IResolveContext) -> list[dict[str, str]]:  # noqa: ARG002
        """Return the tags with the ARN of the execution, as JSONata expressions."""
        tags: dict[str, str] = as_expressions(all_tags(self._scope, self._manager, self._own))
        tags[job_policies.EXECUTION_TAG] = "{% $states.context.Execution.Id %}"
        return [{"Key": key, "Value": value} for key, value in tags.items()]
