"""Runtime type checks of arguments, with the name, the value and the fix.

Python doesn't check types, and jsii reports a wrong argument with a JavaScript trace. CDK's interfaces are protocols
that any class can implement, so they are identified by a member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, StrEnum
from sys import float_info
from types import UnionType
from typing import TYPE_CHECKING, Any, Final

from . import token_types
from .errors import EmrError
from .input_values import reject_inputs
from .kinds import FLAG, Choice, Interface, Kind, ListOf, MappingOf, Named, plain
from .patterns import regex
from .token_types import has_list_token, is_list_token, stands_for
from .type_messages import alternatives, described, example, shown, with_article, without_integers

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = [
    "ALARM_ACTION",
    "BUCKET",
    "CLUSTER",
    "CONNECTABLE",
    "CONSTRUCT",
    "DURATION",
    "FLAG",
    "GRANTABLE",
    "INSTANCE_PROFILE",
    "INSTANCE_TYPE",
    "KEY",
    "KEY_PAIR",
    "PLAIN_SECRET",
    "QUEUE",
    "ROLE",
    "RULE_TARGET",
    "SECRET",
    "SECRET_VALUE",
    "SECURITY_GROUP",
    "SECURITY_GROUPS",
    "SIZE",
    "SUBNET",
    "TOPIC",
    "VPC",
    "Choice",
    "Interface",
    "Kind",
    "ListOf",
    "MappingOf",
    "Named",
    "check_types",
    "implements",
    "shown",
    "type_errors",
]


ALARM_ACTION: Final = Interface(
    "a cloudwatch.IAlarmAction",
    "bind",
    "aws-cdk-lib.aws_cloudwatch.IAlarmAction",
    example="cloudwatch_actions.SnsAction(topic)",
)
BUCKET: Final = Interface("an s3.IBucket", "bucket_arn", example="s3.Bucket.from_bucket_name(...)")
CLUSTER: Final = Interface("an ICluster", "metrics", example="Cluster.from_cluster_attributes(...)")
CONNECTABLE: Final = Interface("an ec2.IConnectable", "connections", example="ec2.Peer.ipv4('10.0.0.0/16')")
CONSTRUCT: Final = Interface("a Construct", "node", "constructs.Construct", example="a stack")
DURATION: Final = Interface("a cdk.Duration", "to_milliseconds", example="cdk.Duration.minutes(...)")
GRANTABLE: Final = Interface("an iam.IGrantable", "grant_principal", example="iam.Role.from_role_arn(...)")
INSTANCE_PROFILE: Final = Interface(
    "an iam.IInstanceProfile",
    "instance_profile_arn",
    example="iam.InstanceProfile.from_instance_profile_name(...)",
)
INSTANCE_TYPE: Final = Interface("an ec2.InstanceType", "same_instance_class_as", example="ec2.InstanceType(...)")
KEY: Final = Interface("a kms.IKey", "key_arn", example="kms.Key.from_key_arn(...)")
KEY_PAIR: Final = Interface("an ec2.IKeyPair", "key_pair_name", example="ec2.KeyPair.from_key_pair_name(...)")
QUEUE: Final = Interface("an sqs.IQueue", "queue_arn", example="sqs.Queue.from_queue_arn(...)")
ROLE: Final = Interface(
    "an iam.IRole", "role_arn", example="iam.Role.from_role_name(...) or iam.Role.from_role_arn(...)"
)
RULE_TARGET: Final = Interface(
    "an events.IRuleTarget",
    "bind",
    "aws-cdk-lib.aws_events.IRuleTarget",
    example="targets.LambdaFunction(function) or AlarmTopic.event_target()",
)
SECRET: Final = Interface(
    "a secretsmanager.ISecret", "secret_arn", example="secretsmanager.Secret.from_secret_name_v2(...)"
)
SECRET_VALUE: Final = Interface(
    "a cdk.SecretValue", "unsafe_unwrap", example="cdk.SecretValue.cfn_parameter(...) of a parameter with NoEcho"
)
PLAIN_SECRET: Final = Interface(
    "a secretsmanager.ISecret",
    "secret_arn",
    example="a secret whose whole text is the value, such as secretsmanager.Secret(scope, 'Password', "
    "generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True))",
)
SECURITY_GROUP: Final = Interface(
    "an ec2.ISecurityGroup", "security_group_id", example="ec2.SecurityGroup.from_security_group_id(...)"
)
SECURITY_GROUPS: Final = Interface(
    "an IClusterSecurityGroups", "allow_service_access", example="ClusterSecurityGroups.from_security_groups(...)"
)
SIZE: Final = Interface("a cdk.Size", "to_gibibytes", example="cdk.Size.gibibytes(...)")
SUBNET: Final = Interface("an ec2.ISubnet", "subnet_id", example="ec2.Subnet.from_subnet_id(...)")
TOPIC: Final = Interface("an sns.ITopic", "topic_arn", example="sns.Topic.from_topic_arn(...)")
VPC: Final = Interface("an ec2.IVpc", "vpc_id", "", "ec2.Vpc.from_lookup(...)", "ec2.Vpc.from_vpc_attributes(...)")


# What XML 1.0 excludes; EMR rejects it, and JSON can't contain half of a surrogate pair.
_NOT_IN_XML: Final = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def type_errors(arguments: Mapping[str, tuple[Any, ...]]) -> Iterator[str]:
    """Return the errors of ``arguments``, each a value and its accepted kinds."""
    for name, (value, *kinds) in arguments.items():
        yield from _mismatches(name, value, kinds)


def _mismatches(name: str, value: object, kinds: Sequence[Kind]) -> Iterator[str]:
    if any(_is(value, kind) or _may_become(value, kind) for kind in kinds) and not has_list_token(value):
        if isinstance(value, str):
            yield from _character_errors(name, value)
        return
    for kind in kinds:
        if isinstance(kind, ListOf) and isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            if is_list_token(value):
                if str in kind.kinds:
                    return
                break
            for index, item in enumerate(value):
                yield from _mismatches(f"{name}[{index}]", item, kind.kinds)
            return
        if isinstance(kind, MappingOf) and isinstance(value, Mapping):
            for key, item in value.items():
                if isinstance(key, str) and not key.strip():
                    yield f"each key of {name} must not be empty, got {key!r}; specify a key, or remove the item"
                yield from _mismatches(f"the key {shown(key)} of {name}", key, kind.keys)
                yield from _mismatches(f"{name}[{shown(key)}]", item, kind.kinds)
            return
    kinds = without_integers(kinds)
    accepted = alternatives(map(described, kinds))
    examples = alternatives(example(kind, value) for kind in kinds)
    # Text instead of a secret can be a password.
    is_hidden = (
        any(secret in kinds for secret in (SECRET, PLAIN_SECRET))
        and value is not None
        and not token_types.described(value)
    )
    got = f"{with_article(type(value).__name__)} object" if is_hidden else shown(value)
    wanted = [each for kind in kinds for each in (kind.__args__ if isinstance(kind, UnionType) else (kind,))]
    fix = token_types.conversion(
        value,
        flag=bool in wanted,
        text=any(plain(kind) not in (None, int, float) for kind in wanted),
        number=any(plain(kind) in (int, float) for kind in wanted),
        items=any(isinstance(kind, ListOf) and str in kind.kinds for kind in wanted),
    )
    if _is_mixed(value):
        fix = f"use {shown(value)}.value"
    yield f"{name} must be {accepted}, got {got}; {fix or f'use {examples}'}"


def _character_errors(name: str, text: str) -> Iterator[str]:
    if not text.isprintable() and (found := _NOT_IN_XML.search(text)):
        yield f"{name} must contain only characters that XML allows, got {shown(text)}; remove {found[0]!r}"


def _is_mixed(value: object) -> bool:
    """Return whether ``value`` is a member of an enumeration that is also a number or text.

    Formatted, it can be its name, and jsii doesn't accept a number. A member of a ``StrEnum`` is like its text.
    """
    return isinstance(value, Enum) and isinstance(value, str | int | float) and not isinstance(value, StrEnum)


def _may_become(value: object, kind: Kind) -> bool:
    """Return whether ``value`` is a token that CDK can convert to ``kind``."""
    of_numbers = kind in (str, int, float)
    return isinstance(value, str | float if of_numbers else str) and stands_for(value, plain(kind))


def check_types(at: IConstruct | None = None, /, **arguments: tuple[Any, ...]) -> None:
    """Raise ``EmrError`` if an argument isn't one of the kinds after its value."""
    problems = list(type_errors(arguments))
    if problems:
        raise EmrError(problems, at=at)
    if at is not None:
        for name, (value, *_) in arguments.items():
            if isinstance(value, str | float):
                reject_inputs(name, value, at=at)


