"""Session mappings of IAM Identity Center users and groups to a Studio.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-manage-users.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_emr as emr

from .._core.cloudformation import create_resource
from .._core.errors import EmrError, report
from .._core.signatures import checked
from ..rules import check
from ..rules.studio import SESSION_MAPPING

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from .imported_studio import IStudio

__all__ = ["StudioSessionMapping"]


class StudioSessionMapping(cdk.Resource):
    """A user or group of IAM Identity Center that is assigned to a Studio.

    Changing the user, group or Studio replaces the mapping. Changing the session policy updates it in place.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-emr-studiosessionmapping.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        studio: IStudio,
        session_policy: iam.IManagedPolicy,
        user: str | None = None,
        group: str | None = None,
    ) -> None:
        """Assign a user or a group.

        :param studio: a Studio with IAM Identity Center authentication.
        :param session_policy: the permissions of the users, limited to those that the user role of the Studio also has.
            ``studio.user_policy`` doesn't limit a user role that the Studio created.
        :param user: the user name in Identity Center. Required unless ``group`` is specified.
        :param group: the display name of a group in Identity Center. Required unless ``user`` is specified.
        :raises EmrError: not exactly one of ``user`` and ``group`` is specified, the name is too long, or the Studio
            uses IAM authentication.
        """
        super().__init__(scope, construct_id)
        if (user is None) == (group is None):
            got = "neither" if user is None else "both"
            raise EmrError(f"specify exactly one of user and group, got {got}", at=self)
        if studio.auth_mode is not None and not studio.auth_mode.is_sso:
            raise EmrError(
                "session mappings require a Studio with IAM Identity Center authentication, got IAM; attach the policy "
                "to the users' roles, or set auth_mode=StudioAuthMode.sso() on the Studio",
                at=self,
            )
        mapping = {
            "StudioId": studio.studio_id,
            "IdentityType": "GROUP" if user is None else "USER",
            "IdentityName": group if user is None else user,
            "SessionPolicyArn": session_policy.managed_policy_arn,
        }
        report(check(SESSION_MAPPING, mapping, in_library=True), self)
        create_resource(emr.CfnStudioSessionMapping, self, "Resource", mapping)
