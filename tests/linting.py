"""cfn-lint, which takes half a second to load its rules: once in a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner

if TYPE_CHECKING:
    from cfnlint.rules import Match


@cache
def _runner() -> Runner:
    return Runner(ConfigMixIn())


def lint(text: str, region: str) -> list[Match]:
    """What cfn-lint finds in the text of a template."""
    template, errors = decode_str(text)
    if template is None:
        return list(errors)
    runner = _runner()
    runner.config = ConfigMixIn(regions=[region])
    return list(runner.validate_template(template))
