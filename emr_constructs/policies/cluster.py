"""A cluster as company rules read it: joined with its security configuration, nodes and steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from .._core.unknown import MACRO, is_unknown
from .cluster_parts import ResolvedConfiguration, ResolvedSecurityConfiguration, ResolvedStep, ResolvedSubnet
from .known import KnownItems, Undecided
from .nodes import ResolvedNodes, short_form
from .parts import ResolvedPart, Source

if TYPE_CHECKING:
    from ..prices.amounts import Cost
    from ..prices.price_file import Prices

__all__ = ["Joined", "ResolvedCluster"]

_LISTS: Final = {"InstanceGroups": "InstanceRole", "InstanceFleets": "InstanceFleetType"}


@dataclass(frozen=True)
class Joined:
    """What belongs to a cluster in addition to its request."""

    nodes: Sequence[Source] = ()
    """Instance groups and fleets that others add."""

    steps: Sequence[Source] = ()
    document: Any = None
    """The security configuration; None if it is unknown."""

    private: Mapping[str, bool] = field(default_factory=dict)
    """Whether subnets are private, by the text that the request has for them."""

    subnet_names: Mapping[str, str] = field(default_factory=dict)
    """The logical IDs of subnets, by the text that the request has for them."""

    stack_tags: Mapping[str, str] = field(default_factory=dict)
    """The tags of the stack, which CloudFormation adds to the cluster."""

    stays_alive: bool = False
    """Whether the cluster stays alive if the request doesn't say so."""

    state_machine: str = ""
    is_terminated: bool = False
    """Whether the state machine terminates the cluster."""