def implements(value: object, member: str) -> bool:
    """Return whether ``value`` has ``member``, if possible without the Node process."""
    if isinstance(value, type):
        return False
    # CDK returns interfaces, for example of imported constructs, as one proxy object for several interfaces.
    parts = getattr(value, "_delegates", None) or (value,)
    return any(hasattr(type(part), member) or member in getattr(part, "__dict__", ()) for part in parts)


def _declares(value: object, interface: str) -> bool:
    """Return whether ``value`` declares that it implements ``interface``."""
    parts = getattr(value, "_delegates", None) or (value,)
    classes = [found for part in parts for found in type(part).__mro__]
    declared = [found for kind in classes for found in getattr(kind, "__jsii_ifaces__", ())]
    ancestors = (ancestor for found in (*classes, *declared) for ancestor in found.__mro__)
    return any(getattr(ancestor, "__jsii_type__", None) == interface for ancestor in ancestors)


def _is(value: object, kind: Kind) -> bool:
    match kind:
        case Interface():
            # CDK's Python interface rejects imported constructs as scopes.
            if kind is CONSTRUCT and hasattr(value, "_delegates"):
                return False
            return implements(value, kind.member) and (not kind.interface or _declares(value, kind.interface))
        case ListOf() | MappingOf():
            return False
        case Choice():
            return any(value is choice or (isinstance(value, str) and value == choice) for choice in kind.values)
        case Named():
            return any(base.__name__ == kind.name for base in type(value).__mro__)
        case None:
            return value is None
        case _ if kind is int:
            return isinstance(value, int) and not isinstance(value, bool | Enum)
        case _ if kind is float:
            is_number = isinstance(value, int | float) and not isinstance(value, bool | Enum)
            return is_number and abs(value) <= float_info.max and not token_types.described(value)  # type: ignore[arg-type]
        case _ if kind is str:
            return isinstance(value, str) and not _is_mixed(value)
        case _:
            return isinstance(value, kind)
