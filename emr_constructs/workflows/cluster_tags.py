"""The tags of the clusters that a state machine launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from .._core.input_values import as_expressions
from ..security import job_policies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

__all__ = ["ClusterTags"]


@jsii.implements(cdk.IAnyProducer)
class ClusterTags:
    """Produces the tags at synth time, when all tags of the app are known.

    Tags of the request override those that CDK adds to the construct, which override those of the stack.
    """

    def __init__(self, scope: Construct, manager: cdk.TagManager, own: Sequence[Mapping[str, str]]) -> None:
        """Use the tags of ``manager`` and of the stack of ``scope``.

        :param own: the tags of the request.
        """
        self._scope = scope
        self._manager = manager
        self._own = {tag["Key"]: tag["Value"] for tag in own}

    def produce(self, context: cdk.IResolveContext) -> list[dict[str, str]]:  # noqa: ARG002
        """Return the tags with the ARN of the execution, as JSONata expressions."""
        stack, construct = cdk.Stack.of(self._scope).tags.tag_values(), self._manager.tag_values()
        tags: dict[str, str] = as_expressions({**stack, **construct, **self._own})
        tags[job_policies.EXECUTION_TAG] = "{% $states.context.Execution.Id %}"
        return [{"Key": key, "Value": value} for key, value in tags.items()]
