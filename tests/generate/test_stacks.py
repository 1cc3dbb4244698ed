"""Stacks of small templates, which are synthesized together: what each of them is about comes first."""

from __future__ import annotations

import copy
from functools import cache

import pytest

from emr_constructs.templates.inputs import Source
from tests.generate.apps import differences, generated
from tests.tools import new_app

CLUSTER = {
    "Type": "AWS::EMR::Cluster",
    "Properties": {
        "Name": "x",
        "ReleaseLabel": "emr-7.5.0",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": {
            "Ec2SubnetId": "subnet-0123456789abcdef0",
            "MasterInstanceGroup": {"InstanceCount": 1, "InstanceType": "m5.xlarge"},
        },
    },
}
FLEET = {"TargetOnDemandCapacity": 1, "InstanceTypeConfigs": [{"InstanceType": "m5.xlarge"}]}
TWO_SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
OUTPUT = {"Id": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "cluster"}}}
NAMES_OF_PYTHON = ("self", "Emr", "cdk", "class", "Scope", "included", "print", "Profile", "Cluster2", "1st")
ARN = "arn:${AWS::Partition}:iam::${AWS::AccountId}"


def cluster(instances=(), **properties):
    found = copy.deepcopy(CLUSTER)
    found["Properties"] |= properties
    found["Properties"]["Instances"] |= dict(instances)
    return found


def without_subnet(**instances):
    found = cluster(instances)
    del found["Properties"]["Instances"]["Ec2SubnetId"]
    return found


def fleets(**instances):
    found = without_subnet(MasterInstanceFleet=FLEET, **instances)
    del found["Properties"]["Instances"]["MasterInstanceGroup"]
    return found


