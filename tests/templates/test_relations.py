"""Resources of a template together: references and names, roles, networks, and what is added to a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.inputs import check_source, read
from emr_constructs.templates.parsing import parse

CASES = Path(__file__).parents[1] / "cases"
HEAD = """
Parameters:
  Open: {Type: String}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
  Never: !Equals [a, b]
Resources:
"""
CLUSTER = """
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      JobFlowRole: profile
      ServiceRole: role
      Instances:
        Ec2SubnetId: subnet-0123456789abcdef0
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}
"""


def findings(text):
    return [(finding.rule, finding.path) for finding in check_template(parse(text))]


def found(*changes, more=""):
    """The rules and paths of findings in a cluster with changes and other resources."""
    text = CLUSTER
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return findings(HEAD + more + text)


def rules(*changes, more=""):
    return [rule for rule, _ in found(*changes, more=more)]


def with_member(line):
    return ("      Instances:", f"      {line}\n      Instances:")


def subnet(value):
    return ("subnet-0123456789abcdef0", value)


def at(*path):
    return ".".join(("Resources", *path))


PROPERTIES = "Resources.Cluster.Properties"


@pytest.mark.parametrize("name", ["keep-alive-left-out", "profile-arn", "profile-arn-of-resource"])
def test_valid_cases(name):
    assert findings((CASES / "accepted" / f"{name}.yaml").read_text()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dollar-brace-outside-sub-and-misspelt-metric", [
            ("emr-placeholder", at("C", "Properties.LogUri")),
            ("emr-placeholder", at("C", "Properties.BootstrapActions[0].ScriptBootstrapAction.Path")),
            ("emr-placeholder", at("S", "Properties.HadoopJarStep.Jar")),
            ("emr-unknown-reference", at("Bad", "Properties.JobFlowId")),
        ]),
        ("groups-and-steps-on-a-cluster-that-ends", [
            ("emr-added-to-ending-cluster", at("G", "Properties.JobFlowId")),
            ("emr-added-to-ending-cluster", at("S", "Properties.JobFlowId")),
            ("emr-added-step-failure", at("S", "Properties.ActionOnFailure")),
        ]),
        ("groups-of-another-vpc", [
            ("emr-several-vpcs", at("Cluster", "Properties.Instances.Ec2SubnetId")),
            ("emr-vpc-dns", at("Cluster", "Properties.Instances.Ec2SubnetId")),
        ]),
        ("names-instead-of-references", [
            ("emr-name-not-reference", at("Cluster", "Properties.JobFlowRole")),
            ("emr-name-not-reference", at("Cluster", "Properties.ServiceRole")),
            ("emr-name-not-reference", at("Cluster", "Properties.SecurityConfiguration")),
            ("emr-managed-policy-tag", at("Cluster", "Properties")),
        ]),
        ("service-role-trusts-ec2", [("emr-service-role-trust", at("C", "Properties.ServiceRole"))]),
    ],
)  # fmt: skip
def test_wrong_cases(name, expected):
    here = findings((CASES / "refused" / f"{name}.yaml").read_text())
    assert [pair for pair in expected if pair not in here] == []
    assert len([pair for pair in here if pair[0] in {rule for rule, _ in expected}]) == len(expected)


def test_the_default_of_a_request_differs_from_that_of_a_template():
    source = read(str(CASES / "refused" / "idle-timeout-without-keep-alive.json"), str)
    assert "emr-ends-at-once" in [finding.rule for finding in check_source(source)]


def test_the_cluster_alone_is_valid():
    assert found() == []


# References

OTHERS = """
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: roles-own-name, AssumeRolePolicyDocument: !Ref Open}}
  Key: {Type: AWS::KMS::Key}
  Bucket: {Type: AWS::S3::Bucket}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Open}}
  Net: {Type: AWS::EC2::VPC, Properties: {EnableDnsHostnames: true}}
  Custom: {Type: Custom::Lookup}
