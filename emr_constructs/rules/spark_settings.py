"""Spark properties of a cluster and of its steps: names and values that Spark reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint
from .registry import Part, Severity
from .software import SECRET_PREFIX
from .sources import release_guide
from .spark_arguments import OPTION_PROPERTIES
from .spark_submit import spark_options
from .spark_values import misspelt, wrong_value
from .step_arguments import of

_SPARK: Final = release_guide("emr-spark-configure")


def _settings(part: Part) -> Iterator[tuple[str, str, str]]:
    """The Spark properties of a configuration or a step: name as written and as Spark knows it, and the value."""
    if part.get("Classification") == "spark-defaults":
        properties: dict[str, str] = part.get("Properties", {})
        yield from ((key, key, value) for key, value in properties.items() if not key.startswith(SECRET_PREFIX))
    for option, value in spark_options(part):
        if option in ("--conf", "-c"):
            name, _, setting = value.partition("=")
            yield name, name, setting
        elif option in OPTION_PROPERTIES and option != "--deploy-mode":
            yield option, OPTION_PROPERTIES[option], value


def _where(part: Part) -> str:
    return "in spark-defaults" if "Classification" in part else of(part)


def _unreadable(part: Part) -> Iterator[str]:
    for written, name, value in _settings(part):
        must = wrong_value(name, value)
        if must:
            yield f"{value!r} for {written} {_where(part)}, which must be {must}"


def _misspelt(part: Part) -> Iterator[str]:
    for written, name, _ in _settings(part):
        right = misspelt(name)
        if right:
            yield f"{written!r} instead of {right!r} {_where(part)}"


# fmt: off
constraint("emr-spark-value", ("Configuration", "StepConfig"),
           "value of a Spark property must be one that Spark can read", _unreadable, fix="correct the value",
           source=_SPARK)
constraint("emr-spark-property-name", ("Configuration", "StepConfig"),
           "name of a Spark property must be spelled as documented, because Spark ignores others", _misspelt,
           fix="correct the name", severity=Severity.WARNING, source=_SPARK)
