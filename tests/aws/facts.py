"""The open assumptions of docs/verification.md that a check proves or refutes, each by an observation."""

from __future__ import annotations

from typing import Final

# By the text of the page; the value is the name of the observation.
FACTS: Final = {
    "The permissions of the role are sufficient to launch a cluster, run a step and terminate the cluster": "execution",
    "Reading a single object through S3A requires only `s3:GetObject`, `s3:GetBucketLocation`, and `s3:ListBucket` for "
    "the key and what is below it": "execution",
    "`Execution.StartTime` is a time such as `2026-11-24T01:30:00.000Z`": "start time",
    "An instance profile and its role can have different names": "instance profile",
    "The secret of EMR-managed certificates has the tag of the security configuration when nodes read "
    "it": "certificates",
    "EMR recognizes the three rules for ICMP, TCP and UDP between the nodes, and adds none": "security group rules",
    "The SSM Agent of the release's image is running": "SSM Agent",
    "The dimension of EMR's metrics is `JobFlowId`": "metrics",
    "Lambda names the account as `aws:SourceAccount` when it assumes the role of a function": "network",
    "The service role creates `AWSServiceRoleForEC2Spot` at the first Spot request of an account": "Spot role",
    "EMR's records in the Price List have `softwareType` EMR and a price per hour, those of EC2 one record for each "
    "type with `operation` RunInstances, and those of EBS usage types such as `EBS:VolumeUsage.gp3` and a throughput "
    "price per GiB/s": "prices",
}


def facts(evidence: dict[str, bool], *, proved: bool) -> list[str]:
    """The assumptions for which an observation was made.

    :param proved: those that the observations prove, or those that they refute.
    """
    return [text for text, name in FACTS.items() if evidence.get(name) is proved]
