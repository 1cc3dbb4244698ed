"""Every policy of the roles of clusters, statement by statement: who drops or adds one sees it here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

import emr_constructs as emr
from tests.iam import documents
from tests.tools import imported_key, imported_vpc, new_app, new_stack, resources, synthesize

HERE = "<AWS::Region>:<AWS::AccountId>"
KEY = "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000"
SPARK = [emr.Application.SPARK]

NODES = {
    "WriteLogs: s3:PutObject on <ProfileLogsBucket.Arn>/emr/*",
    "UseEncryptionKeys: kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey, kms:ReEncryptFrom, "
    "kms:ReEncryptTo on <ProfileKey.Arn>",
    "ReadCertificateAuthority: secretsmanager:GetSecretValue on "
    f"arn:<AWS::Partition>:secretsmanager:{HERE}:secret:* "
    "if StringEquals secretsmanager:ResourceTag/emr-constructs:security-configuration = <address>",
}
SESSIONS = {
    "UseSessionManager: ssm:UpdateInstanceInformation, ssmmessages:CreateControlChannel, "
    "ssmmessages:CreateDataChannel, ssmmessages:OpenControlChannel, ssmmessages:OpenDataChannel on *"
}
PASS_NODES = (
    "PassInstanceRole: iam:PassRole on <ProfileInstanceRole.Arn> if StringLike iam:PassedToService = ec2.amazonaws.com*"
)
SERVICE = {
    PASS_NODES,
    "EncryptVolumes: kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKeyWithoutPlaintext, "
    "kms:ReEncryptFrom, kms:ReEncryptTo on <ProfileKey.Arn>",
    "GrantKeysToVolumes: kms:CreateGrant on <ProfileKey.Arn> if Bool kms:GrantIsForAWSResource = true",
}
DEFAULT = {"InstancePolicy": NODES, "SessionPolicy": SESSIONS, "ServicePolicy": SERVICE}
SPOT = (
    "CreateSpotRole: iam:CreateServiceLinkedRole on arn:<AWS::Partition>:iam::<AWS::AccountId>:"
    "role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot "
    "if StringEquals iam:AWSServiceName = spot.amazonaws.com"
)
RESERVATIONS = {
    "FindCapacityReservations: ec2:DescribeCapacityReservations, ec2:DescribeLaunchTemplateVersions, "
    "resource-groups:ListGroupResources on *",
    f"DeleteTaggedTemplateVersions: ec2:DeleteLaunchTemplateVersions on arn:<AWS::Partition>:ec2:{HERE}:"
    "launch-template/* if StringEquals aws:ResourceTag/for-use-with-amazon-emr-managed-policies = true",
}


def cluster(stack, **options):
    return emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), **{"applications": SPARK, **options})


ON_DEMAND = emr.InstanceFleet.on_demand("m7g.xlarge", units=1)
SPOT_FLEET = emr.InstanceFleet.spot("m7g.xlarge", units=2)
SPOT_GROUP = emr.InstanceGroup("m7g.xlarge", market=emr.Market.spot(), name="Spot")
GROUP = emr.InstanceGroup("m7g.xlarge")


def reserved(**parts):
    """A fleet whose instances may run in reserved capacity."""
    return emr.InstanceFleet.on_demand("m7g.xlarge", units=1, **parts)


def groups(stack, *tasks, core=GROUP, **options):
    return cluster(stack, instances=emr.InstanceGroups(master=GROUP, core=core, tasks=tasks), **options)


def fleets(stack, *, core=ON_DEMAND, task=None, **options):
    return cluster(stack, instances=emr.InstanceFleets(master=ON_DEMAND, core=core, task=task), **options)


def default(stack):
    cluster(stack)


def without_anything(stack):
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        vpc=imported_vpc(stack),
        security_configuration=None,
        log_bucket=None,
        session_manager=False,
    )
    emr.Cluster(stack, "Cluster", profile=profile, applications=SPARK)


def key_of_the_logs(stack):
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        vpc=imported_vpc(stack),
        security_configuration=None,
        log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
        log_encryption_key=imported_key(stack),
    )
    emr.Cluster(stack, "Cluster", profile=profile, applications=SPARK)


def automatic_scaling(stack):
    trigger = emr.ScalingTrigger.below("YARNMemoryAvailablePercentage", 15)
    rules = [emr.ScalingRule.change_by("Out", 1, when=trigger)]
    policy = emr.AutoScalingPolicy(minimum=1, maximum=2, rules=rules)
    groups(stack, core=emr.InstanceGroup("m7g.xlarge", auto_scaling_policy=policy))


def secrets(stack):
    named = f"arn:aws:secretsmanager:us-east-1:111111111111:secret:named-{'a' * 6}"
    object_ = secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", named.replace("named", "object"))
    cluster(
        stack,
        applications=[emr.Application.HIVE],
        configurations=[
            emr.Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": object_}),
            emr.Configuration("core-site", {"EMR.secret@fs.password": named}),
        ],
    )


def steps(stack):
    bucket = s3.Bucket.from_bucket_attributes(
        stack, "Jobs", bucket_arn="arn:aws:s3:::jobs", encryption_key=imported_key(stack)
    )
    script, data = (emr.Script.from_bucket(bucket, key) for key in ("a.py", "b.csv"))
    created = cluster(stack)
    created.add_step(emr.Step.spark("a", script=script, args=[data]))
    logs = s3.Bucket.from_bucket_name(stack, "StepLogs", "step-logs")
    step = emr.Step.shell("b", script=emr.Script.from_uri("s3://jobs/b.sh"))
    other = kms.Key.from_key_arn(stack, "LogKey", KEY.replace("0000-", "1111-"))
    created.add_step(step.with_logs(logs, "b/", encryption_key=other))


def lake_formation(stack):
    security = emr.SecurityConfiguration(
        stack,
        "Security",
        encryption_key=imported_key(stack),
        runtime_roles=emr.RuntimeRoles(propagate_source_identity=True),
        lake_formation=emr.LakeFormation(),
    )
    profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    emr.RuntimeRole(stack, "Analysts", profile=profile)
    emr.Cluster(stack, "Cluster", profile=profile, applications=SPARK)


def role_mappings(stack):
    role = iam.Role.from_role_arn(stack, "Sales", "arn:aws:iam::111111111111:role/sales")
    security = emr.SecurityConfiguration(
        stack,
        "Security",
        encryption_key=imported_key(stack),
        in_transit_encryption=None,
        local_disk_encryption=None,
        emrfs_role_mappings=[emr.RoleMapping.users(role, "ana")],
    )
    profile = emr.ClusterProfile(
        stack, "Profile", vpc=imported_vpc(stack), security_configuration=security, log_bucket=None
    )
    emr.Cluster(stack, "Cluster", profile=profile, applications=SPARK)


ANALYSTS = "<AnalystsRole.Arn>"
USE_KEY = (
    "UseEncryptionKeys: kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey, kms:ReEncryptFrom, "
    f"kms:ReEncryptTo on {KEY}"
)
LOG_KEY = KEY.replace("0000-", "1111-")
SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret"
SITUATIONS = {
    default: DEFAULT,
    without_anything: {"ServicePolicy": {PASS_NODES}},
    key_of_the_logs: {
        "InstancePolicy": {"WriteLogs: s3:PutObject on arn:<AWS::Partition>:s3:::logs/emr/*", USE_KEY},
        "SessionPolicy": SESSIONS,
        "ServicePolicy": {PASS_NODES, f"DescribeLogKey: kms:DescribeKey on {KEY}"},
    },
    automatic_scaling: {
        **DEFAULT,
        "ServicePolicy": {
            *SERVICE,
            "PassAutoScalingRole: iam:PassRole on <ProfileAutoScalingRole.Arn> "
            "if StringLike iam:PassedToService = application-autoscaling.amazonaws.com*",
        },
    },
    secrets: {
        **DEFAULT,
        "ServicePolicy": {
            *SERVICE,
            f"-: secretsmanager:DescribeSecret, secretsmanager:GetSecretValue on {SECRET}:object-aaaaaa",
            f"-: secretsmanager:GetSecretValue on {SECRET}:named-aaaaaa",
        },
    },
    steps: {
        **DEFAULT,
        "InstancePolicy": {
            *NODES,
            "-: s3:GetObject on arn:<AWS::Partition>:s3:::<AWS::Region>.elasticmapreduce/libs/script-runner/"
            "script-runner.jar, arn:aws:s3:::jobs/a.py, arn:aws:s3:::jobs/b.csv",
            "-: s3:GetBucketLocation on arn:aws:s3:::jobs",
            "-: s3:ListBucket on arn:aws:s3:::jobs if StringLike s3:prefix = b.csv, b.csv/*",
            "-: s3:PutObject on arn:<AWS::Partition>:s3:::step-logs/b/*",
            f"-: kms:Decrypt on {KEY}",
            f"-: kms:Decrypt, kms:GenerateDataKey on {LOG_KEY}",
        },
        "ServicePolicy": {*SERVICE, f"DescribeLogKey: kms:DescribeKey on {LOG_KEY}"},
    },
    role_mappings: {
        "InstancePolicy": {USE_KEY, "-: sts:AssumeRole on arn:aws:iam::111111111111:role/sales"},
        "SessionPolicy": SESSIONS,
        "ServicePolicy": {PASS_NODES},
    },
    lake_formation: {
        "InstancePolicy": {
            "WriteLogs: s3:PutObject on <ProfileLogsBucket.Arn>/emr/*",
            USE_KEY.replace(KEY, f"<ProfileKey.Arn>, {KEY}"),
            next(text for text in NODES if text.startswith("ReadCertificateAuthority")),
            f"-: sts:AssumeRole, sts:SetSourceIdentity, sts:TagSession on {ANALYSTS}",
        },
        "SessionPolicy": SESSIONS,
        "ServicePolicy": {
            *(text.replace("<ProfileKey.Arn>", KEY) for text in SERVICE),
            "DescribeLogKey: kms:DescribeKey on <ProfileKey.Arn>",
        },
        "AnalystsPolicy": {USE_KEY},
        "AnalystsLakeFormationPolicy": {"GetDataAccess: lakeformation:GetDataAccess on *"},
    },
}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda make: make.__name__)
def test_the_roles_of_a_cluster_may_do_this_and_no_more(situation, stack):
    situation(stack)
    assert documents(stack) == SITUATIONS[situation]


RESERVED = emr.CapacityReservations.open()
WITH_RESERVATIONS = {
    "at launch": lambda stack: fleets(
        stack, core=reserved(on_demand_provisioning=emr.OnDemandProvisioning(capacity_reservations=RESERVED))
    ),
    "when resized": lambda stack: fleets(
        stack, task=reserved(on_demand_resizing=emr.OnDemandResizing(capacity_reservations=RESERVED))
    ),
    "added": lambda stack: fleets(stack, termination=emr.Termination.manual()).add_task_fleet(
        reserved(on_demand_provisioning=emr.OnDemandProvisioning(capacity_reservations=RESERVED))
    ),
}


@pytest.mark.parametrize("where", WITH_RESERVATIONS)
def test_reserved_capacity_takes_a_policy_of_its_own(where, stack):
    WITH_RESERVATIONS[where](stack)
    assert documents(stack) == {**DEFAULT, "CapacityReservationPolicy": RESERVATIONS}


@pytest.mark.parametrize(
    "fleet",
    [
        ON_DEMAND,
        reserved(
            on_demand_provisioning=emr.OnDemandProvisioning(capacity_reservations=emr.CapacityReservations.none())
        ),
    ],
)
def test_capacity_that_is_not_reserved_does_not(fleet, stack):
    fleets(stack, core=fleet)
    assert documents(stack) == DEFAULT


SPLIT = emr.ManagedScaling.fleet_units(minimum=1, maximum=9, maximum_on_demand=3)
WITH_SPOT = {
    "core group": lambda stack: groups(stack, core=SPOT_GROUP),
    "task group": lambda stack: groups(stack, SPOT_GROUP),
    "core fleet": lambda stack: fleets(stack, core=SPOT_FLEET),
    "task fleet": lambda stack: fleets(stack, task=SPOT_FLEET),
    "master fleet": lambda stack: cluster(
        stack, instances=emr.InstanceFleets(master=emr.InstanceFleet.spot("m7g.xlarge", units=1))
    ),
    "mixed fleet": lambda stack: fleets(
        stack, core=emr.InstanceFleet.mixed("m7g.xlarge", on_demand_units=1, spot_units=1)
    ),
    "added group": lambda stack: groups(stack, termination=emr.Termination.manual()).add_task_group(SPOT_GROUP),
    "added fleet": lambda stack: fleets(stack, termination=emr.Termination.manual()).add_task_fleet(SPOT_FLEET),
    "managed scaling of fleets": lambda stack: fleets(stack, managed_scaling=SPLIT),
    "several": lambda stack: groups(
        stack, SPOT_GROUP, core=replace(SPOT_GROUP, name="Core"), termination=emr.Termination.manual()
    ).add_task_group(emr.InstanceGroup("m7g.xlarge", market=emr.Market.spot(), name="More")),
}
WITHOUT_SPOT = {
    "groups": groups,
    "fleets": fleets,
    "added group": lambda stack: groups(stack, termination=emr.Termination.manual()).add_task_group(
        emr.InstanceGroup("m7g.xlarge", name="Tasks")
    ),
    "added fleet": lambda stack: fleets(stack, termination=emr.Termination.manual()).add_task_fleet(ON_DEMAND),
    "managed scaling up to the maximum": lambda stack: fleets(
        stack, managed_scaling=emr.ManagedScaling.fleet_units(minimum=1, maximum=9, maximum_on_demand=9)
    ),
    "managed scaling without a limit": lambda stack: fleets(
        stack, managed_scaling=emr.ManagedScaling.fleet_units(minimum=1, maximum=9)
    ),
    "managed scaling of groups, whose market is fixed": lambda stack: groups(
        stack, managed_scaling=emr.ManagedScaling.instances(minimum=1, maximum=9, maximum_on_demand=3)
    ),
}


@pytest.mark.parametrize("where", WITH_SPOT)
def test_with_spot_instances_emr_may_create_their_service_linked_role(where, stack):
    WITH_SPOT[where](stack)
    assert documents(stack) == {**DEFAULT, "ServicePolicy": {*SERVICE, SPOT}}


@pytest.mark.parametrize("where", WITHOUT_SPOT)
def test_without_spot_instances_it_may_not(where, stack):
    WITHOUT_SPOT[where](stack)
    assert documents(stack) == DEFAULT


def test_spot_units_that_an_execution_chooses_may_be_some(stack):
    units = emr.JobInput.number("units", default=0)
    task = emr.InstanceFleet.mixed("m7g.xlarge", on_demand_units=1, spot_units=units.value)
    emr.TransientCluster(
        stack,
        "Cluster",
        vpc=imported_vpc(stack),
        applications=SPARK,
        instances=emr.InstanceFleets(master=ON_DEMAND, core=ON_DEMAND, task=task),
        inputs=[units],
        workflow=[emr.Step.spark("a", script=emr.Script.from_uri("s3://jobs/a.py"))],
    )
    assert SPOT in documents(stack)["ServicePolicy"]


@pytest.mark.parametrize("limits", [{"maximum_on_demand": 3}, {"maximum": 9}])
def test_limits_that_an_execution_chooses_may_leave_room_for_spot(limits):
    chosen = emr.JobInput.number("units").value
    given = {"minimum": 1, "maximum": chosen, "maximum_on_demand": chosen, **limits}
    assert emr.ManagedScaling.fleet_units(**given).adds_spot


def test_a_cluster_waits_for_the_permission_of_a_shared_profile():
    """Which is in the stack of the profile, and asked for once for all clusters."""
    app = new_app()
    shared, team = new_stack(app, "Shared"), new_stack(app, "Team")
    profile = emr.ClusterProfile(shared, "Profile", vpc=imported_vpc(shared))
    for name in ("A", "B"):
        emr.Cluster(team, name, profile=profile, instances=emr.InstanceGroups(master=GROUP, core=SPOT_GROUP))
    assert documents(shared)["ServicePolicy"] == {*SERVICE, SPOT}
    assert [found.node.id for found in team.dependencies] == ["Shared"]


def test_an_added_task_group_waits_for_the_permission(stack):
    groups(stack, termination=emr.Termination.manual()).add_task_group(SPOT_GROUP)
    (group,) = resources(synthesize(stack), "AWS::EMR::InstanceGroupConfig").values()
    assert any("ServicePolicy" in name for name in group["DependsOn"])


def test_a_service_role_from_elsewhere_is_granted_only_what_the_app_defines(stack):
    role = iam.Role.from_role_arn(stack, "Service", "arn:aws:iam::111111111111:role/emr")
    profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role)
    emr.Cluster(stack, "Cluster", profile=profile, instances=emr.InstanceGroups(master=GROUP, core=SPOT_GROUP))
    (lines,) = (lines for name, lines in documents(stack).items() if name.startswith("ServicePolicy"))
    assert lines == SERVICE
