"""The command line of ``spark-submit``.

An option and its value are one argument, ``--conf=key=value``: CloudFormation's schema requires different arguments in
a step, and spark-submit supports both forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .._core.errors import EmrError
from .arguments import ScriptList, joined, settings

if TYPE_CHECKING:
    from .arguments import Argument, Settings
    from .scripts import Script

__all__ = ["spark_submit"]


def spark_submit(
    *,
    script: Script,
    main_class: str | None,
    packages: Sequence[str],
    jars: Sequence[Script],
    py_files: Sequence[Script],
    files: Mapping[str, Script] | None,
    archives: Mapping[str, Script] | None,
    conf: Settings | None,
    deploy_mode: str | None,
) -> list[Argument]:
    """Return the command without the arguments of the application.

    :raises EmrError: an option has no effect on the script, a module would lose its name, or an archive its extension.
    """
    command: list[Argument] = ["spark-submit"]
    if deploy_mode is not None:
        command += ["--deploy-mode", deploy_mode]
    if main_class is not None:
        command += ["--class", main_class]
    if packages:
        command.append(f"--packages={joined('packages', packages)}")
    modules = ScriptList.of("--py-files=", py_files)
    problems = list(_problems(script, main_class, [module for found in modules for module in found.scripts]))
    problems += _not_extracted((archives or {}).values())
    if problems:
        raise EmrError(problems)
    command += ScriptList.of("--jars=", jars)
    command += modules
    command += ScriptList.of("--files=", files or {})
    command += ScriptList.of("--archives=", archives or {})
    return [*command, *settings("--conf=", conf), script]


def _problems(script: Script, main_class: str | None, modules: Sequence[Script]) -> Iterator[str]:
    if script.extension == ".py" and main_class is not None:
        yield f"main_class requires a JAR, got {main_class!r} with a Python script; remove main_class, or use a JAR"
    if script.extension == ".jar" and modules:
        yield "py_files requires a Python script, got a JAR; remove py_files, or use a Python script"
    for module in modules:
        if module.extension == ".py" and not module.keeps_name:
            yield (
                f"py_files must keep the names of modules, got the local file {str(module)!r}, which is uploaded with "
                "another name; use the folder that contains it, or a ZIP archive"
            )


def _not_extracted(archives: Iterable[Script]) -> Iterator[str]:
    """Find archives that YARN doesn't extract, because the CDK keeps only ``.gz`` of ``.tar.gz``.

    https://github.com/apache/hadoop/blob/trunk/hadoop-yarn-project/hadoop-yarn/hadoop-yarn-common/src/main/java/org/apache/hadoop/yarn/util/FSDownload.java
    """
    for archive in archives:
        if archive.extension == ".gz" and not archive.keeps_name:
            yield (
                f"archives must keep an extension that YARN extracts, got the local file {str(archive)!r}, which is "
                "uploaded with the extension '.gz'; rename it to '.tgz'"
            )
