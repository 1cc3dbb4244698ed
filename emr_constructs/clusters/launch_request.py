"""The RunJobFlow request of a definition and a profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError, errors_at, report
from .._core.findings import changed
from .._core.types import check_types
from .._core.unknown import is_unknown
from ..rules import Finding, check
from ..security.emr_managed_groups import OWN_GROUPS, EmrManagedSecurityGroups
from .definition import ClusterDefinition
from .profile import ClusterProfile
from .script_locations import ScriptLocations

if TYPE_CHECKING:
    from constructs import Construct

    from ..steps.scripts import Location
    from ..steps.steps import Step
    from .cluster_options import ClusterOptions
    from .location import ClusterLocation

__all__ = [
    "check_additions",
    "check_launch",
    "check_runtime_roles",
    "environment_errors",
    "merge_options",
    "named_request",
    "node_groups",
    "profile_or_default",
    "render_step",
    "validate_location",
]


def merge_options(definition: ClusterDefinition | None, options: ClusterOptions, at: Construct) -> ClusterDefinition:
    """Return the definition with ``options``, or one that only consists of them."""
    with errors_at(at):
        return ClusterDefinition(**options) if definition is None else definition.replace(**options)


def validate_location(
    at: Construct, location: ClusterLocation, profile: ClusterProfile | None, definition: ClusterDefinition | None
) -> None:
    """Check the arguments that select the profile and the definition."""
    check_types(
        at,
        **location.kinds,
        profile=(profile, ClusterProfile, None),
        definition=(definition, ClusterDefinition, None),
    )
    problems = list(location.errors() if profile is None else location.errors_with_profile())
    if profile is None and location.vpc is None and location.subnets is None:
        missing = "specify exactly one of vpc and profile, got neither; if the VPC isn't known, pass subnets and public"
        problems.insert(0, missing)
    if profile is not None:
        problems += environment_errors(profile, at)
    if problems:
        raise EmrError(problems, at=at)


def environment_errors(profile: ClusterProfile, at: Construct) -> Iterator[str]:
    """Return the error if ``at`` can't refer to the parts of ``profile``, or clusters can't use them."""
    here, there = tokens.stack_of(at), tokens.stack_of(profile)
    if here is there or here.environment == there.environment:
        return
    pairs = ((here.account, there.account), (here.region, there.region))
    differs = any(one != other and not is_unknown(one) and not is_unknown(other) for one, other in pairs)
    # Parts that are imported by name can be used if one stack is for any account and Region.
    if differs or isinstance(profile.service_role, iam.Role):
        wanted, got = (stack.environment.removeprefix("aws://") for stack in (here, there))
        yield (
            f"profile must be in the account and Region of the clusters, {wanted}, got a profile in {got}; define a "
            "profile there, or pass the same env to both stacks"
        )


def profile_or_default(
    scope: Construct, location: ClusterLocation, profile: ClusterProfile | None, definition: ClusterDefinition
) -> ClusterProfile:
    """Return ``profile``, or create one."""
    if profile is not None:
        return profile
    return ClusterProfile(
        scope,
        "Profile",
        vpc=location.vpc,
        vpc_subnets=location.vpc_subnets,
        subnets=location.subnets,
        public=location.public,
        security_groups=location.security_groups,
        release_label=definition.release_label,
    )


def named_request(request: Mapping[str, Any], scope: Construct) -> dict[str, Any]:
    """Return the request with the name of the construct, unless it has one."""
    named = {"Name": _name_of(tokens.path_of(scope)), **request}
    if "KerberosAttributes" in named:
        named["KerberosAttributes"] = _with_dynamic_references(named["KerberosAttributes"], scope)
    return named


def _with_dynamic_references(attributes: Mapping[str, Any], scope: Construct) -> dict[str, Any]:
    """Return ``attributes`` with the text of dynamic references, which rules can't read in tokens."""
    resolved = tokens.stack_of(scope).resolve(attributes)
    return {name: text if isinstance(text := resolved[name], str) else token for name, token in attributes.items()}


def check_launch(launch: Mapping[str, Any], at: Construct) -> None:
    """Check a request with its security configuration, and add warnings."""
    report(_findings(launch), at)


def check_additions(launch: Mapping[str, Any], additions: Iterable[Mapping[str, Any]], at: Construct) -> None:
    """Report what each of ``additions`` to the request violates, unless the request itself violates it."""
    known = {(found.rule, found.message) for found in _findings(launch)}
    for members in additions:
        found = _findings({**launch, "Cluster": {**launch["Cluster"], **members}})
        report([finding for finding in found if (finding.rule, finding.message) not in known], at)


def _findings(launch: Mapping[str, Any]) -> list[Finding]:
    from ..rules.lifecycles import data_date, judged_on
    from ..rules.security_configuration import LAUNCH

    # By the clock, an app would get other warnings tomorrow than today.
    with judged_on(data_date()):
        found = check(LAUNCH, launch, in_library=True, unchecked="SecurityConfiguration")
    # The security configuration is a construct, which reports its own findings.
    return [
        changed(finding, path=_in_cluster(finding.path), part=_in_cluster(finding.part))
        for finding in found
        if not finding.path.startswith("SecurityConfiguration")
    ]


def _in_cluster(path: str) -> str:
    return path.removeprefix("Cluster").removeprefix(".")


def check_runtime_roles(steps: Sequence[Step], profile: ClusterProfile, at: Construct) -> None:
    """Check that clusters of ``profile`` support the runtime roles of ``steps``."""
    from ..rules.authorization import has_runtime_roles

    configuration = profile.security_configuration
    document = {} if configuration is None else configuration.document
    if steps and document is not None and not has_runtime_roles(document):
        raise EmrError(
            f"step {steps[0].name!r} has a runtime role, which requires a security configuration with runtime roles; "
            "pass security_configuration=SecurityConfiguration(..., runtime_roles=RuntimeRoles()) to the profile",
            at=at,
        )


def node_groups(profile: ClusterProfile, scope: Construct) -> list[ec2.ISecurityGroup]:
    """Return the security groups of primary and core nodes.

    :raises EmrError: EMR creates the groups, so they aren't known.
    """
    groups = profile.security_groups
    if isinstance(groups, EmrManagedSecurityGroups):
        raise EmrError(
            f"connections can't be allowed to a cluster whose security groups EMR creates; {OWN_GROUPS}", at=scope
        )
    if tokens.same_stack(profile, scope):
        return [groups.master, groups.core]
    # Imported, so that rules for peers of this stack are created in this stack.
    return [
        ec2.SecurityGroup.from_security_group_id(
            scope, name, tokens.security_group_id(group), allow_all_outbound=group.allow_all_outbound
        )
        for name, group in (("MasterGroup", groups.master), ("CoreGroup", groups.core))
    ]


def render_step(step: Step, scope: Construct, prefix: str) -> tuple[dict[str, Any], Sequence[Location]]:
    """Render ``step`` as ``StepConfig``, with the locations of its scripts.

    :param scope: the construct that local files become assets of.
    :param prefix: begins the construct IDs of the assets.
    """
    scripts = ScriptLocations(scope, prefix, [step])
    return step._render(scripts.locate), scripts.found


def _name_of(path: str) -> str:
    return re.sub(r"[<>$|`]", "", path)[:256]
