from __future__ import annotations

import json

import boto3
import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from botocore.validate import validate_parameters

from emr_constructs import EmrError, Studio, StudioAuthMode, StudioSecurityGroups
from tests.tools import (
    actions,
    as_list,
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

TAG = {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"}
INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"


@pytest.fixture
def stack():
    return new_stack(new_app())


def make(stack, **options):
    vpc = options.pop("vpc", None) or imported_vpc(stack)
    return Studio(stack, "Studio", vpc=vpc, **options)


@pytest.fixture(scope="module")
def template():
    stack = new_stack()
    make(stack)
    return synthesize(stack)


@pytest.fixture(scope="module")
def sso():
    stack = new_stack()
    make(stack, auth_mode=StudioAuthMode.sso(trusted_identity_propagation=True), collaboration=True)
    return synthesize(stack)


def studio(template):
    return only(template, "AWS::EMR::Studio")


def trust(template, name):
    return only(template, "AWS::IAM::Role", name)["AssumeRolePolicyDocument"]["Statement"]


class TestProperties:
    def test_defaults(self, template):
        properties = studio(template)
        assert properties["AuthMode"] == "IAM"
        assert properties["Name"] == "Test-Studio"
        assert properties["VpcId"] == "vpc-11111111"
        assert properties["SubnetIds"] == ["subnet-aaaa", "subnet-bbbb"]
        assert "Engine" in flat(properties["EngineSecurityGroupId"])
        assert "Workspace" in flat(properties["WorkspaceSecurityGroupId"])
        assert flat(properties["DefaultS3Location"]).endswith(">/workspaces/")
        assert flat(properties["EncryptionKeyArn"]).startswith("<StudioKey")
        assert not {"UserRole", "Description", "Tags", "IdpAuthUrl"} & properties.keys()

    def test_what_is_given(self, stack):
        make(
            stack,
            studio_name="Analysts",
            description="Notebooks",
            tags={"team": "sales"},
            auth_mode=StudioAuthMode.iam(
                idp_auth_url="https://idp.example.com", idp_relay_state_parameter_name="RelayState"
            ),
        )
        properties = studio(synthesize(stack))
        assert (properties["Name"], properties["Description"]) == ("Analysts", "Notebooks")
        assert properties["Tags"] == [{"Key": "team", "Value": "sales"}]
        assert properties["IdpAuthUrl"] == "https://idp.example.com"
        assert properties["IdpRelayStateParameterName"] == "RelayState"

    def test_the_same_is_a_request_of_the_api(self, stack):
        role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/studio")
        make(
            stack,
            tags={"team": "sales"},
            service_role=role,
            workspace_bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "company-workspaces"),
            encryption_key=imported_key(stack),
            description="Notebooks",
            engine_security_group=ec2.SecurityGroup.from_security_group_id(stack, "Engine", "sg-11111111"),
            workspace_security_group=ec2.SecurityGroup.from_security_group_id(stack, "Workspace", "sg-22222222"),
            auth_mode=StudioAuthMode.sso(
                user_role=role,
                trusted_identity_propagation=True,
                user_assignment_required=False,
                identity_center_instance_arn=INSTANCE,
            ),
        )
        properties = studio(synthesize(stack))
        client = boto3.client("emr", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        validate_parameters(properties, client.meta.service_model.operation_model("CreateStudio").input_shape)
        assert properties["DefaultS3Location"] == "s3://company-workspaces/workspaces/"
        assert properties["UserRole"] == properties["ServiceRole"] == role.role_arn

    def test_waits_for_rules_and_permissions(self, template):
        (resource,) = resources(template, "AWS::EMR::Studio").values()
        assert len([name for name in resource["DependsOn"] if "SecurityGroups" in name]) == 3
        assert [name for name in resource["DependsOn"] if "ServicePolicy" in name]

    def test_attributes(self, stack):
        found = make(stack)
        resolved = [stack.resolve(value) for value in (found.studio_id, found.studio_arn, found.studio_url)]
        assert [value["Fn::GetAtt"][1] for value in resolved] == ["StudioId", "Arn", "Url"]


class TestServiceRole:
    def test_only_emr_of_this_account_assumes_it(self, template):
        (statement,) = trust(template, "ServiceRole")
        assert flat(statement["Principal"]["Service"]) == "elasticmapreduce.<AWS::URLSuffix>"
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        source = flat(statement["Condition"]["ArnLike"]["aws:SourceArn"])
        assert source == "arn:<AWS::Partition>:elasticmapreduce:<AWS::Region>:<AWS::AccountId>:*"

    def test_changes_only_what_has_the_tag(self, template):
        """But for attaching groups to interfaces, which takes no tags."""
        free = {"ec2:ModifyNetworkInterfaceAttribute"}
        for statement in statements(template, "ServicePolicy"):
            named = {action for action in as_list(statement["Action"]) if action.startswith("ec2:")}
            if named and not all(action.startswith("ec2:Describe") for action in named):
                tagged = "for-use-with-amazon-emr-managed-policies" in json.dumps(statement.get("Condition", {}))
                on_creation = "ec2:CreateAction" in json.dumps(statement.get("Condition", {}))
                assert tagged or on_creation or named == free, statement["Sid"]

    def test_everything_but_reading_the_network_has_a_resource(self, template):
        everywhere = {
            statement["Sid"] for statement in statements(template, "ServicePolicy") if statement["Resource"] == "*"
        }
        assert everywhere == {"DescribeNetwork", "ManageTaggedSecurityGroups"}

    def test_keeps_workspaces_below_the_prefix_in_this_account(self, template):
        (keep,) = (found for found in statements(template, "ServicePolicy") if found.get("Sid") == "KeepWorkspaces")
        assert flat(keep["Resource"]).endswith(".Arn>/workspaces/*")
        assert keep["Condition"] == {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}}
        assert actions([keep]) == {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"}

    def test_uses_the_key_and_reads_no_secrets(self, template):
        found = statements(template, "ServicePolicy")
        (use,) = (statement for statement in found if statement["Sid"] == "UseEncryptionKeys")
        assert flat(use["Resource"]).startswith("<StudioKey")
        assert not [action for action in actions(found) if action.startswith("secretsmanager:")]

    @pytest.mark.parametrize(
        ("mode", "finds"),
        [
            (StudioAuthMode.iam(), {"iam:GetRole", "iam:GetUser", "iam:ListRoles", "iam:ListUsers"}),
            (StudioAuthMode.sso(), {"sso-directory:SearchUsers", "sso:GetManagedApplicationInstance"}),
        ],
    )
    def test_finds_people_only_for_collaboration(self, stack, template, mode, finds):
        policy = make(stack, auth_mode=mode, collaboration=True).user_policy
        iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal(), managed_policies=[policy])
        shared = synthesize(stack)
        assert finds <= actions(statements(shared, "ServicePolicy"))
        assert not finds & actions(statements(template, "ServicePolicy"))
        assert "elasticmapreduce:PutWorkspaceAccess" in actions(statements(shared, "UserPolicy"))

    def test_a_given_role_gets_the_permissions(self, stack):
        given = iam.Role(stack, "Given", assumed_by=iam.ServicePrincipal("elasticmapreduce.amazonaws.com"))
        assert make(stack, service_role=given).service_role is given
        policy = only(synthesize(stack), "AWS::IAM::ManagedPolicy", "ServicePolicy")
        assert [flat(role) for role in policy["Roles"]] == [flat(stack.resolve(given.role_name))]

    def test_policies_are_short_enough_for_iam(self, sso):
        for name in ("ServicePolicy", "UserPolicy"):
            document = only(sso, "AWS::IAM::ManagedPolicy", name)["PolicyDocument"]
            text = json.dumps(as_text(document), separators=(",", ":"))
            assert len(text) < 6144


def as_text(value):
    """``value`` with ARNs as long as those of the longest region."""
    match value:
        case {"Fn::Join": _} | {"Ref": _} | {"Fn::GetAtt": _}:
            known = {"<AWS::Partition>": "aws-us-gov", "<AWS::Region>": "ap-southeast-1", "<AWS::AccountId>": "1" * 12}
            text = flat(value)
            for name, real in known.items():
                text = text.replace(name, real)
            return text
        case dict():
            return {key: as_text(item) for key, item in value.items()}
        case list():
            return [as_text(item) for item in value]
        case _:
            return value


class TestUsers:
    def test_people_of_identity_center_get_a_role(self, sso):
        assert flat(studio(sso)["UserRole"]).startswith("<StudioUserRole")
        role = only(sso, "AWS::IAM::Role", "UserRole")
        (policy,) = role["ManagedPolicyArns"]
        assert flat(policy).startswith("<StudioUserPolicy")
        assert actions(trust(sso, "UserRole")) == {"sts:AssumeRole", "sts:SetContext"}
        for statement in trust(sso, "UserRole"):
            assert flat(statement["Principal"]["Service"]) == "elasticmapreduce.<AWS::URLSuffix>"
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}

    def test_the_context_is_set_only_for_trusted_identity_propagation(self, stack):
        make(stack, auth_mode=StudioAuthMode.sso())
        assert actions(trust(synthesize(stack), "UserRole")) == {"sts:AssumeRole"}

    def test_the_policy_is_attached_to_nobody_with_iam(self, template):
        policy = only(template, "AWS::IAM::ManagedPolicy", "User")
        assert not {"Roles", "Users", "Groups"} & policy.keys()
        assert [name for name in resources(template, "AWS::IAM::Role") if "User" in name] == []

    def test_a_role_gets_the_policy(self, stack):
        found = make(stack)
        role = iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal())
        role.add_managed_policy(found.user_policy)
        policy = statements(synthesize(stack), "UserPolicy")
        (sign_in,) = (statement for statement in policy if statement["Sid"] == "SignIn")
        assert sign_in["Action"] == "elasticmapreduce:CreateStudioPresignedUrl"
        assert flat(sign_in["Resource"]).endswith(".Arn>")
        assert "elasticmapreduce:RunJobFlow" not in actions(policy)
        assert found.user_policy is found.user_policy

    def test_secrets_are_read_by_their_user(self, sso):
        (reading,) = (found for found in statements(sso, "UserPolicy") if found["Sid"] == "ReadOwnGitSecrets")
        (condition,) = reading["Condition"]["StringEquals"].values()
        assert condition == "${aws:userid}"

    def test_sso_signs_in_by_mapping(self, sso):
        assert "elasticmapreduce:CreateStudioPresignedUrl" not in actions(statements(sso, "UserPolicy"))

    def test_without_git(self, stack):
        found = make(stack, git_repositories=False)
        iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal(), managed_policies=[found.user_policy])
        template = synthesize(stack)
        granted = actions(statements(template, "UserPolicy"))
        assert not [action for action in granted if "Repositor" in action or action.startswith("secretsmanager:")]
        assert [rule for rule in resources(template, "AWS::EC2::SecurityGroupEgress") if "Anywhere" in rule] == []


