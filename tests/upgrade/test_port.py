"""Ports of hand-written templates into the same stack: with pinned logical IDs, nothing is replaced or added.

The originals are in ``ports/``, modeled on typical templates.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from click.testing import CliRunner

import emr_constructs as emr
from emr_constructs.cli import main
from emr_constructs.templates.differences import Outcome
from emr_constructs.templates.parsing import parse
from emr_constructs.templates.updates import compare
from tests.tools import new_app

PORTS = Path(__file__).with_name("ports")
EMR = "AWS::EMR::"


def pin(construct, logical_id):
    """Keep the logical ID of an existing resource."""
    resource = construct if isinstance(construct, cdk.CfnResource) else construct.node.default_child
    resource.override_logical_id(logical_id)


def group(instance_type, count=1, **options):
    return emr.InstanceGroup(instance_type, count, **{"name": None, "market": None} | options)


def import_values(stack):
    locations = cdk.CfnParameter(stack, "LogLocation", default="s3://company-logs/emr/")
    nodes = cdk.CfnParameter(stack, "CoreNodes", type="Number", default=2)
    names = {name: cdk.Fn.import_value(f"network-{name}Group") for name in ("Master", "Core", "Service")}
    master, core, access = (
        ec2.SecurityGroup.from_security_group_id(stack, f"{name}Group", group_id, mutable=False)
        for name, group_id in names.items()
    )
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        subnets=[cdk.Fn.import_value("network-PrivateSubnet")],
        public=False,
        security_groups=emr.ClusterSecurityGroups.from_security_groups(master=master, core=core, service_access=access),
        instance_profile=iam.InstanceProfile.from_instance_profile_name(
            stack, "Nodes", cdk.Fn.import_value("roles-InstanceProfile")
        ),
        service_role=iam.Role.from_role_name(stack, "Service", cdk.Fn.import_value("roles-ServiceRole")),
        security_configuration=emr.SecurityConfiguration.from_security_configuration_name(
            stack, "Security", cdk.Fn.import_value("security-Configuration")
        ),
        log_uri=locations.value_as_string,
        managed_policy_tag=False,
    )
    cluster = emr.Cluster(
        stack,
        "Spark",
        profile=profile,
        cluster_name="analytics",
        release_label="emr-6.15.0",
        applications=["Hadoop", "Hive", "Spark"],
        key_pair=ec2.KeyPair.from_key_pair_name(stack, "Operators", "operators"),
        instances=emr.InstanceGroups(
            master=emr.InstanceGroup("m5.xlarge", name="Primary"),
            core=emr.InstanceGroup(
                "m5.xlarge", nodes.value_as_number, ebs_volumes=[emr.EbsVolume.gp2(size_gib=100, count=None)]
            ),
        ),
        configurations=[
            emr.Configuration(
                "hive-site",
                {
                    "hive.metastore.client.factory.class": (
                        "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
                    )
                },
            ),
            emr.Configuration("spark-env", {}, [emr.Configuration("export", {"PYSPARK_PYTHON": "/usr/bin/python3"})]),
        ],
        bootstrap_actions=[
            emr.BootstrapAction("Install libraries", emr.Script.from_uri("s3://company-jobs/install.sh"), ["pandas"])
        ],
        termination=emr.Termination.explicit(protected=False),
        unhealthy_node_replacement=None,
        tags={"team": "data"},
    )
    pin(cluster, "Cluster")
    pin(
        cluster.add_step(emr.Step.spark("nightly", script=emr.Script.from_uri("s3://company-jobs/nightly.py"))),
        "Nightly",
    )


def default_roles(stack):
    subnet = cdk.CfnParameter(stack, "Subnet", type="AWS::EC2::Subnet::Id")
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        subnets=[subnet.value_as_string],
        public=True,
        security_groups=emr.ClusterSecurityGroups.emr_managed(),
        instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "EMR_EC2_DefaultRole"),
        service_role=iam.Role.from_role_name(stack, "Service", "EMR_DefaultRole"),
        security_configuration=None,
        log_uri="s3://company-logs/",
        managed_policy_tag=False,
    )
    types = [
        emr.FleetInstanceType(name, weighted_capacity=1, bid_price_percentage=100)
        for name in ("m5.xlarge", "m4.xlarge")
    ]
    copy = ["s3-dist-cp", "--src=s3://company-data/in/", "--dest=hdfs:///in"]
    cluster = emr.Cluster(
        stack,
        "Batch",
        profile=profile,
        cluster_name="batch",
        release_label="emr-7.2.0",
        applications=["Hadoop", "Spark"],
        instances=emr.InstanceFleets(
            master=emr.InstanceFleet(["m5.xlarge"], 1, None, name=None),
            core=emr.InstanceFleet.spot(*types, units=2, name="cores", spot_provisioning=None),
        ),
        scale_down_behavior="TERMINATE_AT_TASK_COMPLETION",
        root_volume=emr.RootVolume(size_gib=32),
        step_concurrency_level=1,
        termination=emr.Termination.explicit(idle_timeout=cdk.Duration.hours(2)),
        unhealthy_node_replacement=None,
        visible_to_all_users=None,
        steps=[emr.Step.custom("copy", command=copy, action_on_failure=None)],
    )
    pin(cluster, "EMRCluster")


def own_roles(stack):
    network = cdk.CfnParameter(stack, "Network", type="AWS::EC2::VPC::Id")
    subnet = cdk.CfnParameter(stack, "Subnet", type="AWS::EC2::Subnet::Id")
    vpc = ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=network.value_as_string, availability_zones=["us-east-1a"])
    policies = "arn:aws:iam::aws:policy/service-role"
    roles = {}
    for logical_id, service, policy in (
        ("ServiceRole", "elasticmapreduce", "AmazonElasticMapReduceRole"),
        ("NodeRole", "ec2", "AmazonElasticMapReduceforEC2Role"),
    ):
        managed = iam.ManagedPolicy.from_managed_policy_arn(stack, f"{logical_id}Policy", f"{policies}/{policy}")
        principal = iam.ServicePrincipal(f"{service}.amazonaws.com")
        roles[logical_id] = iam.Role(stack, logical_id, assumed_by=principal, managed_policies=[managed])
        pin(roles[logical_id], logical_id)
    nodes = iam.InstanceProfile(stack, "NodeProfile", role=roles["NodeRole"])
    pin(nodes, "NodeProfile")
    logs = s3.Bucket(stack, "Logs")
    pin(logs, "Logs")
    groups = {}
    for logical_id, description in (
        ("MasterGroup", "Primary nodes"),
        ("CoreGroup", "Core nodes"),
        ("AccessGroup", "Service access"),
    ):
        groups[logical_id] = ec2.SecurityGroup(stack, logical_id, vpc=vpc, description=description)
        pin(groups[logical_id], logical_id)
    security = emr.SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=emr.S3Encryption.sse_s3(),
        local_disk_encryption=None,
        in_transit_encryption=False,
        require_imdsv2=None,
        security_configuration_name="at-rest",
    )
    pin(security, "Security")
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        subnets=[subnet.value_as_string],
        public=False,
        security_groups=emr.ClusterSecurityGroups.from_security_groups(
            master=groups["MasterGroup"], core=groups["CoreGroup"], service_access=groups["AccessGroup"]
        ),
        # The original refers to the role by name, and both roles have all permissions.
        service_role=iam.Role.from_role_name(stack, "Service", roles["ServiceRole"].role_name),
        instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", nodes.instance_profile_name),
        security_configuration=security,
        log_uri=f"s3://{logs.bucket_name}/emr/",
        managed_policy_tag=False,
    )
    cluster = emr.Cluster(
        stack,
        "Spark",
        profile=profile,
        cluster_name=f"{cdk.Aws.STACK_NAME}-spark",
        release_label="emr-6.15.0",
        applications=["Spark", "Livy"],
        instances=emr.InstanceGroups(master=group("m5.xlarge"), core=group("m5.xlarge", 2)),
        managed_scaling=emr.ManagedScaling.instances(minimum=2, maximum=10),
        termination=emr.Termination.manual(protected=True),
        unhealthy_node_replacement=None,
        visible_to_all_users=None,
    )
    pin(cluster, "SparkCluster")
    pin(cluster.add_task_group(group("m5.xlarge", market=emr.Market.spot())), "TaskGroup")


def existing_group(stack, name, group_id):
    return ec2.SecurityGroup.from_security_group_id(stack, f"{name}Id", group_id, mutable=False)


def kerberos(stack):
    passwords = {
        name: cdk.SecretValue.cfn_parameter(cdk.CfnParameter(stack, name, no_echo=True))
        for name in ("KdcPassword", "TrustPassword")
    }
    subnet, key, primary, workers = (
        cdk.CfnParameter(stack, name, type=f"AWS::EC2::{kind}").value_as_string
        for name, kind in (
            ("Subnet", "Subnet::Id"),
            ("KeyName", "KeyPair::KeyName"),
            ("PrimaryGroup", "SecurityGroup::Id"),
            ("WorkerGroup", "SecurityGroup::Id"),
        )
    )
    security = emr.SecurityConfiguration(
        stack,
        "Security",
        s3_encryption=None,
        local_disk_encryption=None,
        in_transit_encryption=None,
        require_imdsv2=None,
        kerberos=emr.Kerberos.cluster_dedicated_kdc(),
    )
    pin(security, "Security")
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        subnets=[subnet],
        public=True,
        security_groups=emr.ClusterSecurityGroups.from_security_groups(
            master=existing_group(stack, "Primary", primary), core=existing_group(stack, "Worker", workers)
        ),
        instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "EMR_EC2_DefaultRole"),
        service_role=iam.Role.from_role_name(stack, "Service", "EMR_DefaultRole"),
        auto_scaling_role=iam.Role.from_role_name(stack, "Scaling", "EMR_AutoScaling_DefaultRole"),
        security_configuration=security,
        log_uri=f"s3://logs-{cdk.Aws.ACCOUNT_ID}-{cdk.Aws.REGION}/hadoop/",
        managed_policy_tag=False,
    )
    trigger = emr.ScalingTrigger.below(
        "YARNMemoryAvailablePercentage",
        15,
        evaluation_periods=1,
        namespace="AWS/ElasticMapReduce",
        statistic="AVERAGE",
        unit="PERCENT",
        dimensions={"JobFlowId": "${emr.clusterId}"},
    )
    scaling = emr.AutoScalingPolicy(
        minimum=4,
        maximum=10,
        rules=[emr.ScalingRule.change_by("ScaleOut", 2, when=trigger, cool_down_seconds=300)],
    )
    name = f"{cdk.Aws.STACK_NAME}-hadoop"
    cluster = emr.Cluster(
        stack,
        "Hadoop",
        profile=profile,
        cluster_name=name,
        release_label="emr-5.36.1",
        applications=["Hadoop", "Hive", "HBase"],
        kerberos=emr.KerberosAttributes(
            "EC2.INTERNAL",
            kdc_admin_password=passwords["KdcPassword"],
            cross_realm_trust_principal_password=passwords["TrustPassword"],
        ),
        root_volume=emr.RootVolume(size_gib=50),
        configurations=[
            emr.Configuration("hbase", {"hbase.emr.storageMode": "s3"}),
            emr.Configuration("hbase-site", {"hbase.rootdir": f"s3://hbase-{cdk.Aws.ACCOUNT_ID}/root"}),
        ],
        instances=emr.InstanceGroups(
            master=group("m5.xlarge", market=emr.Market.on_demand()),
            core=group("m5.2xlarge", 4, name="Workers", market=emr.Market.on_demand(), auto_scaling_policy=scaling),
        ),
        key_pair=ec2.KeyPair.from_key_pair_name(stack, "Operators", key),
        termination=emr.Termination.explicit(protected=True),
        unhealthy_node_replacement=None,
        tags={"Name": name},
    )
    pin(cluster, "Hadoop")


def only_parameters(stack):
    def text(name, kind="String", **options):
        return cdk.CfnParameter(stack, name, type=kind, **options).value_as_string

    def number(name, default):
        return cdk.CfnParameter(stack, name, type="Number", default=default).value_as_number

    environment, name = text("Environment", default="test"), text("ClusterName")
    cores, tasks = number("CoreUnits", 4), number("TaskUnits", 8)
    production = cdk.CfnCondition(stack, "IsProduction", expression=cdk.Fn.condition_equals(environment, "production"))
    groups = {
        role: existing_group(stack, role, text(role, "AWS::EC2::SecurityGroup::Id"))
        for role in ("MasterGroup", "CoreGroup", "AccessGroup", "ToolsGroup")
    }
    profile = emr.ClusterProfile(
        stack,
        "Profile",
        subnets=cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list,
        public=False,
        security_groups=emr.ClusterSecurityGroups.from_security_groups(
            master=groups["MasterGroup"],
            core=groups["CoreGroup"],
            service_access=groups["AccessGroup"],
            additional_master=[groups["ToolsGroup"]],
        ),
        instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", text("InstanceProfileName")),
        service_role=iam.Role.from_role_name(stack, "Service", text("ServiceRoleName")),
        security_configuration=emr.SecurityConfiguration.from_security_configuration_name(
            stack, "Security", text("SecurityConfigurationName")
        ),
        log_uri=f"s3://{text('LogBucketName')}/{name}/",
        managed_policy_tag=False,
    )
    node = text("InstanceType", default="m5.xlarge")
    weighted = emr.FleetInstanceType(node, weighted_capacity=1)
    fleet = {"name": None, "spot_provisioning": None}
    cluster = emr.Cluster(
        stack,
        "Cluster",
        profile=profile,
        cluster_name=name,
        release_label="emr-6.10.1",
        applications=["Spark"],
        managed_scaling=emr.ManagedScaling.fleet_units(minimum=cores, maximum=tasks),
        instances=emr.InstanceFleets(
            master=emr.InstanceFleet([node], 1, None, **fleet), core=emr.InstanceFleet([weighted], cores, None, **fleet)
        ),
        termination=emr.Termination.explicit(
            keep_alive=True,
            protected=text("Protected", default="false", allowed_values=["true", "false"]),
            idle_timeout=cdk.Duration.seconds(number("IdleSeconds", 3600)),
        ),
        unhealthy_node_replacement=None,
        visible_to_all_users=None,
        tags={"environment": environment},
    )
    pin(cluster, "Cluster")
    provisioning = emr.SpotProvisioning(timeout_minutes=20)
    spot = emr.InstanceFleet([weighted], None, tasks, name="tasks", spot_provisioning=provisioning)
    pin(cluster.add_task_fleet(spot, condition=production), "Tasks")
    job = emr.Script.from_uri(text("JobUri", default="s3://company-jobs/daily.jar"))
    step = emr.Step.spark("daily", script=job, main_class="com.example.Daily", args=[environment])
    pin(cluster.add_step(step), "Daily")


SHAPES = {define.__name__: define for define in (import_values, default_roles, own_roles, kerberos, only_parameters)}


@cache
def original(name):
    return parse((PORTS / f"{name}.yaml").read_text())


@cache
def port(name):
    app = new_app()
    stack = cdk.Stack(app, "Port", synthesizer=cdk.LegacyStackSynthesizer())
    SHAPES[name](stack)
    return app.synth().get_stack_by_name("Port").template


@pytest.mark.parametrize("name", SHAPES)
def test_no_cluster_step_or_group_changes(name, tmp_path):
    (tmp_path / "new.json").write_text(json.dumps(port(name)))
    files = [str(PORTS / f"{name}.yaml"), str(tmp_path / "new.json")]
    done = CliRunner().invoke(main, ["diff", *files, "--format", "json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [cluster["outcome"] for cluster in found["clusters"]] == ["unchanged"]
    assert [found["clusters"][0][what] for what in ("changes", "consequences")] == [[], []]
    assert found["resources"] == []


@pytest.mark.parametrize("name", SHAPES)
def test_no_resource_is_added_or_removed(name):
    types = [
        {logical_id: resource["Type"] for logical_id, resource in template["Resources"].items()}
        for template in (original(name), port(name))
    ]
    assert types[0] == types[1]


def with_member(template, path, value):
    """A copy of a template whose cluster has another member."""
    copy = json.loads(json.dumps(template))
    (cluster,) = (made for made in copy["Resources"].values() if made["Type"] == f"{EMR}Cluster")
    *parts, last = path.split(".")
    place = cluster["Properties"]
    for part in parts:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    assert last not in place
    place[last] = value
    return copy


@pytest.mark.parametrize(
    ("name", "path", "value", "outcome"),
    [
        ("own_roles", "VisibleToAllUsers", True, Outcome.IN_PLACE),
        ("only_parameters", "Instances.UnhealthyNodeReplacement", True, Outcome.IN_PLACE),
        ("only_parameters", "Instances.CoreInstanceFleet.Name", "Core", Outcome.REPLACED),
        ("kerberos", "Instances.KeepJobFlowAliveWhenNoSteps", True, Outcome.REPLACED),
        ("own_roles", "Instances.UnhealthyNodeReplacement", True, Outcome.IN_PLACE),
        ("default_roles", "Instances.TerminationProtected", False, Outcome.IN_PLACE),
        ("own_roles", "AutoTerminationPolicy", {"IdleTimeout": 3600}, Outcome.IN_PLACE),
        ("own_roles", "Tags", [{"Key": "a", "Value": "b"}], Outcome.IN_PLACE),
        ("import_values", "Instances.KeepJobFlowAliveWhenNoSteps", True, Outcome.REPLACED),
        ("own_roles", "Instances.MasterInstanceGroup.Market", "ON_DEMAND", Outcome.REPLACED),
        ("own_roles", "Instances.CoreInstanceGroup.Name", "Core", Outcome.REPLACED),
        ("default_roles", "Instances.MasterInstanceFleet.TargetSpotCapacity", 0, Outcome.REPLACED),
        ("own_roles", "PlacementGroupConfigs", [{"InstanceRole": "MASTER"}], Outcome.REPLACED),
        ("default_roles", "Steps.0.ActionOnFailure", "CONTINUE", Outcome.REPLACED),
        (
            "import_values",
            "Instances.CoreInstanceGroup.EbsConfiguration.EbsBlockDeviceConfigs.0.VolumesPerInstance",
            1,
            Outcome.REPLACED,
        ),
    ],
)
def test_a_member_that_says_the_default_is_a_change(name, path, value, outcome):
    (found,) = compare(port(name), with_member(port(name), path, value))
    assert found.outcome is outcome


def test_another_document_replaces_the_cluster():
    changed = json.loads(json.dumps(port("own_roles")))
    document = changed["Resources"]["Security"]["Properties"]["SecurityConfiguration"]
    del document["EncryptionConfiguration"]["EnableInTransitEncryption"]
    (found,) = compare(original("own_roles"), changed)
    # The fixed name of the security configuration is taken.
    assert found.outcome is Outcome.FAILS
    assert any("the cluster is replaced" in consequence for consequence in found.consequences)
