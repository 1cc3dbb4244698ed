"""Instance fleets, scaling, high availability and added task nodes, as they arrive in a template."""

from __future__ import annotations

import json

import boto3
import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from botocore.validate import ParamValidator

from emr_constructs import (
    ActionOnFailure,
    Application,
    AutoScalingPolicy,
    CapacityReservations,
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    Configuration,
    EmrError,
    FleetInstanceType,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    ManagedScaling,
    Market,
    OnDemandProvisioning,
    OnDemandResizing,
    ReleaseLabel,
    ScalingRule,
    ScalingTrigger,
    Script,
    SpotAllocationStrategy,
    SpotProvisioning,
    SpotResizing,
    Step,
    Termination,
)
from tests.tools import (
    flat,
    imported_vpc,
    new_app,
    new_cluster,
    new_stack,
    only,
    resources,
    statements,
    synthesize,
    warnings,
)

MASTER, CORE = InstanceGroup("m7g.xlarge"), InstanceGroup("m7g.xlarge", 2)
GROUPS = InstanceGroups(master=MASTER, core=CORE)
SPOT = InstanceFleet.spot("m7g.xlarge", "m6g.xlarge", units=4)
FLEETS = InstanceFleets(
    master=InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=1),
    core=InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=2),
)
OUT = ScalingRule.change_by("Out", 2, when=ScalingTrigger.below("YARNMemoryAvailablePercentage", 15))
SCALED = InstanceGroup("m7g.xlarge", 2, auto_scaling_policy=AutoScalingPolicy(minimum=2, maximum=9, rules=[OUT]))
THREE = InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=InstanceGroup("m7g.xlarge", 4))
PROTECTED = Termination.manual(protected=True)


def make(**options):
    stack = new_stack(new_app())
    cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), **options)
    return cluster, synthesize(stack)


def made_of(template):
    return only(template, "AWS::EMR::Cluster")


def is_accepted_by_botocore(cluster):
    model = boto3.client("emr", region_name="us-east-1").meta.service_model
    request = json.loads(json.dumps(cluster.run_job_flow_request))
    report = ParamValidator().validate(request, model.operation_model("RunJobFlow").input_shape)
    assert not report.has_errors(), report.generate_report()


def reserved(reservations):
    return InstanceFleet.on_demand(
        "m7g.xlarge", units=2, on_demand_provisioning=OnDemandProvisioning(capacity_reservations=reservations)
    )


@pytest.fixture(scope="module")
def mixed():
    fleets = InstanceFleets(
        master=FLEETS.master,
        core=FLEETS.core,
        task=InstanceFleet.mixed(
            FleetInstanceType("r7g.2xlarge", 2, priority=1),
            "r7g.xlarge",
            on_demand_units=1,
            spot_units=8,
            on_demand_resizing=OnDemandResizing(timeout_minutes=10),
            spot_provisioning=SpotProvisioning(
                allocation_strategy=SpotAllocationStrategy.CAPACITY_OPTIMIZED_PRIORITIZED, timeout_minutes=20
            ),
            spot_resizing=SpotResizing(timeout_minutes=15),
        ),
    )
    return make(instances=fleets, applications=[Application.SPARK])


