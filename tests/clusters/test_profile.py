from __future__ import annotations

import pytest
from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from emr_constructs import (
    Application,
    BootstrapAction,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    ClusterSecurityGroups,
    Configuration,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    InTransitEncryption,
    LogBucket,
    ReleaseLabel,
    Script,
    SecurityConfiguration,
    ServiceRolePolicy,
    Termination,
)
from tests.clusters.test_cluster_capacity import SCALED
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

PUBLIC = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
DEFINITION = ClusterDefinition(applications=[Application.SPARK])


def make(**options):
    stack = new_stack(new_app())
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), **options)
    return profile, synthesize(stack)


def by_sid(listed):
    return {
        statement.get("Sid", statement["Action"] if isinstance(statement["Action"], str) else "?"): statement
        for statement in listed
    }


@pytest.fixture(scope="module")
def default():
    return make()


class TestRoles:
    def test_nodes_may_write_their_logs_use_their_keys_and_read_their_certificates(self, default):
        profile, template = default
        found = by_sid(statements(template, "InstancePolicy"))
        assert set(found) == {"WriteLogs", "UseEncryptionKeys", "ReadCertificateAuthority"}
        assert found["WriteLogs"]["Action"] == "s3:PutObject"
        assert flat(found["WriteLogs"]["Resource"]).endswith(".Arn>/emr/*")
        assert flat(found["UseEncryptionKeys"]["Resource"]).startswith("<ProfileKey")
        tag, value = profile.security_configuration.certificate_secret_tag
        assert found["ReadCertificateAuthority"]["Condition"] == {
            "StringEquals": {f"secretsmanager:ResourceTag/{tag}": value}
        }

    def test_nodes_may_not_touch_data(self, default):
        _, template = default
        allowed = actions(statements(template, "InstancePolicy")) | actions(statements(template, "SessionPolicy"))
        assert not [action for action in allowed if action.startswith(("s3:Get", "s3:List", "dynamodb:", "glue:"))]

    def test_sessions_are_opened_with_systems_manager(self, default):
        _, template = default
        (statement,) = statements(template, "SessionPolicy")
        assert statement["Action"] == [
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ]

    def test_sessions_can_be_left_out(self):
        _, template = make(session_manager=False)
        assert not [name for name in resources(template, "AWS::IAM::ManagedPolicy") if "Session" in name]

    def test_emr_passes_the_instance_role_to_ec2_and_no_other_role(self, default):
        _, template = default
        found = by_sid(statements(template, "ServicePolicy"))
        assert set(found) == {"PassInstanceRole", "EncryptVolumes", "GrantKeysToVolumes"}
        assert flat(found["PassInstanceRole"]["Resource"]).startswith("<ProfileInstanceRole")
        assert found["PassInstanceRole"]["Condition"]["StringLike"] == {"iam:PassedToService": "ec2.amazonaws.com*"}
        assert "kms:CreateGrant" in as_list(found["GrantKeysToVolumes"]["Action"])

    def test_nothing_is_inline(self, default):
        _, template = default
        assert resources(template, "AWS::IAM::Policy") == {}
        assert not [role for role in resources(template, "AWS::IAM::Role").values() if "Policies" in role["Properties"]]

    def test_names_are_left_to_cloudformation(self, default):
        _, template = default
        for kind, name in (
            ("AWS::IAM::Role", "RoleName"),
            ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
            ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
            ("AWS::S3::Bucket", "BucketName"),
            ("AWS::EMR::SecurityConfiguration", "Name"),
            ("AWS::EC2::SecurityGroup", "GroupName"),
        ):
            assert all(name not in made.get("Properties", {}) for made in resources(template, kind).values()), kind

    def test_a_copy_of_the_service_policy_is_a_choice(self):
        profile, template = make(service_role_policy=ServiceRolePolicy.CUSTOMER_MANAGED)
        assert "ManagedPolicyArns" not in only(template, "AWS::IAM::Role", "ServiceRole")
        bound = profile._bind(ClusterDefinition(), profile)
        needed = {made.node.path for made in bound.service_role.dependencies_of(profile)}
        assert {"Test/Profile/ServiceRoleLaunchPolicy", "Test/Profile/ServiceRoleManagePolicy"} <= needed

    def test_an_autoscaling_role_is_made_and_passed_once_it_is_needed(self, default):
        _, template = default
        assert not [name for name in resources(template, "AWS::IAM::Role") if "Scaling" in name]
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        assert profile.auto_scaling_role is None
        nodes = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=SCALED)
        for _ in range(2):
            profile._bind(DEFINITION.replace(instances=nodes), stack)
        assert profile.auto_scaling_role is not None
        template = synthesize(stack)
        passed = by_sid(statements(template, "ServicePolicy"))["PassAutoScalingRole"]
        assert flat(passed["Resource"]).startswith("<ProfileAutoScalingRole")
        assert passed["Condition"]["StringLike"] == {"iam:PassedToService": "application-autoscaling.amazonaws.com*"}

    def test_an_autoscaling_role_can_be_given(self):
        stack = new_stack(new_app())
        role = iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::111111111111:role/scaling")
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), auto_scaling_role=role)
        profile._bind(DEFINITION, stack)
        assert profile.auto_scaling_role is role
        passed = by_sid(statements(synthesize(stack), "ServicePolicy"))["PassAutoScalingRole"]
        assert passed["Resource"] == "arn:aws:iam::111111111111:role/scaling"


