"""Launch requests that a template publishes for other programs: checked, described and compared."""

from __future__ import annotations

import json

import pytest
from aws_cdk import aws_ssm as ssm

from emr_constructs import EmrRules, LaunchTemplate, Policies, RuleSet, acknowledge
from emr_constructs._core.launch_requests import REQUEST_IN_BUCKET, TEMPLATE_TAG
from emr_constructs.templates.checking import check_template
from emr_constructs.templates.descriptions import described_content
from emr_constructs.templates.updates import stack_update
from tests.policies.templates import group
from tests.tools import imported_vpc, new_stack, resources, synthesize

SPOT = RuleSet(Policies.instance_types("m6g.*", roles=["core"]), prefix="acme")


def request(core=None, **members):
    return {
        "Name": "nightly",
        "ReleaseLabel": "emr-7.14.0",
        "JobFlowRole": "${Profile}",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": {
            "Ec2SubnetId": "subnet-0123456789abcdef0",
            "KeepJobFlowAliveWhenNoSteps": True,
            "InstanceGroups": [
                group(InstanceRole="MASTER"),
                group(InstanceRole="CORE") if core is None else core,
            ],
        },
        "AutoTerminationPolicy": {"IdleTimeout": 3600},
        "Tags": [{"Key": TEMPLATE_TAG, "Value": "Test/Nightly 1"}],
        **members,
    }


def parameter(value, **more):
    text = value if isinstance(value, str) else json.dumps(value)
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::Sub": text}}, **more}