class ResolvedCluster(ResolvedPart):
    """A cluster that a template, a state machine or a request launches.

        @rules.rule("acme-name", statement="Names of clusters must begin with acme-", fix="change the name")
        def name(cluster: emr.ResolvedCluster) -> Iterator[emr.Violation]:
            if cluster.name and not cluster.name.startswith("acme-"):
                yield cluster.violation(f"name must begin with acme-, got {cluster.name!r}", member="Name")

    https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
    """

    _SHAPE = "RunJobFlowInput"

    def __init__(self, source: Source, joined: Joined | None = None) -> None:
        super().__init__(source)
        self._joined = joined or Joined()

    @property
    def name(self) -> str | None:
        """The name."""
        return self._text("Name")

    @property
    def release_label(self) -> str | None:
        """The release, such as ``emr-7.14.0``."""
        return self._text("ReleaseLabel")

    @property
    def applications(self) -> Sequence[str]:
        """The names of the applications, such as ``Spark``."""
        placed, is_complete = self._listed("Applications")
        names = [item.get("Name") for _, item in placed if isinstance(item, Mapping)]
        known = [name for name in names if isinstance(name, str) and not is_unknown(name)]
        return KnownItems(known, owner=self._source.key, is_complete=is_complete and len(known) == len(placed))

    @property
    def state_machine(self) -> str:
        """The logical ID of the state machine that launches the cluster. Empty for a cluster of a stack."""
        return self._joined.state_machine

    @property
    def nodes(self) -> Sequence[ResolvedNodes]:
        """All instance groups or instance fleets, also those that other resources add."""
        found: list[ResolvedNodes] = []
        is_complete = True
        for name, role in _LISTS.items():
            placed, has_all = self._listed("Instances", name)
            known = [(path, item) for path, item in placed if isinstance(item, Mapping) and role in item]
            found += [ResolvedNodes(self._source.inside(item, path)) for path, item in known]
            is_complete = is_complete and has_all and len(known) == len(placed)
        instances = self._source.members.get("Instances")
        if isinstance(instances, Mapping) and not is_unknown(instances) and not found:
            found = short_form(self._source, instances)
        added = [ResolvedNodes(self._source.sharing(part)) for part in self._joined.nodes]
        return self._visible([*found, *added], is_complete=is_complete)

    @property
    def maximum_nodes(self) -> int:
        """The maximum number of nodes, with primary nodes, at launch or with scaling.

        For fleets, as if all instances had the type with the fewest units or vCPUs.
        """
        others = [nodes for nodes in self.nodes if nodes.role != "primary"]
        at_launch = sum(nodes.maximum_count for nodes in others)
        primary = sum(nodes.maximum_count for nodes in self.nodes if nodes.role == "primary")
        limits = ("ManagedScalingPolicy", "ComputeLimits")
        limit = self._number(*limits, "MaximumCapacityUnits")
        if limit is None or not others:
            return primary + at_launch
        unit = self._text(*limits, "UnitType")
        smallest = 1
        if unit == "InstanceFleetUnits":
            smallest = min(nodes.smallest_units for nodes in others)
        elif unit == "VCPU":
            smallest = min(nodes.smallest_vcpus for nodes in others)
        return primary + max(at_launch, -(-limit // smallest))

    def hourly_cost(self, prices: Prices) -> Cost:
        """Return the hourly cost at launch or at the limit of scaling, whichever can be more.

        Unknown values and types without a price aren't part of it.
        """
        from ..prices.cluster_costs import hourly_cost

        added = [(part.resource, part.members) for part in self._joined.nodes]
        return hourly_cost(self._source.members, prices, added).highest

    @property
    def steps(self) -> Sequence[ResolvedStep]:
        """All steps, also those that other resources or the state machine add."""
        placed, is_complete = self._listed("Steps")
        sources = [self._source.inside(item, path) for path, item in placed]
        added = map(self._source.sharing, self._joined.steps)
        return self._visible(map(ResolvedStep, (*sources, *added)), is_complete=is_complete)

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags, with those of the stack in a cloud assembly."""
        placed, is_complete = self._listed("Tags")
        tags = [item for _, item in placed if isinstance(item, Mapping) and not is_unknown(item)]
        known: dict[Any, Any] = dict(self._joined.stack_tags)
        known |= {tag.get("Key"): tag.get("Value", "") for tag in tags}
        return self._values(known, is_complete=is_complete and len(tags) == len(placed))

    @property
    def log_uri(self) -> str | None:
        """The S3 URI of the logs."""
        return self._text("LogUri")

    @property
    def subnets(self) -> Sequence[ResolvedSubnet]:
        """The subnets that the cluster may run in. Empty if none is specified: EMR then uses the default VPC."""
        found: list[ResolvedSubnet] = []
        is_complete = True
        names = [("Instances.Ec2SubnetId", self._own("Instances", "Ec2SubnetId"))]
        placed = self._own("Instances", "Ec2SubnetIds")
        if isinstance(placed, list):
            names += [(f"Instances.Ec2SubnetIds[{at}]", item) for at, item in enumerate(placed)]
        elif placed is not None:
            is_complete = False
        for path, value in names:
            if not isinstance(value, str):
                is_complete = is_complete and value is None
                continue
            name = self._joined.subnet_names.get(value, None if is_unknown(value) else value)
            source = self._source.inside({}, path)
            found.append(ResolvedSubnet(source, name, self._joined.private.get(value)))
        instances = self._source.members.get("Instances", {})
        is_open = MACRO in self._source.members or is_unknown(instances) or MACRO in instances
        return self._visible(found, is_complete=is_complete and not is_open)

    @property
    def security_configuration(self) -> ResolvedSecurityConfiguration | None:
        """The security configuration. Unknown if the template doesn't have it."""
        if self._own("SecurityConfiguration") is None:
            self._read("SecurityConfiguration")
            return None
        document = self._joined.document
        if not isinstance(document, Mapping) or is_unknown(document):
            raise Undecided(self._source.key)

        def locate(found: Any, _path: str) -> Any:
            return self._source.locate(found, "SecurityConfiguration")

        return ResolvedSecurityConfiguration(replace(self._source, members=document, locate=locate, path="document"))

    @property
    def ends_by_itself(self) -> bool:
        """Whether the cluster terminates without you: after its steps, when it is idle, or by its state machine."""
        if self._joined.is_terminated:
            return True
        # EMR ignores automatic termination of a cluster with three primary nodes.
        if any(nodes.count == 3 for nodes in self.nodes if nodes.role == "primary"):
            return False
        if self._own("AutoTerminationPolicy") is not None:
            return True
        alive = self._flag("Instances", "KeepJobFlowAliveWhenNoSteps")
        if alive is None:
            alive = self._joined.stays_alive
        if alive:
            self._read("AutoTerminationPolicy")
        return not alive

    @property
    def configurations(self) -> Sequence[ResolvedConfiguration]:
        """The configurations of the cluster; nodes may have others."""
        return self._parts(ResolvedConfiguration, "Configurations")

    def setting(self, classification: str, name: str) -> str | None:
        """Return a setting of the configurations of the cluster.

        :param classification: such as ``spark-defaults``.
        :param name: such as ``spark.dynamicAllocation.enabled``.
        """
        found = None
        for part in self.configurations:
            if part.classification == classification:
                found = part.properties.get(name, found)
        return found

    def _own(self, *names: str) -> Any:
        """A member of the request, known or not; None if it is absent or may be added."""
        found = self._source.members
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) and not is_unknown(found) else None
        return found