class TestSecurity:
    def test_one_key_encrypts_everything_and_is_rotated(self, default):
        profile, template = default
        key = only(template, "AWS::KMS::Key")
        assert key["EnableKeyRotation"] is True
        principals = [flat(statement["Principal"].get("AWS")) for statement in key["KeyPolicy"]["Statement"]]
        assert principals == ["arn:<AWS::Partition>:iam::<AWS::AccountId>:root"]
        assert isinstance(profile.encryption_key, kms.Key)

    def test_encrypts_what_the_release_can(self):
        profile, _ = make(release_label=ReleaseLabel.EMR_6_15_0)
        encryption = profile.security_configuration.document["EncryptionConfiguration"]
        assert encryption["EnableAtRestEncryption"] is True
        assert encryption["EnableInTransitEncryption"] is False
        (message,) = (found for found in warnings(profile) if "certificates" in found)
        assert message.startswith(
            "emr-6.15.0 doesn't support EMR-managed certificates, so traffic between nodes isn't encrypted; use"
        )
        assert "emr-not-encrypted-in-transit" in message

    def test_old_releases_cannot_require_imdsv2(self):
        profile, _ = make(release_label=ReleaseLabel.EMR_5_29_0)
        imds = profile.security_configuration.document["InstanceMetadataServiceConfiguration"]
        assert imds["MinimumInstanceMetadataServiceVersion"] == 1

    def test_none_leaves_the_security_configuration_out(self):
        profile, template = make(security_configuration=None)
        assert resources(template, "AWS::EMR::SecurityConfiguration") == {}
        assert "SecurityConfiguration" not in profile._bind(DEFINITION, profile).request
        assert set(by_sid(statements(template, "ServicePolicy"))) == {"PassInstanceRole", "DescribeLogKey"}

    def test_key_and_logs_stay_by_default(self, default):
        _, template = default
        for kind in ("AWS::KMS::Key", "AWS::S3::Bucket"):
            assert {made["DeletionPolicy"] for made in resources(template, kind).values()} == {"Retain"}

    def test_key_and_logs_go_where_that_is_asked_for(self):
        _, template = make(removal_policy=RemovalPolicy.DESTROY)
        for kind in ("AWS::KMS::Key", "AWS::S3::Bucket"):
            assert {made["DeletionPolicy"] for made in resources(template, kind).values()} == {"Delete"}


