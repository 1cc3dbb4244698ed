"""What the roles of a template may do: a small evaluation of IAM policies.

Allow statements with wildcards in resources and the conditions of S3 listings are evaluated; anything else that a
policy could say is an error, so that no test passes because of something that is not understood.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.tools import as_list, flat, resources, synthesize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.tools import Template

ACCOUNT: Final = "111111111111"
REGION: Final = "us-east-1"
PSEUDO: Final = {
    "AWS::Partition": "aws",
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
_SUPPORTED: Final = {"Effect", "Action", "Resource", "Condition", "Sid"}


def concrete(value: Any) -> Any:
    """``value`` as after a deployment, where buckets are named after their logical ids."""
    match value:
        case {"Ref": str(name)}:
            return PSEUDO.get(name, name.lower())
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return f"arn:aws:s3:::{name.lower()}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}".lower()
        case {"Fn::Join": [str(delimiter), [*items]]}:
            return delimiter.join(str(concrete(item)) for item in items)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]*)\}", lambda found: str(concrete({"Ref": found[1]})), text)
        case {"Fn::ImportValue": str(name)}:
            attribute = re.search(r"FnGetAtt(\w+?)Arn", name)
            return f"arn:aws:s3:::{attribute[1].lower()}" if attribute else name
        case dict():
            return {name: concrete(item) for name, item in value.items()}
        case list():
            return [concrete(item) for item in value]
        case _:
            return value


@dataclass(frozen=True)
class Permissions:
    """The statements of the policies of a role."""

    statements: list[dict[str, Any]]

    @classmethod
    def of(cls, templates: list[Template], role: str) -> Permissions:
        """Those of ``role``: the logical id of a role of one of the templates, or the name of an imported role."""
        found = [statement for template in templates for statement in _statements(template, role)]
        assert found, f"{role} has no policy"
        return cls(found)

    def allow(self, action: str, resource: str, **context: str) -> bool:
        """Whether a request is allowed.

        :param context: the condition keys of the request, with ``_`` for ``:``.
        """
        keys = {name.replace("_", ":"): value for name, value in context.items()}
        return any(
            action in as_list(statement["Action"])
            and any(_matches(pattern, resource) for pattern in as_list(statement["Resource"]))
            and _holds(statement.get("Condition", {}), keys)
            for statement in self.statements
        )


def _statements(template: Template, role: str) -> Iterator[dict[str, Any]]:
    for kind in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        for policy in resources(template, kind).values():
            roles = [concrete(found) for found in policy["Properties"].get("Roles", [])]
            if not any(role.lower() in str(found).lower() for found in roles):
                continue
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                assert statement.keys() <= _SUPPORTED, statement
                assert statement["Effect"] == "Allow", statement
                yield concrete(statement)


def _matches(pattern: str, value: str) -> bool:
    translated = "".join(".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch(translated, value, re.DOTALL) is not None


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Whether all conditions hold; a key that the request lacks matches nothing."""
    for operator, keys in conditions.items():
        for key, values in keys.items():
            if key not in context:
                return False
            match operator:
                case "StringEquals":
                    held = context[key] in as_list(values)
                case "StringLike":
                    held = any(_matches(pattern, context[key]) for pattern in as_list(values))
                case _:
                    raise AssertionError(f"{operator} is not evaluated")
            if not held:
                return False
    return True


def documents(scope: Any) -> dict[str, set[str]]:
    """The statements of each policy in the stack of ``scope``, a line each, by the id of the policy.

    Without the hashes of logical ids, and without the ids of a cluster and a profile that a policy is below.
    """
    found: dict[str, set[str]] = {}
    for kind in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        for name, policy in resources(synthesize(scope), kind).items():
            short = re.sub(r"^(Cluster)?(Profile)?|[0-9A-F]{8}$", "", name)
            lines = [line(statement) for statement in policy["Properties"]["PolicyDocument"]["Statement"]]
            assert len(lines) == len(set(lines))
            found[short] = set(lines)
    return found


def line(statement: Template) -> str:
    """A statement as one line: ``Sid: actions on resources if conditions``."""
    assert statement["Effect"] == "Allow"
    conditions = [
        f"{operator} {key} = {', '.join(flat(value) for value in as_list(values))}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    said = ", ".join(as_list(statement["Action"]))
    on = ", ".join(sorted(flat(arn) for arn in as_list(statement["Resource"])))
    text = f"{statement.get('Sid', '-')}: {said} on {on}" + (f" if {' and '.join(conditions)}" if conditions else "")
    text = re.sub(r"<Cluster(?=Profile)", "<", re.sub(r"[0-9A-F]{8}(?=[.>])", "", text))
    return re.sub(r"\bc[0-9a-f]{40,}\b", "<address>", text)
