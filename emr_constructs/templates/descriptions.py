"""Describes files of any kind: the clusters that they launch, and the state machines that launch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from .inputs import is_template, recognized
from .launches import Launch, Machine, launch_of_request, launches_in, launches_of_states, machines_in
from .overview import Overview, overview_of
from .parsing import UnreadableError
from .state_machines import is_state_machine

__all__ = ["Description", "described_content", "launches_of"]

_REQUEST: Final = "RunJobFlowInput"
# A request with none of these says nothing about a cluster.
_TELLING: Final = ("Instances", "ReleaseLabel", "JobFlowRole", "Steps")


@dataclass(frozen=True, slots=True)
class Description:
    """What a file launches."""

    clusters: tuple[Overview, ...]
    machines: tuple[Machine, ...] = ()


def described_content(content: Any) -> Description:
    """Return what the content of a file launches.

    :raises UnreadableError: it is neither a template nor a state machine nor a request or output about a cluster.
    """
    clusters = tuple(map(overview_of, launches_of(content)))
    if is_template(content):
        return Description(clusters, tuple(machines_in(content)))
    is_machine = is_state_machine(content) and clusters
    return Description(clusters, (Machine("", content),) if is_machine else ())


def launches_of(content: Any) -> tuple[Launch, ...]:
    """Return the clusters that the content of a file launches.

    :raises UnreadableError: it is neither a template nor a state machine nor a request or output about a cluster.
    """
    if is_template(content):
        return tuple(launches_in(content))
    if is_state_machine(content):
        return tuple(launches_of_states(content))
    found = recognized(content)
    if found.shape != _REQUEST or not any(map(found.request.get, _TELLING)):
        raise UnreadableError(
            "the file must be a CloudFormation template, a state machine, or a request or a response of the EMR "
            "API that describes a cluster"
        )
    return (launch_of_request(found.request),)