"""


@pytest.mark.parametrize(
    ("change", "rule", "member"),
    [
        (subnet("!Ref Net"), "emr-network-reference", "Instances.Ec2SubnetId"),
        (subnet('!Sub "${Net}"'), "emr-network-reference", "Instances.Ec2SubnetId"),
        (subnet("!GetAtt Group.VpcId"), "emr-network-reference", "Instances.Ec2SubnetId"),
        (("profile", "!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/nodes"), "emr-profile-name",
         "JobFlowRole"),
        (("profile", "!GetAtt Role.Arn"), "emr-profile-reference", "JobFlowRole"),
        (with_member("SecurityConfiguration: !Ref Key"), "emr-security-configuration-reference",
         "SecurityConfiguration"),
        (with_member("LogUri: !Ref Bucket"), "emr-bucket-reference", "LogUri"),
        (with_member("LogUri: !Sub '${Bucket}/logs/'"), "emr-bucket-reference", "LogUri"),
        (with_member("LogUri: !Sub 's3://${Bucket.Arn}/logs/'"), "emr-bucket-reference", "LogUri"),
    ],
)  # fmt: skip
def test_a_reference_to_something_else(change, rule, member):
    assert found(change, more=OTHERS) == [(rule, f"{PROPERTIES}.{member}".rstrip("."))]


@pytest.mark.parametrize(
    "change",
    [
        subnet("!Ref Custom"),
        subnet("!GetAtt Custom.SubnetId"),
        subnet("!Ref Open"),
        subnet("!If [IsOpen, !Ref Open, subnet-1]"),
        ("profile", "!ImportValue Profile"),
        with_member("LogUri: !Sub 's3://${Bucket}/logs/'"),
        with_member("LogUri: !Join ['', ['s3://', !Ref Bucket]]"),
    ],
)
def test_a_reference_that_may_be_right(change):
    assert found(change, more=OTHERS) == []


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("AWS::EC2::VPC::Id", "emr-network-reference"),
        ("AWS::EC2::SecurityGroup::GroupName", "emr-network-reference"),
        ("List<AWS::EC2::SecurityGroup::Id>", "emr-network-reference"),
        ("AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>", "emr-network-reference"),
        ("AWS::EC2::Subnet::Id", None),
        ("List<AWS::EC2::Subnet::Id>", "emr-list-reference"),
        ("AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>", "emr-list-reference"),
        ("AWS::SSM::Parameter::Value<String>", None),
        ("[odd]", None),
    ],
)
def test_a_parameter_of_another_type(kind, rule):
    text = (HEAD + CLUSTER).replace("{Type: String}", f"{{Type: {kind}}}").replace(*subnet("!Ref Open"))
    expected = [(rule, f"{PROPERTIES}.Instances.Ec2SubnetId")] if rule else []
    assert findings(text) == expected


PROFILE = """
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role], InstanceProfileName: NAME}}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("!Ref Role", []), ("roles-own-name", []), ("other", ["emr-profile-reference"])],
)
def test_a_role_and_its_profile_may_have_one_name(name, expected):
    change = ("JobFlowRole: profile", "JobFlowRole: !Ref Role")
    assert rules(change, more=OTHERS + PROFILE.replace("NAME", name)) == expected


def test_a_name_is_in_order_with_a_dependency():
    named, after = (
        ("ServiceRole: role", "ServiceRole: roles-own-name"),
        ("    Properties:", "    DependsOn: Role\n    Properties:"),
    )
    assert found(named, more=OTHERS) == [("emr-name-not-reference", f"{PROPERTIES}.ServiceRole")]
    assert found(named, after, more=OTHERS) == []
    assert rules(("ServiceRole: role", "ServiceRole: Role"), after, more=OTHERS) == ["emr-name-not-reference"]
    arn = ("ServiceRole: role", "ServiceRole: arn:aws:iam::111111111111:role/path/roles-own-name")
    assert rules(arn, more=OTHERS) == ["emr-name-not-reference"]


