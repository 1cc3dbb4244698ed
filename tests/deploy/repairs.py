"""What moto's CloudFormation lacks to deploy and delete these stacks.

- It reads templates as YAML, with a parser in Python, also if they are JSON.
- It makes the resources of a deleted stack again when its exports or resources are looked at.
- Its EMR API knows the DNS name of the master node, and keeps a cluster alive that has no steps; its CloudFormation
  handler passes on neither.
- It deletes a role without detaching its managed policies first, as CloudFormation does, and so it cannot; it does not
  delete route tables, and so no VPC that has some, nor NAT gateways and VPC endpoints.
- It makes a key with a policy and tags that its KMS API cannot read.
- It never runs the steps that are submitted to a cluster.
- It makes state machines where its interpreter does not find them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

from moto.cloudformation.models import Stack
from moto.ec2.models import ec2_backends
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpcs import VPCEndPoint
from moto.emr.models import Cluster, Step
from moto.iam.models import Role, iam_backends
from moto.kms.models import Key
from moto.stepfunctions import models as stepfunctions
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.utilities.utils import get_partition

_attribute = Cluster.get_cfn_attribute
_create_cluster = Cluster.create_from_cloudformation_json.__func__
_create_key = Key.create_from_cloudformation_json.__func__
_add_steps = Cluster.add_steps
_delete_stack = Stack.delete
_parse_template = Stack.parse_template
_delete_role = Role.delete_from_cloudformation_json.__func__


def _with_master_public_dns(cluster: Cluster, attribute: str) -> str:
    return cluster.master_public_dns_name if attribute == "MasterPublicDNS" else _attribute(cluster, attribute)


def _create_and_keep_alive(cls: type[Cluster], name: str, resource: Any, *arguments: str, **more: Any) -> Cluster:
    instances = resource["Properties"]["Instances"]
    instances["keep_job_flow_alive_when_no_steps"] = instances.get("KeepJobFlowAliveWhenNoSteps", False)
    instances["termination_protected"] = instances.get("TerminationProtected", False)
    return _create_cluster(cls, name, resource, *arguments, **more)


def _create_readable_key(cls: type[Key], name: str, resource: Any, *arguments: str, **more: Any) -> Key:
    tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in resource["Properties"].get("Tags", [])]
    spelled = {**resource, "Properties": {**resource["Properties"], "Tags": tags}}
    key = _create_key(cls, name, spelled, *arguments, **more)
    key.policy = key.policy if isinstance(key.policy, str) else json.dumps(key.policy)
    return key


def _complete_steps(cluster: Cluster, steps: list[dict[str, Any]]) -> list[Step]:
    added = _add_steps(cluster, steps)
    for step in added:
        step.state = "COMPLETED"
    cluster.state = "WAITING"
    return added


def _detach_and_delete(cls: type[Role], name: str, resource: Any, account: str, region: str) -> None:
    backend = iam_backends[account][get_partition(region)]
    for arn in [arn for role in backend.roles.values() if role.name == name for arn in role.managed_policies]:
        backend.detach_role_policy(arn, name)
    _delete_role(cls, name, resource, account, region)


def _delete_route_table(cls: type[RouteTable], name: str, resource: Any, account: str, region: str) -> None:
    ec2_backends[account][region].delete_route_table(name)


def _delete_nat_gateway(cls: type[NatGateway], name: str, resource: Any, account: str, region: str) -> None:
    ec2_backends[account][region].delete_nat_gateway(name)


def _delete_endpoint(cls: type[VPCEndPoint], name: str, resource: Any, account: str, region: str) -> None:
    # Its route tables can be deleted already.
    ec2_backends[account][region].vpc_end_points[name].state = "deleted"


def _parse(template: str) -> Any:
    return json.loads(template) if template.startswith("{") else _parse_template(template)


def _delete_for_good(stack: Stack) -> None:
    _delete_stack(stack)
    stack.output_map._output_json_map = {}
    stack.resource_map._resource_json_map = {}


@contextlib.contextmanager
def repaired() -> Iterator[None]:
    """moto's CloudFormation with what it lacks."""
    with (
        mock.patch.object(Cluster, "get_cfn_attribute", _with_master_public_dns),
        mock.patch.object(Cluster, "has_cfn_attr", classmethod(lambda cls, name: name in ("Id", "MasterPublicDNS"))),
        mock.patch.object(Cluster, "add_steps", _complete_steps),
        mock.patch.object(Cluster, "create_from_cloudformation_json", classmethod(_create_and_keep_alive)),
        mock.patch.object(Key, "create_from_cloudformation_json", classmethod(_create_readable_key)),
        mock.patch.object(Role, "delete_from_cloudformation_json", classmethod(_detach_and_delete)),
        mock.patch.object(RouteTable, "delete_from_cloudformation_json", classmethod(_delete_route_table)),
        mock.patch.object(NatGateway, "delete_from_cloudformation_json", classmethod(_delete_nat_gateway), create=True),
        mock.patch.object(VPCEndPoint, "delete_from_cloudformation_json", classmethod(_delete_endpoint), create=True),
        mock.patch.object(Stack, "parse_template", staticmethod(_parse)),
        mock.patch.object(Stack, "delete", _delete_for_good),
        mock.patch.object(stepfunctions, "stepfunctions_backends", stepfunctions_parser_backends),
    ):
        yield
