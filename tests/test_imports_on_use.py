"""What an app doesn't use isn't imported: names of a cluster cost little more than the modules of CDK that they use."""

from __future__ import annotations

import subprocess
import sys

from emr_constructs import Application, ReleaseLabel
from emr_constructs.rules.registry import OF_OTHER_RESOURCES
from tests.tools import PROJECT

NAMES = "Application, Cluster, ClusterAlarms, ClusterProfile, ReleaseLabel, Script, Step"
ON_USE = {
    "capacity.fleet_provisioning",
    "capacity.instance_fleets",
    "capacity.managed_scaling",
    "clusters.cluster_options",
    "clusters.imported_cluster",
    "monitoring.events",
    "rules.authorization",
    "rules.capacity",
    "rules.corrections",
    "rules.instance_types",
    "rules.kerberos",
    "rules.known_software",
    "rules.lifecycles",
    "rules.steps",
    "rules.studio",
    "rules.topology",
    "security.existing_configuration",
    "security.existing_groups",
    "security.kerberos",
    "software.bootstrap_actions",
    "studio.studio",
    "templates.checking",
    "workflows.transient_cluster",
}


def loaded(statement, shown):
    code = f"{statement}; import sys; print(*{shown})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    return set(run.stdout.split())


def test_names_of_a_cluster_import_what_every_cluster_uses():
    modules = loaded(f"from emr_constructs import {NAMES}", "sys.modules")
    assert {f"emr_constructs.{name}" for name in ON_USE} & modules == set()
    assert "emr_constructs.clusters.cluster" in modules


def test_names_of_a_cluster_read_no_data():
    cached = "[sys.modules['emr_constructs.data'].load.cache_info().currsize]"
    assert loaded(f"from emr_constructs import {NAMES}", cached) == {"0"}


def test_a_check_loads_the_modules_of_rules_over_requests():
    modules = loaded("from emr_constructs.rules import check; check('StepConfig', {})", "sys.modules")
    names = {path.stem for path in (PROJECT / "emr_constructs" / "rules").glob("[a-z]*.py")}
    assert names >= OF_OTHER_RESOURCES
    assert {name for name in names if f"emr_constructs.rules.{name}" not in modules} == OF_OTHER_RESOURCES


def test_rules_that_load_on_use_share_no_shape_with_others():
    code = (
        "from emr_constructs.rules.registry import _RULES, load_rules; load_rules(); "
        "counts = {shape: len(rules) for shape, rules in _RULES.items()}; load_rules(all_modules=True)"
    )
    shared = "[shape for shape, count in counts.items() if len(_RULES[shape]) != count]"
    assert loaded(code, shared) == set()


def test_constants_pass_the_checks_that_they_skip():
    releases = [value for value in vars(ReleaseLabel).values() if isinstance(value, ReleaseLabel)]
    assert len(releases) > 100
    assert [ReleaseLabel.of(release.label) for release in releases] == releases
    applications = [value for value in vars(Application).values() if isinstance(value, Application)]
    assert len(applications) > 20
    assert [Application.of(application.name) for application in applications] == applications
