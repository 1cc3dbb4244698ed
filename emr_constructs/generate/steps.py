"""Prints steps: factories if they render the same, else the command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .._core.unknown import UNKNOWN
from .code import Attribute, Call, Code, Entries, Items, Joined, Literal, Name, Remark
from .commands import command_options
from .context import Context, is_intrinsic
from .layout import layout
from .pairs import exact_pairs
from .rendering import problem_of
from .scripts import script
from .settings import setting

__all__ = ["launched_step", "step"]

_COMMAND_RUNNER: Final = "command-runner.jar"
_SCRIPT_RUNNER: Final = ".elasticmapreduce/libs/script-runner/script-runner.jar"
_SHELL: Final = "emr.Step.shell"
_REGIONS: Final = ("cdk.Aws.REGION", "self.region")
_ACTIONS: Final = ("CANCEL_AND_WAIT", "TERMINATE_CLUSTER")
_LOGS: Final = "StepMonitoringConfiguration"
_LOG_URI: Final = re.compile(r"s3://([a-z0-9.-]+)/([^/].*/)")
_MEMBERS: Final = {"Name", "ActionOnFailure", "HadoopJarStep"}
_JAR_MEMBERS: Final = {"Jar", "Args", "MainClass", "Properties"}


def step(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.Step`` for ``StepConfig`` of a step that is added to a cluster, with its logs."""
    location = _log_location(raw.get(_LOGS))
    if location is None:
        return launched_step(raw, context)
    code = launched_step({name: value for name, value in raw.items() if name != _LOGS}, context)
    if isinstance(code, Remark):
        return Remark(f"{code.comment}\n{context.todo(_LOGS, raw[_LOGS])}")
    bucket, prefix, key = location
    args = (context.imported("s3.Bucket.from_bucket_name", "StepLogs", bucket), Literal(prefix))
    options = {} if key is None else {"encryption_key": context.imported("kms.Key.from_key_arn", "StepLogsKey", key)}
    return Call(Attribute(code, "with_logs"), args, options)


def _log_location(raw: Any) -> tuple[str, str, Any] | None:
    """Return bucket, prefix and key of the logs of a step. None if ``with_logs`` can't express it."""
    match raw:
        case {"S3MonitoringConfiguration": {"LogUri": str(uri), **more}, **others} if not others:
            key = more.pop("EncryptionKeyArn", None)
            found = _LOG_URI.fullmatch(uri)
            if found is not None and not more and (key is None or is_intrinsic(key) or str(key).startswith("arn:")):
                return found[1], found[2], key
    return None


def launched_step(raw: Mapping[str, Any], context: Context) -> Code:
    """Return ``emr.Step`` for ``StepConfig`` of a step that is launched with a cluster, without logs of its own."""
    jar = raw.get("HadoopJarStep")
    known = {name: value for name, value in raw.items() if value is not None and name in _MEMBERS}
    others = {name: value for name, value in raw.items() if value is not None and name not in _MEMBERS}
    if "Name" not in known or not isinstance(jar, Mapping) or is_intrinsic(jar) or jar.get("Jar") is None:
        return context.remark("a step requires a name and a JAR file", raw)
    others |= {name: value for name, value in jar.items() if value is not None and name not in _JAR_MEMBERS}
    parts = _Parts(known, jar, context)
    if parts.properties is None and jar.get("Properties"):
        return context.remark("the properties of a step must have different keys", raw)
    problem = ""
    for candidate in parts.candidates():
        # The library finds script-runner.jar itself.
        is_shell = candidate.function == _SHELL
        found = problem_of(candidate, parts.expected(Literal(UNKNOWN) if is_shell else parts.jar))
        if not found:
            remarks = {name: context.remark(name, value) for name, value in others.items()}
            return Call(candidate.function, candidate.args, {**candidate.options, **remarks})
        problem = problem or found
    return context.remark(f"a step that the library can't express ({problem})", raw)


class _Parts:
    """The parts of a step as code."""

    def __init__(self, raw: Mapping[str, Any], jar: Mapping[str, Any], context: Context) -> None:
        self.name = context.value(raw["Name"])
        self.jar = context.value(jar["Jar"])
        self.main_class = None if jar.get("MainClass") is None else context.value(jar["MainClass"])
        args = jar.get("Args") or []
        self.args = context.value(args)
        """A list, or a reference to one."""
        self.properties = exact_pairs(jar["Properties"], context) if jar.get("Properties") else None
        action = raw.get("ActionOnFailure")
        if action == "TERMINATE_JOB_FLOW":
            # The former name of the same action.
            action = "TERMINATE_CLUSTER"
        self.action = context.value(action)

    def expected(self, jar_file: Code) -> Code:
        """Return what the step renders, with a JAR file."""
        jar: dict[str, Code] = {"Jar": jar_file}
        if self.main_class is not None:
            jar["MainClass"] = self.main_class
        if self.args != Items([]):
            jar["Args"] = self.args
        if self.properties is not None:
            values = self.properties.entries.items()
            jar["Properties"] = Items([Entries({"Key": Literal(key), "Value": value}) for key, value in values])
        action = {} if self.action == Literal(None) else {"ActionOnFailure": self.action}
        return Entries({"Name": self.name, **action, "HadoopJarStep": Entries(jar)})

    def candidates(self) -> Iterator[Call]:
        """Return the calls that may render the step, from the most to the least specific."""
        is_simple = self.main_class is None and self.properties is None
        items = self.args.items if isinstance(self.args, Items) else ()
        if is_simple and self.jar == Literal(_COMMAND_RUNNER):
            found = command_options(items)
            if found is not None:
                factory, options = found
                yield self._call(factory, options)
            yield self._call("custom", {"command": self.args})
        elif is_simple and items and self._is_script_runner and (file := script(items[0])) is not None:
            yield self._call("shell", {"script": file, **_args(items[1:])})
        jar = script(self.jar)
        if jar is not None:
            options = {"jar": jar} | ({} if self.args == Items([]) else {"args": self.args})
            if self.main_class is not None:
                options["main_class"] = self.main_class
            if self.properties is not None:
                values = self.properties.entries
                options["properties"] = Entries({key: setting(value) for key, value in values.items()})
            yield self._call("jar", options)
        yield self._call(
            "",
            {
                "jar_file": self.jar,
                "arguments": self.args,
                "main_class": self.main_class or Literal(None),
                **({} if self.properties is None else {"properties": self.properties}),
            },
        )

    @property
    def _is_script_runner(self) -> bool:
        match self.jar:
            case Joined(("s3://", (Name() | Attribute()) as region, str() as rest)):
                return rest == _SCRIPT_RUNNER and layout(region) in _REGIONS
        return False

    def _call(self, factory: str, options: Mapping[str, Code]) -> Call:
        action = self.action
        if isinstance(action, Literal) and action.value in (*_ACTIONS, "CONTINUE"):
            action = Name(f"emr.ActionOnFailure.{action.value}")
        is_default = action == Name("emr.ActionOnFailure.CONTINUE") and factory
        actions: dict[str, Code] = {} if is_default else {"action_on_failure": action}
        return Call(f"emr.Step.{factory}" if factory else "emr.Step", (self.name,), {**options, **actions})


def _args(args: Sequence[Code]) -> dict[str, Code]:
    return {"args": Items(args)} if args else {}
