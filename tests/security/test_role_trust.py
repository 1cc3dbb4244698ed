"""Roles of the app that are passed to a profile must trust the services that assume them."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam

import emr_constructs as emr
from tests.tools import imported_vpc, new_stack, synthesize, warnings

EMR, EC2 = (iam.ServicePrincipal(f"{name}.amazonaws.com") for name in ("elasticmapreduce", "ec2"))


def profile(stack, *, service=EMR, nodes=EC2):
    role = iam.Role(stack, "Service", assumed_by=service)
    instance = iam.InstanceProfile(stack, "Nodes", role=iam.Role(stack, "NodeRole", assumed_by=nodes))
    return emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), service_role=role, instance_profile=instance)


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ({"service": EC2},
         r"\[.*Profile\] service role of a cluster must trust elasticmapreduce.amazonaws.com, got ec2.amazonaws.com in "
         r"role '.*Service'; use iam.Role\(..., assumed_by=iam.ServicePrincipal\('elasticmapreduce.amazonaws.com'\)\)"),
        ({"nodes": EMR},
         r"\[.*Profile\] instance role of a cluster must trust ec2.amazonaws.com, got elasticmapreduce.amazonaws.com"),
    ],
)  # fmt: skip
def test_rejects_roles_for_other_services(roles, says):
    stack = new_stack()
    profile(stack, **roles)
    with pytest.raises(RuntimeError, match=says):
        synthesize(stack)


def test_accepts_roles_for_their_services_and_acknowledged_ones():
    stack = new_stack()
    profile(stack, service=iam.CompositePrincipal(EMR, iam.AccountRootPrincipal()))
    emr.acknowledge(stack, "emr-instance-role-trust", reason="another stack changes it")
    synthesize(stack)
    assert not [text for text in warnings(stack) if "trust" in text]


def test_warns_about_a_condition_that_never_holds():
    stack = new_stack()
    never = {"StringEquals": {"aws:SourceArn": "arn:aws:elasticmapreduce:*:111111111111:*"}}
    profile(stack, service=EMR.with_conditions(never))
    synthesize(stack)
    assert any("StringEquals compares every character" in text for text in warnings(stack))
