"""Whatever CloudFormation can say about EMR, some object of the library says: each property of each type."""

from __future__ import annotations

from dataclasses import replace

import boto3
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

import emr_constructs as emr
from emr_constructs.rules import retired
from tests._core.test_cloudformation import GROUP, NODES, OPEN, TARGETED, fleet
from tests.catalogue import all_apps
from tests.tools import imported_key, imported_vpc, new_app, new_stack, synthesize

TYPES = ("Cluster", "InstanceFleetConfig", "InstanceGroupConfig", "SecurityConfiguration", "Step", "Studio",
         "StudioSessionMapping", "WALWorkspace")  # fmt: skip


def schema_paths(kind):
    """Every property that can be set, by dotted path; where a structure nests in itself it is followed once."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    readonly = {name.rpartition("/")[2] for name in schema.get("readOnlyProperties", [])}
    found = set()

    def visit(definition, path, inside):
        if "$ref" in definition:
            name = definition["$ref"].rpartition("/")[2]
            if name in inside:
                return
            definition, inside = schema["definitions"][name], {*inside, name}
        if "properties" in definition:
            for name, member in definition["properties"].items():
                found.add(f"{path}.{name}")
                visit(member, f"{path}.{name}", inside)
        elif "items" in definition:
            visit(definition["items"], path, inside)

    for name, definition in schema["properties"].items():
        if name not in readonly:
            found.add(name)
            visit(definition, name, set())
    return found


def paths(value, path=""):
    """Every dotted path of a template's properties."""
    match value:
        case dict():
            for name, item in value.items():
                inner = f"{path}.{name}" if path else name
                yield inner
                yield from paths(item, inner)
        case list():
            for item in value:
                yield from paths(item, path)


# What no object says, and why. A member of the first names is left out wherever it stands.
ANYWHERE = {
    "BlockDurationMinutes": "EC2 ended Spot blocks in 2022",
    "Rules.Action.Market": "has no effect on instance groups, which alone scale by rules",
}
EXCEPTIONS = {
    "Instances.MasterInstanceGroup.AutoScalingPolicy": "EMR scales core and task groups alone",
    "Applications.AdditionalInfo": "works only for third-party products",
    "Applications.Args": "works only before release 4.0",
    "Applications.Version": "the release determines the version",
    "Instances.HadoopVersion": "the release determines the version",
    "Instances.Placement": "the subnet decides it, which a profile always names",
    "Instances.Placement.AvailabilityZone": "the subnet decides it, which a profile always names",
}


def said_by_clusters():
    """A stack whose clusters use every option there is."""
    app = new_app()
    stack = new_stack(app)
    vpc = imported_vpc(stack)

    def group(name):
        return ec2.SecurityGroup.from_security_group_id(stack, name, f"sg-{name.lower()}")

    groups = emr.ClusterSecurityGroups(
        stack, "Groups", vpc=vpc, additional_master=[group("M")], additional_core=[group("C")]
    )
    key = imported_key(stack)
    password = secretsmanager.Secret.from_secret_name_v2(stack, "Password", "kerberos")
    trust = emr.CrossRealmTrust("AD.EXAMPLE.COM", "ad.example.com", "ad.example.com:749", "ad.example.com:88")
    security = emr.SecurityConfiguration(
        stack, "Security", encryption_key=key, kerberos=emr.Kerberos.cluster_dedicated_kdc(cross_realm_trust=trust),
        security_configuration_name="company",
    )  # fmt: skip
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        vpc=vpc,
        security_groups=groups,
        security_configuration=security,
        log_bucket=s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
        log_encryption_key=key,
        auto_scaling_role=iam.Role.from_role_arn(stack, "Scaling", "arn:aws:iam::111111111111:role/scaling"),
    )
    options = {
        "profile": profile,
        "applications": [emr.Application.SPARK],
        "kerberos": emr.KerberosAttributes("EC2.INTERNAL", password, password, "joiner", password),
    }
    jar = emr.Script.from_uri("s3://bucket/a.jar")
    step = emr.Step.jar("Jar", jar=jar, args=["a"], main_class="com.example.Main", properties={"a": 1})
    nodes = emr.InstanceGroup("m7g.xlarge", **{**NODES, "custom_ami_id": None})
    scaled = replace(GROUP, custom_ami_id=None)
    later = emr.Cluster(
        stack,
        "Groups1",
        cluster_name="groups",
        instances=emr.InstanceGroups(master=nodes, core=scaled, tasks=[replace(scaled, name="Spot")]),
        configurations=[emr.Configuration("a", {"b": 1}, [emr.Configuration("c", {"d": 2})])],
        bootstrap_actions=[emr.BootstrapAction("Setup", emr.Script.from_uri("s3://bucket/a.sh"), ["a"])],
        steps=[step],
        step_concurrency_level=2,
        root_volume=emr.RootVolume(size_gib=50, iops=4000, throughput_mibps=300),
        custom_ami_id="ami-0123456789abcdef0",
        os_release_label="2023.7.20250512.0",
        scale_down_behavior="TERMINATE_AT_TASK_COMPLETION",
        additional_info={"a": 1},
        key_pair=ec2.KeyPair.from_key_pair_name(stack, "KeyPair", "operations"),
        **options,
    )
    bucket = s3.Bucket.from_bucket_name(stack, "Steps", "steps")
    later.add_step(replace(step, name="Later").with_logs(bucket, "steps/", encryption_key=key))
    more = emr.Cluster(
        stack,
        "Groups2",
        instances=emr.InstanceGroups(
            master=emr.InstanceGroup("m7g.xlarge", market=emr.Market.spot(bid_price=1), **NODES),
            core=GROUP,
            tasks=[replace(GROUP, name="Spot")],
        ),
        **options,
    )
    more.add_task_group(replace(GROUP, name="Added"))
    emr.Cluster(
        stack,
        "Three",
        instances=emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge", 3), core=emr.InstanceGroup("m7g.xlarge")),
        managed_scaling=emr.ManagedScaling.instances(
            minimum=1, maximum=3, maximum_on_demand=2, maximum_core=2, utilization_performance_index=50
        ),
        termination=emr.Termination.manual(protected=True),
        profile=emr.ClusterProfile(stack, "Plain", vpc=vpc),
    )
    for number, reservations in enumerate((OPEN, TARGETED)):
        full = fleet(reservations)
        fleets = emr.InstanceFleets(master=replace(full, target_spot_capacity=0), core=full, task=full)
        emr.Cluster(stack, f"Fleets{number}", instances=fleets, **options)
        smaller = emr.InstanceFleets(master=replace(full, target_spot_capacity=0), core=full)
        emr.Cluster(stack, f"Growing{number}", instances=smaller, **options).add_task_fleet(
            replace(full, name="Added"), construct_id="Added"
        )
    return stack


