from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam

from emr_constructs import EmrError, Studio, StudioAuthMode, StudioSessionMapping
from tests.tools import flat, imported_vpc, new_app, new_stack, only, synthesize

POLICY = "arn:aws:iam::111111111111:policy/analysts"


@pytest.fixture
def stack():
    return new_stack(new_app())


def make(stack, studio_id="es-0123456789ABCDEF", policy=POLICY, **options):
    studio = Studio.from_studio_attributes(stack, "Studio", studio_id=studio_id)
    session_policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", policy)
    return StudioSessionMapping(stack, "Mapping", studio=studio, session_policy=session_policy, **options)


@pytest.mark.parametrize(("options", "kind"), [({"user": "jane"}, "USER"), ({"group": "jane"}, "GROUP")])
def test_maps_users_and_groups(stack, options, kind):
    make(stack, **options)
    assert only(synthesize(stack), "AWS::EMR::StudioSessionMapping") == {
        "StudioId": "es-0123456789ABCDEF",
        "IdentityType": kind,
        "IdentityName": "jane",
        "SessionPolicyArn": POLICY,
    }


def test_maps_to_a_studio_of_the_app(stack):
    studio = Studio(stack, "Studio", vpc=imported_vpc(stack), auth_mode=StudioAuthMode.sso())
    StudioSessionMapping(stack, "Analysts", studio=studio, group="analysts", session_policy=studio.user_policy)
    mapping = only(synthesize(stack), "AWS::EMR::StudioSessionMapping")
    assert flat(mapping["StudioId"]).endswith(".StudioId>")
    assert flat(mapping["SessionPolicyArn"]).startswith("<StudioUserPolicy")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "specify exactly one of user and group, got neither"),
        ({"user": "jane", "group": "analysts"}, "specify exactly one of user and group, got both"),
        ({"user": ""}, "name of the user or group must have 1 to 256 characters, got ''"),
        (
            {"user": "jane", "policy": POLICY.replace("policy/", "role/")},
            "SessionPolicyArn must be an ARN, got 'arn:aws:iam::111111111111:role/analysts'",
        ),
    ],
)
def test_rejects_what_does_not_fit(stack, options, says):
    with pytest.raises(EmrError, match=says) as error:
        make(stack, **options)
    assert error.value.path == "Test/Mapping"


def test_rejects_a_studio_with_iam_authentication(stack):
    studio = Studio(stack, "Studio", vpc=imported_vpc(stack))
    with pytest.raises(EmrError, match=r"got IAM; attach the policy .* auth_mode=StudioAuthMode\.sso\(\)"):
        StudioSessionMapping(stack, "Analysts", studio=studio, group="analysts", session_policy=studio.user_policy)
