"""Reads a running cluster with boto3.

https://docs.aws.amazon.com/emr/latest/APIReference/API_DescribeCluster.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..rules.security_configuration import DOCUMENT
from ..templates.parsing import UnreadableError
from ..templates.requests import CLUSTER, SECURITY_CONFIGURATION, coerced
from .answers import request_of_answers
from .identifiers import class_name
from .inputs import Plan
from .parts import KINDS, Part, is_unwrapped, typed
from .resolution import Intrinsic

__all__ = ["check_id", "client_of", "running_plan"]

_ID: Final = re.compile(r"j-[0-9A-Z]+")


def client_of(region: str | None, profile: str | None) -> Any:
    """Return a client of EMR.

    :raises UnreadableError: boto3 isn't installed, or the AWS configuration is incomplete.
    """
    try:
        import boto3
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise UnreadableError(
            '--cluster-id requires boto3, which isn\'t installed; run pip install "emr-constructs[aws]"'
        ) from None
    try:
        return boto3.Session(profile_name=profile, region_name=region).client("emr")
    except BotoCoreError as error:
        what = str(error).rstrip(".")
        raise UnreadableError(f"{what}; specify --region and --profile, or configure the AWS CLI") from None


def check_id(cluster_id: str) -> None:
    """Check the ID of a cluster.

    :raises UnreadableError: it isn't one.
    """
    if not _ID.fullmatch(cluster_id):
        raise UnreadableError(f"--cluster-id must be the ID of a cluster, such as j-1ABCDEFGHIJKL, got {cluster_id!r}")


def running_plan(cluster_id: str, client: Any) -> Plan:
    """Return the plan for a running cluster.

    :param client: a client of EMR.
    :raises UnreadableError: the ID is invalid, or EMR rejects a call.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    check_id(cluster_id)
    try:
        return _Reader(client, cluster_id).plan()
    except ClientError as error:
        reason = error.response.get("Error", {}).get("Message") or str(error)
        raise UnreadableError(f"{cluster_id}: {error.operation_name} failed: {reason}") from None
    except BotoCoreError as error:
        raise UnreadableError(f"{cluster_id}: {error}; configure credentials, or specify --profile") from None


class _Reader:
    def __init__(self, client: Any, cluster_id: str) -> None:
        self._client = client
        self._id = cluster_id

    def plan(self) -> Plan:
        cluster = self._client.describe_cluster(ClusterId=self._id)["Cluster"]
        parts: list[Part] = []
        request = request_of_answers(cluster, self._lists(cluster))
        if "SecurityConfiguration" in request:
            part = self._security_configuration(request["SecurityConfiguration"])
            parts.append(part)
            request["SecurityConfiguration"] = Intrinsic({"Ref": part.logical_id})
        parts.append(Part("Cluster", CLUSTER, typed(KINDS[CLUSTER], coerced(KINDS[CLUSTER], request))))
        notes = ["the cluster has run these steps; remove those that must not run again"] if "Steps" in request else []
        return Plan(class_name(str(cluster.get("Name", "")), "Cluster"), {}, parts, notes=notes)

    def _lists(self, cluster: Mapping[str, Any]) -> dict[str, Any]:
        has_fleets = cluster.get("InstanceCollectionType") == "INSTANCE_FLEET"
        operations = {
            "BootstrapActions": "list_bootstrap_actions",
            "Steps": "list_steps",
            **(
                {"InstanceFleets": "list_instance_fleets"} if has_fleets else {"InstanceGroups": "list_instance_groups"}
            ),
        }
        found: dict[str, Any] = {name: list(self._pages(call, name)) for name, call in operations.items()}
        scaling = self._client.get_managed_scaling_policy(ClusterId=self._id)
        idle = self._client.get_auto_termination_policy(ClusterId=self._id)
        return {
            **found,
            "ManagedScalingPolicy": scaling.get("ManagedScalingPolicy"),
            "AutoTerminationPolicy": idle.get("AutoTerminationPolicy"),
        }

    def _security_configuration(self, name: str) -> Part:
        answer = self._client.describe_security_configuration(Name=name)
        document = coerced(DOCUMENT, json.loads(answer["SecurityConfiguration"]))
        logical_id = class_name(name, "SecurityConfiguration")
        found = "SecurityConfiguration" if logical_id == "Cluster" else logical_id
        return Part(found, SECURITY_CONFIGURATION, typed(DOCUMENT, document), is_unwrapped=is_unwrapped(document))

    def _pages(self, operation: str, member: str) -> Iterator[Mapping[str, Any]]:
        for page in self._client.get_paginator(operation).paginate(ClusterId=self._id):
            yield from page.get(member, ())