class TestFleets:
    def test_each_role_has_its_property(self, mixed):
        instances = made_of(mixed[1])["Instances"]
        assert instances["MasterInstanceFleet"] == {
            "Name": "Master",
            "TargetOnDemandCapacity": 1,
            "TargetSpotCapacity": 0,
            "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}, {"InstanceType": "m6g.xlarge"}],
        }
        assert instances["CoreInstanceFleet"]["TargetOnDemandCapacity"] == 2
        (task,) = instances["TaskInstanceFleets"]
        assert task["InstanceTypeConfigs"][0] == {"InstanceType": "r7g.2xlarge", "WeightedCapacity": 2, "Priority": 1}
        assert task["LaunchSpecifications"]["SpotSpecification"]["AllocationStrategy"] == (
            "capacity-optimized-prioritized"
        )
        assert task["ResizeSpecifications"]["SpotResizeSpecification"] == {"TimeoutDurationMinutes": 15}
        assert not [name for name in instances if "Group" in name and "Security" not in name]

    def test_emr_chooses_among_all_subnets(self, mixed):
        instances = made_of(mixed[1])["Instances"]
        assert instances["Ec2SubnetIds"] == ["subnet-aaaa", "subnet-bbbb"]
        assert "Ec2SubnetId" not in instances

    def test_botocore_accepts_the_request(self, mixed):
        is_accepted_by_botocore(mixed[0])

    def test_the_routes_of_all_subnets_outlive_the_cluster(self):
        stack = new_stack(new_app())
        Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Vpc", max_azs=2), instances=FLEETS)
        template = synthesize(stack)
        (cluster,) = resources(template, "AWS::EMR::Cluster").values()
        routes = {name for name in resources(template, "AWS::EC2::Route") if "Private" in name}
        assert len(routes) == 2
        assert routes <= set(cluster["DependsOn"])

    def test_emr_may_use_reserved_capacity_where_a_fleet_does(self):
        _, template = make(
            instances=InstanceFleets(master=FLEETS.master, core=reserved(CapacityReservations.open())),
        )
        find, delete = statements(template, "CapacityReservationPolicy")
        assert find["Action"] == [
            "ec2:DescribeCapacityReservations",
            "ec2:DescribeLaunchTemplateVersions",
            "resource-groups:ListGroupResources",
        ]
        assert delete["Action"] == "ec2:DeleteLaunchTemplateVersions"
        assert flat(delete["Resource"]).endswith(":launch-template/*")
        assert delete["Condition"] == {
            "StringEquals": {"aws:ResourceTag/for-use-with-amazon-emr-managed-policies": "true"}
        }
        policy = only(template, "AWS::IAM::ManagedPolicy", "CapacityReservationPolicy")
        assert flat(policy["Roles"][0]).startswith("<ClusterProfileServiceRole")
        (cluster,) = resources(template, "AWS::EMR::Cluster").values()
        assert [name for name in cluster["DependsOn"] if "CapacityReservationPolicy" in name]

    def test_the_wildcards_of_reserved_capacity_have_a_reason(self):
        stack = new_stack(new_app())
        instances = InstanceFleets(master=FLEETS.master, core=reserved(CapacityReservations.open()))
        Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=instances)
        found = cdk_nag.AwsSolutionsChecks(stack.node.root).validate_scope(stack.node.root).violations
        assert [violation.rule_name for violation in found if "IAM" in violation.rule_name] == []

    @pytest.mark.parametrize(
        "instances", [FLEETS, InstanceFleets(master=FLEETS.master, core=reserved(CapacityReservations.none()))]
    )
    def test_emr_may_not_where_none_does(self, instances):
        _, template = make(instances=instances)
        assert not [name for name in resources(template, "AWS::IAM::ManagedPolicy") if "Reservation" in name]

    def test_a_service_role_of_the_app_gets_the_rights_too(self):
        stack = new_stack(new_app())
        role = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("elasticmapreduce.amazonaws.com"))
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role)
        instances = InstanceFleets(master=FLEETS.master, core=reserved(CapacityReservations.open()))
        Cluster(stack, "Cluster", profile=profile, instances=instances)
        policy = only(synthesize(stack), "AWS::IAM::ManagedPolicy", "Reservation")
        assert "ec2:DescribeCapacityReservations" in json.dumps(policy)

    def test_secrets_of_instance_types_are_granted_to_emr(self):
        stack = new_stack(new_app())
        secret = secretsmanager.Secret(stack, "Password")
        kind = FleetInstanceType("m7g.xlarge", configurations=[Configuration("hive-site", {"password": secret})])
        definition = ClusterDefinition(instances=InstanceFleets(master=InstanceFleet.on_demand(kind, units=1)))
        assert list(definition.secrets) == [secret]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"release_label": ReleaseLabel.EMR_5_0_3, "termination": Termination.manual()},
                "4.8.0 to before 5.0.0 or 5.1.0 and later",
            ),
            (
                {
                    "instances": InstanceFleets(master=InstanceFleet.on_demand("m7g.xlarge", units=3)),
                    "release_label": ReleaseLabel.EMR_6_11_0,
                    "termination": PROTECTED,
                },
                "to before 6.9.0 or 6.9.1 to before 6.10.0 or 6.10.1 to before 6.11.0 or 6.11.1 and later",
            ),
            (
                {
                    "instances": InstanceFleets(
                        master=InstanceFleet.on_demand(
                            FleetInstanceType("m7g.xlarge", custom_ami_id="ami-01234567"), units=1
                        )
                    ),
                    "custom_ami_id": "ami-01234567",
                },
                "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
            ),
            ({"instances": SPOT}, "instances must be an InstanceGroups or an InstanceFleets, got .*"),
        ],
    )
    def test_rejects_what_emr_rejects(self, options, message):
        with pytest.raises(EmrError, match=message):
            new_cluster(**{"instances": FLEETS, **options})


