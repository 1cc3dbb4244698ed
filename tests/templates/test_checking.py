"""Findings in templates and their locations; values that are unknown are not reported."""

from __future__ import annotations

import json

import pytest

from emr_constructs.rules import Severity
from emr_constructs.templates import scenarios
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

HEAD = """
Parameters:
  Nodes: {Type: Number, Default: 2, AllowedValues: [1, 2, 3]}
  Open: {Type: String}
  Other: {Type: String}
  Release: {Type: String, Default: emr-7.14.0, AllowedValues: [emr-7.14.0, emr-5.36.2, emr-5.20.0]}
  Good: {Type: Number, Default: 1, AllowedValues: [1, 3]}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
  IsShut: !Not [!Condition IsOpen]
  IsOther: !Equals [!Ref Other, "yes"]
  Never: !Equals [a, b]
"""
CLUSTER = """
  Cluster:
    Type: AWS::EMR::Cluster
    Metadata: {"aws:cdk:path": Stack/Cluster/Resource}
    Properties:
      Name: cluster
      ReleaseLabel: emr-7.14.0
      JobFlowRole: profile
      ServiceRole: role
"""
GROUPS = """
      Instances:
        KeepJobFlowAliveWhenNoSteps: true
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m4.xlarge}
        CoreInstanceGroup: {InstanceCount: 2, InstanceType: m4.xlarge}
"""


def check(*resources):
    found = check_template(parse(HEAD + "Resources:" + "".join(resources)))
    return [f"{finding.resource} {finding.rule}: {finding.message}" for finding in found]


def masters(count, more=""):
    return f"""
      Instances:
        KeepJobFlowAliveWhenNoSteps: true
        TerminationProtected: true
        Ec2SubnetId: subnet-1
        MasterInstanceGroup: {{InstanceCount: {count}, InstanceType: m4.xlarge {more}}}
"""


TWO = "Cluster emr-master-count: instance count of the primary instance group must be 1 or 3, got 2"


def test_a_finding_has_its_location_and_fix():
    (found,) = check_template(parse(HEAD + "Resources:" + CLUSTER + masters("'2'")))
    assert (found.rule, found.severity, found.resource) == ("emr-master-count", Severity.ERROR, "Cluster")
    assert found.path == "Resources.Cluster.Properties.Instances.MasterInstanceGroup.InstanceCount"
    assert found.construct == "Stack/Cluster/Resource"
    assert found.fix == "use 1, or 3 for high availability"


def test_the_default_of_a_parameter_is_its_value():
    assert check(CLUSTER, masters("!Ref Nodes")) == [TWO]


def test_every_allowed_value_is_tried():
    applications = "      Applications: [{Name: Delta}]"
    (found,) = check(CLUSTER.replace("emr-7.14.0", "!Ref Release"), applications, GROUPS)
    assert found.startswith("Cluster emr-application-unavailable: application must be one that emr-5.36.2 offers")
    assert found.endswith("if parameter Release is 'emr-5.36.2' or 'emr-5.20.0'")


def test_values_of_two_parameters_are_not_combined():
    """Three primary nodes require emr-5.23.0, but emr-5.20.0 can be combined with one primary node."""
    assert check(CLUSTER.replace("emr-7.14.0", "!Ref Release"), masters("!Ref Good")) == []


def test_a_parameter_without_a_default_is_unknown():
    assert check(CLUSTER, masters("!Ref Open")) == []


def test_findings_for_both_outcomes_of_a_condition_are_certain():
    assert check(CLUSTER, masters("!If [IsOpen, 2, 2]")) == [TWO]
    assert check(CLUSTER, masters("!If [IsOpen, 2, 1]")) == []
    assert check(CLUSTER, masters("!If [IsOpen, 1, 2]")) == []
    assert check(CLUSTER, masters("!If [IsOpen, !If [IsOther, 2, 2], 2]")) == [TWO]
    assert check(CLUSTER, masters("!If [IsOpen, !If [IsOther, 2, 3], 2]")) == []
    assert check(CLUSTER, masters("!If [Never, 2, 1]")) == []


