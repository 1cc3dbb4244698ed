"""``check``: validates files against the rules and reports as text, JSON or SARIF."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from ..rules import Finding, Severity, all_rules
from ..rules.lifecycles import data_date, judged_on
from ..templates.files import decoded, number_of_files
from ..templates.inputs import Source, check_source, parts_of, sources_in, unchecked_reason
from ..templates.parsing import UnreadableError
from .configuration import Configuration, read_configuration
from .own_rules import own_rules
from .report import Report, Suppression
from .streams import Progress, printable

if TYPE_CHECKING:
    from datetime import date

    from ..templates.judge import Judge
    from .own_rules import ListedRule

__all__ = ["run", "standard_input"]


def run(
    paths: tuple[str, ...],
    style: str,
    ignored: frozenset[str],
    configuration_file: str | None,
    rules_file: str | None = None,
    *,
    age: bool | None = None,
    today: date | None = None,
) -> int:
    """Check the files at ``paths``, print a report, and return the exit code.

    :param rules_file: a Python file with other rules. Default: the one of the configuration.
    :param age: whether the age of releases is checked. Default: as configured.
    :param today: the day that the age is judged by. Default: the date of the data.
    """
    configuration = read_configuration(configuration_file)
    has_age = configuration.age if age is None else age
    if today is not None and not has_age:
        raise click.UsageError("--today requires --age, which is not set; add --age, or remove --today")
    own = own_rules(configuration.rules if rules_file is None else rules_file)
    rules: list[ListedRule] = [*all_rules(), *own.rules]
    unknown = sorted(ignored - {rule.id for rule in rules})
    if unknown:
        raise click.UsageError(
            f"--ignore must be the ID of a rule, got {', '.join(map(repr, unknown))}; "
            "use an ID that emr-constructs rules lists"
        )
    report = Report()
    judged = judged_on(today or data_date()) if has_age else nullcontext()
    with judged, Progress(sum(map(number_of_files, paths))) as progress, own.running():
        for path in paths:
            try:
                for source in sources_in(path, standard_input):
                    for found in parts_of(source):
                        _check(found, report, ignored, configuration, own.judge)
                    progress.done += 1
            except UnreadableError as error:
                report.unreadable[path] = str(error)
    # A file can be the nested template of another one that is also checked.
    report.findings = list(dict.fromkeys(report.findings))
    report.acknowledged = list(dict.fromkeys(report.acknowledged))
    click.echo(_rendered(report, style, rules))
    return report.exit_code


def _check(
    source: Source, report: Report, ignored: frozenset[str], configuration: Configuration, judge: Judge | None
) -> None:
    if source.name not in report.files:
        report.files.append(source.name)
    reason = unchecked_reason(source)
    if reason:
        report.unchecked[source.name] = reason
    acknowledged: dict[Finding, str] = {}
    for finding in check_source(source, judge, acknowledged):
        reason = configuration.reason(finding)
        if finding.rule not in ignored and reason is None:
            report.findings.append(finding)
        elif finding.rule not in ignored:
            report.acknowledged.append(Suppression(finding, str(reason), is_in_source=False))
    report.acknowledged += [
        Suppression(finding, reason, is_in_source=True)
        for finding, reason in acknowledged.items()
        if finding.rule not in ignored
    ]


def _rendered(report: Report, style: str, rules: Sequence[ListedRule]) -> str:
    if style == "sarif":
        from .sarif import sarif

        return sarif(report, rules)
    return _json(report) if style == "json" else _text(report)


def _json(report: Report) -> str:
    import json

    findings = [
        {
            "file": finding.file,
            "line": finding.line,
            "resource": finding.resource or None,
            "path": finding.path,
            "construct": finding.construct or None,
            "rule": finding.rule,
            "severity": str(finding.severity),
            "message": finding.message,
            "fix": finding.fix,
        }
        for finding in report.findings
    ]
    reasons = {
        name: [{"file": file, "reason": reason} for file, reason in files.items()]
        for name, files in (("unreadable", report.unreadable), ("unchecked", report.unchecked))
    }
    return json.dumps({"files": report.files, "findings": findings, **reasons}, indent=2)


def _text(report: Report) -> str:
    colors = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
    lines = []
    for finding in report.findings:
        place = printable(finding.file if finding.line is None else f"{finding.file}:{finding.line}")
        severity = click.style(finding.severity, fg=colors[finding.severity], bold=True)
        lines.append(f"{place}: {severity}: {printable(finding.message)} [{finding.rule}]")
        where = " ".join(filter(None, [finding.path, finding.construct and f"({finding.construct})"]))
        lines += [f"    at {printable(where)}"] if where else []
        lines.append(f"    {printable(finding.fix)}")
    for file, reason in report.unchecked.items():
        lines.append(f"{printable(file)}: {click.style('not checked', fg='yellow', bold=True)}: {printable(reason)}")
    for file, reason in report.unreadable.items():
        lines.append(f"{printable(file)}: {click.style('unreadable', fg='red', bold=True)}: {printable(reason)}")
    errors, warnings = (
        _counted(report.count(Severity.ERROR), "error"),
        _counted(report.count(Severity.WARNING), "warning"),
    )
    lines.append(f"{errors} and {warnings} in {_counted(len(report.files), 'file')}")
    return "\n".join(lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def standard_input() -> str:
    """Return the text of standard input."""
    if sys.stdin is None:
        raise UnreadableError("standard input must be open")
    return decoded(sys.stdin.buffer)