class TestManagedScaling:
    def test_limits_arrive_and_declared_counts_stay(self):
        cluster, template = make(
            instances=GROUPS,
            managed_scaling=ManagedScaling.instances(
                minimum=2, maximum=20, maximum_on_demand=6, maximum_core=4, utilization_performance_index=50
            ),
        )
        assert made_of(template)["ManagedScalingPolicy"] == {
            "ComputeLimits": {
                "UnitType": "Instances",
                "MinimumCapacityUnits": 2,
                "MaximumCapacityUnits": 20,
                "MaximumOnDemandCapacityUnits": 6,
                "MaximumCoreCapacityUnits": 4,
            },
            "ScalingStrategy": "ADVANCED",
            "UtilizationPerformanceIndex": 50,
        }
        assert made_of(template)["Instances"]["CoreInstanceGroup"]["InstanceCount"] == 2
        assert "AutoScalingRole" not in made_of(template)
        is_accepted_by_botocore(cluster)

    def test_warns_where_yarn_does_not_tell(self):
        cluster, _ = make(
            applications=[Application.HBASE],
            managed_scaling=ManagedScaling.instances(minimum=1, maximum=1),
            termination=Termination.manual(),
        )
        found = "\n".join(warnings(cluster))
        assert "emr-managed-scaling-not-on-yarn" in found
        assert "got 2 units and a maximum of 1" in found

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"managed_scaling": 5}, "managed_scaling must be a ManagedScaling, got 5"),
            (
                {"instances": FLEETS},
                "unit of managed scaling must fit instance fleets, got Instances",
            ),
            (
                {"managed_scaling": ManagedScaling.fleet_units(minimum=1, maximum=2)},
                "unit of managed scaling must fit instance groups, got InstanceFleetUnits",
            ),
            (
                {"release_label": ReleaseLabel.EMR_5_29_0, "termination": Termination.manual()},
                "5.30.0 to before 6.0.0 or 6.0.1 and later",
            ),
            (
                {
                    "release_label": ReleaseLabel.EMR_6_15_0,
                    "managed_scaling": ManagedScaling.instances(minimum=1, maximum=2, utilization_performance_index=1),
                },
                "release must support the advanced scaling strategy",
            ),
        ],
    )
    def test_rejects_what_emr_rejects(self, options, message):
        limits = ManagedScaling.instances(minimum=1, maximum=10)
        with pytest.raises(EmrError, match=message):
            new_cluster(**{"managed_scaling": limits, **options})


class TestAutomaticScaling:
    def test_a_policy_brings_the_role_which_emr_may_pass(self):
        cluster, template = make(instances=InstanceGroups(master=MASTER, core=SCALED))
        made = made_of(template)
        assert made["Instances"]["CoreInstanceGroup"]["AutoScalingPolicy"]["Constraints"] == {
            "MinCapacity": 2,
            "MaxCapacity": 9,
        }
        assert flat(made["AutoScalingRole"]).startswith("<ClusterProfileAutoScalingRole")
        passed = [one for one in statements(template, "ServicePolicy") if one["Action"] == "iam:PassRole"]
        assert flat(passed[-1]["Resource"]) == flat(made["AutoScalingRole"])
        is_accepted_by_botocore(cluster)

    def test_the_id_of_the_cluster_reaches_emr_as_it_is(self):
        trigger = ScalingTrigger.above("Backlog", 1, namespace="Mine", dimensions={"Cluster": "${emr.clusterId}"})
        policy = AutoScalingPolicy(minimum=1, maximum=2, rules=[ScalingRule.change_by("Out", 1, when=trigger)])
        core = InstanceGroup("m7g.xlarge", 1, auto_scaling_policy=policy)
        _, template = make(instances=InstanceGroups(master=MASTER, core=core))
        (rule,) = made_of(template)["Instances"]["CoreInstanceGroup"]["AutoScalingPolicy"]["Rules"]
        (dimension,) = rule["Trigger"]["CloudWatchAlarmDefinition"]["Dimensions"]
        text, variables = dimension["Value"]["Fn::Sub"]
        assert text.replace("${Dollar}", variables["Dollar"]) == "${emr.clusterId}"

    def test_without_a_policy_there_is_no_role(self):
        _, template = make(instances=GROUPS)
        assert "AutoScalingRole" not in made_of(template)
        assert not [name for name in resources(template, "AWS::IAM::Role") if "Scaling" in name]

    @pytest.mark.parametrize(("instances", "has_role"), [(GROUPS, True), (FLEETS, False)])
    def test_a_given_role_is_there_for_groups_to_come(self, instances, has_role):
        stack = new_stack(new_app())
        role = iam.Role.from_role_arn(stack, "Scaling", "arn:aws:iam::111111111111:role/scaling")
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), auto_scaling_role=role)
        Cluster(stack, "Cluster", profile=profile, instances=instances)
        made = made_of(synthesize(stack))
        assert made.get("AutoScalingRole") == ("arn:aws:iam::111111111111:role/scaling" if has_role else None)


