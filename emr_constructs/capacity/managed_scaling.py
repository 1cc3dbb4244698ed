"""EMR resizes core and task nodes by itself, within limits.

- ``ManagedScaling.instances(minimum=2, maximum=20, maximum_on_demand=5)`` for instance groups
- ``ManagedScaling.vcpu(minimum=16, maximum=320)`` for instance groups of different sizes
- ``ManagedScaling.fleet_units(minimum=4, maximum=64, maximum_core=8)`` for instance fleets
"""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from .._core.signatures import check_calls
from .._core.unknown import is_unknown
from .._core.values import value_class
from ..rules import enforce

__all__ = ["ManagedScaling", "ScalingLimits"]


class ScalingLimits(TypedDict, total=False):
    """What the factories of :class:`ManagedScaling` take besides minimum and maximum: its fields of the same names."""

    maximum_on_demand: int
    maximum_core: int
    utilization_performance_index: int


@check_calls
@value_class(kw_only=True)
class ManagedScaling:
    """Limits for the capacity of core and task nodes together; made with one of the factories.

    The counts and targets of groups and fleets are those that the cluster is launched with; EMR changes them later, and
    a deployment that changes a declared count resizes to it. Work outside of YARN (HBase, Presto, Trino) is not seen.
    A changed limit is an update in place. Needs emr-5.30.0 or newer, except 6.0.0.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-scaling.html

    :raises EmrError: the limits contradict each other, or there is no such utilization performance index.
    """

    unit_type: str
    minimum: int
    """The least capacity of core and task nodes, 1 or more."""

    maximum: int
    """The most capacity of core and task nodes."""

    maximum_on_demand: int | None = None
    """The most On-Demand capacity; what is above is Spot. Default: the maximum."""

    maximum_core: int | None = None
    """The most capacity of core nodes; what is above are task nodes. Default: the maximum."""

    utilization_performance_index: int | None = None
    """1, 25, 50, 75 or 100, from saving cost to performance: the advanced scaling strategy, from emr-7.0.0 on.
    Default: EMR's default strategy."""

    def __post_init__(self) -> None:
        enforce("ManagedScalingPolicy", self._render())

    @classmethod
    def instances(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Count instances, of instance groups.

        :param minimum: the least number of core and task nodes, 1 or more.
        :param maximum: the most core and task nodes.
        :param limits: the other fields.
        """
        return cls(unit_type="Instances", minimum=minimum, maximum=maximum, **limits)

    @classmethod
    def vcpu(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Count virtual CPUs, of instance groups.

        :param minimum: the fewest vCPUs of core and task nodes, 1 or more.
        :param maximum: the most vCPUs of core and task nodes.
        :param limits: the other fields.
        """
        return cls(unit_type="VCPU", minimum=minimum, maximum=maximum, **limits)

    @classmethod
    def fleet_units(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Count units of instance fleets, as their targets do.

        :param minimum: the fewest units of the core and the task fleet, 1 or more.
        :param maximum: the most units of the core and the task fleet.
        :param limits: the other fields.
        """
        return cls(unit_type="InstanceFleetUnits", minimum=minimum, maximum=maximum, **limits)

    @property
    def adds_spot(self) -> bool:
        """Whether EMR adds Spot Instances to instance fleets, whatever their own targets are."""
        on_demand = self.maximum_on_demand
        return on_demand is not None and (is_unknown(self.maximum) or on_demand < self.maximum)

    def _render(self) -> dict[str, Any]:
        """The limits in the shape of the EMR API (``ManagedScalingPolicy``)."""
        limits: dict[str, Any] = {
            "UnitType": self.unit_type,
            "MinimumCapacityUnits": self.minimum,
            "MaximumCapacityUnits": self.maximum,
        }
        if self.maximum_on_demand is not None:
            limits["MaximumOnDemandCapacityUnits"] = self.maximum_on_demand
        if self.maximum_core is not None:
            limits["MaximumCoreCapacityUnits"] = self.maximum_core
        policy: dict[str, Any] = {"ComputeLimits": limits}
        if self.utilization_performance_index is not None:
            policy["ScalingStrategy"] = "ADVANCED"
            policy["UtilizationPerformanceIndex"] = self.utilization_performance_index
        return policy