class TestBucket:
    def test_is_encrypted_private_and_keeps_notebooks(self, template):
        bucket = only(template, "AWS::S3::Bucket", "WorkspacesBucket")
        (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert flat(encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]).startswith("<StudioKey")
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert "ExpirationInDays" not in bucket["LifecycleConfiguration"]["Rules"][0]
        assert "AccessLogs" in flat(bucket["LoggingConfiguration"]["DestinationBucketName"])

    def test_stays_unless_told_otherwise(self, stack, template):
        make(stack, removal_policy=RemovalPolicy.DESTROY)
        for found, policy in ((template, "Retain"), (synthesize(stack), "Delete")):
            for kind in ("AWS::S3::Bucket", "AWS::KMS::Key"):
                assert {resource["DeletionPolicy"] for resource in resources(found, kind).values()} == {policy}

    def test_a_given_bucket_brings_its_key(self, stack):
        key = imported_key(stack)
        given = s3.Bucket(stack, "Given", encryption_key=key)
        found = make(stack, workspace_bucket=given, workspace_prefix="analysts/notebooks/")
        template = synthesize(stack)
        assert found.encryption_key.key_arn == key.key_arn
        assert studio(template)["EncryptionKeyArn"] == key.key_arn
        assert flat(studio(template)["DefaultS3Location"]).endswith(">/analysts/notebooks/")
        assert list(resources(template, "AWS::S3::Bucket")) == [stack.get_logical_id(given.node.default_child)]

    def test_backups_can_use_the_whole_bucket(self, stack):
        given = s3.Bucket.from_bucket_name(stack, "Whole", "company-workspaces")
        make(stack, workspace_bucket=given, workspace_prefix="")
        template = synthesize(stack)
        assert flat(studio(template)["DefaultS3Location"]) == "s3://company-workspaces/"
        (allowed,) = [one for one in statements(template, "ServicePolicy") if one.get("Sid") == "KeepWorkspaces"]
        assert flat(allowed["Resource"]) == "arn:<AWS::Partition>:s3:::company-workspaces/*"

    def test_a_given_bucket_without_a_known_key(self, stack):
        make(stack, workspace_bucket=s3.Bucket.from_bucket_name(stack, "Given", "company-workspaces"))
        template = synthesize(stack)
        assert "EncryptionKeyArn" not in studio(template)
        assert not resources(template, "AWS::KMS::Key")


