from __future__ import annotations

import pytest

from emr_constructs import StudioSecurityGroups
from tests.tools import imported_vpc, new_stack, resources, rules, synthesize

TAG = {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"}


def make(**options):
    stack = new_stack()
    StudioSecurityGroups(stack, "Groups", vpc=imported_vpc(stack), **options)
    return synthesize(stack)


@pytest.fixture(scope="module")
def template():
    return make()


def named(found):
    short = {True: "engine", False: "workspace"}
    return {
        (direction, ports, short["Engine" in group], peer if "/" in peer else short["Engine" in peer])
        for direction, ports, group, peer in found
    }


def test_rules_are_those_that_emr_asks_for(template):
    assert named(rules(template)) == {
        ("Ingress", "tcp 18888-18888", "engine", "workspace"),
        ("Egress", "tcp 18888-18888", "workspace", "engine"),
        ("Egress", "tcp 443-443", "workspace", "0.0.0.0/0"),
    }


def test_without_git_nothing_goes_to_the_internet():
    found = named(rules(make(git_repositories=False)))
    assert [peer for *_, peer in found if "/" in peer] == []
    assert len(found) == 2


def test_nothing_else_is_let_in_or_out(template):
    for group in resources(template, "AWS::EC2::SecurityGroup").values():
        assert "SecurityGroupIngress" not in group["Properties"]
        assert [rule["CidrIp"] for rule in group["Properties"]["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_groups_have_the_tag_and_rules_a_description(template):
    groups = resources(template, "AWS::EC2::SecurityGroup").values()
    assert [group["Properties"]["Tags"] for group in groups] == [[TAG], [TAG]]
    for kind in ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        assert all(rule["Properties"]["Description"] for rule in resources(template, kind).values())
