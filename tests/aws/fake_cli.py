"""A CDK CLI that deploys the templates of an assembly with boto3, for moto."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.aws.cloud import TAG
from tests.deploy.cli import CdkError

# moto would run their functions in containers.
_LEFT_OUT = ("AWS::Lambda::Function", "Custom::VpcRestrictDefaultSG")


class FakeCli:
    """Deploys and destroys as the CLI does; what it is told to fail, it fails."""

    def __init__(self, cloudformation: Any, run: str) -> None:
        self._cloudformation, self._run = cloudformation, run
        self.calls: list[tuple[str, ...]] = []
        self.before: dict[tuple[str, str], Callable[[], None]] = {}
        """What happens before a command, by the command and the name of the stack."""

    def __call__(self, command: str, *arguments: str, seconds: float) -> str:
        assert seconds > 0
        paths = [argument for argument in arguments if not argument.startswith("--")]
        (folder,) = (argument.removeprefix("--app=") for argument in arguments if argument.startswith("--app="))
        self.calls.append((command, *paths))
        for path in paths:
            self.before.get((command, path.rpartition("/")[2]), lambda: None)()
            name = path.replace("/", "-")
            if command == "deploy":
                self._deploy(name, Path(folder))
            else:
                assert command == "destroy"
                self._cloudformation.delete_stack(StackName=name)
        return ""

    def _deploy(self, name: str, folder: Path) -> None:
        (manifest,) = (
            found
            for path in folder.rglob("manifest.json")
            for found in json.loads(path.read_text())["artifacts"].values()
            if found["type"] == "aws:cloudformation:stack" and found["properties"].get("stackName") == name
        )
        assert manifest["properties"]["tags"] == {TAG: self._run}
        (path,) = folder.rglob(manifest["properties"]["templateFile"])
        template = json.loads(path.read_text())
        template["Resources"] = {
            logical_id: found for logical_id, found in template["Resources"].items() if found["Type"] not in _LEFT_OUT
        }
        self._cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(template), Tags=[{"Key": TAG, "Value": self._run}]
        )


def failing(message: str) -> Callable[[], None]:
    """Something that fails as the CLI does."""

    def fail() -> None:
        raise CdkError(message)

    return fail
