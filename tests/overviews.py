"""Overviews of all clusters that a template or a state machine launches."""

from __future__ import annotations

from emr_constructs.templates.launches import launches_in, launches_of_states
from emr_constructs.templates.overview import overview_of


def overviews(template):
    return [overview_of(launch) for launch in launches_in(template)]


def launched_overviews(definition):
    return [overview_of(launch) for launch in launches_of_states(definition)]