def test_a_condition_and_its_negation_are_not_both_true():
    """Each outcome sets exactly one of the two subnet properties."""
    subnets = """
      Instances:
        KeepJobFlowAliveWhenNoSteps: true
        Ec2SubnetId: !If [IsOpen, subnet-1, !Ref AWS::NoValue]
        Ec2SubnetIds: !If [IsShut, [subnet-1], !Ref AWS::NoValue]
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m4.xlarge}
"""
    assert check(CLUSTER, subnets) == []
    both = subnets.replace("subnet-1, !Ref AWS::NoValue", "subnet-1, subnet-2").replace("!If [IsShut", "!If [IsOpen")
    assert check(CLUSTER, both) == []
    always = both.replace("!Ref AWS::NoValue", "[subnet-2]")
    assert [found.split(":")[0] for found in check(CLUSTER, always)] == ["Cluster emr-subnet-properties"]


def test_a_resource_that_is_never_created_is_not_checked():
    never = CLUSTER.replace("    Properties:", "    Condition: Never\n    Properties:")
    assert check(never, masters(2)) == []


def test_a_conditional_resource_is_checked_in_scenarios_that_create_it():
    conditional = CLUSTER.replace("    Properties:", "    Condition: IsOpen\n    Properties:")
    assert check(conditional, masters("!If [IsOpen, 2, 1]")) == [TWO]
    assert check(conditional, masters("!If [IsShut, 2, 1]")) == []


def test_the_number_of_scenarios_is_limited(monkeypatch):
    monkeypatch.setattr(scenarios, "_MOST_SCENARIOS", 8)
    conditions = {f"C{number}": {"Fn::Equals": [{"Ref": "Open"}, str(number)]} for number in range(20)}
    template = parse(HEAD + "Resources:" + CLUSTER + masters(2))
    template["Conditions"] = conditions
    template["Resources"]["Cluster"]["Properties"]["Tags"] = [
        {"Fn::If": [name, {"Key": name, "Value": "v"}, {"Ref": "AWS::NoValue"}]} for name in conditions
    ]
    assert [finding.rule for finding in check_template(template)] == ["emr-master-count"]


def test_reports_properties_by_their_names_in_cloudformation():
    # One cause, one finding: that ServiceRole is missing follows from it.
    assert check(CLUSTER.replace("ServiceRole", "serviceRole"), GROUPS) == [
        "Cluster emr-unknown-property: AWS::EMR::Cluster has no 'serviceRole'"
    ]


def test_a_missing_property_is_reported_once():
    assert check(CLUSTER, "      BootstrapActions: [{Name: a}]", GROUPS) == [
        "Cluster emr-missing-property: BootstrapActionConfig requires ScriptBootstrapAction"
    ]


def test_a_resource_without_properties():
    assert check("\n  Cluster: {Type: AWS::EMR::Cluster}") == [
        f"Cluster emr-missing-property: AWS::EMR::Cluster requires {name}"
        for name in ("Instances", "JobFlowRole", "Name", "ServiceRole")
    ]


# Security configurations

SECURITY = """
  Security:
    Type: AWS::EMR::SecurityConfiguration
    Properties:
      SecurityConfiguration: %s
"""
EMR_CERTIFICATES = json.dumps({
    "EncryptionConfiguration": {
        "EnableInTransitEncryption": True,
        "EnableAtRestEncryption": False,
        "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": {"CertificateProviderType": "EMR"}},
    }
})  # fmt: skip


@pytest.mark.parametrize("text", [EMR_CERTIFICATES, f"'{EMR_CERTIFICATES}'"], ids=["object", "text"])
def test_a_cluster_is_checked_with_its_security_configuration(text):
    cluster = CLUSTER.replace("emr-7.14.0", "emr-7.10.0") + "      SecurityConfiguration: !Ref Security"
    (found,) = check(SECURITY % text, cluster, GROUPS)
    assert found.startswith("Cluster emr-security-configuration-release: release must support in-transit encryption")


def test_a_security_configuration_is_found_by_its_name():
    cluster = CLUSTER.replace("emr-7.14.0", "emr-7.10.0") + "      SecurityConfiguration: secure"
    found = check(SECURITY % EMR_CERTIFICATES, "      Name: secure\n", cluster, GROUPS)
    assert sorted(line.split(":")[0] for line in found) == [
        "Cluster emr-name-not-reference",
        "Cluster emr-security-configuration-release",
    ]
    assert check(SECURITY % EMR_CERTIFICATES, "      Name: other\n", cluster, GROUPS) == []
    assert check(SECURITY % EMR_CERTIFICATES, "      Name: !Ref Open\n", cluster, GROUPS) == []


