"""Acknowledgment of findings at constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
import jsii

from ._core import validations
from ._core.acknowledged import acknowledged_at, is_launcher, record
from ._core.errors import EmrError
from ._core.known import require_known
from ._core.launch_requests import PUBLISHERS
from ._core.types import Interface, check_types
from .rules.acknowledgments import CONSTRUCT_WARNINGS, METADATA_KEY, unknown_rule

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["acknowledge"]

# CDK names the finding of a validation plugin by the plugin, and a warning of a construct by its ID only.
_PLUGIN: Final = "EmrRules"
# The types of the resources that rules are about: a state machine launches clusters.
_LAUNCHERS: Final = ("AWS::EMR::", "AWS::StepFunctions::StateMachine")
_CONSTRUCT: Final = Interface("a construct", "node", example="cdk.Stack(app, ...)")


def acknowledge(scope: IConstruct, rule: str, *, reason: str) -> None:
    """Accept the findings of a rule at a construct and its children.

        emr.acknowledge(stack, "emr-public-ingress", reason="The demo is public for one day")

    Constructs don't raise an error that is acknowledged at a parent before they are created. The acknowledgment also
    applies to the warnings of constructs, to ``EmrRules`` and, as metadata of ``AWS::EMR`` resources, state
    machines and what launch templates publish, to ``emr-constructs check`` on the template. Arguments of the wrong type
    are always rejected.

    :param scope: a construct, a stack or the app.
    :param rule: the ID of a rule, which errors and warnings show in brackets. Also that of a ``RuleSet``.
    :param reason: why the finding is accepted.
    :raises EmrError: no rule has this ID, the ID is a token, or the reason is empty.
    """
    check_types(scope=(scope, _CONSTRUCT))
    check_types(scope, rule=(rule, str), reason=(reason, str))
    require_known("rule", rule, "use the ID of a rule")
    problems = ["; ".join(unknown)] if (unknown := unknown_rule(rule)) else []
    if not rule.strip():
        problems.append(f"rule must be the ID of a rule, got {rule!r}; run emr-constructs rules")
    if isinstance(reason, float) or not reason.strip():
        problems.append(f"reason must be a non-empty string, got {reason!r}; state why the finding is accepted")
    if problems:
        raise EmrError(problems, at=scope)
    has_aspect = any(known not in CONSTRUCT_WARNINGS for known in acknowledged_at(scope))
    record(scope, rule, reason)
    validations.acknowledge(scope, {f"{_PLUGIN}::{rule}": reason, rule: reason})
    if rule not in CONSTRUCT_WARNINGS and not has_aspect:
        cdk.Aspects.of(scope).add(_Metadata())


@jsii.implements(cdk.IAspect)
class _Metadata:
    """Writes acknowledgments to the resources of the template that rules are about."""

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, cdk.CfnResource) and _has_rules(node):
            reasons = {rule: why for rule, why in acknowledged_at(node).items() if rule not in CONSTRUCT_WARNINGS}
            listed = [{"id": rule, "reason": why} for rule, why in sorted(reasons.items())]
            node.add_metadata(METADATA_KEY, {"acknowledge": listed})


def _has_rules(resource: cdk.CfnResource) -> bool:
    """Whether rules are about a resource."""
    kind = resource.cfn_resource_type
    return kind.startswith(_LAUNCHERS) or (kind in PUBLISHERS and is_launcher(resource))
