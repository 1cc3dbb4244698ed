"""``moto_server``, one request at a time, and with what its CloudFormation lacks to run these stacks.

- It makes resources when they are first read, so that two requests at once would make them twice, and a look at the
  exports of a deleted stack would make them again.
- Its EMR API knows the DNS name of the master node, and keeps a cluster alive that has no steps; its CloudFormation
  handler passes on neither.
- It deletes a role without detaching its managed policies first, as CloudFormation does, and so it cannot; it does not
  delete route tables, and so no VPC that has some.
- ``/test/steps`` says what becomes of the steps that are submitted from now on; waits are long if they do not complete.
- Its CloudFormation makes state machines where its interpreter does not find them, and :mod:`tests.step_functions` says
  what the interpreter lacks.
"""

from __future__ import annotations

import json
import threading
from typing import Any

from moto.cloudformation.models import Stack
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.emr.models import Cluster
from moto.iam.models import Role, iam_backends
from moto.server import DomainDispatcherApplication, main
from moto.stepfunctions import models as stepfunctions
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.utilities.utils import get_partition

from tests.step_functions import World, interpreter

_world = World()

_attribute = Cluster.get_cfn_attribute
_create_cluster = Cluster.create_from_cloudformation_json.__func__
_delete_stack = Stack.delete
_delete_role = Role.delete_from_cloudformation_json.__func__
_dispatch = DomainDispatcherApplication.__call__
_one_at_a_time = threading.RLock()


def _with_master_public_dns(cluster: Cluster, attribute: str) -> str:
    return cluster.master_public_dns_name if attribute == "MasterPublicDNS" else _attribute(cluster, attribute)


def _create_and_keep_alive(cls: type[Cluster], name: str, resource: Any, *arguments: str, **more: Any) -> Cluster:
    instances = resource["Properties"]["Instances"]
    instances["keep_job_flow_alive_when_no_steps"] = instances.get("KeepJobFlowAliveWhenNoSteps", False)
    instances["termination_protected"] = instances.get("TerminationProtected", False)
    return _create_cluster(cls, name, resource, *arguments, **more)


def _detach_and_delete(cls: type[Role], name: str, resource: Any, account: str, region: str) -> None:
    backend = iam_backends[account][get_partition(region)]
    for arn in [arn for role in backend.roles.values() if role.name == name for arn in role.managed_policies]:
        backend.detach_role_policy(arn, name)
    _delete_role(cls, name, resource, account, region)


def _delete_route_table(cls: type[RouteTable], name: str, resource: Any, account: str, region: str) -> None:
    ec2_backends[account][region].delete_route_table(name)


def _delete_for_good(stack: Stack) -> None:
    _delete_stack(stack)
    stack.output_map._output_json_map = {}


def _dispatch_alone(application: DomainDispatcherApplication, environ: dict[str, Any], start_response: Any) -> Any:
    with _one_at_a_time:
        if environ.get("PATH_INFO") == "/test/steps":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            _world.outcome = json.loads(body)["state"]
            _world.wait_seconds = 0.01 if _world.outcome == "COMPLETED" else 2
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b"{}"]
        return list(_dispatch(application, environ, start_response))


if __name__ == "__main__":
    Cluster.get_cfn_attribute = _with_master_public_dns
    Cluster.has_cfn_attr = classmethod(lambda cls, attribute: attribute in ("Id", "MasterPublicDNS"))
    Cluster.create_from_cloudformation_json = classmethod(_create_and_keep_alive)
    Role.delete_from_cloudformation_json = classmethod(_detach_and_delete)
    RouteTable.delete_from_cloudformation_json = classmethod(_delete_route_table)
    Stack.delete = _delete_for_good
    stepfunctions.stepfunctions_backends = stepfunctions_parser_backends
    DomainDispatcherApplication.__call__ = _dispatch_alone
    with interpreter(_world):
        main()
