"""The tables of docs/network.md are those of the templates."""

from __future__ import annotations

import re

from tests.test_costs import snapshot, table
from tests.tools import PROJECT, resources, rules

PAGE = (PROJECT / "docs" / "network.md").read_text()
GROUPS = {"primary": "Master", "core": "Core", "service access": "ServiceAccess"}
PORTS = {"ICMP, all": "icmp -1--1", "TCP 0-65535": "tcp 0-65535", "UDP 0-65535": "udp 0-65535"}


def ports(text):
    return PORTS.get(text) or f"tcp {text.removeprefix('TCP ')}-{text.removeprefix('TCP ')}"


def listed():
    """The rules of the page, as :func:`rules` has those of a template."""
    directions = {"inbound": "Ingress", "outbound": "Egress"}
    return [
        (directions[direction], ports(traffic), GROUPS[group], GROUPS[other])
        for group, direction, traffic, other, reason in table(PAGE, "Security group rules")[1:]
        if reason
    ]


def test_the_page_lists_all_rules():
    found = rules(snapshot("example[quickstart]"))
    assert sorted(listed()) == sorted(found)
    assert f"has {len(found)} rules" in PAGE
    public = rules(snapshot("example[public_subnet]"))
    assert f"Public subnets have {len(public)} rules" in PAGE
    assert public == {rule for rule in found if "ServiceAccess" not in rule}


def test_the_picture_shows_the_ports_of_the_rules():
    nodes = {"access": "ServiceAccess", "primary": "Master", "core": "Core"}
    drawn = {
        (nodes[source], f"tcp {port}-{port}", nodes[target])
        for source, port, target in re.findall(r'^  (\w+) -- "TCP (\d+)" --> (\w+)$', PAGE, re.MULTILINE)
        if target in nodes
    }
    template = rules(snapshot("example[quickstart]"))
    inbound = {(source, port, to) for direction, port, to, source in template if direction == "Ingress"}
    assert drawn == {rule for rule in inbound if rule[1].endswith("443")}


def test_the_page_lists_all_interface_endpoints():
    endpoints = resources(snapshot("stack[EmrNetwork-production-aws]"), "AWS::EC2::VPCEndpoint").values()
    found = {
        endpoint["Properties"]["ServiceName"].rpartition(".")[2]
        for endpoint in endpoints
        if endpoint["Properties"]["VpcEndpointType"] == "Interface"
    }
    names = [name for row in table(PAGE, "VPC endpoints")[1:] for name in re.findall(r"`([\w]+)`", row[0])]
    assert sorted(names) == sorted(found)
