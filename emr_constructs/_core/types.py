"""Runtime type checks of arguments, with messages that name the argument, the value and the fix.

Python does not check types, and jsii reports a wrong argument with a JavaScript trace. CDK's interfaces are protocols
that any class can implement, so they are recognized by a member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
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
    "shown",
    "type_errors",
]


class Interface(NamedTuple):
    """An interface, known by a member that its classes have."""

    described: str
    member: str
    interface: str = ""
    """The jsii name of the interface. Default: the member is enough to tell it from others."""

    example: str = ""
    """How to create or import one, for messages."""


class ListOf(NamedTuple):
    """A list of something."""

    kind: type | Interface


Kind: TypeAlias = "type | UnionType | Interface | ListOf | None"

ALARM_ACTION: Final = Interface(
    "a cloudwatch.IAlarmAction",
    "bind",
    "aws-cdk-lib.aws_cloudwatch.IAlarmAction",
    example="cloudwatch_actions.SnsAction(topic)",
)
BUCKET: Final = Interface("an s3.IBucket", "bucket_arn", example="s3.Bucket.from_bucket_name(...)")
CLUSTER: Final = Interface("an ICluster", "metrics", example="Cluster.from_cluster_attributes(...)")
DURATION: Final = Interface("a cdk.Duration", "to_milliseconds", example="cdk.Duration.minutes(...)")
INSTANCE_PROFILE: Final = Interface(
    "an iam.IInstanceProfile",
    "instance_profile_arn",
    example="iam.InstanceProfile.from_instance_profile_attributes(...)",
)
INSTANCE_TYPE: Final = Interface("an ec2.InstanceType", "same_instance_class_as", example="ec2.InstanceType(...)")
KEY: Final = Interface("a kms.IKey", "key_arn", example="kms.Key.from_key_arn(...)")
KEY_PAIR: Final = Interface("an ec2.IKeyPair", "key_pair_name", example="ec2.KeyPair.from_key_pair_name(...)")
QUEUE: Final = Interface("an sqs.IQueue", "queue_arn", example="sqs.Queue.from_queue_arn(...)")
ROLE: Final = Interface("an iam.IRole", "role_arn", example="iam.Role.from_role_arn(...)")
RULE_TARGET: Final = Interface(
    "an events.IRuleTarget",
    "bind",
    "aws-cdk-lib.aws_events.IRuleTarget",
    example="targets.LambdaFunction(function) or AlarmTopic.event_target()",
)
SECRET: Final = Interface(
    "a secretsmanager.ISecret", "secret_arn", example="secretsmanager.Secret.from_secret_name_v2(...)"
)
SECURITY_GROUP: Final = Interface(
    "an ec2.ISecurityGroup", "security_group_id", example="ec2.SecurityGroup.from_security_group_id(...)"
)
TOPIC: Final = Interface("an sns.ITopic", "topic_arn", example="sns.Topic.from_topic_arn(...)")
VPC: Final = Interface("an ec2.IVpc", "vpc_id", example="ec2.Vpc.from_lookup(...)")
_LONGEST: Final = 80
_TEXT: Final[dict[Any, tuple[str, str]]] = {
    str: ("a string", "a string"),
    int: ("an integer", "an integer"),
    float: ("a number", "a number"),
    bool: ("a boolean", "True or False"),
    Mapping: ("a mapping", "a dictionary"),
}
"""How messages describe a plain kind, and what they suggest."""


def type_errors(arguments: Mapping[str, tuple[Any, ...]]) -> Iterator[str]:
    """The problems of ``arguments``: each is a value, then the kinds that it can be."""
    for name, (value, *kinds) in arguments.items():
        # Numbers and text that are only known at deployment come as each other.
        if isinstance(value, str | float) and is_unknown(value):
            continue
        several = next((kind for kind in kinds if isinstance(kind, ListOf)), None)
        if several is not None and isinstance(value, Sequence) and not isinstance(value, str):
            for index, item in enumerate(value):
                if not _is(item, several.kind):
                    yield _mismatch(f"{name}[{index}]", item, several.kind)
        elif not any(_is(value, kind) for kind in kinds):
            yield _mismatch(name, value, *kinds)


def _mismatch(name: str, value: object, *kinds: Kind) -> str:
    described = " or ".join(filter(None, map(_described, kinds)))
    examples = " or ".join(filter(None, (_example(kind, value) for kind in kinds)))
    return f"{name} must be {described}, got {shown(value)}; use {examples}"


def check_types(at: IConstruct | None = None, /, **arguments: tuple[Any, ...]) -> None:
    """Raise :class:`EmrError` if an argument is none of the kinds that follow its value."""
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
            name = inner.described.partition(" ")[2] if isinstance(inner, Interface) else inner.__name__
            return "a list of strings" if inner is str else f"a list of {name} objects"
        case UnionType():
            return " or ".join(filter(None, map(_described, kind.__args__)))
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _TEXT[kind][0] if kind in _TEXT else _with_article(kind.__name__)


def _example(kind: Kind, value: object) -> str:
    """How to write a value of ``kind``: the one that ``value`` stands for, or the first factory or member."""
    match kind:
        case Interface():
            return kind.example
        case ListOf():
            return "a list of strings" if kind.kind is str else f"[{_example(kind.kind, None)}]"
        case UnionType():
            return " or ".join(filter(None, (_example(part, value) for part in kind.__args__)))
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            if kind is str and isinstance(value, int | float):
                return repr(str(value))
            if kind is int and isinstance(value, str) and value.isdecimal():
                return value
            if kind in _TEXT:
                return _TEXT[kind][1]
            if issubclass(kind, Enum):
                members = list(kind.__members__)
                member = str(value).upper()
                return f"{kind.__name__}.{member if member in members else members[0]}"
            factories = (name for name, made in vars(kind).items() if isinstance(made, classmethod | staticmethod))
            factory = next((f".{name}" for name in factories if not name.startswith("_")), "")
            return f"{kind.__name__}{factory}(...)"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"


def shown(value: object) -> str:
    """The value for a message, or its class where the value tells nothing, or could tell a secret."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, Mapping) or _is_opaque(value):
        return f"{_with_article(type(value).__name__)} object"
    return repr(value)


def _is_opaque(value: object) -> bool:
    text = repr(value)
    return " object at 0x" in text or len(text) > _LONGEST
