"""Where findings are: at the property that they are about, or at the structure that lacks it."""

from __future__ import annotations

import re

import pytest

from emr_constructs.rules import check
from emr_constructs.rules.explanations import explanations
from tests.rules.cases import CASES
from tests.rules.cases.parts import CORE, MASTER, cluster, group, groups
from tests.rules.examples import findings_of

NAMES = [f"{case.rule}-{number}" for number, case in enumerate(CASES)]
FACTS = "the part consists of facts about a template; the checker of templates names the property"
LACKS = "the part lacks what the rule requires"
AT_THE_PART = {
    "emr-added-step-failure": FACTS,
    "emr-added-step-runtime-role": FACTS,
    "emr-added-to-ending-cluster": FACTS,
    "emr-api-gateway-endpoint": FACTS,
    "emr-at-rest-empty": LACKS,
    "emr-auto-scaling-role-trust": FACTS,
    "emr-bucket-reference": FACTS,
    "emr-certificate-provider": LACKS,
    "emr-classification-missing": LACKS,
    "emr-circular-dependency": FACTS,
    "emr-cluster-reference": FACTS,
    "emr-ha-public-addresses": FACTS,
    "emr-identity-center-source": LACKS,
    "emr-instance-profile-role-name": FACTS,
    "emr-instance-profile-roles": FACTS,
    "emr-instance-role-trust": FACTS,
    "emr-kerberos-both-sides": LACKS,
    "emr-kerberos-ha": LACKS,
    "emr-kerberos-provider": LACKS,
    "emr-key-reference": FACTS,
    "emr-lake-formation-catalog": LACKS,
    "emr-list-reference": FACTS,
    "emr-local-disk-provider": LACKS,
    "emr-managed-policy-name": FACTS,
    "emr-managed-policy-tag": LACKS,
    "emr-missing-property": LACKS,
    "emr-name-not-reference": FACTS,
    "emr-network-reference": FACTS,
    "emr-no-route-to-s3": FACTS,
    "emr-no-subnet": LACKS,
    "emr-node-egress": FACTS,
    "emr-parameter-default": FACTS,
    "emr-parameter-type": FACTS,
    "emr-pass-role": FACTS,
    "emr-placeholder": FACTS,
    "emr-placeholder-argument": FACTS,
    "emr-placement-group-role": FACTS,
    "emr-profile-reference": FACTS,
    "emr-public-ingress": FACTS,
    "emr-release-label-missing": LACKS,
    "emr-repeated-item": FACTS,
    "emr-repeated-key": FACTS,
    "emr-role-mappings-emrfs": LACKS,
    "emr-role-policy-of-another": FACTS,
    "emr-role-reference": FACTS,
    "emr-role-source-arn": FACTS,
    "emr-role-without-policies": FACTS,
    "emr-s3-encryption-provider": LACKS,
    "emr-security-configuration-reference": FACTS,
    "emr-service-access-missing": LACKS,
    "emr-service-access-port": FACTS,
    "emr-service-access-shared": FACTS,
    "emr-service-role-trust": FACTS,
    "emr-several-vpcs": FACTS,
    "emr-state-never-terminated": FACTS,
    "emr-state-protected-cluster": FACTS,
    "emr-state-step-not-awaited": FACTS,
    "emr-studio-engine-port": FACTS,
    "emr-studio-mapping-mode": FACTS,
    "emr-studio-reference": FACTS,
    "emr-studio-role-trust": FACTS,
    "emr-studio-workspace-egress": FACTS,
    "emr-subnet-addresses": FACTS,
    "emr-subnets-mixed": FACTS,
    "emr-task-fleet-capacity": LACKS,
    "emr-unknown-reference": FACTS,
    "emr-unordered-resources": LACKS,
    "emr-vpc-dns": FACTS,
    "emr-vpc-private-addresses": FACTS,
}
# A launch consists of a cluster and its security configuration.
ROOTS = ("", "Cluster")


def found(case):
    return [finding.path for finding in check(case.shape, case.refused) if finding.rule == case.rule]


def exists(value, path):
    """Whether a path leads to something, if no key begins like another one."""
    if not path:
        return True
    if isinstance(value, dict):
        return any(
            exists(item, path[len(key) :].removeprefix("."))
            for key, item in value.items()
            if path == key or path.startswith((f"{key}.", f"{key}["))
        )
    match = re.match(r"\[(\d+)\]\.?", path)
    return bool(match) and int(match[1]) < len(value) and exists(value[int(match[1])], path[match.end() :])


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_finding_is_at_something_that_exists(case):
    assert [path for path in found(case) if not exists(case.refused, path)] == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_finding_names_a_property(case):
    assert case.rule in AT_THE_PART or not set(found(case)) & set(ROOTS)


