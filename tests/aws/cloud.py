"""The account that a check deploys to, and what in it belongs to the check."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config

from tests.deploy.waiting import ENDED

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

TAG: Final = "emr-constructs:check"
"""The tag of all stacks of a check; its value is the ID of the check."""

PREFIX: Final = "EmrCheck-"
"""Begins the names of the stacks and clusters of all checks, before the ID."""

PATIENT: Final = Config(retries={"mode": "standard", "max_attempts": 10})
_GONE: Final = "DELETE_COMPLETE"


def new_id() -> str:
    return secrets.token_hex(4)


def is_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}", text) is not None


@dataclass(frozen=True)
class Limits:
    """How many minutes each wait takes at most, and the pause between two looks."""

    network: int = 20
    deploy: int = 60
    waiting: int = 20
    step: int = 20
    launch: int = 10
    execution: int = 60
    cleanup: int = 10
    destroy: int = 45
    pause_seconds: float = 15


@dataclass(frozen=True)
class Stack:
    """A stack of a check."""

    id: str
    name: str
    status: str

    @property
    def exists(self) -> bool:
        return self.status != _GONE

    @property
    def is_network(self) -> bool:
        return self.name.endswith("-ExampleNetwork")


@dataclass
class Cloud:
    """The clients of an account, and the ID of the check that deploys to it."""

    session: Any
    run: str
    account: str
    principal: str
    cdk: Callable[..., str]
    limits: Limits = field(default_factory=Limits)
    after_abort: Callable[[dict[str, Any]], None] = lambda _: None
    """What happens when an execution was aborted; AWS itself sends an event."""

    _clients: dict[str, Any] = field(default_factory=dict)

    @property
    def region(self) -> str:
        return str(self.session.region_name)

    @property
    def stage(self) -> str:
        """Begins the names of all stacks and clusters of the check."""
        return f"{PREFIX}{self.run}"

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.session.client(service, config=PATIENT)
        return self._clients[service]

    def pages(self, service: str, operation: str, key: str, **request: Any) -> Iterator[Any]:
        """What an operation returns in all of its pages."""
        client = self.client(service)
        if not client.can_paginate(operation):
            yield from getattr(client, operation)(**request)[key]
            return
        for page in client.get_paginator(operation).paginate(**request):
            yield from page.get(key, ())

    def stacks(self) -> list[Stack]:
        """The stacks of the check, deleted ones included; networks come last."""
        named = [
            found
            for found in self.pages("cloudformation", "list_stacks", "StackSummaries")
            if found["StackName"].startswith(f"{self.stage}-")
        ]
        owned = [
            Stack(found["StackId"], found["StackName"], found["StackStatus"])
            for found in named
            if self._is_tagged(found["StackId"])
        ]
        return sorted(owned, key=lambda stack: stack.is_network)

    def _is_tagged(self, stack_id: str) -> bool:
        """A name isn't sufficient: only what has the tag of the check is ever deleted."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=stack_id)["Stacks"]
        return {"Key": TAG, "Value": self.run} in stack.get("Tags", [])

    def resources(self, stack: Stack) -> list[dict[str, Any]]:
        return list(self.pages("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack.id))

    def physical_ids(self, stack: Stack, kind: str) -> dict[str, str]:
        """The resources of a type by logical ID."""
        return {
            found["LogicalResourceId"]: found["PhysicalResourceId"]
            for found in self.resources(stack)
            if found.get("ResourceType") == kind and found.get("PhysicalResourceId")
        }

    def clusters(self, *, running: bool = False) -> list[dict[str, Any]]:
        """The clusters of the check; also those that executions launched.

        :param running: only those that aren't terminated.
        """
        # ListClusters returns two months of clusters.
        request: dict[str, Any] = {"CreatedAfter": datetime.now(UTC) - timedelta(days=60)}
        found = [
            self.cluster(listed["Id"])
            for listed in self.pages("emr", "list_clusters", "Clusters", **request)
            if listed["Name"].startswith(f"{self.stage}/") and not (running and listed["Status"]["State"] in ENDED)
        ]
        return [cluster for cluster in found if {"Key": TAG, "Value": self.run} in cluster.get("Tags", [])]

    def cluster(self, cluster_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client("emr").describe_cluster(ClusterId=cluster_id)["Cluster"]
        return found


def has_ended(cluster: dict[str, Any]) -> bool:
    return cluster["Status"]["State"] in ENDED


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