def test_an_error_in_a_document_has_its_path():
    (found,) = check_template(parse("Resources:" + SECURITY % "{EncryptionConfiguration: {EnableSomething: true}}"))
    assert found.rule == "emr-unknown-setting"
    assert found.path == "Resources.Security.Properties.SecurityConfiguration.EncryptionConfiguration.EnableSomething"


def test_an_error_in_the_document_is_reported_at_the_security_configuration_only():
    cluster = CLUSTER + "      SecurityConfiguration: !Ref Security"
    (found,) = check(SECURITY % "{EncryptionConfiguration: {EnableSomething: true}}", cluster, GROUPS)
    assert found.startswith("Security emr-unknown-setting")


def test_rejects_a_document_that_is_not_json():
    (found,) = check(SECURITY % "'{'")
    assert found.startswith("Security emr-type: the security configuration must be valid JSON, got a text")


def test_numbers_and_booleans_in_a_document_may_be_text():
    imds = '{MinimumInstanceMetadataServiceVersion: "2", HttpPutResponseHopLimit: "1"}'
    assert check(SECURITY % f"{{InstanceMetadataServiceConfiguration: {imds}}}") == []


# Steps and nodes that are added

SUBMIT = "spark-submit, s3://company-jobs/a.py"
HIVE = "hive-script, -f, s3://company-jobs/a.q"
STEP = """
  Step:
    Type: AWS::EMR::Step
    Properties:
      JobFlowId: !Ref Cluster
      Name: step
      ActionOnFailure: %s
      HadoopJarStep: {Jar: command-runner.jar, Args: [%s]}
"""


def test_a_step_is_checked_with_its_cluster():
    cluster = CLUSTER + "      StepConcurrencyLevel: 2\n      Applications: [{Name: Spark}]"
    assert check(cluster, GROUPS, STEP % ("CONTINUE", SUBMIT)) == []
    assert check(cluster, GROUPS, STEP % ("CANCEL_AND_WAIT", SUBMIT)) == [
        "Step emr-step-concurrency-failure: action on failure of steps must be CONTINUE with a step concurrency level "
        "above 1, got CANCEL_AND_WAIT for step 'step'"
    ]
    (found,) = check(cluster, GROUPS, STEP % ("CONTINUE", HIVE))
    assert found.startswith("Step emr-step-application: hive-script of step 'step' requires Hive")


def test_a_step_of_another_cluster_is_not_checked_with_this_one():
    step = STEP.replace("!Ref Cluster", "j-1").replace("Name: step", "Name: !Ref Cluster")
    assert check(CLUSTER, GROUPS, step % ("CONTINUE", HIVE)) == []


def test_a_step_of_a_cluster_outside_the_template():
    (found,) = check(STEP.replace("!Ref Cluster", "j-1") % ("CONTINUE", "spark-submit s3://a/b.py"))
    assert found.startswith("Step emr-step-command-in-one-argument")


def test_many_added_steps_do_not_exceed_the_limit_of_one_request():
    cluster = CLUSTER + "      Applications: [{Name: Spark}]"
    steps = [(STEP % ("CONTINUE", SUBMIT)).replace("Step:", f"Step{number}:", 1) for number in range(120)]
    assert check(cluster, GROUPS, *steps) == []


MEMORY = """      Applications: [{Name: Spark}]
      Configurations:
        - Classification: spark-defaults
          ConfigurationProperties: {spark.executor.memory: 20g}
"""


def test_executors_fit_on_the_largest_nodes_that_the_template_adds():
    (found,) = check(CLUSTER, MEMORY, GROUPS)
    assert found.startswith("Cluster emr-spark-memory: executor memory in spark-defaults")
    (found,) = check(CLUSTER, MEMORY, GROUPS, ADDED % ("TASK", "a"))
    assert found.startswith("Added emr-spark-memory: executor memory in spark-defaults")
    assert check(CLUSTER, MEMORY, GROUPS, (ADDED % ("TASK", "a")).replace("m4.xlarge", "m4.4xlarge")) == []


ADDED = """
  Added:
    Type: AWS::EMR::InstanceGroupConfig
    Properties: {JobFlowId: !Ref Cluster, InstanceRole: %s, InstanceType: m4.xlarge, InstanceCount: 1, Name: %s}
"""


