"""Code is written as a person would write it."""

from __future__ import annotations

import ast

import pytest

from emr_constructs.generate.code import Name, joined
from emr_constructs.generate.configurations import configurations
from emr_constructs.generate.definition import cluster_options
from emr_constructs.generate.instance_fleets import instance_fleet
from emr_constructs.generate.instance_groups import instance_group
from emr_constructs.generate.layout import layout
from emr_constructs.generate.scripts import bootstrap_action
from emr_constructs.generate.steps import step
from tests.generate.tools import References, printed

GROUP = {
    "InstanceRole": "CORE",
    "Name": "Core",
    "InstanceType": "m7g.xlarge",
    "InstanceCount": 2,
    "Market": "ON_DEMAND",
}
METASTORE = {
    "hive.metastore.client.factory.class": "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
}


def normal(source):
    """An expression in one layout."""
    return ast.unparse(ast.parse(source, mode="eval"))


def line(printer, raw):
    """What a printer writes."""
    context = References()
    text = normal(layout(printer(raw, context)))
    assert context.todos == []
    return text


def command(*args, name="Step", action="CONTINUE", jar="command-runner.jar", **more):
    """A step with arguments."""
    return {"Name": name, "ActionOnFailure": action, "HadoopJarStep": {"Jar": jar, "Args": list(args), **more}}


