"""Authentication modes of EMR Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.values import value_class
from ..rules import enforce
from ..rules.studio import AUTH_MODE

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole

__all__ = ["StudioAuthMode"]


@check_calls
@value_class
class StudioAuthMode:
    """The authentication mode of a Studio: ``iam`` or ``sso``.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-authentication.html
    """

    auth_mode: Literal["IAM", "SSO"]
    """``IAM`` or ``SSO``."""

    user_role: IRole | None = None
    """The role that users of IAM Identity Center assume. Default: none, as with IAM."""

    trusted_identity_propagation: bool | None = None
    """Whether AWS services receive the identity of the user. Default: not specified, as with IAM."""

    user_assignment_required: bool | None = None
    """Whether only assigned users can sign in. Default: not specified, as with IAM."""

    identity_center_instance_arn: str | None = None
    """The instance of IAM Identity Center. Default: not specified."""

    idp_auth_url: str | None = None
    """The sign-in page of an identity provider. Default: not specified."""

    idp_relay_state_parameter_name: str | None = None
    """The parameter with which the identity provider redirects users. Default: not specified."""

    def __post_init__(self) -> None:
        require_known("auth_mode", self.auth_mode)
        enforce(AUTH_MODE, self._render())

    @classmethod
    def iam(
        cls, *, idp_auth_url: str | None = None, idp_relay_state_parameter_name: str | None = None
    ) -> StudioAuthMode:
        """Authenticate users with IAM.

        Attach ``studio.user_policy`` to their roles or IAM users.

        :param idp_auth_url: the sign-in page of an identity provider, to which users who open the Studio URL are
            redirected. Default: users sign in to the console or at their identity provider first.
        :param idp_relay_state_parameter_name: the name of the provider's ``RelayState`` parameter, for example
            ``TargetSource``. Default: none.
        :raises EmrError: ``idp_auth_url`` doesn't begin with https, or ``idp_relay_state_parameter_name`` is specified
            without it.
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
        """Authenticate users and groups with IAM Identity Center.

        Assign each of them with a ``StudioSessionMapping``.

        :param user_role: the role that users get when they sign in; session policies limit its permissions. It must
            trust EMR and requires ``studio.user_policy`` or your own policy. Default: a new role with
            ``studio.user_policy``.
        :param trusted_identity_propagation: whether the identity of users is propagated to clusters with
            ``IdentityCenter`` in their security configuration. Default: false.
            https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-idc-start.html
        :param user_assignment_required: whether users must be assigned to the application that EMR creates in Identity
            Center. Default: the default of EMR.
        :param identity_center_instance_arn: the instance of Identity Center. Default: the instance that EMR finds.
        :raises EmrError: ``identity_center_instance_arn`` isn't the ARN of an instance.
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
        """Whether users sign in with IAM Identity Center."""
        return self.auth_mode == "SSO"

    def _render(self) -> dict[str, Any]:
        """Return the members of CreateStudio, without a user role that the Studio creates."""
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
