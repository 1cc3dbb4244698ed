from __future__ import annotations

import boto3
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from botocore.validate import ParamValidator

from emr_constructs import ActionOnFailure, Application, Cluster, EmrError, Script, Step, Termination
from tests.tools import (
    cluster_with,
    flat,
    imported_key,
    imported_vpc,
    new_stack,
    only,
    statements,
    synthesize,
    warnings,
)

JOB = Script.from_uri("s3://bucket/job.py")
JAR = Script.from_uri("s3://bucket/job.jar")
SQL = Script.from_uri("s3://bucket/job.sql")
SCRIPT = Script.from_uri("s3://bucket/job")
ZIP = Script.from_uri("s3://bucket/a.zip")


def about_steps(cluster):
    """The warnings about a cluster, without those about its imported network."""
    return [warning for warning in warnings(cluster) if "emr-untagged" not in warning]


def words(step):
    return step._render()["HadoopJarStep"]["Args"]


def test_spark_runs_a_script_on_the_cluster():
    assert Step.spark("Nightly", script=JOB, args=["--date", "2026-11-23"])._render() == {
        "Name": "Nightly",
        "ActionOnFailure": "CONTINUE",
        "HadoopJarStep": {
            "Jar": "command-runner.jar",
            "Args": ["spark-submit", "--deploy-mode", "cluster", "s3://bucket/job.py", "--date", "2026-11-23"],
        },
    }


def test_spark_runs_a_class_of_a_jar_with_properties():
    step = Step.spark(
        "Report",
        script=JAR,
        main_class="com.example.Report",
        conf={"spark.a": True, "spark.b": 2},
        deploy_mode="client",
    )
    assert step._render()["HadoopJarStep"]["Args"] == [
        "spark-submit",
        "--deploy-mode",
        "client",
        "--class",
        "com.example.Report",
        "--conf=spark.a=true",
        "--conf=spark.b=2",
        "s3://bucket/job.jar",
    ]


def test_spark_without_a_deploy_mode_leaves_it_to_the_cluster():
    step = Step.spark("Report", script=JOB, conf={"spark.a": 1}, deploy_mode=None)
    assert words(step) == ["spark-submit", "--conf=spark.a=1", "s3://bucket/job.py"]


FACTORIES = {
    "spark": (
        Step.spark(
            "a",
            script=JOB,
            packages=["org.a:b:1", "org.a:c:2"],
            jars=[JAR],
            py_files=[ZIP, JOB],
            files={"log.xml": SCRIPT},
            archives={"environment": ZIP},
            conf={"spark.a": 1, "spark.b": 1},
            args=["x"],
        ),
        "spark-submit --deploy-mode cluster --packages=org.a:b:1,org.a:c:2 --jars=s3://bucket/job.jar"
        " --py-files=s3://bucket/a.zip,s3://bucket/job.py --files=s3://bucket/job#log.xml"
        " --archives=s3://bucket/a.zip#environment --conf=spark.a=1 --conf=spark.b=1 s3://bucket/job.py x",
    ),
    "spark_sql": (
        Step.spark_sql("a", script=SQL, conf={"spark.a": False}, variables={"A": "1", "B": 2}, args=["--verbose"]),
        "spark-sql --conf=spark.a=false -f s3://bucket/job.sql -dA=1 -dB=2 --verbose",
    ),
    "hive": (
        Step.hive("a", script=SQL, variables={"IN": "s3://a", "OUT": "s3://b"}, args=["--hiveconf=a=b"]),
        "hive -f s3://bucket/job.sql -dIN=s3://a -dOUT=s3://b --hiveconf=a=b",
    ),
    "pig": (
        Step.pig("a", script=SCRIPT, parameters={"IN": "s3://a"}, args=["-w"]),
        "pig-script --run-pig-script --args -f s3://bucket/job -p IN=s3://a -w",
    ),
    "hadoop_streaming": (
        Step.hadoop_streaming(
            "a",
            mapper="split.py",
            reducer="aggregate",
            inputs=["s3://a", "s3://b"],
            output="hdfs:///c",
            files={"split.py": JOB},
            conf={"mapreduce.job.reduces": 3},
            args=["-inputformat", "F"],
        ),
        "hadoop-streaming -Dmapreduce.job.reduces=3 -files s3://bucket/job.py#split.py -mapper split.py"
        " -reducer aggregate -input s3://a,s3://b -output hdfs:///c -inputformat F",
    ),
    "s3_dist_cp": (
        Step.s3_dist_cp(
            "a",
            src="hdfs:///a",
            dest="s3://b/c",
            src_pattern=".*gz",
            group_by="(x).*",
            target_size_mib=128,
            output_codec="gz",
            delete_on_success=True,
            args=["--disableMultipartUpload"],
        ),
        "s3-dist-cp --src=hdfs:///a --dest=s3://b/c --srcPattern=.*gz --groupBy=(x).* --targetSize=128"
        " --outputCodec=gz --deleteOnSuccess --disableMultipartUpload",
    ),
    "custom": (
        Step.custom("a", command=["trino-cli", "--file", SQL]),
        "trino-cli --file s3://bucket/job.sql",
    ),
}


