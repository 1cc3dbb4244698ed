"""The pages of the API reference, one for each topic, with the names of the typed stub."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["FIRST", "TOPICS", "Topic", "names_by_topic", "reference_pages"]

PACKAGE: Final = Path(__file__).parents[1] / "emr_constructs"
_WITHOUT_CONSTANTS: Final = 'filters: ["!^_", "!^render$", "!^[A-Z0-9_]+$"]'
# Options of mkdocstrings for single names. The constants of the first three are tables.
_OPTIONS: Final = {
    "Application": _WITHOUT_CONSTANTS,
    "ClusterPort": _WITHOUT_CONSTANTS,
    "ReleaseLabel": _WITHOUT_CONSTANTS,
    # Search finds each option.
    "ClusterOptions": "parameter_headings: true",
}
_TABLES: Final = {
    "Application": "[Applications](applications.md) lists the constants.",
    "ClusterMetrics": "[Metrics](metrics.md) lists the methods for single metrics.",
    "ClusterPort": "[Ports](ports.md) lists the constants.",
    "ReleaseLabel": "[Releases](releases.md) lists the constants.",
    "SupportedInstanceType": "[Instance types](instance-types.md) lists all types.",
}
# What a reader looks for on a page; the other names follow in the order of the stub.
FIRST: Final = (
    *("Cluster", "ClusterProfile", "Termination", "ClusterDefinition", "ClusterOptions"),
    "LaunchTemplate",
    *("InstanceGroups", "InstanceGroup", "InstanceFleets", "InstanceFleet", "FleetInstanceType", "Market", "EbsVolume"),
    "ManagedScaling",
    *("ReleaseLabel", "Application"),
    "Configuration",
    "WalWorkspace",
    *("Step", "Script"),
    *("TransientCluster", "StepTask", "ParallelSteps", "JobInput", "Schedule"),
    *("SecurityConfiguration", "S3Encryption", "LocalDiskEncryption", "InTransitEncryption"),
    *("ClusterGrants", "ClusterSecurityGroups", "RuntimeRole"),
    *("ClusterEvents", "ClusterAlarms", "AlarmTopic", "ClusterDashboard"),
    *("Studio", "StudioSessionMapping", "StudioTemplate", "StudioTemplates"),
    *("EmrRules", "acknowledge", "RuleSet", "Policies", "ResolvedCluster"),
)
_OTHERS: Final = """\
## Types without a public name

Instances of these types are attributes, results or arguments of the types above."""


class Topic(NamedTuple):
    """A page of the reference."""

    page: str
    title: str
    modules: tuple[str, ...]
    """Modules or folders of the package whose public names the page has; the longest match counts."""

    summary: str

    others: tuple[str, ...] = ()
    """Classes without a public name, whose instances the public ones have."""


TOPICS: Final = (
    Topic("clusters", "Clusters", ("clusters",), "Clusters, and what they share."),
    Topic(
        "launch-templates",
        "Launch templates",
        ("clusters.launch_template", "clusters.launch_grants"),
        "Launch requests for orchestrators.",
    ),
    Topic(
        "instances",
        "Instance groups and fleets",
        ("capacity",),
        "The nodes of a cluster: instance types, purchasing options and volumes.",
        ("interfaces.IInstances",),
    ),
    Topic(
        "scaling",
        "Scaling",
        ("capacity.managed_scaling", "capacity.automatic_scaling"),
        "Managed scaling, and automatic scaling of instance groups.",
    ),
    Topic("software", "Releases and applications", ("software",), "Releases, applications and bootstrap actions."),
    Topic(
        "configurations",
        "Configurations",
        (
            "software.configurations",
            "software.flink",
            "software.hadoop",
            "software.hive",
            "software.notebooks",
            "software.spark",
            "software.table_formats",
            "software.trino",
            "software.yarn",
            "hbase.configurations",
        ),
        "Settings of applications, by classification.",
    ),
    Topic("hbase", "HBase", ("hbase",), "Workspaces for write-ahead logs."),
    Topic("steps", "Steps", ("steps",), "What a cluster runs."),
    Topic(
        "workflows",
        "Transient clusters and schedules",
        ("workflows",),
        "Clusters that AWS Step Functions launches, and schedules.",
        ("workflows.cleanup.Cleanup",),
    ),
    Topic("network", "Network", ("network",), "VPC endpoints, ports and access to the primary node."),
    Topic(
        "security",
        "Security configurations",
        ("security",),
        "Encryption, Kerberos, authorization and instance metadata.",
    ),
    Topic(
        "roles",
        "Roles, grants and security groups",
        (
            "interfaces",
            "security.existing_groups",
            "security.grants",
            "security.key_policies",
            "security.roles",
            "security.runtime_role",
            "security.security_groups",
        ),
        "IAM roles, permissions and security groups.",
    ),
    Topic(
        "monitoring",
        "Events, alarms and logs",
        ("monitoring",),
        "Events, metrics, alarms, dashboards and logs.",
        ("monitoring.cluster_alarm.ClusterAlarm", "monitoring.dead_letters.DeadLetterQueue"),
    ),
    Topic("studio", "EMR Studio", ("studio",), "Studios, their users, and cluster templates."),
    Topic(
        "checks",
        "Rules and errors",
        ("_core", "acknowledgments", "emr_rules", "policies"),
        "Validation of apps, company rules, and errors.",
        ("policies.parts.ResolvedPart", "prices.amounts.Cost", "prices.price_file.Prices"),
    ),
)


def names_by_topic() -> Mapping[Topic, list[str]]:
    """Return the public names of each topic, the most important ones first.

    :raises ValueError: a name has no topic.
    """
    found: dict[Topic, list[str]] = {topic: [] for topic in TOPICS}
    for module, name in _public_names():
        found[_topic_of(module, name)].append(name)
    rank = {name: place for place, name in enumerate(FIRST)}
    return {topic: sorted(names, key=lambda name: rank.get(name, len(rank))) for topic, names in found.items()}


def reference_pages() -> Iterator[tuple[str, str]]:
    """The path and the Markdown of each page."""
    for topic, names in names_by_topic().items():
        parts = [f"# {topic.title}", topic.summary, *(_TABLES[name] for name in names if name in _TABLES)]
        parts += [_block(name, _OPTIONS.get(name)) for name in names]
        if topic.others:
            parts += [_OTHERS, *(_block(name, "heading_level: 3") for name in topic.others)]
        yield f"reference/{topic.page}.md", "\n\n".join(parts) + "\n"


def _block(name: str, options: str | None) -> str:
    """What mkdocstrings replaces by the reference of a name."""
    return f"::: emr_constructs.{name}" + (f"\n    options:\n      {options}" if options else "")


def _public_names() -> Iterator[tuple[str, str]]:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    for statement in stub.body:
        if isinstance(statement, ast.ImportFrom):
            yield from ((str(statement.module), alias.asname or alias.name) for alias in statement.names)


def _topic_of(module: str, name: str) -> Topic:
    matches = [
        (len(prefix), topic)
        for topic in TOPICS
        for prefix in topic.modules
        if module == prefix or module.startswith(f"{prefix}.")
    ]
    if not matches:
        raise ValueError(f"{name} of {module} must have a topic; add its folder to TOPICS")
    return max(matches, key=lambda match: match[0])[1]
