"""Resources that are added to a cluster of the same template, for the rules about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import is_unknown
from ..rules.authorization import has_runtime_roles
from .intrinsics import Scenario, mapping
from .links import OWNERS, request_of, security_document
from .references import reference
from .requests import CLUSTER, FLEET, GROUP, STEP, coerced
from .vpc import has_three_masters

if TYPE_CHECKING:
    from .graph import Graph

__all__ = ["addition"]

_OF_THE_END: Final = ("AutoTerminationPolicy", "Instances")
_NOUNS: Final = {STEP: "a step", GROUP: "an instance group", FLEET: "an instance fleet"}


def addition(graph: Graph, scenario: Scenario, name: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step, group or fleet in the shape of ``rules.additions.ADDITION``."""
    kind = graph.kind(name)
    found: dict[str, Any] = {"What": _NOUNS[kind]}
    if isinstance(action := members.get("ActionOnFailure"), str) and kind == STEP:
        found["ActionOnFailure"] = action
    owner = reference(scenario.value(graph.properties(name).get(OWNERS[kind])))
    if owner is not None and graph.kind(owner.resource) == CLUSTER:
        cluster = request_of(graph, scenario, owner.resource).members
        end = _end(coerced("RunJobFlowInput", {name: cluster[name] for name in _OF_THE_END if name in cluster}))
        if end is not None:
            found["Ends"] = end
        security = security_document(graph, scenario, cluster.get("SecurityConfiguration")) if kind == STEP else None
        if isinstance(security, Mapping) and has_runtime_roles(security):
            found["HasRuntimeRoles"] = True
    return found


def _end(cluster: Mapping[str, Any]) -> str | None:
    """When a cluster terminates by itself, in words; None if it doesn't, or if that is unknown."""
    instances = mapping(cluster.get("Instances"))
    # EMR ignores automatic termination of a cluster with three primary nodes.
    if not instances or has_three_masters(instances):
        return None
    if instances.get("KeepJobFlowAliveWhenNoSteps") is False:
        return "after its steps"
    policy = cluster.get("AutoTerminationPolicy")
    return "when it is idle" if policy is not None and not is_unknown(policy) else None
