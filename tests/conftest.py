from __future__ import annotations

import gc
import os
import re
from functools import cache

import pytest

from tests.tools import PROJECT, new_app, new_stack

# moto would create a thousand images whenever an account starts.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"


@pytest.fixture
def app():
    return new_app()


@pytest.fixture
def stack(app):
    return new_stack(app)


@pytest.fixture
def world():
    from tests.step_functions import World

    return World()


@pytest.fixture
def account(world):
    """An account in which state machines run."""
    from tests.executions import account_of

    with account_of(world) as found:
        yield found


def pytest_make_parametrize_id(val, argname):
    """Tokens have other names in each process, but all of them have to collect the same tests."""
    is_token = "${Token[" in val if isinstance(val, str) else isinstance(val, float) and val < -1e289
    return f"{argname}-token" if is_token else None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect without the garbage collector, which would look again and again at what lives as long as the process."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


_ALL_APPS = re.compile(
    r"^from tests\.(catalogue import .*\b(all_apps|EXAMPLES)|aws\.machines import .*\ball_machines)\b", re.M
)
# What takes longest besides, so that no worker is left with it at the end.
_LONGEST = (
    "tests/deploy/test_deploy.py",
    "tests/templates/test_properties.py",
    "tests/examples/test_jobs.py",
    "tests/test_benchmark.py",
    "tests/test_wheel.py",
    "tests/workflows/test_transient_executions.py",
)


@cache
def _scope(file):
    """What one worker runs: all files that synthesize every app, or one other file."""
    return "all apps" if _ALL_APPS.search((PROJECT / file).read_text()) else file


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        order = ["all apps", *_LONGEST]
        items.sort(
            key=lambda item: (
                order.index(scope) if (scope := _scope(item.nodeid.split("::")[0])) in order else len(order)
            )
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return _scope(super()._split_scope(nodeid))

    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None