def template(value=None, **more):
    profile = {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": ["nodes"]}}
    return {"Resources": {"Profile": profile, "Request": parameter(value or request()), **more}}


def found(value=None, rules=None, **more):
    checked = rules.check if rules is not None else check_template
    return [(finding.rule, finding.path) for finding in checked(template(value, **more))]


BAD = request(group(InstanceRole="CORE", Market="SPOTT"))
PLACE = "Instances.InstanceGroups[1].Market"


class TestCheck:
    def test_a_request_that_emr_accepts(self):
        assert found() == []

    def test_a_request_in_a_parameter(self):
        assert found(BAD) == [("emr-enum", f"Resources.Request.Properties.Value.{PLACE}")]

    def test_a_connection_of_airflow(self):
        path = f"Resources.Request.Properties.Value.extra.{PLACE}"
        for extra in (BAD, json.dumps(BAD)):
            assert found({"conn_type": "emr", "extra": extra}) == [("emr-enum", path)]

    @pytest.mark.parametrize(
        ("kind", "properties", "path"),
        [
            ("AWS::SecretsManager::Secret", {"SecretString": json.dumps(BAD)}, "SecretString"),
            (
                REQUEST_IN_BUCKET,
                {"Create": json.dumps({"action": "PutObject", "parameters": {"Body": json.dumps(BAD)}})},
                "Create.parameters.Body",
            ),
            ("AWS::Lambda::Function", {"Environment": {"Variables": {"A": "b", "REQUEST": json.dumps(BAD)}}},
             "Environment.Variables.REQUEST"),
        ],
    )  # fmt: skip
    def test_other_places(self, kind, properties, path):
        other = {"Type": kind, "Properties": properties}
        assert found(Other=other) == [("emr-enum", f"Resources.Other.Properties.{path}.{PLACE}")]

    def test_values_of_the_template_in_the_text(self):
        bad = json.dumps(request(group(InstanceRole="CORE", InstanceCount=-1)))
        with_number = bad.replace('"InstanceCount": -1', '"InstanceCount": ${Count}')
        content = template(with_number)
        content["Parameters"] = {"Count": {"Type": "Number"}}
        assert check_template(content) == []
        content["Parameters"]["Count"]["Default"] = -1
        (finding,) = check_template(content)
        assert finding.path.endswith("InstanceGroups[1].InstanceCount")

    def test_references_to_other_resources(self):
        content = template(request(SecurityConfiguration="${Profile}"))
        (finding,) = check_template(content)
        assert finding.path == "Resources.Request.Properties.Value.SecurityConfiguration"
        assert "'Profile'" in finding.message

    @pytest.mark.parametrize(
        "value",
        [
            {**BAD, "Tags": [{"Key": "team", "Value": "data"}]},
            {name: member for name, member in BAD.items() if name != "Tags"},
            {**BAD, "Tags": [], "AdditionalInfo": f"about {TEMPLATE_TAG}"},
            {"Instances": "none", "Name": 1},
            f"not JSON, but about {TEMPLATE_TAG}",
            [BAD],
            {"Tags": TEMPLATE_TAG},
        ],
    )
    def test_other_texts_are_no_requests(self, value):
        assert found(value) == []

    def test_other_resources_are_not_searched(self):
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": json.dumps(BAD)}}
        assert found(Topic=topic) == []

    def test_a_request_that_is_published_again_is_reported_once(self):
        assert len(found(BAD, Again=parameter({"extra": BAD}))) == 1
        other = {**BAD, "Tags": [{"Key": TEMPLATE_TAG, "Value": "Test/Other 2"}]}
        assert len(found(BAD, Again=parameter(other))) == 2

    def test_a_resource_with_a_condition_hides_no_other(self):
        content = template(BAD, Again=parameter(BAD))
        content["Conditions"] = {"Never": {"Fn::Equals": ["a", "b"]}}
        content["Resources"]["Request"]["Condition"] = "Never"
        assert [finding.resource for finding in check_template(content)] == ["Again"]

    def test_is_acknowledged_in_metadata(self):
        metadata = {"emr-constructs": {"acknowledge": [{"id": "emr-enum", "reason": "a test"}]}}
        content = template(BAD)
        content["Resources"]["Request"]["Metadata"] = metadata
        assert check_template(content) == []


class TestRuleSets:
    def test_clusters_are_judged(self):
        path = "Resources.Request.Properties.Value.Instances.InstanceGroups[1].InstanceType"
        assert found(rules=SPOT) == [("acme-instance-types", path)]

    def test_the_environment_is_that_of_the_template(self):
        rules = RuleSet(Policies.encrypted(in_transit=False), Policies.ends_by_itself())
        document = {"EncryptionConfiguration": {"EnableAtRestEncryption": False}}
        security = {
            "Type": "AWS::EMR::SecurityConfiguration",
            "Properties": {"Name": "none", "SecurityConfiguration": document},
        }
        for name in ("none", "${Security}"):
            value = request(SecurityConfiguration=name)
            assert [rule for rule, _ in found(value, rules, Security=security)] == ["company-encrypted"]
        assert found(request(SecurityConfiguration="none"), rules) == []

    def test_functions_over_clusters(self):
        rules = RuleSet()

        @rules.rule("acme-names", statement="Names must be long.", fix="use a longer name")
        def names(cluster):
            assert not cluster.state_machine
            yield cluster.violation(f"name must be long, got {cluster.name}", member="Name")

        assert found(rules=rules) == [("acme-names", "Resources.Request.Properties.Value.Name")]


class TestDescriptions:
    def test_a_cluster(self):
        (cluster,) = described_content(template(Again=parameter({"extra": request()}))).clusters
        assert (cluster.cluster, cluster.name) == ("Request", "nightly")
        assert [nodes.title for nodes in cluster.nodes] == ["primary", "core"] or len(cluster.nodes) == 2
        assert cluster.terminates == "after 1 hour idle"

    def test_several_requests_of_a_resource(self):
        variables = {name: json.dumps(request(Name=name)) for name in ("DAILY", "WEEKLY")}
        function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": variables}}}
        content = {"Resources": {"Function": function}}
        assert [cluster.cluster for cluster in described_content(content).clusters] == [
            "Function, Environment.Variables.DAILY",
            "Function, Environment.Variables.WEEKLY",
        ]

    def test_a_request_that_a_condition_removes(self):
        content = template()
        content["Conditions"] = {"Never": {"Fn::Equals": ["a", "b"]}}
        content["Resources"]["Request"]["Condition"] = "Never"
        assert described_content(content).clusters == ()


class TestUpdates:
    def test_changes_apply_to_later_clusters(self):
        old, new = template(Again=parameter({"extra": request()})), template(
            request(ReleaseLabel="emr-7.5.0"), Again=parameter({"extra": request(ReleaseLabel="emr-7.5.0")})
        )  # fmt: skip
        (update,) = stack_update(old, new).resources
        assert (update.resource, update.kind) == ("Request", "AWS::SSM::Parameter")
        assert [str(change) for change in update.changes] == ["Value.ReleaseLabel: emr-7.14.0 -> emr-7.5.0"]
        assert "running clusters aren't affected" in update.consequences[0]
        assert stack_update(old, old).resources == ()


class TestConstructs:
    def test_findings_and_their_acknowledgment(self):
        stack = new_stack()
        launch = LaunchTemplate(stack, "Nightly", vpc=imported_vpc(stack))
        launch.publish_to_airflow("emr_nightly")
        launch.publish_to_parameter("/emr/nightly")
        ssm.StringParameter(stack, "Foreign", string_value="x")
        acknowledge(stack, "acme-instance-types", reason="m6g is gone")
        content = synthesize(stack)
        assert SPOT.check(content) == []
        parameters = resources(content, "AWS::SSM::Parameter")
        marked = {name for name, resource in parameters.items() if "emr-constructs" in resource.get("Metadata", {})}
        assert len(marked) == 2
        assert all(name.startswith("Nightly") for name in marked)
        for resource in content["Resources"].values():
            resource.get("Metadata", {}).pop("emr-constructs", None)
        (finding,) = SPOT.check(content)
        assert finding.path.endswith(".Value.extra.Instances.InstanceGroups[1].InstanceType")

    def test_the_plugin_reads_them(self, tmp_path):
        path = tmp_path / "Test.template.json"
        path.write_text(json.dumps(template(BAD)))
        assert [finding.rule for finding in EmrRules()._findings(path)] == ["emr-enum"]
