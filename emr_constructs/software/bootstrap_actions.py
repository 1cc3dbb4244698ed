"""Scripts that run on every node before applications start.

- ``BootstrapAction("Install libraries", script=Script.from_asset("bootstrap/libraries.sh"), args=["numpy"])``
- ``BootstrapAction.start_ssm_agent()`` starts the agent that sessions require, if an image doesn't start it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from .._core.input_values import renderable
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from ..steps.scripts import Locate, Script, reject_folder, unlocated

__all__ = ["BootstrapAction"]

_START_SSM_AGENT: Final = Path(__file__).with_name("start_ssm_agent.sh")


@check_calls
@value_class
class BootstrapAction:
    """A script that EMR runs on each node, including nodes that are added later.

    If the script fails, the node fails.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-bootstrap.html

    :raises EmrError: the name is longer than 256 characters, an argument is longer than 10280, or ``args`` is a string
        instead of a list.
    """

    name: str
    """The name, up to 256 characters."""

    script: Script
    """A script in S3, or one that the image of the nodes has, such as ``Script.on_node("/opt/setup.sh")``."""

    args: Sequence[str] = converted(tuple, default=())
    """The arguments, one item each. Default: none."""

    def __post_init__(self) -> None:
        reject_folder(self.script)
        enforce("BootstrapActionConfig", self._render())

    @classmethod
    def start_ssm_agent(cls) -> BootstrapAction:
        """Start the SSM Agent on every node, for EMR images that don't start it.

        This is reported for releases from emr-5.30.0 on. The image contains the agent: the script, an asset of this
        library, downloads nothing and doesn't fail the node. It can't be combined with a custom AMI, which requires the
        agent to be disabled. Adding it to a cluster replaces the cluster; check first whether sessions require it.
        https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-status-and-restart.html
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-custom-ami.html
        """
        return cls("Start SSM Agent", Script.from_asset(_START_SSM_AGENT))

    @property
    def starts_ssm_agent(self) -> bool:
        """Whether the script is that of ``start_ssm_agent``."""
        return self.script == Script.from_asset(_START_SSM_AGENT)

    def _render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """Render ``BootstrapActionConfig`` of the EMR API."""
        # EMR accepts a local path only with the scheme: https://github.com/cloudtools/troposphere/pull/497
        path = locate(self.script)
        script: dict[str, Any] = {"Path": f"file:{path}" if self.script.is_on_node else path}
        if self.args:
            script["Args"] = [renderable(argument) for argument in self.args]
        return {"Name": self.name, "ScriptBootstrapAction": script}
