"""Requests of clusters: findings are located in the cluster."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from emr_constructs import EmrError
from emr_constructs.clusters.launch_request import check_launch
from tests.rules.cases.parts import MASTER, cluster, group, groups


def test_an_error_is_located_in_the_cluster():
    instances = groups(MASTER, group(), TerminationProtected=True, Ec2SubnetId="net")
    launch = {"Cluster": cluster(Name="a|b", instances=instances)}
    with pytest.raises(EmrError) as error:
        check_launch(launch, cdk.Stack(cdk.App(), "Test"))
    assert {(finding.rule, finding.path) for finding in error.value.findings} == {
        ("emr-subnet-id", "Instances.Ec2SubnetId"),
        ("emr-cluster-name", "Name"),
    }
    name, subnet = sorted(error.value.problems, key=lambda problem: problem.startswith("Instances"))
    assert name.startswith("cluster name must")
    assert subnet.startswith("Instances: a subnet must be specified by its ID")
