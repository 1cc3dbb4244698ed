"""What the rules of ``emr_constructs.rules.security_groups`` reject, and what they accept instead."""

from __future__ import annotations

from typing import Any

from .parts import Case, ingress, opened, security_groups


def node_group(*egress: dict[str, Any]) -> dict[str, Any]:
    return {"LogicalId": "Core", "Nodes": "core and task", "Ingress": [], "Egress": list(egress)}


CASES = [
    # Security groups and their rules in the same template
    Case("emr-service-access-port", "ClusterNetwork", security_groups([ingress(8443, Source="Master")]),
         "service-access security group must allow TCP 9443 from the security group of the primary node, because EMR "
         "doesn't add the rule, got none in 'ServiceAccess'",
         security_groups([ingress(9443, Source="Master")])),
    Case("emr-service-access-missing", "ClusterNetwork",
         {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": True},
         "managed security groups in a private subnet require a service-access security group",
         {"ReleaseLabel": "emr-7.14.0", "IsPrivate": True, "HasManagedGroups": False}),
    Case("emr-service-access-shared", "ClusterNetwork",
         security_groups([ingress(9443, Source="Master")], Groups=[{"LogicalId": "ServiceAccess", "Nodes": "master"}]),
         "service-access security group must not be used for nodes, got 'ServiceAccess' also for the primary nodes",
         security_groups([ingress(9443, Source="Master")])),
    Case("emr-public-ingress", "ClusterNetwork", opened("0.0.0.0/0"),
         "security groups of nodes must not allow ingress from any address, which EMR blocks in public subnets for all "
         "ports but 22, got port 8080 in 'Master' of the primary nodes",
         opened("10.0.0.0/8")),
    Case("emr-public-ingress", "ClusterNetwork", opened("::/0"),
         "security groups of nodes must not allow ingress from any address, which EMR blocks in public subnets for all "
         "ports but 22, got port 8080 in 'Master' of the primary nodes",
         {**opened("::/0"), "IsPrivate": True}),
    Case("emr-node-egress", "ClusterNetwork",
         {"Groups": [node_group({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443})]},
         "because EMR adds only ingress rules, got none for TCP 8032 in 'Core' of the core and task nodes",
         {"Groups": [node_group({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})]}),
    Case("emr-node-egress", "ClusterNetwork", {"Groups": [node_group()]}, "in 'Core'",
         {"Groups": [node_group({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "Source": "Core"})]}),
]  # fmt: skip
