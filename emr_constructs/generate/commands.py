"""Recognizes the commands that the factories of steps write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .code import Code, Entries, Items, Joined, Literal, joined
from .scripts import script, start_of, starts_with, without_prefix
from .settings import setting

__all__ = ["command_options"]

_Options = dict[str, Code]


def command_options(args: Sequence[Code]) -> tuple[str, _Options] | None:
    """Return the factory of a command and its options. None for another command.

    Whether the factory writes the same command is to be proved.
    """
    program = _text(args[0]) if args else None
    recognize = _PROGRAMS.get(program or "")
    if recognize is None:
        return None
    options = recognize(list(args[1:]))
    return None if options is None else (_FACTORIES.get(program or "", "custom"), options)


def _text(code: Code) -> str | None:
    return code.value if isinstance(code, Literal) and isinstance(code.value, str) else None


def _spark_submit(args: list[Code]) -> _Options | None:
    options: _Options = {}
    further: _Options = {"deploy_mode": Literal(None)}
    settings: list[Code] = []
    while args and starts_with(args[0], "--"):
        option = args.pop(0)
        name = (start_of(option) or "").partition("=")[0]
        if option in (Literal("--deploy-mode"), Literal("--class")) and args:
            further["deploy_mode" if option == Literal("--deploy-mode") else "main_class"] = args.pop(0)
        elif name == "--conf":
            settings.append(without_prefix(option, "--conf="))
        elif name in _SPARK_FILES:
            argument, reader = _SPARK_FILES[name]
            found = reader(without_prefix(option, f"{name}="))
            if found is None or argument in further:
                return None
            further[argument] = found
        else:
            return None
    if not args or (file := script(args.pop(0))) is None:
        return None
    options["script"] = file
    if further["deploy_mode"] == Literal("cluster"):
        del further["deploy_mode"]
    if args:
        options["args"] = Items(args)
    conf = _settings(settings)
    return None if conf is None else {**options, **further, **_given(conf=conf)}


def _packages(code: Code) -> Code | None:
    text = _text(code)
    return None if text is None else Items([Literal(part) for part in text.split(",")])


def _files(code: Code) -> Code | None:
    text = _text(code)
    found = [] if text is None else [script(Literal(part)) for part in text.split(",")]
    files = [file for file in found if file is not None]
    return Items(files) if files and len(files) == len(found) else None


def _named_files(code: Code) -> Code | None:
    named: dict[str, Code] = {}
    for part in (_text(code) or "").split(","):
        uri, _, name = part.partition("#")
        file = script(Literal(uri))
        if file is None or not name or name in named:
            return None
        named[name] = file
    return Entries(named)


def _settings(values: Sequence[Code]) -> dict[str, Code] | None:
    """Return keys and values of arguments such as ``key=value``. None if one is something else, or a key repeats."""
    found: dict[str, Code] = {}
    for code in values:
        key, equals, first = (start_of(code) or "").partition("=")
        if not equals or key in found:
            return None
        rest = code.parts[1:] if isinstance(code, Joined) else ()
        found[key] = setting(joined([first, *rest]))
    return found


def _spark_sql(args: list[Code]) -> _Options | None:
    conf: list[Code] = []
    while args and starts_with(args[0], "--conf="):
        conf.append(without_prefix(args.pop(0), "--conf="))
    options = _hive(args)
    settings = _settings(conf)
    return None if options is None or settings is None else options | _given(conf=settings)


def _hive(args: list[Code]) -> _Options | None:
    if len(args) < 2 or args[0] != Literal("-f") or (file := script(args[1])) is None:
        return None
    rest = args[2:]
    variables: list[Code] = []
    while rest and starts_with(rest[0], "-d") and rest[0] != Literal("-d"):
        variables.append(without_prefix(rest.pop(0), "-d"))
    values = _settings(variables)
    return None if values is None else {"script": file, **_given(variables=values), **_args(rest)}


def _pig(args: list[Code]) -> _Options | None:
    if [_text(arg) for arg in args[:3]] != ["--run-pig-script", "--args", "-f"] or len(args) < 4:
        return None
    file, rest = script(args[3]), args[4:]
    parameters: list[Code] = []
    while len(rest) > 1 and rest[0] == Literal("-p"):
        parameters.append(rest[1])
        rest = rest[2:]
    values = _settings(parameters)
    if file is None or values is None:
        return None
    return {"script": file, **_given(parameters=values), **_args(rest)}


def _s3_dist_cp(args: list[Code]) -> _Options | None:
    options: _Options = {}
    while args and starts_with(args[0], "--") and "delete_on_success" not in options:
        option = (start_of(args[0]) or "").partition("=")[0]
        if args[0] == Literal("--deleteOnSuccess"):
            options["delete_on_success"] = Literal(True)
        elif option in _S3_DIST_CP and starts_with(args[0], f"{option}="):
            value = without_prefix(args[0], f"{option}=")
            options[_S3_DIST_CP[option]] = setting(value) if option == "--targetSize" else value
        else:
            break
        args.pop(0)
    return {**options, **_args(args)} if {"src", "dest"} <= options.keys() else None


def _hadoop_streaming(args: list[Code]) -> _Options | None:
    conf: list[Code] = []
    while args and starts_with(args[0], "-D") and args[0] != Literal("-D"):
        conf.append(without_prefix(args.pop(0), "-D"))
    options: _Options = {}
    while len(args) > 1 and (argument := _STREAMING.get(_text(args[0]) or "")) and argument not in options:
        value = args[1]
        read = _named_files(value) if argument == "files" else _packages(value) if argument == "inputs" else value
        if read is None:
            return None
        options[argument] = read
        args = args[2:]
    settings = _settings(conf)
    if settings is None or not {"mapper", "reducer", "inputs", "output"} <= options.keys():
        return None
    return {**options, **_given(conf=settings), **_args(args)}


def _given(**settings: Mapping[str, Code]) -> _Options:
    return {name: Entries(values) for name, values in settings.items() if values}


def _args(args: Sequence[Code]) -> _Options:
    return {"args": Items(args)} if args else {}


_SPARK_FILES: Final[dict[str, tuple[str, Callable[[Code], Code | None]]]] = {
    "--packages": ("packages", _packages),
    "--jars": ("jars", _files),
    "--py-files": ("py_files", _files),
    "--files": ("files", _named_files),
    "--archives": ("archives", _named_files),
}
_S3_DIST_CP: Final = {
    "--src": "src",
    "--dest": "dest",
    "--srcPattern": "src_pattern",
    "--groupBy": "group_by",
    "--targetSize": "target_size_mib",
    "--outputCodec": "output_codec",
}
_STREAMING: Final = {
    "-files": "files",
    "-mapper": "mapper",
    "-reducer": "reducer",
    "-input": "inputs",
    "-output": "output",
}
_PROGRAMS: Final[dict[str, Callable[[list[Code]], _Options | None]]] = {
    "spark-submit": _spark_submit,
    "spark-sql": _spark_sql,
    "hive": _hive,
    "pig-script": _pig,
    "s3-dist-cp": _s3_dist_cp,
    "hadoop-streaming": _hadoop_streaming,
}
_FACTORIES: Final = {
    "spark-submit": "spark",
    "spark-sql": "spark_sql",
    "hive": "hive",
    "pig-script": "pig",
    "s3-dist-cp": "s3_dist_cp",
    "hadoop-streaming": "hadoop_streaming",
}