@pytest.mark.parametrize("factory", FACTORIES)
def test_the_command_of_a_factory(factory):
    step, command = FACTORIES[factory]
    assert step._render()["HadoopJarStep"]["Jar"] == "command-runner.jar"
    assert words(step) == command.split(" ")
    assert step.action_on_failure is ActionOnFailure.CONTINUE


@pytest.mark.parametrize("factory", FACTORIES)
def test_no_argument_is_repeated(factory):
    arguments = words(FACTORIES[factory][0])
    assert len(arguments) == len(set(arguments))


def test_the_api_takes_the_steps_of_all_factories():
    steps = [made._render() for made, _ in FACTORIES.values()] + [Step.jar("a", jar=JAR)._render()]
    model = boto3.Session(region_name="us-east-1").client("emr").meta.service_model
    shape = model.operation_model("AddJobFlowSteps").input_shape
    report = ParamValidator().validate({"JobFlowId": "j-1", "Steps": steps}, shape)
    assert not report.has_errors(), report.generate_report()


def test_options_that_are_not_given_are_not_there():
    assert words(Step.s3_dist_cp("a", src="a", dest="b")) == ["s3-dist-cp", "--src=a", "--dest=b"]
    assert words(Step.hive("a", script=SQL)) == ["hive", "-f", "s3://bucket/job.sql"]
    streaming = Step.hadoop_streaming("a", mapper="cat", reducer="NONE", inputs=["a"], output="b")
    assert words(streaming)[:3] == ["hadoop-streaming", "-mapper", "cat"]


def test_every_file_of_a_step_is_one_of_its_scripts():
    step = FACTORIES["spark"][0]
    assert step.scripts == (JAR, ZIP, JOB, SCRIPT, ZIP, JOB)


DATA = (Script.from_uri("s3://bucket/orders.csv"), Script.from_uri("s3://bucket/products.csv"))
WITH_DATA = {
    "spark": Step.spark(
        "a", script=JOB, jars=[JAR], py_files=[ZIP], files={"b": SCRIPT}, archives={"c": ZIP}, args=["-x", *DATA]
    ),
    "spark_sql": Step.spark_sql("a", script=SQL, args=DATA),
    "hive": Step.hive("a", script=SQL, args=DATA),
    "pig": Step.pig("a", script=SCRIPT, args=DATA),
    "hadoop_streaming": Step.hadoop_streaming(
        "a", mapper="b", reducer="c", inputs=["s3://a"], output="s3://b", files={"b": JOB}, args=DATA
    ),
    "s3_dist_cp": Step.s3_dist_cp("a", src="s3://a", dest="s3://b", args=DATA),
    "shell": Step.shell("a", script=SCRIPT, args=DATA),
    "jar": Step.jar("a", jar=JAR, args=DATA),
    "custom": Step.custom("a", command=["hdfs", "dfs", "-cat", *DATA]),
}


@pytest.mark.parametrize("factory", WITH_DATA)
def test_files_among_the_arguments_are_data_and_programs_are_not(factory, stack):
    step = WITH_DATA[factory]
    assert step.data == DATA
    assert set(DATA) <= set(step.scripts)
    assert step.with_logs(s3.Bucket.from_bucket_name(stack, "Logs", "logs"), "a/").data == DATA


def test_pig_repeats_the_flag_of_its_parameters():
    step = Step.pig("a", script=SCRIPT, parameters={"A": 1, "B": 2})
    assert words(step)[-4:] == ["-p", "A=1", "-p", "B=2"]


