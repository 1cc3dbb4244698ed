"""The CDK app: selects the settings of an environment and composes the stacks.

``cdk deploy --all -c environment=production``
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_scheduler as scheduler

import emr_constructs as emr
from stacks.analytics_cluster import AnalyticsClusterStack
from stacks.network import NetworkStack
from stacks.transient_job import TransientJobStack


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings that differ between environments."""

    max_azs: int
    nat_gateways: int
    interface_endpoints: bool
    instances: emr.InstanceGroups
    termination: emr.Termination
    job_instances: emr.InstanceGroups
    job_paused: bool


RELEASE = emr.ReleaseLabel.EMR_7_14_0
PROJECT = Path(__file__).parent
NODE_FACTS = PROJECT / "stacks" / "bootstrap" / "node_facts.sh"
JOBS = PROJECT / "examples" / "jobs"
VOLUMES = (emr.EbsVolume.gp3(size_gib=128, count=2, throughput_mibps=250),)
ENVIRONMENTS = {
    "dev": Settings(
        max_azs=2,
        nat_gateways=1,
        interface_endpoints=False,
        instances=emr.InstanceGroups.default(RELEASE),
        termination=emr.Termination.when_idle(),
        job_instances=emr.InstanceGroups.default(RELEASE),
        job_paused=True,
    ),
    "production": Settings(
        max_azs=3,
        nat_gateways=3,
        interface_endpoints=True,
        instances=emr.InstanceGroups(
            master=emr.InstanceGroup("m7g.xlarge", 3),
            core=emr.InstanceGroup("r7g.2xlarge", 4, ebs_volumes=VOLUMES),
            tasks=[emr.InstanceGroup("r7g.2xlarge", 4, market=emr.Market.spot(), ebs_volumes=VOLUMES)],
        ),
        termination=emr.Termination.manual(protected=True),
        job_instances=emr.InstanceGroups(
            master=emr.InstanceGroup("m7g.xlarge"),
            core=emr.InstanceGroup("r7g.2xlarge", 2, ebs_volumes=VOLUMES),
            tasks=[emr.InstanceGroup("r7g.2xlarge", 4, market=emr.Market.spot(), ebs_volumes=VOLUMES)],
        ),
        job_paused=False,
    ),
}


def build(app: cdk.App, *, env: cdk.Environment | None = None) -> None:
    """Add the stacks of the environment in the context value ``environment``, by default ``dev``.

    :param env: the account and Region. Default: those of the deploying principal.
    """
    environment = app.node.try_get_context("environment")
    environment = "dev" if environment is None else environment
    if environment not in ENVIRONMENTS:
        known = " or ".join(ENVIRONMENTS)
        raise SystemExit(f"environment must be {known}, got {environment!r}; use a value such as -c environment=dev")
    settings = ENVIRONMENTS[environment]
    network = NetworkStack(
        app,
        f"EmrNetwork-{environment}",
        cidr_block="10.0.0.0/16",
        max_azs=settings.max_azs,
        nat_gateways=settings.nat_gateways,
        interface_endpoints=settings.interface_endpoints,
        env=env,
    )
    definition = emr.ClusterDefinition(
        release_label=RELEASE,
        applications=[emr.Application.SPARK, emr.Application.LIVY],
        instances=settings.instances,
        configurations=[
            emr.Configuration("spark-defaults", {"spark.dynamicAllocation.enabled": True}),
            *emr.Configuration.glue_data_catalog(emr.Application.SPARK),
        ],
        termination=settings.termination,
        bootstrap_actions=[emr.BootstrapAction("Node facts", script=emr.Script.from_asset(NODE_FACTS))],
        step_concurrency_level=4,
    )
    analytics = AnalyticsClusterStack(
        app,
        f"EmrAnalytics-{environment}",
        vpc=network.vpc,
        definition=definition,
        glue_databases=["analytics"],
        env=env,
    )
    job = TransientJobStack(
        app,
        f"EmrJob-{environment}",
        vpc=network.vpc,
        definition=emr.ClusterDefinition(
            release_label=RELEASE,
            applications=[emr.Application.SPARK],
            instances=settings.job_instances,
            configurations=[emr.Configuration("spark-defaults", {"spark.dynamicAllocation.enabled": True})],
            termination=emr.Termination.when_idle(cdk.Duration.minutes(30)),
        ),
        script=emr.Script.from_asset(JOBS / "daily_sales.py"),
        orders=emr.Script.from_asset(JOBS / "data" / "orders.csv"),
        products=emr.Script.from_asset(JOBS / "data" / "products.csv"),
        schedule=scheduler.ScheduleExpression.cron(minute="0", hour="2", time_zone=cdk.TimeZone.ETC_UTC),
        paused=settings.job_paused,
        env=env,
    )
    for stack in (network, analytics, job):
        stack.tags.set_tag("environment", environment)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), emr.EmrRules())


if __name__ == "__main__":
    app = cdk.App()
    build(app)
    app.synth()
