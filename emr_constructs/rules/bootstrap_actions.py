"""Bootstrap actions: how many there are, and the scripts that they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import at_most, constraint, matches, text_is
from .parts import Part
from .registry import At, Severity
from .s3_addresses import uri_instead
from .sources import management_guide
from .step_arguments import is_local

_BOOTSTRAP: Final = management_guide("emr-plan-bootstrap")
_LOCATION: Final = "(s3[na]?://|file:|/).*"
_NOT_EXECUTABLE: Final = regex(
    r"s3[na]?://.*\.(jar|txt|zip|tar|gz|tgz|whl|egg|ipynb|sql|hql|json|ya?ml|csv|rpm|md)", re.IGNORECASE
)
_RUN_IF: Final = "run-if"
_CONDITION: Final = regex(r"(\w+\.)?\w+(!?=|==).*")
_PATH_WITH_ARGUMENTS: Final = regex(r"\S+\.(sh|bash|py|rb|pl)\s+\S.*", re.DOTALL)
_OPTION_WITH_VALUE: Final = regex(r"--?[A-Za-z][\w-]*\s+[^\s=\"']+(\s.*)?", re.DOTALL)
# Actions of AMIs before release 4.0, which configurations and applications replace.
_RETIRED: Final = regex(
    r"s3[na]?://([\w-]+\.)?elasticmapreduce/(.*/)?"
    r"(configure-(hadoop|daemons)|install-(hive|pig|hbase|ganglia|spark|impala)\S*|memory-intensive|setup-\w+)"
)


def _other_type(action: Part) -> str | None:
    path = action.get("Path", "")
    return repr(path) if _NOT_EXECUTABLE.fullmatch(path) else None


def _incomplete_run_if(action: Part) -> str | None:
    path, args = action.get("Path", ""), action.items("Args")
    if path.rpartition("/")[2] != _RUN_IF or not action.is_complete("Args"):
        return None
    if not args or not _CONDITION.fullmatch(args[0]):
        return f"{args[0]!r} as the condition" if args else "no arguments"
    return None if len(args) > 1 else "no command"


def _joined_arguments(action: Part) -> Iterator[At]:
    path, args = action.get("Path", ""), action.items("Args")
    if _PATH_WITH_ARGUMENTS.fullmatch(path):
        yield At(action.at("Path"), repr(path))
    # One argument with the name of an option, a blank and its value.
    if len(args) == 1 and action.is_complete("Args") and _OPTION_WITH_VALUE.fullmatch(args[0]):
        yield At(action.at("Args", 0), repr(args[0]))


# fmt: off
at_most("emr-bootstrap-action-count", "RunJobFlowInput", "BootstrapActions", 16, what="the number of bootstrap actions",
        fix="combine some into one script", source=_BOOTSTRAP)
matches("emr-bootstrap-action-path", "ScriptBootstrapActionConfig", "Path", _LOCATION,
        what="the script of a bootstrap action", must="be in S3 or on the node", instead=uri_instead,
        fix="use an s3:// URI, or file:/// for a script in the AMI", source=_BOOTSTRAP)
constraint("emr-bootstrap-action-local-path", "ScriptBootstrapActionConfig",
           "the script of a bootstrap action must be in Amazon S3 or in the AMI",
           text_is("Path", lambda path: re.fullmatch(_LOCATION, path) and is_local(path)), at="Path",
           fix="upload the script to Amazon S3, and use its URI", library_fix="use Script.from_asset(path)",
           severity=Severity.WARNING, source=_BOOTSTRAP)
constraint("emr-bootstrap-action-object", "ScriptBootstrapActionConfig",
           "the script of a bootstrap action must be an object, not a bucket or a folder",
           text_is("Path", lambda path: re.fullmatch(r"s3[na]?://[^/]*/?|s3[na]?://.*/", path)), at="Path",
           fix="use the URI of the script", severity=Severity.WARNING, source=_BOOTSTRAP)
constraint("emr-bootstrap-action-script", "ScriptBootstrapActionConfig",
           "the file of a bootstrap action must be a script, because EMR runs it on each node", _other_type, at="Path",
           fix="use a script that copies the file to the node", severity=Severity.WARNING, source=_BOOTSTRAP)
constraint("emr-bootstrap-action-retired", "ScriptBootstrapActionConfig",
           "predefined bootstrap actions of releases before 4.0 can't be used, because later releases don't support "
           "them", text_is("Path", lambda path: _RETIRED.match(path) is not None), at="Path",
           fix="use configurations or applications instead", severity=Severity.WARNING, source=_BOOTSTRAP)
constraint("emr-bootstrap-action-arguments", "ScriptBootstrapActionConfig",
           "each word of the arguments of a bootstrap action must be an item of Args, because EMR does not split text",
           _joined_arguments, fix="specify each word as an item of Args",
           library_fix="specify each word as an item of args", severity=Severity.WARNING, source=_BOOTSTRAP)
constraint("emr-bootstrap-action-run-if", "ScriptBootstrapActionConfig",
           "the bootstrap action run-if must have a condition such as instance.isMaster=true and a command",
           _incomplete_run_if, at="Args", fix="specify the condition and the command as arguments",
           severity=Severity.WARNING, source=_BOOTSTRAP)