@pytest.mark.parametrize("rule", [rule for rule, reason in AT_THE_PART.items() if reason == FACTS])
def test_the_checker_of_templates_names_a_property(rule):
    found = [finding.path for finding in findings_of(explanations()[rule].wrong)]
    assert found
    assert [path for path in found if re.fullmatch(r"Resources\.\w+(\.Properties(\.Instances)?)?|", path)] == []


def test_every_exception_is_one():
    assert {case.rule for case in CASES if set(found(case)) & set(ROOTS)} == set(AT_THE_PART)


def paths(shape, value, rule):
    return [finding.path for finding in check(shape, value) if finding.rule == rule]


def configured(name, **properties):
    return {"Configurations": [{"Classification": name, "Properties": properties}]}


TAGS = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]
SUBMIT = ["spark-submit", "--executor-memory", "4 gigs", "--conf", "spark.executor.cores=many", "s3://b/a.py"]


@pytest.mark.parametrize(
    ("request_", "rule", "expected"),
    [
        # Plain constraints know their member.
        (cluster(StepConcurrencyLevel=300), "emr-step-concurrency", ["StepConcurrencyLevel"]),
        (cluster(Name="a|b"), "emr-cluster-name", ["Name"]),
        (cluster(Tags=TAGS), "emr-tag-repeated", ["Tags[2].Key"]),
        (cluster(Tags=TAGS * 20), "emr-tag-count", ["Tags"]),
        (cluster(ReleaseLabel="emr-5.6.0", CustomAmiId="ami-01234567"), "emr-custom-ami-release", ["ReleaseLabel"]),
        (cluster(Placement=1), "emr-unknown-property", ["Placement"]),
        (cluster(Name=1), "emr-type", ["Name"]),
        # Keys of mappings are kept whole.
        (cluster(**configured("spark-defaults", **{"spark.executor.memory": "4 gigs", "spark": "x"})),
         "emr-spark-value", ["Configurations[0].Properties.spark.executor.memory"]),
        (cluster(**configured("spark-defaults", **{"spark.executor.memory": 4})), "emr-type",
         ["Configurations[0].Properties.spark.executor.memory"]),
        (cluster(**configured("spark-defualts")), "emr-classification-unknown", ["Configurations[0].Classification"]),
        # Items of lists, also after unknown ones.
        (cluster(instances=groups(MASTER, {"Ref": "Core"}, group(InstanceCount=0))), "emr-core-count",
         ["Instances.InstanceGroups[2].InstanceCount"]),
        (cluster(instances=groups(MASTER, CORE, group("TASK"), group("TASK", Name="b"))), "emr-group-name-missing",
         ["Instances.InstanceGroups[2]"]),
        (cluster(Steps=[{"Name": "s", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": SUBMIT}}]),
         "emr-spark-value", ["Steps[0].HadoopJarStep.Args[1]", "Steps[0].HadoopJarStep.Args[4]"]),
        # What is missing is reported at what lacks it.
        (cluster(AutoTerminationPolicy={"IdleTimeout": 3600}), "emr-ends-at-once", ["Instances"]),
    ],
)  # fmt: skip
def test_the_place_of_each_kind(request_, rule, expected):
    request_["Instances"].pop("KeepJobFlowAliveWhenNoSteps", None)
    assert paths("RunJobFlowInput", request_, rule) == expected


def test_a_message_of_the_model_names_a_whole_key():
    request = cluster(**configured("spark-defaults", **{"spark.executor.memory": 4}))
    (finding,) = [finding for finding in check("RunJobFlowInput", request) if finding.rule == "emr-type"]
    assert finding.message.startswith("spark.executor.memory must be a string")


def test_the_library_shows_the_structure_because_the_message_names_the_property():
    request = cluster(Name="a|b", instances=groups(MASTER, group(InstanceCount=0)))
    texts = [str(finding) for finding in check("RunJobFlowInput", request, in_library=True)]
    assert any(text.startswith("cluster name must") for text in texts)
    assert any(text.startswith("Instances.InstanceGroups[1]: instance count of the core") for text in texts)
