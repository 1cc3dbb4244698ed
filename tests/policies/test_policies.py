"""Each policy: what it accepts and rejects in groups, fleets, added nodes, state machines and requests."""

from __future__ import annotations

import pytest

import emr_constructs as emr
from tests.policies.templates import ENCRYPTED, VOLUME, fleet, group, machine, request, states, template

POLICIES = emr.Policies
ALL = emr.RuleSet(
    POLICIES.instance_types("m7g.*", "r7g.*"),
    POLICIES.volumes("gp3", maximum_gib=500),
    POLICIES.maximum_nodes(10),
    POLICIES.releases(minimum="emr-7.5.0"),
    POLICIES.tags("cost-center"),
    POLICIES.ends_by_itself(),
    POLICIES.private(),
    POLICIES.encrypted(),
)


def found(content, rules=ALL):
    return [(finding.rule.removeprefix("company-"), finding.path, finding.message) for finding in rules.check(content)]


def test_accepts_what_all_policies_allow():
    assert found(template()) == []
    assert found(states(terminates=True)) == []
    assert found(request()) == []
    assert found(machine(states(terminates=True))) == []


CLUSTER = "Resources.Cluster.Properties"
INSTANCES = f"{CLUSTER}.Instances"
OTHER_TYPE = "instance type must match m7g.* or r7g.*, got 'c5.xlarge'"
PRIMARY = {"MasterInstanceGroup": group()}
PRIMARY_FLEET = {"MasterInstanceFleet": fleet("m7g.xlarge", units=1)}


def with_fleets(core):
    return template(instances={**PRIMARY_FLEET, "CoreInstanceFleet": core})


def adds(kind, **properties):
    return {"More": {"Type": f"AWS::EMR::{kind}", "Properties": properties}}


TASK_GROUP = {"JobFlowId": {"Ref": "Cluster"}, "InstanceRole": "TASK"}
TASK_FLEET = {"ClusterId": {"Ref": "Cluster"}, "InstanceFleetType": "TASK"}
BIG = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 1000}}
OLD = {"VolumeSpecification": {"VolumeType": "gp2", "SizeInGB": 64}}


def scaled(unit, maximum, **limits):
    return {"ComputeLimits": {"UnitType": unit, "MinimumCapacityUnits": 1, "MaximumCapacityUnits": maximum, **limits}}


