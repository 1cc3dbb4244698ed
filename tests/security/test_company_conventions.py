"""All roles honor the permissions boundary, path and name that CDK applies, and all references follow them."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler

from emr_constructs import (
    Application,
    AutoScalingPolicy,
    Cluster,
    ClusterProfile,
    InstanceGroup,
    InstanceGroups,
    RuntimeRole,
    RuntimeRoles,
    ScalingRule,
    ScalingTrigger,
    Schedule,
    Script,
    SecurityConfiguration,
    Step,
    Studio,
    StudioAuthMode,
    TransientCluster,
)
from tests.tools import as_list, flat, imported_key, imported_vpc, new_app, new_stack, only, resources, synthesize

ROLE, PROFILE, POLICY = "AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy"
NAMES = ("Path", "RoleName", "ManagedPolicyName")
OUT = ScalingRule.change_by("Out", 2, when=ScalingTrigger.below("YARNMemoryAvailablePercentage", 15))
PATHS = (
    "Profile/InstanceRole", "Profile/ServiceRole", "Profile/AutoScalingRole",
    "Isolated/InstanceRole", "Isolated/ServiceRole", "Analysts/Role",
    "Studio/ServiceRole", "Studio/UserRole",
    "Nightly/Job/Role", "Nightly/Cleanup/Job/Role", "Nightly/Cleanup/RuleRole", "EveryNight/Role",
)  # fmt: skip


def build(stack):
    """Every construct of the library that creates roles."""
    vpc, key = imported_vpc(stack), imported_key(stack)
    profile = ClusterProfile(stack, "Profile", vpc=vpc, encryption_key=key)
    policy = AutoScalingPolicy(minimum=2, maximum=20, rules=[OUT])
    core = InstanceGroup("m7g.xlarge", 2, auto_scaling_policy=policy)
    instances = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=core)
    Cluster(stack, "Cluster", profile=profile, instances=instances)
    security = SecurityConfiguration(stack, "Security", encryption_key=key, runtime_roles=RuntimeRoles())
    isolated = ClusterProfile(stack, "Isolated", vpc=vpc, encryption_key=key, security_configuration=security)
    analysts = RuntimeRole(stack, "Analysts", profile=isolated)
    shared = Cluster(stack, "Shared", profile=isolated)
    shared.grants.submit_steps(iam.ManagedPolicy(stack, "Submit"), runtime_roles=[analysts])
    instance = "arn:aws:sso:::instance/ssoins-1111111111111111"
    Studio(stack, "Studio", vpc=vpc, auth_mode=StudioAuthMode.sso(identity_center_instance_arn=instance))
    step = Step.spark("Count", script=Script.from_uri("s3://company-jobs/count.py"))
    job = TransientCluster(
        stack, "Nightly", profile=profile, instances=instances, applications=[Application.SPARK], workflow=[step]
    )
    rate = scheduler.ScheduleExpression.rate(cdk.Duration.days(1))
    Schedule(stack, "EveryNight", target=job, schedule=rate)


def made(*, app=None, **options):
    stack = new_stack(app, **options)
    build(stack)
    return stack


@jsii.implements(cdk.IAspect)
class CompanyNames:
    """Names roles and policies by a prefix, and puts them below a path."""

    def visit(self, node):
        kind = getattr(node, "cfn_resource_type", None)
        if kind in (ROLE, POLICY):
            name = cdk.Stack.of(node).get_logical_id(node)[-50:]
            node.add_property_override("Path", "/data/")
            node.add_property_override("RoleName" if kind == ROLE else "ManagedPolicyName", f"company-{name}")


@pytest.fixture(scope="module")
def plain():
    return synthesize(made())


@pytest.fixture(scope="module")
def named():
    stack = made()
    cdk.Aspects.of(stack).add(CompanyNames())
    return synthesize(stack)


def test_these_are_all_roles(plain):
    assert len(resources(plain, ROLE)) == len(PATHS)


BOUNDARY = "arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/company-boundary"


def by_aspect():
    stack = made()
    boundary = iam.ManagedPolicy.from_managed_policy_name(stack, "Boundary", "company-boundary")
    iam.PermissionsBoundary.of(stack).apply(boundary)
    return stack


def by_context():
    return made(app=new_app(**{"@aws-cdk/core:permissionsBoundary": {"name": "company-boundary"}}))


def by_stack():
    return made(permissions_boundary=cdk.PermissionsBoundary.from_name("company-boundary"))


@pytest.mark.parametrize("apply", [by_aspect, by_context, by_stack])
def test_every_role_has_the_permissions_boundary(apply):
    roles = resources(synthesize(apply()), ROLE)
    assert len(roles) == len(PATHS)
    assert {flat(role["Properties"]["PermissionsBoundary"]) for role in roles.values()} == {BOUNDARY}


def test_every_role_has_the_path_and_a_name(named):
    roles = resources(named, ROLE)
    assert {role["Properties"]["Path"] for role in roles.values()} == {"/data/"}
    names = {role["Properties"]["RoleName"] for role in roles.values()}
    assert len(names) == len(PATHS)
    assert all(name.startswith("company-") and len(name) <= 64 for name in names)


def test_every_reference_to_a_role_follows_its_path_and_name(plain, named):
    """A reference is an attribute of the role: no policy or property spells its ARN or name."""
    assert without_names(named) == without_names(plain)
    spelled = [text for text in texts(named["Resources"]) if ":role/" in text]
    assert all(":role/aws-service-role/" in text for text in spelled), spelled


def without_names(template):
    """The resources of a template without what the aspect overrides."""
    return {
        logical_id: found
        | {"Properties": {key: value for key, value in found["Properties"].items() if key not in NAMES}}
        if found["Type"] in (ROLE, POLICY)
        else found
        for logical_id, found in template["Resources"].items()
    }


def texts(value):
    """The texts of a template, each with its functions."""
    match value:
        case {"Fn::Join": _}:
            yield flat(value)
        case dict():
            for item in value.values():
                yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)
        case str():
            yield value


def test_roles_are_passed_by_arn(named):
    """EMR finds a role below a path by its ARN, not by its name."""
    roles = resources(named, ROLE)
    passed = set()
    for policy in resources(named, POLICY).values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if "iam:PassRole" in as_list(statement["Action"]):
                passed |= {flat(resource) for resource in as_list(statement["Resource"])}
    assert passed
    assert passed <= {f"<{name}.Arn>" for name in roles}
    cluster = only(named, "AWS::EMR::Cluster", "Cluster")
    assert flat(cluster["ServiceRole"]) in passed | {f"<{name}.Arn>" for name in roles}
    assert flat(cluster["AutoScalingRole"]) in {f"<{name}.Arn>" for name in roles}
    assert flat(cluster["JobFlowRole"]) in {f"<{name}>" for name in resources(named, PROFILE)}


def test_precreated_roles_replace_all_roles():
    app = new_app()
    stack = new_stack(app)
    names = {f"Test/{path}": f"company-{path.replace('/', '-')}" for path in PATHS}
    iam.Role.customize_roles(stack, use_precreated_roles=names)
    build(stack)
    template = synthesize(stack)
    assert not resources(template, ROLE)
    assert not resources(template, POLICY)
    cluster = only(template, "AWS::EMR::Cluster", "Cluster")
    assert flat(cluster["ServiceRole"]).endswith(":role/company-Profile-ServiceRole")
    profile = resources(template, PROFILE)[cluster["JobFlowRole"]["Ref"]]
    assert profile["Properties"]["Roles"] == ["company-Profile-InstanceRole"]
    report = json.loads((Path(app.outdir) / "iam-policy-report.json").read_text())
    assert {role["roleName"] for role in report["roles"]} == set(names.values())
