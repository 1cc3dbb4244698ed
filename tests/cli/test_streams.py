"""The command line with odd files, paths, streams and terminals: no traceback, exit code 2 for unreadable files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time

import pytest

from emr_constructs.cli.streams import Progress, printable
from tests.cli.tools import GOOD, run
from tests.tools import PROJECT

ODD = '{"Resources": {"C\\ud800": {"Type": "AWS::EMR::Cluster", "Properties": {"\\u001b[2J\\u00e9\\u20ac": 1}}}}'


def process(arguments, *, streams="", **environment):
    """The command line in a process of its own, started by a shell that opens and closes ``streams``."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "emr_constructs", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=PROJECT,
        env={**os.environ, **environment},
        timeout=60,
    )


@pytest.mark.parametrize("command", [["check"], ["describe"], ["diff", GOOD]])
def test_a_closed_standard_input(command):
    result = process([*command, "-"], streams="<&-")
    assert result.returncode == 2
    assert b"standard input must be open" in result.stdout + result.stderr


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="requires a device without an end")
@pytest.mark.parametrize("command", [["check", "-"], ["describe", "-"], ["diff", GOOD, "-"],
                                     ["describe", GOOD, "--prices", "/dev/stdin"],
                                     ["check", GOOD, "--config", "/dev/stdin"]])  # fmt: skip
def test_input_without_an_end(command):
    result = process(command, streams="< /dev/zero")
    assert result.returncode == 2
    assert b"must have at most" in result.stdout + result.stderr


def test_standard_input_twice():
    result = run("diff", "-", "-", input="{}")
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        "Error: OLD and NEW must not both be standard input",
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("command", ["check", "describe", "diff"])
def test_output_in_any_encoding(tmp_path, command, encoding):
    path = tmp_path / "é€.json"
    path.write_text(ODD)
    files = [path, GOOD] if command == "diff" else [path]
    result = process([command, *files], PYTHONIOENCODING=encoding)
    assert b"Traceback" not in result.stderr
    if encoding != "ascii":  # for which click writes UTF-8, with half characters replaced
        assert b"C\\ud800" in result.stdout
        result.stdout.decode(encoding)
    if command == "check":
        assert b"\\x1b[2J" in result.stdout
        assert b"\x1b" not in result.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="requires Linux")
@pytest.mark.parametrize("command", ["check", "describe"])
def test_a_full_disk(command):
    result = process([command, GOOD], streams="> /dev/full")
    assert (result.returncode, result.stderr) == (2, b"Error: the output can't be written: No space left on device\n")


@pytest.mark.parametrize("command", ["check", "describe"])
def test_closed_output(command):
    for streams in (">&-", ">&- 2>&-"):
        result = process([command, GOOD], streams=streams)
        assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("columns", ["0", "-1", "x", "", "1", "9" * 30])
@pytest.mark.parametrize("command", ["check", "describe"])
def test_terminals_of_any_width(monkeypatch, command, columns):
    monkeypatch.setenv("COLUMNS", columns)
    result = run(command, GOOD)
    assert result.exit_code == 0
    assert result.output.strip()


@pytest.mark.parametrize("path", ["", "a" * 5000, "a/" * 3000, "a\0b", "/dev/zero", "\udcff"])
@pytest.mark.parametrize("command", [["check"], ["describe"], ["diff", GOOD]])
def test_odd_paths(command, path):
    result = run(*command, path)
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfea\x00", b"\xfe\xff\x00a", b"a\x00", b"\x00", b"{\x00}", b"\xef\xbb\xbf{", "a: 1".encode("utf-16"),
     b"- &a [*a]", b"[" * 50_000, b'{"a":' * 50_000, b"a: 1\n---\nb: 2", b"\t", b"--- !<", b"%YAML 9.9\n---\na",
     b'{"a": Infinity}', b'{"a": ' + b"9" * 5000 + b"}", b'"a', b"'", b"!!python/object:os.system x", b"? ? ? ?",
     b'"' + b"\\\\" * 10 + b'"', b"!Ref", b"*a", b"&a", b"|", b">", b"@", b"`", b"{a: b", b"<<: 1"],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_odd_files(tmp_path, content):
    path = tmp_path / "odd"
    path.write_bytes(content)
    for command in (["check"], ["describe"], ["diff", GOOD]):
        result = run(*command, path)
        assert result.exit_code == 2
        assert 1 <= len(result.output.splitlines()) <= 2, result.output


