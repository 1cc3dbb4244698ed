"""What a check on an account did: each step with its duration and outcome, as text and as JSON."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any


class CheckError(Exception):
    """Something is not as it should be."""


@dataclass
class Step:
    """One step of the check."""

    name: str
    outcome: str = "ok"
    seconds: float = 0
    detail: str = ""


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


@dataclass
class Report:
    """The steps, and what they show."""

    run: str
    account: str
    region: str
    steps: list[Step] = field(default_factory=list)
    evidence: dict[str, bool] = field(default_factory=dict)
    """Whether an observation was made, by its name; a name that is missing is not known."""

    leftovers: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    costs: list[str] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)
    refuted: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return all(step.outcome == "ok" for step in self.steps) and not self.leftovers

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """A step, which is reported also if it fails; any error is raised as ``CheckError``."""
        step = Step(name)
        self.steps.append(step)
        say(f"{name} ...")
        began = time.monotonic()
        try:
            yield step
        except Exception as error:
            step.outcome, step.detail = "failed", _short(error)
            raise CheckError(f"{name}: {step.detail}") from error
        except BaseException as error:
            step.outcome, step.detail = "interrupted", type(error).__name__
            raise
        finally:
            step.seconds = time.monotonic() - began
            say(f"  {_line(step)}")

    def attempt(self, name: str, action: Callable[[Step], Any]) -> bool:
        """Whether a step succeeds."""
        try:
            with self.step(name) as step:
                action(step)
        except CheckError:
            return False
        return True

    def text(self) -> str:
        """The report for a reader."""
        width = max((len(step.name) for step in self.steps), default=0)
        sections = {
            "Costs": self.costs,
            "Kept on purpose": self.kept,
            "Not deleted": self.leftovers,
            "Proved assumptions of docs/verification.md": self.proved,
            "Refuted assumptions of docs/verification.md": self.refuted,
        }
        lines = [f"Check {self.run} in account {self.account}, {self.region}: {'ok' if self.is_ok else 'FAILED'}"]
        lines += [f"  {step.name:{width}}  {_line(step)}" for step in self.steps]
        for title, content in sections.items():
            lines += [f"{title}:", *(f"  {line}" for line in content)] if content else []
        return "\n".join(lines)

    def json(self) -> str:
        """The report for a program."""
        return json.dumps({"ok": self.is_ok, **asdict(self)}, indent=2)


def _line(step: Step) -> str:
    minutes, seconds = divmod(round(step.seconds), 60)
    return f"{step.outcome:11}  {minutes:3}:{seconds:02}  {step.detail}".rstrip()


def _short(error: Exception) -> str:
    """What an error says; the end of what the CDK CLI printed, which has the reason."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " / ".join([lines[0], *lines[-3:]]) if len(lines) > 4 else " ".join(lines)