SCRIPT = 'script=emr.Script.from_uri("s3://bucket/job.py")'


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (
            command("spark-submit", "--deploy-mode", "cluster", "--conf=spark.executor.cores=4", "s3://bucket/job.py"),
            f'emr.Step.spark("Step", {SCRIPT}, conf={{"spark.executor.cores": 4}})',
        ),
        (
            command("spark-submit", "--deploy-mode", "client", "s3://bucket/job.py", "a b", action="CANCEL_AND_WAIT"),
            f'emr.Step.spark("Step", {SCRIPT}, args=["a b"], deploy_mode="client", '
            "action_on_failure=emr.ActionOnFailure.CANCEL_AND_WAIT)",
        ),
        (
            # Other forms of the same options are a command.
            command("spark-submit", "--deploy-mode", "cluster", "--conf", "a=b", "s3://bucket/job.py"),
            'emr.Step.custom("Step", command=["spark-submit", "--deploy-mode", "cluster", "--conf", "a=b", '
            '"s3://bucket/job.py"])',
        ),
        (
            command("hive", "-f", "s3://bucket/job.q", "-dDAY=1"),
            'emr.Step.hive("Step", script=emr.Script.from_uri("s3://bucket/job.q"), variables={"DAY": 1})',
        ),
        (
            command("s3-dist-cp", "--src=hdfs:///a", "--dest=s3://b/c", "--srcPattern=.*", "--deleteOnSuccess"),
            'emr.Step.s3_dist_cp("Step", src="hdfs:///a", dest="s3://b/c", src_pattern=".*", delete_on_success=True)',
        ),
        (
            command("hdfs", "dfsadmin", "-report", action="TERMINATE_JOB_FLOW"),
            'emr.Step.custom("Step", command=["hdfs", "dfsadmin", "-report"], '
            "action_on_failure=emr.ActionOnFailure.TERMINATE_CLUSTER)",
        ),
        (
            command(
                "a", jar="s3://bucket/a.jar", MainClass="com.example.Main", Properties=[{"Key": "b", "Value": "c"}]
            ),
            'emr.Step.jar("Step", jar=emr.Script.from_uri("s3://bucket/a.jar"), args=["a"], '
            'main_class="com.example.Main", properties={"b": "c"})',
        ),
        (
            command("a", MainClass="com.example.Main"),
            'emr.Step("Step", jar_file="command-runner.jar", arguments=["a"], main_class="com.example.Main", '
            "action_on_failure=emr.ActionOnFailure.CONTINUE)",
        ),
        (
            command("a", jar="/usr/lib/spark/a.jar"),
            'emr.Step.jar("Step", jar=emr.Script.on_node("/usr/lib/spark/a.jar"), args=["a"])',
        ),
        (
            command("spark-submit", "file:///a.py"),
            'emr.Step.spark("Step", script=emr.Script.from_uri("file:///a.py"), deploy_mode=None)',
        ),
        (
            {**command("hdfs", "version"), "ActionOnFailure": None},
            'emr.Step.custom("Step", command=["hdfs", "version"], action_on_failure=None)',
        ),
    ],
)
def test_steps(raw, text):
    assert line(step, raw) == normal(text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ([{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}}],
         "[emr.SparkConfigurations.maximize_resource_allocation()]"),
        ([{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "false"}}],
         '[emr.Configuration("spark", {"maximizeResourceAllocation": False})]'),
        ([{"Classification": "hive-site", "Properties": METASTORE},
          {"Classification": "spark-hive-site", "Properties": METASTORE}],
         "[emr.Configuration.glue_data_catalog(emr.Application.HIVE, emr.Application.SPARK)]"),
        ([{"Classification": "hive-site", "Properties": METASTORE}],
         "[emr.Configuration.glue_data_catalog(emr.Application.HIVE)]"),
        ([{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}, "Configurations": []}],
         '[emr.Configuration("spark", {"maximizeResourceAllocation": True}, configurations=[])]'),
        ([{"Classification": "hadoop-env", "Properties": {}, "Configurations": [
            {"Classification": "export", "Properties": {"A": "1"}}]}],
         '[emr.Configuration("hadoop-env", {}, configurations=[emr.Configuration("export", {"A": 1})])]'),
        ([{"Classification": "hadoop-env", "Configurations": [
            {"Classification": "export", "Properties": {"HADOOP_HEAPSIZE": "4096", "A": "012", "B": {"Ref": "X"}}}]}],
         '[emr.Configuration.environment("hadoop-env", {"HADOOP_HEAPSIZE": 4096, "A": "012", '
         '"B": ref(\'{"Ref": "X"}\')})]'),
        ([{"Classification": "iceberg-defaults", "Properties": {"iceberg.enabled": "true"}},
          {"Classification": "spark-defaults", "Properties": {
              "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
              "spark.sql.catalog.lake.warehouse": "s3://bucket/lake/",
              "spark.sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
              "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"}}],
         '[emr.SparkConfigurations.table_formats(emr.TableFormat.iceberg(catalog="lake", '
         'warehouse="s3://bucket/lake/"))]'),
        ([{"Classification": "livy-conf", "Properties": {
            "livy.server.session.timeout-check": "true", "livy.server.session.timeout": "3600s"}}],
         "[emr.LivyConfigurations.sessions(idle_timeout=cdk.Duration.hours(1))]"),
        ([{"Classification": "spark-defaults", "Properties": {
            "spark.dynamicAllocation.enabled": "true", "spark.dynamicAllocation.maxExecutors": "40",
            "spark.dynamicAllocation.executorIdleTimeout": "90s"}}],
         "[emr.SparkConfigurations.dynamic_allocation(max_executors=40, idle_timeout=cdk.Duration.seconds(90))]"),
        ([{"Classification": "flink-conf", "Properties": {"taskmanager.numberOfTaskSlots": "4"}}],
         "[emr.FlinkConfigurations.resources(task_slots=4)]"),
        ([{"Classification": "hdfs-site", "Properties": {"dfs.replication": "2"}}],
         "[emr.HadoopConfigurations.hdfs_replication(2)]"),
        ([{"Classification": "hdfs-site", "Properties": {"dfs.replication": "2", "a": "b"}}],
         '[emr.Configuration("hdfs-site", {"dfs.replication": 2, "a": "b"})]'),
    ],
)  # fmt: skip
def test_configurations(raw, text):
    assert line(configurations, raw) == normal(text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (GROUP, 'emr.InstanceGroup("m7g.xlarge", 2)'),
        ({**GROUP, "InstanceCount": 1, "Market": "SPOT"}, 'emr.InstanceGroup("m7g.xlarge", market=emr.Market.spot())'),
        ({**GROUP, "Market": "SPOT", "BidPrice": "0.10"},
         'emr.InstanceGroup("m7g.xlarge", 2, market=emr.Market.spot(bid_price="0.10"))'),
        ({"InstanceRole": "TASK", "InstanceType": "m7g.xlarge", "InstanceCount": 2},
         'emr.InstanceGroup("m7g.xlarge", 2, market=None, name=None)'),
    ],
)  # fmt: skip
def test_instance_groups(raw, text):
    assert line(instance_group, raw) == normal(text)