class TestLogs:
    def test_logs_go_below_the_prefix(self):
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_prefix="clusters/prod/")
        assert flat(stack.resolve(profile.log_uri)).endswith(">/clusters/prod/")

    def test_none_keeps_no_logs(self):
        profile, template = make(log_bucket=None)
        assert profile.log_uri is None
        assert resources(template, "AWS::S3::Bucket") == {}
        assert "WriteLogs" not in by_sid(statements(template, "InstancePolicy"))

    def test_a_given_bucket_encrypts_with_its_own_key(self):
        stack = new_stack(new_app())
        bucket = s3.Bucket(stack, "Logs", encryption_key=kms.Key(stack, "LogKey"))
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_bucket=bucket)
        request = stack.resolve(profile._bind(DEFINITION, stack).request)
        assert flat(request["LogEncryptionKmsKeyId"]).startswith("<LogKey")
        template = synthesize(stack)
        used = by_sid(statements(template, "InstancePolicy"))["UseEncryptionKeys"]["Resource"]
        assert sorted(flat(key)[:7] for key in used) == ["<LogKey", "<Profil"]
        described = by_sid(statements(template, "ServicePolicy"))["DescribeLogKey"]
        assert described["Action"] == "kms:DescribeKey"
        assert flat(described["Resource"]).startswith("<LogKey")

    def test_logs_can_have_a_key_of_their_own(self):
        stack = new_stack(new_app())
        bucket = s3.Bucket.from_bucket_name(stack, "Logs", "central-logs")
        key = kms.Key(stack, "LogKey")
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_bucket=bucket, log_encryption_key=key)
        request = stack.resolve(profile._bind(DEFINITION, stack).request)
        assert flat(request["LogEncryptionKmsKeyId"]).startswith("<LogKey")
        template = synthesize(stack)
        used = by_sid(statements(template, "InstancePolicy"))["UseEncryptionKeys"]["Resource"]
        assert "<LogKey" in [flat(one)[:7] for one in used]
        described = by_sid(statements(template, "ServicePolicy"))["DescribeLogKey"]
        assert flat(described["Resource"]).startswith("<LogKey")

    def test_releases_without_log_encryption_get_no_key(self):
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=None)
        old = DEFINITION.replace(release_label=ReleaseLabel.EMR_6_1_0)
        assert "LogEncryptionKmsKeyId" in profile._bind(old, stack).request
        older = old.replace(release_label=ReleaseLabel.EMR_5_29_0, termination=Termination.manual())
        assert "LogEncryptionKmsKeyId" not in profile._bind(older, stack).request

    @pytest.mark.parametrize("prefix", ["/emr", "/emr/", "s3://logs/emr"])
    def test_rejects_an_invalid_log_prefix(self, stack, prefix):
        with pytest.raises(
            EmrError,
            match=f"log_prefix must name a folder and not begin with '/', got '{prefix}'; use a prefix such as",
        ) as error:
            ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_prefix=prefix)
        assert error.value.path == "Test/Profile"

    @pytest.mark.parametrize("prefix", ["emr*/", "emr?", "${aws:username}/"])
    def test_rejects_a_log_prefix_that_is_a_pattern(self, stack, prefix):
        with pytest.raises(EmrError) as error:
            ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), log_prefix=prefix)
        assert error.value.problems == (
            "log_prefix must not contain '*', '?' or '${', which are wildcards or variables in IAM policies, got "
            f"{prefix!r}; use a prefix such as 'emr/'",
        )
        assert error.value.path == "Test/Profile"


