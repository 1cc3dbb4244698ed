"""EMR Studios, and who may enter them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .engine import Part, add_enum, add_shape, rule
from .sources import api_reference, management_guide, template_reference

STUDIO: Final = "Studio"
SESSION_MAPPING: Final = "StudioSessionMapping"

_STUDIO = template_reference("aws-resource-emr-studio")
_TEXTS = (
    "DefaultS3Location Description EncryptionKeyArn EngineSecurityGroupId IdcInstanceArn IdpAuthUrl "
    "IdpRelayStateParameterName Name ServiceRole UserRole VpcId WorkspaceSecurityGroupId"
)
add_enum("AuthMode", ["SSO", "IAM"])
add_enum("IdcUserAssignment", ["REQUIRED", "OPTIONAL"])
add_enum("IdentityType", ["USER", "GROUP"])
add_shape(
    STUDIO,
    {
        **dict.fromkeys(_TEXTS.split(), "String"),
        "AuthMode": "AuthMode",
        "IdcUserAssignment": "IdcUserAssignment",
        "SubnetIds": "StringList",
        "Tags": "TagList",
        "TrustedIdentityPropagationEnabled": "Boolean",
    },
)
add_shape(
    SESSION_MAPPING,
    {"IdentityName": "String", "IdentityType": "IdentityType", "SessionPolicyArn": "String", "StudioId": "String"},
)


@rule("emr-studio-name", STUDIO, do="use 1 to 256 letters, digits, hyphens and underscores", source=_STUDIO)
def _studio_name_is_allowed(studio: Part) -> Iterator[str]:
    """The name of a Studio has 1 to 256 letters, digits, hyphens and underscores."""
    name = studio.get("Name")
    if name is not None and not re.fullmatch(r"[a-zA-Z0-9_-]{1,256}", name):
        yield f"the name of the Studio is {name!r}"


@rule("emr-studio-location", STUDIO, do="use s3://bucket/prefix/", source=_STUDIO)
def _studio_location_is_in_s3(studio: Part) -> Iterator[str]:
    """A Studio keeps its notebooks in S3."""
    location = studio.get("DefaultS3Location")
    if location is not None and not location.startswith("s3://"):
        yield f"the location of the Studio is {location!r}"


@rule("emr-studio-subnets", STUDIO, do="give 1 to 5", source=api_reference("CreateStudio"))
def _studio_subnets_are_limited(studio: Part) -> Iterator[str]:
    """A Studio has 1 to 5 subnets."""
    count = len(studio.items("SubnetIds"))
    if count > 5 or (count == 0 and "SubnetIds" in studio and studio.is_complete("SubnetIds")):
        yield f"the Studio has {count} subnets"


@rule(
    "emr-studio-user-role",
    STUDIO,
    do="leave the role out: with IAM users have the rights of their own identity",
    source=management_guide("emr-studio-user-permissions"),
)
def _user_role_is_for_sso(studio: Part) -> Iterator[str]:
    """A user role is for Studios with the authentication mode SSO."""
    if studio.get("AuthMode") == "IAM" and "UserRole" in studio:
        yield "the Studio has the authentication mode IAM and a user role"


@rule(
    "emr-studio-session-policy",
    SESSION_MAPPING,
    do="give the ARN of a managed policy",
    source=template_reference("aws-resource-emr-studiosessionmapping"),
)
def _session_policy_is_an_arn(mapping: Part) -> Iterator[str]:
    """What a user may do in a Studio is a managed policy, given by its ARN."""
    arn = mapping.get("SessionPolicyArn")
    if arn is not None and not re.match(r"arn:[\w-]+:iam::", arn):
        yield f"the session policy is {arn!r}"
