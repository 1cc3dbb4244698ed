from __future__ import annotations

import pytest

from emr_constructs import BootstrapAction, EmrError, Script

SCRIPT = Script.from_uri("s3://bucket/setup.sh")


def test_renders_the_script_and_its_arguments():
    assert BootstrapAction("Setup", SCRIPT, ["a", "b c"])._render() == {
        "Name": "Setup",
        "ScriptBootstrapAction": {"Path": "s3://bucket/setup.sh", "Args": ["a", "b c"]},
    }


def test_leaves_empty_arguments_out():
    assert "Args" not in BootstrapAction("Setup", SCRIPT)._render()["ScriptBootstrapAction"]


def test_rejects_arguments_in_one_text():
    with pytest.raises(EmrError, match="args must be a list of strings, got 'a b'; use \\['a', 'b'\\]"):
        BootstrapAction("Setup", SCRIPT, "a b")


def test_rejects_a_long_name():
    with pytest.raises(EmrError, match="Name must have 0 to 256 characters, got 257"):
        BootstrapAction("n" * 257, SCRIPT)
