"""The runner of the CDK CLI, with a script in the place of the CLI."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from tests.deploy import cli
from tests.deploy.cli import Cdk, CdkError


@pytest.fixture
def cdk(tmp_path, monkeypatch):
    def make(script):
        path = tmp_path / "cdk"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setattr(cli, "BIN", tmp_path)
        return Cdk({**os.environ, "WHO": "me"}, "--last", log=tmp_path / "log")

    return make


@pytest.fixture
def with_ctrl_c():
    """Ctrl-C works, also where it was ignored when the tests started, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def quickly():
    """The output of a command ends only with the last of its children, which would run for a minute."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 10


def test_the_output_is_returned_and_logged(cdk, tmp_path):
    assert cdk('echo "$WHO $@"')("deploy", "A") == "me deploy A --no-notices --ci --last\n"
    assert (tmp_path / "log").read_text() == "$ cdk deploy A\nme deploy A --no-notices --ci --last\n\n"


def test_a_failure_has_the_output(cdk):
    with pytest.raises(CdkError, match=r"^cdk deploy failed with exit status 3:\nno capacity\n$"):
        cdk("echo no capacity >&2; exit 3")("deploy")


def test_a_command_that_takes_too_long_is_ended_with_its_children(cdk, quickly):
    run = cdk("sleep 60 & echo begun; wait")
    with pytest.raises(CdkError, match="cdk deploy took longer than 1 seconds:\nbegun"):
        run("deploy", seconds=1)


@pytest.mark.usefixtures("with_ctrl_c", "quickly")
def test_ctrl_c_ends_the_command_and_its_children(cdk):
    run = cdk("sleep 60 & wait")
    timer = threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run("deploy")
    timer.join()
