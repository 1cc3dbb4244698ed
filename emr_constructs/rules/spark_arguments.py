"""The arguments of spark-submit: its options, the application, and the arguments of the application.

The grammar is that of Spark's SparkSubmitOptionParser.
https://spark.apache.org/docs/latest/submitting-applications.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from .._core.unknown import is_unknown

__all__ = ["OPTIONS", "OPTION_PROPERTIES", "SWITCHES", "Submission", "submission"]

_WITH_VALUE: Final = """
    --archives --class --conf -c --deploy-mode --driver-class-path --driver-cores --driver-java-options
    --driver-library-path --driver-memory --executor-memory --files --jars --kill --master --name --packages
    --exclude-packages --properties-file --proxy-user --py-files --repositories --status --total-executor-cores
    --executor-cores --keytab --num-executors --principal --queue --remote
"""
OPTIONS: Final = frozenset(_WITH_VALUE.split())
"""Options with a value."""

_WITHOUT_VALUE: Final = "--help -h --supervise --usage-error --verbose -v --version --load-spark-defaults"
SWITCHES: Final = frozenset(_WITHOUT_VALUE.split())
"""Options without a value."""

OPTION_PROPERTIES: Final = {
    "--executor-memory": "spark.executor.memory",
    "--driver-memory": "spark.driver.memory",
    "--executor-cores": "spark.executor.cores",
    "--driver-cores": "spark.driver.cores",
    "--num-executors": "spark.executor.instances",
    "--deploy-mode": "spark.submit.deployMode",
    "--driver-java-options": "spark.driver.extraJavaOptions",
}
"""The Spark property that an option sets; the option has precedence over ``--conf``."""

# Spark does something else than submit an application.
_OTHER_ACTIONS: Final = frozenset(("--help", "-h", "--version", "--kill", "--status", "--usage-error"))


@dataclass
class Submission:
    """What a command line of spark-submit means, as far as it is known."""

    options: list[tuple[str, str]] = field(default_factory=list)
    """The options in order, each with its value; the value of a switch is empty."""

    application: str | None = None
    """The script or JAR file; None if there is none, or if it isn't known."""

    arguments: Sequence[str] = ()
    """The arguments of the application."""

    unknown_option: str | None = None
    """An option that spark-submit doesn't have; what follows it can't be interpreted."""

    is_whole: bool = True
    """Whether all was interpreted: no value is unknown and no option."""

    @property
    def lacks_application(self) -> bool:
        """Whether it is certain that no application is specified."""
        others = _OTHER_ACTIONS & {name for name, _ in self.options}
        # An option without its value consumes the application, which is wrong in itself.
        name, value = self.options[-1] if self.options else ("", "")
        is_taken = name in ("--conf", "-c", "--deploy-mode") and "://" in value and "=" not in value
        return self.is_whole and self.application is None and not others and not is_taken

    @cached_property
    def properties(self) -> dict[str, str]:
        """The Spark properties that the options set."""
        conf = [value.partition("=") for name, value in self.options if name in ("--conf", "-c")]
        found = {name.strip(): value for name, equals, value in conf if equals}
        return found | {OPTION_PROPERTIES[name]: value for name, value in self.options if name in OPTION_PROPERTIES}


@lru_cache(maxsize=512)
def submission(words: tuple[str, ...]) -> Submission:
    """Interpret the ``words`` after ``spark-submit``; treat the result as read-only.

    A word that isn't known is ``UNKNOWN``: as the value of an option, or as the application.
    """
    found = Submission()
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        name, joined, value = word.partition("=")
        if word in SWITCHES:
            found.options.append((word, ""))
        elif word.startswith("--") and joined and name in OPTIONS:
            found.options.append((name, value))
        elif word in OPTIONS:
            following = words[at] if at < len(words) else ""
            found.options.append((word, following))
            at += 1
        elif word.startswith("-"):
            found.unknown_option, found.is_whole = word, False
            return found
        elif is_unknown(word):
            # An option, or the application.
            found.is_whole = False
            return found
        else:
            found.application, found.arguments = word, words[at:]
            return found
    return found