REJECTED = {
    "type of a group": (
        template(instances={**PRIMARY, "CoreInstanceGroup": group("c5.xlarge")}),
        ("instance-types", f"{INSTANCES}.CoreInstanceGroup.InstanceType", OTHER_TYPE),
    ),
    "type of a task group": (
        template(instances={**PRIMARY, "CoreInstanceGroup": group(), "TaskInstanceGroups": [group("c5.xlarge")]}),
        ("instance-types", f"{INSTANCES}.TaskInstanceGroups[0].InstanceType", OTHER_TYPE),
    ),
    "type of a fleet": (
        with_fleets(fleet("m7g.xlarge", "c5.xlarge")),
        ("instance-types", f"{INSTANCES}.CoreInstanceFleet.InstanceTypeConfigs[1].InstanceType", OTHER_TYPE),
    ),
    "type of an added group": (
        template(adds("InstanceGroupConfig", **TASK_GROUP, **group("c5.xlarge"))),
        ("instance-types", "Resources.More.Properties.InstanceType", OTHER_TYPE),
    ),
    "type of an added fleet": (
        {
            **with_fleets(fleet("m7g.xlarge")),
            "Resources": {
                **with_fleets(fleet("m7g.xlarge"))["Resources"],
                **adds("InstanceFleetConfig", **TASK_FLEET, **fleet("c5.xlarge", units=1)),
            },
        },
        ("instance-types", "Resources.More.Properties.InstanceTypeConfigs[0].InstanceType", OTHER_TYPE),
    ),
    "type of a group that is added to a cluster of another stack": (
        {"Resources": adds("InstanceGroupConfig", JobFlowId="j-1", InstanceRole="TASK", **group("c5.xlarge"))},
        ("instance-types", "Resources.More.Properties.InstanceType", OTHER_TYPE),
    ),
    "volume type": (
        template(
            instances={
                **PRIMARY,
                "CoreInstanceGroup": group(EbsConfiguration={"EbsBlockDeviceConfigs": [VOLUME, OLD]}),
            }
        ),
        (
            "volumes",
            f"{INSTANCES}.CoreInstanceGroup.EbsConfiguration.EbsBlockDeviceConfigs[1].VolumeSpecification.VolumeType",
            "EBS volume must have type gp3 and at most 500 GiB, got gp2",
        ),
    ),
    "volume size of a fleet": (
        with_fleets(
            fleet({"InstanceType": "m7g.xlarge", "EbsConfiguration": {"EbsBlockDeviceConfigs": [BIG]}}, units=1)
        ),
        (
            "volumes",
            f"{INSTANCES}.CoreInstanceFleet.InstanceTypeConfigs[0].EbsConfiguration.EbsBlockDeviceConfigs[0]"
            ".VolumeSpecification.SizeInGB",
            "EBS volume must have type gp3 and at most 500 GiB, got 1000 GiB",
        ),
    ),
    "nodes at launch": (
        template(instances={**PRIMARY, "CoreInstanceGroup": group(count=10)}),
        ("maximum-nodes", INSTANCES, "cluster must have at most 10 nodes, got 11"),
    ),
    "nodes with an added group": (
        template(adds("InstanceGroupConfig", **TASK_GROUP, **group(count="8"))),
        ("maximum-nodes", INSTANCES, "cluster must have at most 10 nodes, got 11"),
    ),
    "nodes of a fleet": (
        with_fleets(fleet({"InstanceType": "m7g.xlarge", "WeightedCapacity": 2}, "m7g.2xlarge", units=11)),
        ("maximum-nodes", INSTANCES, "cluster must have at most 10 nodes, got up to 12"),
    ),
    "nodes with managed scaling": (
        template(ManagedScalingPolicy=scaled("Instances", 10)),
        (
            "maximum-nodes",
            f"{CLUSTER}.ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits",
            "cluster must have at most 10 nodes, got up to 11",
        ),
    ),
    "nodes with managed scaling by vCPU": (
        template(ManagedScalingPolicy=scaled("VCPU", 40)),
        (
            "maximum-nodes",
            f"{CLUSTER}.ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits",
            "cluster must have at most 10 nodes, got up to 11",
        ),
    ),
    "nodes with managed scaling in units of a fleet": (
        {**template(
            instances={
                **PRIMARY_FLEET,
                "CoreInstanceFleet": fleet({"InstanceType": "m7g.xlarge", "WeightedCapacity": 2}, units=2),
            },
            ManagedScalingPolicy=scaled("InstanceFleetUnits", 21),
        )},
        (
            "maximum-nodes",
            f"{CLUSTER}.ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits",
            "cluster must have at most 10 nodes, got up to 12",
        ),
    ),
    "no release": (
        template(ReleaseLabel=None),
        ("releases", CLUSTER, "release must be emr-7.5.0 or later, got none"),
    ),
    "nodes with automatic scaling": (
        template(
            instances={
                **PRIMARY,
                "CoreInstanceGroup": group(
                    AutoScalingPolicy={"Constraints": {"MinCapacity": 1, "MaxCapacity": 30}, "Rules": []}
                ),
            }
        ),
        ("maximum-nodes", INSTANCES, "cluster must have at most 10 nodes, got up to 31"),
    ),
    "release": (
        template(ReleaseLabel="emr-6.15.0"),
        ("releases", f"{CLUSTER}.ReleaseLabel", "release must be emr-7.5.0 or later, got emr-6.15.0"),
    ),
    "no tags": (
        template(Tags=None),
        ("tags", CLUSTER, "cluster must have the tag cost-center, got no cost-center"),
    ),
    "another tag": (
        template(Tags=[{"Key": "team", "Value": "a"}]),
        ("tags", f"{CLUSTER}.Tags", "cluster must have the tag cost-center, got no cost-center"),
    ),
    "manual termination": (
        template(AutoTerminationPolicy=None),
        ("ends-by-itself", INSTANCES, "cluster must terminate by itself, got manual termination"),
    ),
    "public subnet": (
        template(instances={**PRIMARY, "Ec2SubnetId": {"Ref": "PublicSubnet"}}),
        (
            "private",
            f"{INSTANCES}.Ec2SubnetId",
            "cluster must run in a private subnet, got public subnet 'PublicSubnet'",
        ),
    ),
    "public subnet among others": (
        template(
            instances={**PRIMARY, "Ec2SubnetId": None, "Ec2SubnetIds": ["subnet-1", {"Ref": "PublicSubnet"}]},
        ),
        (
            "private",
            f"{INSTANCES}.Ec2SubnetIds[1]",
            "cluster must run in a private subnet, got public subnet 'PublicSubnet'",
        ),
    ),
    "no subnet": (
        template(instances={**PRIMARY, "Ec2SubnetId": None}),
        ("private", INSTANCES, "cluster must run in a private subnet, got no subnet"),
    ),
    "no security configuration": (
        template(SecurityConfiguration=None),
        ("encrypted", CLUSTER, "cluster must encrypt data at rest and in transit, got no security configuration"),
    ),
    "a request": (
        request(ReleaseLabel="emr-6.15.0"),
        ("releases", "ReleaseLabel", "release must be emr-7.5.0 or later, got emr-6.15.0"),
    ),
    "a request with two types": (
        request(Instances={"Ec2SubnetId": "subnet-1", "InstanceCount": 3, "MasterInstanceType": "m7g.xlarge",
                           "SlaveInstanceType": "c5.xlarge", "KeepJobFlowAliveWhenNoSteps": False}),
        ("instance-types", "Instances.SlaveInstanceType", OTHER_TYPE),
    ),
    "a request that adds groups": (
        {"JobFlowId": "j-1", "InstanceGroups": [{"InstanceRole": "TASK", **group("c5.xlarge")}]},
        ("instance-types", "InstanceGroups[0].InstanceType", OTHER_TYPE),
    ),
    "a request that adds a fleet": (
        {"ClusterId": "j-1", "InstanceFleet": {"InstanceFleetType": "TASK", **fleet("c5.xlarge")}},
        ("instance-types", "InstanceFleet.InstanceTypeConfigs[0].InstanceType", OTHER_TYPE),
    ),
    "a state machine": (
        states(Tags=[]),
        ("tags", "States.Launch.Parameters.Tags", "cluster must have the tag cost-center, got no cost-center"),
    ),
    "a state machine of a template": (
        machine(states(Tags=[])),
        (
            "tags",
            "Resources.Machine.Properties.DefinitionString.States.Launch.Parameters.Tags",
            "cluster must have the tag cost-center, got no cost-center",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", REJECTED)
def test_rejects(title):
    content, expected = REJECTED[title]
    assert found(content) == [expected]


ACCEPTED = {
    "fleets": with_fleets(fleet("m7g.xlarge", "r7g.2xlarge")),
    "a limit with primary nodes": template(ManagedScalingPolicy=scaled("Instances", 9)),
    "a limit in units of a fleet": {
        **with_fleets(fleet({"InstanceType": "m7g.xlarge", "WeightedCapacity": 4}, units=8)),
    },
    "termination after steps": template(
        AutoTerminationPolicy=None,
        instances={**PRIMARY, "KeepJobFlowAliveWhenNoSteps": "false"},
    ),
    "a volume without a type": template(
        instances={
            **PRIMARY,
            "CoreInstanceGroup": group(
                EbsConfiguration={"EbsBlockDeviceConfigs": [{"VolumeSpecification": {"SizeInGB": 64}}]}
            ),
        },
    ),
    "no volumes": template(instances={"MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m7g.xlarge"}}),
    "a subnet of another stack": template(instances={**PRIMARY, "Ec2SubnetId": {"Fn::ImportValue": "subnet"}}),
    "a security configuration of another stack": template(SecurityConfiguration="secure"),
    "a release of another kind": template(ReleaseLabel="emr-spark-8.0.0"),
    "a group that is added to a cluster of another stack": {
        "Resources": adds("InstanceGroupConfig", JobFlowId="j-1", InstanceRole="TASK", **group())
    },
    "a step that is added to a cluster of another stack": {
        "Resources": adds("Step", JobFlowId="j-1", Name="s", ActionOnFailure="CONTINUE", HadoopJarStep={"Jar": "a.jar"})
    },
}


@pytest.mark.parametrize("title", ACCEPTED)
def test_accepts(title):
    assert found(ACCEPTED[title]) == []


UNKNOWN = {"Ref": "Unknown"}
PARAMETERS = {"Unknown": {"Type": "String"}}


@pytest.mark.parametrize(
    "content",
    [
        template(Name=UNKNOWN, ReleaseLabel=UNKNOWN, Tags=UNKNOWN, SecurityConfiguration=UNKNOWN),
        template(Tags=[UNKNOWN]),
        template(Tags=[{"Key": UNKNOWN, "Value": "4711"}]),
        template(AutoTerminationPolicy=None, instances={**PRIMARY, "KeepJobFlowAliveWhenNoSteps": UNKNOWN}),
        template(AutoTerminationPolicy=UNKNOWN),
        template(instances={**PRIMARY, "CoreInstanceGroup": group(UNKNOWN, UNKNOWN)}),
        template(instances={**PRIMARY, "Ec2SubnetId": None, "Ec2SubnetIds": UNKNOWN}),
        template(instances={**PRIMARY, "Ec2SubnetId": UNKNOWN}),
        template(ManagedScalingPolicy=scaled("Instances", UNKNOWN)),
        template(ManagedScalingPolicy=UNKNOWN),
        with_fleets(fleet(UNKNOWN, units=UNKNOWN)),
        template(
            instances={**PRIMARY, "CoreInstanceGroup": group("m7g.neverlarge")},
            ManagedScalingPolicy=scaled("VCPU", 400),
        ),
        with_fleets({"TargetOnDemandCapacity": 1, "InstanceTypeConfigs": UNKNOWN}),
        template(instances={**PRIMARY, "CoreInstanceGroup": group(EbsConfiguration=UNKNOWN)}),
        template(instances={**PRIMARY, "Fn::Transform": {"Name": "AWS::Include"}, "Ec2SubnetId": None}),
    ],
)
def test_never_judges_unknown_values(content):
    assert found({**content, "Parameters": PARAMETERS}) == []


def test_judges_known_parts_next_to_unknown_ones():
    nodes = {
        "MasterInstanceGroup": group(UNKNOWN, UNKNOWN),
        "CoreInstanceGroup": group("c5.xlarge"),
        "TaskInstanceGroups": [group(UNKNOWN), group("c4.xlarge")],
    }
    paths = [path for _, path, _ in found({**template(instances=nodes), "Parameters": PARAMETERS})]
    assert paths == [
        f"{INSTANCES}.CoreInstanceGroup.InstanceType",
        f"{INSTANCES}.TaskInstanceGroups[1].InstanceType",
    ]


def test_conditions_decide_only_if_all_outcomes_agree():
    condition = {"Conditions": {"Is": {"Fn::Equals": [UNKNOWN, "a"]}}, "Parameters": PARAMETERS}

    def either(first, second):
        nodes = {**PRIMARY, "CoreInstanceGroup": group({"Fn::If": ["Is", first, second]})}
        return {**template(instances=nodes), **condition}

    assert found(either("c5.xlarge", "m7g.xlarge")) == []
    assert [rule for rule, _, _ in found(either("c5.xlarge", "c4.xlarge"))] == ["instance-types"]


def test_other_allowed_values_of_a_parameter_are_judged():
    parameters = {"Type": {"Type": "String", "Default": "m7g.xlarge", "AllowedValues": ["m7g.xlarge", "c5.xlarge"]}}
    nodes = {**PRIMARY, "CoreInstanceGroup": group({"Ref": "Type"})}
    ((_, _, message),) = found({**template(instances=nodes), "Parameters": parameters})
    assert message == f"{OTHER_TYPE} if parameter Type is 'c5.xlarge'"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"EnableAtRestEncryption": False}, "got local disks without encryption"),
        ({"AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {}}}, "got local disks without encryption"),
        ({"EnableInTransitEncryption": "false"}, "got none in transit"),
        ({"EnableInTransitEncryption": None}, "got none in transit"),
    ],
)
def test_rejects_a_security_configuration_that_does_not_encrypt(change, message):
    content = template()
    encryption = {**ENCRYPTED["EncryptionConfiguration"], **change}
    document = {"EncryptionConfiguration": {name: value for name, value in encryption.items() if value is not None}}
    content["Resources"]["Security"]["Properties"]["SecurityConfiguration"] = document
    ((rule, path, text),) = found(content)
    assert (rule, path) == ("encrypted", f"{CLUSTER}.SecurityConfiguration")
    assert text == f"cluster must encrypt data at rest and in transit, {message}"


