"""The command line: what EMR would refuse, what an update does, and what a template launches.

Nothing here imports CDK or starts Node; each command loads what it needs when it runs.
"""

from __future__ import annotations

import click

__all__ = ["main"]


def _examples(*commands: str) -> str:
    # The backspace keeps click from filling the lines as if they were prose.
    return "\n".join(["\b", "Examples:", *(f"  {command}" for command in commands)])


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=_examples(
        "emr-constructs check cluster.yaml",
        "emr-constructs diff deployed.json cdk.out/Analytics.template.json",
        "emr-constructs describe cdk.out --format markdown",
    ),
)
def main() -> None:
    """Check, compare and describe what templates say about Amazon EMR on EC2."""


def _print_rules(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted and not context.resilient_parsing:
        from .rules import listed

        click.echo(listed("text"))
        context.exit()


@main.command(
    epilog=_examples(
        "emr-constructs check cluster.yaml",
        "emr-constructs check cdk.out --format sarif > emr.sarif",
        "aws emr describe-security-configuration --name secure --query SecurityConfiguration --output text \\",
        "  | emr-constructs check -",
    )
)
@click.argument("files", metavar="TEMPLATE...", nargs=-1, required=True)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How to report; SARIF 2.1.0 is what code scanning services read.",
)
@click.option("--ignore", metavar="RULE", multiple=True, help="Leave out what this rule finds; may be repeated.")
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_rules,
    help="List every rule with its severity, reason and source, and exit.",
)
def check(files: tuple[str, ...], style: str, ignore: tuple[str, ...]) -> None:
    """Say what EMR would refuse, or do differently than meant.

    TEMPLATE is a CloudFormation template (JSON or YAML), a cloud assembly (the folder that cdk synth writes), a
    security configuration or a request to the EMR API (JSON), or - for the standard input.

    Exits with 0 without errors, 1 with errors, 2 where something cannot be read. Warnings do not change it.
    """
    from .check import run

    raise SystemExit(run(files, style, frozenset(ignore)))


@main.command(
    epilog=_examples(
        "emr-constructs diff old.yaml new.yaml",
        "emr-constructs diff cdk.out.main cdk.out",
        "aws cloudformation get-template --stack-name Analytics --query TemplateBody \\",
        "  | emr-constructs diff - cdk.out/Analytics.template.json",
    )
)
@click.argument("old")
@click.argument("new")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--allow-replacement", is_flag=True, help="Exit with 0 even where a cluster is replaced or deleted.")
def diff(old: str, new: str, style: str, *, allow_replacement: bool) -> None:
    """Say what an update from OLD to NEW does to each cluster.

    OLD and NEW are two templates, or two cloud assemblies, whose templates are compared by name. Parameters are
    taken at their defaults.

    Exits with 1 where a cluster is, or may be, replaced or deleted, and with 2 where something cannot be read.
    """
    from .diff import run

    raise SystemExit(run(old, new, style, allow_replacement=allow_replacement))


@main.command(
    epilog=_examples(
        "emr-constructs describe cluster.yaml",
        "emr-constructs describe cdk.out --format markdown > clusters.md",
    )
)
@click.argument("files", metavar="TEMPLATE...", nargs=-1, required=True)
@click.option("--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def describe(files: tuple[str, ...], style: str) -> None:
    """Say what each cluster of a template launches, with the defaults of its parameters."""
    from .describe import run

    raise SystemExit(run(files, style))


@main.command(epilog=_examples("emr-constructs rules --format json | jq -r '.[].id'"))
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(style: str) -> None:
    """List every rule with its severity, reason and source."""
    from .rules import listed

    click.echo(listed(style))
