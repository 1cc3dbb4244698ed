"""What every construct that launches clusters begins with: a definition, a profile, and the request of both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from .._core import tokens
from .._core.errors import EmrError, errors_at
from .._core.types import VPC, check_types
from ..rules import Severity, check
from ..rules.security_configuration import LAUNCH
from .definition import ClusterDefinition, ClusterOptions
from .profile import ClusterProfile

if TYPE_CHECKING:
    from constructs import Construct

    from ..steps.scripts import Location, Script
    from ..steps.steps import Step

__all__ = [
    "check_launch",
    "merge_options",
    "node_groups",
    "profile_or_default",
    "render_step",
    "run_job_flow_request",
    "validate_location",
]


def merge_options(definition: ClusterDefinition | None, options: ClusterOptions, at: Construct) -> ClusterDefinition:
    """The definition that ``options`` override, or that they make alone."""
    with errors_at(at):
        return ClusterDefinition(**options) if definition is None else definition.replace(**options)


def validate_location(
    at: Construct,
    *,
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    profile: ClusterProfile | None,
    definition: ClusterDefinition | None,
) -> None:
    """Raise where it is not clear where clusters run, or what a definition or a profile was meant to be."""
    check_types(
        at,
        vpc=(vpc, VPC, None),
        vpc_subnets=(vpc_subnets, ec2.SubnetSelection, None),
        profile=(profile, ClusterProfile, None),
        definition=(definition, ClusterDefinition, None),
    )
    if (vpc is None) == (profile is None):
        got = "neither" if vpc is None else "both"
        raise EmrError(f"{got} of vpc and profile is given; give a vpc, or a profile that clusters share", at=at)
    if profile is not None and vpc_subnets is not None:
        raise EmrError("vpc_subnets has no effect beside profile; give it to the profile", at=at)


def profile_or_default(
    scope: Construct,
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    profile: ClusterProfile | None,
    definition: ClusterDefinition,
) -> ClusterProfile:
    """The profile that was given, or one of its own for ``vpc``."""
    if profile is not None:
        return profile
    assert vpc is not None
    return ClusterProfile(scope, "Profile", vpc=vpc, vpc_subnets=vpc_subnets, release_label=definition.release_label)


def run_job_flow_request(definition: ClusterDefinition, profile: ClusterProfile, scope: Construct) -> Mapping[str, Any]:
    """The request by which the EMR API would launch the cluster, named after the construct unless it has a name."""
    return {"Name": _name_of(scope.node.path)} | profile.bind(definition, scope)


def check_launch(launch: Mapping[str, Any], at: Construct) -> None:
    """Raise what EMR would refuse about a request with its security configuration, and warn of the rest."""
    problems = check(LAUNCH, launch, in_library=True)
    errors = [found for found in problems if found.severity is Severity.ERROR]
    if errors:
        raise EmrError(map(str, errors), at=at, findings=errors)
    for found in problems:
        cdk.Validations.of(at).add_warning(found.rule, f"{found.message}; {found.fix}")


def node_groups(profile: ClusterProfile, scope: Construct) -> list[ec2.ISecurityGroup]:
    """The security groups of master and core nodes, for whoever connects to clusters of ``scope``."""
    groups = profile.security_groups
    if cdk.Stack.of(profile).node.addr == cdk.Stack.of(scope).node.addr:
        return [groups.master, groups.core]
    # By their ids, so that rules about peers in this stack are made in this stack.
    return [
        ec2.SecurityGroup.from_security_group_id(
            scope, name, tokens.security_group_id(group), allow_all_outbound=group.allow_all_outbound
        )
        for name, group in (("MasterGroup", groups.master), ("CoreGroup", groups.core))
    ]


def render_step(step: Step, scope: Construct, prefix: str) -> tuple[dict[str, Any], list[Location]]:
    """``step`` as ``StepConfig`` of the EMR API, and the places of its scripts.

    :param scope: gets the local files as assets.
    :param prefix: of the ids of the assets.
    """
    locations: list[Location] = []

    def locate(script: Script) -> str:
        location = script.bind(scope, f"{prefix}{len(locations) + 1}")
        locations.append(replace(location, is_data=script in step.data))
        return locations[-1].uri

    return step.render(locate), _with_equal_buckets(locations, scope)


def _with_equal_buckets(locations: list[Location], scope: Construct) -> list[Location]:
    """``locations`` with one spelling for each bucket: the bucket of assets is another token for each asset."""
    if sum(location.is_data for location in locations) < 2:
        return locations
    first: dict[str, str | None] = {}
    resolved = cdk.Stack.of(scope).resolve([location.bucket_arn or "" for location in locations])
    return [
        replace(location, bucket_arn=first.setdefault(json.dumps(bucket), location.bucket_arn))
        for location, bucket in zip(locations, resolved, strict=True)
    ]


def _name_of(path: str) -> str:
    return re.sub(r"[<>$|`]", "", path)[:256]
