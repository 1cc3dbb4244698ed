"""All rules: those that modules register, and those that follow from the service model of EMR."""

from __future__ import annotations

from typing import Final

from .._core.findings import Severity
from .registry import Rule, registered_rules
from .sources import api_reference, management_guide

__all__ = ["all_rules"]

_MODEL_PAGE: Final = api_reference("RunJobFlow")


_OF_THE_MODEL: Final = [
    *(
        Rule(f"emr-{name}", (), Severity.ERROR, statement, fix, fix, _MODEL_PAGE, lambda _part: ())
        for name, statement, fix in (
            ("type", "A value must have the type that the EMR API declares.", "use a value of this type"),
            ("unknown-property", "A structure must have only members that the API declares.", "use a declared member"),
            ("missing-property", "A structure must have every member that the API requires.", "specify the member"),
            ("enum", "A value with a fixed set of choices must be one of them.", "use one of the choices"),
            ("length", "The length of a string must be in the range that the API declares.", "change the length"),
            ("range", "A number must be in the range that the EMR API declares.", "use a number in the range"),
        )
    ),
    Rule(
        "emr-unknown-setting",
        (),
        Severity.WARNING,
        "A security configuration must have only members that EMR documents.",
        "use a documented member",
        "use a documented member",
        management_guide("emr-create-security-configuration"),
        lambda _part: (),
    ),
]


def all_rules() -> list[Rule]:
    """Every rule, ordered by ID."""
    return sorted([*_OF_THE_MODEL, *registered_rules()], key=lambda it: it.id)
