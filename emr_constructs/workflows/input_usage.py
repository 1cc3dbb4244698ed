"""Checks of the inputs that a job's clusters and steps use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from .._core.errors import EmrError
from .._core.input_values import reject_inputs, used_inputs
from ..rules.constraints import repeated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from .inputs import JobInput

__all__ = ["check_input_usage"]

_WITHOUT_INPUTS: Final = {"cluster_name": "Name", "tags": "Tags", "additional_info": "AdditionalInfo"}


def check_input_usage(
    inputs: Sequence[JobInput], request: Mapping[str, Any], definition: Mapping[str, Any], scope: Construct
) -> None:
    """Check that the inputs have different names and are used, and no others.

    :param request: the RunJobFlow request.
    :param definition: the definition of the state machine.
    :param scope: the job.
    :raises EmrError: an input is used in a place that can't contain it, repeated, missing or unused.
    """
    names = [found.name for found in inputs]
    for option, member in _WITHOUT_INPUTS.items():
        reject_inputs(option, request.get(member))
    # A value that hasn't become an expression is in the name of a setting.
    reject_inputs("the name of a setting", definition)
    used = used_inputs(cdk.Stack.of(scope).resolve(definition["States"]))
    problems = [f"inputs must have different names, got {found}; remove one" for found in repeated(names)]
    problems += [
        f"input {name!r} must be used; use its value in workflow or the definition, or remove it"
        for name in names
        if name not in used
    ]
    problems += [
        f"inputs must contain input {name!r}, whose value is used; add it" for name in sorted(used - set(names))
    ]
    if problems:
        raise EmrError(problems)