def test_the_state_machine_decides_whether_a_cluster_ends_and_what_it_has():
    alive = {**request()["Instances"], "KeepJobFlowAliveWhenNoSteps": True}
    rules = emr.RuleSet(POLICIES.ends_by_itself(), POLICIES.maximum_nodes(4), POLICIES.instance_types("m7g.*"))
    assert [rule for rule, _, _ in found(states(Instances=alive), rules)] == ["ends-by-itself"]
    assert found(states(Instances=alive, terminates=True), rules) == []
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:emr:addInstanceGroups", "End": True}
    task["Parameters"] = {"JobFlowId.$": "$.id", "InstanceGroups": [{"InstanceRole": "TASK", **group("c5.xlarge", 2)}]}
    assert [(rule, path) for rule, path, _ in found(states(terminates=True, more={"Add": task}), rules)] == [
        ("maximum-nodes", "States.Launch.Parameters.Instances"),
        ("instance-types", "States.Add.Parameters.InstanceGroups[0].InstanceType"),
    ]


def test_expressions_of_a_state_machine_are_unknown():
    launch = states(terminates=True)
    parameters = launch["States"]["Launch"]["Parameters"]
    for name in ("ReleaseLabel", "Tags", "Instances"):
        del parameters[name]
        parameters[f"{name}.$"] = f"$.{name}"
    assert found(launch) == []


