"""A set of company rules: policies, and functions over clusters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from .._core.errors import EmrError
from .._core.findings import Finding, Severity
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.type_messages import shown
from .._core.unknown import is_unknown
from .policy import CustomRule, FindViolations, Policy, require_function

__all__ = ["RuleSet"]

_ID: Final = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_RESERVED: Final = "emr-"


@check_calls
class RuleSet:
    """Company rules, which run together with the rules of the library where you pass them.

        rules = emr.RuleSet(emr.Policies.instance_types("m7g.*"), emr.Policies.volumes("gp3"), prefix="acme")

        @rules.rule("acme-name", statement="Names of clusters must begin with acme-.", fix="change the name")
        def name(cluster: emr.ResolvedCluster) -> Iterator[emr.Violation]:
            if cluster.name and not cluster.name.startswith("acme-"):
                yield cluster.violation(f"name must begin with acme-, got {cluster.name!r}", member="Name")

        cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=rules))

    Pass it to ``EmrRules``, or save it as the variable ``rules`` of a file for ``emr-constructs check --rules``.
    It requires neither CDK nor Node.js.
    """

    def __init__(self, *policies: Policy | RuleSet, prefix: str = "company") -> None:
        """Create a set of rules.

        :param policies: what the methods of ``Policies`` return, and other rule sets, whose rules keep their IDs.
            Rules that are added to them later don't count.
        :param prefix: the beginning of the IDs of policies, as in ``acme-instance-types``. Default: ``company``.
        :raises EmrError: an argument isn't a policy, or an ID isn't unique or begins with ``emr-``.
        """
        self._rules: list[CustomRule] = []
        self._add_policies(*policies, prefix=prefix)

    @property
    def rules(self) -> tuple[CustomRule, ...]:
        """The rules, policies first."""
        return tuple(self._rules)

    def rule(
        self,
        rule_id: str,
        *,
        statement: str,
        fix: str,
        severity: Severity = Severity.ERROR,
        why: str = "",
        source: str = "",
    ) -> Callable[[FindViolations], FindViolations]:
        """Return a decorator that adds a function as a rule.

        The function has a ``ResolvedCluster`` as its only parameter, and yields or returns violations: what
        ``violation`` of the cluster or of a part returns, or a string for a violation of the cluster as a whole.

        :param rule_id: the ID, by which findings are acknowledged. It must not begin with ``emr-``.
        :param statement: the condition in a sentence, such as ``Names of clusters must begin with acme-.``.
        :param fix: what to do, as an imperative, such as ``change the name``.
        :param severity: an error fails the synthesis and the command. Default: an error.
        :param why: the reason, in a sentence, for ``emr-constructs rules``. Default: none.
        :param source: the URL of the page that states the rule. Default: none.
        :raises EmrError: the ID isn't unique or begins with ``emr-``, or a string is empty.
        """
        _require_texts(rule_id=rule_id, statement=statement, fix=fix)
        require_known("severity", severity, "use 'error' or 'warning'")

        def decorate(find: FindViolations) -> FindViolations:
            require_function(f"rule {rule_id}", find)
            self._add(CustomRule(rule_id, severity, statement, fix, why, source, _place_of(find), find))
            return find

        self._require_new(rule_id)
        return decorate

    def check(self, content: Mapping[str, Any]) -> list[Finding]:
        """Return the findings of these rules, without those of the library: for tests of your rules.

        :param content: a CloudFormation template, a state machine in the Amazon States Language, or a request to the
            EMR API, such as RunJobFlow.
        :raises EmrError: a rule raises an exception, or the content is none of these.
        """
        from .judging import findings_in

        return findings_in(self.rules, content)

    def _add_policies(self, *policies: Policy | RuleSet, prefix: str) -> None:
        problems = [
            f"policies[{at}] must be a Policy or a RuleSet, got {shown(policy)}; use a method of Policies"
            for at, policy in enumerate(policies)
            if not isinstance(policy, Policy | RuleSet)
        ]
        if not isinstance(prefix, str):
            problems.append(f"prefix must be a string, got {prefix!r}; use a name such as 'acme'")
        elif not _ID.fullmatch(prefix) or f"{prefix}-".lower().startswith(_RESERVED):
            problems.append(
                f"prefix must have letters and digits, separated by hyphens, and not begin with {_RESERVED}, got "
                f"{prefix!r}; use a name such as 'acme'"
            )
        if problems:
            raise EmrError(problems)
        for policy in policies:
            if isinstance(policy, RuleSet):
                for rule in policy.rules:
                    self._add(rule)
                continue
            rule_id = policy.rule_id if policy.rule_id is not None else f"{prefix}-{policy.name}"
            _require_texts(rule_id=rule_id, statement=policy.statement, fix=policy.fix)
            self._add(
                CustomRule(rule_id, policy.severity, policy.statement, policy.fix, "", "", "", policy.find),
                fix="pass a rule_id to one of the policies",
            )

    def _add(self, rule: CustomRule, *, fix: str = "use another ID") -> None:
        self._require_new(rule.id, fix=fix)
        self._rules.append(rule)

    def _require_new(self, rule_id: str, *, fix: str = "use another ID") -> None:
        if not _ID.fullmatch(rule_id):
            problem = f"rule_id must have letters and digits, separated by hyphens, got {rule_id!r}"
            raise EmrError(f"{problem}; use an ID such as acme-name")
        if rule_id.lower().startswith(_RESERVED):
            problem = f"rule_id must not begin with {_RESERVED} as IDs of the library do, got {rule_id!r}"
            raise EmrError(f"{problem}; use the name of your company as the prefix")
        if any(rule.id == rule_id for rule in self._rules):
            raise EmrError(f"rule_id must be unique in a RuleSet, got {rule_id!r} twice; {fix}")


def _require_texts(**texts: str) -> None:
    problems = [
        f"{name} must be a non-empty string, got {'a token' if is_unknown(text) else repr(text)}; specify it"
        for name, text in texts.items()
        if not text.strip() or is_unknown(text)
    ]
    if problems:
        raise EmrError(problems)


def _place_of(function: Any) -> str:
    """The file and the line of a function; empty if it has none."""
    code = getattr(function, "__code__", None)
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}" if code is not None else ""
