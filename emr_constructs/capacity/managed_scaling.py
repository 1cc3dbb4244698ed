"""Managed scaling: EMR resizes core and task nodes within limits.

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
    """The options of ``ManagedScaling``, which are its fields of the same names."""

    maximum_on_demand: int
    maximum_core: int
    utilization_performance_index: int


@check_calls
@value_class(kw_only=True)
class ManagedScaling:
    """Limits for the capacity of all core and task nodes; created with a factory.

    The counts and targets of groups and fleets are initial values. A deployment that changes one of them resizes the
    group or fleet to it. Work outside of YARN (HBase, Presto, Trino) isn't considered. Changed limits are updated in
    place. Requires emr-5.30.0 or later, except 6.0.0.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-scaling.html

    :raises EmrError: the limits contradict each other, or the utilization performance index is invalid.
    """

    unit_type: str
    minimum: int
    """The minimum capacity of core and task nodes, 1 or more."""

    maximum: int
    """The maximum capacity of core and task nodes."""

    maximum_on_demand: int | None = None
    """The maximum On-Demand capacity; additional capacity is Spot. Default: ``maximum``."""

    maximum_core: int | None = None
    """The maximum capacity of core nodes; additional capacity is task nodes. Default: ``maximum``."""

    utilization_performance_index: int | None = None
    """1, 25, 50, 75 or 100, from low cost to high performance: the advanced scaling strategy, from emr-7.0.0 on.
    Default: EMR's default strategy."""

    def __post_init__(self) -> None:
        enforce("ManagedScalingPolicy", self._render())

    @classmethod
    def instances(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Set limits in instances, for instance groups.

        :param minimum: the minimum number of core and task nodes, 1 or more.
        :param maximum: the maximum number of core and task nodes.
        :param limits: the other fields.
        """
        return cls(unit_type="Instances", minimum=minimum, maximum=maximum, **limits)

    @classmethod
    def vcpu(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Set limits in vCPUs, for instance groups.

        :param minimum: the minimum number of vCPUs of core and task nodes, 1 or more.
        :param maximum: the maximum number of vCPUs of core and task nodes.
        :param limits: the other fields.
        """
        return cls(unit_type="VCPU", minimum=minimum, maximum=maximum, **limits)

    @classmethod
    def fleet_units(cls, *, minimum: int, maximum: int, **limits: Unpack[ScalingLimits]) -> ManagedScaling:
        """Set limits in units, for instance fleets.

        :param minimum: the minimum number of units of the core and task fleet, 1 or more.
        :param maximum: the maximum number of units of the core and task fleet.
        :param limits: the other fields.
        """
        return cls(unit_type="InstanceFleetUnits", minimum=minimum, maximum=maximum, **limits)

    @property
    def adds_spot(self) -> bool:
        """Whether EMR can add Spot Instances to fleets, independent of their targets."""
        on_demand = self.maximum_on_demand
        if on_demand is None:
            return False
        return is_unknown(self.maximum) or is_unknown(on_demand) or on_demand < self.maximum

    def _render(self) -> dict[str, Any]:
        """Render ``ManagedScalingPolicy`` of the EMR API."""
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
