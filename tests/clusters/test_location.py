"""Where clusters run: combinations of arguments, and clusters without a VPC or in some subnets of a profile."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from emr_constructs import (
    Cluster,
    ClusterDefinition,
    ClusterProfile,
    ClusterSecurityGroups,
    EmrError,
    InstanceFleet,
    InstanceFleets,
    ReleaseLabel,
    Script,
    Step,
    TransientCluster,
)
from emr_constructs.clusters.location import ClusterLocation
from emr_constructs.templates.checking import check_template
from tests.tools import imported_vpc, new_app, new_stack, only, resources, rules, synthesize, warnings

FLEETS = InstanceFleets(
    master=InstanceFleet.on_demand("m7g.xlarge", units=1), core=InstanceFleet.on_demand("m7g.xlarge", units=2)
)
WAIT = Step.custom("Wait", command=["true"])
RELEASE_8 = ReleaseLabel.EMR_SPARK_8_1_0


def given_groups(stack, *, service_access=True):
    group = ec2.SecurityGroup.from_security_group_id
    return ClusterSecurityGroups.from_security_groups(
        master=group(stack, "Master", "sg-1"),
        core=group(stack, "Core", "sg-2"),
        service_access=group(stack, "Service", "sg-3") if service_access else None,
    )


def location(vpc=None, vpc_subnets=None, subnets=None, public=None, security_groups=None):
    return ClusterLocation(vpc, vpc_subnets, subnets, public, security_groups)


VPC, SELECTION, SUBNETS = object(), object(), ["subnet-1"]


class TestCombinations:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"vpc": VPC, "subnets": SUBNETS}, "subnets can't be combined with vpc; pass vpc_subnets=ec2.Sub"),
            (
                {"vpc": VPC, "subnets": SUBNETS, "public": True},
                "subnets can't be combined with vpc; pass vpc_subnets=e",
            ),
            ({"subnets": SUBNETS}, "subnets requires public, because .*; pass public=True or public=False"),
            (
                {"subnets": SUBNETS, "public": True, "vpc_subnets": SELECTION},
                "vpc_subnets can't be combined with subnets",
            ),
            ({"vpc_subnets": SELECTION}, "vpc_subnets requires vpc; pass the VPC of the subnets"),
            (
                {"vpc": VPC, "public": True},
                "public requires subnets or vpc_subnets; pass one of them, such as vpc_subnets",
            ),
        ],
    )
    def test_without_a_profile(self, arguments, message):
        (found,) = location(**arguments).errors()
        with pytest.raises(EmrError, match=message):
            raise EmrError(found)

    @pytest.mark.parametrize(
        "arguments",
        [
            {"vpc": VPC},
            {"vpc": VPC, "vpc_subnets": SELECTION},
            {"vpc": VPC, "vpc_subnets": SELECTION, "public": False},
            {"subnets": SUBNETS, "public": False},
        ],
    )
    def test_accepted_without_a_profile(self, arguments):
        assert list(location(**arguments).errors()) == []

    def test_with_a_profile(self):
        assert list(location(subnets=SUBNETS).errors_with_profile()) == []
        given = location(vpc=VPC, vpc_subnets=SELECTION, subnets=SUBNETS, public=True, security_groups=VPC)
        assert list(given.errors_with_profile()) == [
            "specify exactly one of vpc and profile, got both",
            "vpc_subnets can't be combined with profile; pass it to the profile, or pass some subnets of the "
            "profile in subnets",
            "public can't be combined with profile; pass it to the profile",
            "security_groups can't be combined with profile; pass it to the profile",
        ]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({}, "specify exactly one of vpc and subnets, got neither"),
            (
                {"subnets": "subnet-1", "public": True},
                r"subnets must be a list of .*, got 'subnet-1'; use \['subnet-1'\]",
            ),
            ({"subnets": [1], "public": True}, r"subnets\[0\] must be an ec2.ISubnet or a string, got 1"),
            ({"subnets": SUBNETS, "public": "no"}, "public must be a boolean, got 'no'; use True or False"),
            (
                {"subnets": SUBNETS, "public": True},
                r"security groups can't be created for subnets without their VPC; pass security_groups=.*from_security_"
                r"groups\(...\), or .*emr_managed\(\), or vpc and vpc_subnets instead of subnets",
            ),
        ],
    )
    def test_of_a_profile(self, stack, arguments, message):
        with pytest.raises(EmrError, match=message) as error:
            ClusterProfile(stack, "Profile", **arguments)
        assert error.value.path == "Test/Profile"

    @pytest.mark.parametrize("kind", [Cluster, TransientCluster])
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"subnets": SUBNETS}, "subnets requires public"),
            ({"subnets": "subnet-1", "public": True}, "subnets must be a list of"),
            ({"subnets": SUBNETS, "public": 1}, "public must be a boolean, got 1"),
            ({"subnets": SUBNETS, "public": True, "security_groups": "sg-1"}, "security_groups must be an IClusterSec"),
            ({"subnets": SUBNETS, "public": True}, "security groups can't be created for subnets without their VPC"),
        ],
    )
    def test_of_clusters(self, stack, kind, arguments, message):
        options = {"workflow": [WAIT]} if kind is TransientCluster else {}
        with pytest.raises(EmrError, match=message) as error:
            kind(stack, "Cluster", **arguments, **options)
        assert error.value.path.startswith("Test/Cluster")

    @pytest.mark.parametrize("name", ["subnets", "public", "vpc", "vpc_subnets", "security_groups"])
    def test_a_definition_names_the_construct_that_they_belong_to(self, name):
        with pytest.raises(EmrError, match=f"{name} belongs to ClusterProfile"):
            ClusterDefinition(**{name: "x"})


@pytest.fixture(scope="module")
def without_vpc():
    """Clusters in subnets of a parameter."""
    app = new_app()
    stack = new_stack(app)
    subnets = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list
    role = iam.Role.from_role_arn(stack, "ServiceRole", "arn:aws:iam::111111111111:role/emr")
    profile = ClusterProfile(
        stack, "Profile", subnets=subnets, public=False, security_groups=given_groups(stack), service_role=role
    )
    Cluster(stack, "Groups", profile=profile, release_label=RELEASE_8)
    Cluster(stack, "Fleets", profile=profile, instances=FLEETS)
    Cluster(stack, "One", profile=profile, subnets=[cdk.Fn.select(1, subnets)])
    steps = [Step.spark("Job", script=Script.from_uri("s3://code/job.py"))]
    options = {"applications": ["Spark"], "workflow": steps, "topic": None}
    TransientCluster(stack, "TransientGroups", profile=profile, **options)
    TransientCluster(stack, "TransientFleets", profile=profile, instances=FLEETS, **options)
    return stack, synthesize(stack)


def subnets_of(cluster):
    return {name: value for name, value in cluster["Instances"].items() if name.startswith("Ec2Subnet")}


def instances_of(template, name, token, value):
    """The instances that a state machine launches, where ``token`` is ``value``."""
    _, parts = only(template, "AWS::StepFunctions::StateMachine", name)["DefinitionString"]["Fn::Join"]
    states = json.loads("".join(value if part == token else str(part) for part in parts))["States"]
    (launch,) = (state for state in states.values() if str(state.get("Resource")).endswith(":runJobFlow"))
    return launch["Arguments"]["Instances"]


class TestWithoutAVpc:
    def test_clusters_of_cloudformation(self, without_vpc):
        _, template = without_vpc
        assert subnets_of(only(template, "AWS::EMR::Cluster", "Groups")) == {
            "Ec2SubnetId": {"Fn::Select": [0, {"Ref": "Subnets"}]}
        }
        assert subnets_of(only(template, "AWS::EMR::Cluster", "Fleets")) == {"Ec2SubnetIds": {"Ref": "Subnets"}}
        assert subnets_of(only(template, "AWS::EMR::Cluster", "One")) == {
            "Ec2SubnetId": {"Fn::Select": [1, {"Ref": "Subnets"}]}
        }

    def test_clusters_of_step_functions(self, without_vpc):
        _, template = without_vpc
        first, joined = {"Fn::Select": [0, {"Ref": "Subnets"}]}, {"Fn::Join": ['","', {"Ref": "Subnets"}]}
        assert instances_of(template, "TransientGroupsJobS", first, "subnet-1")["Ec2SubnetId"] == "subnet-1"
        for ids in (["subnet-1"], ["subnet-1", "subnet-2"]):
            assert instances_of(template, "TransientFleetsJobS", joined, '","'.join(ids))["Ec2SubnetIds"] == ids

    def test_the_definition_needs_no_custom_resource(self, without_vpc):
        _, template = without_vpc
        assert not [kind for kind in {found["Type"] for found in template["Resources"].values()} if "Custom" in kind]

    def test_nothing_is_created_in_the_network(self, without_vpc):
        stack, template = without_vpc
        assert not [found for found in template["Resources"].values() if found["Type"].startswith("AWS::EC2::")]
        assert rules(template) == set()
        assert not [found for found in warnings(stack) if "untagged" in found]

    def test_the_command_line_accepts_the_template(self, without_vpc):
        _, template = without_vpc
        assert [found for found in check_template(template) if "ubnet" in found.path] == []


class TestWarnings:
    def test_the_service_role_requires_tags_on_the_subnets_and_for_8_on_their_vpc(self, stack):
        profile = ClusterProfile(
            stack, "Profile", subnets=["subnet-1", "subnet-2"], public=False, security_groups=given_groups(stack)
        )
        Cluster(stack, "Cluster", profile=profile, release_label=RELEASE_8)
        subnets, groups, vpc = (
            next(found for found in warnings(profile) if f"emr-untagged-{what}" in found)
            for what in ("subnets", "security-groups", "vpc")
        )
        assert "this app: subnet-1, subnet-2; tag them" in subnets
        assert "this app: sg-1, sg-2, sg-3; tag them" in groups
        assert "this app: the VPC of subnet-1, subnet-2; tag them" in vpc

    def test_a_token_is_no_name(self, stack):
        subnets = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list
        ClusterProfile(
            stack, "Profile", subnets=subnets, public=True, security_groups=given_groups(stack, service_access=False)
        )
        (found,) = (found for found in warnings(stack) if "emr-untagged-subnets" in found)
        assert "IDs known at deployment" in found


class TestSecurityGroups:
    def test_groups_with_a_vpc_know_the_address_range_that_8_requires(self):
        stack = new_stack()
        groups = ClusterSecurityGroups(stack, "SecurityGroups", vpc=imported_vpc(stack))
        Cluster(
            stack, "Cluster", subnets=["subnet-aaaa"], public=False, security_groups=groups, release_label=RELEASE_8
        )
        assert ("Ingress", "tcp 443-443", "ServiceAccess", "10.1.0.0/16") in rules(synthesize(stack))

    def test_the_kind_of_the_subnets_has_to_match(self, stack):
        with pytest.raises(EmrError, match="public subnets can't be combined with a service-access security group"):
            ClusterProfile(stack, "Public", subnets=SUBNETS, public=True, security_groups=given_groups(stack))
        groups = given_groups(new_stack(), service_access=False)
        with pytest.raises(EmrError, match="private subnets require a service-access security group"):
            ClusterProfile(stack, "Private", subnets=SUBNETS, public=False, security_groups=groups)

    def test_subnets_of_the_app_suffice(self, stack):
        vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
        profile = ClusterProfile(stack, "Profile", subnets=vpc.public_subnets, public=True)
        assert isinstance(profile.security_groups, ClusterSecurityGroups)
        assert profile.security_groups.vpc is vpc

    def test_a_public_subnet_by_its_id_gets_no_service_access_group(self):
        stack = new_stack()
        subnet = ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-cccc")
        selection = ec2.SubnetSelection(subnets=[subnet])
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack), vpc_subnets=selection)
        assert "ServiceAccessSecurityGroup" not in cluster.run_job_flow_request["Instances"]
        assert len(resources(synthesize(stack), "AWS::EC2::SecurityGroup")) == 2

    def test_the_kind_can_be_stated_beside_a_vpc(self, stack):
        vpc = imported_vpc(stack)
        selection = ec2.SubnetSelection(subnets=[ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-zzzz")])
        with pytest.raises(EmrError, match="got subnet-zzzz; pass public=True or public=False") as error:
            Cluster(stack, "Unknown", vpc=vpc, vpc_subnets=selection)
        assert error.value.path == "Test/Unknown/Profile"
        cluster = Cluster(stack, "Known", vpc=vpc, vpc_subnets=selection, public=True)
        assert "ServiceAccessSecurityGroup" not in cluster.run_job_flow_request["Instances"]


class TestSubnetsOfAProfile:
    def test_a_cluster_runs_in_some_of_them(self, stack):
        profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
        for kind, options in (
            (Cluster, {}),
            (TransientCluster, {"workflow": [WAIT]}),
        ):
            made = kind(stack, f"Second{kind.__name__}", profile=profile, subnets=["subnet-bbbb"], **options)
            assert made.run_job_flow_request["Instances"]["Ec2SubnetId"] == "subnet-bbbb"
            assert made.profile is profile
            with pytest.raises(EmrError, match="subnets must be subnets of the profile, got subnet-cccc") as error:
                kind(stack, f"Other{kind.__name__}", profile=profile, subnets=["subnet-cccc"], **options)
            assert error.value.path == f"Test/Other{kind.__name__}"

    def test_fleets_choose_among_them(self, stack):
        vpc = ec2.Vpc(stack, "Vpc", max_azs=3)
        profile = ClusterProfile(stack, "Profile", vpc=vpc)
        chosen = vpc.private_subnets[:2]
        cluster = Cluster(stack, "Cluster", profile=profile, subnets=chosen, instances=FLEETS)
        assert cluster.run_job_flow_request["Instances"]["Ec2SubnetIds"] == [found.subnet_id for found in chosen]
