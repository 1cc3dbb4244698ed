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


def test_start_takes_little_time(tmp_path):
    import os
    import resource

    template = tmp_path / "cluster.json"
    nodes = {"InstanceCount": 1, "InstanceType": "m5.xlarge"}
    properties = {"Name": "x", "ReleaseLabel": "emr-7.5.0", "Instances": {"MasterInstanceGroup": nodes}}
    template.write_text(json.dumps({"Resources": {"Cluster": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}))
    # Installed packages are compiled.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for number in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        arguments = ["-m", "emr_constructs", "generate", str(template), "--output", str(tmp_path / str(number))]
        subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=environment, check=True, capture_output=True)
        times.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    # The first start compiles the modules.
    assert min(times[1:]) < 0.3
