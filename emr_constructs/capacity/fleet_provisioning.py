"""Provisioning of instance fleets, at launch and when a fleet is resized.

- ``SpotProvisioning(allocation_strategy=SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED, timeout_minutes=20)``
- ``OnDemandProvisioning(capacity_reservations=CapacityReservations.open())``
- ``SpotResizing(timeout_minutes=30)``, ``OnDemandResizing(timeout_minutes=30)``
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import Duration

__all__ = [
    "CapacityReservations",
    "OnDemandAllocationStrategy",
    "OnDemandProvisioning",
    "OnDemandResizing",
    "SpotAllocationStrategy",
    "SpotProvisioning",
    "SpotResizing",
    "SpotTimeoutAction",
]

_RESERVATIONS_FIRST: Final = "use-capacity-reservations-first"


class OnDemandAllocationStrategy(StrEnum):
    """The order in which EC2 chooses instance types for On-Demand capacity.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html
    """

    LOWEST_PRICE = "lowest-price"
    """The available type with the lowest price."""

    PRIORITIZED = "prioritized"
    """By the priority of the instance types."""


class SpotAllocationStrategy(StrEnum):
    """The order in which EC2 chooses pools for Spot capacity.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html
    """

    PRICE_CAPACITY_OPTIMIZED = "price-capacity-optimized"
    """The lowest price among the pools that are least likely to be interrupted."""

    CAPACITY_OPTIMIZED = "capacity-optimized"
    """The pools that are least likely to be interrupted."""

    CAPACITY_OPTIMIZED_PRIORITIZED = "capacity-optimized-prioritized"
    """The pools that are least likely to be interrupted, then by the priority of the instance types."""

    LOWEST_PRICE = "lowest-price"
    """The pools with the lowest price, which are interrupted most often."""

    DIVERSIFIED = "diversified"
    """All pools evenly."""


class SpotTimeoutAction(StrEnum):
    """The action when Spot capacity isn't provisioned within the timeout.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SpotProvisioningSpecification.html
    """

    SWITCH_TO_ON_DEMAND = "SWITCH_TO_ON_DEMAND"
    """On-Demand Instances replace the missing capacity."""

    TERMINATE_CLUSTER = "TERMINATE_CLUSTER"
    """The cluster is terminated, and the deployment fails."""


@check_calls
@value_class
class CapacityReservations:
    """The use of capacity reservations by On-Demand Instances.

    Created with one of the factories.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/on-demand-capacity-reservations.html
    """

    usage_strategy: str | None
    preference: str | None = None
    resource_group_arn: str | None = None

    def __post_init__(self) -> None:
        enforce("OnDemandCapacityReservationOptions", self._render())

    @classmethod
    def open(cls) -> CapacityReservations:
        """Use open reservations first, then other capacity."""
        return cls(_RESERVATIONS_FIRST, "open")

    @classmethod
    def targeted(cls, resource_group_arn: str) -> CapacityReservations:
        """Use the reservations of a resource group first, then other capacity.

        :param resource_group_arn: the ARN of the resource group with the reservations.
        :raises EmrError: ``resource_group_arn`` isn't the ARN of a resource group.
        """
        return cls(_RESERVATIONS_FIRST, resource_group_arn=resource_group_arn)

    @classmethod
    def none(cls) -> CapacityReservations:
        """Don't use any reservations, including open ones."""
        return cls(None, "none")

    @property
    def are_used(self) -> bool:
        """Whether instances can use reservations."""
        return self.preference != "none"

    def _render(self) -> dict[str, Any]:
        """Render ``OnDemandCapacityReservationOptions`` of the EMR API."""
        return _given(
            UsageStrategy=self.usage_strategy,
            CapacityReservationPreference=self.preference,
            CapacityReservationResourceGroupArn=self.resource_group_arn,
        )


