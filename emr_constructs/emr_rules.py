"""CDK validation plugin that runs the rules on an app.

    cdk.Validations.of(app).add_plugins(emr.EmrRules())
    cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=emr.RuleSet(emr.Policies.volumes("gp3"))))

Versions of CDK without ``Validations`` have ``cdk.App(policy_validation_beta1=[emr.EmrRules()])`` instead.
https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jsii

from ._core.types import check_types
from ._core.validations import plugin_class
from .policies.judging import CustomRulesJudge
from .policies.rule_set import RuleSet
from .policies.running import FailedRuleError
from .rules import Finding, Severity, all_rules
from .templates.checking import check_template
from .templates.construct_paths import stack_tags
from .templates.inputs import nested_templates
from .templates.parsing import parse

if TYPE_CHECKING:
    import aws_cdk as cdk

__all__ = ["EmrRules"]

_TEMPLATE: Final = ".template.json"


@jsii.implements(plugin_class("IPolicyValidationPlugin"))
class EmrRules:
    """Validation of ``AWS::EMR`` resources, including L1 constructs.

    Errors fail the synthesis, warnings don't. To accept a finding, see ``acknowledge``.
    """

    def __init__(self, *, rules: RuleSet | None = None) -> None:
        """Create the plugin.

        :param rules: company rules. They see the final templates, with the tags of stacks and of the app. Default:
            only the rules of the library.
        :raises EmrError: ``rules`` isn't a ``RuleSet``.
        """
        if rules is not None:
            check_types(rules=(rules, RuleSet))
        self._rules = rules

    @property
    def name(self) -> str:
        """The name in the report, and the prefix of finding IDs before ``::``."""
        return "EmrRules"

    @property
    def version(self) -> str | None:
        """The version of the library. None if it runs from source."""
        try:
            return metadata.version("emr-constructs")
        except metadata.PackageNotFoundError:
            return None

    @property
    def rule_ids(self) -> list[str]:
        """The IDs of all rules, those of the library first."""
        own = [rule.id for rule in self._rules.rules] if self._rules is not None else []
        return [*(rule.id for rule in all_rules()), *own]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Run the rules on the templates of the app, including those of nested stacks."""
        templates = [Path(path) for path in context.template_paths]
        nested = [
            found
            for template in templates
            if (manifest := _assets(template)).exists()
            for found in nested_templates(template.parent, manifest)
        ]
        violations = [
            _violation(finding, template)
            for template in dict.fromkeys([*templates, *nested])
            for finding in self._findings(template)
        ]
        is_fine = all(violation.severity != Severity.ERROR for violation in violations)
        report: cdk.PolicyValidationPluginReport = plugin_class("PolicyValidationPluginReport")(
            success=is_fine, violations=violations
        )
        return report

    def _findings(self, path: Path) -> list[Finding]:
        template = parse(path.read_text(encoding="utf-8"))
        rules = list(self._rules.rules) if self._rules is not None else []
        tags = stack_tags(path) if rules else {}
        failures: list[Finding] = []
        while True:
            try:
                return [*check_template(template, CustomRulesJudge(rules, tags) if rules else None), *failures]
            except FailedRuleError as error:
                # An exception would reach the user as a JavaScript trace, and hide the findings of other rules.
                failures.append(Finding(error.rule.id, Severity.ERROR, error.message, error.fix))
                rules.remove(error.rule)


def _assets(template: Path) -> Path:
    return template.with_name(template.name.removesuffix(_TEMPLATE) + ".assets.json")


def _violation(finding: Finding, template: Path) -> cdk.PolicyViolation:
    location = finding.path.removeprefix(f"Resources.{finding.resource}").removeprefix(".")
    resource = plugin_class("PolicyViolatingResource")(
        resource_logical_id=finding.resource,
        template_path=str(template),
        locations=[location] if location else [],
    )
    violation: cdk.PolicyViolation = plugin_class("PolicyViolation")(
        rule_name=finding.rule,
        description=finding.message,
        fix=finding.fix,
        severity=str(finding.severity),
        violating_resources=[resource],
    )
    return violation
