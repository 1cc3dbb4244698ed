"""Options that a cluster doesn't have, with what to use instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["unknown_option"]

_IN_PROFILE: Final = (
    "auto_scaling_role",
    "encryption_key",
    "instance_profile",
    "log_bucket",
    "log_encryption_key",
    "log_prefix",
    "log_uri",
    "managed_policy_tag",
    "public",
    "security_configuration",
    "security_groups",
    "service_role",
    "service_role_policy",
    "session_manager",
    "subnets",
    "vpc",
    "vpc_subnets",
)
_ELSEWHERE: Final = {
    **{name: f"ClusterProfile(...); pass profile=ClusterProfile(..., {name}=...)" for name in _IN_PROFILE},
    **{
        name: f"InstanceGroups(...); pass instances=InstanceGroups(..., {name}=...)"
        for name in ("master", "core", "tasks")
    },
    "workflow": "TransientCluster(...); use a TransientCluster, or steps=[...]",
}
"""Options of other constructs that are often passed to a cluster, with the constructs that accept them."""


def unknown_option(name: str, options: Collection[str]) -> str:
    """Return the error about ``name``, which isn't one of ``options``."""
    if owner := _ELSEWHERE.get(name):
        return f"{name} belongs to {owner}"
    from difflib import get_close_matches

    near = get_close_matches(name, options, 1)
    known = near[0] if near else f"one of {', '.join(sorted(options))}"
    return f"a cluster has no option {name!r}; use {known}"