class TestNetwork:
    def test_private_subnets_have_a_service_access_group(self, default):
        profile, _ = default
        assert profile._subnets.is_private
        assert profile.security_groups.service_access is not None

    def test_public_subnets_have_none(self):
        profile, template = make(vpc_subnets=PUBLIC)
        assert profile.security_groups.service_access is None
        assert len(resources(template, "AWS::EC2::SecurityGroup")) == 2
        assert "ServiceAccessSecurityGroup" not in profile._bind(DEFINITION, profile).request["Instances"]

    def test_warns_that_imported_subnets_need_the_tag(self, default):
        profile, _ = default
        (message,) = warnings(profile)
        assert "for-use-with-amazon-emr-managed-policies=true" in message
        assert "subnet-aaaa, subnet-bbbb" in message
        assert "emr-untagged-subnets" in message

    def test_the_warning_can_be_acknowledged(self):
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        Validations.of(profile).acknowledge(Acknowledgment(id="emr-untagged-subnets", reason="tagged by hand"))
        assert warnings(stack) == []

    def test_a_given_service_role_answers_for_its_own_network(self):
        stack = new_stack(new_app())
        role = iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr")
        ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role)
        assert warnings(stack) == []

    def test_8_needs_the_tag_on_the_vpc_too(self):
        stack = new_stack(new_app())
        vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
        profile = ClusterProfile(stack, "Profile", vpc=vpc)
        profile._bind(ClusterDefinition(release_label=ReleaseLabel.EMR_SPARK_8_1_0), stack)
        assert {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"} in only(
            synthesize(stack), "AWS::EC2::VPC"
        )["Tags"]

    def test_7_does_not_need_the_tag_on_the_vpc(self):
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=ec2.Vpc(stack, "Vpc", max_azs=2))
        profile._bind(DEFINITION, stack)
        keys = [tag["Key"] for tag in only(synthesize(stack), "AWS::EC2::VPC")["Tags"]]
        assert "for-use-with-amazon-emr-managed-policies" not in keys

    def test_8_warns_about_an_imported_vpc(self):
        stack = new_stack(new_app())
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        profile._bind(ClusterDefinition(release_label=ReleaseLabel.EMR_SPARK_8_1_0), stack)
        (message,) = (found for found in warnings(profile) if "emr-untagged-vpc" in found)
        assert "vpc-11111111" in message

    def test_rejects_private_subnets_without_service_access(self, stack):
        vpc = imported_vpc(stack)
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
        given = ClusterSecurityGroups.from_security_groups(master=group, core=group)
        with pytest.raises(EmrError, match="private subnets require a service-access security group; pass"):
            ClusterProfile(stack, "Profile", vpc=vpc, security_groups=given)

    def test_rejects_public_subnets_with_service_access(self, stack):
        vpc = imported_vpc(stack)
        group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
        given = ClusterSecurityGroups.from_security_groups(master=group, core=group, service_access=group)
        with pytest.raises(EmrError, match="public subnets can't be combined with a service-access security group"):
            ClusterProfile(stack, "Profile", vpc=vpc, vpc_subnets=PUBLIC, security_groups=given)

    def test_given_groups_are_tagged_where_they_are_made_here(self):
        stack = new_stack(new_app())
        vpc = imported_vpc(stack)
        made = ec2.SecurityGroup(stack, "Made", vpc=vpc)
        imported = ec2.SecurityGroup.from_security_group_id(stack, "Imported", "sg-1")
        given = ClusterSecurityGroups.from_security_groups(master=made, core=made, service_access=imported)
        profile = ClusterProfile(stack, "Profile", vpc=vpc, security_groups=given)
        (message,) = (found for found in warnings(profile) if "emr-untagged-security-groups" in found)
        assert "sg-1" in message
        tags = only(synthesize(stack), "AWS::EC2::SecurityGroup")["Tags"]
        assert {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"} in tags


@pytest.fixture(scope="module")
def given():
    stack = new_stack(new_app())
    group = ec2.SecurityGroup.from_security_group_id
    profile = ClusterProfile(
        stack,
        "Profile",
        vpc=imported_vpc(stack),
        security_groups=ClusterSecurityGroups.from_security_groups(
            master=group(stack, "M", "sg-m"), core=group(stack, "C", "sg-c"), service_access=group(stack, "S", "sg-s")
        ),
        service_role=iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr"),
        instance_profile=iam.InstanceProfile.from_instance_profile_attributes(
            stack,
            "Nodes",
            instance_profile_arn="arn:aws:iam::111111111111:instance-profile/nodes",
            role=iam.Role.from_role_arn(stack, "NodeRole", "arn:aws:iam::111111111111:role/nodes"),
        ),
        security_configuration=SecurityConfiguration.from_security_configuration_name(stack, "Security", "shared"),
        log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "central-logs"),
    )
    return profile, stack


class TestAvailabilityZone:
    def test_follows_from_the_subnet(self, stack):
        zone = ec2.SubnetSelection(availability_zones=["us-east-1b"])
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), vpc_subnets=zone)
        instances = profile._bind(DEFINITION, stack).request["Instances"]
        assert instances["Ec2SubnetId"] == "subnet-bbbb"
        assert "Placement" not in instances