@pytest.mark.parametrize("owner", ["Cluster", "cluster", "!GetAtt Cluster.MasterPublicDNS", "!Ref Role"])
def test_a_step_of_something_else(owner):
    step = f"""
  Step:
    Type: AWS::EMR::Step
    Properties:
      Name: step
      JobFlowId: {owner}
      ActionOnFailure: CONTINUE
      HadoopJarStep: {{Jar: command-runner.jar, Args: ["true"]}}
"""
    ((rule, path),) = found(more=OTHERS + step)
    assert rule in ("emr-cluster-id", "emr-cluster-reference")
    assert path == "Resources.Step.Properties.JobFlowId"


# Names that aren't defined, and placeholders


@pytest.mark.parametrize(
    ("change", "member"),
    [
        (("ServiceRole: role", "ServiceRole: !Ref Rol"), "ServiceRole"),
        (("ServiceRole: role", "ServiceRole: !GetAtt Open.Arn"), "ServiceRole"),
        (("ServiceRole: role", "ServiceRole: !Ref AWS::Account"), "ServiceRole"),
        (("ServiceRole: role", 'ServiceRole: !Sub "a-${Nope}"'), "ServiceRole"),
        (("ServiceRole: role", 'ServiceRole: !Sub "a-${Role.Arn}-${Open.Arn}"'), "ServiceRole"),
        (("ServiceRole: role", 'ServiceRole: !Sub ["${A}", {A: !Ref Nope}]'), "ServiceRole"),
        (("ServiceRole: role", "ServiceRole: !If [Nope, a, b]"), "ServiceRole"),
        (("ServiceRole: role", "ServiceRole: !FindInMap [Nope, a, b]"), "ServiceRole"),
        (("InstanceCount: 1", "InstanceCount: !Ref Nope"), "Instances.MasterInstanceGroup.InstanceCount"),
        (("    Properties:", "    DependsOn: [Role, Nope]\n    Properties:"), "DependsOn[1]"),
        (("    Properties:", "    Condition: Nope\n    Properties:"), "Condition"),
    ],
)
def test_an_undefined_name(change, member):
    owner = PROPERTIES.removesuffix(".Properties") if member.startswith(("DependsOn", "Condition")) else PROPERTIES
    assert ("emr-unknown-reference", f"{owner}.{member}") in found(change, more=OTHERS)


@pytest.mark.parametrize(
    "change",
    [
        ("ServiceRole: role", 'ServiceRole: !Sub ["${A}-${!Literal}-${Open}-${AWS::Region}-${Role.Arn}", {A: b}]'),
        ("ServiceRole: role", "ServiceRole: !Ref AWS::StackName"),
        ("Parameters:", "Transform: AWS::Serverless-2016-10-31\nParameters:"),
        ("Parameters:", "Transform: [AWS::LanguageExtensions, Own]\nParameters:"),
        ("Resources:", "Resources:\n  Fn::ForEach::All: [Item, [a, b], {}]"),
    ],
)
def test_a_name_that_may_be_defined(change):
    undefined = "" if change[0].startswith("Service") else "!Ref Nope"
    text = (HEAD + OTHERS + CLUSTER).replace(*change)
    text = text.replace("ServiceRole: role", f"ServiceRole: {undefined}") if undefined else text
    assert "emr-unknown-reference" not in [rule for rule, _ in findings(text)]


def test_a_misspelt_name_has_a_suggestion():
    text = HEAD + OTHERS + CLUSTER.replace("ServiceRole: role", "ServiceRole: !Ref Rolle")
    assert [finding.fix for finding in check_template(parse(text))] == ["use 'Role'"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("LogUri: s3://${Bucket}/logs/", "emr-placeholder"),
        ("LogUri: s3://logs-${AWS::Region}/", "emr-placeholder"),
        ("LogUri: 's3://${ssm:/logs}-${self:custom.${opt:stage}.name}/'", None),
        ("LogUri: !Sub 's3://${self:custom.logs}-${AWS::Region}/'", None),
        ("LogUri: !Join ['', ['s3://', '${Bucket}', /]]", "emr-placeholder"),
        ("SecurityConfiguration: own-${Open}", "emr-placeholder"),
        ("Tags: [{Key: a, Value: '${AWS::StackName}'}]", "emr-placeholder"),
        ("Tags: [{Key: a, Value: '${Open}'}]", "emr-placeholder-argument"),
        ("Tags: [{Key: a, Value: '${Other}'}]", None),
        ("LogUri: !Sub 's3://${Bucket}/logs/'", None),
        ("Configurations: [{Classification: core-site, ConfigurationProperties: {a.b: '/tmp/${user.name}'}}]", None),
        ("Configurations: [{Classification: core-site, ConfigurationProperties: {a.b: 's3://${Bucket}/'}}]",
         "emr-placeholder-argument"),
    ],
)  # fmt: skip
def test_a_placeholder(line, rule):
    assert rules(with_member(line), more=OTHERS) == ([rule] if rule else [])


