"""Options of a cluster from parameters of the template: the exact reference in the cluster and in the state machine."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

import emr_constructs as emr
from tests.tools import imported_vpc, new_stack


class Parameters:
    """Tokens of parameters, which are created on first use."""

    def __init__(self, stack):
        self.stack = stack
        self.created = {}

    def of(self, name, kind="String"):
        if name not in self.created:
            self.created[name] = cdk.CfnParameter(self.stack, name, type=kind)
        return self.created[name]

    def text(self, name):
        return self.of(name).value_as_string

    def number(self, name):
        return self.of(name, "Number").value_as_number

    def items(self, name):
        return self.of(name, "CommaDelimitedList").value_as_list

    def seconds(self, name):
        return cdk.Duration.seconds(self.number(name))

    def minutes(self, name):
        return cdk.Duration.minutes(self.number(name))

    def gibibytes(self, name):
        return cdk.Size.gibibytes(self.number(name))


def ref(name):
    return {"Ref": name}


def group_options(p):
    trigger = emr.ScalingTrigger(
        metric_name=p.text("Metric"),
        comparison=p.text("Comparison"),
        threshold=p.number("Threshold"),
        evaluation_periods=p.number("Periods"),
        period_seconds=p.seconds("Period"),
        statistic=p.text("Statistic"),
        unit=p.text("Unit"),
        namespace=p.text("Namespace"),
        dimensions={"Queue": p.text("Queue")},
    )
    rule = emr.ScalingRule.change_by(
        "Out", p.number("Adjustment"), when=trigger, cool_down_seconds=p.seconds("CoolDown")
    )
    return {
        "cluster_name": p.text("ClusterName"),
        "applications": [emr.Application.SPARK, p.text("Application")],
        "instances": emr.InstanceGroups(
            master=emr.InstanceGroup(p.text("MasterType"), p.number("MasterCount"), ebs_optimized=p.text("Optimized")),
            core=emr.InstanceGroup(
                ec2.InstanceType(p.text("CoreType")),
                p.text("CoreCount"),
                market=emr.Market.spot(bid_price=p.number("BidPrice")),
                ebs_volumes=[
                    emr.EbsVolume.gp3(
                        size_gib=p.gibibytes("VolumeSize"),
                        count=p.number("VolumeCount"),
                        iops=p.number("VolumeIops"),
                        throughput_mibps=p.number("VolumeThroughput"),
                    )
                ],
                custom_ami_id=p.text("CoreImage"),
                auto_scaling_policy=emr.AutoScalingPolicy(
                    minimum=p.number("Least"), maximum=p.number("Most"), rules=[rule]
                ),
            ),
            tasks=[
                emr.InstanceGroup(
                    "m7g.xlarge", name=p.text("TaskName"), market=emr.Market.spot(bid_price=p.text("TaskPrice"))
                )
            ],
        ),
        "configurations": [
            emr.Configuration(
                "spark-defaults",
                {
                    "spark.executor.instances": p.number("Executors"),
                    "spark.executor.memory": f"{p.number('Memory')}g",
                    "spark.eventLog.enabled": p.text("EventLog"),
                },
            ),
            emr.LivyConfigurations.sessions(idle_timeout=p.seconds("SessionTimeout")),
        ],
        "bootstrap_actions": [
            emr.BootstrapAction(p.text("ActionName"), emr.Script.from_uri("s3://a/b.sh"), args=p.items("ActionArgs"))
        ],
        "step_concurrency_level": p.number("Concurrency"),
        "termination": emr.Termination.when_idle(p.seconds("Idle")),
        "unhealthy_node_replacement": p.text("Replacement"),
        "root_volume": emr.RootVolume(size_gib=p.gibibytes("RootSize"), iops=p.text("RootIops")),
        "scale_down_behavior": p.text("ScaleDown"),
        "additional_info": {"number": p.number("InfoNumber"), "text": p.text("InfoText")},
        "key_pair": ec2.KeyPair.from_key_pair_name(p.stack, "KeyPair", p.text("KeyName")),
        "tags": {"team": p.text("Team")},
    }


def expected_instances(spell):
    """The instances of :func:`group_options`; ``spell`` returns what stands for a parameter."""
    trigger = {
        "MetricName": spell("Metric"),
        "ComparisonOperator": spell("Comparison"),
        "Threshold": spell("Threshold"),
        "EvaluationPeriods": spell("Periods"),
        "Period": spell("Period"),
        "Statistic": spell("Statistic"),
        "Unit": spell("Unit"),
        "Namespace": spell("Namespace"),
        "Dimensions": [{"Key": "Queue", "Value": spell("Queue")}],
    }
    action = {
        "AdjustmentType": "CHANGE_IN_CAPACITY",
        "ScalingAdjustment": spell("Adjustment"),
        "CoolDown": spell("CoolDown"),
    }
    rule = {
        "Name": "Out",
        "Action": {"SimpleScalingPolicyConfiguration": action},
        "Trigger": {"CloudWatchAlarmDefinition": trigger},
    }
    volume = {
        "VolumeType": "gp3",
        "SizeInGB": spell("VolumeSize"),
        "Iops": spell("VolumeIops"),
        "Throughput": spell("VolumeThroughput"),
    }
    volumes = [{"VolumeSpecification": volume, "VolumesPerInstance": spell("VolumeCount")}]
    return {
        "MASTER": {
            "Name": "Master",
            "InstanceType": spell("MasterType"),
            "InstanceCount": spell("MasterCount"),
            "Market": "ON_DEMAND",
            "EbsConfiguration": {"EbsOptimized": spell("Optimized")},
        },
        "CORE": {
            "Name": "Core",
            "InstanceType": spell("CoreType"),
            "InstanceCount": spell("CoreCount"),
            "Market": "SPOT",
            "BidPrice": spell("BidPrice"),
            "CustomAmiId": spell("CoreImage"),
            "EbsConfiguration": {"EbsBlockDeviceConfigs": volumes},
            "AutoScalingPolicy": {
                "Constraints": {"MinCapacity": spell("Least"), "MaxCapacity": spell("Most")},
                "Rules": [rule],
            },
        },
        "TASK": {
            "Name": spell("TaskName"),
            "InstanceType": "m7g.xlarge",
            "InstanceCount": 1,
            "Market": "SPOT",
            "BidPrice": spell("TaskPrice"),
        },
    }


def fleet_options(p):
    kind = emr.FleetInstanceType(
        p.text("FirstType"),
        weighted_capacity=p.number("Weight"),
        priority=p.number("Priority"),
        bid_price=p.number("FleetPrice"),
        ebs_optimized=p.text("FleetOptimized"),
    )
    other = emr.FleetInstanceType("m6g.xlarge", bid_price_percentage=p.number("Percentage"))
    return {
        "instances": emr.InstanceFleets(
            master=emr.InstanceFleet.on_demand("m7g.xlarge", units=1),
            core=emr.InstanceFleet.mixed(
                kind,
                other,
                on_demand_units=p.number("OnDemand"),
                spot_units=p.text("Spot"),
                name=p.text("FleetName"),
                on_demand_provisioning=emr.OnDemandProvisioning(
                    allocation_strategy=p.text("OnDemandStrategy"),
                    capacity_reservations=emr.CapacityReservations.targeted(p.text("Reservations")),
                ),
                spot_provisioning=emr.SpotProvisioning(
                    allocation_strategy=p.text("SpotStrategy"),
                    timeout_minutes=p.minutes("SpotTimeout"),
                    timeout_action=p.text("SpotAction"),
                ),
                on_demand_resizing=emr.OnDemandResizing(timeout_minutes=p.minutes("OnDemandResize")),
                spot_resizing=emr.SpotResizing(timeout_minutes=p.number("SpotResize")),
            ),
        ),
        "managed_scaling": emr.ManagedScaling.fleet_units(
            minimum=p.number("Minimum"),
            maximum=p.text("Maximum"),
            maximum_on_demand=p.number("MaximumOnDemand"),
            maximum_core=p.number("MaximumCore"),
            utilization_performance_index=p.number("Index"),
        ),
        "custom_ami_id": p.text("Image"),
        "termination": emr.Termination.manual(protected=p.text("Protected")),
    }


def expected_fleet(spell):
    return {
        "Name": spell("FleetName"),
        "TargetOnDemandCapacity": spell("OnDemand"),
        "TargetSpotCapacity": spell("Spot"),
        "InstanceTypeConfigs": [
            {
                "InstanceType": spell("FirstType"),
                "WeightedCapacity": spell("Weight"),
                "Priority": spell("Priority"),
                "BidPrice": spell("FleetPrice"),
                "EbsConfiguration": {"EbsOptimized": spell("FleetOptimized")},
            },
            {"InstanceType": "m6g.xlarge", "BidPriceAsPercentageOfOnDemandPrice": spell("Percentage")},
        ],
        "LaunchSpecifications": {
            "OnDemandSpecification": {
                "AllocationStrategy": spell("OnDemandStrategy"),
                "CapacityReservationOptions": {
                    "UsageStrategy": "use-capacity-reservations-first",
                    "CapacityReservationResourceGroupArn": spell("Reservations"),
                },
            },
            "SpotSpecification": {
                "AllocationStrategy": spell("SpotStrategy"),
                "TimeoutDurationMinutes": spell("SpotTimeout"),
                "TimeoutAction": spell("SpotAction"),
            },
        },
        "ResizeSpecifications": {
            "OnDemandResizeSpecification": {"TimeoutDurationMinutes": spell("OnDemandResize")},
            "SpotResizeSpecification": {"TimeoutDurationMinutes": spell("SpotResize")},
        },
    }


def expected_scaling(spell):
    return {
        "ComputeLimits": {
            "UnitType": "InstanceFleetUnits",
            "MinimumCapacityUnits": spell("Minimum"),
            "MaximumCapacityUnits": spell("Maximum"),
            "MaximumOnDemandCapacityUnits": spell("MaximumOnDemand"),
            "MaximumCoreCapacityUnits": spell("MaximumCore"),
        },
        "ScalingStrategy": "ADVANCED",
        "UtilizationPerformanceIndex": spell("Index"),
    }


def steps(p):
    return [
        emr.Step.spark(
            "Count",
            script=emr.Script.from_uri(p.text("ScriptUri")),
            args=["--day", p.text("Day"), f"--partitions={p.number('Partitions')}"],
            conf={"spark.executor.cores": p.number("Cores")},
            action_on_failure=p.text("OnFailure"),
        ),
        emr.Step.custom("Whole", command=p.items("Command")),
    ]


@pytest.fixture(scope="module")
def resources():
    stack = new_stack()
    p = Parameters(stack)
    vpc = imported_vpc(stack)
    groups, fleets, work = group_options(p), fleet_options(p), steps(p)
    profile = emr.ClusterProfile(stack, "Profile", vpc=vpc)
    with_groups = emr.Cluster(stack, "Groups", profile=profile, steps=work, **groups)
    with_groups.add_step(emr.Step.custom(p.text("StepName"), command=["hdfs", p.text("Day"), f"{p.number('Cores')}"]))
    with_groups.add_task_group(
        emr.InstanceGroup(
            p.text("CoreType"),
            p.number("MasterCount"),
            name=f"{p.text('TaskName')} added",
            market=emr.Market.spot(bid_price=p.number("BidPrice")),
            ebs_optimized=p.text("Optimized"),
        )
    )
    with_fleets = emr.Cluster(stack, "Fleets", profile=profile, **fleets)
    with_fleets.add_task_fleet(
        emr.InstanceFleet.spot(
            emr.FleetInstanceType(p.text("FirstType"), bid_price=p.number("FleetPrice")), units=p.number("OnDemand")
        )
    )
    named = emr.Step.custom(p.text("StepName"), command=["hdfs", f"-{p.number('Cores')}"])
    emr.TransientCluster(stack, "Job", profile=profile, workflow=[named, *work[1:]], **groups)
    emr.TransientCluster(stack, "FleetJob", profile=profile, workflow=work[1:], **without(fleets, "termination"))
    found = cdk.App.of(stack).synth().get_stack_by_name(stack.stack_name).template["Resources"]
    assert "e+289" not in json.dumps(found)
    assert "Custom::AWSCDKCfnJsonStringify" not in json.dumps(found)
    return found


def cluster(resources, construct_id):
    return next(
        found["Properties"]
        for name, found in resources.items()
        if found["Type"] == "AWS::EMR::Cluster" and name.startswith(construct_id)
    )


def states(resources, construct_id):
    """The states of a state machine: ``<name>`` for a parameter in a text, ``{"Ref": name}`` for one without quotes."""
    text = next(
        found["Properties"]["DefinitionString"]["Fn::Join"][1]
        for name, found in resources.items()
        if found["Type"] == "AWS::StepFunctions::StateMachine" and name.startswith(f"{construct_id}StateMachine")
    )
    parts, is_quoted = [], False
    for part in text:
        if isinstance(part, str):
            parts.append(part)
            is_quoted ^= part.replace('\\"', "").count('"') % 2 == 1
        elif part.get("Fn::Join", [""])[0] == '","':
            assert is_quoted
            parts.append(f'{quoted(part["Fn::Join"][1]["Ref"])}","another')
        else:
            parts.append(quoted(part.get("Ref", "attribute")) if is_quoted else json.dumps(part))
    return json.loads("".join(parts))["States"]


def quoted(name):
    return f"<{name}>"


def without(value, *members):
    return {name: item for name, item in value.items() if name not in members}


def test_a_cluster_of_groups(resources):
    found = cluster(resources, "Groups")
    instances, expected = found["Instances"], expected_instances(ref)
    assert instances["MasterInstanceGroup"] == expected["MASTER"]
    assert instances["CoreInstanceGroup"] == expected["CORE"]
    assert instances["TaskInstanceGroups"] == [expected["TASK"]]
    assert instances["UnhealthyNodeReplacement"] == ref("Replacement")
    assert instances["Ec2KeyName"] == ref("KeyName")
    assert found["Name"] == ref("ClusterName")
    assert found["Applications"] == [{"Name": "Spark"}, {"Name": ref("Application")}]
    assert found["AutoTerminationPolicy"] == {"IdleTimeout": ref("Idle")}
    assert found["StepConcurrencyLevel"] == ref("Concurrency")
    assert (found["EbsRootVolumeSize"], found["EbsRootVolumeIops"]) == (ref("RootSize"), ref("RootIops"))
    assert found["ScaleDownBehavior"] == ref("ScaleDown")
    assert found["AdditionalInfo"] == {"number": ref("InfoNumber"), "text": ref("InfoText")}
    assert {"Key": "team", "Value": ref("Team")} in found["Tags"]
    assert found["BootstrapActions"][0] == {
        "Name": ref("ActionName"),
        "ScriptBootstrapAction": {"Path": "s3://a/b.sh", "Args": ref("ActionArgs")},
    }
    assert [each["ConfigurationProperties"] for each in found["Configurations"]] == [
        {
            "spark.executor.instances": ref("Executors"),
            "spark.executor.memory": {"Fn::Join": ["", [ref("Memory"), "g"]]},
            "spark.eventLog.enabled": ref("EventLog"),
        },
        {
            "livy.server.session.timeout-check": "true",
            "livy.server.session.timeout": {"Fn::Join": ["", [ref("SessionTimeout"), "s"]]},
        },
    ]


def test_steps(resources):
    count, whole = cluster(resources, "Groups")["Steps"]
    assert count["ActionOnFailure"] == ref("OnFailure")
    args = count["HadoopJarStep"]["Args"]
    assert args[-4:] == [
        ref("ScriptUri"),
        "--day",
        ref("Day"),
        {"Fn::Join": ["", ["--partitions=", ref("Partitions")]]},
    ]
    assert {"Fn::Join": ["", ["--conf=spark.executor.cores=", ref("Cores")]]} in args
    assert whole["HadoopJarStep"]["Args"] == ref("Command")


def test_a_cluster_of_fleets(resources):
    found = cluster(resources, "Fleets")
    assert found["Instances"]["CoreInstanceFleet"] == expected_fleet(ref)
    assert found["Instances"]["TerminationProtected"] == ref("Protected")
    assert found["ManagedScalingPolicy"] == expected_scaling(ref)
    assert found["CustomAmiId"] == ref("Image")


NUMBERS = {
    *("MasterCount", "CoreCount", "VolumeSize", "VolumeCount", "VolumeIops", "VolumeThroughput", "Least", "Most"),
    *("Threshold", "Periods", "Period", "Adjustment", "CoolDown", "Optimized"),
    *("Weight", "Priority", "FleetOptimized", "OnDemand", "Spot", "SpotTimeout", "OnDemandResize", "SpotResize"),
    *("Percentage", "Minimum", "Maximum", "MaximumOnDemand", "MaximumCore", "Index"),
}
"""Parameters of numbers and booleans, which JSON contains without quotes."""


def in_json(name):
    return ref(name) if name in NUMBERS else quoted(name)


def test_a_state_machine_of_groups(resources):
    found = states(resources, "Job")["Create cluster"]["Arguments"]
    expected = expected_instances(in_json)
    by_role = {group["InstanceRole"]: without(group, "InstanceRole") for group in found["Instances"]["InstanceGroups"]}
    assert by_role == expected
    assert found["Instances"]["UnhealthyNodeReplacement"] == ref("Replacement")
    assert found["StepConcurrencyLevel"] == ref("Concurrency")
    assert found["AutoTerminationPolicy"] == {"IdleTimeout": ref("Idle")}
    assert (found["EbsRootVolumeSize"], found["EbsRootVolumeIops"]) == (ref("RootSize"), ref("RootIops"))
    assert found["Configurations"][0]["Properties"] == {
        "spark.executor.instances": quoted("Executors"),
        "spark.executor.memory": f"{quoted('Memory')}g",
        "spark.eventLog.enabled": quoted("EventLog"),
    }
    information = f'{{"number": {quoted("InfoNumber")}, "text": "{quoted("InfoText")}"}}'
    assert found["AdditionalInfo"] == information
    assert found["BootstrapActions"][0]["ScriptBootstrapAction"]["Args"] == [quoted("ActionArgs"), "another"]


def test_a_state_machine_of_fleets(resources):
    found = states(resources, "FleetJob")["Create cluster"]["Arguments"]
    fleet = found["Instances"]["InstanceFleets"][1]
    assert without(fleet, "InstanceFleetType") == expected_fleet(in_json)
    assert found["ManagedScalingPolicy"] == expected_scaling(in_json)
    assert found["CustomAmiId"] == quoted("Image")


def test_states_are_named_without_tokens(resources):
    found = states(resources, "Job")
    assert {"Submit step", "Wait for step", "Submit Whole"} <= found.keys()
    step = found["Submit step"]["Arguments"]["Steps"][0]
    assert step["Name"] == quoted("StepName")
    assert step["HadoopJarStep"]["Args"] == ["hdfs", f"-{quoted('Cores')}"]
    whole = found["Submit Whole"]["Arguments"]["Steps"][0]
    assert whole["HadoopJarStep"]["Args"] == [quoted("Command"), "another"]


def only(resources, kind):
    """The logical ID without its hash and the properties of the only resource of a type."""
    (found,) = ((name[:-8], one["Properties"]) for name, one in resources.items() if one["Type"] == kind)
    return found


def test_additions(resources):
    name, step = only(resources, "AWS::EMR::Step")
    assert name == "GroupsStep"
    assert step["Name"] == ref("StepName")
    assert step["HadoopJarStep"]["Args"] == ["hdfs", ref("Day"), ref("Cores")]
    name, group = only(resources, "AWS::EMR::InstanceGroupConfig")
    assert name == "GroupsTaskGroupAdded"
    assert without(group, "JobFlowId", "InstanceRole") == {
        "Name": {"Fn::Join": ["", [ref("TaskName"), " added"]]},
        "InstanceType": ref("CoreType"),
        "InstanceCount": ref("MasterCount"),
        "Market": "SPOT",
        "BidPrice": ref("BidPrice"),
        "EbsConfiguration": {"EbsOptimized": ref("Optimized")},
    }
    _, fleet = only(resources, "AWS::EMR::InstanceFleetConfig")
    assert fleet["TargetSpotCapacity"] == ref("OnDemand")
    assert fleet["InstanceTypeConfigs"] == [{"InstanceType": ref("FirstType"), "BidPrice": ref("FleetPrice")}]
