"""A cluster and the rules of a company, which the validation plugin checks at synth time."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

import emr_constructs as emr
from examples.network import network
from examples.rules.company import rules
from stacks.decisions import accept_logs_in_one_region


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
        # Findings are accepted like those of the rules of the library.
        emr.acknowledge(cluster, "acme-maximum-nodes", reason="The sales team has a budget for up to 31 nodes")

        app = cdk.Stage.of(self)
        assert app is not None
        cdk.Validations.of(app).add_plugins(emr.EmrRules(rules=rules))


if __name__ == "__main__":
    app = cdk.App()
    CompanyRulesStack(app, "CompanyRules", vpc=network(app))
    accept_logs_in_one_region(app)
    app.synth()