class TestFurtherSecurityGroups:
    def test_nodes_are_in_them_too(self):
        stack = new_stack(new_app())
        vpc = imported_vpc(stack)
        database = ec2.SecurityGroup(stack, "Database", vpc=vpc)
        audited = ec2.SecurityGroup.from_security_group_id(stack, "Audited", "sg-00000000000000009")
        groups = ClusterSecurityGroups(
            stack, "Groups", vpc=vpc, additional_master=[database, audited], additional_core=[database]
        )
        profile = ClusterProfile(stack, "Profile", vpc=vpc, security_groups=groups)
        instances = stack.resolve(profile._bind(DEFINITION, stack).request)["Instances"]
        assert [flat(one)[:9] for one in instances["AdditionalMasterSecurityGroups"]] == ["<Database", "sg-000000"]
        assert [flat(one)[:9] for one in instances["AdditionalSlaveSecurityGroups"]] == ["<Database"]
        made = only(synthesize(stack), "AWS::EC2::SecurityGroup", "Database")
        assert {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"} in made["Tags"]

    def test_given_groups_have_further_ones(self, stack):
        groups = [ec2.SecurityGroup.from_security_group_id(stack, f"Group{n}", f"sg-{n}") for n in range(5)]
        given = ClusterSecurityGroups.from_security_groups(
            master=groups[0],
            core=groups[1],
            service_access=groups[2],
            additional_master=[groups[3]],
            additional_core=[groups[4]],
        )
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_groups=given)
        instances = profile._bind(DEFINITION, stack).request["Instances"]
        assert instances["AdditionalMasterSecurityGroups"] == ["sg-3"]
        assert instances["AdditionalSlaveSecurityGroups"] == ["sg-4"]

    def test_a_group_is_specified_once(self, stack):
        vpc = imported_vpc(stack)
        database = ec2.SecurityGroup(stack, "Database", vpc=vpc)
        twice = [
            ec2.SecurityGroup.from_security_group_id(stack, f"Audited{n}", "sg-00000000000000009") for n in range(2)
        ]
        groups = ClusterSecurityGroups(stack, "Groups", vpc=vpc, additional_master=[database, *twice, database])
        profile = ClusterProfile(stack, "Profile", vpc=vpc, security_groups=groups)
        instances = stack.resolve(profile._bind(DEFINITION, stack).request)["Instances"]
        found = [flat(one)[:9] for one in instances["AdditionalMasterSecurityGroups"]]
        assert found == ["<Database", "sg-000000"]

    def test_a_cluster_has_four_at_most(self, stack):
        vpc = imported_vpc(stack)
        many = [ec2.SecurityGroup.from_security_group_id(stack, f"Group{n}", f"sg-{n}") for n in range(5)]
        groups = ClusterSecurityGroups(stack, "Groups", vpc=vpc, additional_core=many)
        profile = ClusterProfile(stack, "Profile", vpc=vpc, security_groups=groups)
        with pytest.raises(EmrError, match="must be at most 4, got 5 for the core and task nodes"):
            Cluster(stack, "Cluster", profile=profile)


class TestGivenParts:
    def test_makes_nothing_of_its_own_but_permissions(self, given):
        _, stack = given
        kinds = {made["Type"] for made in synthesize(stack)["Resources"].values()}
        assert kinds == {"AWS::IAM::Policy"}

    def test_is_what_the_clusters_use(self, given):
        profile, stack = given
        request = stack.resolve(profile._bind(DEFINITION, stack).request)
        assert request["JobFlowRole"] == "nodes"
        assert request["ServiceRole"] == "arn:aws:iam::111111111111:role/emr"
        assert request["SecurityConfiguration"] == "shared"
        assert request["LogUri"] == "s3://central-logs/emr/"
        assert "LogEncryptionKmsKeyId" not in request
        assert request["Instances"]["EmrManagedMasterSecurityGroup"] == "sg-m"
        assert request["Instances"]["EmrManagedSlaveSecurityGroup"] == "sg-c"
        assert request["Instances"]["ServiceAccessSecurityGroup"] == "sg-s"
        assert request["Instances"]["Ec2SubnetId"] == "subnet-aaaa"

    def test_rejects_arguments_without_effect(self, stack):
        with pytest.raises(EmrError) as error:
            ClusterProfile(
                stack,
                "Profile",
                vpc=imported_vpc(stack),
                service_role=iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr"),
                service_role_policy=ServiceRolePolicy.CUSTOMER_MANAGED,
                security_configuration=None,
                release_label=ReleaseLabel.EMR_6_15_0,
                encryption_key=imported_key(stack),
                log_bucket=None,
                log_encryption_key=imported_key(stack, "LogKey"),
            )
        assert error.value.problems == (
            "service_role_policy can't be combined with service_role; remove one of them",
            "release_label can't be combined with security_configuration; remove one of them",
            "encryption_key can't be combined with security_configuration and log_bucket; remove one of them",
            "log_encryption_key can't be combined with log_bucket=None; remove one of them",
        )


