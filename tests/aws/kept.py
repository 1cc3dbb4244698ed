"""What stays on purpose when the stacks of a check are deleted: keys, buckets and log groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from tests.aws.cloud import Cloud, Stack, code_of
from tests.aws.creation import one_line

# In the order in which they can be deleted: a key last, because it decrypts what the others contain.
KINDS: Final = {"AWS::Logs::LogGroup": "log group", "AWS::S3::Bucket": "bucket", "AWS::KMS::Key": "key"}
_RETAIN: Final = ("Retain", "RetainExceptOnCreate")
_WAITING_DAYS: Final = 7


@dataclass(frozen=True)
class Kept:
    """A resource that isn't deleted with its stack."""

    kind: str
    """The resource type of CloudFormation."""

    id: str
    stack: str

    def __str__(self) -> str:
        return f"{KINDS.get(self.kind, self.kind)} {self.id} of {self.stack}"


def retained(cloud: Cloud, stacks: Iterable[Stack]) -> set[Kept]:
    """The resources of stacks that their deletion retains, or has retained."""
    return {kept for stack in stacks for kept in _retained(cloud, stack)}


def _retained(cloud: Cloud, stack: Stack) -> Iterable[Kept]:
    resources = [found for found in cloud.resources(stack) if found.get("PhysicalResourceId")]
    if stack.exists:
        template = cloud.client("cloudformation").get_template(StackName=stack.id)["TemplateBody"]
        policies = {name: found.get("DeletionPolicy") for name, found in template["Resources"].items()}
        resources = [found for found in resources if policies.get(found["LogicalResourceId"]) in _RETAIN]
    else:
        resources = [found for found in resources if found["ResourceStatus"] == "DELETE_SKIPPED"]
    for found in resources:
        yield Kept(found["ResourceType"], found["PhysicalResourceId"], stack.name)
    # AWS Lambda creates the log group of a function when the function runs.
    prefix = f"/aws/lambda/{stack.name}-"
    for group in cloud.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix):
        yield Kept("AWS::Logs::LogGroup", group["logGroupName"], stack.name)


def existing(cloud: Cloud, candidates: Iterable[Kept]) -> list[Kept]:
    """Those that exist and aren't about to be deleted; what can't be read is assumed to exist."""
    return [kept for kept in candidates if _exists(cloud, kept)]


def _exists(cloud: Cloud, kept: Kept) -> bool:
    try:
        match kept.kind:
            case "AWS::KMS::Key":
                key = cloud.client("kms").describe_key(KeyId=kept.id)["KeyMetadata"]
                return key["KeyState"] != "PendingDeletion"
            case "AWS::S3::Bucket":
                cloud.client("s3").head_bucket(Bucket=kept.id)
            case "AWS::Logs::LogGroup":
                groups = cloud.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=kept.id)
                return any(group["logGroupName"] == kept.id for group in groups)
    except ClientError as error:
        return code_of(error) not in ("404", "NoSuchBucket", "NotFoundException")
    return True


def delete(cloud: Cloud, kept: Iterable[Kept]) -> list[str]:
    """Delete resources; a key after its waiting period. Return what isn't deleted, and why."""
    problems = []
    for found in sorted(kept, key=_order):
        try:
            _delete(cloud, found)
        except (ClientError, BotoCoreError) as error:
            problems.append(f"{found}: {one_line(error)}")
    return problems


def _order(kept: Kept) -> tuple[int, bool, str]:
    """Buckets with access logs after those whose requests they log."""
    return list(KINDS).index(kept.kind), "accesslogs" in kept.id, kept.id


def _delete(cloud: Cloud, kept: Kept) -> None:
    match kept.kind:
        case "AWS::KMS::Key":
            cloud.client("kms").schedule_key_deletion(KeyId=kept.id, PendingWindowInDays=_WAITING_DAYS)
        case "AWS::S3::Bucket":
            bucket: Any = cloud.session.resource("s3").Bucket(kept.id)
            bucket.object_versions.delete()
            bucket.delete()
        case "AWS::Logs::LogGroup":
            cloud.client("logs").delete_log_group(logGroupName=kept.id)