class TestThreeMasters:
    @pytest.mark.parametrize(
        "instances",
        [
            THREE,
            InstanceFleets(
                master=InstanceFleet.on_demand("m7g.xlarge", "m6g.xlarge", units=3),
                core=InstanceFleet.on_demand("m7g.xlarge", units=4),
            ),
        ],
    )
    def test_are_spread_and_protected(self, instances):
        cluster, template = make(instances=instances, termination=PROTECTED)
        made = made_of(template)
        assert made["PlacementGroupConfigs"] == [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}]
        assert made["Instances"]["TerminationProtected"] is True
        assert made["Instances"]["KeepJobFlowAliveWhenNoSteps"] is True
        assert "AutoTerminationPolicy" not in made
        assert [text for text in warnings(cluster) if "emr-ha" in text] == []
        is_accepted_by_botocore(cluster)

    def test_one_master_is_not_spread(self):
        assert "PlacementGroupConfigs" not in ClusterDefinition()._render()

    def test_warns_about_what_does_not_survive_a_master(self):
        few = InstanceGroups(master=InstanceGroup("m7g.xlarge", 3), core=CORE)
        cluster, _ = make(
            instances=few,
            termination=PROTECTED,
            applications=[Application.HIVE, Application.OOZIE],
            steps=[
                Step.jar("a", jar=Script.from_uri("s3://a/b.jar"), action_on_failure=ActionOnFailure.TERMINATE_CLUSTER)
            ],
        )
        found = sorted(text.rpartition("Annotation::")[2].rstrip("]") for text in warnings(cluster) if "emr-ha" in text)
        assert found == ["emr-ha-metastore", "emr-ha-replication", "emr-ha-step-failure"]

    def test_protection_is_switched_off_before_the_cluster_is_deleted(self):
        cluster, template = make(instances=THREE, termination=Termination.manual())
        assert made_of(template)["Instances"]["TerminationProtected"] is False
        (found,) = (text for text in warnings(cluster) if "emr-ha" in text)
        assert "with three primary nodes must be termination-protected until you delete it" in found

    def test_an_external_metastore_survives(self):
        stack = new_stack(new_app())
        password = secretsmanager.Secret.from_secret_name_v2(stack, "Password", "hive")
        hive = {
            "javax.jdo.option.ConnectionURL": "jdbc:mysql://metastore.example.com:3306/hive",
            "javax.jdo.option.ConnectionPassword": password,
        }
        cluster = Cluster(
            stack,
            "Cluster",
            vpc=imported_vpc(stack),
            instances=THREE,
            termination=PROTECTED,
            applications=[Application.HIVE],
            configurations=[Configuration("hive-site", hive)],
        )
        assert [text for text in warnings(cluster) if "emr-ha" in text] == []

    def test_needs_addresses_in_a_public_subnet(self):
        stack = new_stack(new_app())
        closed = ec2.SubnetConfiguration(
            name="Closed", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False
        )
        vpc = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=[closed])
        public = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)
        with pytest.raises(EmrError, match="must assign public addresses, which three primary nodes require") as error:
            Cluster(stack, "Cluster", vpc=vpc, vpc_subnets=public, instances=THREE, termination=PROTECTED)
        assert error.value.path == "Test/Cluster"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"termination": Termination.when_idle()}, "a cluster with three primary nodes must be long-running"),
            (
                {
                    "configurations": [
                        Configuration("hive-site", {"javax.jdo.option.ConnectionURL": "jdbc:postgresql://db/hive"})
                    ]
                },
                "of three primary nodes must not be in PostgreSQL, got 'jdbc:postgresql://db/hive'",
            ),
        ],
    )
    def test_warns(self, stack, options, message):
        options = {"instances": THREE, "termination": PROTECTED, **options}
        Cluster(stack, "Cluster", vpc=imported_vpc(stack), **options)
        assert any(message in warning for warning in warnings(stack))

    def test_rejects_a_release_without_it(self):
        with pytest.raises(EmrError, match="release must support three primary nodes in an instance group"):
            new_cluster(instances=THREE, termination=PROTECTED, release_label=ReleaseLabel.EMR_5_22_0)


