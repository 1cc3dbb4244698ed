from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from emr_constructs import (
    Application,
    Cluster,
    ClusterProfile,
    Configuration,
    EmrError,
    LakeFormation,
    RuntimeRole,
    RuntimeRoles,
    Script,
    SecurityConfiguration,
    Step,
)
from tests.tools import (
    actions,
    flat,
    imported_key,
    imported_vpc,
    new_app,
    new_stack,
    only,
    resources,
    statements,
    synthesize,
)

ARN = "arn:aws:iam::111111111111:role/analysts"
JOB = Script.from_uri("s3://bucket/job.py")


def make_profile(stack, runtime_roles=RuntimeRoles(), **options):  # noqa: B008  (a frozen value)
    security = SecurityConfiguration(
        stack, "Security", encryption_key=imported_key(stack), runtime_roles=runtime_roles, **options
    )
    return ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)


def make_cluster(stack, profile):
    return Cluster(stack, "Cluster", profile=profile, applications=[Application.SPARK])


def trust(template, containing="AnalystsRole"):
    return only(template, "AWS::IAM::Role", containing)["AssumeRolePolicyDocument"]["Statement"]


def assume_statement(template, policy):
    (found,) = (found for found in statements(template, policy) if "sts:AssumeRole" in found["Action"])
    return found


def test_the_nodes_and_nobody_else_assume_it(stack):
    role = RuntimeRole(stack, "Analysts", profile=make_profile(stack))
    template = synthesize(stack)
    found = trust(template)
    assert {flat(statement["Principal"]["AWS"])[:20] for statement in found} == {"<ProfileInstanceRole"}
    assert actions(found) == {"sts:AssumeRole", "sts:TagSession"}
    allowed = assume_statement(template, "ProfileInstancePolicy")
    assert allowed["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert allowed["Resource"] == stack.resolve(role.role_arn)


def test_propagates_the_source_identity_where_the_configuration_does(stack):
    RuntimeRole(stack, "Analysts", profile=make_profile(stack, RuntimeRoles(propagate_source_identity=True)))
    template = synthesize(stack)
    assert "sts:SetSourceIdentity" in actions(trust(template))
    assert "sts:SetSourceIdentity" in assume_statement(template, "ProfileInstancePolicy")["Action"]


def test_takes_grants_into_a_managed_policy(stack):
    role = RuntimeRole(stack, "Analysts", profile=make_profile(stack))
    bucket = s3.Bucket(stack, "Sales")
    bucket.grant_read(role)
    role.grants.read_write_bucket(bucket, "reports/")
    role.grants.use_glue_data_catalog("sales")
    template = synthesize(stack)
    granted = actions(statements(template, "AnalystsPolicy"))
    assert {"s3:GetObject*", "s3:PutObject", "glue:GetTable"} <= granted
    assert resources(template, "AWS::IAM::Policy") == {}
    assert "s3:PutObject" not in actions(
        statement for statement in statements(template, "ProfileInstancePolicy") if statement.get("Sid") != "WriteLogs"
    )


def test_uses_the_keys_of_data_in_s3(stack):
    RuntimeRole(stack, "Analysts", profile=make_profile(stack))
    (statement,) = statements(synthesize(stack), "AnalystsPolicy")
    assert statement["Sid"] == "UseEncryptionKeys"
    assert statement["Resource"].startswith("arn:aws:kms:")


def test_asks_lake_formation_for_access_where_it_is_on(stack):
    profile = make_profile(stack, lake_formation=LakeFormation())
    RuntimeRole(stack, "Analysts", profile=profile)
    (statement,) = statements(synthesize(stack), "AnalystsLakeFormationPolicy")
    assert (statement["Action"], statement["Resource"]) == ("lakeformation:GetDataAccess", "*")


def test_does_not_ask_lake_formation_where_it_is_off(stack):
    RuntimeRole(stack, "Analysts", profile=make_profile(stack))
    assert not [name for name in synthesize(stack)["Resources"] if "LakeFormation" in name]


def test_takes_a_role_that_exists(stack):
    given = iam.Role.from_role_arn(stack, "Given", ARN)
    role = RuntimeRole(stack, "Analysts", profile=make_profile(stack), role=given)
    template = synthesize(stack)
    assert role.role is given
    assert role.role_arn == ARN
    assert assume_statement(template, "ProfileInstancePolicy")["Resource"] == ARN
    assert not [name for name in resources(template, "AWS::IAM::Role") if name.startswith("Analysts")]


def test_a_role_of_this_stack_learns_to_trust_the_nodes(stack):
    given = iam.Role(stack, "AnalystsRole", assumed_by=iam.AccountRootPrincipal())
    RuntimeRole(stack, "Analysts", profile=make_profile(stack), role=given)
    (_, statement) = trust(synthesize(stack))
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert flat(statement["Principal"]["AWS"]).startswith("<ProfileInstanceRole")


def test_works_in_another_stack_than_the_profile():
    app = new_app()
    shared, team = new_stack(app, "Shared"), new_stack(app, "Team")
    RuntimeRole(team, "Analysts", profile=make_profile(shared))
    template = synthesize(team)
    assert assume_statement(template, "AnalystsInstancePolicy")["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert "Shared" in flat(only(template, "AWS::IAM::ManagedPolicy", "AnalystsInstancePolicy")["Roles"][0])
    assert not [
        found
        for found in statements(synthesize(shared), "ProfileInstancePolicy")
        if "sts:AssumeRole" in found["Action"]
    ]


def test_a_configuration_that_exists_already_may_have_runtime_roles(stack):
    security = SecurityConfiguration.from_security_configuration_name(stack, "Security", "company")
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    RuntimeRole(stack, "Analysts", profile=profile)
    assert "sts:SetSourceIdentity" in actions(trust(synthesize(stack)))


@pytest.mark.parametrize("security", ["default", "none"])
def test_rejects_a_profile_without_runtime_roles(stack, security):
    options = {"security_configuration": None} if security == "none" else {}
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), **options)
    with pytest.raises(
        EmrError, match="profile must have a security configuration with runtime roles, got one"
    ) as error:
        RuntimeRole(stack, "Analysts", profile=profile)
    assert error.value.path == "Test/Analysts"


