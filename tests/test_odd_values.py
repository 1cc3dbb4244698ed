"""Values that have the right type but no meaning: members of other enumerations, control characters, other scopes."""

from __future__ import annotations

import copy
import enum
import json
from functools import partial

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

import emr_constructs as emr
from tests.test_odd_arguments import CONSTRUCTS, REPORT, TOPIC
from tests.tools import imported_key, imported_vpc, new_app, new_stack


class Size(enum.IntEnum):
    SMALL = 5


class Stage(str, enum.Enum):  # noqa: UP042  (a StrEnum is accepted)
    PROD = "prod"


class Team(enum.StrEnum):
    SALES = "sales"


class Ambiguous:
    """A value such as an array, whose comparison has no truth value."""

    def __eq__(self, other):
        raise ValueError("ambiguous")

    __hash__ = None


PLACE = new_stack()
SCRIPT = emr.Script.from_uri("s3://bucket/job.py")
BUCKET = s3.Bucket.from_bucket_name(PLACE, "Bucket", "data")
GROUP = emr.InstanceGroup("m7g.xlarge")
NAME = {"metric_name": "A", "threshold": 1}


def rejected(message, make, *args, **options):
    with pytest.raises(emr.EmrError) as error:
        make(*args, **options)
    assert message in str(error.value)
    return error.value


@pytest.fixture(scope="module")
def options():
    stack = new_stack()
    vpc = imported_vpc(stack)
    profile = emr.ClusterProfile(stack, "Profile", vpc=vpc)
    cluster = emr.Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    return {
        "cluster": cluster,
        "encryption_key": imported_key(stack),
        "profile": profile,
        "step": REPORT,
        "vpc": vpc,
        "workflow": [REPORT],
        "stack": stack,
    }


@pytest.fixture(scope="module")
def events():
    stack = new_stack()
    cluster = emr.Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    return cluster.events, emr.AlarmTopic(stack, "Topic").event_target()


class TestEnumerations:
    def test_a_number_of_an_enumeration_is_none_for_jsii(self):
        fix = "must be an integer, got Size.SMALL; use Size.SMALL.value"
        rejected(f"instance_count {fix}", emr.InstanceGroup, "m7g.xlarge", Size.SMALL)
        rejected(f"step_concurrency_level {fix}", emr.ClusterDefinition, step_concurrency_level=Size.SMALL)
        rejected("threshold must be a number, got Size", emr.ScalingTrigger.above, "A", Size.SMALL)

    def test_a_text_of_an_enumeration_formats_as_its_name(self):
        fix = "must be a string, got Stage.PROD; use Stage.PROD.value"
        rejected(f"src {fix}", emr.Step.s3_dist_cp, "Copy", src=Stage.PROD, dest="s3://a/")
        rejected("tags['stage'] must be a string, got Stage.PROD", emr.ClusterDefinition, tags={"stage": Stage.PROD})

    def test_a_str_enum_is_a_text(self):
        assert emr.ClusterDefinition(cluster_name=Team.SALES).options["cluster_name"] == "sales"

    @pytest.mark.parametrize("number", [cdk.Token.as_number({"Ref": "A"}), emr.JobInput.number("n").value])
    def test_a_number_is_no_choice(self, number):
        rejected("comparison must be 'GREATER_THAN'", partial(emr.ScalingTrigger, comparison=number), **NAME)
        rejected("label must be 'CORE' or 'ON_DEMAND'", emr.YarnConfigurations.application_masters_on, number)

    def test_values_without_comparison(self):
        rejected("deploy_mode must be", emr.Step.spark, "A", script=SCRIPT, deploy_mode=Ambiguous())