TEMPLATES = {
    "a_cluster": {"Resources": {"Cluster": CLUSTER}},
    "a_condition": {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
        "Resources": {"Cluster": {**CLUSTER, "Condition": "IsDev"}},
        "Outputs": {"Id": {"Value": {"Ref": "Cluster"}, "Condition": "IsDev"}},
    },
    "an_imported_release": {"Resources": {"Cluster": cluster(ReleaseLabel={"Fn::ImportValue": "Release"})}},
    "a_created_role": {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Cluster": CLUSTER,
            "Function": {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.12"}},
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": "steps",
                    "Roles": [{"Ref": "FunctionRole"}],
                    "PolicyDocument": {"Statement": [{"Resource": {"Fn::Sub": "${Cluster}-${FunctionRole.Arn}"}}]},
                },
            },
        },
        "Outputs": {"Role": {"Value": {"Fn::GetAtt": ["FunctionRole", "Arn"]}}},
    },
    "imported_markets": {
        "Resources": {
            "Cluster": cluster(
                {
                    "CoreInstanceGroup": {
                        "InstanceCount": 1,
                        "InstanceType": "m5.xlarge",
                        "Market": {"Fn::ImportValue": "Market"},
                    },
                    "TaskInstanceGroups": [
                        {
                            "Name": name,
                            "InstanceCount": 1,
                            "InstanceType": "m5.xlarge",
                            "Market": {"Fn::ImportValue": name},
                        }
                        for name in ("First", "Second")
                    ],
                }
            ),
            "Tasks": {
                "Type": "AWS::EMR::InstanceGroupConfig",
                "Properties": {
                    "JobFlowId": {"Ref": "Cluster"},
                    "InstanceRole": "TASK",
                    "InstanceType": "m5.xlarge",
                    "InstanceCount": 1,
                    "Market": {"Fn::ImportValue": "Market"},
                },
            },
        }
    },
    "imported_flag_of_a_document": {
        "Resources": {
            "Cluster": cluster(SecurityConfiguration={"Ref": "Security"}),
            "Security": {
                "Type": "AWS::EMR::SecurityConfiguration",
                "Properties": {
                    "SecurityConfiguration": {
                        "EncryptionConfiguration": {
                            "EnableInTransitEncryption": False,
                            "EnableAtRestEncryption": {"Fn::ImportValue": "Encrypt"},
                        }
                    }
                },
            },
        }
    },
    "arguments_that_are_no_files": {
        "Parameters": {
            "Jar": {"Type": "String", "Default": "command-runner.jar"},
            "Mode": {"Type": "String", "Default": "--deploy-mode"},
            "File": {"Type": "String", "Default": "/usr/lib/spark/examples/jars/spark-examples.jar"},
        },
        "Resources": {
            "Cluster": cluster(
                Applications=[{"Name": "Spark"}],
                Steps=[
                    {
                        "Name": "first",
                        "ActionOnFailure": "CONTINUE",
                        "HadoopJarStep": {"Jar": {"Ref": "Jar"}, "Args": ["spark-submit", "s3://jobs/job.py"]},
                    },
                    {
                        "Name": "second",
                        "ActionOnFailure": "CONTINUE",
                        "HadoopJarStep": {
                            "Jar": "command-runner.jar",
                            "Args": ["spark-submit", {"Ref": "Mode"}, "cluster", "--class", "A", {"Ref": "File"}],
                        },
                    },
                    {"Name": "third", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": {"Ref": "File"}}},
                ],
            )
        },
    },
    "lookups": {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Mappings": {
            "Sizes": {"dev": {"Nodes": 2, "Type": "m5.xlarge"}, "live": {"Nodes": "6", "Type": "m5.2xlarge"}},
            "Amis": {"us-east-1": {"Id": "ami-0123456789abcdef0"}},
        },
        "Resources": {
            "Cluster": cluster(
                {
                    "CoreInstanceGroup": {
                        "InstanceCount": {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Nodes"]},
                        "InstanceType": {"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Type"]},
                    }
                },
                CustomAmiId={"Fn::FindInMap": ["Amis", {"Ref": "AWS::Region"}, "Id"]},
                LogUri={"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Logs", {"DefaultValue": "s3://logs/"}]},
            )
        },
    },
    "outputs": {"Description": "Reports", "Resources": {"Cluster": CLUSTER}, "Outputs": OUTPUT},
    "one_profile": {"Resources": {"Daily": CLUSTER, "Weekly": cluster(Name="y")}},
    "two_profiles": {"Resources": {"Daily": CLUSTER, "Weekly": cluster(LogUri="s3://logs/")}},
    "no_subnet": {"Resources": {"Cluster": without_subnet()}},
    "no_subnet_of_fleets": {"Resources": {"Cluster": fleets()}},
    "subnets_of_groups": {"Resources": {"Cluster": without_subnet(Ec2SubnetIds=TWO_SUBNETS)}},
    "one_subnet_of_fleets": {"Resources": {"Cluster": fleets(Ec2SubnetId=TWO_SUBNETS[0])}},
    "zone": {"Resources": {"Cluster": without_subnet(Placement={"AvailabilityZone": "eu-west-1a"})}},
    "roles_by_arn": {
        "Resources": {
            "Cluster": cluster(
                ServiceRole={"Fn::Sub": f"{ARN}:role/EMR_DefaultRole"},
                JobFlowRole={"Fn::Sub": f"{ARN}:instance-profile/nodes"},
                AutoScalingRole="arn:aws:iam::111111111111:role/path/scaling",
            )
        }
    },
    "groups": {
        "Resources": {
            "Cluster": cluster(
                {
                    "EmrManagedMasterSecurityGroup": "sg-0123456789abcdef0",
                    "EmrManagedSlaveSecurityGroup": "sg-0123456789abcdef1",
                    "ServiceAccessSecurityGroup": {"Fn::ImportValue": "ServiceAccess"},
                    "AdditionalSlaveSecurityGroups": ["sg-0123456789abcdef2", {"Fn::ImportValue": "Group"}],
                }
            )
        }
    },
    "names_of_python": {
        "Parameters": {name: {"Type": "String", "Default": name} for name in NAMES_OF_PYTHON},
        "Resources": {
            "emr": cluster(
                Name={"Fn::Sub": "".join(f"${{{name}}}" for name in NAMES_OF_PYTHON)},
                Tags=[{"Key": "first", "Value": {"Ref": "1st"}}],
            ),
        },
    },
    "a_log_key": {
        "Resources": {
            "Cluster": cluster(LogUri="s3://logs/a", LogEncryptionKmsKeyId="arn:aws:kms:eu-west-1:111111111111:key/1")
        }
    },
    "the_tag_of_the_managed_policy": {
        "Resources": {
            "Cluster": cluster(
                Tags=[
                    {"Key": "team", "Value": "reports"},
                    {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"},
                ]
            )
        }
    },
}


