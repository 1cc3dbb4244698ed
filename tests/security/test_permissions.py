from __future__ import annotations

import json

import cdk_nag
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from emr_constructs.security import policies
from emr_constructs.security.permissions import RolePermissions
from emr_constructs.security.roles import instance_role
from tests.tools import as_list, flat, new_app, new_stack, resources, statements, synthesize

LOGS = policies.write_logs("arn:aws:s3:::logs", "emr/")


def test_permissions_are_a_managed_policy_of_the_role(stack):
    role = instance_role(stack, "Role")
    permissions = RolePermissions(stack, "Policy", role, [LOGS])
    permissions.allow(policies.read_objects(["arn:aws:s3:::jobs/a.py"]))
    template = synthesize(stack)
    assert resources(template, "AWS::IAM::Policy") == {}
    assert [statement["Action"] for statement in statements(template, "Policy")] == ["s3:PutObject", "s3:GetObject"]
    assert [made.node.path for made in permissions.dependencies] == ["Test/Policy"]


def test_permissions_without_statements_make_no_policy(stack):
    role = instance_role(stack, "Role")
    permissions = RolePermissions(stack, "Policy", role)
    assert permissions.dependencies == []
    assert resources(synthesize(stack), "AWS::IAM::ManagedPolicy") == {}


def test_an_imported_role_takes_statements_its_own_way(stack):
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/nodes")
    permissions = RolePermissions(stack, "Policy", role, [LOGS])
    template = synthesize(stack)
    (policy,) = resources(template, "AWS::IAM::Policy").values()
    assert policy["Properties"]["Roles"] == ["nodes"]
    assert len(permissions.dependencies) == 1


def test_a_role_that_must_not_change_is_left_alone(stack):
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/nodes", mutable=False)
    RolePermissions(stack, "Policy", role, [LOGS]).allow(LOGS)
    assert "Resources" not in synthesize(stack)


def test_a_statement_about_another_stack_goes_to_a_policy_there():
    """Else the stack of the role would wait for the bucket, and the stack of the bucket for the role."""
    app = new_app()
    shared, team = new_stack(app, "Shared"), new_stack(app, "Team")
    role = instance_role(shared, "Role")
    permissions = RolePermissions(shared, "Policy", role, [LOGS])
    bucket = s3.Bucket(team, "Data")
    bucket.grant_read(permissions.at(bucket).principal)
    assert permissions.at(bucket) is permissions.at(bucket)
    assert permissions.at(role) is permissions
    assert [statement["Action"] for statement in statements(synthesize(shared), "Policy")] == ["s3:PutObject"]
    template = synthesize(team)
    (policy,) = resources(template, "AWS::IAM::ManagedPolicy").values()
    assert ["import Shared:" in flat(found) for found in policy["Properties"]["Roles"]] == [True]


def longest(policy):
    text = json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))
    return len(text)


def test_a_full_policy_is_followed_by_another(stack):
    """IAM takes 6144 characters; what is acknowledged, and who waits, holds for each of the policies."""
    role = instance_role(stack, "Role")
    waiting = s3.Bucket(stack, "Waiting")
    permissions = RolePermissions(stack, "Policy", role, [LOGS])
    permissions.precede(waiting, of=waiting)
    permissions.acknowledge({f"AwsSolutions-IAM5[Resource::{LOGS['Resource'][0]}]": "EMR names what it writes there."})
    for number in range(100):
        permissions.allow(policies.read_objects([f"arn:aws:s3:::{'b' * 63}/{number:0100}"]))
    assert len(permissions.dependencies) > 1
    template = synthesize(stack)
    made = resources(template, "AWS::IAM::ManagedPolicy")
    assert [name.rstrip("0123456789ABCDEF")[:6] for name in made] == ["Policy"] * len(made)
    assert all(longest(policy) < 6144 for policy in made.values())
    allowed = [arn for policy in made.values() for found in policy["Properties"]["PolicyDocument"]["Statement"]
               for arn in as_list(found["Resource"])]  # fmt: skip
    assert len(allowed) == 101
    (bucket,) = resources(template, "AWS::S3::Bucket").values()
    assert set(bucket["DependsOn"]) == set(made) - {next(iter(made))}
    found = {
        violation.rule_name
        for violation in cdk_nag.AwsSolutionsChecks(stack.node.root).validate_scope(stack.node.root).violations
    }
    assert not [rule for rule in found if "IAM5" in rule]


def test_what_runs_with_the_role_waits_for_its_first_policy_too(stack):
    waiting = s3.Bucket(stack, "Waiting")
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    permissions.precede(waiting, of=waiting)
    permissions.allow(LOGS)
    (bucket,) = resources(synthesize(stack), "AWS::S3::Bucket").values()
    assert len(bucket["DependsOn"]) == 1
