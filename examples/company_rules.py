"""A cluster and company rules, which the validation plugin checks at synth time.

Rules in a file of their own, without CDK, also check templates: ``emr-constructs check --rules company_rules.py``.

Cost: 1 m7g.xlarge and 2 to 30 r7g.xlarge nodes, up to 28 of them on Spot, until the cluster has been idle for 1 hour.
Files: ``prices.json``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr

rules = emr.RuleSet(
    emr.Policies.instance_types("m7g.*", "r7g.*"),
    emr.Policies.volumes("gp3"),
    emr.Policies.maximum_nodes(20),
    emr.Policies.releases(minimum="emr-7.11.0"),
    emr.Policies.tags("cost-center", values={"stage": ["dev", "production"]}),
    emr.Policies.ends_by_itself(),
    emr.Policies.private(),
    emr.Policies.encrypted(),
    # A file of emr-constructs prices --region eu-west-1. The prices of the example are invented.
    emr.Policies.hourly_cost(50, prices=Path(__file__).with_name("prices.json")),
    prefix="acme",
)


@rules.rule(
    "acme-spot",
    statement="Core nodes must be On-Demand, because HDFS is on them.",
    fix="use Spot Instances only for task nodes",
    why="Each interrupted core node loses blocks of HDFS.",
)
def on_demand_core_nodes(cluster: emr.ResolvedCluster) -> Iterator[emr.Violation]:
    for nodes in cluster.nodes:
        if nodes.role == "core" and nodes.uses_spot:
            member = "TargetSpotCapacity" if nodes.is_fleet else "Market"
            yield nodes.violation("core nodes must be On-Demand, got Spot", member=member)


@rules.rule(
    "acme-step-names",
    statement="Steps must have a name that begins with their team.",
    fix="use a name such as 'sales: daily report'",
    severity=emr.Severity.WARNING,
)
def names_of_steps(cluster: emr.ResolvedCluster) -> Iterator[emr.Violation]:
    for step in cluster.steps:
        if step.name is not None and ": " not in step.name:
            yield step.violation(f"name of a step must begin with its team, got {step.name!r}", member="Name")


class CompanyRulesStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        cdk.Tags.of(self).add("cost-center", "4711")
        cdk.Tags.of(self).add("stage", "dev")
        volumes = [emr.EbsVolume.gp3(size_gib=64)]
        cluster = emr.Cluster(
            self,
            "Sales",
            vpc=vpc,
            release_label=emr.ReleaseLabel.EMR_7_14_0,
            applications=[emr.Application.SPARK],
            instances=emr.InstanceGroups(
                master=emr.InstanceGroup("m7g.xlarge", ebs_volumes=volumes),
                core=emr.InstanceGroup("r7g.xlarge", 2, ebs_volumes=volumes),
                tasks=[emr.InstanceGroup("r7g.xlarge", 4, market=emr.Market.spot(), ebs_volumes=volumes)],
            ),
            managed_scaling=emr.ManagedScaling.instances(minimum=2, maximum=30, maximum_core=2, maximum_on_demand=2),
            termination=emr.Termination.when_idle(),
        )
        # Findings are acknowledged like those of the rules of the library.
        emr.acknowledge(cluster, "acme-maximum-nodes", reason="The sales team has a budget for up to 31 nodes")

        app = cdk.Stage.of(self)
        assert app is not None
        cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=rules))


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    CompanyRulesStack(app, "CompanyRules", vpc=vpc)
    app.synth()