class TestTaskGroups:
    def test_are_added_by_the_deployment(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=GROUPS)
        cluster.add_task_group(InstanceGroup("c7g.xlarge", 5, name="Spot nodes", market=Market.spot()))
        template = synthesize(stack)
        assert only(template, "AWS::EMR::InstanceGroupConfig") == {
            "JobFlowId": {"Ref": next(iter(resources(template, "AWS::EMR::Cluster")))},
            "InstanceRole": "TASK",
            "Name": "Spot nodes",
            "InstanceType": "c7g.xlarge",
            "InstanceCount": 5,
            "Market": "SPOT",
        }
        assert next(iter(resources(template, "AWS::EMR::InstanceGroupConfig"))).startswith("ClusterTaskGroupSpotNodes")
        assert "TaskInstanceGroups" not in made_of(template)["Instances"]

    def test_configurations_may_have_secrets(self):
        stack = new_stack(new_app())
        secret = secretsmanager.Secret(stack, "Password")
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=GROUPS)
        cluster.add_task_group(InstanceGroup("c7g.xlarge", configurations=[Configuration("a", {"password": secret})]))
        template = synthesize(stack)
        (group,) = resources(template, "AWS::EMR::InstanceGroupConfig").values()
        assert list(group["Properties"]["Configurations"][0]["ConfigurationProperties"]) == ["EMR.secret@password"]
        (read,) = (one for one in statements(template, "ServicePolicy") if "secretsmanager" in json.dumps(one))
        assert flat(read["Resource"]).startswith("<Password")
        assert [name for name in group["DependsOn"] if "ServicePolicy" in name]

    def test_may_scale_where_the_cluster_has_the_role(self):
        stack = new_stack(new_app())
        instances = InstanceGroups(master=MASTER, core=SCALED)
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=instances)
        cluster.add_task_group(SCALED)
        policy = only(synthesize(stack), "AWS::EMR::InstanceGroupConfig")["AutoScalingPolicy"]
        assert policy["Rules"][0]["Name"] == "Out"

    def test_are_added_to_an_imported_cluster(self, stack):
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        cluster.add_task_group(InstanceGroup("c7g.xlarge", 5, name="a"), construct_id="More")
        cluster.add_task_group(InstanceGroup("c7g.xlarge", 5, name="b"))
        groups = resources(synthesize(stack), "AWS::EMR::InstanceGroupConfig").values()
        assert [group["Properties"]["JobFlowId"] for group in groups] == ["j-1", "j-1"]

    @pytest.mark.parametrize(
        ("options", "group", "message"),
        [
            ({"instances": FLEETS}, CORE, "instance fleets can't be combined with a task group; use add_task_fleet"),
            ({"instances": InstanceGroups(master=MASTER)}, CORE, "task nodes require core nodes, which are missing"),
            (
                {"instances": InstanceGroups(master=MASTER, core=CORE, tasks=[CORE])},
                CORE,
                "names of task instance groups must be unique, got 'Task' 2 times; change a name",
            ),
            ({}, SCALED, "an automatic scaling policy requires a cluster that is launched with an Auto Scaling role"),
            (
                {
                    "steps": [Step.jar("a", jar=Script.from_uri("s3://a/b.jar"))],
                    "termination": Termination.after_steps(),
                },
                CORE,
                r"a task group can't be added to a cluster that is terminated after its steps; pass it in instances",
            ),
            (
                {"instances": InstanceGroups(master=MASTER, core=CORE, tasks=[
                    InstanceGroup("m7g.xlarge", name=str(number)) for number in range(48)])},
                CORE,
                "number of task instance groups must be at most 48, got 49",
            ),
        ],
    )  # fmt: skip
    def test_rejects_what_does_not_fit(self, stack, options, group, message):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), **{"instances": GROUPS, **options})
        with pytest.raises(EmrError, match=message) as error:
            cluster.add_task_group(group)
        assert error.value.path == "Test/Cluster"

    def test_rejects_two_of_one_name(self, stack):
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        cluster.add_task_group(CORE)
        with pytest.raises(
            EmrError,
            match="the ID of the task group must be unique in the cluster, got 'TaskGroup' twice; use another",
        ):
            cluster.add_task_group(CORE)
        with pytest.raises(
            EmrError, match="names of task instance groups must be unique, got 'Task' 2 times; change a name"
        ):
            cluster.add_task_group(CORE, construct_id="Other")
        with pytest.raises(EmrError, match="a task fleet can't be combined with the task groups"):
            cluster.add_task_fleet(SPOT)


