"""Construct paths of findings in a cloud assembly without path metadata."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_emr

from emr_constructs.templates.construct_paths import construct_paths
from emr_constructs.templates.inputs import check_source, sources_in


def cluster(scope):
    group = aws_emr.CfnCluster.InstanceGroupConfigProperty(instance_count=2, instance_type="m7g.xlarge")
    instances = aws_emr.CfnCluster.JobFlowInstancesConfigProperty(
        keep_job_flow_alive_when_no_steps=True, master_instance_group=group
    )
    aws_emr.CfnCluster(
        scope,
        "Cluster",
        name="a",
        release_label="emr-7.14.0",
        instances=instances,
        job_flow_role="EMR_EC2_DefaultRole",
        service_role="EMR_DefaultRole",
    )


@pytest.fixture(scope="module", params=[True, False], ids=["with metadata", "without metadata"])
def assembly(request, tmp_path_factory):
    context = {"aws:cdk:enable-path-metadata": request.param, "aws:cdk:disable-path-metadata": not request.param}
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), context=context, analytics_reporting=False)
    stack = cdk.Stack(app, "Analytics")
    cluster(stack)
    cluster(cdk.NestedStack(stack, "Nested"))
    cluster(cdk.Stack(cdk.Stage(app, "Prod"), "Stack"))
    return app.synth().directory


def test_findings_name_constructs(assembly):
    found = {
        finding.construct
        for source in sources_in(assembly, str)
        for finding in check_source(source)
        if finding.rule == "emr-master-count"
    }
    assert found == {"Analytics/Cluster", "Analytics/Nested/Cluster", "Prod/Stack/Cluster"}


def test_a_template_of_an_assembly(assembly):
    (source,) = sources_in(f"{assembly}/Analytics.template.json", str)
    assert {finding.construct for finding in check_source(source)} == {"Analytics/Cluster"}


def test_metadata_in_the_manifest(tmp_path):
    metadata = {"/S/Cluster/Resource": [{"type": "aws:cdk:logicalId", "data": "C"}]}
    artifact = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "S.template.json"},
        "metadata": metadata,
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"S": artifact}}))
    assert construct_paths(tmp_path / "S.template.json") == {"C": "S/Cluster/Resource"}
    assert construct_paths(tmp_path / "Other.template.json") == {}


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        '{"artifacts": []}',
        '{"artifacts": {"a": 1}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "additionalMetadataFile": "../x", "properties": 1}}}',
        '{"artifacts": {"a": {"type": "aws:cloudformation:stack", "metadata": {"/a": [1, {"type": 1}], "b": 2}}}}',
    ],
)
def test_odd_manifests(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    assert construct_paths(tmp_path / "a.template.json") == {}