@check_calls
@value_class(kw_only=True)
class OnDemandProvisioning:
    """Provisioning of the On-Demand capacity of a fleet at launch.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_OnDemandProvisioningSpecification.html

    :raises EmrError: capacity reservations are combined with a strategy other than the lowest price.
    """

    allocation_strategy: OnDemandAllocationStrategy = OnDemandAllocationStrategy.LOWEST_PRICE
    """The allocation strategy. Default: the lowest price."""

    capacity_reservations: CapacityReservations | None = None
    """The use of capacity reservations. Default: matching open reservations, as in EC2."""

    def __post_init__(self) -> None:
        enforce("OnDemandProvisioningSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``OnDemandProvisioningSpecification`` of the EMR API."""
        reservations = self.capacity_reservations
        return _given(
            AllocationStrategy=str(self.allocation_strategy),
            CapacityReservationOptions=None if reservations is None else reservations._render(),
        )


@check_calls
@value_class(kw_only=True)
class SpotProvisioning:
    """Provisioning of the Spot capacity of a fleet at launch.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SpotProvisioningSpecification.html

    :raises EmrError: the timeout is out of range.
    """

    allocation_strategy: SpotAllocationStrategy | None = None
    """The allocation strategy. Default: price-capacity-optimized from emr-6.10.0 on, capacity-optimized before."""

    timeout_minutes: int | Duration = 60
    """The time limit for Spot capacity, 5 to 1440 minutes, or a ``cdk.Duration``. Default: 60 minutes."""

    timeout_action: SpotTimeoutAction = SpotTimeoutAction.SWITCH_TO_ON_DEMAND
    """The action after the timeout. Default: On-Demand Instances replace the missing capacity."""

    def __post_init__(self) -> None:
        enforce("SpotProvisioningSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``SpotProvisioningSpecification`` of the EMR API."""
        return _given(
            TimeoutDurationMinutes=self.timeout_minutes,
            TimeoutAction=str(self.timeout_action),
            AllocationStrategy=_text(self.allocation_strategy),
        )


@check_calls
@value_class(kw_only=True)
class OnDemandResizing:
    """Provisioning of On-Demand capacity when a running fleet is resized.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_OnDemandResizingSpecification.html

    :raises EmrError: no argument is specified, the timeout is out of range, or capacity reservations are combined with
        a strategy other than the lowest price.
    """

    timeout_minutes: int | Duration | None = None
    """The time limit, 5 to 10080 minutes, or a ``cdk.Duration``. Default: no limit."""

    allocation_strategy: OnDemandAllocationStrategy | None = None
    """The allocation strategy. Default: the lowest price."""

    capacity_reservations: CapacityReservations | None = None
    """The use of capacity reservations. Default: matching open reservations, as in EC2."""

    def __post_init__(self) -> None:
        _reject_empty(self, "timeout_minutes, allocation_strategy or capacity_reservations")
        enforce("OnDemandResizingSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``OnDemandResizingSpecification`` of the EMR API."""
        reservations = self.capacity_reservations
        return _given(
            TimeoutDurationMinutes=self.timeout_minutes,
            AllocationStrategy=_text(self.allocation_strategy),
            CapacityReservationOptions=None if reservations is None else reservations._render(),
        )


@check_calls
@value_class(kw_only=True)
class SpotResizing:
    """Provisioning of Spot capacity when a running fleet is resized.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SpotResizingSpecification.html

    :raises EmrError: no argument is specified, or the timeout is out of range.
    """

    timeout_minutes: int | Duration | None = None
    """The time limit, 5 to 10080 minutes, or a ``cdk.Duration``. Default: no limit."""

    allocation_strategy: SpotAllocationStrategy | None = None
    """The allocation strategy. Default: price-capacity-optimized on newer releases, capacity-optimized before."""

    def __post_init__(self) -> None:
        _reject_empty(self, "timeout_minutes or allocation_strategy")
        enforce("SpotResizingSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """Render ``SpotResizingSpecification`` of the EMR API."""
        return _given(TimeoutDurationMinutes=self.timeout_minutes, AllocationStrategy=_text(self.allocation_strategy))


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _text(choice: StrEnum | None) -> str | None:
    return None if choice is None else str(choice)


def _reject_empty(resizing: OnDemandResizing | SpotResizing, arguments: str) -> None:
    if not resizing._render():
        raise EmrError(f"{type(resizing).__name__} must have at least one argument, got none; specify {arguments}")
