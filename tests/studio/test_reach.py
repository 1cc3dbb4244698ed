"""Every property of the Studio types can be said, and the L1 loses none."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from emr_constructs import Studio, StudioAuthMode, StudioSessionMapping, WalWorkspace
from tests.tools import imported_vpc, new_stack, resources, synthesize

KINDS = ("AWS::EMR::Studio", "AWS::EMR::StudioSessionMapping", "AWS::EMR::WALWorkspace")


def paths_of_schema(schema, part, prefix=""):
    """The writable leaves below ``part`` of a schema."""
    if "$ref" in part:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]]
    if "items" in part:
        return paths_of_schema(schema, part["items"], f"{prefix}[]")
    if "properties" in part:
        found = set()
        for name, member in part["properties"].items():
            if f"/properties/{name}" not in schema.get("readOnlyProperties", []) or prefix:
                found |= paths_of_schema(schema, member, f"{prefix}.{name}".lstrip("."))
        return found
    return {prefix}


def paths_of(value, prefix=""):
    match value:
        case dict() if not any(key == "Ref" or key.startswith("Fn::") for key in value):
            return {path for name, item in value.items() for path in paths_of(item, f"{prefix}.{name}".lstrip("."))}
        case list():
            return {path for item in value for path in paths_of(item, f"{prefix}[]")}
        case _:
            return {prefix}


@pytest.fixture(scope="module")
def template():
    stack = new_stack()
    vpc = imported_vpc(stack)
    tags = {"team": "sales"}
    with_sso = StudioAuthMode.sso(
        trusted_identity_propagation=True,
        user_assignment_required=True,
        identity_center_instance_arn="arn:aws:sso:::instance/ssoins-1111111111111111",
    )
    with_iam = StudioAuthMode.iam(idp_auth_url="https://idp.example.com", idp_relay_state_parameter_name="RelayState")
    studio = Studio(stack, "Sso", vpc=vpc, auth_mode=with_sso, description="Notebooks", tags=tags)
    Studio(stack, "Iam", vpc=vpc, auth_mode=with_iam)
    policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", "arn:aws:iam::111111111111:policy/analysts")
    StudioSessionMapping(stack, "Mapping", studio=studio, group="analysts", session_policy=policy)
    WalWorkspace(stack, "Workspace", tags=tags)
    return synthesize(stack)


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_reached_and_no_other_is_made(template, kind):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    wanted = paths_of_schema(schema, {"properties": schema["properties"]})
    made = {path for found in resources(template, kind).values() for path in paths_of(found["Properties"])}
    assert len(wanted) > 2
    assert made == wanted
