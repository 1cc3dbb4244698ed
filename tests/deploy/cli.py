"""Runs the CDK CLI of the project, and ends it and its children when it takes too long or is interrupted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
BIN: Final = Path(sys.executable).parent


class CdkError(RuntimeError):
    """The CDK CLI failed; the message contains what it printed."""


class Cdk:
    """The CDK CLI with an environment and options of its own."""

    def __init__(self, environment: Mapping[str, str], *options: str, log: Path | None = None) -> None:
        """Prepare calls of the CLI.

        :param environment: the variables of its process.
        :param options: follow the arguments of each call.
        :param log: a file to which all output is appended. Default: none.
        """
        self._environment = {**environment, "PATH": f"{BIN}{os.pathsep}{environment['PATH']}"}
        self._options = ("--no-notices", "--ci", *options)
        self._log = log

    def __call__(self, *arguments: str, folder: Path = PROJECT, seconds: float = 300) -> str:
        """Run a command; return what it printed.

        :raises CdkError: it failed, or ran longer than ``seconds``.
        """
        command = [str(BIN / "cdk"), *arguments, *self._options]
        # In a session of its own: Ctrl-C in a terminal reaches only this process, which decides what happens.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            output, reason = _stop(process), f"took longer than {seconds:.0f} seconds"
        except BaseException:
            self._write(arguments, _stop(process))
            raise
        else:
            reason = f"failed with exit status {process.returncode}" if process.returncode else ""
        self._write(arguments, output)
        if reason:
            raise CdkError(f"cdk {' '.join(arguments)} {reason}:\n{output}")
        return output

    def _write(self, arguments: tuple[str, ...], output: str) -> None:
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(f"$ cdk {' '.join(arguments)}\n{output}\n")


def _stop(process: subprocess.Popen[str]) -> str:
    """End a process and its children; return what they printed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)[0]
    return ""