def test_three_primary_nodes_never_end_by_themselves():
    content = template(instances={"MasterInstanceGroup": group(count=3), "CoreInstanceGroup": group()})
    assert [rule for rule, _, _ in found(content)] == ["ends-by-itself"]


def test_values_of_tags():
    rules = emr.RuleSet(POLICIES.tags("cost-center", values={"stage": ["dev", "prod-*"]}))
    tags = [{"Key": "cost-center", "Value": "1"}, {"Key": "stage", "Value": "test"}]
    assert found(template(Tags=tags), rules) == [
        ("tags", f"{CLUSTER}.Tags", "tag stage must have the value dev or prod-*, got 'test'")
    ]
    assert found(template(Tags=[tags[0], {"Key": "stage", "Value": "prod-eu"}]), rules) == []
    unknown = {**template(Tags=[tags[0], {"Key": "stage", "Value": UNKNOWN}]), "Parameters": PARAMETERS}
    assert found(unknown, rules) == []
    missing = "cluster must have the tags cost-center and stage, got no stage"
    assert found(template(Tags=tags[:1]), rules) == [("tags", f"{CLUSTER}.Tags", missing)]


def test_roles_releases_and_severities():
    rules = emr.RuleSet(
        POLICIES.instance_types("m7g.*", roles=["primary"], rule_id="acme-primary", severity=emr.Severity.WARNING),
        POLICIES.instance_types("c5.*", roles=["core", "task"]),
        POLICIES.releases(maximum="emr-7.10.0"),
        prefix="acme",
    )
    findings = rules.check(template(instances={**PRIMARY, "CoreInstanceGroup": group()}))
    assert [(finding.rule, str(finding.severity), finding.message) for finding in findings] == [
        ("acme-instance-types", "error",
         "instance type of core and task nodes must match c5.*, got 'm7g.xlarge'"),
        ("acme-releases", "error", "release must be emr-7.10.0 or earlier, got emr-7.14.0"),
    ]  # fmt: skip
    assert [rule.id for rule in rules.rules] == ["acme-primary", "acme-instance-types", "acme-releases"]
    (finding,) = emr.RuleSet(POLICIES.instance_types("c5.*", roles=["primary"], severity=emr.Severity.WARNING)).check(
        template()
    )
    assert finding.severity is emr.Severity.WARNING


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (POLICIES.instance_types, "patterns must have at least one string, got none; use 'm7g.*'"),
        (lambda: POLICIES.instance_types(" "), "patterns[0] must not be empty, got ' '; use 'm7g.*'"),
        (lambda: POLICIES.instance_types(7), "patterns[0] must be a string, got 7"),
        (lambda: POLICIES.instance_types("m7g.*", roles=["master"]), "roles[0] must be 'primary', 'core' or 'task'"),
        (lambda: POLICIES.instance_types("m7g.*", roles=[]), "roles must have at least one string, got none"),
        (lambda: POLICIES.instance_types("m7g"), "patterns[0] must match instance types such as m7g.xlarge, got 'm7g'; "
         "use 'm7g.*'"),
        (lambda: POLICIES.instance_types("m7g.*", "R7g.*"), "patterns[1] must match instance types such as m7g.xlarge, "
         "got 'R7g.*'; use 'r7g.*'"),
        (lambda: POLICIES.instance_types("m7g.*", roles="core"), "roles must be a list of 'primary', 'core' or 'task'"),
        (lambda: POLICIES.volumes("gp3", "io2"), "types[1] must be gp3, gp2, io1, st1, sc1 or standard, got 'io2'"),
        (lambda: POLICIES.tags("aws:team"), "tag key must have 1 to 128 characters and not begin with aws:"),
        (POLICIES.volumes, "types must have at least one volume type, got none"),
        (lambda: POLICIES.volumes("gp3", minimum_gib=9, maximum_gib=8), "minimum_gib must be at most maximum_gib"),
        (lambda: POLICIES.maximum_nodes(-1e290), "maximum must be "),
        (lambda: POLICIES.maximum_nodes(0), "maximum must be at least 1, got 0; use a positive number"),
        (lambda: POLICIES.maximum_nodes("5"), "maximum must be an integer, got '5'; use 5"),
        (POLICIES.releases, "minimum must be a release label, got none; use minimum='emr-7.5.0'"),
        (lambda: POLICIES.releases(minimum="7.5"), "minimum must be a release label, got '7.5'"),
        (lambda: POLICIES.releases(minimum="emr-7.5.0", maximum="emr-7.1.0"), "minimum must be a release before"),
        (POLICIES.tags, "keys must have at least one string, got none; use 'cost-center'"),
        (lambda: POLICIES.tags(values={"stage": []}), "values['stage'] must have at least one string"),
        (lambda: POLICIES.encrypted(at_rest=False, in_transit=False), "at_rest or in_transit must be true"),
        (lambda: POLICIES.tags("${Token[a.1]}"), "keys[0] must be known at synth time, got a token"),
    ],
)  # fmt: skip
def test_wrong_arguments(create, message):
    with pytest.raises(emr.EmrError) as error:
        create()
    assert message in str(error.value)


