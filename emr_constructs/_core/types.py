"""Runtime type checks of arguments, with the name, the value and the fix.

Python doesn't check types, and jsii reports a wrong argument with a JavaScript trace. CDK's interfaces are protocols
that any class can implement, so they are identified by a member.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from sys import float_info
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
    "CONNECTABLE",
    "CONSTRUCT",
    "DURATION",
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


class Interface(NamedTuple):
    """An interface, identified by a member of its classes."""

    described: str
    member: str
    interface: str = ""
    """The jsii name of the interface. Default: the member identifies the interface."""

    example: str = ""
    """How to create or import one, for messages."""


class ListOf:
    """A list whose items are of one of ``kinds``."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds


class MappingOf(NamedTuple):
    """A mapping to values of one of ``kinds``."""

    kinds: tuple[Kind, ...]
    keys: tuple[Kind, ...] = (str,)


class Choice(NamedTuple):
    """One of ``values``."""

    values: tuple[object, ...]


class Named(NamedTuple):
    """An object of a class that is identified by name and may not be imported yet."""

    name: str


Kind: TypeAlias = "type | UnionType | Interface | ListOf | MappingOf | Choice | Named | None"

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
    """Return the errors of ``arguments``, each a value and its accepted kinds."""
    for name, (value, *kinds) in arguments.items():
        yield from _mismatches(name, value, kinds)


def _mismatches(name: str, value: object, kinds: Sequence[Kind]) -> Iterator[str]:
    if any(_is(value, kind) or _may_become(value, kind) for kind in kinds):
        return
    for kind in kinds:
        if isinstance(kind, ListOf) and isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            for index, item in enumerate(value):
                yield from _mismatches(f"{name}[{index}]", item, kind.kinds)
            return
        if isinstance(kind, MappingOf) and isinstance(value, Mapping):
            for key, item in value.items():
                yield from _mismatches(f"the key {shown(key)} of {name}", key, kind.keys)
                yield from _mismatches(f"{name}[{shown(key)}]", item, kind.kinds)
            return
    kinds = _without_integers(kinds)
    described = _alternatives(map(_described, kinds))
    examples = _alternatives(_example(kind, value) for kind in kinds)
    # Text instead of a secret can be a password.
    hides = value is not None and any(secret in kinds for secret in (SECRET, PLAIN_SECRET))
    got = f"{_with_article(type(value).__name__)} object" if hides else shown(value)
    yield f"{name} must be {described}, got {got}; use {examples}"


def _may_become(value: object, kind: Kind) -> bool:
    """Return whether ``value`` is a token that CDK can convert to ``kind``."""
    is_plain = kind in (str, int, float) or (isinstance(kind, Choice) and isinstance(kind.values[0], str))
    return is_plain and isinstance(value, str | float) and is_unknown(value)


def _without_integers(kinds: Sequence[Kind]) -> Sequence[Kind]:
    """Return ``kinds`` without int if a number is included."""
    return [kind for kind in kinds if kind is not int] if float in kinds else kinds


def _alternatives(parts: Iterable[str]) -> str:
    """Return ``parts`` as "a, b or c", without empty parts."""
    *others, last = dict.fromkeys(filter(None, parts)) or [""]
    return f"{', '.join(others)} or {last}" if others else last


def check_types(at: IConstruct | None = None, /, **arguments: tuple[Any, ...]) -> None:
    """Raise :class:`EmrError` if an argument isn't one of the kinds after its value."""
    problems = list(type_errors(arguments))
    if problems:
        raise EmrError(problems, at=at)


def implements(value: object, member: str) -> bool:
    """Return whether ``value`` has ``member``, if possible without the Node process."""
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
            return implements(value, kind.member) and (not kind.interface or _declares(value, kind.interface))
        case ListOf() | MappingOf():
            return False
        case Choice():
            return any(value is choice or (isinstance(choice, str) and value == choice) for choice in kind.values)
        case Named():
            return any(base.__name__ == kind.name for base in type(value).__mro__)
        case None:
            return value is None
        case _ if kind is int:
            return isinstance(value, int) and not isinstance(value, bool)
        case _ if kind is float:
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max
        case _:
            return isinstance(value, kind)


def _described(kind: Kind) -> str:
    match kind:
        case Interface():
            return kind.described
        case ListOf():
            return f"a list of {_plurals(kind.kinds)}"
        case MappingOf():
            return f"a mapping of {_plurals(kind.keys)} to {_plurals(kind.kinds)}"
        case Choice():
            return _alternatives(repr(value) for value in kind.values if value is not DEFAULT)
        case Named():
            return _with_article(kind.name)
        case UnionType():
            return _alternatives(map(_described, kind.__args__))
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _TEXT[kind][0] if kind in _TEXT else _with_article(kind.__name__)


def _example(kind: Kind, value: object) -> str:
    """Return an example of ``kind``: the member that ``value`` names, or the first."""
    match kind:
        case Interface():
            return kind.example
        case ListOf():
            if str in kind.kinds:
                return repr(value.split()) if isinstance(value, str) and value else "a list of strings"
            return f"[{_example(kind.kinds[0], None)}]"
        case MappingOf():
            return f"a dictionary such as {{'key': {'...' if str in kind.kinds else _example(kind.kinds[0], None)}}}"
        case Choice():
            from difflib import get_close_matches

            known = [choice for choice in kind.values if isinstance(choice, str)]
            return repr(get_close_matches(str(value), known, 1, 0)[0]) if known else ""
        case Named():
            return _example_of_class(loaded, value) if (loaded := _loaded(kind.name)) else f"{kind.name}(...)"
        case UnionType():
            return _alternatives(_example(part, value) for part in kind.__args__)
        case _ if kind in (None, NoneType, type(DEFAULT)):
            return ""
        case _:
            assert isinstance(kind, type)
            return _example_of_class(kind, value)


def _loaded(name: str) -> type | None:
    """Return the class ``name`` of this library, if it is public or already imported."""
    package = __name__.partition(".")[0]
    public = getattr(sys.modules[package], name, None)
    if isinstance(public, type):
        return public
    modules = [module for path, module in sys.modules.items() if path.startswith(f"{package}.")]
    found = (vars(module).get(name) for module in modules)
    return next((kind for kind in found if isinstance(kind, type)), None)


def _example_of_class(kind: type, value: object) -> str:
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


def _plurals(kinds: Sequence[Kind]) -> str:
    return _alternatives(map(_plural, _without_integers(kinds)))


def _plural(kind: Kind) -> str:
    """Return the plural of a kind, for items of a list."""
    if isinstance(kind, ListOf):
        return f"lists of {_plurals(kind.kinds)}"
    noun = _described(kind).partition(" ")[2]
    if isinstance(kind, Interface | Named) or (isinstance(kind, type) and kind not in _TEXT):
        return f"{noun} objects"
    return noun and f"{noun}s"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"


def shown(value: object) -> str:
    """Return the value for a message, or its class if it is opaque or may be secret."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, Mapping) or _is_opaque(value):
        return f"{_with_article(type(value).__name__)} object"
    return repr(value)


def _is_opaque(value: object) -> bool:
    text = repr(value)
    return " object at 0x" in text or len(text) > _LONGEST
