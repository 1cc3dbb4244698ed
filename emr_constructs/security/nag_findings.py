"""Reasons for acknowledged findings of cdk-nag.

Each finding is acknowledged only on the construct that it is about, so that the same finding elsewhere is still
reported. Each acknowledgment requires calls to the Node process, so there are none if cdk-nag isn't installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from .._core import tokens, validations
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
    "LOG_STREAMS",
    "NO_LOGIN",
    "OBJECTS_BELOW_PREFIX",
    "REQUEST_IN_SECRET",
    "SERVICE_POLICY",
    "SESSIONS_ALONE",
    "SESSION_MANAGER",
    "SESSION_POLICY",
    "STUDIO_SERVICE",
    "STUDIO_TEMPLATE_CLUSTERS",
    "STUDIO_USERS",
    "TEMPLATE_CLUSTERS",
    "TEMPLATE_LAUNCH",
    "TEMPLATE_LAUNCHES",
    "TEMPLATE_STACKS",
    "TEMPLATE_USERS",
    "acknowledge",
    "is_installed",
    "of_statements",
    "wildcards",
]

_WRONG_LEVEL: Final = (
    "The security configuration of this cluster encrypts {}. cdk-nag expects the keys at the top level of the document "
    "instead of in EncryptionConfiguration, so it always reports this finding."
)
ENCRYPTED_DISKS: Final = {"AwsSolutions-EMR4": _WRONG_LEVEL.format("the local disks")}
ENCRYPTED_TRAFFIC: Final = {"AwsSolutions-EMR5": _WRONG_LEVEL.format("data in transit")}

_AUTHENTICATION: Final = (
    "AwsSolutions-EMR6",
    "HIPAA.Security-EMRKerberosEnabled",
    "NIST.800.53.R4-EMRKerberosEnabled",
    "PCI.DSS.321-EMRKerberosEnabled",
)
SESSIONS_ALONE: Final = dict.fromkeys(
    _AUTHENTICATION,
    "The nodes have no key pair, and no rule allows SSH: sessions use AWS Systems Manager, which authenticates users "
    "with IAM.",
)
NO_LOGIN: Final = dict.fromkeys(
    _AUTHENTICATION,
    "Users can't log in to the nodes: there is no key pair and no access with AWS Systems Manager, and no rule allows "
    "SSH.",
)

SERVICE_POLICY: Final = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2]": (
        "AWS updates this policy when EMR requires more permissions; with an outdated copy, launches can fail. It is "
        "limited to networks and instances with the tag for-use-with-amazon-emr-managed-policies."
    )
}
SESSION_POLICY: Final = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEMRServicePolicyForSessions]": (
        "Spark Connect sessions in private subnets require this policy, which AWS updates. It is limited to resources "
        "with the tag for-use-with-amazon-emr-managed-policies."
    )
}
LOG_STREAMS: Final = (
    "EMR generates the names of log streams, and the CloudWatch agent lists log groups before it writes to its own."
)
AUTO_SCALING_POLICY: Final = {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
    "AmazonElasticMapReduceforAutoScalingRole]": (
        "The policy allows only three actions, and AWS documents no smaller policy for automatic scaling."
    )
}

_S3_MANAGED: Final = "S3 delivers access logs only to buckets with S3 managed encryption keys."
ACCESS_LOGS: Final = {
    f"{pack}-S3DefaultEncryptionKMS": _S3_MANAGED for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
}

_DEAD_LETTERS: Final = "The queue is a dead-letter queue for events that EventBridge could not deliver."
DEAD_LETTERS: Final = {"AwsSolutions-SQS3": _DEAD_LETTERS, "Serverless-SQSRedrivePolicy": _DEAD_LETTERS}

LOG_PREFIX: Final = "EMR generates the names of the objects; the nodes can only write below the prefix of the logs."
CERTIFICATE_AUTHORITY: Final = (
    "EMR generates the name of the secret; a condition limits the statement to the secret with the tag of this "
    "security configuration."
)
SESSION_MANAGER: Final = (
    "Systems Manager supports no resource-level permissions for these actions, which only affect the node itself."
)
DATA_ACCESS: Final = (
    "Lake Formation supports no resource-level permissions for this action; its own permissions limit the access to "
    "tables."
)
OBJECTS_BELOW_PREFIX: Final = (
    "The statement is limited to objects below a prefix; the cluster creates objects while it runs."
)
GLUE_TABLES: Final = (
    "The statement is limited to databases; their tables and functions are created while the cluster runs."
)
CAPACITY_RESERVATIONS: Final = (
    "EMR generates the IDs of launch templates, and a tag limits which ones it can delete. The other actions only read "
    "and don't support resource-level permissions."
)
LAUNCH_POLICY: Final = (
    "A copy of AmazonEMRServicePolicy_v2, limited to the account and the Region: EMR generates the IDs of "
    "resources that it creates, and tags limit access to others."
)

LAUNCHED_CLUSTERS: Final = (
    "EMR generates the ID of a cluster at launch; a condition limits the statement to clusters with the tag of this "
    "state machine."
)
LAUNCHING: Final = (
    "EMR supports no resource-level permissions for launching a cluster; a condition limits the statement to clusters "
    "with the tag of this state machine."
)
TEMPLATE_CLUSTERS: Final = (
    "EMR generates the ID of a cluster at launch; a condition limits the statement to clusters with the tag of this "
    "launch template."
)
TEMPLATE_LAUNCHES: Final = (
    "EMR supports no resource-level permissions for launching a cluster; a condition limits the statement to clusters "
    "with the tag of this launch template."
)
_WITHOUT_CREDENTIALS: Final = (
    "The secret contains a request of the EMR API without credentials; a deployment changes it."
)
REQUEST_IN_SECRET: Final = {
    "AwsSolutions-SMG4": _WITHOUT_CREDENTIALS,
    **{
        f"{pack}-SecretsManager{rule}": _WITHOUT_CREDENTIALS
        for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
        for rule in ("RotationEnabled", "UsingKMSKey")
    },
}
LISTING_CLUSTERS: Final = (
    "EMR supports no resource-level permissions for listing clusters, which returns names, IDs and states."
)
FOUND_CLUSTERS: Final = (
    "ListClusters omits tags, so each candidate must be described. A condition limits termination to clusters with the "
    "tag of this state machine."
)
EXECUTIONS: Final = (
    "The statement is limited to the executions of one state machine, whose names are generated at start."
)
_NO_TOPIC: Final = "The job is defined without a topic; the console and the API show the state of the alarm."
ALARM_WITHOUT_ACTION: Final = {
    f"{pack}-CloudWatchAlarmAction": _NO_TOPIC for pack in ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5")
}
LOGS_AND_TRACES: Final = "CloudWatch Logs and X-Ray support no resource-level permissions for these actions."
STUDIO_SERVICE: Final = (
    "EMR Studio generates the IDs of network interfaces and Workspaces, and users can attach any cluster of the "
    "account. Tags limit changes; the other actions only read."
)
STUDIO_USERS: Final = (
    "Users choose the names of Workspaces and Git secrets. Tags limit secrets to their user, and clusters limit access "
    "to data."
)
TEMPLATE_LAUNCH: Final = (
    "EMR supports no resource-level permissions for launching a cluster, and CloudFormation none for validating a "
    "template. Conditions limit the statements to clusters with the tag of this template, and to templates that "
    "Service Catalog stored."
)
STUDIO_TEMPLATE_CLUSTERS: Final = (
    "EMR generates the ID of a cluster at launch; a condition limits the statement to clusters with the tag of this "
    "template."
)
TEMPLATE_STACKS: Final = "Service Catalog generates the names of its stacks, which begin with SC-."
TEMPLATE_USERS: Final = (
    "The access to a portfolio, and not a resource of IAM, decides which products a principal can launch; a condition "
    "limits changes to the products that the principal launched."
)


@cache
def is_installed() -> bool:
    """Return whether this app can run cdk-nag, which is the only reader of these findings."""
    return find_spec("cdk_nag") is not None


def acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge the findings on ``scope`` and its children, each with a reason.

    Nothing is acknowledged in an app that can't run cdk-nag.
    """
    if reasons and is_installed():
        validations.acknowledge(scope, reasons)


def wildcards(scope: IConstruct, resources: Mapping[str, str]) -> dict[str, str]:
    """Return the findings about wildcards in ``resources``, each with its reason.

    There are none in an app that can't run cdk-nag.

    :param resources: the reason for each resource of a statement.
    """
    if not is_installed():
        return {}
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