class TestTexts:
    @pytest.mark.parametrize("char", ["\0", "\x1b", "\ud800", "\uffff"])
    def test_characters_that_xml_excludes(self, char):
        message = "must contain only characters that XML allows"
        rejected(f"name {message}", emr.BootstrapAction, f"Set{char}up", SCRIPT)
        rejected(f"args[0] {message}", emr.Step.spark, "A", script=SCRIPT, args=[f"a{char}"])
        rejected(f"the key {f'a{char}'!r} of tags {message}", emr.ClusterDefinition, tags={f"a{char}": "b"})
        rejected("must contain only", emr.Configuration, "spark", {"a": char})

    def test_other_characters_are_kept(self):
        name = "käse 日本 \U0001f600\tb"
        assert emr.BootstrapAction(name, SCRIPT).name == name

    def test_keys_are_not_empty(self):
        for blank in ("", " "):
            values = {blank: "x"}
            rejected("each key of conf must not be empty", emr.Step.spark, "A", script=SCRIPT, conf=values)
            rejected("each key of variables must not be empty", emr.SparkConfigurations.environment, values)
            rejected("each key of properties must not be empty", emr.Configuration, "spark", values)

    def test_keys_contain_no_equals_sign(self):
        values = {"a=b": "c"}
        rejected("keys of conf must not contain '='", emr.Step.spark, "A", script=SCRIPT, conf=values)
        rejected("keys of variables must not contain '='", emr.Step.hive, "A", script=SCRIPT, variables=values)
        rejected("keys of parameters must not contain '='", emr.Step.pig, "A", script=SCRIPT, parameters=values)

    def test_items_are_joined_by_commas(self):
        for item in ("", "a,b"):
            rejected("items of packages must not be empty or", emr.Step.spark, "A", script=SCRIPT, packages=[item])
        number = cdk.Token.as_number({"Ref": "A"})
        step = emr.Step.hadoop_streaming("A", mapper="cat", reducer="wc", inputs=["s3://a/", number], output="s3://b/")
        assert {"Ref": "A"} in PLACE.resolve(step._render()["HadoopJarStep"]["Args"][6])["Fn::Join"][1]
        text = {"mapper": "cat", "reducer": "wc", "output": "s3://b/"}
        number = emr.JobInput.number("n").value
        rejected("an item of inputs must be text", emr.Step.hadoop_streaming, "A", inputs=[number], **text)

    def test_texts_are_not_empty(self):
        rejected("main_class must not be empty, got ''; specify a value, or omit it", emr.Step.jar, "A", jar=SCRIPT,
                 main_class="")  # fmt: skip
        rejected("mapper must not be empty, got ''; specify a value", emr.Step.hadoop_streaming, "A", mapper="",
                 reducer="wc", inputs=["a"], output="b")  # fmt: skip
        rejected("src_pattern must not be empty", emr.Step.s3_dist_cp, "A", src="a", dest="b", src_pattern="")
        rejected(
            "catalog_id must not be empty", emr.Configuration.glue_data_catalog, emr.Application.SPARK, catalog_id=""
        )
        assert emr.JobInput.text("day", default="").default == ""

    @pytest.mark.parametrize("prefix", ["s3://other/data/", "https://a/b", " ", "/data/"])
    def test_folders_are_no_uris(self, prefix):
        for make in (
            partial(emr.FlinkConfigurations.checkpoints, interval=cdk.Duration.minutes(1)),
            emr.HBaseConfigurations.on_s3,
            emr.TrinoConfigurations.fault_tolerant_execution,
            partial(emr.YarnConfigurations.log_aggregation, retain_for=cdk.Duration.days(1)),
        ):
            rejected(f"prefix must be a folder in the bucket, got {prefix!r}", make, BUCKET, prefix)

    def test_files_have_paths(self):
        rejected(
            "path must be a readable file, got", emr.Configuration.from_file, __import__("pathlib").Path("a\0.json")
        )

    def test_only_digits_of_ascii_are_a_price(self):
        rejected("bid price must be a number", emr.FleetInstanceType, "m7g.xlarge", bid_price="\uff11")

    def test_keys_are_texts(self):
        rejected("keys must be strings", emr.ClusterDefinition, additional_info={1: 2})
        rejected("the key b'a' of s3_log_policies must be a string", emr.ClusterDefinition, s3_log_policies={b"a": "b"})

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_additional_info_is_json(self, value):
        rejected("additional_info must be convertible to JSON", emr.ClusterDefinition, additional_info={"a": value})
        endless = {}
        endless["a"] = endless
        rejected("additional_info must be convertible to JSON", emr.ClusterDefinition, additional_info=endless)