class TestTaskFleets:
    def test_are_added_by_the_deployment(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=FLEETS)
        cluster.add_task_fleet(SPOT)
        template = synthesize(stack)
        assert only(template, "AWS::EMR::InstanceFleetConfig") == {
            "ClusterId": {"Ref": next(iter(resources(template, "AWS::EMR::Cluster")))},
            "InstanceFleetType": "TASK",
            "Name": "Task",
            "TargetOnDemandCapacity": 0,
            "TargetSpotCapacity": 4,
            "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}, {"InstanceType": "m6g.xlarge"}],
            "LaunchSpecifications": {
                "SpotSpecification": {"TimeoutDurationMinutes": 60, "TimeoutAction": "SWITCH_TO_ON_DEMAND"}
            },
        }
        assert "TaskInstanceFleets" not in made_of(template)["Instances"]

    def test_may_use_reserved_capacity(self):
        stack = new_stack(new_app())
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), instances=FLEETS)
        cluster.add_task_fleet(reserved(CapacityReservations.open()), construct_id="Reserved")
        template = synthesize(stack)
        assert statements(template, "CapacityReservationPolicy")
        (fleet,) = resources(template, "AWS::EMR::InstanceFleetConfig").values()
        assert [name for name in fleet["DependsOn"] if "CapacityReservationPolicy" in name]

    def test_one_is_added_to_an_imported_cluster(self, stack):
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
        cluster.add_task_fleet(SPOT)
        with pytest.raises(EmrError, match="a cluster must have at most one task fleet, got two; extend the first"):
            cluster.add_task_fleet(SPOT, construct_id="Other")
        with pytest.raises(EmrError, match="task groups can't be combined with the task fleet"):
            cluster.add_task_group(CORE)
        assert only(synthesize(stack), "AWS::EMR::InstanceFleetConfig")["ClusterId"] == "j-1"

    @pytest.mark.parametrize(
        ("options", "fleet", "message"),
        [
            ({"instances": GROUPS}, SPOT, "instance groups can't be combined with a task fleet; use add_task_group"),
            (
                {"instances": InstanceFleets(master=FLEETS.master, core=FLEETS.core, task=SPOT)},
                SPOT,
                "a cluster must have at most one task fleet, got two; extend the first",
            ),
            (
                {"instances": InstanceFleets(master=FLEETS.master)},
                SPOT,
                "task nodes require core nodes, which are missing",
            ),
            (
                {},
                InstanceFleet.on_demand(
                    *[f"m{number}g.xlarge" for number in range(6)],
                    units=1,
                    on_demand_provisioning=OnDemandProvisioning(),
                ),
                "to a cluster must have at most 5 instance types, with any allocation strategy, got 6",
            ),
            (
                {
                    "steps": [Step.jar("a", jar=Script.from_uri("s3://a/b.jar"))],
                    "termination": Termination.after_steps(),
                },
                SPOT,
                "a task fleet can't be added to a cluster that is terminated after its steps; pass it in instances",
            ),
        ],
    )
    def test_rejects_what_does_not_fit(self, stack, options, fleet, message):
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), **{"instances": FLEETS, **options})
        with pytest.raises(EmrError, match=message) as error:
            cluster.add_task_fleet(fleet)
        assert error.value.path == "Test/Cluster"


@pytest.mark.parametrize(("termination", "warned"), [(Termination.when_idle(), 1), (Termination.manual(), 0)])
def test_warns_that_a_later_deployment_of_task_nodes_may_find_the_cluster_gone(termination, warned):
    stack = new_stack(new_app())
    groups = Cluster(stack, "Groups", vpc=imported_vpc(stack), instances=GROUPS, termination=termination)
    for name in ("one", "two"):
        groups.add_task_group(InstanceGroup("m7g.xlarge", name=name))
    fleets = Cluster(stack, "Fleets", vpc=imported_vpc(stack, "Other"), instances=FLEETS, termination=termination)
    fleets.add_task_fleet(SPOT)
    for cluster in (groups, fleets):
        assert len([found for found in warnings(cluster) if "emr-task-nodes-after-idle" in found]) == warned
