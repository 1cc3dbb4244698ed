"""Rules of a company, for the validation plugin and for ``emr-constructs check --rules examples/rules/company.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
