"""The benchmark compares like with like, and the library does fewer round trips than code by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tools import PROJECT


def test_templates_are_checked_fast_enough():
    # Other tests run at the same time, so parameters and rate have twice their limits; "make bench" holds these.
    command = [sys.executable, "-m", "benchmarks.check", "--rounds", "1", "--without-cfn-lint", "--slack", "2"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def compare(*options):
    command = [sys.executable, "-m", "benchmarks.run", "--calls-only", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


@pytest.mark.parametrize("options", [("--limit", "0.74"), ("--limit", "0.82", "--cdk-nag")])
def test_the_templates_are_identical_and_the_calls_fewer(options):
    run = compare("1", "2", *options)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("templates identical") == 2


def test_a_ratio_of_calls_above_the_limit_fails():
    run = compare("1", "2", "--limit", "0.3")
    assert run.returncode == 1
    assert run.stdout.count("templates identical") == 2