def said_by_studios():
    """A stack with a Studio of each kind of sign-in."""
    stack = new_stack()
    vpc = imported_vpc(stack)
    tags = {"team": "sales"}
    with_sso = emr.StudioAuthMode.sso(
        trusted_identity_propagation=True,
        user_assignment_required=True,
        identity_center_instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
    )
    with_iam = emr.StudioAuthMode.iam(
        idp_auth_url="https://idp.example.com", idp_relay_state_parameter_name="RelayState"
    )
    studio = emr.Studio(stack, "Sso", vpc=vpc, auth_mode=with_sso, description="Notebooks", tags=tags)
    emr.Studio(stack, "Iam", vpc=vpc, auth_mode=with_iam)
    policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", "arn:aws:iam::111111111111:policy/analysts")
    emr.StudioSessionMapping(stack, "Mapping", studio=studio, group="analysts", session_policy=policy)
    emr.WalWorkspace(stack, "Workspace", tags=tags)
    return synthesize(stack)


@pytest.fixture(scope="module")
def clusters():
    return said_by_clusters()


@pytest.fixture(scope="module")
def produced(clusters):
    examples = [template for make, argument in all_apps().values() for template in make(argument).templates.values()]
    found = {}
    for template in [*examples, synthesize(clusters), said_by_studios()]:
        for resource in template["Resources"].values():
            found.setdefault(resource["Type"], set()).update(paths(resource.get("Properties", {})))
    return found


@pytest.mark.parametrize("name", TYPES)
def test_every_property_is_said(produced, name):
    kind = f"AWS::EMR::{name}"
    missing = schema_paths(kind) - produced.get(kind, set())
    unsaid = {path for path in missing if path.startswith(tuple(EXCEPTIONS)) or path.endswith(tuple(ANYWHERE))}
    assert sorted(missing - unsaid) == []


def test_every_cluster_is_a_request_that_the_service_model_accepts(clusters):
    model = boto3.client("emr", region_name="us-east-1").meta.service_model.operation_model("RunJobFlow").input_shape
    found = [construct for construct in clusters.node.find_all() if isinstance(construct, emr.Cluster)]
    assert len(found) == 7
    for cluster in found:
        report = ParamValidator().validate(cluster.run_job_flow_request, model)
        assert not report.has_errors(), f"{cluster.node.path}: {report.generate_report()}"


def test_there_is_no_other_type():
    """A new one in a newer schema is to be thought about."""
    types = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    assert {name for name in types if name.startswith("AWS::EMR::")} == {f"AWS::EMR::{name}" for name in TYPES}


def test_an_exception_is_a_property_that_nothing_says(produced):
    """Else its reason is out of date."""
    possible = schema_paths("AWS::EMR::Cluster")
    assert possible >= EXCEPTIONS.keys()
    assert not produced["AWS::EMR::Cluster"] & EXCEPTIONS.keys()
    for name in ANYWHERE:
        assert any(path.endswith(name) for path in possible)
        assert not [path for path in produced["AWS::EMR::Cluster"] if path.endswith(name)]


def test_what_is_retired_is_rejected_with_its_reason():
    for path, reason in EXCEPTIONS.items():
        owner, _, member = path.partition(".")
        if "works only" in reason or "release determines" in reason:
            known = retired.APPLICATION if owner == "Applications" else retired.CLUSTER
            assert member in known, path
