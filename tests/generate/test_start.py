"""Printing starts neither CDK nor Node."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.generate.definitions import made
from tests.tools import PROJECT

CODE = """
import json, sys
from emr_constructs.generate.code import Call
from emr_constructs.generate.context import Context
from emr_constructs.generate.definition import cluster_options
from emr_constructs.generate.layout import layout
from emr_constructs.generate.security_configuration import security_configuration_options

class References(Context):
    def reference(self, value):
        return Call("ref")

options = [cluster_options(request, References()) for request in json.load(sys.stdin)]
text = layout(Call("f", [Call("g", (), found) for found in options]))
security_configuration_options({"EncryptionConfiguration": {}}, References())
print(json.dumps([sorted(sys.modules), "emr.Step.spark" in text and "emr.Configuration.glue_data_catalog" in text]))
"""


def test_cdk_is_not_loaded():
    requests = [definition._render() for definition in map(made, range(9)) if definition is not None]
    requests[0]["Steps"] = [
        {
            "Name": "Job",
            "HadoopJarStep": {
                "Jar": "command-runner.jar",
                "Args": ["spark-submit", "--deploy-mode", "cluster", "s3://bucket/job.py"],
            },
        }
    ]
    client = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
    requests[0]["Configurations"] = [
        {"Classification": "hive-site", "Properties": {"hive.metastore.client.factory.class": client}}
    ]
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=True,
    )
    modules, has_factories = json.loads(run.stdout)
    assert has_factories
    assert not {"aws_cdk", "constructs", "jsii"} & set(modules)
