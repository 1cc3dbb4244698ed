"""Reading a property changes nothing: templates are the same whether or not the properties of constructs were read."""

from __future__ import annotations

import inspect

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

import emr_constructs as emr
from emr_constructs import (
    Cluster,
    ClusterProfile,
    RuntimeRole,
    RuntimeRoles,
    SecurityConfiguration,
    Step,
    StepSubmission,
    StepTask,
    TransientCluster,
)
from tests.tools import imported_key, imported_vpc, new_app, new_stack

STEP = Step.custom("Report", command=["hdfs", "dfsadmin", "-report"])


def read(construct):
    """Read the public properties that classes of the package define, and those of what they return."""
    classes = [found for found in type(construct).__mro__ if found.__module__.startswith("emr_constructs")]
    names = {name for found in classes for name, member in vars(found).items() if not callable(member)}
    names |= set(getattr(construct, "__dict__", ()))
    names = sorted(name for name in names if not name.startswith("_"))
    for name in names:
        getattr(construct, name)
    return names


def others(stack, vpc, cluster):
    """The constructs around a cluster."""
    alarms = emr.ClusterAlarms(stack, "Alarms", cluster=cluster, topic=(topic := emr.AlarmTopic(stack, "Topic")))
    group = ec2.SecurityGroup.from_security_group_id(stack, "StudioGroup", "sg-2")
    single_sign_on = emr.StudioAuthMode.sso()
    studio = emr.Studio(stack, "SsoStudio", vpc=vpc, auth_mode=single_sign_on)
    job = TransientCluster(stack, "Nightly", vpc=vpc, workflow=[STEP])
    template = emr.StudioTemplate(stack, "Template", profile=cluster.profile)
    return [
        alarms,
        topic,
        emr.ClusterDashboard(stack, "Dashboard", cluster=cluster, alarms=alarms),
        emr.ClusterSecurityGroups(stack, "Groups", vpc=vpc),
        emr.LogBucket(stack, "Logs", encryption_key=imported_key(stack, "LogKey")),
        emr.Schedule(stack, "Schedule", target=job, schedule=ScheduleExpression.cron(hour="2", minute="0")),
        SecurityConfiguration.from_security_configuration_name(stack, "Known", "known"),
        studio,
        emr.Studio(stack, "Studio", vpc=vpc),
        emr.Studio.from_studio_attributes(
            stack, "KnownStudio", studio_id="es-1", engine_security_group=group, workspace_security_group=group
        ),
        emr.StudioSecurityGroups(stack, "StudioGroups", vpc=vpc),
        emr.StudioSessionMapping(stack, "Jane", studio=studio, user="jane", session_policy=studio.user_policy),
        template,
        emr.StudioTemplates(stack, "Templates", templates=[template]),
        emr.WalWorkspace(stack, "Wal"),
        emr.WalWorkspace.from_wal_workspace_name(stack, "KnownWal", "known"),
    ]


def build(*, reading):
    """The templates of two stacks, of which the second has clusters of the profile in the first."""
    app = new_app()
    stack, other = new_stack(app), new_stack(app, "Other")
    vpc = imported_vpc(stack)
    security = SecurityConfiguration(
        stack, "Security", encryption_key=imported_key(stack), runtime_roles=RuntimeRoles()
    )
    profile = ClusterProfile(stack, "Profile", vpc=vpc, security_configuration=security)
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")
    role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
    cluster = Cluster(stack, "Cluster", profile=profile)
    analysts = RuntimeRole(stack, "Analysts", profile=profile)
    constructs = [
        ClusterProfile(stack, "Plain", vpc=vpc),
        ClusterProfile(stack, "Small", vpc=vpc, log_bucket=None, security_configuration=None),
        cluster,
        Cluster(other, "Cluster", profile=profile),
        Cluster.from_cluster_attributes(
            stack,
            "Imported",
            cluster_id="j-1",
            instance_role=role,
            security_groups=[group],
            master_public_dns="ip-10-0-0-1.ec2.internal",
        ),
        TransientCluster(stack, "Job", vpc=vpc, workflow=[STEP]),
        TransientCluster(other, "Job", profile=profile, workflow=[StepTask(STEP, analysts)], topic=None),
        emr.LaunchTemplate(stack, "Launch", vpc=vpc),
        StepSubmission(stack, "Submission", cluster=cluster, step=STEP, runtime_role=analysts),
        analysts,
        profile,
        security,
        *others(stack, vpc, cluster),
    ]
    names = {}
    if reading:
        before = {element.node.path for element in app.node.find_all() if isinstance(element, cdk.CfnElement)}
        for construct in constructs:
            names.setdefault(type(construct), set()).update(read(construct))
            for part in list(vars(construct).values()):
                if type(part).__module__.startswith("emr_constructs"):
                    read(part)
        after = {element.node.path for element in app.node.find_all() if isinstance(element, cdk.CfnElement)}
        assert after == before
    return {found.stack_name: found.template for found in app.synth().stacks}, names


@pytest.fixture(scope="module")
def after_reading():
    return build(reading=True)


def test_reading_a_property_creates_no_resource(after_reading):
    templates, _ = after_reading
    unread, _ = build(reading=False)
    assert templates == unread


@pytest.mark.parametrize(
    ("construct", "expected"),
    [
        (ClusterProfile, {"auto_scaling_role", "instance_role", "log_bucket", "service_role"}),
        (Cluster, {"connections", "encryption_key", "events", "grants", "metrics", "profile"}),
        (emr.LaunchTemplate, {"connections", "grants", "request_json"}),
        (TransientCluster, {"cleanup", "connections", "grants", "state_machine", "topic"}),
    ],
)
def test_lazy_properties_are_among_them(after_reading, construct, expected):
    _, names = after_reading
    assert names[construct] >= expected


def test_all_public_constructs_are_read(after_reading):
    _, names = after_reading
    public = {found for name in emr.__all__ if inspect.isclass(found := getattr(emr, name))}
    assert {found for found in public if issubclass(found, Construct)} <= names.keys()


@pytest.mark.parametrize("name", emr.__all__)
def test_completion_shows_no_internals(name):
    internal = {"bind", "bind_step", "dependencies_of", "wait_for_grants", "precede", "render", "acknowledge_grants"}
    assert not internal & set(dir(getattr(emr, name)))
