from __future__ import annotations

import json

import aws_cdk as cdk
import cdk_nag
import jsii
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
    bucket.grant_read(permissions.in_stack_of(bucket).principal)
    assert permissions.in_stack_of(bucket) is permissions.in_stack_of(bucket)
    assert permissions.in_stack_of(role) is permissions
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
    permissions.wait_for_grants(waiting, of=waiting)
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
    permissions.wait_for_grants(waiting, of=waiting)
    permissions.allow(LOGS)
    (bucket,) = resources(synthesize(stack), "AWS::S3::Bucket").values()
    assert len(bucket["DependsOn"]) == 1


BUCKET = "arn:aws:s3:::data"


def listed(template):
    """The prefixes of each statement that lists a bucket, by policy."""
    return [
        [
            (statement["Resource"], statement["Condition"]["StringLike"]["s3:prefix"])
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if statement["Action"] == "s3:ListBucket"
        ]
        for policy in resources(template, "AWS::IAM::ManagedPolicy").values()
    ]


def test_a_statement_that_is_there_is_not_added_again():
    """Without CDK's feature flag for merging statements, too."""
    stack = new_stack(new_app(flags=False))
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    added = [permissions.add(iam.PolicyStatement(actions=["s3:GetObject"], resources=[BUCKET])) for _ in range(200)]
    assert all(found.statement_added for found in added)
    assert len(statements(synthesize(stack), "Policy")) == 1


def test_keys_of_a_bucket_are_listed_by_one_statement():
    stack = new_stack(new_app(flags=False))
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    for keys in (["a.csv"], ["b.csv", "a.csv"], *[["a.csv"]] * 300):
        permissions.allow(policies.list_objects(BUCKET, keys))
    permissions.allow(policies.list_objects(f"{BUCKET}2", ["a.csv"]))
    assert listed(synthesize(stack)) == [
        [(BUCKET, ["a.csv", "a.csv/*", "b.csv", "b.csv/*"]), (f"{BUCKET}2", ["a.csv", "a.csv/*"])]
    ]


def test_other_statements_about_a_listing_are_left_as_they_are(stack):
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    more = {"StringEquals": {"s3:delimiter": "/"}}
    added = [
        policies.list_objects(BUCKET, ["a.csv"]),
        {**policies.list_objects(BUCKET, ["b.csv"]), "Sid": "Named"},
        {**policies.list_objects(BUCKET, ["c.csv"]), "Effect": "Deny"},
        {**policies.list_objects(BUCKET, ["d.csv"]), "Action": ["s3:ListBucket", "s3:ListBucketVersions"]},
        {**policies.list_objects(BUCKET, ["e.csv"]), "Resource": [BUCKET, f"{BUCKET}2"]},
        policies.allow(None, ["s3:ListBucket"], [BUCKET], {"StringLike": {"s3:prefix": ["f.csv"]}, **more}),
        policies.allow(
            None, ["s3:ListBucket"], [BUCKET], {"StringLike": {"s3:prefix": ["g.csv"], "s3:delimiter": "/"}}
        ),
        policies.allow(None, ["s3:ListBucket"], [BUCKET], {"StringNotLike": {"s3:prefix": ["h.csv"]}}),
    ]
    for statement in added:
        permissions.allow(statement)
    found = [statement["Condition"] for statement in statements(synthesize(stack), "Policy")]
    assert sorted(map(json.dumps, found)) == sorted(json.dumps(statement["Condition"]) for statement in added)


def test_a_statement_of_the_caller_is_not_changed(stack):
    given = iam.PolicyStatement.from_json(policies.list_objects(BUCKET, ["a.csv"]))
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    permissions.add(given)
    permissions.allow(policies.list_objects(BUCKET, ["b.csv"]))
    assert given.to_json()["Condition"] == {"StringLike": {"s3:prefix": ["a.csv", "a.csv/*"]}}
    ((listing,),) = listed(synthesize(stack))
    assert len(listing[1]) == 4


@jsii.implements(cdk.IStableListProducer)
class LazyList:
    def produce(self):
        return ["lazy"]


def test_prefixes_that_are_a_token_are_left_alone(stack):
    """Which prefixes are in it is only known on synthesis."""
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    parameter = cdk.CfnParameter(stack, "Prefixes", type="CommaDelimitedList").value_as_list
    lazy = cdk.Lazy.list(LazyList())
    for keys in (["a.csv"], ["b.csv"]):
        permissions.allow(policies.list_objects(BUCKET, keys))
    for prefixes in (parameter, lazy, "c.csv"):
        condition = {"StringLike": {"s3:prefix": prefixes}}
        permissions.allow(policies.allow(None, ["s3:ListBucket"], [BUCKET], condition))
    (found,) = listed(synthesize(stack))
    assert [prefixes for _, prefixes in found] == [
        ["a.csv", "a.csv/*", "b.csv", "b.csv/*"], {"Ref": "Prefixes"}, ["lazy"], "c.csv",
    ]  # fmt: skip


def test_a_listing_that_has_no_room_goes_to_the_next_policy(stack):
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    for number in range(120):
        permissions.allow(policies.list_objects(BUCKET, [f"{number:060}"]))
    template = synthesize(stack)
    found = listed(template)
    assert [len(policy) for policy in found] == [1] * len(found)
    assert len({prefix for policy in found for _, prefixes in policy for prefix in prefixes}) == 240
    assert all(longest(policy) <= 6144 for policy in resources(template, "AWS::IAM::ManagedPolicy").values())
    assert len(found) == 3


def test_a_listing_of_a_full_policy_is_not_extended(stack):
    permissions = RolePermissions(stack, "Policy", instance_role(stack, "Role"))
    permissions.allow(policies.list_objects(BUCKET, ["a.csv"]))
    for number in range(60):
        permissions.allow(policies.read_objects([f"{BUCKET}/{number:070}"]))
    permissions.allow(policies.list_objects(BUCKET, ["b.csv"]))
    found = listed(synthesize(stack))
    assert [[prefixes[0] for _, prefixes in policy] for policy in found] == [["a.csv"], ["b.csv"]]
