"""All packs of cdk-nag run over every stack and example; nothing is left, and what is acknowledged is listed here."""

from __future__ import annotations

import cdk_nag
import pytest

from tests.catalogue import NETWORK, all_apps

PACKS = (
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.NIST80053R4Checks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.PCIDSS321Checks,
    cdk_nag.ServerlessChecks,
)
PACK_NAMES = ("HIPAA.Security", "NIST.800.53.R4", "NIST.800.53.R5", "PCI.DSS.321")
APPS = all_apps()


@pytest.mark.parametrize("pack", PACKS, ids=[pack.__name__ for pack in PACKS])
@pytest.mark.parametrize("name", APPS)
def test_nothing_is_found(name, pack):
    make, argument = APPS[name]
    app = make(argument).app
    found = [
        f"{violation.rule_name}: {resource.construct_path}"
        for violation in pack(app).validate_scope(app).violations
        for resource in violation.violating_resources
    ]
    assert found == []


def acknowledged(app):
    """What is acknowledged in the app but for the network of an example: rule without its detail, and the construct."""
    found = set()
    for construct in (
        found for child in app.node.children if child.node.id != NETWORK for found in child.node.find_all()
    ):
        for entry in construct.node.metadata:
            if entry.type == "aws:cdk:acknowledged-rules":
                for rule, reason in entry.data.items():
                    # CDK answers for findings about its own L2s.
                    if rule.startswith("CloudFormation-Validate::"):
                        continue
                    assert len(reason) > 40, (rule, reason)
                    path = construct.node.path.partition("/")[2]
                    found.add((rule.removeprefix("Annotation::").partition("[")[0], path))
    return found


LIBRARY = {
    ("AwsSolutions-IAM4", "Profile/ServiceRole"),
    ("AwsSolutions-IAM5", "Profile/InstancePolicy"),
    ("AwsSolutions-IAM5", "Profile/SessionPolicy"),
    ("HIPAA.Security-S3DefaultEncryptionKMS", "Profile/Logs/AccessLogs"),
    ("NIST.800.53.R5-S3DefaultEncryptionKMS", "Profile/Logs/AccessLogs"),
    ("PCI.DSS.321-S3DefaultEncryptionKMS", "Profile/Logs/AccessLogs"),
    ("AwsSolutions-EMR4", "Cluster/Resource"),
    ("AwsSolutions-EMR5", "Cluster/Resource"),
    ("AwsSolutions-EMR6", "Cluster/Resource"),
    ("HIPAA.Security-EMRKerberosEnabled", "Cluster/Resource"),
    ("NIST.800.53.R4-EMRKerberosEnabled", "Cluster/Resource"),
    ("PCI.DSS.321-EMRKerberosEnabled", "Cluster/Resource"),
    ("AwsSolutions-IAM5", "Job/Job/Policy"),
    ("AwsSolutions-IAM5", "Job/Job/ObservePolicy"),
    ("AwsSolutions-IAM5", "Job/Cleanup/Job/Policy"),
    ("AwsSolutions-IAM5", "Job/Cleanup/Job/ObservePolicy"),
    *(
        (rule, f"{path}/Queue")
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy")
        for path in ("Job/Cleanup/DeadLetters", "Job/ScheduleDeadLetters")
    ),
}
STACKS = {
    ("HIPAA.Security-S3BucketReplicationEnabled", "Profile/Logs"),
    ("NIST.800.53.R4-S3BucketReplicationEnabled", "Profile/Logs"),
    ("NIST.800.53.R5-S3BucketReplicationEnabled", "Profile/Logs"),
    ("PCI.DSS.321-S3BucketReplicationEnabled", "Profile/Logs"),
    ("NIST.800.53.R4-S3BucketDefaultLockEnabled", "Profile/Logs"),
    *(
        (f"{pack}-VPCNoUnrestrictedRouteToIGW", f"Vpc/PublicSubnet{number}")
        for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
        for number in (1, 2)
    ),
}


def test_what_is_acknowledged_is_listed_here():
    make, argument = APPS["environment dev"]
    assert acknowledged(make(argument).app) == LIBRARY | STACKS


# What an example acknowledges besides: findings about what the other examples do not have.
EXAMPLES = {
    # A state machine of the user's own.
    "example step_submission": {
        ("AwsSolutions-SF1", "Machine"),
        ("AwsSolutions-SF2", "Machine"),
        ("Serverless-StepFunctionStateMachineXray", "Machine"),
    },
    "example cloudtrail": {
        *((f"{pack}-CloudTrailCloudWatchLogsEnabled", "Trail") for pack in PACK_NAMES),
    },
    "example events": {
        ("Serverless-SNSRedrivePolicy", "OnCall"),
    },
    # The release is migrated later.
    "example own_encryption": {
        ("emr-release-age", "Cluster"),
        ("EmrRules::emr-release-age", "Cluster"),
    },
    # A rule of the company.
    "example company_rules": {
        ("acme-maximum-nodes", "Sales"),
        ("EmrRules::acme-maximum-nodes", "Sales"),
    },
    # Clients of the example verify the CA and not the name of the node.
    "example trino_with_glue": {
        ("emr-dns-name-identity", "Trino/DnsNameTrino"),
        ("EmrRules::emr-dns-name-identity", "Trino/DnsNameTrino"),
    },
    # EMR reads the password only at launch, and the database has backups of its own.
    "example hive_metastore_on_rds": {
        ("AwsSolutions-SMG4", "Password"),
        ("HIPAA.Security-SecretsManagerRotationEnabled", "Password"),
        ("NIST.800.53.R5-SecretsManagerRotationEnabled", "Password"),
        *((f"{pack}-RDSInBackupPlan", "Database") for pack in PACK_NAMES[:3]),
    },
}


def test_examples_acknowledge_nothing_else_of_the_library():
    rules = {rule for rule, _ in LIBRARY | STACKS}
    for name, (make, argument) in APPS.items():
        if name != "example public_subnet":
            more = {found for found in acknowledged(make(argument).app) if found[0] not in rules}
            assert more == EXAMPLES.get(name, set()), name
