"""Which people of IAM Identity Center may use a Studio, and for what.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-manage-users.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_emr as emr

from .._core.cloudformation import l1_arguments
from .._core.errors import EmrError, errors_at
from .._core.signatures import checked
from ..rules import enforce
from ..rules.studio import SESSION_MAPPING

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from .imported_studio import IStudio

__all__ = ["StudioSessionMapping"]


class StudioSessionMapping(cdk.Resource):
    """A user or group of IAM Identity Center that is assigned to a Studio.

    Another user, group or Studio replaces the mapping, another session policy changes it in place.
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

        :param studio: whose people sign in with IAM Identity Center.
        :param session_policy: what these people may do; of it they get what the user role of the Studio may do too.
            ``studio.user_policy`` takes nothing away from a user role that was made with the Studio.
        :param user: the user name in Identity Center. Needed unless ``group`` is given.
        :param group: the display name of a group in Identity Center.
        :raises EmrError: not one of user and group is given, the name is too long, or people of the Studio sign in
            with IAM.
        """
        super().__init__(scope, construct_id)
        if (user is None) == (group is None):
            got = "neither" if user is None else "both"
            raise EmrError(f"{got} of user and group is given; give one of them", at=self)
        if studio.auth_mode is not None and not studio.auth_mode.is_sso:
            raise EmrError(
                "people sign in to the Studio with IAM, and only people of IAM Identity Center are mapped; give the "
                "policy to their roles, or the Studio auth_mode=StudioAuthMode.sso()",
                at=self,
            )
        mapping = {
            "StudioId": studio.studio_id,
            "IdentityType": "GROUP" if user is None else "USER",
            "IdentityName": group if user is None else user,
            "SessionPolicyArn": session_policy.managed_policy_arn,
        }
        with errors_at(self):
            enforce(SESSION_MAPPING, mapping)
        emr.CfnStudioSessionMapping(self, "Resource", **l1_arguments(emr.CfnStudioSessionMapping, mapping))
