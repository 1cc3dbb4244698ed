"""The application and the files of steps that run spark-submit: their types, the main class, separators of lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .._core.unknown import is_unknown
from .constraints import constraint
from .parts import Part
from .registry import At, Severity
from .releases import Release, parse
from .sources import release_guide
from .spark_submit import submitted
from .step_arguments import argument_at, of

_SUBMIT: Final = release_guide("emr-spark-submit-step")
_REMOTE: Final = regex(r"(s3[na]?|hdfs|https?)://")
# What spark-submit doesn't run, and what to do instead.
_OTHER_TYPES: Final = {
    "ipynb": "export the notebook as a Python script",
    "scala": "build a JAR file, and specify its main class with --class",
    "java": "build a JAR file, and specify its main class with --class",
    "sql": "use spark-sql with -f",
    "hql": "use spark-sql with -f",
    "sh": "use script-runner.jar",
    "zip": "specify it with --py-files, and a Python script as the application",
    "egg": "specify it with --py-files, and a Python script as the application",
    "whl": "specify it with --py-files, and a Python script as the application",
    "txt": "specify a Python script or a JAR file",
}
_CLASS: Final = regex(r"[\w$]+(\.[\w$]+)*")
_FILE_AS_CLASS: Final = regex(r".*\.(scala|java|py|jar|class)")
_COORDINATES: Final = regex(r"[\w.-]+:[\w.-]+:[\w.-]+")
_SEPARATED: Final = regex(r"[;:\s]\s*s3[na]?://|;\s*/")
_LISTS: Final = ("--jars", "--files", "--archives", "--py-files")
_PYTHON_FILES: Final = regex(r".*\.(py|zip|egg|whl|jar|pyc)")
_ENVIRONMENT: Final = regex(r"(\./)?(?P<folder>[\w-]+)/bin/python[\d.]*")
_INTERPRETERS: Final = (
    "spark.pyspark.python", "spark.yarn.appMasterEnv.PYSPARK_PYTHON", "spark.executorEnv.PYSPARK_PYTHON",
)  # fmt: skip
_SCALA: Final = regex(r"[\w.-]+_(?P<version>2\.1[0-3])(-[\w.-]+)?(\.jar)?")


def _is_open(text: str) -> bool:
    """Whether a part of ``text`` is unknown, or a placeholder."""
    return is_unknown(text) or bool(set(text) & set("${}<>"))


def _extension(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def _other_types(step: Part) -> At | None:
    found = submitted(step)
    name = found.application or ""
    fix = None if _is_open(name) else _OTHER_TYPES.get(_extension(name)) if "." in name.rpartition("/")[2] else None
    if fix is None or any(option == "--class" for option, _ in found.options):
        return None
    return At(argument_at(step, name), f"{name!r} {of(step)}", fix)


def _without_class(step: Part) -> At | None:
    found = submitted(step)
    name = found.application or ""
    options = [option for option, _ in found.options]
    # An option after the application has a finding of its own.
    is_named = "--class" in options or "--class" in found.arguments or "--properties-file" in options
    is_remote = _extension(name) == "jar" and bool(_REMOTE.match(name))
    return At(argument_at(step, name), f"{name!r} {of(step)}") if is_remote and not is_named else None


def _unlike_a_class(step: Part) -> Iterator[At]:
    for option, value in submitted(step).options:
        is_known = option == "--class" and bool(value) and not _is_open(value)
        if is_known and (not _CLASS.fullmatch(value) or _FILE_AS_CLASS.fullmatch(value)):
            yield At(argument_at(step, value), f"{value!r} {of(step)}")


def _wrong_lists(step: Part) -> Iterator[At]:
    """Files that an option doesn't accept, and lists with other separators than commas."""
    for option, value in submitted(step).options:
        if option == "--properties-file" and _REMOTE.match(value):
            fix = "use --conf, or the classification spark-defaults"
            yield At(argument_at(step, value), f"{value!r} for {option} {of(step)}, which is not on the node", fix)
        if option not in _LISTS or not value or _is_open(value):
            continue
        if any(_SEPARATED.search(item.strip()) for item in value.split(",")):
            yield At(argument_at(step, value), f"{value!r} for {option} {of(step)}", "separate the files by commas")
            continue
        for name in map(str.strip, value.split(",")):
            if option == "--jars" and _COORDINATES.fullmatch(name):
                got = f"{name!r} for {option} {of(step)}"
                yield At(argument_at(step, value), got, "use --packages for Maven coordinates")
            elif option == "--py-files" and "." in name.rpartition("/")[2] and not _PYTHON_FILES.fullmatch(name):
                got = f"{name!r} for {option} {of(step)}"
                types = "use a .py, .zip, .whl or .egg file"
                fixes = (f"{types}, or --archives for a packed environment", f"{types}, or archives={{...}}")
                yield At(argument_at(step, value), got, *fixes)


