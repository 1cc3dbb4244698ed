"""The command lines of programs that ``command-runner.jar`` starts.

``spark-submit`` is in a separate module.
https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-commandrunner.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .._core.errors import EmrError
from .arguments import ScriptList, joined, settings

if TYPE_CHECKING:
    from aws_cdk import Size

    from .arguments import Argument, Settings
    from .scripts import Script

__all__ = ["hadoop_streaming", "hive", "pig", "s3_dist_cp", "spark_sql"]


def spark_sql(script: Script, variables: Settings | None, conf: Settings | None) -> list[Argument]:
    """Return the command of ``spark-sql``."""
    return ["spark-sql", *settings("--conf=", conf), "-f", script, *settings("-d", variables)]


def hive(script: Script, variables: Settings | None) -> list[Argument]:
    """Return the command of ``hive -f``."""
    return ["hive", "-f", script, *settings("-d", variables)]


def pig(script: Script, parameters: Settings | None) -> list[Argument]:
    """Return the command of ``pig-script``, with two arguments per parameter."""
    command: list[Argument] = ["pig-script", "--run-pig-script", "--args", "-f", script]
    for parameter in settings("", parameters):
        command += ["-p", parameter]
    return command


def hadoop_streaming(
    name: str,
    *,
    mapper: str,
    reducer: str,
    inputs: Sequence[str],
    output: str,
    files: Mapping[str, Script] | None,
    conf: Settings | None,
) -> list[Argument]:
    """Return the command of ``hadoop-streaming``.

    :param name: of the step.
    :raises EmrError: there are no inputs.
    """
    if not inputs:
        raise EmrError(f"inputs of step {name!r} must not be empty; specify the URIs of the input")
    command: list[Argument] = ["hadoop-streaming", *settings("-D", conf)]
    for shipped in ScriptList.of("", files or {}):
        command += ["-files", shipped]
    return [*command, "-mapper", mapper, "-reducer", reducer, "-input", joined("inputs", inputs), "-output", output]


def s3_dist_cp(
    *,
    src: str,
    dest: str,
    src_pattern: str | None,
    group_by: str | None,
    target_size_mib: int | Size | None,
    output_codec: str | None,
    delete_on_success: bool,
) -> list[Argument]:
    """Return the command of ``s3-dist-cp``."""
    options = {
        "src": src,
        "dest": dest,
        "srcPattern": src_pattern,
        "groupBy": group_by,
        "targetSize": target_size_mib,
        "outputCodec": output_codec,
    }
    command = ["s3-dist-cp", *(f"--{option}={value}" for option, value in options.items() if value is not None)]
    return [*command, "--deleteOnSuccess"] if delete_on_success else [*command]
