"""What a check deploys: the stacks of the chosen examples, with names and tags of their own."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_scheduler as scheduler

import app as project
import emr_constructs as emr
from emr_constructs.templates.launches import Launch, launches_in, machines_in
from stacks.decisions import accept_logs_in_one_region
from stacks.transient_job import TransientJobStack
from tests.aws.cloud import PREFIX, TAG
from tests.catalogue import EXAMPLES, NETWORK
from tests.tools import Template, new_app

DAILY_SALES: Final = "daily_sales"
"""The job of ``app.py``, which brings its data, so that an execution can succeed in any account."""

DEFAULTS: Final = ("quickstart", DAILY_SALES)
SUPPORTED: Final = (
    DAILY_SALES,
    "company_rules",
    "events",
    "graviton_saver",
    "launch_template",
    "nightly_job",
    "public_subnet",
    "quickstart",
    "sized_fleet",
    "spot_fleet",
)
"""The examples that can be deployed to an account in which nothing has been prepared for them."""

# The inputs of executions that succeed; the jobs of other examples read data that only their owner has.
INPUTS: Final[dict[str, dict[str, Any]]] = {DAILY_SALES: {"day": "2026-11-22"}}


@dataclass(frozen=True)
class Example:
    """An example of a check."""

    name: str
    stack_name: str
    path: str
    """Selects the stack in the CDK CLI."""

    template: Template
    launches: tuple[Launch, ...]

    @property
    def clusters(self) -> list[str]:
        """The logical IDs of the clusters that the deployment launches."""
        return [launch.where for launch in self.launches if not launch.machine]

    @property
    def machines(self) -> list[str]:
        """The logical IDs of the state machines that launch clusters."""
        return [machine.name for machine in machines_in(self.template)]

    @property
    def completed_input(self) -> dict[str, Any] | None:
        """The input of an execution that succeeds; None if there is none."""
        return INPUTS.get(self.name)


@dataclass(frozen=True)
class Plan:
    """The synthesized app of a check."""

    assembly: str
    """The folder of the cloud assembly."""

    network: Example | None
    examples: tuple[Example, ...]
    bootstrap_version: int
    """The version of the bootstrap stack that the assembly requires."""

    @property
    def all(self) -> tuple[Example, ...]:
        return (*([self.network] if self.network else []), *self.examples)


def invalid(names: Sequence[str]) -> list[str]:
    """What is wrong with the names of examples."""
    problems = [
        f"{name} requires resources that don't exist in every account"
        if name in EXAMPLES
        else f"there is no example {name}"
        for name in names
        if name not in SUPPORTED
    ]
    return problems + [f"{name} is listed twice" for name in sorted({name for name in names if names.count(name) > 1})]


def make_plan(run: str, names: Sequence[str]) -> Plan:
    """Synthesize the examples in one stage, whose name begins the names of all stacks and clusters."""
    app = new_app()
    accept_logs_in_one_region(app)
    stage = cdk.Stage(app, f"{PREFIX}{run}")
    shared: list[Any] = []

    def vpc() -> Any:
        if not shared:
            shared.append(_network(stage))
        return shared[0]

    made = {name: _add(stage, name, vpc) for name in names}
    for found in stage.node.find_all():
        if isinstance(found, cdk.Stack):
            # The first one is that of the stack itself; the second one is in the template.
            found.tags.set_tag(TAG, run)
    cdk.Tags.of(stage).add(TAG, run)
    titles = {stack.stack_name: name for name, stack in made.items()}
    assembly = app.synth()
    examples: dict[str, Example] = {}
    versions = [0]
    for artifact in assembly.stacks_recursively:
        template: Template = artifact.template
        versions.append(int(artifact.requires_bootstrap_stack_version or 0))
        name = titles.get(artifact.stack_name, "network")
        examples[name] = Example(
            name, artifact.stack_name, artifact.hierarchical_id, template, tuple(launches_in(template))
        )
    return Plan(assembly.directory, examples.get("network"), tuple(examples[name] for name in names), max(versions))


def _network(stage: cdk.Stage) -> ec2.Vpc:
    """The network that the programs of the examples have."""
    vpc = ec2.Vpc(cdk.Stack(stage, NETWORK), "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    return vpc


def _stack_class(name: str) -> tuple[type[cdk.Stack], bool]:
    """The stack of an example, and whether it requires a VPC."""
    module = importlib.import_module(f"examples.{name}")
    (stack,) = (
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, cdk.Stack) and found.__module__ == module.__name__
    )
    return stack, "vpc" in inspect.signature(stack.__init__).parameters


def _add(stage: cdk.Stage, name: str, vpc: Any) -> cdk.Stack:
    if name != DAILY_SALES:
        stack, needs_network = _stack_class(name)
        more = {"vpc": vpc()} if needs_network else {}
        return stack(stage, stack.__name__.removesuffix("Stack"), **more)
    definition = emr.ClusterDefinition(
        release_label=project.RELEASE,
        applications=[emr.Application.SPARK],
        instances=project.ENVIRONMENTS["dev"].job_instances,
        termination=emr.Termination.when_idle(cdk.Duration.minutes(30)),
    )
    orders, products = (emr.Script.from_asset(project.JOBS / "data" / f"{name}.csv") for name in ("orders", "products"))
    return TransientJobStack(
        stage,
        "DailySales",
        vpc=vpc(),
        definition=definition,
        script=emr.Script.from_asset(project.JOBS / "daily_sales.py"),
        orders=orders,
        products=products,
        schedule=scheduler.ScheduleExpression.rate(cdk.Duration.days(1)),
        paused=True,
    )
