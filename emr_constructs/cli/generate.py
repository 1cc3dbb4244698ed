"""``generate``: writes a CDK app for the clusters of a file, or for a running cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from ..generate.inputs import plan_of, selected
from ..generate.project import files_of
from ..generate.stack import stack_of
from ..templates.display import plain
from ..templates.files import is_directory
from ..templates.inputs import Source, is_template, sources_in
from ..templates.intrinsics import section
from ..templates.parsing import UnreadableError
from .check import standard_input
from .streams import Progress

if TYPE_CHECKING:
    from ..generate.stack import Stack

__all__ = ["run"]


def run(
    file: str | None,
    *,
    cluster: str | None,
    output: str,
    keeps_ids: bool,
    cluster_id: str | None,
    region: str | None,
    profile: str | None,
) -> int:
    """Write an app, print a summary, and return the exit code."""
    if (file is None) == (cluster_id is None):
        got = "neither" if file is None else "both"
        raise click.UsageError(f"specify exactly one of FILE and --cluster-id, got {got}")
    if cluster_id is None and (region is not None or profile is not None):
        raise click.UsageError(f"{'--profile' if region is None else '--region'} requires --cluster-id")
    folder, old = Path(output), ""
    try:
        with Progress(1):
            if cluster_id is not None:
                from ..generate.running import check_id, client_of, running_plan

                check_id(cluster_id)
                plan, origin = running_plan(cluster_id, client_of(region, profile)), cluster_id
            else:
                source = _source(str(file))
                plan, origin, old = plan_of(source), _origin(source), source.name if is_template(source.content) else ""
            if cluster is not None:
                plan = selected(plan, cluster)
            stack = stack_of(
                plan.template,
                plan.parts,
                plan.left,
                name=plan.name,
                origin=origin,
                keeps_ids=keeps_ids,
                notes=plan.notes,
            )
            files = files_of(stack, plan.name)
            _check_folder(folder, files)
    except UnreadableError as error:
        click.echo(plain(str(error)), err=True)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    click.echo("\n".join(_summary(old if keeps_ids else "", stack, folder, list(files))))
    return 0


def _source(path: str) -> Source:
    try:
        found = list(sources_in(path, standard_input))
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None
    with_clusters = [source for source in found if len(found) == 1 or _has_parts(source)]
    if len(with_clusters) == 1:
        return with_clusters[0]
    names = ", ".join(source.name for source in with_clusters) or "none"
    message = f"{path}: the cloud assembly must have one template with EMR resources, got {names}"
    raise UnreadableError(f"{message}; pass the template")


def _has_parts(source: Source) -> bool:
    with contextlib.suppress(UnreadableError):
        return bool(plan_of(source).parts)
    return False


def _origin(source: Source) -> str:
    return "standard input" if source.name == "-" else Path(source.name).name


def _check_folder(folder: Path, files: Mapping[str, str]) -> None:
    if folder.exists() and not is_directory(str(folder)):
        raise UnreadableError(f"--output must be a folder, got the file {folder}")
    existing = sorted(name for name in files if (folder / name).exists())
    if existing:
        raise UnreadableError(
            f"--output must be a folder without {', '.join(existing)}, got {folder}; "
            "use another folder, or remove the files"
        )


def _summary(old: str, stack: Stack, folder: Path, files: list[str]) -> list[str]:
    kinds = [part.kind for part in stack.converted]
    clusters = sum(kind == "AWS::EMR::Cluster" for kind in kinds)
    included = len(section(stack.included, "Resources"))
    lines = [f"{plain(str(folder / name))}" for name in files]
    counts = [
        _counted(clusters, "cluster"),
        f"{_counted(len(kinds), 'resource')} converted",
        f"{_counted(included, 'resource')} included",
        _counted(len(stack.todos), "TODO"),
    ]
    lines += ["", ", ".join(counts)]
    lines += [plain(f"  {todo.splitlines()[0]}") for todo in stack.todos]
    if stack.required:
        names = " ".join(f"-c {parameter}=..." for _, parameter in stack.required)
        lines.append(plain(f"parameters without a default: cdk synth {names}"))
    if old:
        # The code has the deployed values of parameters without a default, which the old template doesn't show.
        context = "".join(f" -c {parameter}=..." for _, parameter in stack.required)
        values = "".join(f" --parameter {parameter}=..." for _, parameter in stack.required)
        lines += [
            "prove that the update changes the clusters in place:",
            plain(f"  (cd {quote(str(folder))} && cdk synth --quiet{context})"),
            plain(f"  emr-constructs diff{values} {quote(old)} {quote(str(folder / 'cdk.out'))}"),
        ]
    return lines


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