class TestBinding:
    def test_grants_what_the_definition_reads_object_by_object(self, tmp_path):
        script = tmp_path / "setup.sh"
        script.write_text("true\n")
        stack = new_stack(new_app())
        key = kms.Key(stack, "JobsKey")
        bucket = s3.Bucket(stack, "Jobs", encryption_key=key)
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        definition = DEFINITION.replace(
            bootstrap_actions=[
                BootstrapAction("Local", Script.from_asset(script)),
                BootstrapAction("Again", Script.from_asset(script)),
                BootstrapAction("Stored", Script.from_bucket(bucket, "setup.sh")),
                BootstrapAction("Public", Script.from_uri("s3://us-east-1.elasticmapreduce/a.sh")),
            ]
        )
        profile._bind(definition, stack)
        found = statements(synthesize(stack), "InstancePolicy")
        (read,) = (statement for statement in found if statement["Action"] == "s3:GetObject")
        readable = sorted(map(flat, read["Resource"]))
        assert len(readable) == 2
        assert readable[0].startswith("<Jobs") and readable[0].endswith(".Arn>/setup.sh")  # noqa: PT018
        assert readable[1].startswith("arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-")
        assert not [arn for arn in readable if "*" in arn]
        (decrypt,) = (statement for statement in found if statement["Action"] == "kms:Decrypt")
        assert flat(decrypt["Resource"]).startswith("<JobsKey")

    def test_grants_secrets_of_configurations_to_emr_and_not_to_the_nodes(self):
        stack = new_stack(new_app())
        secret = secretsmanager.Secret(stack, "Password", encryption_key=kms.Key(stack, "SecretKey"))
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        profile._bind(DEFINITION.replace(configurations=[Configuration("hive-site", {"password": secret})]), stack)
        template = synthesize(stack)
        granted = [
            one for one in statements(template, "ServicePolicy") if "secretsmanager:GetSecretValue" in one["Action"]
        ]
        assert [flat(one["Resource"])[:9] for one in granted] == ["<Password"]
        nodes = [one for one in statements(template, "InstancePolicy") if "secretsmanager" in str(one["Action"])]
        assert [one["Sid"] for one in nodes] == ["ReadCertificateAuthority"]

    def test_grants_secrets_that_configurations_name_by_arn(self):
        stack = new_stack(new_app())
        arns = [f"arn:aws:secretsmanager:us-east-1:111111111111:secret:{name}" for name in ("one", "two-a1b2c3")]
        known = secretsmanager.Secret.from_secret_complete_arn(stack, "Two", arns[1])
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        named = Configuration("hive-site", {"EMR.secret@a": arns[0], "EMR.secret@b": arns[1], "c": known})
        profile._bind(DEFINITION.replace(configurations=[named]), stack)
        found = statements(synthesize(stack), "ServicePolicy")
        granted = [one["Resource"] for one in found if "secretsmanager:GetSecretValue" in as_list(one["Action"])]
        assert sorted(granted) == arns

    def test_artifacts_of_the_security_configuration_are_readable(self):
        stack = new_stack(new_app())
        bucket = s3.Bucket.from_bucket_name(stack, "Certificates", "certificates")
        configuration = SecurityConfiguration(
            stack,
            "Security",
            encryption_key=imported_key(stack),
            in_transit_encryption=InTransitEncryption.pem(Script.from_bucket(bucket, "emr.zip")),
        )
        ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=configuration)
        found = by_sid(statements(synthesize(stack), "InstancePolicy"))
        assert flat(found["s3:GetObject"]["Resource"]) == "arn:<AWS::Partition>:s3:::certificates/emr.zip"
        assert "ReadCertificateAuthority" not in found

    def test_every_request_has_the_tag_that_the_service_policy_asks_for(self, default):
        profile, _ = default
        request = profile._bind(DEFINITION.replace(tags={"team": "data"}), profile).request
        assert request["Tags"] == [
            {"Key": "team", "Value": "data"},
            {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"},
        ]


def test_accepts_a_log_bucket_of_the_library_and_the_label_of_a_release(stack):
    logs = LogBucket(stack, "Logs", encryption_key=imported_key(stack))
    profile = ClusterProfile(stack, "Shared", vpc=imported_vpc(stack), log_bucket=logs, release_label="emr-6.15.0")
    assert profile.log_bucket is logs.bucket
    with pytest.raises(EmrError, match=r"release label must be .*, got '6\.15'") as error:
        ClusterProfile(stack, "Other", vpc=imported_vpc(stack, "OtherVpc"), release_label="6.15")
    assert error.value.path == "Test/Other"


def test_none_is_an_argument_that_is_not_given(stack):
    options = dict.fromkeys(("log_prefix", "session_manager", "removal_policy"))
    profile = ClusterProfile(stack, "Shared", vpc=imported_vpc(stack), **options)
    assert profile._logs is not None
    assert profile._logs.prefix == "emr/"
    assert profile._node_role.has_sessions
