"""Values that are computed or cached instead of read from the Node process."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from constructs import Construct

from emr_constructs._core import tokens


@pytest.mark.parametrize("ids", [["Lake"], ["Default"], ["A", "Default", "B"], ["Default/A", "B\nC"], ["Größe", "<x>"]])
@pytest.mark.parametrize("in_stage", [False, True])
def test_the_address_is_that_of_the_node(ids, in_stage):
    app = cdk.App()
    scope = cdk.Stack(cdk.Stage(app, "Stage") if in_stage else app, "Stack")
    for construct_id in ids:
        scope = Construct(scope, construct_id)
    assert tokens.address(scope) == scope.node.addr


@pytest.mark.parametrize("construct_id", ["Profile", "Default", "A/B", "<x>"])
def test_the_path_of_a_construct_that_is_recorded(construct_id):
    scope = Construct(cdk.Stack(cdk.App(), "Stack"), "Scope")
    construct = Construct(scope, construct_id)
    tokens.share_path(construct, scope, construct_id)
    assert tokens.path_of(construct) == construct.node.path
    assert tokens.address(construct) == construct.node.addr
