"""What an update from 0.1 does: the templates of 0.1 beside those of today, as ``emr-constructs diff`` compares them.

``templates-0.1.json.gz`` has the templates that 0.1 rendered for the app and the examples.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from emr_constructs.cli import main
from tests.catalogue import ENVIRONMENTS, EXAMPLES, NETWORK, environment, example
from tests.snapshots.test_snapshots import masked

OLD = Path(__file__).with_name("templates-0.1.json.gz")
# Clusters that are replaced, and why; steps that run again, by the cluster that they are submitted to.
REPLACED = {
    "existing_parts": {"ServiceRole"},  # a role that is imported by name is referred to by name
    "kerberos": {"Configurations"},  # metastore_without_tls()
    "nightly_steps": {"BootstrapActions"},  # install_python_packages()
    "restricted": {"BootstrapActions"},  # start_ssm_agent()
}
SUBMITTED_AGAIN = {
    "events": ["ClusterStepCountWords62284EA5"],  # reads its own script
    "quickstart": ["SparkStepCountWordsA4267564"],  # reads its own script
    "steps": ["ClusterStepDailySales462BC400"],
}
# Types of resources with logical ids of 0.1 that are gone, and so are deleted.
_QUEUE = {"DeadLettersQueue": "AWS::SQS::Queue", "DeadLettersQueuePolicy": "AWS::SQS::QueuePolicy"}
_QUEUE_AND_KEY = _QUEUE | {"Key": "AWS::KMS::Key"}
# The schedules of a target share a dead-letter queue.
DELETED = {
    "EmrJob-dev": ("Schedule", _QUEUE),
    "EmrJob-production": ("Schedule", _QUEUE),
    "nightly_job": ("EveryNight", _QUEUE_AND_KEY),
    "step_submission": ("EveryHour", _QUEUE_AND_KEY),
}


@cache
def before():
    return json.loads(gzip.decompress(OLD.read_bytes()))


@cache
def after():
    stacks = {
        f"{stack}-{name}": environment(name, "aws").templates[f"{stack}-{name}"]
        for name in ENVIRONMENTS
        for stack in ("EmrNetwork", "EmrAnalytics", "EmrJob")
    }
    examples = {
        name: template for name in EXAMPLES for stack, template in example(name).templates.items() if stack != NETWORK
    }
    return {name: masked(template) for name, template in {**stacks, **examples}.items()}


@pytest.fixture
def updates(tmp_path):
    def compare(name):
        files = {side: tmp_path / f"{side}.json" for side in ("old", "new")}
        files["old"].write_text(json.dumps(before()[name]))
        files["new"].write_text(json.dumps(after()[name]))
        done = CliRunner().invoke(main, ["diff", *map(str, files.values()), "--format", "json"])
        assert done.exit_code == (1 if name in REPLACED else 0), done.output
        return json.loads(done.stdout)["clusters"]

    return compare


@pytest.mark.parametrize("name", sorted(before()))
def test_no_cluster_is_replaced_but_those_that_are_listed(name, updates):
    found = updates(name)
    changed = {re.split(r"[.[]", change["path"])[0] for update in found for change in update["changes"]}
    assert changed == REPLACED.get(name, set())
    steps = [logical_id for logical_id, made in before()[name]["Resources"].items() if made["Type"] == "AWS::EMR::Step"]
    consequences = [consequence for update in found for consequence in update["consequences"]]
    submitted = [step for step in steps if any(step in consequence for consequence in consequences)]
    assert submitted == SUBMITTED_AGAIN.get(name, [])


@pytest.mark.parametrize("name", sorted(before()))
def test_no_other_resource_is_deleted_but_those_that_are_listed(name):
    gone = {
        logical_id: resource["Type"]
        for logical_id, resource in before()[name]["Resources"].items()
        if logical_id not in after()[name]["Resources"]
    }
    changed = [
        logical_id
        for logical_id, resource in before()[name]["Resources"].items()
        if logical_id in after()[name]["Resources"]
        and after()[name]["Resources"][logical_id]["Type"] != resource["Type"]
    ]
    prefix, kinds = DELETED.get(name, ("", {}))
    assert {logical_id[:-8].removeprefix(prefix): kind for logical_id, kind in gone.items()} == kinds
    assert changed == []


def test_every_template_of_0_1_is_still_there():
    assert set(before()) <= set(after())
