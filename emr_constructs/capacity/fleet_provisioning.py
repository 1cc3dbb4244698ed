"""How EC2 provides the capacity of an instance fleet: when the cluster is launched, and when the fleet is resized.

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
    """From which instance types On-Demand capacity is taken.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html
    """

    LOWEST_PRICE = "lowest-price"
    """The cheapest type that is there."""

    PRIORITIZED = "prioritized"
    """By the priority of the instance types."""


class SpotAllocationStrategy(StrEnum):
    """From which pools Spot capacity is taken.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html
    """

    PRICE_CAPACITY_OPTIMIZED = "price-capacity-optimized"
    """The cheapest among the pools that are least likely to be interrupted."""

    CAPACITY_OPTIMIZED = "capacity-optimized"
    """The pools that are least likely to be interrupted."""

    CAPACITY_OPTIMIZED_PRIORITIZED = "capacity-optimized-prioritized"
    """The pools that are least likely to be interrupted; among equals by the priority of the instance types."""

    LOWEST_PRICE = "lowest-price"
    """The cheapest pools, which are interrupted most often."""

    DIVERSIFIED = "diversified"
    """All pools evenly."""


class SpotTimeoutAction(StrEnum):
    """What happens when a fleet has not got its Spot capacity in time."""

    SWITCH_TO_ON_DEMAND = "SWITCH_TO_ON_DEMAND"
    """On-Demand instances make up for what is missing."""

    TERMINATE_CLUSTER = "TERMINATE_CLUSTER"
    """The cluster ends, and the deployment fails."""


@check_calls
@value_class
class CapacityReservations:
    """Whether On-Demand instances use capacity that the account has reserved; made with one of the factories.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/on-demand-capacity-reservations.html
    """

    usage_strategy: str | None
    preference: str | None = None
    resource_group_arn: str | None = None

    def __post_init__(self) -> None:
        enforce("OnDemandCapacityReservationOptions", self._render())

    @classmethod
    def open(cls) -> CapacityReservations:
        """Use the open reservations first, then other capacity."""
        return cls(_RESERVATIONS_FIRST, "open")

    @classmethod
    def targeted(cls, resource_group_arn: str) -> CapacityReservations:
        """Use the reservations of a resource group first, then other capacity.

        :param resource_group_arn: the group of AWS Resource Groups that holds the reservations.
        :raises EmrError: it is no ARN of a resource group.
        """
        return cls(_RESERVATIONS_FIRST, resource_group_arn=resource_group_arn)

    @classmethod
    def none(cls) -> CapacityReservations:
        """Leave the reservations to others, also the open ones."""
        return cls(None, "none")

    @property
    def are_used(self) -> bool:
        """Whether instances may run in a reservation."""
        return self.preference != "none"

    def _render(self) -> dict[str, Any]:
        """The choice in the shape of the EMR API (``OnDemandCapacityReservationOptions``)."""
        return _given(
            UsageStrategy=self.usage_strategy,
            CapacityReservationPreference=self.preference,
            CapacityReservationResourceGroupArn=self.resource_group_arn,
        )


@check_calls
@value_class(kw_only=True)
class OnDemandProvisioning:
    """How the On-Demand capacity of a fleet is provided at launch.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_OnDemandProvisioningSpecification.html

    :raises EmrError: capacity reservations with another strategy than the lowest price.
    """

    allocation_strategy: OnDemandAllocationStrategy = OnDemandAllocationStrategy.LOWEST_PRICE
    """Default: the lowest price."""

    capacity_reservations: CapacityReservations | None = None
    """Default: what EC2 does: open reservations are used if they happen to fit."""

    def __post_init__(self) -> None:
        enforce("OnDemandProvisioningSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """The choice in the shape of the EMR API (``OnDemandProvisioningSpecification``)."""
        reservations = self.capacity_reservations
        return _given(
            AllocationStrategy=str(self.allocation_strategy),
            CapacityReservationOptions=None if reservations is None else reservations._render(),
        )


@check_calls
@value_class(kw_only=True)
class SpotProvisioning:
    """How the Spot capacity of a fleet is provided at launch.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SpotProvisioningSpecification.html

    :raises EmrError: the timeout is out of range.
    """

    allocation_strategy: SpotAllocationStrategy | None = None
    """Default: what EMR does: price-capacity-optimized from emr-6.10.0 on, capacity-optimized before."""

    timeout_minutes: int | Duration = 60
    """How long the fleet may wait for its Spot capacity, 5 to 1440 minutes, or a ``cdk.Duration``. Default: an hour."""

    timeout_action: SpotTimeoutAction = SpotTimeoutAction.SWITCH_TO_ON_DEMAND
    """What happens then. Default: On-Demand instances make up for what is missing."""

    def __post_init__(self) -> None:
        enforce("SpotProvisioningSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """The choice in the shape of the EMR API (``SpotProvisioningSpecification``)."""
        return _given(
            TimeoutDurationMinutes=self.timeout_minutes,
            TimeoutAction=str(self.timeout_action),
            AllocationStrategy=_text(self.allocation_strategy),
        )


@check_calls
@value_class(kw_only=True)
class OnDemandResizing:
    """How the On-Demand capacity of a running fleet grows.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_OnDemandResizingSpecification.html

    :raises EmrError: nothing is said, the timeout is out of range, or capacity reservations with another strategy than
        the lowest price.
    """

    timeout_minutes: int | Duration | None = None
    """How long EMR tries, 5 to 10080 minutes, or a ``cdk.Duration``. Default: as long as it takes."""

    allocation_strategy: OnDemandAllocationStrategy | None = None
    """Default: the lowest price."""

    capacity_reservations: CapacityReservations | None = None
    """Default: what EC2 does: open reservations are used if they happen to fit."""

    def __post_init__(self) -> None:
        _refuse_nothing(self, "timeout_minutes, allocation_strategy or capacity_reservations")
        enforce("OnDemandResizingSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """The choice in the shape of the EMR API (``OnDemandResizingSpecification``)."""
        reservations = self.capacity_reservations
        return _given(
            TimeoutDurationMinutes=self.timeout_minutes,
            AllocationStrategy=_text(self.allocation_strategy),
            CapacityReservationOptions=None if reservations is None else reservations._render(),
        )


@check_calls
@value_class(kw_only=True)
class SpotResizing:
    """How the Spot capacity of a running fleet grows.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_SpotResizingSpecification.html

    :raises EmrError: nothing is said, or the timeout is out of range.
    """

    timeout_minutes: int | Duration | None = None
    """How long EMR tries, 5 to 10080 minutes, or a ``cdk.Duration``. Default: as long as it takes."""

    allocation_strategy: SpotAllocationStrategy | None = None
    """Default: what EMR does: price-capacity-optimized on newer releases, capacity-optimized before."""

    def __post_init__(self) -> None:
        _refuse_nothing(self, "timeout_minutes or allocation_strategy")
        enforce("SpotResizingSpecification", self._render())

    def _render(self) -> dict[str, Any]:
        """The choice in the shape of the EMR API (``SpotResizingSpecification``)."""
        return _given(TimeoutDurationMinutes=self.timeout_minutes, AllocationStrategy=_text(self.allocation_strategy))


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _text(choice: StrEnum | None) -> str | None:
    return None if choice is None else str(choice)


def _refuse_nothing(resizing: OnDemandResizing | SpotResizing, arguments: str) -> None:
    if not resizing._render():
        raise EmrError(f"{type(resizing).__name__}() says nothing; give {arguments}")