def manifest(folder, artifacts):
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"a": artifacts}}))


@pytest.mark.parametrize("place", [".", "..", "/", "../assembly", "link", "sub", "a\0b", "a" * 5000, 1, None, ["a"]])
def test_assemblies_that_are_not_in_themselves(tmp_path, place):
    folder = tmp_path / "assembly"
    manifest(folder, {"type": "cdk:cloud-assembly", "properties": {"directoryName": place}})
    (folder / "link").symlink_to(folder)
    manifest(folder / "sub", {"type": "cdk:cloud-assembly", "properties": {"directoryName": ".."}})
    result = run("check", folder)
    assert result.exit_code == 2
    assert "run cdk synth" in result.output


@pytest.mark.parametrize("text", ["[" * 50_000, "[]", "{}", '{"artifacts": 1}', '{"artifacts": {"a": 1}}', "", "\0"])
def test_odd_manifests(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    result = run("check", tmp_path)
    assert result.exit_code == 2
    assert "can't be read; run cdk synth again" in result.output


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside.json"])
def test_templates_outside_an_assembly(tmp_path, name):
    (tmp_path / "outside.json").write_text("{}")
    manifest(tmp_path / "in", {"type": "aws:cloudformation:stack", "properties": {"templateFile": name}})
    assert "can't be read; run cdk synth again" in run("check", tmp_path / "in").output


def test_control_characters_are_escaped():
    assert printable("a\x1b[2J\x00\r\n\x9bé€") == "a\\x1b[2J\\x00\\x0d\\x0a\\x9bé€"
    assert printable("\u202ea\u2066\u200b\ufeff\U000e0041") == "\\u202ea\\u2066\\u200b\\ufeff\\U000e0041"


def test_characters_of_direction_do_not_reach_the_terminal(tmp_path):
    path = tmp_path / "template.json"
    properties = {"\u202eemaN": 1, "Name": "\u2067x"}
    path.write_text(json.dumps({"Resources": {"\u202eC": {"Type": "AWS::EMR::Cluster", "Properties": properties}}}))
    for command in (["check", path], ["describe", path], ["diff", GOOD, path]):
        assert run(*command).output.replace("\n", "").isprintable()


class _Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_on_a_terminal(monkeypatch, is_terminal):
    monkeypatch.setattr("emr_constructs.cli.streams._PATIENCE", 0.01)
    monkeypatch.setattr("emr_constructs.cli.streams._INTERVAL", 0.01)
    stream = _Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(3) as progress:
        progress.done = 1
        until = time.monotonic() + 5
        while is_terminal and "1 of 3 files" not in stream.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert ("1 of 3 files" in stream.getvalue()) is is_terminal
    assert stream.getvalue().endswith("\r\x1b[K") is is_terminal


def test_no_progress_of_quick_work(monkeypatch):
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(1):
        pass
    assert stream.getvalue() == ""


@pytest.mark.parametrize("command", ["check", "describe", "diff", "generate"])
def test_commands_that_read_files_show_their_progress(command, monkeypatch, tmp_path):
    entered = []
    monkeypatch.setattr(Progress, "__enter__", lambda self: entered.append(self) or self)
    file = "tests/rules/templates/private_network.yaml"
    more = {"diff": [file], "generate": ["--output", str(tmp_path / "app")]}.get(command, [])
    assert run(command, file, *more).exit_code == 0
    assert len(entered) == 1
