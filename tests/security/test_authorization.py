from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam

from emr_constructs import (
    ClusterProfile,
    EmrError,
    IdentityCenter,
    LakeFormation,
    RoleMapping,
    RuntimeRoles,
    SecurityConfiguration,
)
from emr_constructs.rules import check
from tests.tools import (
    flat,
    imported_key,
    imported_vpc,
    new_app,
    new_stack,
    only,
    resources,
    statements,
    synthesize,
    warnings,
)

ARN = "arn:aws:iam::111111111111:role/analysts"


@pytest.fixture
def role(stack):
    return iam.Role.from_role_arn(stack, "Analysts", ARN)


def own_role(scope, name):
    return iam.Role(scope, name, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))


def profile_of(stack, **options):
    security = SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack), **options)
    return ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)


def assumed(template, policy="InstancePolicy"):
    """Which roles the nodes may assume, by actions."""
    return {
        tuple(found["Action"]) if isinstance(found["Action"], list) else (found["Action"],): found["Resource"]
        for found in statements(template, policy)
        if "sts:AssumeRole" in found["Action"]
    }


def test_maps_users_groups_and_prefixes_to_roles(role):
    mappings = [
        RoleMapping.users(role, "ana", "bo"),
        RoleMapping.groups(role, "admins"),
        RoleMapping.prefixes(role, "s3://sales/"),
    ]
    assert [mapping._render() for mapping in mappings] == [
        {"Role": ARN, "IdentifierType": "User", "Identifiers": ["ana", "bo"]},
        {"Role": ARN, "IdentifierType": "Group", "Identifiers": ["admins"]},
        {"Role": ARN, "IdentifierType": "Prefix", "Identifiers": ["s3://sales/"]},
    ]


def test_runtime_roles():
    assert RuntimeRoles()._render() == {"EnableApplicationScopedIAMRole": True}
    assert RuntimeRoles().actions == ("sts:AssumeRole", "sts:TagSession")
    propagating = RuntimeRoles(propagate_source_identity=True)
    assert propagating._render()["ApplicationScopedIAMRoleConfiguration"] == {"PropagateSourceIdentity": True}
    assert propagating.actions == ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


def test_lake_formation():
    assert LakeFormation()._render() == {"AuthorizedSessionTagValue": "Amazon EMR"}
    assert LakeFormation(None)._render() == {"EnableLakeFormation": True}


def test_identity_center(role):
    assert IdentityCenter(role)._render() == {
        "EnableIdentityCenter": True,
        "IAMRoleForEMRIdentityCenterApplicationARN": ARN,
    }
    everything = IdentityCenter(
        role,
        instance_arn="arn:aws:sso:::instance/ssoins-1234567890abcdef",
        application_assignment_required=False,
        user_background_sessions=True,
    )
    assert everything._render() == {
        "EnableIdentityCenter": True,
        "IAMRoleForEMRIdentityCenterApplicationARN": ARN,
        "IdentityCenterInstanceARN": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "IdentityCenterApplicationAssignmentRequired": False,
        "EnableUserBackgroundSession": True,
    }


@pytest.mark.parametrize("spelling", ["Assignment", "Assigment"])
def test_templates_may_have_either_spelling_of_the_assignment(spelling):
    configuration = {
        "EnableIdentityCenter": True,
        "IAMRoleForEMRIdentityCenterApplicationARN": ARN,
        f"IdentityCenterApplication{spelling}Required": True,
    }
    assert check("IdentityCenterConfiguration", configuration) == []


def test_the_configuration_has_what_is_given_and_nothing_else(stack, role):
    security = SecurityConfiguration(
        stack,
        "Security",
        encryption_key=imported_key(stack),
        runtime_roles=RuntimeRoles(),
        lake_formation=LakeFormation(),
    )
    assert security.document["AuthorizationConfiguration"] == {
        "IAMConfiguration": {"EnableApplicationScopedIAMRole": True},
        "LakeFormationConfiguration": {"AuthorizedSessionTagValue": "Amazon EMR"},
    }
    assert "AuthenticationConfiguration" not in security.document