def test_a_placeholder_in_a_value_is_the_only_finding_about_it():
    assert rules(("Name: cluster", "Name: cluster-${Open}")) == ["emr-placeholder"]


# Parameters and lists


@pytest.mark.parametrize(
    ("declared", "is_wrong"),
    [
        ("{Type: String, Default: a, AllowedValues: [b, c]}", True),
        ("{Type: String, Default: b, AllowedValues: [b, c]}", False),
        ("{Type: String, Default: true, AllowedValues: ['true', 'false']}", False),
        ("{Type: Number, Default: '2.0', AllowedValues: [1, 2]}", False),
        ("{Type: Number, Default: many}", True),
        ("{Type: Number, Default: 3, MaxValue: 2}", True),
        ("{Type: Number, Default: 3, MinValue: 2}", False),
        ("{Type: String, Default: '', MinLength: 1}", True),
        ("{Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b]}", False),
        ("{Type: CommaDelimitedList, Default: 'a,c', AllowedValues: [a, b]}", True),
        ("{Type: AWS::SSM::Parameter::Value<String>, Default: /a, AllowedValues: [b]}", False),
        ("{Type: [odd], Default: {a: b}, AllowedValues: c}", False),
    ],
)
def test_the_default_of_a_parameter(declared, is_wrong):
    text = HEAD.replace("{Type: String}", declared) + CLUSTER.replace("Name: cluster", "Name: !Ref Open")
    expected = [("emr-parameter-default", "Parameters.Open.Default")] if is_wrong else []
    assert [pair for pair in findings(text) if pair[0] == "emr-parameter-default"] == expected


def test_identical_items():
    action = "{Name: a, ScriptBootstrapAction: {Path: s3://a/b.sh}}"
    actions = with_member(f"BootstrapActions: [{action}, {action.replace('Name: a', 'Name: b')}, {action}]")
    assert found(actions) == [("emr-repeated-item", f"{PROPERTIES}.BootstrapActions")]
    groups = "\n        AdditionalMasterSecurityGroups: [!Ref Open, !Ref Open]"
    assert found(subnet(f"subnet-1{groups}")) == [
        ("emr-repeated-item", f"{PROPERTIES}.Instances.AdditionalMasterSecurityGroups")
    ]


# Roles

TRUST = "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: %s, Principal: {Service: %s}}]}"
ROLES = f"""
  Service: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: SERVICE}}}}
  Nodes: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {TRUST % ("sts:AssumeRole", "NODES")}}}}}
  Profile: {{Type: AWS::IAM::InstanceProfile, Properties: {{Roles: [!Ref Nodes]}}}}
"""
REFERRING = (
    ("JobFlowRole: profile", "JobFlowRole: !Ref Profile"),
    ("ServiceRole: role", "ServiceRole: !GetAtt Service.Arn"),
)


def roles(
    service=TRUST % ("sts:AssumeRole", "elasticmapreduce.amazonaws.com"), nodes="ec2.amazonaws.com", profile=None
):
    text = ROLES.replace("SERVICE", service).replace("NODES", nodes)
    return rules(*REFERRING, more=text.replace("[!Ref Nodes]", profile or "[!Ref Nodes]"))


