"""Scripts that run on every node before applications start.

- ``BootstrapAction("Install libraries", script=Script.from_asset("bootstrap/libraries.sh"), args=["numpy"])``
- ``BootstrapAction.install_python_packages(Script.from_asset("requirements.txt"), python="3.11")`` runs pip.
- ``BootstrapAction.start_ssm_agent()`` starts the agent that sessions require, if an image doesn't start it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from ..steps.arguments import as_uri
from ..steps.scripts import Locate, Script, reject_folder, unlocated

__all__ = ["BootstrapAction", "check_images"]

_START_SSM_AGENT: Final = Path(__file__).with_name("start_ssm_agent.sh")
_INSTALL_PYTHON_PACKAGES: Final = Path(__file__).with_name("install_python_packages.sh")
_PYTHON: Final = re.compile(r"[23]\.\d{1,2}")


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

    args: Sequence[str | Script] = converted(tuple, default=())
    """The arguments, one item each.

    A ``Script`` is a file that the script downloads, or a folder that it downloads as a ZIP archive: the argument
    is its URI, and the nodes are allowed to read it. Default: none.
    """

    def __post_init__(self) -> None:
        reject_folder(self.script)
        enforce("BootstrapActionConfig", self._render())

    @classmethod
    def install_python_packages(
        cls, requirements: Script, *, python: str, wheels: Script | None = None
    ) -> BootstrapAction:
        """Install packages with pip on every node, for one version of Python.

            release = ReleaseLabel.EMR_7_14_0
            requirements = Script.from_asset("requirements.txt")
            BootstrapAction.install_python_packages(requirements, python=release.pyspark_python)

        The script is an asset of this library. If pip fails, the node fails.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-bootstrap.html

        :param requirements: a requirements file of pip; pin the versions, so that all nodes have the same.
        :param python: the version of Python: for PySpark, ``ReleaseLabel.pyspark_python``.
        :param wheels: a folder with the wheels of all packages, or a ZIP archive with them at its top level, for nodes
            without internet access. Default: pip downloads the packages from its index, by default PyPI.
        :raises EmrError: ``python`` isn't a version such as ``3.11``, ``requirements`` is a folder, or ``wheels`` is
            neither a folder nor a ZIP archive.
        """
        problems = []
        if not _PYTHON.fullmatch(python):
            problems.append(
                f"python must be a version with two numbers, got {python!r}; use '3.11' or release.pyspark_python"
            )
        if requirements.is_folder:
            problems.append(f"requirements must be a file, got the folder {str(requirements)!r}; use a file of it")
        if wheels is not None and wheels.extension not in (".zip", ""):
            problems.append(
                f"wheels must be a folder or a ZIP archive, got a {wheels.extension!r} file; use the folder that "
                "contains the wheels"
            )
        if problems:
            raise EmrError(problems)
        files = [requirements] if wheels is None else [requirements, wheels]
        script = Script.from_asset(_INSTALL_PYTHON_PACKAGES)
        return cls("Install Python packages", script, [f"python{python}", *files])

    @classmethod
    def start_ssm_agent(cls) -> BootstrapAction:
        """Start the SSM Agent on every node, for EMR images that don't start it.

        Users reported such images for emr-5.30.0 and later. The image contains the agent: the script, an asset of this
        library, downloads nothing and never fails the node. It can't be combined with a custom AMI, which requires the
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
            script["Args"] = [as_uri(argument, locate) for argument in self.args]
        return {"Name": self.name, "ScriptBootstrapAction": script}


def check_images(request: Mapping[str, Any]) -> None:
    """Raise what ``BootstrapAction.start_ssm_agent`` can't be combined with."""
    instances = request["Instances"]
    types = (kind for fleet in instances.get("InstanceFleets", ()) for kind in fleet["InstanceTypeConfigs"])
    problems = [
        f"BootstrapAction.start_ssm_agent() can't be combined with custom_ami_id={part['CustomAmiId']!r} of {owner}, "
        "because a custom AMI requires the SSM Agent to be disabled; remove one of them"
        for owner, part in (
            ("the cluster", request),
            *((f"the instance group {group['Name']!r}", group) for group in instances.get("InstanceGroups", ())),
            *((f"the instance type {kind['InstanceType']}", kind) for kind in types),
        )
        if "CustomAmiId" in part
    ]
    if problems:
        raise EmrError(problems)