class TestRoles:
    def test_the_nodes_may_assume_them_and_they_trust_the_nodes(self, stack):
        sales, people = own_role(stack, "Sales"), own_role(stack, "People")
        profile_of(
            stack,
            emrfs_role_mappings=[RoleMapping.groups(sales, "sales"), RoleMapping.prefixes(sales, "s3://sales/")],
            identity_center=IdentityCenter(people),
        )
        template = synthesize(stack)
        roles = {flat(stack.resolve(role.role_arn)): role for role in (sales, people)}
        first, second = roles
        assert {actions: flat(arns) for actions, arns in assumed(template).items()} == {
            ("sts:AssumeRole",): first,
            ("sts:AssumeRole", "sts:SetContext"): second,
        }
        trusts = {
            name: [
                (flat(found["Principal"]["AWS"]), found["Action"])
                for found in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
                if "AWS" in found["Principal"]
            ]
            for name, role in resources(template, "AWS::IAM::Role").items()
        }
        (nodes,) = (name for name in trusts if name.startswith("ProfileInstanceRole"))
        assert trusts[first.strip("<>").partition(".")[0]] == [(f"<{nodes}.Arn>", "sts:AssumeRole")]
        assert trusts[second.strip("<>").partition(".")[0]] == [
            (f"<{nodes}.Arn>", ["sts:AssumeRole", "sts:SetContext"])
        ]
        assert not [found for found in warnings(stack) if "emr-role-trust" in found]

    def test_a_warning_names_those_whose_trust_policy_is_elsewhere(self, stack, role):
        profile_of(stack, emrfs_role_mappings=[RoleMapping.users(role, "ana")])
        (found,) = (message for message in warnings(stack) if "emr-role-trust" in message)
        assert "can't be changed by this app: Test/Analysts; trust the instance role where they are defined" in found

    def test_a_role_of_another_stack_does_not_make_a_cycle(self):
        app = new_app()
        elsewhere, stack = new_stack(app, "Elsewhere"), new_stack(app, "Here")
        profile_of(stack, emrfs_role_mappings=[RoleMapping.users(own_role(elsewhere, "Sales"), "ana")])
        assert [found for found in warnings(stack) if "emr-role-trust" in found]
        assert "Elsewhere" in flat(assumed(synthesize(stack))[("sts:AssumeRole",)])
        assert len(only(synthesize(elsewhere), "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            RoleMapping.users,
            "a role mapping must have identifiers",
        ),
        (
            lambda role: RoleMapping.prefixes(role, "sales/"),
            "identifier of type Prefix must be an S3 URI, got 'sales/'",
        ),
        (
            lambda role: IdentityCenter(role, instance_arn="ssoins-1"),
            "IdentityCenterInstanceARN must be an ARN, got 'ssoins-1'",
        ),
    ],
)
def test_rejects(role, make, message):
    with pytest.raises(EmrError, match=message):
        make(role)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"lake_formation": LakeFormation()},
            "Lake Formation requires runtime roles or IAM Identity Center, to identify users",
        ),
        (
            {"lake_formation": LakeFormation(), "runtime_roles": RuntimeRoles(), "in_transit_encryption": None},
            "Lake Formation requires in-transit encryption, which is not enabled",
        ),
        (
            {"lake_formation": LakeFormation(None), "runtime_roles": RuntimeRoles()},
            "Lake Formation with runtime roles requires an authorized session tag value",
        ),
    ],
)
def test_the_configuration_warns(stack, options, message):
    SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack), **options)
    assert any(message in warning for warning in warnings(stack))


def test_the_configuration_rejects_empty_role_mappings(stack):
    with pytest.raises(EmrError, match="role mappings must not be empty"):
        SecurityConfiguration(stack, "Security", encryption_key=imported_key(stack), emrfs_role_mappings=[])
