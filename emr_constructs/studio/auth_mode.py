"""How people sign in to a Studio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core.signatures import check_calls
from ..rules import enforce
from ..rules.studio import AUTH_MODE

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole

__all__ = ["StudioAuthMode"]


@check_calls
@dataclass(frozen=True, slots=True)
class StudioAuthMode:
    """The authentication mode of a Studio: :meth:`iam` or :meth:`sso`.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-authentication.html
    """

    auth_mode: str
    """``IAM`` or ``SSO``."""

    user_role: IRole | None = None
    trusted_identity_propagation: bool | None = None
    user_assignment_required: bool | None = None
    identity_center_instance_arn: str | None = None
    idp_auth_url: str | None = None
    idp_relay_state_parameter_name: str | None = None

    def __post_init__(self) -> None:
        enforce(AUTH_MODE, self.render())

    @classmethod
    def iam(
        cls, *, idp_auth_url: str | None = None, idp_relay_state_parameter_name: str | None = None
    ) -> StudioAuthMode:
        """People come with an identity of IAM, which has the permissions; give it ``studio.user_policy``.

        :param idp_auth_url: where people of an identity provider sign in, who come by the address of the Studio.
            Default: they sign in to the console first, or at their provider.
        :param idp_relay_state_parameter_name: how the provider calls its ``RelayState`` parameter, for example
            ``TargetSource``. Default: none.
        :raises EmrError: the address does not begin with https, or the parameter has no provider.
        """
        return cls("IAM", idp_auth_url=idp_auth_url, idp_relay_state_parameter_name=idp_relay_state_parameter_name)

    @classmethod
    def sso(
        cls,
        *,
        user_role: IRole | None = None,
        trusted_identity_propagation: bool | None = None,
        user_assignment_required: bool | None = None,
        identity_center_instance_arn: str | None = None,
    ) -> StudioAuthMode:
        """People and groups of IAM Identity Center, each assigned to the Studio with a ``StudioSessionMapping``.

        :param user_role: what people get when they sign in, at most; a session policy narrows it. It has to trust EMR,
            and needs ``studio.user_policy`` or your own. Default: a role of its own, with ``studio.user_policy``.
        :param trusted_identity_propagation: whether people keep their identity on clusters with ``IdentityCenter`` in
            their security configuration. Default: they do not.
            https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-idc-start.html
        :param user_assignment_required: whether only those may sign in who are assigned to the application that EMR
            makes in Identity Center. Default: as EMR decides.
        :param identity_center_instance_arn: the instance of Identity Center. Default: the one that EMR finds.
        :raises EmrError: the ARN of the instance is none.
        """
        return cls(
            "SSO",
            user_role=user_role,
            trusted_identity_propagation=trusted_identity_propagation,
            user_assignment_required=user_assignment_required,
            identity_center_instance_arn=identity_center_instance_arn,
        )

    @property
    def is_sso(self) -> bool:
        """Whether people sign in with IAM Identity Center."""
        return self.auth_mode == "SSO"

    def render(self) -> dict[str, Any]:
        """The mode as members of CreateStudio; without the user role that is made with the Studio."""
        assignment = {True: "REQUIRED", False: "OPTIONAL", None: None}[self.user_assignment_required]
        members = {
            "AuthMode": self.auth_mode,
            "UserRole": None if self.user_role is None else self.user_role.role_arn,
            "TrustedIdentityPropagationEnabled": self.trusted_identity_propagation,
            "IdcUserAssignment": assignment,
            "IdcInstanceArn": self.identity_center_instance_arn,
            "IdpAuthUrl": self.idp_auth_url,
            "IdpRelayStateParameterName": self.idp_relay_state_parameter_name,
        }
        return {name: value for name, value in members.items() if value is not None}