@cache
def results():
    app = new_app()
    found = {name: generated(Source(f"{name}.json", "", template)) for name, template in TEMPLATES.items()}
    for name, result in found.items():
        result.construct(app, name.replace("_", "-"))
    assembly = app.synth()
    return {
        name: (result, assembly.get_stack_by_name(name.replace("_", "-")).template) for name, result in found.items()
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_launches_the_same(name):
    result, template = results()[name]
    assert differences(result.requests(), result.rendered(template)) == {}
    assert template["Resources"].keys() - {"CDKMetadata"} == TEMPLATES[name]["Resources"].keys()


def source(name):
    result, _ = results()[name]
    (text,) = (text for file, text in result.files.items() if file.endswith("_stack.py"))
    return text


def test_a_template_without_other_resources_is_not_included():
    included = {name for name, (result, _) in results().items() if result.stack.included is not None}
    assert included == {"a_condition", "a_created_role"}
    assert results()["outputs"][1]["Outputs"] == OUTPUT


def test_conditions_of_resources_stay():
    _, template = results()["a_condition"]
    assert template["Resources"]["Cluster"]["Condition"] == "IsDev"
    assert template["Conditions"]["IsDev"] == {"Fn::Equals": ["dev", "dev"]}
    assert template["Outputs"]["Id"]["Condition"] == "IsDev"


def test_an_unknown_release_label_is_left_to_do():
    result, _ = results()["an_imported_release"]
    assert "TODO: specify release_label, which is only known at deployment" in result.stack.todos


def test_what_a_macro_creates_can_be_referred_to():
    _, template = results()["a_created_role"]
    policy = template["Resources"]["Policy"]["Properties"]
    assert policy["Roles"] == [{"Ref": "FunctionRole"}]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == {"Fn::Sub": "${Cluster}-${FunctionRole.Arn}"}
    assert template["Outputs"]["Role"]["Value"] == {"Fn::GetAtt": ["FunctionRole", "Arn"]}


def test_clusters_share_a_profile_where_they_can():
    assert source("one_profile").count("emr.ClusterProfile(") == 1
    assert source("two_profiles").count("emr.ClusterProfile(") == 2


@pytest.mark.parametrize(("name", "number"), [("a_cluster", 1), ("no_subnet", 2), ("groups", 0)])
def test_what_is_left_to_do_about_the_network(name, number):
    result, _ = results()[name]
    assert len(result.stack.todos) == number, result.stack.todos


def test_no_part_is_written_that_says_the_default():
    calls = [line.strip() for line in source("a_log_key").splitlines() if line.strip().startswith("_resource(")]
    assert calls == ['_resource(cluster).override_logical_id("Cluster")']
    assert "managed_policy_tag" not in source("the_tag_of_the_managed_policy")
    assert "managed_policy_tag=False" in source("a_cluster")


def test_what_the_constructs_lack_is_a_property():
    assert '"Instances.Placement", {"AvailabilityZone": "eu-west-1a"}' in source("zone")


UNSAID = {"Resources": {"Cluster": cluster(Colour="red", VisibleToAllUsers=False)}}


def test_what_cannot_be_said_is_a_comment():
    result = generated(Source("unsaid.json", "", UNSAID))
    assert any("Colour" in todo and '"red"' in todo for todo in result.stack.todos)
    assert '# TODO: Colour has no counterpart: "red"' in result.files["unsaid_stack.py"]


def test_macros_are_noted():
    template = {"Transform": ["Custom"], "Resources": {"Cluster": CLUSTER}}
    result = generated(Source("macro.json", "", template))
    assert "TODO: the macro Custom can change all resources, also those of constructs" in result.stack.todos
    assert result.stack.included["Transform"] == ["Custom"]
