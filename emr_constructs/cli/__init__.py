"""The command line interface of ``emr-constructs``.

Commands neither import CDK nor start Node.js, and load their modules when they run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

from .._version import __version__
from .streams import Group

__all__ = ["main"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _examples(*commands: str) -> str:
    # The backspace keeps click from rewrapping the lines.
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])


def _format_option(*others: str, note: str = "") -> Callable[[_Command], _Command]:
    choices = click.Choice(["text", *others])
    return click.option(
        "--format", "style", type=choices, default="text", show_default=True, help=f"Output format.{note}"
    )


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    if value is None or value == _OF_THE_SYSTEM:
        return None if value is None else date.today()
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.UsageError(
            f"--today must be a date, got {value!r}; use one such as --today=2027-01-31, or specify --today after the "
            "arguments for the date of the system"
        ) from None


_OF_THE_SYSTEM = "system"
_today_option = click.option(
    "--today",
    metavar="[DATE]",
    is_flag=False,
    flag_value=_OF_THE_SYSTEM,
    callback=_day,
    help="Date for the age of releases: YYYY-MM-DD, or the current date if you don't specify a value. "
    "[default: the date of the data, so that results don't change overnight]",
)

_PRICES = click.option(
    "--prices", "prices", metavar="FILE", help="Show hourly costs with the prices that emr-constructs prices wrote."
)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_examples(
        "emr-constructs check cluster.yaml",
        "emr-constructs diff deployed.json cdk.out/Analytics.template.json",
        "emr-constructs describe cdk.out --format markdown",
    ),
)
@click.version_option(__version__, "--version", prog_name="emr-constructs")
def main() -> None:
    """Validate, compare and describe templates for Amazon EMR on EC2, and generate CDK apps from them."""


_CONFIG: Final = click.option(
    "--config",
    metavar="FILE",
    help="TOML file with the table [tool.emr-constructs]. [default: the nearest pyproject.toml]",
)
# No argument can have this character, but an empty variable of a script is an empty argument.
_NO_FILE: Final = "\0"
_RULES: Final = "Python file whose variable rules is a RuleSet. [default: from pyproject.toml]"


def _print_rules(context: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    """List the rules if the option has no file."""
    if file == _NO_FILE and not context.resilient_parsing:
        from .rules import listed, rules_of

        click.echo(listed("text", rules_of(None, None)))
        context.exit()
    return file


@main.command(
    "check",
    epilog=_examples(
        "emr-constructs check cluster.yaml",
        "emr-constructs check cdk.out --format sarif > emr.sarif",
        "emr-constructs check cdk.out --rules company_rules.py",
        "aws emr describe-security-configuration --name secure --query SecurityConfiguration --output text \\",
        "  | emr-constructs check -",
    ),
)
@click.argument("files", metavar="TEMPLATE...", nargs=-1, required=True)
@_format_option("json", "sarif", note=" Code scanning services read SARIF 2.1.0.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Ignore the findings of this rule. Can be repeated.")
@_CONFIG
@click.option(
    "--age/--no-age",
    default=None,
    help="Also check whether releases are in standard support. [default: as configured, or no]",
)
@_today_option
@click.option(
    "--rules",
    metavar="[FILE]",
    is_flag=False,
    flag_value=_NO_FILE,
    is_eager=True,
    callback=_print_rules,
    help=f"{_RULES} Without FILE, list all rules and exit, as emr-constructs rules does.",
)
def _check(
    files: tuple[str, ...],
    style: str,
    ignore: tuple[str, ...],
    config: str | None,
    rules: str | None,
    *,
    age: bool | None,
    today: date | None,
) -> None:
    """Validate templates against EMR's rules.

    TEMPLATE is a CloudFormation template (JSON or YAML), a cloud assembly (the output directory of cdk synth), a
    security configuration or a request to the EMR API (JSON), or - for standard input.

    Findings that a resource acknowledges in its metadata, or the project in pyproject.toml, aren't reported.

    Exit codes: 0 if there are no errors, 1 if there are errors, 2 if a file can't be read or a company rule fails.
    Warnings don't change the exit code.
    """
    from .check import run

    raise SystemExit(run(files, style, frozenset(ignore), config, rules, age=age, today=today))


@main.command(
    "diff",
    epilog=_examples(
        "emr-constructs diff old.yaml new.yaml",
        "emr-constructs diff cdk.out.main cdk.out",
        "aws cloudformation get-template --stack-name Analytics --query TemplateBody \\",
        "  | emr-constructs diff - cdk.out/Analytics.template.json",
    ),
)
@click.argument("old")
@click.argument("new")
@_format_option("json", "markdown", note=" Markdown is for pull requests.")
@click.option(
    "--allow-replacement",
    is_flag=True,
    help="Exit with 0 even if a cluster is replaced or deleted; an update that fails still exits with 1.",
)
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of a parameter in the stack. Can be used several times. [default: the defaults of the template]",
)
@_PRICES
def _diff(
    old: str, new: str, style: str, prices: str | None, *, parameters: tuple[str, ...], allow_replacement: bool
) -> None:
    """Show the effect on each cluster of an update from OLD to NEW.

    OLD and NEW are two templates or two cloud assemblies, whose templates are compared by file name. Parameters have
    their defaults, or the values of --parameter; a note shows what happens if an update keeps the old values instead.

    Exit codes: 0 if no cluster is replaced or deleted, 1 if a cluster is deleted, replaced or may be replaced, or if
    the update fails, 2 if a file can't be read.
    """
    from .diff import run

    raise SystemExit(run(old, new, style, prices, allow_replacement=allow_replacement, parameters=parameters))


@main.command(
    "describe",
    epilog=_examples(
        "emr-constructs describe cluster.yaml",
        "emr-constructs describe cdk.out --format markdown > clusters.md",
    ),
)
@click.argument("files", metavar="TEMPLATE...", nargs=-1, required=True)
@_format_option("json", "markdown", note=" Markdown is for pull requests, with diagrams that GitHub renders.")
@_PRICES
def _describe(files: tuple[str, ...], style: str, prices: str | None) -> None:
    """Describe what each cluster of a template launches.

    Parameters have their defaults.

    Exit codes: 0 if all files are described, 2 if a file can't be read.
    """
    from .describe import run

    raise SystemExit(run(files, style, prices))


@main.command(
    "generate",
    epilog=_examples(
        "emr-constructs generate cluster.yaml --output app",
        "emr-constructs generate cluster.yaml --cluster Spark --keep-logical-ids --output app",
        "emr-constructs generate --cluster-id j-1ABCDEFGHIJKL --region eu-west-1 --output app",
        "aws cloudformation get-template --stack-name Analytics --query TemplateBody \\",
        "  | emr-constructs generate - --output app",
    ),
)
@click.argument("file", required=False)
@click.option("--cluster", metavar="LOGICAL_ID", help="Convert only this cluster; others stay in included.json.")
@click.option(
    "--output",
    metavar="FOLDER",
    default=".",
    show_default="the current folder",
    help="Folder for the app; it is created.",
)
@click.option(
    "--keep-logical-ids", is_flag=True, help="Keep the logical IDs, so that an update doesn't replace the resources."
)
@click.option("--cluster-id", metavar="ID", help="Read a running cluster (j-...) instead of a file, with boto3.")
@click.option("--region", help="AWS Region of the running cluster. [default: from the AWS configuration]")
@click.option("--profile", help="Named profile of the AWS configuration, for --cluster-id.")
def _generate(
    file: str | None,
    *,
    cluster: str | None,
    output: str,
    cluster_id: str | None,
    region: str | None,
    profile: str | None,
    keep_logical_ids: bool,
) -> None:
    """Write a CDK app that defines the clusters of FILE.

    FILE is anything that "check" reads: a CloudFormation template (JSON or YAML), a cloud assembly, a security
    configuration or a request to the EMR API (JSON), or - for standard input.

    The app has app.py, a module with the stack, cdk.json and requirements.txt. Resources that aren't EMR's stay in
    included.json, which the stack includes. Parameters of the template become arguments of the stack. What the
    constructs can't express is a comment that begins with TODO. Existing files are never overwritten.

    --cluster-id requires boto3 (pip install "emr-constructs[aws]") and credentials that may read the cluster.

    Exit codes: 0 if the app is written, 2 if the input can't be read or converted, or a file of the app exists.
    """
    from .generate import run

    raise SystemExit(
        run(
            file,
            cluster=cluster,
            output=output,
            keeps_ids=keep_logical_ids,
            cluster_id=cluster_id,
            region=region,
            profile=profile,
        )
    )


@main.command(
    "prices",
    epilog=_examples(
        "emr-constructs prices --region eu-west-1 > prices.json",
        "emr-constructs describe cdk.out --prices prices.json",
        "emr-constructs diff old.yaml new.yaml --prices prices.json",
    ),
)
@click.option(
    "--region", metavar="REGION", help="Region of the clusters. [default: from the AWS profile or the environment]"
)
def _prices(region: str | None) -> None:
    """Write the prices of a Region as JSON: EC2 On-Demand, EMR and EBS.

    The prices come from the AWS Price List, which requires boto3 (the extra emr-constructs[aws]) and credentials that
    allow pricing:GetProducts.

    Exit codes: 0, or 2 if the prices can't be read.
    """
    from .prices import run

    raise SystemExit(run(region))


@main.command(
    "rules",
    epilog=_examples(
        "emr-constructs rules",
        "emr-constructs rules emr-fleet-types",
        "emr-constructs rules --rules company_rules.py --format markdown > rules.md",
    ),
)
@click.argument("rule", required=False)
@_format_option("json", "markdown")
@_CONFIG
@click.option("--rules", metavar="FILE", help=_RULES)
def _rules(rule: str | None, style: str, config: str | None, rules: str | None) -> None:
    """List all rules with severity and statement, or explain RULE.

    The explanation has the reason, a wrong and a right example, the source, and how to acknowledge findings.

    Exit codes: 0, or 2 if there is no such rule or the file with rules can't be loaded.
    """
    from .rules import UnknownRuleError, explained, listed, rules_of

    own = rules_of(rules, config)
    try:
        click.echo(explained(rule, style, own) if rule else listed(style, own))
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from None


@main.command(
    "releases",
    epilog=_examples(
        "emr-constructs releases",
        "emr-constructs releases emr-6.15.0 emr-7.14.0",
        "emr-constructs releases emr-6.15.0 emr-7.14.0 cluster.yaml",
    ),
)
@click.argument("releases", metavar="[OLD NEW [TEMPLATE]]", nargs=-1)
@_format_option("json")
@_today_option
def _releases(releases: tuple[str, ...], style: str, today: date | None) -> None:
    """List all releases with the dates of their support, or compare OLD and NEW.

    The comparison shows support, operating system, languages, applications, classifications, features and instance
    types. With TEMPLATE, it is limited to what the clusters of the file use, and also shows the findings of rules that
    they have with NEW only.

    Exit codes: 0, or 2 if a release isn't known or a file can't be read.
    """
    from .releases import run

    raise SystemExit(run(releases, style, today))
