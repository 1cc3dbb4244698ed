"""Warnings, acknowledgments and validation plugins, with what the installed version of CDK has.

``Validations`` and the stable interfaces of plugins are from April 2026. Earlier, plugins have interfaces whose names
end with ``Beta1``, warnings are annotations, and nothing else can be acknowledged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct

__all__ = ["acknowledge", "add_warning", "plugin_class"]

_HAS_VALIDATIONS: Final = hasattr(getattr(cdk, "Validations", None), "acknowledge")


def add_warning(at: IConstruct, warning: str, message: str) -> None:
    """Add a warning to ``at``, which ``acknowledge`` can accept by its ID."""
    if _HAS_VALIDATIONS:
        cdk.Validations.of(at).add_warning(warning, message)
    else:
        cdk.Annotations.of(at).add_warning_v2(warning, message)


def acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on ``scope`` and its children, each with a reason.

    :param reasons: by the ID of the finding: that of a warning or of cdk-nag, or one of a plugin, after its name and
        ``::``.
    """
    if not _HAS_VALIDATIONS:
        for rule, reason in reasons.items():
            if "::" not in rule:
                cdk.Annotations.of(scope).acknowledge_warning(rule, reason)
        return
    validations = cdk.Validations.of(scope)
    found = [cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
    try:
        validations.acknowledge(*found)
    except RuntimeError as error:
        # The first versions with acknowledgments reject the IDs of cdk-nag that have the ARN of a resource.
        if "InvalidValidationId" not in str(error):
            raise
        validations.acknowledge(*(item for item in found if "[" not in item.id))


def plugin_class(name: str) -> Any:
    """Return the class or interface ``name`` of CDK's validation plugins."""
    return getattr(cdk, name, None) or getattr(cdk, f"{name}Beta1")
