from __future__ import annotations

import pytest

from tests.tools import new_app, new_stack


@pytest.fixture
def app():
    return new_app()


@pytest.fixture
def stack(app):
    return new_stack(app)
