"""Security configurations as clusters use them, and existing ones that are known by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import aws_cdk as cdk

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from ..steps.scripts import Location
    from .authorization import AssumedRole

__all__ = ["ISecurityConfiguration", "NamedSecurityConfiguration"]


class ISecurityConfiguration(Protocol):
    """A security configuration, defined in this app or imported."""

    @property
    def security_configuration_name(self) -> str:
        """The name of the security configuration."""

    @property
    def document(self) -> Mapping[str, Any] | None:
        """The content of the security configuration. None if it isn't known."""

    @property
    def node_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that the nodes use."""

    @property
    def volume_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that EC2 uses for the EBS volumes of the nodes."""

    @property
    def artifacts(self) -> tuple[Location, ...]:
        """The JAR files and archives that the nodes read."""

    @property
    def s3_keys(self) -> tuple[kms.IKey, ...]:
        """The KMS keys that encrypt data in S3."""

    @property
    def certificate_secret_tag(self) -> tuple[str, str] | None:
        """The tag of the secret with EMR's certificate authority."""

    @property
    def assumed_roles(self) -> tuple[AssumedRole, ...]:
        """The roles that the nodes assume."""

    @property
    def secrets(self) -> tuple[secretsmanager.ISecret, ...]:
        """The secrets that the nodes read."""


class NamedSecurityConfiguration(cdk.Resource):
    """An imported security configuration."""

    def __init__(self, scope: Construct, construct_id: str, name: str) -> None:
        super().__init__(scope, construct_id)
        self.security_configuration_name = name
        self.document: Mapping[str, Any] | None = None
        self.node_keys: tuple[kms.IKey, ...] = ()
        self.volume_keys: tuple[kms.IKey, ...] = ()
        self.artifacts: tuple[Location, ...] = ()
        self.s3_keys: tuple[kms.IKey, ...] = ()
        self.certificate_secret_tag: tuple[str, str] | None = None
        self.assumed_roles: tuple[AssumedRole, ...] = ()
        self.secrets: tuple[secretsmanager.ISecret, ...] = ()
