"""Deploy examples to an AWS account with the CDK CLI, let them work, and delete them again.

``python -m tests.aws.deploy --region eu-west-1 [EXAMPLE ...]`` asks before it creates anything that is billed. Whatever
happens, it destroys what it created, and lists what remains. ``--clean ID`` repeats the cleanup of an earlier check.

The exit status is 0 if each step succeeded and nothing remains that should be deleted, 1 if not, and 2 if nothing was
deployed, for example without credentials or without a confirmation.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from emr_constructs._core.errors import EmrError
from tests.aws.cloud import PATIENT, Cloud, Limits, code_of, is_id, new_id
from tests.aws.creation import one_line
from tests.aws.exercise import Exercise
from tests.aws.expenses import actual, estimate, longest_minutes, prices_for
from tests.aws.facts import facts
from tests.aws.kept import KINDS, Kept, delete, existing, retained
from tests.aws.plan import DEFAULTS, SUPPORTED, Plan, invalid, make_plan
from tests.aws.report import Report, Step, say
from tests.aws.signals import interruptible, uninterrupted
from tests.aws.teardown import leftovers, tear_down
from tests.deploy.cli import Cdk

if TYPE_CHECKING:
    from emr_constructs.prices.price_file import Prices

_BOOTSTRAP: Final = "/cdk-bootstrap/hnb659fds/version"


class NotStartedError(Exception):
    """Nothing was deployed or deleted, and why."""


def main(
    arguments: Sequence[str] | None = None,
    *,
    cdk: Callable[..., str] | None = None,
    ask: Callable[[str], str] | None = None,
    limits: Limits | None = None,
    after_abort: Callable[[Cloud, dict[str, Any]], None] = lambda *_: None,
) -> int:
    """Check the examples on an account; returns the exit status.

    :param cdk: runs the CDK CLI. Default: the CLI of the project, with the credentials of the environment.
    :param ask: asks the user. Default: on the terminal.
    :param after_abort: is called with each execution that was aborted.
    """
    given = _parse(arguments)
    with interruptible():
        try:
            cloud = _cloud(given, cdk, limits or Limits())
            cloud.after_abort = lambda execution: after_abort(cloud, execution)
            plan = None if given.clean else _plan(cloud, given.examples or DEFAULTS)
            prices, known = prices_for(cloud.region, given.prices)
            expected = [] if plan is None else estimate(plan, prices, cloud.limits)
            say(*_introduction(cloud, plan), *expected, known)
            _confirm(given, ask or _ask)
        except KeyboardInterrupt:
            return _not_started("interrupted")
        except (NotStartedError, EmrError, BotoCoreError, ClientError) as error:
            return _not_started(one_line(error))
        report = Report(cloud.run, cloud.account, cloud.region)
        if prices is not None and given.prices is None and not any(line.startswith("unknown") for line in expected):
            report.evidence["prices"] = True
        kept = _run(cloud, plan, prices, report)
        _offer(cloud, given, kept, report, ask or _ask)
    say("", report.text())
    if given.json:
        Path(given.json).write_text(report.json(), encoding="utf-8")
    if report.leftovers:
        say("", f"Delete what remains with: {_clean_command(cloud)}")
    return 0 if report.is_ok else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.aws.deploy", description="Deploy examples to an account, use and destroy them. Billed."
    )
    parser.add_argument(
        "examples", nargs="*", metavar="EXAMPLE", help=f"{', '.join(SUPPORTED)} (default: {', '.join(DEFAULTS)})"
    )
    parser.add_argument("--region", required=True, help="the Region to deploy to")
    parser.add_argument("--yes", action="store_true", help="deploy without a question")
    parser.add_argument("--delete-kept", action="store_true", help="also delete keys, buckets and log groups that stay")
    parser.add_argument("--prices", metavar="FILE", help="a file of emr-constructs prices (default: the Price List)")
    parser.add_argument("--json", metavar="FILE", help="also write the report as JSON")
    parser.add_argument("--clean", metavar="ID", help="only delete what an earlier check left")
    given = parser.parse_args(arguments)
    if given.clean is not None and not is_id(given.clean):
        parser.error(f"--clean must be the ID of a check, such as 0123abcd, got {given.clean!r}")
    if given.clean is not None and given.examples:
        parser.error("--clean can't be combined with examples; remove one of them")
    problems = invalid(given.examples)
    if problems:
        parser.error(f"{'; '.join(problems)}; use {', '.join(SUPPORTED)}")
    return given


def _cloud(given: argparse.Namespace, cdk: Callable[..., str] | None, limits: Limits) -> Cloud:
    session = boto3.Session(region_name=given.region)
    try:
        identity = session.client("sts", config=PATIENT).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise NotStartedError(f"no AWS account: {one_line(error)}; set AWS_PROFILE or other credentials") from None
    run = given.clean or new_id()
    if cdk is None:
        log = Path(tempfile.gettempdir()) / f"emr-constructs-check-{run}.log"
        say(f"Output of the CDK CLI: {log}")
        region = {"AWS_REGION": given.region, "AWS_DEFAULT_REGION": given.region}
        cdk = Cdk({**os.environ, **region}, log=log)
    return Cloud(session, run, identity["Account"], identity["Arn"], cdk, limits)


def _plan(cloud: Cloud, names: Sequence[str]) -> Plan:
    plan = make_plan(cloud.run, names)
    command = f"run cdk bootstrap aws://{cloud.account}/{cloud.region}"
    try:
        found = int(cloud.client("ssm").get_parameter(Name=_BOOTSTRAP)["Parameter"]["Value"])
    except ClientError as error:
        if code_of(error) != "ParameterNotFound":
            raise
        raise NotStartedError(f"account {cloud.account} isn't bootstrapped in {cloud.region}; {command}") from None
    if found < plan.bootstrap_version:
        raise NotStartedError(f"the bootstrap stack must have version {plan.bootstrap_version}, got {found}; {command}")
    return plan


def _introduction(cloud: Cloud, plan: Plan | None) -> list[str]:
    lines = [f"Account {cloud.account}, Region {cloud.region}, as {cloud.principal}", f"Check {cloud.run}"]
    if plan is None:
        lines += [f"deletes stack {stack.name}" for stack in cloud.stacks() if stack.exists]
        lines += [f"terminates cluster {found['Id']} {found['Name']}" for found in cloud.clusters(running=True)]
        return lines
    lines += [f"deploys stack {example.stack_name}" for example in plan.all]
    return [*lines, f"takes at most {longest_minutes(plan, cloud.limits)} minutes"]


def _confirm(given: argparse.Namespace, ask: Callable[[str], str]) -> None:
    what = "Delete this" if given.clean else "Deploy this to the account"
    if not given.yes and ask(f"{what}? Type yes: ").strip() != "yes":
        raise NotStartedError("not confirmed")


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise NotStartedError("a confirmation requires a terminal; use --yes")
    try:
        return input(question)
    except EOFError:
        return ""


def _run(cloud: Cloud, plan: Plan | None, prices: Prices | None, report: Report) -> list[Kept]:
    """Let the examples work, and always delete them; return what stays on purpose."""
    candidates: set[Kept] = set()
    try:
        if plan is not None:
            exercise = Exercise(cloud, plan, report)
            candidates = exercise.kept
            exercise.run()
    except KeyboardInterrupt:
        report.steps.append(Step("check", "interrupted"))
    except Exception as error:
        report.steps.append(Step("check", "failed", detail=one_line(error)))
    finally:
        with uninterrupted():
            say(f"Deleting everything. Ctrl-C has no effect meanwhile; to continue later: {_clean_command(cloud)}")
            kept = _finish(cloud, plan, prices, report, candidates)
    return kept


def _finish(
    cloud: Cloud, plan: Plan | None, prices: Prices | None, report: Report, candidates: Iterable[Kept]
) -> list[Kept]:
    candidates, kept = set(candidates), list[Kept]()

    def look(_: Step) -> None:
        found = existing(cloud, sorted(candidates, key=str))
        kept.extend(one for one in found if one.kind in KINDS)
        report.kept += map(str, kept)
        report.leftovers += [*leftovers(cloud), *(str(one) for one in found if one.kind not in KINDS)]

    report.attempt("find what stays on purpose", lambda _: candidates.update(retained(cloud, cloud.stacks())))
    tear_down(cloud, plan, report)
    if not report.attempt("look for what remains", look):
        report.leftovers.append("unknown, because the last step failed")
    report.attempt("costs", lambda _: report.costs.extend(actual(cloud, plan, prices, cloud.clusters())))
    report.proved, report.refuted = (facts(report.evidence, proved=proved) for proved in (True, False))
    return kept


def _offer(
    cloud: Cloud, given: argparse.Namespace, kept: list[Kept], report: Report, ask: Callable[[str], str]
) -> None:
    """Delete what stays on purpose, if the user wants that."""
    if not kept or (given.yes and not given.delete_kept):
        return
    say("Kept on purpose:", *(f"  {one}" for one in kept))
    try:
        if not given.delete_kept and ask("Delete these with their content? Type delete: ").strip() != "delete":
            return
        problems = delete(cloud, kept)
    except (KeyboardInterrupt, NotStartedError):
        return
    report.kept = [f"{one}: deleted" for one in report.kept if not any(text.startswith(one) for text in problems)]
    report.leftovers += problems


def _clean_command(cloud: Cloud) -> str:
    return f'make deploy-aws ARGS="--region {cloud.region} --clean {cloud.run}"'


def _not_started(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