FLEET = {"InstanceFleetType": "TASK", "Name": "Task", "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge"}]}
SPOT = {"TimeoutDurationMinutes": 60, "TimeoutAction": "SWITCH_TO_ON_DEMAND"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({**FLEET, "TargetOnDemandCapacity": 2, "TargetSpotCapacity": 0},
         'emr.InstanceFleet.on_demand("m7g.xlarge", units=2)'),
        ({**FLEET, "TargetOnDemandCapacity": 0, "TargetSpotCapacity": 2,
          "LaunchSpecifications": {"SpotSpecification": {**SPOT, "AllocationStrategy": "capacity-optimized"}}},
         'emr.InstanceFleet.spot("m7g.xlarge", units=2, spot_provisioning=emr.SpotProvisioning('
         "allocation_strategy=emr.SpotAllocationStrategy.CAPACITY_OPTIMIZED))"),
        ({**FLEET, "TargetOnDemandCapacity": 2},
         'emr.InstanceFleet(["m7g.xlarge"], target_on_demand_capacity=2, target_spot_capacity=None)'),
        ({**FLEET, "TargetOnDemandCapacity": 1, "TargetSpotCapacity": 2},
         'emr.InstanceFleet.mixed("m7g.xlarge", on_demand_units=1, spot_units=2, spot_provisioning=None)'),
    ],
)  # fmt: skip
def test_instance_fleets(raw, text):
    assert line(instance_fleet, raw) == normal(text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("s3://bucket/a.sh", 'emr.Script.from_uri("s3://bucket/a.sh")'),
        ("file:/usr/share/aws/emr/a.sh", 'emr.Script.from_uri("file:/usr/share/aws/emr/a.sh")'),
    ],
)
def test_scripts(path, text):
    raw = {"Name": "Install", "ScriptBootstrapAction": {"Path": path, "Args": []}}
    assert line(bootstrap_action, raw) == normal(f'emr.BootstrapAction("Install", script={text})')


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ({"Instances": {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": False},
          "AutoTerminationPolicy": {"IdleTimeout": 5400}}, "emr.Termination.when_idle(cdk.Duration.minutes(90))"),
        ({"Instances": {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": True}},
         "emr.Termination.manual(protected=True)"),
        ({"Instances": {"KeepJobFlowAliveWhenNoSteps": False, "TerminationProtected": False}},
         "emr.Termination.after_steps()"),
        ({"Instances": {}}, "emr.Termination.explicit()"),
        ({"Instances": {"TerminationProtected": {"Ref": "P"}}, "AutoTerminationPolicy": {"IdleTimeout": "90"}},
         "emr.Termination.explicit(protected=ref('{\"Ref\": \"P\"}'), idle_timeout=cdk.Duration.seconds(90))"),
    ],
)  # fmt: skip
def test_termination(request_, text):
    found = layout(cluster_options(request_, References())["termination"])
    assert normal(found) == normal(text)


@pytest.mark.parametrize(
    ("printer", "raw", "text"),
    [
        (step, command(jar="s3://bucket/a.jar") | {"HadoopJarStep": {"Jar": "s3://bucket/a.jar", "Args": {"Ref": "A"}}},
         'emr.Step.jar("Step", jar=emr.Script.from_uri("s3://bucket/a.jar"), args=ref(\'{"Ref": "A"}\'))'),
        (step, command() | {"HadoopJarStep": {"Jar": "command-runner.jar", "Args": {"Ref": "A"}}},
         'emr.Step.custom("Step", command=ref(\'{"Ref": "A"}\'))'),
        (bootstrap_action, {"Name": "Install", "ScriptBootstrapAction": {"Path": "s3://a/b.sh", "Args": {"Ref": "A"}}},
         'emr.BootstrapAction("Install", script=emr.Script.from_uri("s3://a/b.sh"), args=ref(\'{"Ref": "A"}\'))'),
    ],
)  # fmt: skip
def test_a_reference_is_a_list_of_arguments(printer, raw, text):
    assert line(printer, raw) == normal(text)


SCRIPT_RUNNER = "s3://${AWS::Region}.elasticmapreduce/libs/script-runner/script-runner.jar"


class Regions(References):
    """Joins the region to texts."""

    def reference(self, value):
        parts = value["Fn::Sub"].split("${AWS::Region}")
        return joined([parts[0], Name("cdk.Aws.REGION"), parts[1]])


@pytest.mark.parametrize("action", ["CONTINUE", None])
def test_scripts_are_run_by_script_runner(action):
    raw = command("s3://bucket/a.sh", "b", jar={"Fn::Sub": SCRIPT_RUNNER}, action=action)
    found = normal(layout(step(raw, Regions())))
    options = 'script=emr.Script.from_uri("s3://bucket/a.sh"), args=["b"]'
    assert found == normal(f'emr.Step.shell("Step", {options}{"" if action else ", action_on_failure=None"})')


def test_a_script_runner_of_another_region_is_a_jar():
    jar = SCRIPT_RUNNER.replace("${AWS::Region}", "us-west-2")
    found = normal(layout(step(command("s3://bucket/a.sh", jar=jar), Regions())))
    assert found == normal(f'emr.Step.jar("Step", jar=emr.Script.from_uri("{jar}"), args=["s3://bucket/a.sh"])')


LOGS = {"StepMonitoringConfiguration": {"S3MonitoringConfiguration": {"LogUri": "s3://logs/nightly/"}}}


def test_an_added_step_has_its_logs():
    context = References()
    found = normal(layout(step({**command("hdfs", "version"), **LOGS}, context)))
    assert found == normal('emr.Step.custom("Step", command=["hdfs", "version"]).with_logs(step_logs, "nightly/")')
    assert {name: normal(layout(code)) for name, code in context.imports.items()} == {
        "step_logs": normal('s3.Bucket.from_bucket_name(self, "StepLogs", "logs")')
    }
    assert context.todos == []


def test_a_launched_step_has_no_logs_of_its_own():
    source, todos = printed({"Steps": [{**command("hdfs", "version"), **LOGS}]})
    assert "# TODO: StepMonitoringConfiguration:" in source
    assert "s3://logs/nightly/" in todos[-1]


@pytest.mark.parametrize(
    ("instances", "text"),
    [
        ({"MasterInstanceType": "m5.xlarge", "InstanceCount": 1},
         'emr.InstanceGroups(master=emr.InstanceGroup("m5.xlarge", market=None, name=None))'),
        ({"MasterInstanceType": "m5.xlarge", "SlaveInstanceType": "r5.xlarge", "InstanceCount": 3},
         'emr.InstanceGroups(master=emr.InstanceGroup("m5.xlarge", market=None, name=None), '
         'core=emr.InstanceGroup("r5.xlarge", 2, market=None, name=None))'),
    ],
)  # fmt: skip
def test_types_and_the_number_of_nodes_are_groups(instances, text):
    context = References()
    options = cluster_options({"ReleaseLabel": "emr-7.14.0", "Instances": instances}, context)
    assert normal(layout(options["instances"])) == normal(text)
    assert context.todos == []


def test_a_request_to_the_api_ends_without_steps():
    found = cluster_options({"Instances": {}}, References(), is_api_request=True)["termination"]
    assert layout(found) == "emr.Termination.explicit(keep_alive=False)"


def test_constants_are_used():
    source, _ = printed({"ReleaseLabel": "emr-7.14.0", "Applications": [{"Name": "Spark"}, {"Name": "Unheard"}]})
    assert "release_label=emr.ReleaseLabel.EMR_7_14_0" in source
    assert 'applications=[emr.Application.SPARK, "Unheard"]' in source


@pytest.mark.parametrize(
    ("request_", "comment"),
    [
        ({}, "# TODO: specify the release label of the cluster"),
        ({}, "# TODO: specify the nodes of the cluster"),
        ({"Applications": [{"Name": "Spark", "Version": "3"}]}, '# TODO: options of an application: {"Version": "3"}'),
        ({"BootstrapActions": [{"Name": "a", "ScriptBootstrapAction": {"Path": "/opt/a.sh"}}]},
         "# TODO: a bootstrap action that the library can't express (it would be rendered differently):"),
        ({"ExtendedSupport": True}, "# TODO: ExtendedSupport: true"),
        ({"Configurations": {"Ref": "A"}}, '# TODO: Configurations: {"Ref": "A"}'),
        ({"Tags": [{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "c"}]}, "# TODO: Tags:"),
        ({"Instances": {"InstanceGroups": [{**GROUP, "InstanceRole": "MASTER", "Market": None, "BidPrice": "1"}]}},
         "# TODO: a bid price implies SPOT, which is written as Market:"),
        ({"Configurations": [{"Classification": "a", "Properties": {"b": "c"}},
                             {"Classification": "a", "Properties": {"b": "d"}}]},
         "# TODO: another value of the same property:"),
        ({"KerberosAttributes": {"Realm": "R", "KdcAdminPassword": "plain"}},
         "# TODO: store the password in the secret emr/kdc-admin-password"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_a_comment(request_, comment):
    source, todos = printed(request_)
    assert comment in source
    assert comment.removeprefix("# ").rstrip(":") in "\n".join(todos)
    assert "plain" not in source


@pytest.mark.parametrize(
    ("password", "text"),
    [
        ("{{resolve:secretsmanager:emr/kdc:SecretString:password}}",
         'cdk.SecretValue.secrets_manager("emr/kdc", json_field="password")'),
        ("{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:111111111111:secret:kdc-AbCdEf}}",
         'cdk.SecretValue.secrets_manager("arn:aws:secretsmanager:us-east-1:111111111111:secret:kdc-AbCdEf")'),
        ("{{resolve:ssm-secure:kdc:2}}", 'cdk.SecretValue.ssm_secure("kdc", "2")'),
    ],
)  # fmt: skip
def test_dynamic_references_are_secrets(password, text):
    source, todos = printed({"KerberosAttributes": {"Realm": "R", "KdcAdminPassword": password}})
    assert todos == [
        "TODO: specify the release label of the cluster",
        "TODO: specify the nodes of the cluster",
    ]
    assert "".join(text.split()) in "".join(source.split()).replace(",)", ")")
