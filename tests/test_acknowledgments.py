"""Findings that a user accepts: in constructs, in templates and on the command line."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest
from constructs import Construct

import emr_constructs as emr
from emr_constructs.rules import all_rules
from emr_constructs.rules.acknowledgments import CONSTRUCT_WARNINGS
from emr_constructs.templates.checking import check_template
from tests.cli.tools import changed, run
from tests.tools import PROJECT, imported_key, imported_vpc, new_app, new_stack, synthesize, warnings

SHORT = emr.Termination.when_idle(cdk.Duration.seconds(30))
WHY = "AWS raised the limit for this account"
MASTER = "MasterInstanceGroup: {InstanceCount: 1"
TWO = "MasterInstanceGroup: {InstanceCount: 2"


def cluster(scope, **options):
    stack = cdk.Stack.of(scope)
    vpc = stack.node.try_find_child("Vpc") or imported_vpc(stack)
    return emr.Cluster(scope, "Cluster", vpc=vpc, applications=["Spark"], **options)


class TestConstructs:
    def test_an_error_that_is_not_acknowledged_is_raised(self):
        with pytest.raises(emr.EmrError, match=r"idle timeout must be .*, got 30; .* \[emr-idle-timeout\]"):
            cluster(new_stack(), termination=SHORT)

    @pytest.mark.parametrize("level", ["app", "stack", "parent"])
    def test_an_error_that_a_parent_acknowledges_is_not_raised(self, level):
        stack = new_stack()
        parent = cdk.Stack.of(stack) if level != "parent" else emr_parent(stack)
        scopes = {"app": stack.node.root, "stack": stack, "parent": parent}
        emr.acknowledge(scopes[level], "emr-idle-timeout", reason=WHY)
        made = cluster(parent, termination=SHORT)
        assert made.run_job_flow_request["AutoTerminationPolicy"] == {"IdleTimeout": 30}

    def test_a_sibling_or_a_construct_with_a_similar_name_does_not_acknowledge(self):
        stack = new_stack()
        emr.acknowledge(emr_parent(stack, "Par"), "emr-idle-timeout", reason=WHY)
        with pytest.raises(emr.EmrError, match="emr-idle-timeout"):
            cluster(emr_parent(stack, "Parent"), termination=SHORT)

    def test_another_app_does_not_acknowledge(self):
        emr.acknowledge(new_stack(), "emr-idle-timeout", reason=WHY)
        with pytest.raises(emr.EmrError, match="emr-idle-timeout"):
            cluster(new_stack(), termination=SHORT)

    def test_other_errors_are_raised(self):
        stack = new_stack()
        emr.acknowledge(stack, "emr-idle-timeout", reason=WHY)
        with pytest.raises(emr.EmrError) as error:
            cluster(stack, termination=SHORT, step_concurrency_level=300)
        assert [finding.rule for finding in error.value.findings] == ["emr-step-concurrency"]

    def test_added_parts_are_checked_and_acknowledged(self):
        stack = new_stack()
        made = cluster(stack, termination=emr.Termination.manual())
        group = emr.InstanceGroup("t2.micro")
        with pytest.raises(emr.EmrError, match="emr-instance-type-unsupported"):
            made.add_task_group(group)
        emr.acknowledge(made, "emr-instance-type-unsupported", reason=WHY)
        made.add_task_group(group)

    def test_a_security_configuration(self):
        stack = new_stack()
        with pytest.raises(emr.EmrError, match="emr-imds-hop-limit"):
            emr.SecurityConfiguration(stack, "A", encryption_key=imported_key(stack), imds_hop_limit=65)
        emr.acknowledge(stack, "emr-imds-hop-limit", reason=WHY)
        emr.SecurityConfiguration(stack, "B", encryption_key=imported_key(stack, "Other"), imds_hop_limit=65)

    def test_warnings_are_not_added(self):
        stack = new_stack()
        emr.acknowledge(stack, "emr-idle-not-on-yarn", reason="Spark jobs keep it busy")
        made = emr.Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=["Spark", "Trino"])
        assert not [text for text in warnings(made) if "emr-idle-not-on-yarn" in text]

    @pytest.mark.skipif(not hasattr(cdk, "Validations"), reason="requires an aws-cdk-lib with Validations")
    def test_the_validation_plugin_and_warnings_of_constructs_are_acknowledged(self, capfd):
        app = new_app(validate=True)
        cdk.Validations.of(app).add_plugins(emr.EmrRules())
        stack = cdk.Stack(app, "Test")
        rules = ("emr-idle-timeout", "emr-step-after-idle", "emr-untagged-subnets", "emr-added-to-ending-cluster")
        for rule in rules:
            emr.acknowledge(stack, rule, reason=WHY)
        made = cluster(stack, termination=SHORT)
        made.add_step(emr.Step.spark("Nightly", script=emr.Script.from_uri("s3://jobs/nightly.py")))
        app.synth()
        assert "emr-" not in capfd.readouterr().err

    def test_the_template_carries_the_acknowledgment(self):
        stack = new_stack()
        emr.acknowledge(stack, "emr-idle-timeout", reason=WHY)
        emr.acknowledge(stack, "emr-step-after-idle", reason="steps are never changed")
        cluster(stack, termination=SHORT)
        template = synthesize(stack)
        assert "emr-idle-timeout" not in {finding.rule for finding in check_template(template)}
        marked = {
            resource["Type"]: resource["Metadata"]["emr-constructs"]
            for resource in template["Resources"].values()
            if "emr-constructs" in resource.get("Metadata", {})
        }
        # Warnings of constructs are no findings in a template.
        assert marked["AWS::EMR::Cluster"] == {"acknowledge": [{"id": "emr-idle-timeout", "reason": WHY}]}
        assert all(kind.startswith("AWS::EMR::") for kind in marked)

    @pytest.mark.parametrize(
        ("rule", "reason", "message"),
        [
            ("emr-idle-timeot", WHY, "id must be the ID of a rule, got 'emr-idle-timeot'; use emr-idle-timeout"),
            ("emr-idle-timeout", " ", "reason must be a non-empty string, got ' '; state why the finding is accepted"),
            (5, WHY, "rule must be a string, got 5"),
        ],
    )
    def test_rejects_what_is_no_acknowledgment(self, rule, reason, message):
        with pytest.raises(emr.EmrError, match=message) as error:
            emr.acknowledge(new_stack(), rule, reason=reason)
        assert error.value.path == "Test"

    def test_rejects_what_is_no_construct(self):
        with pytest.raises(emr.EmrError, match="scope must be a construct, got 'Test'"):
            emr.acknowledge("Test", "emr-idle-timeout", reason=WHY)

    def test_rules_of_others_are_accepted(self):
        emr.acknowledge(new_stack(), "acme-cost-center", reason=WHY)

    def test_every_warning_of_a_construct_can_be_acknowledged(self):
        modules = [path for path in (PROJECT / "emr_constructs").rglob("*.py") if "rules" not in path.parts]
        text = "".join(path.read_text() for path in modules)
        ids = set(re.findall(r'^ +f?"(emr-[a-z0-9-]+)",$', text, re.MULTILINE))
        assert {"emr-step-after-idle", "emr-not-encrypted-in-transit", "emr-role-trust"} <= ids
        assert ids <= CONSTRUCT_WARNINGS | {rule.id for rule in all_rules()}


def emr_parent(stack, name="Parent"):
    return Construct(stack, name)


class TestTemplates:
    def template(self, *acknowledgments):
        properties = {
            "Name": "analytics",
            "ReleaseLabel": "emr-7.14.0",
            "JobFlowRole": "EMR_EC2_DefaultRole",
            "ServiceRole": "EMR_DefaultRole",
            "Applications": [{"Name": "Spark"}],
            "Instances": {
                "Ec2SubnetId": "subnet-0123456789abcdef0",
                "MasterInstanceGroup": {"InstanceCount": 2, "InstanceType": "m7g.xlarge"},
            },
        }
        metadata = {"emr-constructs": {"acknowledge": list(acknowledgments)}}
        cluster = {"Type": "AWS::EMR::Cluster", "Metadata": metadata, "Properties": properties}
        return {"Resources": {"Cluster": cluster, "Other": {**cluster, "Metadata": {}}}}

    def test_only_the_resource_with_the_metadata_acknowledges(self):
        found = check_template(self.template({"id": "emr-master-count", "reason": "two nodes"}))
        assert [(finding.rule, finding.resource) for finding in found] == [("emr-master-count", "Other")]

    @pytest.mark.parametrize(
        ("acknowledgment", "rule", "path"),
        [
            ({"id": "emr-master-count"}, "emr-missing-property", "acknowledge[0]"),
            ({"id": "emr-master-cuont", "reason": "a"}, "emr-acknowledgment", "acknowledge[0]"),
            ({"id": "emr-master-count", "reason": ""}, "emr-acknowledgment", "acknowledge[0]"),
            ("emr-master-count", "emr-type", ""),
        ],
    )
    def test_an_acknowledgment_that_is_not_valid_is_an_error(self, acknowledgment, rule, path):
        found = [finding for finding in check_template(self.template(acknowledgment)) if finding.resource == "Cluster"]
        assert {finding.rule for finding in found} == {"emr-master-count", rule}
        (finding,) = [finding for finding in found if finding.rule == rule]
        assert finding.path.startswith(f"Resources.Cluster.Metadata.emr-constructs.{path}".rstrip("."))

    def test_other_metadata_is_ignored(self):
        template = self.template()
        template["Resources"]["Cluster"]["Metadata"] = {"Comment": "text"}
        template["Resources"]["Other"]["Metadata"] = "text"
        assert {finding.rule for finding in check_template(template)} == {"emr-master-count"}


class TestCommandLine:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        changed(tmp_path, MASTER, TWO)
        return tmp_path

    def configure(self, folder, text, name="pyproject.toml"):
        (folder / name).write_text(f"[project]\nname = 'a'\n[[tool.emr-constructs.acknowledge]]\n{text}\n")

    def test_without_a_configuration(self, folder):
        assert run("check", "changed.yaml").exit_code == 1

    def test_pyproject(self, folder):
        self.configure(folder, "id = 'emr-master-count'\nreason = 'two nodes'")
        assert run("check", "changed.yaml").exit_code == 0
        (folder / "inside").mkdir()
        assert run("check", folder / "changed.yaml").exit_code == 0

    @pytest.mark.parametrize(("pattern", "code"), [("changed.*", 0), ("*.yaml", 0), ("cdk.out/*", 1)])
    def test_only_some_files(self, folder, pattern, code):
        self.configure(folder, f"id = 'emr-master-count'\nreason = 'a'\nfiles = ['{pattern}']")
        assert run("check", "changed.yaml").exit_code == code

    def test_another_file(self, folder):
        self.configure(folder, "id = 'emr-master-count'\nreason = 'two nodes'", "emr.toml")
        assert run("check", "changed.yaml").exit_code == 1
        assert run("check", "changed.yaml", "--config", "emr.toml").exit_code == 0

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("id = 'emr-master-cuont'\nreason = 'a'", "got 'emr-master-cuont'; use emr-master-count"),
            ("id = 'emr-master-count'", "lacks reason"),
            ("id = 'emr-master-count'\nreason = 'a'\nrule = 'b'", "has no 'rule'"),
        ],
    )
    def test_a_table_that_is_not_valid(self, folder, text, message):
        self.configure(folder, text)
        result = run("check", "changed.yaml")
        assert result.exit_code == 2
        assert message in result.output
        assert "tool.emr-constructs" in result.output

    @pytest.mark.parametrize("content", ["[tool", None])
    def test_a_file_that_cannot_be_read(self, folder, content):
        if content:
            (folder / "emr.toml").write_text(content)
        result = run("check", "changed.yaml", "--config", "emr.toml")
        assert result.exit_code == 2
        assert "emr.toml: the configuration must be a TOML file" in result.output

    @pytest.mark.parametrize("content", ["[tool", "tool = 5", "[tool]\nother = 1"])
    def test_the_file_of_other_tools(self, folder, content):
        (folder / "pyproject.toml").write_text(content)
        assert run("check", "changed.yaml").exit_code == 1

    def test_json_has_no_acknowledged_finding(self, folder):
        self.configure(folder, "id = 'emr-master-count'\nreason = 'a'")
        found = json.loads(run("check", "changed.yaml", "--format", "json").output)
        assert found["findings"] == []
