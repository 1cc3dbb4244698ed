"""Severities of alarms, which select where each alarm is published.

- ``ClusterAlarms(..., topics={AlarmSeverity.CRITICAL: pager, AlarmSeverity.WARNING: chat, AlarmSeverity.INFO: chat})``
- ``ClusterAlarms(..., hdfs_utilization_above={AlarmSeverity.WARNING: 70, AlarmSeverity.CRITICAL: 90})``
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._core.patterns import regex
from .._core.types import MappingOf
from .._core.unknown import is_unknown

if TYPE_CHECKING:
    import aws_cdk as cdk

    from .alarm_thresholds import Threshold

__all__ = [
    "LEVELS",
    "AlarmSeverity",
    "DurationLevels",
    "Levels",
    "by_severity",
    "runbook_problems",
    "severity_problems",
    "topic_problems",
]


class AlarmSeverity(StrEnum):
    """The severity of an alarm, which selects its topic."""

    INFO = "info"
    """Nothing fails, such as an idle cluster."""

    WARNING = "warning"
    """Work is delayed or may fail soon."""

    CRITICAL = "critical"
    """Data may be lost, or the cluster may not recover."""


Levels: TypeAlias = "float | Mapping[AlarmSeverity, float] | None"
"""A threshold, one for each severity, or None for no alarm."""

DurationLevels: TypeAlias = "cdk.Duration | Mapping[AlarmSeverity, cdk.Duration] | None"

LEVELS: Final = MappingOf((float,), (AlarmSeverity,))
"""The kind of a mapping of severities to thresholds."""

_DEFAULTS: Final = {
    "MissingBlocks": AlarmSeverity.CRITICAL,
    "CorruptBlocks": AlarmSeverity.CRITICAL,
    "MasterQuorum": AlarmSeverity.CRITICAL,
    "Idle": AlarmSeverity.INFO,
}
_ORDER: Final = tuple(AlarmSeverity)
_URL: Final = regex(r"https?://[^\s/]\S*")
_BRACES: Final = regex(r"[{}][^{}]*}?")
_LONGEST_URL: Final = 600


def by_severity(
    threshold: Threshold, severities: Mapping[str, AlarmSeverity], *, has_topics: bool
) -> tuple[Threshold, ...]:
    """Return an alarm for each severity of ``threshold``.

    :param severities: the severities of alarms by name.
    :param has_topics: whether each alarm must have a severity.
    """
    member, levels = _levels(threshold)
    if levels is None:
        default = _DEFAULTS.get(threshold.name, AlarmSeverity.WARNING) if has_topics else None
        return (replace(threshold, severity=severities.get(threshold.name, default)),)
    return tuple(
        replace(
            threshold,
            name=f"{threshold.name}{severity.title()}",
            base_name=threshold.name,
            severity=severity,
            **{member: value},
        )
        for severity, value in levels.items()
    )


def severity_problems(thresholds: Sequence[Threshold], severities: Mapping[str, AlarmSeverity]) -> Iterator[str]:
    """Validate thresholds that have severities, and ``severities`` of alarms by name."""
    names = [threshold.name for threshold in thresholds]
    for name in severities:
        if name not in names:
            yield f"severities must have names of alarms, got {name!r}; use {', '.join(names)}"
    for threshold in thresholds:
        member, levels = _levels(threshold)
        if levels is None:
            continue
        if not levels:
            yield f"{threshold.parameter} must not be empty; specify a threshold for a severity, or None for no alarm"
        elif threshold.name in severities:
            yield (
                f"severities can't have {threshold.name!r} if {threshold.parameter} has severities; remove one of them"
            )
        ordered = [levels[severity] for severity in _ORDER if severity in levels]
        known = [level for level in ordered if level is not None and not is_unknown(level)]
        expected = sorted(set(known), reverse=member == "below")
        if known != expected:
            got = ", ".join(f"{severity} {levels[severity]:g}" for severity in _ORDER if severity in levels)
            yield (
                f"{threshold.parameter} must {'decrease' if member == 'below' else 'increase'} with the severity, got "
                f"{got}; swap the values, or use one severity"
            )


def runbook_problems(url: str | float | None, names: Iterable[str]) -> Iterator[str]:
    """Validate the address of a runbook.

    :param names: the names of the alarms, one of which replaces ``{alarm}`` in the address.
    """
    if isinstance(url, float):
        yield "runbook_url must be a string, got a number token; use a string token"
    elif url is None or is_unknown(url):
        return
    elif not _URL.fullmatch(url):
        yield f"runbook_url must be an address that begins with https:// or http://, got {url!r}; specify the full URL"
    elif found := _BRACES.search(url.replace("{alarm}", "")):
        yield f"runbook_url must have no braces except in {{alarm}}, got {found[0]!r}; use {{alarm}}, or remove them"
    elif (length := max(len(url.replace("{alarm}", name)) for name in names)) > _LONGEST_URL:
        yield f"runbook_url must have at most {_LONGEST_URL} characters, got {length}; use a shorter URL"


def topic_problems(
    topics: Mapping[AlarmSeverity, Any] | None, alarms: Sequence[Threshold], **others: object
) -> Iterator[str]:
    """Validate the topics of ``alarms``, and that there are no ``others``."""
    if topics is None:
        return
    for name, given in others.items():
        if given is not None:
            yield f"{name} can't be combined with topics; remove one of them"
    for severity in AlarmSeverity:
        names = [alarm.name for alarm in alarms if alarm.severity == severity]
        if names and severity not in topics:
            yield (
                f"topics must have a topic for each severity of the alarms, got none for {severity}, the severity of "
                f"{', '.join(names)}; add AlarmSeverity.{severity.name}, or change severities"
            )


def _levels(threshold: Threshold) -> tuple[str, Mapping[AlarmSeverity, Any] | None]:
    """Return the member of ``threshold`` that has a value for each severity, with the values."""
    for member in ("above", "below", "minutes"):
        value = getattr(threshold, member)
        if isinstance(value, Mapping):
            return member, value
    return "", None
