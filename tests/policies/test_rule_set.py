"""Rule sets: ids, functions over clusters and what they see, and functions that fail."""

from __future__ import annotations

import sys

import pytest

import emr_constructs as emr
from emr_constructs.rules import all_rules
from tests.policies.templates import fleet, group, request, states, template

WORDS = {"statement": "Names must be short.", "fix": "shorten it"}
UNKNOWN = {"Ref": "Unknown"}
PARAMETERS = {"Unknown": {"Type": "String"}}


def judged(find, content, **words):
    """The findings of a function as the only rule."""
    rules = emr.RuleSet()
    rules.rule("acme-test", **{**WORDS, **words})(find)
    return rules.check(content)


def seen(read, content=None):
    """What ``read`` returns for the only cluster."""
    values = []
    judged(lambda cluster: values.append(read(cluster)), template() if content is None else content)
    return values


def test_a_function_is_a_rule():
    rules = emr.RuleSet()

    @rules.rule("acme-name", why="Bills are sorted by name.", source="https://example.com/names", **WORDS)
    def name(cluster):
        if cluster.name and len(cluster.name) > 3:
            yield cluster.violation(f"name must be short, got {cluster.name!r}", member="Name")
            yield cluster.violation("and more", fix="do another thing")
            yield "only a text"

    (rule,) = rules.rules
    assert (rule.id, str(rule.severity), rule.statement, rule.fix, rule.why, rule.source) == (
        "acme-name",
        "error",
        "Names must be short.",
        "shorten it",
        "Bills are sorted by name.",
        "https://example.com/names",
    )
    assert rule.defined.startswith("test_rule_set.py:")
    assert [(found.path, found.message, found.fix) for found in rules.check(template())] == [
        ("Resources.Cluster.Properties.Name", "name must be short, got 'acme-nightly'", "shorten it"),
        ("Resources.Cluster.Properties", "and more", "do another thing"),
        ("Resources.Cluster.Properties", "only a text", "shorten it"),
    ]
    assert name is rule.find


def test_a_rule_set_includes_others():
    company = emr.RuleSet(emr.Policies.tags("team"), prefix="acme")
    company.rule("acme-name", **WORDS)(lambda cluster: "no")
    team = emr.RuleSet(company, emr.Policies.tags("stage"), prefix="sales")
    assert [rule.id for rule in team.rules] == ["acme-tags", "acme-name", "sales-tags"]
    assert [found.rule for found in team.check(template())] == ["acme-tags", "acme-name", "sales-tags"]
    company.rule("acme-later", **WORDS)(lambda cluster: "no")
    assert len(team.rules) == 3
    with pytest.raises(emr.EmrError, match="rule_id must be unique in a RuleSet, got 'acme-tags' twice"):
        emr.RuleSet(company, emr.Policies.tags("stage"), prefix="acme")
    with pytest.raises(emr.EmrError, match="rule_id must be unique in a RuleSet, got 'acme-tags' twice"):
        emr.RuleSet(company, company)


def test_nothing_is_registered():
    before = [rule.id for rule in all_rules()]
    emr.RuleSet(emr.Policies.volumes("gp3")).rule("acme-name", **WORDS)(lambda cluster: ())
    assert [rule.id for rule in all_rules()] == before
    assert emr.EmrRules().rule_ids == before


@pytest.mark.parametrize(
    ("rule_id", "message"),
    [
        ("emr-name", "rule_id must not begin with emr- as IDs of the library do, got 'emr-name'"),
        ("EMR-name", "rule_id must not begin with emr-"),
        ("company-volumes", "rule_id must be unique in a RuleSet, got 'company-volumes' twice; use another ID"),
        ("acme name", "rule_id must have letters and digits, separated by hyphens, got 'acme name'"),
        ("acme::name", "rule_id must have letters and digits"),
        ("", "rule_id must be a non-empty string, got ''"),
        (None, "rule_id must be a string, got None"),
        (print, "rule_id must be a string, got "),
    ],
)
def test_rejects_an_id(rule_id, message):
    rules = emr.RuleSet(emr.Policies.volumes("gp3"))
    with pytest.raises(emr.EmrError) as error:
        rules.rule(rule_id, **WORDS)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((emr.Policies.volumes("gp3"), emr.Policies.volumes("gp2")), {},
         "rule_id must be unique in a RuleSet, got 'company-volumes' twice; pass a rule_id to one of the policies"),
        ((emr.Policies.volumes("gp3"),), {"prefix": "emr"}, "prefix must have letters and digits, "
         "separated by hyphens, and not begin with emr-, got 'emr'; use a name such as 'acme'"),
        ((), {"prefix": ""}, "and not begin with emr-, got ''; use a name such as 'acme'"),
        (([emr.Policies.volumes("gp3")],), {}, "policies[0] must be a Policy or a RuleSet, got a list object; use a"),
        ((emr.Policies.volumes("gp3", rule_id="emr-volumes"),), {}, "rule_id must not begin with emr-"),
        ((emr.Policies.volumes,), {}, "policies[0] must be a Policy or a RuleSet, got <function"),
        ((), {"prefix": 7}, "prefix must be a string, got 7"),
    ],
)  # fmt: skip
def test_rejects_arguments(arguments, options, message):
    with pytest.raises(emr.EmrError) as error:
        emr.RuleSet(*arguments, **options)
    assert message in str(error.value)