def test_a_policy_with_one_limit_has_no_other():
    rules = emr.RuleSet(POLICIES.volumes(minimum_gib=64))
    assert rules.check(template()) == []
    assert len(emr.RuleSet(POLICIES.volumes(maximum_gib=63)).check(template())) == 2
    assert len(emr.RuleSet(POLICIES.volumes(minimum_gib=65)).check(template())) == 2


def test_releases_of_another_kind_are_not_judged():
    rules = emr.RuleSet(POLICIES.releases(minimum="emr-spark-8.0.0"))
    assert rules.check(template(ReleaseLabel="emr-7.14.0")) == []
    rules = emr.RuleSet(POLICIES.releases(maximum="emr-7.14.0"))
    assert rules.check(template(ReleaseLabel="emr-spark-8.0.0")) == []


def later(integration, parameters):
    """A state that changes a cluster after its launch."""
    task = {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:emr:{integration}", "End": True}
    return {"Later": {**task, "Parameters": {"ClusterId.$": "$.id", **parameters}}}


def test_states_change_policies_of_the_cluster_after_its_launch():
    alive = {**request()["Instances"], "KeepJobFlowAliveWhenNoSteps": True}
    rules = emr.RuleSet(POLICIES.ends_by_itself(), POLICIES.maximum_nodes(4))
    ending = later("putAutoTerminationPolicy", {"AutoTerminationPolicy": {"IdleTimeout": 3600}})
    assert found(states(Instances=alive, more=ending), rules) == []
    limits = {"ManagedScalingPolicy": scaled("Instances", 9)}
    scaling = later("putManagedScalingPolicy", limits)
    assert found(states(more=scaling), rules) == [
        (
            "maximum-nodes",
            "States.Later.Parameters.ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits",
            "cluster must have at most 4 nodes, got up to 10",
        )
    ]
    # Which of two clusters they change is unknown.
    two = {**scaling, "Other": states(Instances=alive)["States"]["Launch"]}
    assert [path for _, path, _ in found(states(Instances=alive, more=two), rules)] == [
        f"States.{name}.Parameters.Instances.KeepJobFlowAliveWhenNoSteps" for name in ("Launch", "Other")
    ]


def test_a_loop_of_clusters_is_judged_once():
    cluster = template(Tags=[], Name="${Team}")["Resources"]["Cluster"]
    loop = {"Fn::ForEach::Teams": ["Team", ["A", "B"], {"Cluster${Team}": cluster}]}
    content = template()
    del content["Resources"]["Cluster"]
    content = {"Transform": "AWS::LanguageExtensions", "Resources": {**content["Resources"], **loop}}
    ((rule, path, _),) = found(content)
    assert rule == "tags"
    assert path.startswith("Resources.Fn::ForEach::Teams")