@pytest.mark.parametrize(
    "service",
    [
        TRUST % ("'sts:*'", "[ec2.amazonaws.com, elasticmapreduce.amazonaws.com.cn]"),
        TRUST % ("sts:AssumeRole", "!Sub 'elasticmapreduce.${AWS::URLSuffix}'"),
        TRUST % ("sts:AssumeRole", "!Sub 'elasticmapreduce.${AWS::Region}.amazonaws.com'"),
        TRUST % ("sts:AssumeRole", "!Ref Open"),
        TRUST % ("!Ref Open", "elasticmapreduce.amazonaws.com"),
        "!Ref Open",
        "{Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: '*'}}",
        "{Statement: [!If [IsOpen, !Ref Open, !Ref Open]]}",
    ],
)
def test_a_service_role_that_emr_may_assume(service):
    assert roles(service) == []


@pytest.mark.parametrize(
    "service",
    [
        TRUST % ("sts:AssumeRole", "emr.amazonaws.com"),
        TRUST % ("sts:TagSession", "elasticmapreduce.amazonaws.com"),
        "{Statement: [{Effect: Deny, Action: sts:AssumeRole, Principal: {Service: elasticmapreduce.amazonaws.com}}]}",
        "{Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: !Ref AWS::AccountId}}]}",
    ],
)
def test_a_service_role_that_emr_cannot_assume(service):
    assert roles(service) == ["emr-service-role-trust"]


def test_swapped_roles():
    assert roles(TRUST % ("sts:AssumeRole", "ec2.amazonaws.com"), "elasticmapreduce.amazonaws.com") == [
        "emr-instance-role-trust",
        "emr-service-role-trust",
    ]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("[]", ["emr-instance-profile-roles"]),
        ("[!Ref Nodes, !Ref Service]", ["emr-instance-profile-roles"]),
        ("[!GetAtt Nodes.Arn]", ["emr-instance-profile-role-name"]),
        ("!Ref Open", []),
        ("[!If [IsOpen, !Ref Nodes, other], !If [IsOpen, !Ref AWS::NoValue, !Ref AWS::NoValue]]", []),
    ],
)
def test_the_roles_of_a_profile(profile, expected):
    assert roles(profile=profile) == expected


MANAGED = """
  Service:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Ref Open
      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"]
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Open, Tags: TAGS}}
"""
TAG = "[{Key: for-use-with-amazon-emr-managed-policies, Value: 'true'}]"


@pytest.mark.parametrize(
    ("cluster", "of_subnet", "says"),
    [
        ("[]", "[]", "got none on the cluster and subnet 'Sub'"),
        (TAG, "[{Key: a, Value: b}]", "got none on subnet 'Sub'"),
        (TAG, TAG, None),
        ("!Ref Open", TAG, None),
        ("[!If [IsOpen, !Ref Open, !Ref Open]]", TAG, None),
    ],
)
def test_the_tag_of_the_managed_policy(cluster, of_subnet, says):
    text = CLUSTER.replace("ServiceRole: role", f"ServiceRole: !Ref Service\n      Tags: {cluster}")
    text = HEAD + MANAGED.replace("TAGS", of_subnet) + text.replace("subnet-0123456789abcdef0", "!Ref Sub")
    messages = [finding.message for finding in check_template(parse(text))]
    assert len(messages) == (1 if says else 0)
    assert not says or messages[0].endswith(says)


def test_a_service_role_of_a_studio():
    studio = """
  Studio:
    Type: AWS::EMR::Studio
    Properties:
      Name: studio
      AuthMode: IAM
      VpcId: !Ref Net
      SubnetIds: [!Ref Sub]
      ServiceRole: !GetAtt Service.Arn
      EngineSecurityGroupId: sg-1
      WorkspaceSecurityGroupId: sg-2
      DefaultS3Location: s3://bucket/
  Other: {Type: AWS::EC2::VPC, Properties: {EnableDnsHostnames: true}}
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Other}}
"""
    text = ROLES.replace("SERVICE", TRUST % ("sts:AssumeRole", "ec2.amazonaws.com"))
    assert rules(more=OTHERS + text + studio) == ["emr-several-vpcs", "emr-studio-role-trust"]