def test_a_rule_must_be_a_function_and_have_texts():
    rules = emr.RuleSet()
    with pytest.raises(emr.EmrError, match="rule acme-a must be a function of a cluster, got 7"):
        rules.rule("acme-a", **WORDS)(7)
    for find in (lambda: None, lambda cluster, nodes: []):
        with pytest.raises(emr.EmrError, match="rule acme-a must have the cluster as its only parameter, got "):
            rules.rule("acme-a", **WORDS)(find)
    with pytest.raises(emr.EmrError, match="statement must be a non-empty string, got ' '"):
        rules.rule("acme-a", statement=" ", fix="x")
    with pytest.raises(emr.EmrError, match="severity must be"):
        rules.rule("acme-a", severity="fatal", **WORDS)
    assert rules.rules == ()


def test_only_a_rule_set_creates_clusters():
    with pytest.raises(emr.EmrError, match="ResolvedCluster must be created by a RuleSet"):
        emr.ResolvedCluster({})


def test_content_that_is_no_template():
    with pytest.raises(emr.EmrError, match="the content must be a CloudFormation template"):
        emr.RuleSet().check({"a": 1})


def broken(cluster):
    return {}[cluster.name]


def raising(cluster):
    raise ValueError("one\n  two\n")


FAILURES = {
    "an exception": (broken, "must not raise an exception, got KeyError: 'acme-nightly' in test_rule_set.py:"),
    "an exit": (lambda cluster: sys.exit(3), "must not raise an exception, got SystemExit: 3 in test_rule_set.py:"),
    "no violations": (lambda cluster: True, "must yield violations or strings, got True; use yield cluster.violation("),
    "other items": (lambda cluster: [cluster.name, 7], "must yield violations or strings, got 7"),
    "an empty text": (lambda cluster: [""], "must yield violations or strings, got ''"),
    "a mapping": (lambda cluster: {"name": "x"}, "must yield violations or strings, got {'name': 'x'}"),
    "lines": (raising, "must not raise an exception, got ValueError: one two in test_rule_set.py:"),
    "no such property": (
        lambda cluster: cluster.value("Instances.Ec2Keyname"),
        "path must lead to a property in the EMR API, got 'Instances.Ec2Keyname'; use Ec2KeyName",
    ),
    "no such attribute": (lambda cluster: cluster.is_known("nam"), "attribute must be one of applications, "),
    "a property of a list": (
        lambda cluster: cluster.value("Steps.Name"),
        "path must lead to a property in the EMR API, got 'Steps.Name'; use Steps",
    ),
    "an item of a list": (
        lambda cluster: cluster.value("Steps[0].Nmae"),
        "path must lead to a property in the EMR API, got 'Steps[0].Nmae'; use Name",
    ),
    "no such member": (
        lambda cluster: [cluster.nodes[0].violation("x", member="InstanceTyp")],
        "path must lead to a property in the EMR API, got 'InstanceTyp'; use InstanceType",
    ),
    "a property of a subnet": (
        lambda cluster: [subnet.value("Name") for subnet in cluster.subnets],
        "path must lead to a property in the EMR API, got 'Name'; use the attributes",
    ),
}


@pytest.mark.parametrize("title", FAILURES)
def test_a_function_that_fails(title):
    find, message = FAILURES[title]
    with pytest.raises(emr.EmrError) as error:
        judged(find, template())
    assert str(error.value).startswith("rule acme-test (test_rule_set.py:")
    assert message in str(error.value)


def test_a_function_may_return_texts_or_nothing():
    assert [found.message for found in judged(lambda cluster: "a text", template())] == ["a text"]
    assert [found.message for found in judged(lambda cluster: ["a", "b"], template())] == ["a", "b"]
    assert judged(lambda cluster: None, template()) == []


