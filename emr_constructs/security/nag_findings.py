"""Reasons for acknowledged findings of cdk-nag.

Each finding is acknowledged only on the construct that it is about, so that the same finding elsewhere is still
reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from .._core import tokens
from .._core.unknown import is_unknown

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = [
    "ACCESS_LOGS",
    "ALARM_WITHOUT_ACTION",
    "AUTO_SCALING_POLICY",
    "CAPACITY_RESERVATIONS",
    "CERTIFICATE_AUTHORITY",
    "DATA_ACCESS",
    "DEAD_LETTERS",
    "ENCRYPTED_DISKS",
    "ENCRYPTED_TRAFFIC",
    "EXECUTIONS",
    "FOUND_CLUSTERS",
    "GLUE_TABLES",
    "LAUNCHED_CLUSTERS",
    "LAUNCHING",
    "LAUNCH_POLICY",
    "LISTING_CLUSTERS",
    "LOGS_AND_TRACES",
    "LOG_PREFIX",
    "NO_LOGIN",
    "OBJECTS_BELOW_PREFIX",
    "SERVICE_POLICY",
    "SESSIONS_ALONE",
    "SESSION_MANAGER",
    "STUDIO_SERVICE",
    "STUDIO_USERS",
    "acknowledge",
    "of_statements",
    "wildcards",
]

_WRONG_LEVEL: Final = (
    "The security configuration of this cluster encrypts {}. cdk-nag looks for the keys at the top of the document "
    "instead of below EncryptionConfiguration, where EMR has them, so it never finds them."
)
ENCRYPTED_DISKS: Final = {"AwsSolutions-EMR4": _WRONG_LEVEL.format("the local disks")}
ENCRYPTED_TRAFFIC: Final = {"AwsSolutions-EMR5": _WRONG_LEVEL.format("the traffic among the nodes")}

_AUTHENTICATION: Final = (
    "AwsSolutions-EMR6",
    "HIPAA.Security-EMRKerberosEnabled",
    "NIST.800.53.R4-EMRKerberosEnabled",
    "PCI.DSS.321-EMRKerberosEnabled",
)
SESSIONS_ALONE: Final = dict.fromkeys(
    _AUTHENTICATION,
    "Nobody logs in to the nodes with a key: sessions are opened with AWS Systems Manager, by the IAM identity of the "
    "person, and no rule lets SSH in.",
)
NO_LOGIN: Final = dict.fromkeys(
    _AUTHENTICATION,
    "Nobody logs in to the nodes: there is no key pair, no session with AWS Systems Manager, and no rule lets SSH in.",
)

SERVICE_POLICY: Final = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2]": (
        "AWS extends this policy as EMR needs more; a copy goes stale and launches fail. It is limited to networks and "
        "instances with the tag for-use-with-amazon-emr-managed-policies."
    )
}
AUTO_SCALING_POLICY: Final = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
    "AmazonElasticMapReduceforAutoScalingRole]": (
        "The policy allows three actions, and EMR names no smaller one for automatic scaling."
    )
}

_S3_MANAGED: Final = "S3 delivers access logs only to buckets that it encrypts with its own keys."
ACCESS_LOGS: Final = {
    f"{pack}-S3DefaultEncryptionKMS": _S3_MANAGED for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
}

_DEAD_LETTERS: Final = "The queue takes what EventBridge could not deliver; nothing reads it but people."
DEAD_LETTERS: Final = {"AwsSolutions-SQS3": _DEAD_LETTERS, "Serverless-SQSRedrivePolicy": _DEAD_LETTERS}

LOG_PREFIX: Final = "EMR names the objects; the nodes may only write, and only below the prefix of the logs."
CERTIFICATE_AUTHORITY: Final = (
    "EMR names the secret of its certificates; a condition limits the statement to the secret with the tag that this "
    "security configuration gives it."
)
SESSION_MANAGER: Final = "Systems Manager checks these actions on no resource; they only concern the node itself."
DATA_ACCESS: Final = (
    "Lake Formation checks this action on no resource; its own permissions say which tables the role sees."
)
OBJECTS_BELOW_PREFIX: Final = "The objects below a prefix that was named; they are made while the cluster runs."
GLUE_TABLES: Final = "Tables and functions of a database that was named; they are made while the cluster runs."
CAPACITY_RESERVATIONS: Final = (
    "EMR names the launch templates that it makes, and a tag limits what it may delete; the other actions only read, "
    "and EC2 and Resource Groups check them on no resource."
)
LAUNCH_POLICY: Final = (
    "A copy of AmazonEMRServicePolicy_v2, limited to the account and the region: EMR names what it launches, and tags "
    "limit the rest."
)

LAUNCHED_CLUSTERS: Final = (
    "EMR names a cluster when it launches; a condition limits the statement to clusters with the tag of this state "
    "machine."
)
LAUNCHING: Final = (
    "EMR knows no resource for launching a cluster; a condition limits the statement to clusters with the tag of this "
    "state machine."
)
LISTING_CLUSTERS: Final = "EMR knows no resource for listing clusters, which shows their names and ids."
FOUND_CLUSTERS: Final = (
    "EMR lists clusters without their tags, so each candidate has to be described. A condition limits what may be "
    "terminated to clusters with the tag of this state machine."
)
EXECUTIONS: Final = "The executions of one state machine, which are named as they start."
_NO_TOPIC: Final = (
    "The job was defined without a topic; the state of the alarm shows in the console and through the API."
)
ALARM_WITHOUT_ACTION: Final = {
    f"{pack}-CloudWatchAlarmAction": _NO_TOPIC for pack in ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5")
}
LOGS_AND_TRACES: Final = "CloudWatch Logs and X-Ray check these actions on no resource."
STUDIO_SERVICE: Final = (
    "EMR Studio names the interfaces and Workspaces that it makes, and any cluster of the account may be attached; "
    "tags limit what is changed, and the other actions only read."
)
STUDIO_USERS: Final = (
    "People name the Workspaces and Git secrets that they make; tags limit secrets to their user, and clusters decide "
    "which data is seen."
)


def acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge the findings on ``scope`` and its children, each with a reason."""
    acknowledgments = [cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
    cdk.Validations.of(scope).acknowledge(*acknowledgments)


def wildcards(scope: IConstruct, resources: Mapping[str, str]) -> dict[str, str]:
    """Return the findings about wildcards in ``resources``, each with its reason.

    :param resources: the reason for each resource of a statement.
    """
    known = not any(is_unknown(resource) for resource in resources)
    resolved: Sequence[Any] = list(resources) if known else tokens.stack_of(scope).resolve(list(resources))
    return {
        f"AwsSolutions-IAM5[Resource::{_flat(resource)}]": reason
        for resource, reason in zip(resolved, resources.values(), strict=True)
    }


def of_statements(statements: Iterable[Mapping[str, Any]], reason: str) -> dict[str, str]:
    """Return the resources of ``statements`` with a wildcard, each with ``reason``."""
    resources = (resource for statement in statements for resource in statement["Resource"])
    return {resource: reason for resource in resources if "*" in resource}


def _flat(value: Any) -> str:
    """Return an intrinsic function as text, as cdk-nag writes it in finding IDs."""
    match value:
        case str():
            return value.replace("${", "<").replace("}", ">")
        case {"Fn::Join": [str(delimiter), [*items]]}:
            return delimiter.join(map(_flat, items))
        case {"Fn::Sub": inner} | {"Fn::ImportValue": inner}:
            return _flat(inner)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{_flat(resource)}.{_flat(attribute)}>"
        case {"Ref": name}:
            return f"<{_flat(name)}>"
        case _:
            return json.dumps(value, separators=(",", ":"))