class TestInAStack:
    """What a step is on a cluster: assets, permissions, warnings."""

    @staticmethod
    def cluster(stack, **options):
        applications = options.pop("applications", [Application.SPARK])
        return Cluster(stack, "Cluster", vpc=imported_vpc(stack), applications=applications, **options)

    def test_the_nodes_may_read_exactly_the_files_of_a_step(self, stack, tmp_path):
        for name in ("job.py", "settings.json", "library/module.py"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(f"# {name}\n")
        cluster = self.cluster(stack)
        cluster.add_step(
            Step.spark(
                "a",
                script=Script.from_asset(tmp_path / "job.py"),
                py_files=[Script.from_asset(tmp_path / "library")],
                files={"settings.json": Script.from_asset(tmp_path / "settings.json")},
            )
        )
        template = synthesize(stack)
        arguments = [flat(word) for word in only(template, "AWS::EMR::Step")["HadoopJarStep"]["Args"]]
        modules, files, script = arguments[3:]
        assert modules.startswith("--py-files=s3://")
        assert modules.endswith(".zip")
        assert files.startswith("--files=s3://")
        assert files.endswith(".json#settings.json")
        read = [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]
        (granted,) = [sorted(flat(arn).rpartition("/")[2] for arn in found["Resource"]) for found in read]
        used = [modules, files.partition("#")[0], script]
        assert granted == sorted(uri.rpartition("/")[2] for uri in used)

    def test_a_shell_script_runs_with_the_script_runner_of_the_region(self, stack):
        cluster = self.cluster(stack)
        cluster.add_step(Step.shell("a", script=SCRIPT, args=["b", "c"]))
        template = synthesize(stack)
        jar = only(template, "AWS::EMR::Step")["HadoopJarStep"]
        runner = "<AWS::Region>.elasticmapreduce/libs/script-runner/script-runner.jar"
        assert flat(jar["Jar"]) == f"s3://{runner}"
        assert jar["Args"] == ["s3://bucket/job", "b", "c"]
        read = [found for found in statements(template, "InstancePolicy") if found["Action"] == "s3:GetObject"]
        assert [flat(found["Resource"]) for found in read] == [f"arn:<AWS::Partition>:s3:::{runner}"]

    def test_an_imported_cluster_reads_the_files_of_a_step_too(self, stack, tmp_path):
        (tmp_path / "job.py").write_text("print(1)\n")
        role = iam.Role.from_role_arn(stack, "Nodes", "arn:aws:iam::111111111111:role/nodes")
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", instance_role=role)
        cluster.add_step(Step.spark("a", script=JOB, py_files=[Script.from_uri("s3://b/c.zip")]))
        cluster.add_step(Step.spark("b", script=Script.from_asset(tmp_path / "job.py")))
        policy = only(synthesize(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
        assert [(found["Action"], flat(found["Resource"])[-3:]) for found in policy] == [("s3:GetObject", ".py")]

    @pytest.mark.parametrize(
        ("tool", "name"),
        [
            ("spark-submit", "Spark"), ("spark-sql", "Spark"), ("spark-example", "Spark"), ("hive-script", "Hive"),
            ("hive", "Hive"), ("pig-script", "Pig"), ("s3-dist-cp", "Hadoop"), ("hbase", "HBase"),
        ],
    )  # fmt: skip
    def test_rejects_a_tool_without_its_application(self, stack, tool, name):
        cluster = self.cluster(stack, applications=[Application.FLINK])
        message = f"{tool} of step 'a' requires {name}, which the cluster does not have; add {name}"
        with pytest.raises(EmrError, match=message) as error:
            cluster.add_step(Step.custom("a", command=[tool, "--src=a", "--dest=b"]))
        assert error.value.path == "Test/Cluster"

    def test_a_cluster_without_applications_has_hadoop(self, stack):
        cluster = self.cluster(stack, applications=[])
        cluster.add_step(Step.s3_dist_cp("a", src="hdfs:///a", dest="s3://b/c"))

    def test_warns_that_steps_of_a_cluster_that_stays_alive_are_frozen(self, stack):
        frozen = self.cluster(stack, steps=[Step.spark("a", script=JOB)])
        (warning,) = about_steps(frozen)
        assert "a long-running cluster must not be defined with steps" in warning
        assert "emr-steps-frozen" in warning

    def test_does_not_warn_about_steps_of_a_cluster_that_ends_after_them(self, stack):
        batch = self.cluster(stack, steps=[Step.spark("a", script=JOB)], termination=Termination.after_steps())
        assert about_steps(batch) == []

    def test_warns_about_repeated_arguments_of_steps_at_creation_alone(self, stack):
        pig = Step.pig("a", script=SCRIPT, parameters={"A": 1, "B": 2})
        cluster = self.cluster(
            stack, applications=[Application.PIG], steps=[pig], termination=Termination.after_steps()
        )
        (warning,) = about_steps(cluster)
        assert "arguments of step 'a' must be unique, got '-p' more than once" in warning
        imported = Cluster.from_cluster_attributes(stack, "Imported", cluster_id="j-1")
        imported.add_step(pig)
        assert about_steps(imported) == []


def test_jar():
    step = Step.jar(
        "Import",
        jar=JAR,
        args=["orders", JOB],
        main_class="com.example.Import",
        action_on_failure=ActionOnFailure.TERMINATE_CLUSTER,
    )
    assert step._render() == {
        "Name": "Import",
        "ActionOnFailure": "TERMINATE_CLUSTER",
        "HadoopJarStep": {
            "Jar": "s3://bucket/job.jar",
            "MainClass": "com.example.Import",
            "Args": ["orders", "s3://bucket/job.py"],
        },
    }
    assert step.scripts == (JAR, JOB)


def test_logs_of_its_own():
    stack = new_stack()
    logs = s3.Bucket.from_bucket_name(stack, "Logs", "logs")
    step = Step.jar("a", jar=JAR).with_logs(logs, "a/", encryption_key=imported_key(stack))
    monitoring = step._render()["StepMonitoringConfiguration"]["S3MonitoringConfiguration"]
    assert monitoring == {"LogUri": "s3://logs/a/", "EncryptionKeyArn": step.logs.encryption_key.key_arn}
    model = boto3.client("emr", region_name="us-east-1").meta.service_model.shape_for("StepConfig")
    report = ParamValidator().validate(step._render(), model)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("prefix", ["", "/a/", "s3://a/"])
def test_rejects_an_invalid_log_prefix(prefix):
    logs = s3.Bucket.from_bucket_name(new_stack(), "Logs", "logs")
    with pytest.raises(EmrError, match=f"prefix must name a folder and not begin with '/', got '{prefix}'; use"):
        Step.jar("a", jar=JAR).with_logs(logs, prefix)
    with pytest.raises(EmrError, match=r"^prefix must not contain '\*', '\?' or '\$\{', .* got 'a\*/'; use a prefix"):
        Step.jar("a", jar=JAR).with_logs(logs, "a*")


def test_adds_a_slash_to_a_log_prefix():
    logs = s3.Bucket.from_bucket_name(new_stack(), "Logs", "logs")
    rendered = Step.jar("a", jar=JAR).with_logs(logs, "nightly")._render()
    assert rendered["StepMonitoringConfiguration"]["S3MonitoringConfiguration"] == {"LogUri": "s3://logs/nightly/"}


def test_rejects_arguments_in_one_text():
    with pytest.raises(
        EmrError,
        match="args must be a list of strings or Script objects, got '--date today'; use \\['--date', 'today'\\]",
    ):
        Step.spark("a", script=JOB, args="--date today")


def test_rejects_an_argument_that_is_no_text():
    with pytest.raises(
        EmrError, match="args\\[0\\] must be a string or a Script, got 5; use '5' or Script\\.from_asset"
    ):
        Step.jar("a", jar=JAR, args=[5])


def test_rejects_an_empty_name():
    with pytest.raises(EmrError, match="name of a step must not be empty"):
        Step.spark("", script=JOB)


def test_rejects_a_long_argument():
    with pytest.raises(
        EmrError,
        match="must have 0 to 10280 characters, got 10281",
    ):
        Step.spark("a", script=JOB, args=["x" * 10281])


@pytest.mark.parametrize(
    ("factory", "options", "message"),
    [
        ("spark", {"script": JOB, "main_class": "a.B"}, "main_class requires a JAR, got 'a.B' with a Python script"),
        ("spark", {"script": JAR, "py_files": [ZIP]}, "py_files requires a Python script, got a JAR; remove py_files"),
        (
            "spark",
            {"script": JOB, "jars": ["a.jar"]},
            "jars\\[0\\] must be a Script, got 'a\\.jar'; use Script\\.from_asset",
        ),
        (
            "spark",
            {"script": JOB, "files": {"a/b": ZIP}},
            "names of files in --files must not be empty or contain blanks",
        ),
        (
            "spark",
            {"script": JOB, "archives": {"": ZIP}},
            "each key of archives must not be empty, got .*; specify a key, or remove the item",
        ),
        ("spark", {"script": JOB, "packages": "org.a:b:1"}, "packages must be a list of strings, got 'org.a:b:1'"),
        (
            "spark",
            {"script": JOB, "packages": ["org.a:b"]},
            r"a package must be Maven coordinates, got 'org\.a:b' in step 'a'",
        ),
        (
            "spark",
            {"script": JOB, "conf": {"spark.executor.memory": "4 gigs"}},
            r"got '4 gigs' for spark\.executor\.memory of step 'a', which must be a size such as 4g",
        ),
        (
            "spark",
            {"script": JOB, "deploy_mode": "yarn"},
            "deploy_mode must be 'cluster' or 'client', got 'yarn'; use ",
        ),
        (
            "hive",
            {"script": SQL, "args": "-v"},
            "args must be a list of strings or Script objects, got '-v'; use \\['-v'\\]",
        ),
        (
            "hadoop_streaming",
            {"mapper": "a", "reducer": "b", "inputs": "s3://a", "output": "b"},
            "inputs must be a list of strings, got 's3://a'",
        ),
        (
            "hadoop_streaming",
            {"mapper": "a", "reducer": "b", "inputs": [], "output": "b"},
            "inputs of step 'a' must not be empty; specify the URIs",
        ),
        (
            "hadoop_streaming",
            {"mapper": "a", "reducer": "b", "inputs": [JOB], "output": "b"},
            r"inputs\[0\] must be a string, got _UriScript",
        ),
        ("s3_dist_cp", {"src": JOB, "dest": "b"}, "src must be a string, got "),
        ("s3_dist_cp", {"src": "a", "dest": JOB}, "dest must be a string, got "),
        ("s3_dist_cp", {"src": "", "dest": "b"}, "s3-dist-cp of step 'a' must have --src and --dest, got no --src"),
        (
            "s3_dist_cp",
            {"src": "a", "dest": "b", "target_size_mib": 1},
            "--targetSize of step 'a' requires --groupBy, which is missing",
        ),
        (
            "s3_dist_cp",
            {"src": "a", "dest": "b", "output_codec": "zip"},
            "'snappy', 'none' or 'keep', got 'zip'; use 'gzip'",
        ),
        ("custom", {"command": ["spark-submit s3://a/b.py"]}, "each word of a command must be an argument"),
        ("custom", {"command": []}, r"a step with command-runner\.jar must have arguments, got none for step 'a'"),
    ],
)
def test_rejects_what_the_program_would_reject(factory, options, message):
    with pytest.raises(EmrError, match=message):
        cluster_with(getattr(Step, factory)("a", **options))


def test_rejects_a_local_module_that_would_lose_its_name(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("A = 1\n")
    with pytest.raises(EmrError, match=r"module\.py', which is uploaded with another name; use the folder"):
        Step.spark("a", script=JOB, py_files=[Script.from_asset(module)])


def test_rejects_a_local_archive_that_yarn_would_not_extract(tmp_path):
    for name in ("environment.tar.gz", "environment.tgz"):
        (tmp_path / name).write_text("")
    message = (
        r"archives must keep an extension that YARN extracts, got the local file '.*environment\.tar\.gz', which is "
        r"uploaded with the extension '\.gz'; rename it to '\.tgz'"
    )
    with pytest.raises(EmrError, match=message):
        Step.spark("a", script=JOB, archives={"environment": Script.from_asset(tmp_path / "environment.tar.gz")})
    Step.spark("a", script=JOB, archives={"environment": Script.from_asset(tmp_path / "environment.tgz")})
    Step.spark("a", script=JOB, archives={"environment": Script.from_uri("s3://bucket/environment.tar.gz")})


def test_a_jar_reads_java_properties():
    step = Step.jar("Load", jar=Script.from_uri("s3://bucket/a.jar"), properties={"retries": 3, "dry.run": False})
    assert step._render()["HadoopJarStep"]["Properties"] == [
        {"Key": "retries", "Value": "3"},
        {"Key": "dry.run", "Value": "false"},
    ]
