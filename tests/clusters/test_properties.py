"""Reading a property changes nothing: templates are the same whether or not the properties of constructs were read."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

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
            stack, "Imported", cluster_id="j-1", instance_role=role, security_groups=[group]
        ),
        TransientCluster(stack, "Job", vpc=vpc, workflow=[STEP]),
        TransientCluster(other, "Job", profile=profile, workflow=[StepTask(STEP, analysts)], topic=None),
        StepSubmission(stack, "Submission", cluster=cluster, step=STEP, runtime_role=analysts),
        analysts,
        profile,
    ]
    names = {}
    if reading:
        for construct in constructs:
            names.setdefault(type(construct), set()).update(read(construct))
            for part in list(vars(construct).values()):
                if type(part).__module__.startswith("emr_constructs"):
                    read(part)
    return {found.stack_name: found.template for found in app.synth().stacks}, names


@pytest.fixture(scope="module")
def after_reading():
    return build(reading=True)


def test_reading_a_property_of_a_profile_a_cluster_or_a_job_creates_no_resource(after_reading):
    templates, _ = after_reading
    unread, _ = build(reading=False)
    assert templates == unread


@pytest.mark.parametrize(
    ("construct", "expected"),
    [
        (ClusterProfile, {"auto_scaling_role", "instance_role", "logs", "node_role", "service_role"}),
        (Cluster, {"connections", "encryption_key", "events", "grants", "metrics", "profile"}),
        (TransientCluster, {"cleanup", "connections", "grants", "state_machine", "topic"}),
    ],
)
def test_lazy_properties_are_among_them(after_reading, construct, expected):
    _, names = after_reading
    assert names[construct] >= expected