def test_an_added_group_is_checked_with_its_cluster():
    assert check(CLUSTER, GROUPS, ADDED % ("TASK", "more")) == []
    assert check(CLUSTER, masters(1), ADDED % ("TASK", "more")) == [
        "Added emr-task-without-core: task nodes require core nodes, which are missing"
    ]
    named = GROUPS + "        TaskInstanceGroups: [{Name: more, InstanceCount: 1, InstanceType: m4.xlarge}]"
    assert check(CLUSTER, named, ADDED % ("TASK", "more")) == [
        "Added emr-group-name-repeated: names of task instance groups must be unique, got 'more' 2 times"
    ]


def test_an_error_in_an_added_group_is_reported_once():
    assert [found.split(":")[0] for found in check(CLUSTER, GROUPS, ADDED % ("TASK", "x" * 300))] == [
        "Added emr-length"
    ]


def test_only_task_nodes_are_added():
    assert (
        "Added emr-added-group-role: an instance group added to a cluster must be a task group, got the role CORE"
        in check(ADDED % ("CORE", "more"))
    )


def test_a_studio_is_checked():
    (found,) = check("""
  Mapping:
    Type: AWS::EMR::StudioSessionMapping
    Properties:
      {StudioId: es-1, IdentityType: ROLE, IdentityName: a, SessionPolicyArn: "arn:aws:iam::111111111111:policy/a"}
""")
    assert found == "Mapping emr-enum: IdentityType must be one of USER, GROUP, got 'ROLE'"


# What a cluster refers to

ROLES = """
  Role: {Type: AWS::IAM::Role, Properties: {}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Policy: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Role], PolicyName: a}}
"""
REFERRING = CLUSTER.replace("JobFlowRole: profile", "JobFlowRole: !Ref Profile").replace(
    "    Properties", "    DependsOn: Policy\n    Properties"
)


def test_a_cluster_that_refers_to_its_profile():
    assert check(ROLES, REFERRING, GROUPS) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("!Ref Profile", "!Ref Role", "got 'Role', an AWS::IAM::Role"),
        ("DependsOn: Policy", "DependsOn: Polcy", "DependsOn must name a resource of the template, got 'Polcy'"),
        (
            "ServiceRole: role",
            "ServiceRole: !Ref Profile",
            "must be an IAM role, got 'Profile', an AWS::IAM::InstanceProfile",
        ),
        (
            "DependsOn: Policy",
            "DependsOn: Role",
            "a cluster must depend on the policies of its roles",
        ),
    ],
)
def test_a_cluster_that_refers_to_something_else(old, new, says):
    assert any(says in found for found in check(ROLES, REFERRING.replace(old, new), GROUPS))


def test_a_policy_may_name_the_cluster():
    policy = ROLES.replace("PolicyName: a", "PolicyName: !Ref Cluster")
    assert check(policy, REFERRING.replace("DependsOn: Policy", "DependsOn: Role"), GROUPS) == []


def test_cloudformation_keeps_a_cluster_alive_by_default():
    unspecified = GROUPS.replace("        KeepJobFlowAliveWhenNoSteps: true\n", "")
    idle = "      AutoTerminationPolicy: {IdleTimeout: 3600}"
    assert check(CLUSTER, unspecified) == check(CLUSTER, idle, unspecified) == []
    (found,) = check(CLUSTER, GROUPS.replace("NoSteps: true", "NoSteps: false"))
    assert found.startswith("Cluster emr-no-steps-no-keep-alive")


def test_rejects_infinite_nesting():
    template = parse(HEAD + "Resources:" + CLUSTER + GROUPS)
    configuration = template["Resources"]["Cluster"]["Properties"]["Configurations"] = []
    configuration.append({"Classification": "a", "Configurations": configuration})
    assert [found.message for found in check_template(template)] == ["the resource is nested too deeply"]


def test_what_a_cluster_already_violates_is_not_reported_again_for_an_added_group():
    group = "{InstanceCount: 1, InstanceType: m4.xlarge}"
    cluster = f"{CLUSTER}{GROUPS}        TaskInstanceGroups: [{', '.join([group] * 49)}]\n"
    added = """
  Group:
    Type: AWS::EMR::InstanceGroupConfig
    Properties:
      {JobFlowId: !Ref Cluster, InstanceRole: TASK, InstanceCount: 1, InstanceType: m4.xlarge}
"""
    found = check(cluster)
    assert [line for line in found if "task instance groups must be at most" in line]
    assert check(cluster, added) == found
