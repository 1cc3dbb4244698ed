"""What an argument has to be, checked before it is used.

Python does not check, and what JavaScript says about a wrong argument helps nobody. The interfaces of CDK are known by
a member, since they are protocols that any class can implement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from .errors import EmrError
from .unknown import is_unknown
from .unset import DEFAULT

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = [
    "ALARM_ACTION",
    "BUCKET",
    "CLUSTER",
    "DURATION",
    "INSTANCE_PROFILE",
    "INSTANCE_TYPE",
    "KEY",
    "KEY_PAIR",
    "QUEUE",
    "ROLE",
    "RULE_TARGET",
    "SECRET",
    "SECURITY_GROUP",
    "TOPIC",
    "VPC",
    "Interface",
    "Kind",
    "ListOf",
    "check_types",
    "implements",
    "type_errors",
]


class Interface(NamedTuple):
    """An interface, known by a member that its classes have."""

    described: str
    member: str
    interface: str = ""
    """The jsii name of the interface. Default: the member is enough to tell it from others."""


class ListOf(NamedTuple):
    """A list of something."""

    kind: type | Interface


Kind: TypeAlias = "type | UnionType | Interface | ListOf | None"

ALARM_ACTION: Final = Interface(
    "an action such as cloudwatch_actions.SnsAction(topic)", "bind", "aws-cdk-lib.aws_cloudwatch.IAlarmAction"
)
BUCKET: Final = Interface("an s3.IBucket", "bucket_arn")
CLUSTER: Final = Interface("a Cluster, or Cluster.from_cluster_attributes(...)", "metrics")
DURATION: Final = Interface("a Duration", "to_milliseconds")
INSTANCE_PROFILE: Final = Interface("an iam.IInstanceProfile", "instance_profile_arn")
INSTANCE_TYPE: Final = Interface("an ec2.InstanceType", "same_instance_class_as")
KEY: Final = Interface("a kms.IKey", "key_arn")
KEY_PAIR: Final = Interface("an ec2.IKeyPair", "key_pair_name")
QUEUE: Final = Interface("an sqs.IQueue", "queue_arn")
ROLE: Final = Interface("an iam.IRole", "role_arn")
RULE_TARGET: Final = Interface(
    "an events.IRuleTarget such as targets.LambdaFunction(function) or AlarmTopic.event_target()",
    "bind",
    "aws-cdk-lib.aws_events.IRuleTarget",
)
SECRET: Final = Interface("a secretsmanager.ISecret", "secret_arn")
SECURITY_GROUP: Final = Interface("an ec2.ISecurityGroup", "security_group_id")
TOPIC: Final = Interface("an sns.ITopic", "topic_arn")
VPC: Final = Interface("an ec2.IVpc", "vpc_id")
_LONGEST: Final = 80
_TEXT: Final[dict[Any, str]] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    Mapping: "a mapping",
}


def type_errors(arguments: Mapping[str, tuple[Any, ...]]) -> Iterator[str]:
    """What is wrong with ``arguments``: each a value, then the kinds that it can be."""
    for name, (value, *kinds) in arguments.items():
        # Numbers and text that are only known at deployment come as each other.
        if isinstance(value, str | float) and is_unknown(value):
            continue
        several = next((kind for kind in kinds if isinstance(kind, ListOf)), None)
        if several is not None and isinstance(value, Sequence) and not isinstance(value, str):
            for item in value:
                if not _is(item, several.kind):
                    yield f"{name} has the item {_shown(item)}; give {_described(several.kind)}"
        elif not any(_is(value, kind) for kind in kinds):
            yield f"{name} is {_shown(value)}; give {' or '.join(filter(None, map(_described, kinds)))}"


def check_types(at: IConstruct | None = None, /, **arguments: tuple[Any, ...]) -> None:
    """Raise :class:`EmrError` where an argument is none of the kinds that follow its value."""
    problems = list(type_errors(arguments))
    if problems:
        raise EmrError(problems, at=at)


def implements(value: object, member: str) -> bool:
    """Whether ``value`` has ``member``; asking for its value could be a round trip to the Node process."""
    # What CDK returns as an interface, an imported construct for example, is one object that stands for several.
    parts = getattr(value, "_delegates", None) or (value,)
    return any(hasattr(type(part), member) or member in getattr(part, "__dict__", ()) for part in parts)


def _declares(value: object, interface: str) -> bool:
    """Whether a class of ``value`` says that it implements ``interface``, or stands for it in what CDK returns."""
    parts = getattr(value, "_delegates", None) or (value,)
    classes = [found for part in parts for found in type(part).__mro__]
    declared = [found for kind in classes for found in getattr(kind, "__jsii_ifaces__", ())]
    ancestors = (ancestor for found in (*classes, *declared) for ancestor in found.__mro__)
    return any(getattr(ancestor, "__jsii_type__", None) == interface for ancestor in ancestors)


def _is(value: object, kind: Kind) -> bool:
    match kind:
        case Interface():
            return implements(value, kind.member) and (not kind.interface or _declares(value, kind.interface))
        case ListOf():
            return False
        case None:
            return value is None
        case _ if kind in (int, float):
            return isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
        case _:
            return isinstance(value, kind)


def _described(kind: Kind) -> str:
    match kind:
        case Interface():
            return kind.described
        case ListOf():
            inner = kind.kind
            return (
                f"a list, each item {inner.described}"
                if isinstance(inner, Interface)
                else f"a list of {inner.__name__} objects"
            )
        case UnionType():
            return " or ".join(filter(None, map(_described, kind.__args__)))
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _TEXT.get(kind) or f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def _shown(value: object) -> str:
    """The value, or what it is where that tells nothing, or could tell a secret."""
    text = repr(value)
    unreadable = isinstance(value, Mapping) or " object at 0x" in text or len(text) > _LONGEST
    return f"an object of the class {type(value).__name__}" if unreadable else text
