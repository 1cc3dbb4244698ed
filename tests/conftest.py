from __future__ import annotations

import os

import pytest

from tests.tools import new_app, new_stack

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
