from __future__ import annotations

import pytest

from emr_constructs import EmrError
from emr_constructs.rules import all_rules, check, enforce
from tests.rules.cases.parts import cluster, group, groups

RULES = {rule.id: rule for rule in all_rules()}


def found(shape, value, rule, **options):
    return [finding for finding in check(shape, value, **options) if finding.rule == rule]


@pytest.mark.parametrize(("hours", "is_found"), [(0, True), (1, False), (24, False), (None, False)])
def test_a_range_without_an_upper_bound(hours, is_found):
    kdc = {"TicketLifetimeInHours": hours}
    assert bool(found("ClusterDedicatedKdcConfiguration", kdc, "emr-kerberos-ticket-lifetime")) is is_found


@pytest.mark.parametrize(("seconds", "is_found"), [(59, True), (60, False), (604800, False), (604801, True)])
def test_a_range_includes_its_bounds(seconds, is_found):
    assert bool(found("AutoTerminationPolicy", {"IdleTimeout": seconds}, "emr-idle-timeout")) is is_found


def test_a_range_applies_only_when_its_condition_holds():
    gp2 = {"VolumeType": "gp2", "SizeInGB": 10, "Throughput": 1}
    assert not found("VolumeSpecification", gp2, "emr-volume-throughput")
    assert found("VolumeSpecification", {**gp2, "VolumeType": "gp3"}, "emr-volume-throughput")


def test_a_message_is_the_statement_with_the_value():
    (finding,) = found("RunJobFlowInput", cluster(StepConcurrencyLevel=0), "emr-step-concurrency")
    assert finding.message == "step concurrency level must be 1 to 256, got 0"
    assert RULES["emr-step-concurrency"].statement == "The step concurrency level must be 1 to 256."


def test_names_are_compared_without_case_only_if_declared():
    applications = cluster(Applications=[{"Name": "Spark"}, {"Name": "SPARK"}])
    configurations = cluster(Configurations=[{"Classification": "a"}, {"Classification": "A"}])
    assert found("RunJobFlowInput", applications, "emr-application-repeated")
    assert not found("RunJobFlowInput", configurations, "emr-classification-repeated")


def test_each_repeated_name_is_one_finding():
    parts = [group("MASTER"), *(group("TASK", Name=name) for name in "bbbaa")]
    messages = [it.message for it in found("JobFlowInstancesConfig", groups(*parts), "emr-group-name-repeated")]
    assert messages == [
        "names of task instance groups must be unique, got 'a' 2 times",
        "names of task instance groups must be unique, got 'b' 3 times",
    ]


def test_a_fix_has_the_words_of_a_template_or_of_the_library():
    request = cluster(instances=groups(group("MASTER", InstanceCount=3), KeepJobFlowAliveWhenNoSteps=False))
    (in_template,) = found("RunJobFlowInput", request, "emr-ha-termination")
    (in_library,) = found("RunJobFlowInput", request, "emr-ha-termination", in_library=True)
    assert in_template.fix == "set KeepJobFlowAliveWhenNoSteps to true and remove AutoTerminationPolicy"
    assert in_library.fix == "use Termination.manual(protected=True)"


def test_a_value_is_only_rejected_if_it_is_malformed():
    enforce("InstanceGroupConfig", group("MASTER", InstanceCount=2))
    enforce("InstanceGroupConfig", group("NEW"))
    with pytest.raises(EmrError, match="custom AMI must be the ID of an AMI, got 'latest'"):
        enforce("InstanceGroupConfig", group("MASTER", CustomAmiId="latest"))
    with pytest.raises(EmrError, match="must be a whole number, got '2'"):
        enforce("InstanceGroupConfig", group("MASTER", InstanceCount="2"))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_fix_for_a_template_does_not_mention_the_library(rule):
    assert not [word for word in ("Termination.", "ActionOnFailure.", "cluster.add_step", "(...)") if word in rule.fix]
