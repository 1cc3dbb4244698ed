"""Whose Git tokens a user of a Studio can create, tag and read: the user policy, evaluated as IAM does."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase

import pytest
from aws_cdk import aws_iam as iam

from emr_constructs import Studio, StudioAuthMode
from tests.tools import as_list, flat, imported_vpc, new_stack, only, statements, synthesize

MANAGED = "for-use-with-amazon-emr-managed-policies"
OWNER = "for-use-with-amazon-emr-managed-user-policies"
ANA, BO = "AROAEXAMPLE:ana", "AROAEXAMPLE:bo"
TOKEN = "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:emr-studio-token-a1b2c3"
DATABASE = TOKEN.replace("emr-studio-token", "database")


@pytest.fixture(scope="module", params=[StudioAuthMode.iam(), StudioAuthMode.sso()], ids=["iam", "sso"])
def policy(request):
    stack = new_stack()
    studio = Studio(stack, "Studio", vpc=imported_vpc(stack), auth_mode=request.param)
    iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal(), managed_policies=[studio.user_policy])
    return statements(synthesize(stack), "UserPolicy")


def holds(operator, key, expected, context):
    """Whether one key of a condition holds, after IAM has replaced the policy variable."""
    wanted = [value.replace("${aws:userid}", context["aws:userid"]) for value in as_list(expected)]
    match operator:
        case "Null":
            return str(key not in context).lower() in wanted
        case "StringEquals":
            return context.get(key) in wanted
        case "StringEqualsIfExists":
            return key not in context or context[key] in wanted
    raise NotImplementedError(operator)


def may(policy, user, action, resource=TOKEN, *, tags=None, request=None):
    """Whether the policy allows ``user`` an action on a secret with ``tags``, with the tags ``request`` in the call."""
    context = {"aws:userid": user}
    context |= {f"aws:RequestTag/{key}": value for key, value in (request or {}).items()}
    for service in ("aws", "secretsmanager"):
        context |= {f"{service}:ResourceTag/{key}": value for key, value in (tags or {}).items()}
    return any(
        f"secretsmanager:{action}" in as_list(statement["Action"])
        and any(fnmatchcase(resource, flat(pattern)) for pattern in as_list(statement["Resource"]))
        and all(
            holds(operator, key, expected, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
        for statement in policy
        if statement["Effect"] == "Allow"
    )


def owned_by(user):
    """The tags that EMR Studio gives to a secret of ``user``."""
    return {MANAGED: "true", OWNER: user}


class TestOwnSecrets:
    def test_a_user_creates_them_with_the_tags_of_the_studio(self, policy):
        assert may(policy, ANA, "CreateSecret", request=owned_by(ANA))
        assert may(policy, ANA, "TagResource", request=owned_by(ANA))

    def test_also_if_their_tags_count_as_those_of_the_new_secret(self, policy):
        assert may(policy, ANA, "TagResource", tags=owned_by(ANA), request=owned_by(ANA))

    def test_a_user_adds_tags(self, policy):
        assert may(policy, ANA, "TagResource", tags=owned_by(ANA), request={"team": "sales"})

    def test_a_user_reads_them(self, policy):
        assert may(policy, ANA, "GetSecretValue", tags=owned_by(ANA))


class TestSecretsOfOthers:
    @pytest.mark.parametrize(
        "request_tags", [{OWNER: BO}, owned_by(BO), owned_by(ANA), {MANAGED: "true"}, {"team": "sales"}, {}]
    )
    def test_a_user_does_not_tag_them(self, policy, request_tags):
        assert not may(policy, BO, "TagResource", tags=owned_by(ANA), request=request_tags)

    def test_a_user_does_not_read_them(self, policy):
        assert not may(policy, BO, "GetSecretValue", tags=owned_by(ANA))

    def test_nobody_gives_a_secret_to_another_user(self, policy):
        """Who would then connect to Git as its author."""
        assert not may(policy, BO, "CreateSecret", request=owned_by(ANA))
        assert not may(policy, BO, "TagResource", request=owned_by(ANA))
        assert not may(policy, BO, "TagResource", tags=owned_by(BO), request={OWNER: ANA})

    @pytest.mark.parametrize("tags", [{MANAGED: "true"}, {MANAGED: "false"}, {OWNER: ""}])
    def test_nobody_takes_over_a_secret_of_the_studio_without_an_owner(self, policy, tags):
        assert not may(policy, BO, "TagResource", tags=tags, request=owned_by(BO))
        assert not may(policy, BO, "GetSecretValue", tags=tags)

    @pytest.mark.parametrize("request_tags", [{}, {MANAGED: "true"}, {OWNER: BO}])
    def test_nobody_creates_a_secret_without_an_owner_or_without_the_tag_of_the_studio(self, policy, request_tags):
        assert not may(policy, BO, "CreateSecret", request=request_tags)
        assert not may(policy, BO, "TagResource", request=request_tags)

    def test_secrets_that_are_not_of_the_studio_stay_as_they_are(self, policy):
        assert not may(policy, BO, "CreateSecret", DATABASE, request=owned_by(BO))
        assert not may(policy, BO, "TagResource", DATABASE, request=owned_by(BO))
        assert not may(policy, BO, "TagResource", DATABASE, tags=owned_by(BO), request=owned_by(BO))

    def test_nothing_else_changes_or_reads_secrets(self, policy):
        granted = {action for statement in policy for action in as_list(statement["Action"])}
        assert {action for action in granted if action.startswith("secretsmanager:")} == {
            f"secretsmanager:{name}" for name in ("CreateSecret", "GetSecretValue", "ListSecrets", "TagResource")
        }


@pytest.mark.parametrize("service", ["aws", "secretsmanager"])
def test_each_spelling_of_a_resource_tag_alone_protects_a_secret(policy, service):
    """Secrets Manager documents both keys; a secret stays its owner's if only one of them is evaluated."""
    context = {
        "aws:userid": BO,
        **{f"aws:RequestTag/{key}": value for key, value in owned_by(BO).items()},
        f"{service}:ResourceTag/{OWNER}": ANA,
    }
    tagging = [found for found in policy if "secretsmanager:TagResource" in as_list(found["Action"])]
    assert len(tagging) == 2
    for statement in tagging:
        conditions = ((operator, *pair) for operator, keys in statement["Condition"].items() for pair in keys.items())
        assert not all(holds(*condition, context) for condition in conditions)


def test_the_policy_fits_into_a_managed_policy():
    """IAM counts 6,144 characters, without white space."""
    stack = new_stack()
    studio = Studio(stack, "Studio", vpc=imported_vpc(stack), collaboration=True)
    iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal(), managed_policies=[studio.user_policy])
    document = only(synthesize(stack), "AWS::IAM::ManagedPolicy", "UserPolicy")["PolicyDocument"]
    assert len(json.dumps(document, separators=(",", ":"))) < 6144
