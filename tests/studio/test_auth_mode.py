from __future__ import annotations

import pytest

from emr_constructs import EmrError, StudioAuthMode

INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"


def test_iam():
    assert StudioAuthMode.iam()._render() == {"AuthMode": "IAM"}
    assert not StudioAuthMode.iam().is_sso


def test_iam_with_an_identity_provider():
    mode = StudioAuthMode.iam(idp_auth_url="https://idp.example.com/sso", idp_relay_state_parameter_name="TargetSource")
    assert mode._render() == {
        "AuthMode": "IAM",
        "IdpAuthUrl": "https://idp.example.com/sso",
        "IdpRelayStateParameterName": "TargetSource",
    }


@pytest.mark.parametrize(("required", "assignment"), [(True, "REQUIRED"), (False, "OPTIONAL")])
def test_sso_with_trusted_identity_propagation(required, assignment):
    mode = StudioAuthMode.sso(
        trusted_identity_propagation=True, user_assignment_required=required, identity_center_instance_arn=INSTANCE
    )
    assert mode.is_sso
    assert mode._render() == {
        "AuthMode": "SSO",
        "TrustedIdentityPropagationEnabled": True,
        "IdcUserAssignment": assignment,
        "IdcInstanceArn": INSTANCE,
    }


def test_modes_are_equal_by_value():
    assert StudioAuthMode.iam() == StudioAuthMode("IAM")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: StudioAuthMode("LDAP"), "auth_mode must be 'IAM' or 'SSO', got 'LDAP'"),
        (
            lambda: StudioAuthMode("IAM", trusted_identity_propagation=True),
            "TrustedIdentityPropagationEnabled can't be combined with the authentication mode IAM",
        ),
        (
            lambda: StudioAuthMode.iam(idp_auth_url="idp"),
            "URL of the identity provider must begin with https:// and have at most 4096 characters, got 'idp'",
        ),
        (
            lambda: StudioAuthMode.sso(identity_center_instance_arn="ssoins-1"),
            "IdcInstanceArn must be an ARN, got 'ssoins-1'",
        ),
    ],
)
def test_rejects_what_does_not_fit(make, says):
    with pytest.raises(EmrError, match=says):
        make()
