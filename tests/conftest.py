from __future__ import annotations

import pytest

from tests.tools import new_app, new_stack


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