# Additions

ADDED = """
  Added:
    Type: AWS::EMR::InstanceGroupConfig
    Properties: {JobFlowId: !Ref Cluster, InstanceRole: TASK, InstanceType: m5.xlarge, InstanceCount: 1, Name: more}
"""
CORE = "MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}"
WITH_CORE = (CORE, f"{CORE}\n        Core{CORE[6:]}")


@pytest.mark.parametrize(
    ("change", "is_found"),
    [
        (with_member("AutoTerminationPolicy: {IdleTimeout: 3600}"), True),
        (("      Instances:", "      Instances:\n        KeepJobFlowAliveWhenNoSteps: 'false'"), True),
        (("      Instances:", "      Instances:\n        KeepJobFlowAliveWhenNoSteps: true"), False),
        (("      Instances:", "      Instances:\n        KeepJobFlowAliveWhenNoSteps: !Ref Open"), False),
        (with_member("AutoTerminationPolicy: !If [IsOpen, {IdleTimeout: 3600}, !Ref AWS::NoValue]"), False),
    ],
)
def test_nodes_added_to_a_cluster_that_ends(change, is_found):
    assert ("emr-added-to-ending-cluster" in rules(change, WITH_CORE, more=ADDED)) == is_found


def test_a_resource_that_is_never_created_is_not_added():
    never = ADDED.replace("    Properties", "    Condition: Never\n    Properties")
    assert rules(with_member("AutoTerminationPolicy: {IdleTimeout: 3600}"), WITH_CORE, more=never) == []


def test_a_step_that_terminates_three_primary_nodes_has_one_finding():
    step = """
  Added:
    Type: AWS::EMR::Step
    Properties:
      Name: report
      JobFlowId: !Ref Cluster
      ActionOnFailure: TERMINATE_CLUSTER
      HadoopJarStep: {Jar: "s3://company-jobs/report.jar"}
"""
    three = "MasterInstanceGroup: {InstanceCount: 3, InstanceType: m5.xlarge}"
    nodes = (CORE, f"{three}\n        CoreInstanceGroup: {{InstanceCount: 4, InstanceType: m5.xlarge}}")
    assert found(nodes, more=step) == [("emr-added-step-failure", "Resources.Added.Properties.ActionOnFailure")]


# Nodes


def test_nodes_of_both_kinds_have_one_finding():
    fleet = "{TargetOnDemandCapacity: 1, TargetSpotCapacity: 0, InstanceTypeConfigs: [{InstanceType: m5.xlarge}]}"
    fleets = f"MasterInstanceFleet: {fleet}\n        CoreInstanceFleet: {fleet}"
    groups = "TaskInstanceGroups: [{InstanceCount: 1, InstanceType: m5.xlarge}]"
    limits = "ComputeLimits: {UnitType: InstanceFleetUnits, MinimumCapacityUnits: 1, MaximumCapacityUnits: 9}"
    changes = [
        ("Ec2SubnetId: subnet-0123456789abcdef0", "Ec2SubnetIds: [subnet-0123456789abcdef0, subnet-0fedcba9876543210]"),
        (CORE, f"{fleets}\n        {groups}"),
        with_member(f"ManagedScalingPolicy: {{{limits}}}"),
    ]
    assert rules(*changes) == ["emr-groups-and-fleets"]


@pytest.mark.parametrize(("count", "expected"), [(1, "emr-placement-group-release"), (3, "emr-ha-release")])
def test_a_placement_group_of_an_old_release_has_one_finding(count, expected):
    old = ("emr-7.14.0", "emr-5.20.0")
    nodes = (CORE, f"MasterInstanceGroup: {{InstanceCount: {count}, InstanceType: m5.xlarge}}")
    group = with_member("PlacementGroupConfigs: [{InstanceRole: MASTER, PlacementStrategy: SPREAD}]")
    placed = {"emr-placement-group-masters", "emr-placement-group-release", "emr-ha-release"}
    assert placed.intersection(rules(old, nodes, group)) == {expected}
