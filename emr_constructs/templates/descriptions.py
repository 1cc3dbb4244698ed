"""Describes files of any kind: the clusters that they launch, and the state machines that launch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from .inputs import is_template, recognized
from .launches import Launch, Machine, launch_of_request, launches_in, launches_of_states, machines_in
from .overview import Overview, launched_overviews, overview_of, overviews
from .parsing import UnreadableError
from .state_machines import is_state_machine

__all__ = ["Description", "described_content", "launches_of"]

_REQUEST: Final = "RunJobFlowInput"
# A request with none of these says nothing about a cluster.
_TELLING: Final = ("Instances", "ReleaseLabel", "JobFlowRole", "Steps", "Applications")


@dataclass(frozen=True, slots=True)
class Description:
    """What a file launches."""

    clusters: tuple[Overview, ...]
    machines: tuple[Machine, ...] = ()


def described_content(content: Any) -> Description:
    """Return what the content of a file launches.

    :raises UnreadableError: it is neither a template nor a state machine nor a request or an answer about a cluster.
    """
    if is_template(content):
        return Description(tuple(overviews(content)), tuple(machines_in(content)))
    if is_state_machine(content):
        clusters = tuple(launched_overviews(content))
        return Description(clusters, (Machine("", content),) if clusters else ())
    found = recognized(content)
    if found.shape != _REQUEST or not any(
        map(found.request.get, ("Instances", "ReleaseLabel", "JobFlowRole", "Steps"))
    ):
        raise UnreadableError(
            "the file must be a CloudFormation template, a state machine, or a request or an answer of the EMR API "
            "about a cluster"
        )
    return Description((overview_of(launch_of_request(found.request)),))


def launches_of(content: Any) -> tuple[Launch, ...]:
    """Return the clusters that a file launches, in the order of its description.

    :param content: that :func:`described_content` accepts.
    """
    if is_template(content):
        return tuple(launches_in(content))
    if is_state_machine(content):
        return tuple(launches_of_states(content))
    return (launch_of_request(recognized(content).request),)