class TestNumbers:
    def test_limits_of_dynamic_allocation(self):
        rejected(
            "min_executors must be at least 0, got -1", emr.SparkConfigurations.dynamic_allocation, min_executors=-1
        )
        rejected("max_executors must be at least 1, got 0", emr.SparkConfigurations.dynamic_allocation, max_executors=0)

    def test_durations_are_positive(self):
        none = cdk.Duration.seconds(0)
        message = "must be at least 1 s, got 0 s"
        rejected(f"interval {message}", emr.FlinkConfigurations.checkpoints, BUCKET, "a/", interval=none)
        rejected(f"idle_timeout {message}", emr.LivyConfigurations.sessions, idle_timeout=none)
        rejected(f"max_run_time {message}", emr.TrinoConfigurations.query_limits, max_run_time=none)
        rejected(f"retain_for {message}", emr.YarnConfigurations.log_aggregation, BUCKET, "a/", retain_for=none)

    @pytest.mark.parametrize(("timeout", "message"), [(0, "at least 1 s"), (10**8, "at most 99999999 s")])
    def test_a_state_machine_limits_timeouts(self, timeout, message):
        vpc = imported_vpc(PLACE, f"Timeout{timeout}")
        seconds = cdk.Duration.seconds(timeout)
        make = partial(emr.TransientCluster, PLACE, f"Job{timeout}", vpc=vpc, workflow=[REPORT])
        rejected(f"the timeout must be {message}", make, timeout=seconds)

    def test_ports(self):
        rejected("tls_number must be a TCP port, got -1", emr.ClusterPort, "App", 80, tls_number=-1)
        rejected("number_before_6 must be a TCP port, got a token", emr.ClusterPort, "App", 80,
                 number_before_6=cdk.Token.as_number({"Ref": "A"}))  # fmt: skip
        rejected(
            "tls_since must be the three numbers of a release, got (7,)", emr.ClusterPort, "App", 80, None, 81, (7,)
        )
        for title in ("käse", "a\nb", "x" * 241):
            rejected("title must have at most 240 letters", emr.ClusterPort.of, 80, title)

    def test_limits_of_managed_scaling_can_be_tokens(self):
        token = cdk.CfnParameter(PLACE, "OnDemand").value_as_string
        assert emr.ManagedScaling.instances(minimum=1, maximum=5, maximum_on_demand=token).adds_spot

    def test_a_wrong_release_is_one_problem(self):
        error = rejected("release label must be emr-", emr.ClusterDefinition, release_label="emr-7.14")
        assert len(error.problems) == 1


class TestUnits:
    RELEASE = emr.ReleaseLabel.EMR_7_14_0

    def test_sizes_and_durations(self):
        executors = partial(emr.SparkConfigurations.executors, fits=emr.InstanceGroups.default(self.RELEASE))
        for name in ("driver_memory_mib", "yarn_memory_mib"):
            size = cdk.Size.gibibytes(8)
            assert executors(**{name: size}) == executors(**{name: 8192})
            rejected(f"{name} must be a whole number of MiB", executors, **{name: cdk.Size.kibibytes(1025)})
        choose = partial(emr.SupportedInstanceType.choose, self.RELEASE, vcpu=4)
        assert choose(memory_gib=cdk.Size.gibibytes(16)) == choose(memory_gib=16)
        assert emr.Termination(idle_timeout_seconds=cdk.Duration.minutes(2)).idle_timeout_seconds == 120

    def test_classes_are_no_objects(self):
        rejected("size_gib must be an integer or a cdk.Size, got the class Size", emr.EbsVolume.gp3, size_gib=cdk.Size)
        rejected("key must be a kms.IKey, got the class Key", emr.S3Encryption.sse_kms, kms.Key)
        make = partial(emr.ClusterProfile, PLACE, "Class")
        rejected("vpc must be an ec2.IVpc, got the class Vpc", make, vpc=ec2.Vpc)