STEP = {"ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "a.py"]}}


def test_a_cluster_is_joined_with_what_the_template_adds():
    more = {
        "Step": {"Type": "AWS::EMR::Step", "Properties": {"JobFlowId": {"Ref": "Cluster"}, "Name": "added", **STEP}},
        "Tasks": {
            "Type": "AWS::EMR::InstanceGroupConfig",
            "Properties": {"JobFlowId": {"Ref": "Cluster"}, "InstanceRole": "TASK", **group(Market="SPOT", count="4")},
        },
    }
    configurations = [
        {"Classification": "spark-defaults", "ConfigurationProperties": {"spark.a": "1"}},
        {"Classification": "spark-defaults", "ConfigurationProperties": {"spark.a": "2", "spark.b": "3"}},
    ]
    content = template(
        more,
        Applications=[{"Name": "Spark"}, {"Name": "Hive"}],
        Configurations=configurations,
        Steps=[{"Name": "own", **STEP}],
        LogUri="s3://logs/",
    )

    def read(cluster):
        return {
            "nodes": [(it.role, it.resource, it.count, it.uses_spot, it.is_fleet) for it in cluster.nodes],
            "types": [kind.name for it in cluster.nodes for kind in it.instance_types],
            "steps": [(it.name, it.resource, it.action_on_failure, it.jar, list(it.arguments)) for it in cluster.steps],
            "volumes": [(it.volume_type, it.size_gib, it.count) for it in cluster.nodes[0].instance_types[0].volumes],
            "applications": list(cluster.applications),
            "settings": [cluster.setting("spark-defaults", name) for name in ("spark.a", "spark.b", "spark.c")],
            "subnets": [(subnet.name, subnet.is_private) for subnet in cluster.subnets],
            "security": (
                cluster.security_configuration.encrypts_local_disks,
                cluster.security_configuration.encrypts_s3,
                cluster.security_configuration.encrypts_in_transit,
                cluster.security_configuration.requires_imdsv2,
                cluster.security_configuration.value("EncryptionConfiguration.EnableAtRestEncryption"),
            ),
            "others": (cluster.name, cluster.release_label, dict(cluster.tags), cluster.log_uri, cluster.resource),
            "value": (cluster.value("Instances.Ec2KeyName"), cluster.value("AutoTerminationPolicy.IdleTimeout")),
            "maximum": cluster.maximum_nodes,
            "machine": cluster.state_machine,
        }

    spark = ["spark-submit", "a.py"]
    assert seen(read, content) == [
        {
            "nodes": [
                ("primary", "Cluster", 1, False, False),
                ("core", "Cluster", 2, False, False),
                ("task", "Tasks", 4, True, False),
            ],
            "types": ["m7g.xlarge"] * 3,
            "steps": [
                ("own", "Cluster", "CONTINUE", "command-runner.jar", spark),
                ("added", "Step", "CONTINUE", "command-runner.jar", spark),
            ],
            "volumes": [("gp3", 64, 1)],
            "applications": ["Spark", "Hive"],
            "settings": ["2", "3", None],
            "subnets": [("PrivateSubnet", True)],
            "security": (True, False, True, False, True),
            "others": ("acme-nightly", "emr-7.14.0", {"cost-center": "4711"}, "s3://logs/", "Cluster"),
            "value": (None, 3600),
            "maximum": 7,
            "machine": "",
        }
    ]


def test_a_violation_of_an_added_step_is_at_its_resource():
    more = {"Step": {"Type": "AWS::EMR::Step", "Properties": {"JobFlowId": {"Ref": "Cluster"}, "Name": "x", **STEP}}}

    def find(cluster):
        yield from (step.violation("no", member="HadoopJarStep.Args") for step in cluster.steps)

    (found,) = judged(find, template(more))
    assert (found.resource, found.path) == ("Step", "Resources.Step.Properties.HadoopJarStep.Args")


def test_steps_of_states_belong_to_the_cluster_of_their_machine():
    step = {"Type": "Task", "Resource": "arn:aws:states:::elasticmapreduce:addStep.sync", "End": True}
    step["Parameters"] = {"ClusterId.$": "$.id", "Step": {"Name": "a", **STEP}}
    other = {**step, "Parameters": {"ClusterId.$": "$.id", "Step": {"Name": "b", **STEP}}}
    several = {**step, "Resource": "arn:aws:states:::aws-sdk:emr:addJobFlowSteps"}
    several["Parameters"] = {"JobFlowId.$": "$.id", "Steps": [{"Name": "c", **STEP}, {"Name": "d", **STEP}]}
    content = states(more={"A": step, "B": other, "C": several})
    assert seen(lambda cluster: [step.name for step in cluster.steps], content) == [["a", "b", "c", "d"]]
    found = judged(lambda cluster: (step.violation(step.name, member="Name") for step in cluster.steps), content)
    assert [(finding.message, finding.path) for finding in found] == [
        ("a", "States.A.Parameters.Step.Name"),
        ("b", "States.B.Parameters.Step.Name"),
        ("c", "States.C.Parameters.Steps[0].Name"),
        ("d", "States.C.Parameters.Steps[1].Name"),
    ]


def test_steps_of_several_clusters_belong_to_an_unknown_one():
    step = {"Type": "Task", "Resource": "arn:aws:states:::elasticmapreduce:addStep.sync", "End": True}
    step["Parameters"] = {"ClusterId.$": "$.id", "Step": {"Name": "a", **STEP}}
    content = states(more={"Other": states()["States"]["Launch"], "A": step})
    found = judged(lambda cluster: (step.violation(step.name) for step in cluster.steps), content)
    assert [finding.path for finding in found] == ["States.A.Parameters.Step"]
    assert seen(lambda cluster: cluster.is_known("name"), content) == [True, True, False]


PARTLY = {"Parameters": PARAMETERS}


def test_any_and_all_are_decided_by_known_items():
    nodes = {"MasterInstanceGroup": group(), "TaskInstanceGroups": UNKNOWN, "CoreInstanceGroup": group("c5.xlarge")}
    content = {**template(instances=nodes), **PARTLY}

    def decided(read):
        return [found.message for found in judged(lambda cluster: [str(read(cluster))], content)]

    assert decided(lambda cluster: any(it.instance_types[0].name == "c5.xlarge" for it in cluster.nodes)) == ["True"]
    assert decided(lambda cluster: any(it.instance_types[0].name == "z" for it in cluster.nodes)) == []
    assert decided(lambda cluster: all(it.instance_types[0].name == "c5.xlarge" for it in cluster.nodes)) == ["False"]
    assert decided(lambda cluster: all(it.count > 0 for it in cluster.nodes)) == []
    assert decided(lambda cluster: len(cluster.nodes)) == []
    assert decided(lambda cluster: cluster.nodes[0]) == []
    assert decided(lambda cluster: bool(cluster.nodes)) == ["True"]
    assert decided(lambda cluster: cluster.maximum_nodes) == []


def test_known_values_of_partly_unknown_tags():
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": UNKNOWN}]
    whole = {**template(Tags=tags), **PARTLY}
    open_ = {**template(Tags=[*tags, {"Key": UNKNOWN, "Value": "c"}]), **PARTLY}

    def decided(read, content):
        return [found.message for found in judged(lambda cluster: [str(read(cluster.tags))], content)]

    assert decided(lambda tags: tags["a"], whole) == decided(lambda tags: tags["a"], open_) == ["1"]
    assert decided(lambda tags: "b" in tags, whole) == decided(lambda tags: "b" in tags, open_) == ["True"]
    assert decided(lambda tags: tags["b"], whole) == []
    assert decided(lambda tags: "c" in tags, whole) == ["False"]
    assert decided(lambda tags: "c" in tags, open_) == []
    assert decided(lambda tags: tags.get("c"), whole) == ["None"]
    assert decided(lambda tags: tags.get("c"), open_) == []
    assert decided(sorted, whole) == ["['a', 'b']"]
    assert decided(len, open_) == []


def test_what_is_known():
    nodes = {"MasterInstanceGroup": group(), "CoreInstanceGroup": group(UNKNOWN)}
    content = {**template(instances=nodes, Name=UNKNOWN, SecurityConfiguration="elsewhere"), **PARTLY}
    names = ("name", "release_label", "nodes", "tags", "security_configuration", "maximum_nodes")
    expected = [False, True, True, True, False, True]
    assert seen(lambda cluster: [cluster.is_known(name) for name in names], content)[0] == expected
    assert seen(lambda cluster: [it.instance_types[0].is_known("name") for it in cluster.nodes], content) == [
        [True, False]
    ]


def test_a_rule_goes_on_after_an_unknown_part():
    nodes = {
        "MasterInstanceFleet": fleet(UNKNOWN, "c4.xlarge", units=1),
        "CoreInstanceFleet": fleet("c5.xlarge", units=UNKNOWN),
    }

    def find(cluster):
        for part in cluster.nodes:
            for kind in part.instance_types:
                if kind.name.startswith("c"):
                    yield kind.violation(kind.name)
        if len(cluster.nodes) < 5:
            yield "few"

    found = judged(find, {**template(instances=nodes), **PARTLY})
    assert [finding.message for finding in found] == ["c4.xlarge", "c5.xlarge"]


def test_a_rule_that_catches_exceptions_does_not_judge_unknown_values():
    def find(cluster):
        try:
            name = cluster.name
        except Exception:
            name = ""
        if not name:
            yield "no name"

    assert judged(find, {**template(Name=UNKNOWN), **PARTLY}) == []
    assert [found.message for found in judged(find, template(Name=None))] == ["no name"]


def test_findings_that_a_resource_acknowledges_are_not_reported():
    content = template(Name="other")
    rules = emr.RuleSet(emr.Policies.tags("team"))
    assert len(rules.check(content)) == 1
    accepted = [{"id": "company-tags", "reason": "none"}]
    content["Resources"]["Cluster"]["Metadata"] = {"emr-constructs": {"acknowledge": accepted}}
    assert rules.check(content) == []


def test_requests_of_parts_are_partly_unknown():
    content = request(Instances=None)
    assert seen(lambda cluster: cluster.name, content) == ["acme-nightly"]
    assert seen(lambda cluster: len(cluster.nodes), content) == []


def test_values_of_fleets_volumes_and_nested_configurations():
    volume = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 64, "Iops": 4000, "Throughput": 250}}
    kind = {
        "InstanceType": "m7g.xlarge",
        "WeightedCapacity": 4,
        "EbsConfiguration": {"EbsBlockDeviceConfigs": [{**volume, "VolumesPerInstance": 2}]},
    }
    nodes = {
        "MasterInstanceFleet": fleet("m7g.xlarge", units=1, Name="first"),
        "CoreInstanceFleet": fleet(kind, units=3, TargetSpotCapacity=6),
    }
    nested = [{"Classification": "export", "ConfigurationProperties": {"A": "1"}}]
    content = template(instances=nodes, Configurations=[{"Classification": "spark-env", "Configurations": nested}])

    def read(cluster):
        (volumes,) = cluster.nodes[1].instance_types[0].volumes
        return (
            [(it.name, it.count, it.maximum_count, it.uses_spot) for it in cluster.nodes],
            (volumes.volume_type, volumes.size_gib, volumes.iops, volumes.throughput_mibps, volumes.count),
            [dict(inner.properties) for outer in cluster.configurations for inner in outer.configurations],
            cluster.value("Instances.InstanceFleets")[0]["Name"],
            cluster.value("Configurations")[0]["Configurations"][0]["Properties"],
        )

    assert seen(read, content) == [
        (
            [("first", 1, 1, False), (None, 9, 3, True)],
            ("gp3", 64, 4000, 250, 2),
            [{"A": "1"}],
            "first",
            {"A": "1"},
        )
    ]


