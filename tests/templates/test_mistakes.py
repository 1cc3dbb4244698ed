"""The mistakes that cost a deployment, each made in a valid template, and the rule that finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from emr_constructs.templates.checking import check_template
from emr_constructs.templates.parsing import parse

TEMPLATES = Path(__file__).parents[1] / "rules" / "templates"
GROUPS, FLEETS, PRIVATE, KERBEROS, STEPS = (
    "instance_groups.yaml", "instance_fleets.yaml", "private_network.yaml", "kerberos.json", "transient_spark.yaml",
)  # fmt: skip
INSTANCES = "    KeepJobFlowAliveWhenNoSteps: true\n"
SCALED = (
    "ManagedScalingPolicy: {ComputeLimits: {UnitType: %s, MinimumCapacityUnits: %s, MaximumCapacityUnits: 9}}\n      "
)
SIX_TYPES = "".join(f"            - InstanceType: m7g.{size}xlarge\n" for size in (2, 4, 8, 12, 16))


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (GROUPS, INSTANCES, INSTANCES + "        CoreInstanceFleet: {TargetSpotCapacity: 1}\n",
         "emr-groups-and-fleets"),
        (GROUPS, INSTANCES, INSTANCES + "        Ec2SubnetIds: [subnet-1]\n", "emr-subnet-properties"),
        (KERBEROS, "InstanceGroup\": {", "Group\": {", "emr-no-nodes"),
        (GROUPS, "InstanceCount: 1\n", "InstanceCount: 2\n", "emr-master-count"),
        (GROUPS, "        CoreInstanceGroup:", "        Others:", "emr-task-without-core"),
        (FLEETS, "            - InstanceType: m7g.xlarge\n", SIX_TYPES, "emr-fleet-types"),
        (GROUPS, "emr-7.14.0", "emr-714", "emr-release-label"),
        (GROUPS, "emr-7.14.0", "7.14.0", "emr-release-label"),
        (GROUPS, "- Name: hive", "- Name: Hvie", "emr-application-unavailable"),
        (GROUPS, "InstanceType: r7g.2xlarge", "InstanceType: r7g2xlarge", "emr-instance-type"),
        (GROUPS, "InstanceType: r7g.2xlarge", "InstanceType: t2.nano", "emr-instance-type-unsupported"),
        (GROUPS, "emr-7.14.0", "emr-6.5.0", "emr-instance-type-release"),
        (PRIVATE, "IdleTimeout: 3600", "IdleTimeout: 30", "emr-idle-timeout"),
        (GROUPS, 'StepConcurrencyLevel: "4"', 'StepConcurrencyLevel: "400"', "emr-step-concurrency"),
        (GROUPS, "ActionOnFailure: CONTINUE", "ActionOnFailure: CANCEL_AND_WAIT", "emr-step-concurrency-failure"),
        (GROUPS, "{MinCapacity: 2, MaxCapacity: 10}", "{MinCapacity: 20, MaxCapacity: 10}",
         "emr-auto-scaling-limits"),
        (FLEETS, "MinimumCapacityUnits: 2", "MinimumCapacityUnits: 21", "emr-managed-scaling-limits"),
        (FLEETS, "UnitType: InstanceFleetUnits", "UnitType: Instances", "emr-managed-scaling-unit"),
        (GROUPS, "Market: ON_DEMAND", "Market: ONDEMAND", "emr-enum"),
        (GROUPS, "      LogUri:", "      ScaleDownBehavior: LATER\n      LogUri:", "emr-enum"),
        (GROUPS, "VolumeType: gp3", "VolumeType: gp33", "emr-volume-type"),
        (STEPS, "[IsProduction, CONTINUE, TERMINATE_CLUSTER]", "[IsProduction, CONTINUE, TERMINATE]", "emr-enum"),
        (GROUPS, "EMR_EC2_DefaultRole", "arn:aws:iam::111111111111:role/EMR_EC2_DefaultRole", "emr-profile-name"),
        (PRIVATE, "!Ref Profile", "!Ref NodeRole", "emr-profile-reference"),
        (PRIVATE, "EmrManagedSlaveSecurityGroup: !GetAtt CoreGroup.GroupId", "TerminationProtected: true",
         "emr-partial-security-groups"),
        (PRIVATE, "        ServiceAccessSecurityGroup: !Ref ServiceGroup\n", "", "emr-service-access-missing"),
        (PRIVATE, '"9443"', '"8443"', "emr-service-access-port"),
        (STEPS, "s3://logs/", "logs/", "emr-log-uri"),
        (PRIVATE, "EnableAtRestEncryption: true", "EnableAtRestEncrypton: true", "emr-unknown-setting"),
        (PRIVATE, "        InstanceMetadataServiceConfiguration:", "          InstanceMetadataServiceConfiguration:",
         "emr-unknown-setting"),
        (KERBEROS, '"KerberosAttributes"', '"Other"', "emr-kerberos-both-sides"),
        (KERBEROS, '"SecurityConfiguration": {"Ref": "Security"},', "", "emr-kerberos-both-sides"),
        (KERBEROS, '"KdcAdminPassword": {"Ref": "AdminPassword"}', '"KdcAdminPassword": "secret"',
         "emr-kerberos-password-in-clear"),
        (GROUPS, "      AutoScalingRole", "      " + SCALED % ("Instances", 2) + "AutoScalingRole", "emr-two-scalings"),
        (PRIVATE, "      Instances:\n        Ec2", "      Configurations: [{Classification: a, Properties: {}}]\n      "
         "Instances:\n        Ec2", "emr-unknown-property"),
    ],
)  # fmt: skip
def test_finds(name, old, new, rule):
    text = (TEMPLATES / name).read_text()
    assert old in text
    found = {finding.rule for finding in check_template(parse(text.replace(old, new)))}
    assert rule in found