class TestGrants:
    def test_names_in_arns(self):
        role = iam.Role(PLACE, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        cluster = emr.Cluster.from_cluster_attributes(PLACE, "Granted", cluster_id="j-1", instance_role=role)
        for prefix in ("arn:aws:s3:::data/a", " ", "s3n://data/"):
            rejected("prefix must be a literal prefix of object keys", cluster.grants.read_bucket, BUCKET, prefix)
        message = "databases must be in lower case, as Glue stores them, got 'Sales'; use 'sales'"
        rejected(message, cluster.grants.use_glue_data_catalog, "orders", "Sales")
        rejected("databases must be names of Glue databases", cluster.grants.use_glue_data_catalog, "sales ")
        cluster.grants.use_glue_data_catalog(f"sales_{cdk.Aws.ACCOUNT_ID}")


class TestCombinations:
    def test_arguments_without_effect_on_the_kdc(self):
        kdc = partial(emr.Kerberos, "ClusterDedicatedKdc")
        rejected("kdc_server has no effect on the provider ClusterDedicatedKdc", kdc, kdc_server="a.com")
        trust = emr.CrossRealmTrust("A.COM", "a.com", "a.com", "a.com")
        rejected("trust has no effect on the provider ExternalKdc", emr.Kerberos, "ExternalKdc", trust=trust,
                 admin_server="a.com", kdc_server="a.com")  # fmt: skip
        rejected("provider must be 'ClusterDedicatedKdc' or 'ExternalKdc', got 'x'", emr.Kerberos, "x")

    @pytest.mark.parametrize("severity", [cdk.Token.as_string({"Ref": "A"}), "{{ severity }}"])
    def test_severities_are_known(self, severity):
        rejected("severity must be known at synth time", emr.Policies.private, severity=severity)
        rule = partial(emr.RuleSet().rule, "acme-a", statement="A.", fix="b")
        rejected("severity must be known at synth time", rule, severity=severity)

    def test_custom_rules_have_types(self):
        texts = dict.fromkeys(("statement", "fix", "why", "source", "defined"), "")
        rejected("severity must be a Severity", emr.CustomRule, id="a", severity="x", find=print, **texts)


class TestValues:
    KEY = imported_key(PLACE, "ValueKey")
    VALUES = (
        emr.Step.jar("A", jar=SCRIPT, args=["a"], properties={"a": "b"}),
        emr.Configuration("spark", {"a": 1}, [emr.Configuration("b", {"c": True})]),
        emr.ScalingTrigger.above("A", 1),
        emr.InTransitEncryption.emr_managed(secret_tags={"a": "b"}),
        emr.LocalDiskEncryption.aws_kms(KEY),
        emr.S3Encryption.sse_kms(KEY),
        emr.RoleMapping.users(iam.Role.from_role_arn(PLACE, "Mapped", "arn:aws:iam::111111111111:role/a"), "jane"),
        emr.ClusterDefinition(
            cluster_name="a", tags={"a": "b"}, configurations=[emr.Configuration("spark", {"a": "b"})]
        ),
    )

    @pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
    def test_values_can_be_copied_and_are_keys(self, value):
        assert copy.copy(value) == value
        assert copy.deepcopy(value) == value
        assert {value: 1}[copy.copy(value)] == 1
        assert repr(value).startswith(f"{type(value).__name__}(")

    def test_equal_contents_have_equal_hashes(self):
        one, other = (emr.Step.jar("A", jar=SCRIPT, properties={"a": "b"}) for _ in range(2))
        assert one == other
        assert hash(one) == hash(other)
        definitions = [emr.ClusterDefinition(tags={"a": "b"}, steps=[one]) for _ in range(2)]
        assert definitions[0] == definitions[1]
        assert len(set(definitions)) == 1
        assert definitions[0] != emr.ClusterDefinition(tags={"a": "c"}, steps=[one])
        assert definitions[0] != "x"

    def test_values_own_their_contents(self):
        texts, items = {"a": "b"}, ["a"]
        step = emr.Step("A", "command-runner.jar", items, None, None, properties=texts)
        mapping = emr.RoleMapping(self.VALUES[6].role, "User", items)
        encryption = emr.InTransitEncryption("EMR", secret_tags=texts)
        formats = [emr.Configuration("spark", {"a": "b"})]
        table = emr.TableFormat("x", formats)
        definition = emr.ClusterDefinition(tags=texts, applications=(names := ["Spark"]))
        texts["c"] = "d"
        for each in (items, formats, names):
            each.clear()
        assert (step.arguments, step.properties) == (("a",), {"a": "b"})
        assert mapping.identifiers == ("a",)
        assert encryption.secret_tags == {"a": "b"}
        assert len(table.configurations) == 1
        assert definition.options == {"tags": {"a": "b"}, "applications": ["Spark"]}


class TestMetrics:
    METRICS = emr.ClusterMetrics("j-1")

    def test_none_is_not_given(self):
        assert self.METRICS.apps_running(statistic=None, period=None).statistic == self.METRICS.apps_running().statistic
        assert self.METRICS.increase("AppsKilled", label=None, color=None).label == "New AppsKilled"

    def test_options(self):
        rejected("color must be six hexadecimal digits after '#', got 'red'", self.METRICS.apps_running, color="red")
        rejected("statistic must not be empty", self.METRICS.apps_running, statistic="")


class TestScopes:
    # Others need parts of their own.
    @pytest.mark.parametrize("name", [name for name, needs in CONSTRUCTS.items()
                                      if not {"studio", "templates", "target"} & set(needs)])  # fmt: skip
    def test_ids_are_unique(self, options, name):
        stack = options["stack"]
        Construct(stack, f"Twice{name}")
        good = {key: options[key] for key in CONSTRUCTS[name]}
        make = partial(getattr(emr, name), stack, f"Twice{name}", **good)
        rejected(f"the ID 'Twice{name}' must be unique in Test, got it twice; use another construct_id", make)

    @pytest.mark.parametrize("name", ["AlarmTopic", "ClusterProfile", "LogBucket", "SecurityConfiguration",
                                      "StudioSecurityGroups", "TransientCluster"])  # fmt: skip
    def test_an_app_is_no_scope(self, options, name):
        good = {key: options[key] for key in CONSTRUCTS[name]}
        rejected("scope must be a Stack or a construct in a Stack, got", getattr(emr, name), new_app(), name, **good)

    IMPORTS = (
        partial(emr.Cluster.from_cluster_attributes, cluster_id="j-1"),
        partial(emr.Studio.from_studio_attributes, studio_id="es-1"),
    )

    @pytest.mark.parametrize("make", IMPORTS)
    def test_imports_check_scope_and_id(self, make):
        group = ec2.SecurityGroup.from_security_group_id(PLACE, f"Group{self.IMPORTS.index(make)}", "sg-1")
        for scope in (None, "x", group):
            rejected("scope must be a Construct", make, scope, "Imported")
        rejected("construct_id must be a string", make, PLACE, 5)
        rejected("construct_id must not be empty", make, PLACE, "")
        Construct(PLACE, f"Taken{self.IMPORTS.index(make)}")
        rejected("must be unique in Test, got it twice", make, PLACE, f"Taken{self.IMPORTS.index(make)}")

    def test_imported_studios(self):
        make = partial(emr.Studio.from_studio_attributes, PLACE, "Studio")
        rejected("studio_id must be the ID of a Studio such as", make, studio_id="my-studio")
        rejected("studio_id must be a string", make, studio_id=5)
        rejected(
            "engine_security_group must be an ec2.ISecurityGroup", make, studio_id="es-1", engine_security_group="x"
        )

    def test_the_dns_name_of_an_imported_cluster(self):
        make = partial(emr.Cluster.from_cluster_attributes, PLACE, "Named", cluster_id="j-1")
        rejected("master_public_dns must be the DNS name", make, master_public_dns="http://a")

    @pytest.mark.parametrize("name", ["ClusterSecurityGroups", "StudioSecurityGroups"])
    def test_groups_of_a_vpc_of_another_region(self, name):
        other = cdk.Stack(new_app(), "Other", env=cdk.Environment(account="222222222222", region="eu-west-1"))
        stack = cdk.Stack(new_app(), "Here", env=cdk.Environment(account="222222222222", region="us-east-1"))
        vpc = imported_vpc(other)
        rejected("vpc must be in the region of the stack", getattr(emr, name), stack, "Groups", vpc=vpc)

    def test_a_text_of_an_execution_is_no_number(self):
        text = emr.JobInput.text("t").value
        fix = "must be an integer, got a string token; use the value of a JobInput.number(...)"
        rejected(f"instance_count {fix}", emr.InstanceGroup, "m7g.xlarge", text)
        rejected("visible_to_all_users must be a boolean", emr.ClusterDefinition, visible_to_all_users=text)

    def test_a_profile_of_another_stage(self):
        app = new_app()
        stack, other = (cdk.Stack(cdk.Stage(app, name), "Emr") for name in ("Dev", "Prod"))
        profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        message = (
            "profile must be in the same app and stage, because a stage is deployed without the others, got 'Dev/Emr"
        )
        error = rejected(message, emr.Cluster, other, "Cluster", profile=profile)
        assert error.path == "Prod/Emr/Cluster"

    def test_none_is_not_given(self, options):
        stack, vpc = options["stack"], options["vpc"]
        nothing = {"allow_concurrent_executions": None, "removal_policy": None, "inputs": None}
        job = emr.TransientCluster(stack, "None", vpc=vpc, workflow=[REPORT], topic=None, **nothing)
        assert job.inputs == ()
        assert job.topic is None
        task = emr.StepTask(REPORT, retries=None, continue_on_failure=None)
        assert (task.retries, task.continue_on_failure) == (0, False)
        assert not emr.JobInput.date("day", time_zone=cdk.TimeZone.ETC_UTC, required=None).required
        emr.LogBucket(stack, "NoneLogs", encryption_key=options["encryption_key"], removal_policy=None)

    def test_a_prefix_of_no_logs(self):
        make = partial(emr.ClusterProfile, PLACE, "WithoutLogs", vpc=imported_vpc(PLACE, "WithoutLogsVpc"))
        rejected("log_prefix can't be combined with log_bucket=None", make, log_bucket=None, log_prefix="emr/")

    def test_inputs_are_for_state_machines(self, options):
        text, number = emr.JobInput.text("t").value, emr.JobInput.number("n").value
        stack, key = options["stack"], options["encryption_key"]
        message = "can't contain the value of the input"
        security = partial(emr.SecurityConfiguration, stack, encryption_key=key)
        rejected(f"security_configuration_name {message}", security, "S1", security_configuration_name=text)
        rejected(f"imds_hop_limit {message}", security, "S2", imds_hop_limit=number)
        kdc = emr.Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=number)
        rejected(f"a security configuration {message}", security, "S3", kerberos=kdc)
        studio = partial(emr.Studio, stack, vpc=options["vpc"])
        rejected(f"workspace_prefix {message}", studio, "Studio1", workspace_prefix=f"{text}/")
        rejected(f"tags {message}", studio, "Studio2", tags={"a": text})
        alarms = partial(emr.ClusterAlarms, stack, "Alarms", cluster=options["cluster"], topic=TOPIC)
        rejected(f"runbook_url {message}", alarms, runbook_url=f"https://{text}")