@pytest.mark.parametrize(
    ("read", "change"),
    [
        (lambda cluster: cluster.value("Tags"), {"Tags": [{"Key": "a", "Value": UNKNOWN}]}),
        (lambda cluster: cluster.value("Tags"), {"Tags": [{"Fn::Transform": {"Name": "AWS::Include"}}]}),
        (lambda cluster: cluster.name, {"Name": ["a"]}),
        (lambda cluster: [subnet.name for subnet in cluster.subnets], {"instances": {"Ec2SubnetId": UNKNOWN}}),
        (lambda cluster: list(cluster.steps), {"Steps": {"a": 1}}),
        (lambda cluster: list(cluster.applications), {"Applications": [{"Name": UNKNOWN}]}),
        (
            lambda cluster: cluster.setting("a", "b"),
            {"Configurations": [{"Classification": "a", "ConfigurationProperties": UNKNOWN}]},
        ),
        (
            lambda cluster: [nodes.role for nodes in cluster.nodes],
            {"instances": {"InstanceCount": UNKNOWN, "MasterInstanceType": UNKNOWN, "Fn::Transform": {}}},
        ),
    ],
)
def test_reading_an_unknown_value_interrupts_the_rule(read, change):
    content = {**template(**change), **PARTLY}
    assert judged(lambda cluster: [str(read(cluster))], content) == []


def test_rejects_what_is_no_function():
    with pytest.raises(emr.EmrError, match="find must be a function of a cluster, got 'x'; use def find"):
        emr.Policy("x", "X must hold.", "fix it", "x")
