"""The tags of the clusters that a construct launches through the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from .._core import tokens
from .._core.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

__all__ = ["TagsAsJson", "all_tags", "launcher_of"]


def launcher_of(construct: Construct) -> str:
    """Return the value of the tag of its clusters, unique in the account and Region."""
    stack = tokens.stack_of(construct)
    path = construct.node.path.removeprefix(f"{stack.node.path}/")
    readable = re.sub(r"[^\w .:/=+@-]+", "-", path, flags=re.ASCII)
    return f"{stack.stack_name}/{readable[:80]} {tokens.address(construct)}"


def all_tags(scope: Construct, manager: cdk.TagManager, own: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags of a request at synth time, when all tags of the app are known.

    Tags of the request override those that CDK adds to the construct, which override those of the stack.

    :param manager: the tags that CDK adds to the construct.
    :param own: the tags of the request.
    """
    tags: dict[str, str] = {**cdk.Stack.of(scope).tags.tag_values(), **manager.tag_values()}
    return tags | {tag["Key"]: tag["Value"] for tag in own}


@jsii.implements(cdk.IStringProducer)
class TagsAsJson:
    """Produces the tags of a request at synth time, as JSON."""

    def __init__(self, scope: Construct, manager: cdk.TagManager, own: Sequence[Mapping[str, str]]) -> None:
        """Use the tags of ``manager`` and of the stack of ``scope``.

        :param own: the tags of the request.
        """
        self._scope = scope
        self._manager = manager
        self._own = own

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002
        """Return the tags, with tokens."""
        tags = all_tags(self._scope, self._manager, self._own)
        return json_text([{"Key": key, "Value": value} for key, value in tags.items()])