def test_requires_a_profile(stack):
    with pytest.raises(EmrError, match=r"profile must be a ClusterProfile, got 'company'; use ClusterProfile\(...\)"):
        RuntimeRole(stack, "Analysts", profile="company")


class TestCluster:
    def test_submitting_is_limited_to_roles(self, stack):
        profile = make_profile(stack)
        role = RuntimeRole(stack, "Analysts", profile=profile)
        airflow = iam.Role(stack, "Airflow", assumed_by=iam.AccountRootPrincipal())
        make_cluster(stack, profile).grants.submit_steps(airflow, runtime_roles=[role])
        found = only(synthesize(stack), "AWS::IAM::Policy", "Airflow")["PolicyDocument"]["Statement"]
        (adding,) = (statement for statement in found if "AddJobFlowSteps" in str(statement["Action"]))
        assert adding["Action"] == "elasticmapreduce:AddJobFlowSteps"
        assert adding["Condition"] == {
            "StringEquals": {"elasticmapreduce:ExecutionRoleArn": [stack.resolve(role.role_arn)]}
        }
        assert actions(found) == {
            f"elasticmapreduce:{action}"
            for action in ("AddJobFlowSteps", "CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps")
        }

    def test_submitting_without_a_role_is_not_granted(self, stack):
        cluster = make_cluster(stack, make_profile(stack))
        airflow = iam.Role(stack, "Airflow", assumed_by=iam.AccountRootPrincipal())
        with pytest.raises(EmrError, match=r"runtime_roles must contain .*, got none; specify runtime_roles=\["):
            cluster.grants.submit_steps(airflow)

    def test_steps_of_the_template_are_rejected(self, stack):
        profile = make_profile(stack)
        with pytest.raises(EmrError, match="must have one, got none for step 'Nightly'"):
            Cluster(
                stack,
                "WithSteps",
                profile=profile,
                applications=[Application.SPARK],
                steps=[Step.spark("Nightly", script=JOB)],
            )
        cluster = make_cluster(stack, profile)
        with pytest.raises(EmrError, match="got none for step 'Later'; use a StepTask of a TransientCluster"):
            cluster.add_step(Step.spark("Later", script=JOB))

    def test_lake_formation_without_the_glue_data_catalog_is_a_warning(self, stack):
        profile = make_profile(stack, lake_formation=LakeFormation())
        plain = make_cluster(stack, profile)
        using = Cluster(
            stack,
            "Using",
            profile=profile,
            applications=[Application.SPARK],
            configurations=Configuration.glue_data_catalog(Application.SPARK),
        )
        ids = [
            [entry.data for entry in cluster.node.metadata if "emr-lake-formation-catalog" in str(entry.data)]
            for cluster in (plain, using)
        ]
        assert [len(found) for found in ids] == [1, 0]
