"""The places that launch requests are published to: an SSM parameter, a secret, an S3 object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from aws_cdk import custom_resources

from .._core import tokens
from .._core.acknowledged import record_launcher
from .._core.errors import EmrError
from .._core.launch_requests import REQUEST_IN_BUCKET
from .._core.lengths import longest
from .._core.patterns import regex
from .._core.unknown import is_unknown
from .._core.values import value_class
from ..rules import check
from ..security import nag_findings
from ..security.policies import Statement, allow, decrypt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

__all__ = ["Publication", "Publications", "in_bucket", "in_parameter", "in_secret", "secret_value_errors"]

_TOKEN_LENGTH: Final = 128
"""The number of characters that a value counts that is only known at deployment."""

_LONGEST_STANDARD: Final = 4096
_LONGEST_PARAMETER: Final = 8192
_LONGEST_SECRET: Final = 65_536
_PLACES: Final[WeakKeyDictionary[Construct, dict[str, str]]] = WeakKeyDictionary()
_SECRET_VALUE: Final = regex(r"\{\{resolve:(secretsmanager|ssm-secure):")


@value_class
class Publication:
    """A published request."""

    resource: Construct
    readers: Sequence[Statement]
    """The statements that allow reading it."""

    text: str
    """The published text, with tokens."""

    maximum: int | None
    """The maximum number of characters. None: no limit that a request can exceed."""


@jsii.implements(constructs.IValidation)
class Publications:
    """What a launch template publishes, with the principals that may read it."""

    def __init__(self, scope: Construct, tags: Callable[[], Mapping[str, str]]) -> None:
        """Check what ``scope`` publishes again at synth time, when all tags are known.

        :param tags: returns the tags of the clusters.
        """
        self._scope = scope
        self._tags = tags
        self._published: list[Publication] = []
        self._readers: list[Callable[[Sequence[Statement]], object]] = []
        scope.node.add_validation(cast("constructs.IValidation", self))

    def at(self, place: str) -> str | None:
        """Return the path of the launch template of the stack that publishes in ``place``; None if none does."""
        return _places(self._scope).get(place)

    def add(self, published: Publication, place: str) -> None:
        """Let all readers read what is published in ``place``."""
        _places(self._scope)[place] = self._scope.node.path
        record_launcher(published.resource)
        self._published.append(published)
        for allow_reading in self._readers:
            allow_reading(published.readers)

    def add_reader(self, allow_reading: Callable[[Sequence[Statement]], object]) -> None:
        """Call ``allow_reading`` with the statements about each publication, also of later ones."""
        self._readers.append(allow_reading)
        for published in self._published:
            allow_reading(published.readers)

    def validate(self) -> list[str]:
        """Return the errors of tags, and of text that became too long."""
        tags = [{"Key": key, "Value": value} for key, value in self._tags().items()]
        checked = check("RunJobFlowInput", {"Tags": tags}, in_library=True)
        about_tags = [str(found) for found in checked if found.path.startswith("Tags")]
        found = (_length_errors(self._scope, each.text, each.maximum) for each in self._published)
        return [*about_tags, *dict.fromkeys(problem for problems in found for problem in problems)]


def in_parameter(scope: Construct, construct_id: str, name: str, text: str) -> tuple[ssm.StringParameter, Publication]:
    """Publish ``text`` as an SSM parameter, in the tier for its length.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html

    :raises EmrError: ``text`` may be too long.
    """
    _check_length(scope, text, _LONGEST_PARAMETER)
    parameter = ssm.StringParameter(
        scope,
        construct_id,
        parameter_name=name,
        description="RunJobFlow request that launches an Amazon EMR cluster",
        # The limit that CDK checks before the length is known.
        tier=ssm.ParameterTier.ADVANCED,
        string_value=text,
        simple_name=not name.startswith("/") if not is_unknown(name) else False,
    )
    resource = cast("ssm.CfnParameter", parameter.node.default_child)
    resource.tier = cdk.Lazy.uncached_string(cast("cdk.IStringProducer", _Tier(scope, text)))
    # The name of a token may begin with a slash, which the ARN doesn't repeat.
    paths = [f"/{name.removeprefix('/')}"] if not is_unknown(name) or name.startswith("/") else [f"/{name}", name]
    arns = [tokens.arn("ssm", f"parameter{path}") for path in paths]
    readers = [allow(None, ["ssm:GetParameter", "ssm:GetParameters"], arns)]
    return parameter, Publication(parameter, readers, text, _LONGEST_PARAMETER)


def in_secret(
    scope: Construct, construct_id: str, name: str, text: str, key: kms.IKey | None
) -> tuple[secretsmanager.Secret, Publication]:
    """Publish ``text`` as a secret.

    :param key: encrypts the secret. Default: the AWS managed key.
    :raises EmrError: ``text`` may be too long.
    """
    _check_length(scope, text, _LONGEST_SECRET)
    secret = secretsmanager.Secret(
        scope,
        construct_id,
        secret_name=name,
        description="RunJobFlow request that launches an Amazon EMR cluster",
        encryption_key=key,
        secret_string_value=cdk.SecretValue.unsafe_plain_text(text),
    )
    nag_findings.acknowledge(secret, nag_findings.REQUEST_IN_SECRET)
    actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    readers = [allow(None, actions, [secret.secret_arn])]
    if key is not None:
        readers.append(decrypt([tokens.key_arn(key)]))
    return secret, Publication(secret, readers, text, _LONGEST_SECRET)


def in_bucket(scope: Construct, construct_id: str, bucket: s3.IBucket, key: str, text: str) -> Publication:
    """Publish ``text`` as an object.

    CloudFormation has no resource for an object, and an asset can't contain values that are only known at deployment.
    A custom resource calls PutObject with permissions for this object, unlike ``BucketDeployment``, which may change
    the whole bucket.
    """
    place = {"Bucket": bucket.bucket_name, "Key": key}
    arn = bucket.arn_for_objects(key)
    put = custom_resources.AwsSdkCall(
        service="S3",
        action="PutObject",
        parameters={**place, "Body": text, "ContentType": "application/json"},
        physical_resource_id=custom_resources.PhysicalResourceId.of(bucket.s3_url_for_object(key)),
        output_paths=["ETag"],
    )
    writers = [allow(None, ["s3:PutObject", "s3:DeleteObject"], [arn])]
    readers = [allow(None, ["s3:GetObject"], [arn])]
    if bucket.encryption_key is not None:
        key_arn = tokens.key_arn(bucket.encryption_key)
        writers.append(allow(None, ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn]))
        readers.append(decrypt([key_arn]))
    resource = custom_resources.AwsCustomResource(
        scope,
        construct_id,
        resource_type=REQUEST_IN_BUCKET,
        on_update=put,
        on_delete=custom_resources.AwsSdkCall(service="S3", action="DeleteObject", parameters=place),
        policy=custom_resources.AwsCustomResourcePolicy.from_statements(
            [iam.PolicyStatement.from_json(statement) for statement in writers]
        ),
        install_latest_aws_sdk=False,
    )
    return Publication(resource, readers, text, None)


def secret_value_errors(scope: Construct, text: str) -> list[str]:
    """Return the errors if CloudFormation would write a secret into ``text``."""
    found = ["a dynamic reference to a secret"] if _SECRET_VALUE.search(_longest(scope, text)) else []
    stack = tokens.stack_of(scope)
    for name in sorted(set(_references(stack.resolve(text)))):
        parameter = stack.node.try_find_child(name)
        if isinstance(parameter, cdk.CfnParameter) and parameter.no_echo:
            found.append(f"the parameter {name!r} with NoEcho")
    return [
        f"the request must not contain secrets, because the published request is readable, got {got}; pass the secret "
        "itself to a configuration, so that EMR reads it at launch, or let the job read it"
        for got in found
    ]


def _references(value: Any) -> Iterator[str]:
    match value:
        case {"Ref": str(name)}:
            yield name
        case dict():
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)


def _places(scope: Construct) -> dict[str, str]:
    """The places that launch templates of a stack publish in, with their paths."""
    return _PLACES.setdefault(tokens.stack_of(scope), {})


def _check_length(scope: Construct, text: str, maximum: int) -> None:
    if problems := _length_errors(scope, text, maximum):
        raise EmrError(problems, at=scope)


def _length_errors(scope: Construct, text: str, maximum: int | None) -> list[str]:
    """Return an error if ``text`` may be longer than ``maximum`` at deployment."""
    if maximum is None or (length := _length(scope, text)) <= maximum:
        return []
    what = "a secret" if maximum == _LONGEST_SECRET else "an SSM parameter"
    return [
        f"the request must have at most {maximum:,} characters in {what}, got up to {length:,}, with "
        f"{_TOKEN_LENGTH} for each value that is only known at deployment; use publish_to_bucket(...)"
    ]


def _longest(scope: Construct, text: str) -> str:
    return str(longest(tokens.stack_of(scope).resolve(text), token=_TOKEN_LENGTH))


def _length(scope: Construct, text: str) -> int:
    return len(_longest(scope, text))


@jsii.implements(cdk.IStringProducer)
class _Tier:
    """Produces the tier at synth time, when the length of the tags is known."""

    def __init__(self, scope: Construct, text: str) -> None:
        self._scope = scope
        self._text = text

    def produce(self, context: cdk.IResolveContext) -> Any:  # noqa: ARG002
        return "Standard" if _length(self._scope, self._text) < _LONGEST_STANDARD else "Advanced"
