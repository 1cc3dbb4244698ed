"""Imported Studios, and the interface that all Studios share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import aws_cdk as cdk
from constructs import IConstruct

from .._core import tokens
from .._core.errors import EmrError

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from .auth_mode import StudioAuthMode

__all__ = ["IStudio", "ImportedStudio", "StudioBase"]


class IStudio(IConstruct, Protocol):
    """A Studio, defined in this app or imported; see ``Studio`` for its members."""

    @property
    def studio_id(self) -> str:
        """The Studio ID that EMR assigns, ``es-...``."""

    @property
    def studio_arn(self) -> str:
        """The ARN of the Studio."""

    @property
    def auth_mode(self) -> StudioAuthMode | None:
        """The authentication mode. None if it isn't known."""

    @property
    def engine_security_group(self) -> ec2.ISecurityGroup:
        """The security group that EMR adds to a cluster while a Workspace is attached."""

    @property
    def workspace_security_group(self) -> ec2.ISecurityGroup:
        """The security group of the Workspaces."""


class StudioBase(cdk.Resource):
    """The members that defined and imported Studios share."""

    @property
    def studio_id(self) -> str:
        """The Studio ID that EMR assigns, ``es-...``."""
        raise NotImplementedError

    @property
    def studio_arn(self) -> str:
        """The ARN of the Studio, in the account and Region of its stack."""
        return tokens.arn("elasticmapreduce", f"studio/{self.studio_id}")

    @property
    def auth_mode(self) -> StudioAuthMode | None:
        """The authentication mode. None if it isn't known."""
        return None

    @property
    def engine_security_group(self) -> ec2.ISecurityGroup:
        """The security group that EMR adds to a cluster while a Workspace is attached.

        :raises EmrError: the Studio was imported without it.
        """
        raise NotImplementedError

    @property
    def workspace_security_group(self) -> ec2.ISecurityGroup:
        """The security group of the Workspaces.

        :raises EmrError: the Studio was imported without it.
        """
        raise NotImplementedError


class ImportedStudio(StudioBase):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        studio_id: str,
        engine: ec2.ISecurityGroup | None,
        workspace: ec2.ISecurityGroup | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._studio_id, self._engine, self._workspace = studio_id, engine, workspace

    @property
    def studio_id(self) -> str:
        return self._studio_id

    @property
    def engine_security_group(self) -> ec2.ISecurityGroup:
        return self._known("engine_security_group", self._engine)

    @property
    def workspace_security_group(self) -> ec2.ISecurityGroup:
        return self._known("workspace_security_group", self._workspace)

    def _known(self, name: str, group: ec2.ISecurityGroup | None) -> ec2.ISecurityGroup:
        if group is None:
            raise EmrError(
                f"{name} of the imported Studio is not known; pass {name}=... to Studio.from_studio_attributes", at=self
            )
        return group
