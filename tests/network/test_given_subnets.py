"""Subnets that are passed one by one: their form, and whether they are public."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from emr_constructs import EmrError, JobInput, Studio
from emr_constructs.network.given_subnets import check_subnets
from emr_constructs.network.subnets import ClusterSubnets
from tests.tools import imported_vpc, new_app, new_stack

PUBLIC = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)


@pytest.fixture(scope="module")
def scope():
    return new_stack(new_app())


@pytest.fixture(scope="module")
def vpc(scope):
    return imported_vpc(scope)


@pytest.fixture(scope="module")
def own_vpc(scope):
    return ec2.Vpc(scope, "Own", max_azs=2)


def list_token(scope):
    return cdk.Fn.split(",", cdk.Fn.import_value("Subnets"))


def by_id(*ids):
    """A selection of subnets that are imported by their IDs."""
    scope = new_stack()
    return ec2.SubnetSelection(
        subnets=[ec2.Subnet.from_subnet_id(scope, f"Subnet{n}", found) for n, found in enumerate(ids)]
    )


class TestForm:
    @pytest.mark.parametrize(
        ("subnets", "message"),
        [
            ([], "subnets must not be empty; pass at least one subnet"),
            (["net-1"], r"subnets\[0\] must be the ID of a subnet, got 'net-1'; use an ID such as subnet-"),
            (["subnet-1", "subnet-"], r"subnets\[1\] must be the ID of a subnet, got 'subnet-'"),
            (["subnet-1", "subnet-2", "subnet-1"], "subnets must be distinct, got subnet-1 twice; remove one of them"),
            (["subnet-1", "#{Token[List.1]}"], r"subnets\[1\] must be one subnet, got a list token; pass"),
        ],
    )
    def test_rejects(self, scope, subnets, message):
        with pytest.raises(EmrError, match=message) as error:
            check_subnets(subnets, at=scope)
        assert error.value.path == "Test"

    def test_reports_all_problems_together(self, scope):
        with pytest.raises(EmrError) as error:
            check_subnets(["a", "b"], at=scope)
        assert len(error.value.problems) == 2

    def test_rejects_the_value_of_an_input(self, scope):
        with pytest.raises(EmrError, match="subnets can't contain the value of the input 'subnet'"):
            check_subnets([JobInput.text("subnet", pattern="subnet-.*").value], at=scope)

    def test_accepts_ids_constructs_and_tokens(self, scope, vpc):
        check_subnets(["subnet-1", vpc.public_subnets[0], cdk.Fn.import_value("Subnet")], at=scope)
        check_subnets(list_token(scope), at=scope)


class TestRequest:
    def test_groups_run_in_the_first_of_a_list_that_is_known_at_deployment(self, scope):
        subnets = ClusterSubnets.of(list_token(scope), public=True, vpc=None, at=scope)
        split = {"Fn::Split": [",", {"Fn::ImportValue": "Subnets"}]}
        assert scope.resolve(subnets.instances(fleets=False)) == {"Ec2SubnetId": {"Fn::Select": [0, split]}}
        assert scope.resolve(subnets.instances(fleets=True)) == {"Ec2SubnetIds": split}

    def test_a_list_parameter_is_rendered_as_it_is(self, stack):
        parameter = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>")
        subnets = ClusterSubnets.of(parameter.value_as_list, public=False, vpc=None, at=stack)
        assert stack.resolve(subnets.instances(fleets=True)) == {"Ec2SubnetIds": {"Ref": "Subnets"}}
        assert stack.resolve(subnets.instances(fleets=False)) == {
            "Ec2SubnetId": {"Fn::Select": [0, {"Ref": "Subnets"}]}
        }

    def test_text_tokens_are_single_subnets(self, scope):
        given = [cdk.Fn.import_value("A"), cdk.Fn.import_value("B")]
        subnets = ClusterSubnets.of(given, public=False, vpc=None, at=scope)
        assert scope.resolve(subnets.instances(fleets=True)) == {
            "Ec2SubnetIds": [{"Fn::ImportValue": "A"}, {"Fn::ImportValue": "B"}]
        }

    def test_subnets_without_a_vpc_have_no_address_range(self, scope):
        subnets = ClusterSubnets.of(["subnet-1"], public=False, vpc=None, at=scope)
        assert subnets.isolated(fleets=True) == ()
        assert subnets.routes(scope, fleets=True) == []
        with pytest.raises(EmrError, match=r"address range of the VPC must be known, .*; pass vpc and vpc_subnets"):
            subnets.cidr_block(at=scope)


class TestKindInAVpc:
    def test_a_public_subnet_is_recognized_by_its_id(self, scope, vpc):
        subnets = ClusterSubnets.select(vpc, by_id("subnet-dddd"), at=scope)
        assert not subnets.is_private
        assert subnets.subnet_ids == ("subnet-dddd",)

    def test_a_private_subnet_is_recognized_by_its_id(self, scope, vpc):
        assert ClusterSubnets.select(vpc, by_id("subnet-bbbb"), at=scope).is_private

    def test_an_isolated_subnet_is_recognized_by_its_id(self, stack):
        isolated = imported_vpc(
            stack,
            isolated_subnet_ids=["subnet-eeee", "subnet-ffff"],
            isolated_subnet_route_table_ids=["rtb-e", "rtb-f"],
        )
        assert ClusterSubnets.select(isolated, by_id("subnet-eeee"), at=stack).is_private

    def test_a_subnet_of_the_app_is_recognized_by_its_token(self, scope, own_vpc):
        of_vpc = own_vpc.public_subnets[1]
        subnets = ClusterSubnets.select(own_vpc, by_id(of_vpc.subnet_id), at=scope)
        assert not subnets.is_private
        assert {route.node.scope.node.path for route in subnets.routes(scope)} == {"Test/Own/PublicSubnet2"}

    def test_subnets_of_attributes_are_compared_too(self, scope, vpc):
        one = ec2.Subnet.from_subnet_attributes(
            new_stack(), "One", subnet_id="subnet-cccc", availability_zone="us-east-1a", route_table_id="rtb-cccc"
        )
        assert not ClusterSubnets.select(vpc, ec2.SubnetSelection(subnets=[one]), at=scope).is_private

    @pytest.mark.parametrize("ids", [["subnet-zzzz"], ["subnet-aaaa", "subnet-zzzz"]])
    def test_the_kind_of_an_unknown_subnet_has_to_be_stated(self, scope, vpc, ids):
        message = (
            "vpc_subnets must contain subnets that the VPC is defined or imported with, got subnet-zzzz; pass public"
        )
        with pytest.raises(EmrError, match=message):
            ClusterSubnets.select(vpc, by_id(*ids), at=scope)

    def test_the_kind_of_a_subnet_that_is_known_at_deployment_has_to_be_stated(self, scope, vpc):
        selection = by_id(cdk.Fn.import_value("Subnet"))
        with pytest.raises(EmrError, match="got a subnet known at deployment; pass public=True or public=False"):
            ClusterSubnets.select(vpc, selection, at=scope)
        assert not ClusterSubnets.select(vpc, selection, at=scope, public=True).is_private

    @pytest.mark.parametrize("public", [True, False])
    def test_the_kind_of_an_unknown_subnet_can_be_stated(self, scope, vpc, public):
        subnets = ClusterSubnets.select(vpc, by_id("subnet-zzzz"), at=scope, public=public)
        assert subnets.is_private is not public

    @pytest.mark.parametrize(
        ("ids", "public", "message"),
        [
            (["subnet-aaaa"], True, "public must be False for private subnets, got True for subnet-aaaa"),
            (
                ["subnet-cccc", "subnet-zzzz"],
                False,
                "public must be True for public subnets, got False for subnet-cccc;",
            ),
            (
                [],
                False,
                "public must be True for public subnets, got False for subnet-cccc, subnet-dddd; pass public=True",
            ),
        ],
    )
    def test_rejects_the_wrong_kind(self, scope, vpc, ids, public, message):
        selection = by_id(*ids) if ids else PUBLIC
        with pytest.raises(EmrError, match=message):
            ClusterSubnets.select(vpc, selection, at=scope, public=public)

    def test_both_kinds_are_found_by_id(self, scope, vpc):
        with pytest.raises(
            EmrError, match="vpc_subnets must select either only public or only private subnets, got both"
        ):
            ClusterSubnets.select(vpc, by_id("subnet-aaaa", "subnet-cccc"), at=scope)

    def test_a_selection_can_state_what_the_vpc_knows(self, scope, vpc):
        assert not ClusterSubnets.select(vpc, PUBLIC, at=scope, public=True).is_private

    def test_rejects_an_empty_list(self, scope, vpc):
        with pytest.raises(EmrError, match="vpc_subnets must select at least one subnet, got none"):
            ClusterSubnets.select(vpc, ec2.SubnetSelection(subnets=[]), at=scope)

    def test_a_vpc_that_is_yet_to_be_looked_up_lets_the_lookup_happen(self):
        stack = new_stack(env=cdk.Environment(account="111111111111", region="us-east-1"))
        looked_up = ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-1")
        assert ClusterSubnets.select(looked_up, by_id("subnet-aaaa"), at=stack).is_private

    def test_a_studio_accepts_subnets_of_either_kind(self, stack):
        Studio(stack, "Studio", vpc=imported_vpc(stack), vpc_subnets=by_id("subnet-zzzz"))


class TestKindWithoutAVpc:
    def test_is_stated(self, scope):
        for public in (True, False):
            assert ClusterSubnets.of(["subnet-1"], public=public, vpc=None, at=scope).is_private is not public

    @pytest.mark.parametrize(("name", "public"), [("public_subnets", False), ("private_subnets", True)])
    def test_subnets_of_the_app_know_better(self, scope, own_vpc, name, public):
        kind = name.partition("_")[0]
        with pytest.raises(
            EmrError, match=f"public must be {not public} for {kind} subnets, got {public} for Test/Own/"
        ):
            ClusterSubnets.of(getattr(own_vpc, name), public=public, vpc=None, at=scope)

    def test_subnets_of_the_app_know_their_vpc(self, scope, own_vpc):
        subnets = ClusterSubnets.of(own_vpc.private_subnets, public=False, vpc=None, at=scope)
        assert subnets.vpc is own_vpc
        assert subnets.cidr_block(at=scope) == "10.0.0.0/16"

    def test_the_vpc_of_the_security_groups_is_theirs(self, scope, vpc):
        subnets = ClusterSubnets.of(["subnet-zzzz"], public=False, vpc=vpc, at=scope)
        assert subnets.cidr_block(at=scope) == "10.1.0.0/16"
        with pytest.raises(EmrError, match="public must be True for public subnets, got False for subnet-cccc"):
            ClusterSubnets.of(["subnet-cccc"], public=False, vpc=vpc, at=scope)


class TestSubset:
    def test_names_subnets_of_the_profile(self, scope, vpc):
        subnets = ClusterSubnets.select(vpc, None, at=scope)
        assert subnets.subset(["subnet-bbbb"], at=scope).subnet_ids == ("subnet-bbbb",)
        assert subnets.subset([vpc.private_subnets[1]], at=scope).instances(fleets=True) == {
            "Ec2SubnetIds": ["subnet-bbbb"]
        }

    def test_keeps_what_is_known_about_the_subnets(self, scope, own_vpc):
        subnets = ClusterSubnets.select(own_vpc, None, at=scope)
        second = own_vpc.private_subnets[1]
        subset = subnets.subset([second.subnet_id], at=scope)
        assert {route.node.scope.node.path for route in subset.routes(scope)} == {"Test/Own/PrivateSubnet2"}

    def test_rejects_another_subnet(self, scope, vpc, own_vpc):
        message = (
            "subnets must be subnets of the profile, got subnet-cccc; use some of subnet-aaaa, subnet-bbbb, or another"
        )
        with pytest.raises(EmrError, match=message):
            ClusterSubnets.select(vpc, None, at=scope).subset(["subnet-aaaa", "subnet-cccc"], at=scope)
        of_app = ClusterSubnets.select(own_vpc, None, at=scope)
        with pytest.raises(
            EmrError, match="got Test/Own/PublicSubnet1; use some of Test/Own/PrivateSubnet1, Test/Own/P"
        ):
            of_app.subset([own_vpc.public_subnets[0]], at=scope)

    def test_rejects_an_invalid_subnet(self, scope, vpc):
        with pytest.raises(EmrError, match=r"subnets\[0\] must be the ID of a subnet, got 'a'"):
            ClusterSubnets.select(vpc, None, at=scope).subset(["a"], at=scope)

    def test_does_not_compare_what_is_known_at_deployment(self, scope, vpc):
        subnets = ClusterSubnets.select(vpc, None, at=scope)
        assert scope.resolve(subnets.subset(list_token(scope), at=scope).instances(fleets=True)) == {
            "Ec2SubnetIds": {"Fn::Split": [",", {"Fn::ImportValue": "Subnets"}]}
        }
        unknown = ClusterSubnets.of(list_token(scope), public=True, vpc=None, at=scope)
        assert unknown.subset(["subnet-1"], at=scope).subnet_ids == ("subnet-1",)
        assert not unknown.subset(["subnet-1"], at=scope).is_private

    def test_rejects_subnets_of_the_other_kind(self, scope, own_vpc):
        unknown = ClusterSubnets.of(list_token(scope), public=True, vpc=None, at=scope)
        with pytest.raises(EmrError, match="public must be False for private subnets, got True for Test/Own/Private"):
            unknown.subset(own_vpc.private_subnets, at=scope)
