"""Acknowledged findings of cdk-nag about a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rules.security_configuration import is_encrypted_in_transit, is_local_disk_encrypted
from ..security import nag_findings
from ..security.security_groups import ClusterSecurityGroups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import IConstruct

    from .profile import ClusterProfile

__all__ = ["acknowledge_cluster"]


def acknowledge_cluster(resource: IConstruct, request: Mapping[str, Any], profile: ClusterProfile) -> None:
    """Acknowledge what cdk-nag can't find in the security configuration and the security groups of ``profile``."""
    if not nag_findings.is_installed():
        return
    configuration = profile.security_configuration
    document = {} if configuration is None else configuration.document or {}
    known: dict[str, str] = {}
    if is_local_disk_encrypted(document):
        known |= nag_findings.ENCRYPTED_DISKS
    if is_encrypted_in_transit(document):
        known |= nag_findings.ENCRYPTED_TRAFFIC
    without_key = "Ec2KeyName" not in request["Instances"] and "KerberosAttributes" not in request
    # The rules of imported security groups aren't known.
    if without_key and isinstance(profile.security_groups, ClusterSecurityGroups):
        known |= nag_findings.SESSIONS_ALONE if profile._node_role.has_sessions else nag_findings.NO_LOGIN
    if known:
        nag_findings.acknowledge(resource, known)
