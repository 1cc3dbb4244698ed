"""Reference pages that are tables of facts: releases, applications, instance types, metrics and ports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from emr_constructs.network.ports import ClusterPort
from emr_constructs.rules.instance_types import facts, type_names
from emr_constructs.rules.lifecycles import data_date, lifecycle
from emr_constructs.rules.releases import applications, known_labels
from emr_constructs.rules.yarn_memory import yarn_memory
from emr_constructs.software.applications import Application
from emr_constructs.software.release_label import ReleaseLabel

from .paths import PROJECT

__all__ = ["METRICS", "attributes", "table", "table_pages"]

METRICS: Final = PROJECT / "emr_constructs" / "monitoring" / "metrics.py"
_APPLICATIONS: Final = PROJECT / "emr_constructs" / "software" / "applications.py"
_AWS: Final = "https://docs.aws.amazon.com/emr/latest"
_AVERAGE: Final = "Average"

_BAR: Final = re.compile(r"(`[^`]*`)|\|")

_Value = TypeVar("_Value")


def table_pages() -> Iterator[tuple[str, str]]:
    """The path and the Markdown of each page."""
    yield "reference/releases.md", _releases()
    yield "reference/applications.md", _applications()
    yield "reference/instance-types.md", _instance_types()
    yield "reference/metrics.md", _metrics()
    yield "reference/ports.md", _ports()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def attributes(module: Path, name: str) -> Iterator[tuple[ast.Assign | ast.AnnAssign, str]]:
    """The attributes of a class of a module, each with its docstring or an empty text."""
    (owner,) = [
        found
        for found in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(found, ast.ClassDef) and found.name == name
    ]
    for statement, after in zip(owner.body, [*owner.body[1:], ast.Pass()], strict=True):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            text = after.value if isinstance(after, ast.Expr) else None
            yield statement, " ".join(str(text.value).split()) if isinstance(text, ast.Constant) else ""


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    # Bars in code don't end a cell.
    return _BAR.sub(lambda found: found[1] or "\\|", text)


def _page(title: str, *parts: str) -> str:
    # A wide table has the place of the table of contents.
    front = [] if any(part.startswith("## ") for part in parts) else ["---\nhide: [toc]\n---"]
    return "\n\n".join([*front, f"# {title}", *parts]) + "\n"


def _constants(owner: type[_Value]) -> list[tuple[str, _Value]]:
    return [(name, value) for name, value in vars(owner).items() if name.isupper() and isinstance(value, owner)]


def _releases() -> str:
    constants = {value.label: name for name, value in _constants(ReleaseLabel)}
    support = []
    for label in known_labels():
        dates = lifecycle(label)
        days = (dates.released, dates.standard_support_until, dates.end_of_life) if dates else ()
        support.append([label, f"`ReleaseLabel.{constants[label]}`", *(_day(day) for day in days)])
    software = [
        [label, ", ".join(f"{name} {version}" for name, version in applications(label).items())]
        for label in known_labels()
    ]
    return _page(
        "Releases",
        "[`ReleaseLabel`][emr_constructs.ReleaseLabel] has a constant for each release. "
        'Use `ReleaseLabel.of("emr-7.15.0")` for a release that this version of the library doesn\'t know.',
        "## Support",
        f"The dates were read from the [support policy]({_AWS}/ReleaseGuide/emr-standard-support.html) and the "
        f"[pages of releases]({_AWS}/ReleaseGuide/emr-release-components.html) on {data_date()}. Patch releases are "
        "supported as long as their minor version.",
        table(["Release", "Constant", "Released", "Standard support until", "End of life"], support),
        "## Applications of each release",
        table(["Release", "Applications"], software),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _applications() -> str:
    trains = {train: list(labels) for train, labels in groupby(known_labels(), key=_train)}
    notes = {str(ast.unparse(_target(found))): text for found, text in attributes(_APPLICATIONS, "Application")}
    newest = next(label for label in known_labels() if not label.startswith("emr-spark-"))
    rows = [
        [
            f"`Application.{constant}`",
            application.name,
            *(_releases_with(application, labels) for labels in trains.values()),
            applications(newest).get(application.name),
            notes[constant],
        ]
        for constant, application in _constants(Application)
    ]
    return _page(
        "Applications",
        "[`Application`][emr_constructs.Application] has a constant for each application. "
        'Use `Application.of("NewEngine")` for an application that this version of the library doesn\'t know. '
        "[Releases](releases.md#applications-of-each-release) lists the versions in each release.",
        table(["Constant", "Name", *trains, f"Version in {newest}", "Note"], rows),
    )


def _train(label: str) -> str:
    return f"{label.partition('.')[0]}.x"


def _target(statement: ast.Assign | ast.AnnAssign) -> ast.expr:
    return statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]


def _releases_with(application: Application, labels: Sequence[str]) -> str:
    """The releases that contain the application, of ``labels``, whose first one is the newest."""
    runs = []
    for contains, found in groupby(reversed(labels), key=lambda label: application.name in applications(label)):
        if contains:
            run = [label.rpartition("-")[2] for label in found]
            runs.append(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}")
    return ", ".join(runs)


def _instance_types() -> str:
    rows = []
    for name in type_names():
        known = facts(name)
        assert known is not None
        memory = yarn_memory(name)
        disks = f"{known['disks']} disk{'s' if known['disks'] > 1 else ''}, {known['storage_gb']:,} GB"
        since = ", ".join(label.removeprefix("emr-") for label in known["since"])
        yarn = f"{memory.node:,}" if memory else ""
        sizes = [known["vcpu"], f"{known['memory_gib']:g}", yarn, "EBS only" if known["ebs_only"] else disks]
        rows.append([name, known["architecture"], *sizes, since])
    return _page(
        "Instance types",
        f"{len(rows)} instance types that some release supports in us-east-1. vCPUs and memory are those that EMR "
        "reports, which can be less than in EC2. YARN memory is the default of `yarn.nodemanager.resource.memory-mb`, "
        "if the EMR documentation states it. The releases are the first ones of each major version. "
        "[`SupportedInstanceType`][emr_constructs.SupportedInstanceType] has the same facts.",
        f"Source: [supported instance types]({_AWS}/ManagementGuide/emr-supported-instance-types.html).",
        table(
            ["Type", "Architecture", "vCPUs", "Memory (GiB)", "YARN memory (MiB)", "Storage", "First releases"],
            rows,
        ),
    )


def _metrics() -> str:
    rows = []
    for statement, text in attributes(METRICS, "ClusterMetrics"):
        call = statement.value
        if isinstance(call, ast.Call):
            name, *others = (str(argument.value) for argument in call.args if isinstance(argument, ast.Constant))
            method = f"`{ast.unparse(_target(statement))}`"
            rows.append([method, f"`{name}`", others[0] if others else _AVERAGE, text.replace("``", "`")])
    return _page(
        "Metrics",
        "`cluster.metrics` has a method for each metric that EMR publishes about a cluster. It returns a "
        '`cloudwatch.Metric` for alarms and dashboards: `cluster.metrics.hdfs_utilization(statistic="Maximum")`. '
        "Arguments are those of [`MetricOptions`][emr_constructs.MetricOptions]. For other metrics and for increases "
        "of counters, see [`ClusterMetrics`][emr_constructs.ClusterMetrics].",
        f"Source: [metrics]({_AWS}/ManagementGuide/UsingEMR_ViewingMetrics.html) and "
        f"[metrics of managed scaling]({_AWS}/ManagementGuide/managed-scaling-metrics.html).",
        table(["Method", "CloudWatch metric", "Default statistic", "Meaning"], rows),
    )


def _ports() -> str:
    rows = [
        [f"`ClusterPort.{name}`", port.title, port.number, _tls_port(port), port.number_before_6]
        for name, port in _constants(ClusterPort)
    ]
    return _page(
        "Ports",
        "Ports of the primary node, which [`ClusterPort`][emr_constructs.ClusterPort] has as constants. The library "
        "chooses the port from the release and the in-transit encryption of the cluster. Use "
        '`ClusterPort.of(4040, "Spark driver")` for any other port.',
        f"Source: [web interfaces]({_AWS}/ManagementGuide/emr-web-interfaces.html) and "
        f"[encryption support]({_AWS}/ManagementGuide/emr-encryption-support-matrix.html).",
        table(["Constant", "Service", "Port", "With in-transit encryption", "Until emr-5.36.2"], rows),
    )


def _tls_port(port: ClusterPort) -> str:
    if port.tls_number is None:
        return ""
    first = ".".join(map(str, port.tls_since))
    return f"{port.tls_number}" if port.tls_since == (0, 0, 0) else f"{port.tls_number}, emr-{first} and later"