class TestEvents:
    def test_states_can_be_tokens(self, events):
        found, target = events
        rule = found.on_state_change("State", target, states=[cdk.Token.as_string({"Ref": "A"})])
        pattern = rule.node.default_child
        assert '{"Ref": "A"}' in json.dumps(cdk.Stack.of(rule).resolve(pattern.event_pattern))

    def test_patterns(self, events):
        found, target = events
        event = partial(found.on_event, "Event", target, detail_types=["A"])
        rejected("each key of detail must be the name of a field, got b'a'", event, detail={b"a": [1]})
        rejected("detail can't contain the value of the input", event, detail={"a": [emr.JobInput.text("t").value]})
        endless = {}
        endless["a"] = endless
        rejected("detail must not contain itself", event, detail=endless)
        number = cdk.Token.as_number({"Ref": "A"})
        rejected(
            "detail_types[0] must be a string, got a number token", found.on_event, "E", target, detail_types=[number]
        )


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        ("Name", "a cluster has no option 'Name'; use cluster_name"),
        ("releaseLabel ReleaseLabel", "; use release_label"),
        ("Steps", "; use steps"),
        (
            "masterInstanceType instance_type instance_groups core_instance_count",
            "; use instances=InstanceGroups(master",
        ),
        ("core_instance_fleet", "; use instances=InstanceFleets("),
        ("subnet_id ec2SubnetId ec2_subnet_ids", "; use subnets=[...]"),
        ("LogUri logUri", "belongs to ClusterProfile(...); pass profile=ClusterProfile(..., log_uri=...)"),
        ("JobFlowRole job_flow_role iam_instance_profile", "; use profile=ClusterProfile(..., instance_profile=...)"),
        ("ServiceRole SecurityConfiguration", "belongs to ClusterProfile(...)"),
        ("autoscaling_role", "; use profile=ClusterProfile(..., auto_scaling_role=...)"),
        ("key_name ec2KeyName", "; use key_pair=ec2.KeyPair.from_key_pair_name(...)"),
        ("emrManagedMasterSecurityGroup service_access_security_group", "; use security_groups=ClusterSecurityGroups."),
        ("keep_job_flow_alive_when_no_steps", "; use termination=Termination.manual() or"),
        ("TerminationProtected termination_protection", "; use termination=Termination.manual(protected=True)"),
        ("auto_termination_policy idle_timeout", "; use termination=Termination.when_idle(...)"),
        ("ebs_root_volume_size ebsRootVolumeSize", "; use root_volume=RootVolume(...)"),
        ("placement_group_configs", "; use placement_strategy"),
        ("monitoring_configuration", "; use cloudwatch_logs=CloudWatchLogs(...)"),
        ("configurations_json", "; use configurations"),
        ("managed_scaling_polcy", "; use managed_scaling=ManagedScaling.instances(...)"),
        ("schedule", "schedule belongs to Schedule(...)"),
        ("color", "; use one of additional_info, applications"),
    ],
)
def test_options_by_their_other_names(names, hint):
    for name in names.split():
        rejected(hint, emr.ClusterDefinition, **{name: "x"})


def test_misspelt_arguments_of_others():
    with pytest.raises(
        TypeError, match=r"InstanceGroup\(\) got an unexpected keyword .* 'ebs_volume'; use ebs_volumes"
    ):
        emr.InstanceGroup("m7g.xlarge", ebs_volume=[])
    with pytest.raises(TypeError, match=r"ClusterProfile\(\) got an unexpected .* 'vpc_subnet'; use vpc_subnets"):
        emr.ClusterProfile(PLACE, "Misspelt", vpc=imported_vpc(PLACE, "Misspelt"), vpc_subnet=None)
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'color'$"):
        emr.InstanceGroup("m7g.xlarge", color="red")


def test_a_role_of_the_stack_is_a_scope():
    role = iam.Role(PLACE, "Scope", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    assert emr.Studio.from_studio_attributes(role, "Studio", studio_id="es-1").studio_id == "es-1"