def _without_alias(step: Part) -> Iterator[At]:
    """Interpreters in an archive that is unpacked in a folder of another name."""
    found = submitted(step)
    archives = [value for option, value in found.options if option == "--archives"]
    listed = ("spark.archives", "spark.yarn.dist.archives")
    archives += [found.properties[name] for name in listed if name in found.properties]
    # Defaults of the cluster can have archives.
    if not archives or any(map(_is_open, archives)):
        return
    names = [name.strip() for value in archives for name in value.split(",")]
    folders = {name.partition("#")[2] or name.rpartition("/")[2] for name in names}
    for key in _INTERPRETERS:
        match = _ENVIRONMENT.fullmatch(found.properties.get(key, ""))
        if match and match["folder"] not in folders:
            got = f"{found.properties[key]!r} for {key} {of(step)}, and the archive {names[0]!r}"
            fix = f"use {names[0].partition('#')[0]}#{match['folder']}"
            yield At(argument_at(step, names[0]), got, fix)


def _scala(release: Release) -> str:
    """The version of Scala that the Spark of a release is built with."""
    return "2.13" if release.train == "emr-spark" else "2.12"


def _other_scala(cluster: Part) -> Iterator[At]:
    release = parse(cluster.get("ReleaseLabel", ""))
    # Spark 2 of releases before 6.0 can have either.
    if release is None or release.version < (6, 0, 0):
        return
    right = _scala(release)
    for step in cluster.items("Steps"):
        for option, value in submitted(step).options:
            for name in value.split(",") if option in ("--packages", "--jars") else ():
                yield from _mismatch(name.strip(), right, of(step), argument_at(step, value))
    for part in cluster.items("Configurations"):
        properties: dict[str, str] = part.get("Properties", {})
        for key in ("spark.jars.packages", "spark.jars") if part.get("Classification") == "spark-defaults" else ():
            for name in properties.get(key, "").split(","):
                yield from _mismatch(name.strip(), right, "in spark-defaults", part.at("Properties", key))


def _mismatch(name: str, right: str, where: str, place: str) -> Iterator[At]:
    """A library of another Scala version than ``right``: Maven coordinates, or a JAR file."""
    parts = name.split(":") if name.count(":") > 1 else name.split("/")
    match = _SCALA.fullmatch(parts[1] if name.count(":") > 1 else parts[-1])
    if match and match["version"] != right:
        got = f"{name!r} {where}, for Scala {match['version']}"
        yield At(place, got, f"use the build for Scala {right}, whose name has _{right}")


# fmt: off
constraint("emr-spark-application-type", "StepConfig",
           "spark-submit must run a Python script, an R script or a JAR file", _other_types,
           fix="specify a Python script or a JAR file", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-class-missing", "StepConfig",
           "spark-submit must have --class for a JAR file that is not on the node, because Spark can't read its main "
           "class", _without_class, fix="specify --class and the main class before the JAR file",
           library_fix="pass main_class to Step.spark()", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-class", "StepConfig", "value of --class must be the name of a class with its package",
           _unlike_a_class, fix="use a name such as com.example.Report", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-files", "StepConfig",
           "files of spark-submit must be lists with commas, of types that the option accepts", _wrong_lists,
           fix="correct the list", severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-archive", "StepConfig",
           "folder of the Python interpreter must be the name of an archive after #, because Spark unpacks the archive "
           "there", _without_alias, fix="append # and the name of the folder to the archive",
           severity=Severity.WARNING, source=_SUBMIT)
constraint("emr-spark-scala", "RunJobFlowInput",
           "libraries of Spark must be built for the Scala version of the release", _other_scala,
           fix="use another build of the library", severity=Severity.WARNING, source=release_guide("emr-spark"))