class TestNetwork:
    def test_the_network_is_tagged(self, stack):
        make(stack, vpc=ec2.Vpc(stack, "Network", max_azs=2, nat_gateways=1))
        template = synthesize(stack)
        tagged = {
            name
            for kind in ("AWS::EC2::VPC", "AWS::EC2::Subnet")
            for name, found in resources(template, kind).items()
            if TAG in found["Properties"]["Tags"]
        }
        assert len(tagged) == 3
        assert not [name for name in tagged if "Public" in name]

    def test_an_imported_network_is_a_warning(self, stack):
        (warning,) = warnings(make(stack))
        assert "subnet-aaaa, subnet-bbbb, vpc-11111111; tag them where they are defined" in warning

    def test_groups_that_several_studios_share(self, stack):
        groups = StudioSecurityGroups(stack, "Groups", vpc=imported_vpc(stack, "Same"))
        found = make(stack, engine_security_group=groups.engine, workspace_security_group=groups.workspace)
        assert found.engine_security_group is groups.engine
        assert found.workspace_security_group is groups.workspace
        assert len(resources(synthesize(stack), "AWS::EC2::SecurityGroup")) == 2


class TestRefused:
    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (
                {"workspace_prefix": "/notebooks"},
                "workspace_prefix must name a folder and not begin with '/', got '/notebooks'",
            ),
            (
                {"workspace_prefix": "team-*/"},
                r"workspace_prefix must not contain '\*', '\?' or '\$\{', .*, got 'team-\*/'; use a prefix",
            ),
            (
                {"studio_name": ""},
                "and at least one letter, digit, hyphen or underscore, got ''",
            ),
            (
                {"description": "d" * 257},
                "Description must have 0 to 256 characters, got 257",
            ),
            (
                {"tags": {"aws:team": "sales"}},
                "tag key must have 1 to 128 characters and not begin with aws:, got 'aws:team'",
            ),
        ],
    )
    def test_values(self, stack, options, says):
        with pytest.raises(EmrError, match=says) as error:
            make(stack, **options)
        assert error.value.path == "Test/Studio"

    @pytest.mark.parametrize("name", ["engine_security_group", "workspace_security_group"])
    def test_one_security_group(self, stack, name):
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-11111111")
        with pytest.raises(EmrError, match="must be specified together, got only one; pass both"):
            make(stack, **{name: group})

    def test_the_same_group_twice(self, stack):
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-11111111")
        with pytest.raises(
            EmrError,
            match="security groups of the engine and of Workspaces must be different, got 'sg-11111111' for both",
        ):
            make(stack, engine_security_group=group, workspace_security_group=group)

    def test_six_subnets(self, stack):
        names = [f"{number}" for number in range(6)]
        vpc = imported_vpc(
            stack,
            availability_zones=[f"us-east-1{name}" for name in names],
            private_subnet_ids=[f"subnet-{name}" for name in names],
            private_subnet_route_table_ids=[f"rtb-{name}" for name in names],
            public_subnet_ids=None,
            public_subnet_route_table_ids=None,
        )
        with pytest.raises(EmrError, match="number of subnets must be 1 to 5, got 6"):
            make(stack, vpc=vpc)


class TestImported:
    def test_what_is_known(self, stack):
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-11111111")
        found = Studio.from_studio_attributes(
            stack, "Studio", studio_id="es-0123456789ABCDEF", engine_security_group=group
        )
        assert found.studio_id == "es-0123456789ABCDEF"
        assert found.auth_mode is None
        assert found.engine_security_group is group
        arn = flat(stack.resolve(found.studio_arn))
        assert arn.endswith(":elasticmapreduce:<AWS::Region>:<AWS::AccountId>:studio/es-0123456789ABCDEF")

    def test_what_is_not_known(self, stack):
        found = Studio.from_studio_attributes(stack, "Studio", studio_id="es-0123456789ABCDEF")
        for name in ("engine_security_group", "workspace_security_group"):
            with pytest.raises(EmrError, match=f"{name} of the imported Studio is not known; pass {name}="):
                getattr(found, name)
