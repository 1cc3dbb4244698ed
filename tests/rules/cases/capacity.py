"""What the rules of ``emr_constructs.rules.capacity`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import AMI, FLEETS, Case, cluster, fleet, fleets, group, groups, types

CASES = [
    Case(
        "emr-bid-price",
        "InstanceTypeConfig",
        types(1, BidPrice="-1")[0],
        "bid price must be a number of US dollars per hour above 0, got '-1'",
        types(1, BidPrice="0.25")[0],
    ),
    Case(
        "emr-instance-type",
        "InstanceTypeConfig",
        {"InstanceType": "m7g"},
        "instance type must be a family and a size, got 'm7g'",
        {"InstanceType": "m7g.xlarge"},
    ),
    Case(
        "emr-custom-ami-id",
        "InstanceTypeConfig",
        types(1, CustomAmiId="ami-1")[0],
        "custom AMI must be the ID of an AMI, got 'ami-1'",
        types(1, CustomAmiId=AMI)[0],
    ),
    Case(
        "emr-custom-ami-twice",
        "RunJobFlowInput",
        cluster(instances=fleets(fleet("MASTER", InstanceTypeConfigs=types(1, CustomAmiId=AMI))), CustomAmiId=AMI),
        "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
        cluster(instances=FLEETS, CustomAmiId=AMI),
    ),
    Case(
        "emr-bid-price-market",
        "InstanceGroupConfig",
        group(Market="ON_DEMAND", BidPrice="1"),
        "bid price requires Spot Instances, got 1",
        group(Market="SPOT", BidPrice="1"),
    ),
    Case(
        "emr-bid-price",
        "InstanceGroupConfig",
        group(Market="SPOT", BidPrice="$1"),
        "bid price must be a number of US dollars per hour above 0, got '$1'",
        group(Market="SPOT", BidPrice="1.5"),
    ),
    Case(
        "emr-bid-price-on-demand",
        "InstanceGroupConfig",
        group(Market="SPOT", BidPrice="OnDemandPrice"),
        "a bid price must be a number, because EMR rejects the documented OnDemandPrice for instance groups, got "
        "OnDemandPrice; remove the bid price",
        group(Market="SPOT"),
    ),
    Case(
        "emr-bid-price",
        "InstanceGroupConfig",
        group(Market="SPOT", BidPrice="0.0"),
        "bid price must be a number of US dollars per hour above 0, got '0.0'",
        group(Market="SPOT", BidPrice="0.25"),
    ),
    Case(
        "emr-instance-type",
        "InstanceGroupConfig",
        group(InstanceType="m7gxlarge"),
        "instance type must be a family and a size, got 'm7gxlarge'",
        group(InstanceType="u7i-6tb.112xlarge"),
    ),
    Case(
        "emr-custom-ami-id",
        "InstanceGroupConfig",
        group(CustomAmiId="my-image"),
        "custom AMI must be the ID of an AMI, got 'my-image'",
        group(CustomAmiId="ami-0123456789abcdef0"),
    ),
    Case(
        "emr-custom-ami-id",
        "RunJobFlowInput",
        cluster(CustomAmiId="ami-1"),
        "custom AMI must be the ID of an AMI, got 'ami-1'",
        cluster(CustomAmiId=""),
    ),
    Case(
        "emr-custom-ami-twice",
        "RunJobFlowInput",
        cluster(instances=groups(group("MASTER", CustomAmiId="ami-01234567")), CustomAmiId="ami-01234567"),
        "custom AMI of the cluster can't be combined with custom AMIs of instance groups or types",
        cluster(CustomAmiId="ami-01234567"),
    ),
    Case(
        "emr-custom-ami-release",
        "RunJobFlowInput",
        cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.6.0"),
        "use emr-5.7.0",
        cluster(CustomAmiId="ami-01234567", ReleaseLabel="emr-5.7.0"),
    ),
]  # fmt: skip
