"""Renew the data files that come from AWS itself.

- ``python -m emr_constructs.data.refresh`` rewrites ``api_shapes.json`` from the EMR service model of the botocore that
  is installed (no AWS account, no network).
- ``python -m emr_constructs.data.refresh instance-types --region us-east-1`` rewrites ``instance_types.json`` from the
  responses of the EMR API in that Region; it requires ``elasticmapreduce:ListReleaseLabels`` and
  ``elasticmapreduce:ListSupportedInstanceTypes``. ``--endpoint-url`` uses an emulator instead. If the types changed, it
  adds a catalog of the day to ``instance_catalogs.json``, so that ``SupportedInstanceType.choose`` doesn't change.
- ``python -m emr_constructs.data.refresh unique-items`` rewrites ``unique_items.json`` from the resource schemas of the
  cfn-lint that is installed.

- ``python -m emr_constructs.data.refresh lifecycles`` completes ``lifecycles.json``: a release whose date is there
  without others gets the dates that follow from it.

``releases.json``, ``classifications.json`` and the other dates of ``lifecycles.json`` come from pages of the EMR
Release Guide, which they name; no API returns what they hold.

boto3, botocore and cfn-lint are development dependencies. The output is deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

from ..rules.releases import Release, parse
from .catalogs import add_catalog

__all__ = [
    "FACTS",
    "MONTHS",
    "ROOT",
    "api_shapes",
    "ask",
    "installed_model",
    "installed_schemas",
    "instance_types",
    "lifecycles",
    "main",
    "unique_items",
    "write",
    "write_instance_types",
    "write_lifecycles",
    "write_unique_items",
]

ROOT = "RunJobFlowInput"
# What a rule can check; documentation and serialization hints stay behind.
FACTS = ("type", "enum", "min", "max")
# https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html
MONTHS = {"standard_support_until": 24, "end_of_life": 36}


def api_shapes(model: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes of RunJobFlow's input in the botocore service ``model``.

    Includes only the facts that rules check.
    """
    found: dict[str, Any] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        shape = model["shapes"][name]
        facts: dict[str, Any] = {fact: shape[fact] for fact in FACTS if fact in shape}
        found[name] = facts
        match shape["type"]:
            case "structure":
                facts["members"] = {member: ref["shape"] for member, ref in shape["members"].items()}
                facts["required"] = shape.get("required", [])
                for member in facts["members"].values():
                    visit(member)
            case "list":
                facts["member"] = shape["member"]["shape"]
                visit(facts["member"])
            case "map":
                facts["key"], facts["value"] = shape["key"]["shape"], shape["value"]["shape"]
                visit(facts["key"])
                visit(facts["value"])

    visit(ROOT)
    return found


def installed_model() -> dict[str, Any]:
    """Return the EMR service model of the installed botocore."""
    from botocore.loaders import Loader

    model: dict[str, Any] = Loader().load_service_model("emr", "service-2")
    return model


def write(folder: Path) -> Path:
    """Write ``api_shapes.json`` into ``folder``, one shape per line."""
    shapes = api_shapes(installed_model())
    target = folder / "api_shapes.json"
    target.write_text("{\n" + _lines(dict(sorted(shapes.items()))) + "\n}\n", encoding="utf-8")
    return target


def instance_types(answers: Mapping[Release, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return the properties of each instance type from ListSupportedInstanceTypes.

    A later release of a major version usually supports the types of earlier ones, so only the first release (``since``)
    is stored. Responses that contradict this are used if the next release agrees; otherwise the release is
    ``disputed``.
    """
    releases = sorted(answers, key=_order)
    described = {found["Type"]: found for release in releases for found in answers[release]}
    names = {release: {found["Type"] for found in answers[release]} for release in releases}
    types = {}
    for name in sorted(described):
        found = described[name]
        types[name] = {
            "architecture": found["Architecture"],
            "vcpu": found["VCPU"],
            # The API returns floats of single precision.
            "memory_gib": round(found["MemoryGB"], 3),
            "disks": found["NumberOfDisks"],
            "storage_gb": found["StorageGB"],
            "ebs_only": found["EbsStorageOnly"],
            "since": [],
        }
    for _, group in groupby(releases, key=lambda release: (release.train, release.version[0])):
        major = list(group)
        consistent = _consistent(major, names)
        for release in major:
            # The release itself where it is consistent, else the next one, else the one before.
            witness = next((kept for kept in consistent if kept.version >= release.version), consistent[-1])
            for name in names[release] ^ names[witness]:
                types[name].setdefault("disputed", []).append(release.label)
        for name, facts in types.items():
            having = [release.label for release in major if name in names[release]]
            facts["since"] += [label for label in having if label not in facts.get("disputed", ())][:1]
    return types


def _order(release: Release) -> tuple[str, tuple[int, int, int]]:
    return release.train, release.version


def _consistent(major: Sequence[Release], names: Mapping[Release, set[str]]) -> list[Release]:
    """Return most releases of a major version, with consistent instance types.

    None of them lacks a type that an earlier one has.
    """
    kept = list(major)
    while True:
        lost: Counter[Release] = Counter()
        for earlier, later in combinations(kept, 2):
            types = len(names[earlier] - names[later])
            lost[earlier] += types
            lost[later] += types
        worst = max(kept, key=lambda release: lost[release])
        if not lost[worst]:
            return kept
        kept.remove(worst)


def ask(client: Any) -> dict[Release, list[dict[str, Any]]]:
    """Return the instance types of each release from an EMR client, without previews."""
    labels = (label for page in _pages(client.list_release_labels, "NextToken") for label in page["ReleaseLabels"])
    releases = [release for label in labels if (release := parse(label))]
    return {
        release: [
            found
            for page in _pages(client.list_supported_instance_types, "Marker", ReleaseLabel=release.label)
            for found in page["SupportedInstanceTypes"]
        ]
        for release in releases
    }


def _pages(operation: Any, token: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    page = operation(**arguments)
    yield page
    while page.get(token):
        page = operation(**arguments, **{token: page[token]})
        yield page


def write_instance_types(folder: Path, client: Any, day: str | None = None) -> Path:
    """Write ``instance_types.json`` into ``folder``, one type per line, and its catalog.

    :param day: the day of the catalog. Default: today.
    """
    answers = ask(client)
    region = client.meta.region_name
    head = {
        "_comment": f"Instance types as ListSupportedInstanceTypes describes them in {region}, and the first release "
        "of each major version that supports them. Answers about disputed releases contradict those about others.",
        "region": region,
        "releases": [release.label for release in sorted(answers, key=_order)],
    }
    target, types = folder / "instance_types.json", instance_types(answers)
    dated = folder / "instance_catalogs.json"
    old = json.loads(target.read_text(encoding="utf-8")) if target.exists() else None
    catalogs = json.loads(dated.read_text(encoding="utf-8"))["catalogs"] if dated.exists() else {}
    catalogs = add_catalog(catalogs, day or date.today().isoformat(), old, {**head, "types": types})
    target.write_text("{\n" + _lines(head) + ',\n"types": {\n' + _lines(types) + "\n}\n}\n", encoding="utf-8")
    note = {
        "_comment": "The dated catalogs of instance types, oldest first. Each states how it differs from the next "
        "one; the last one is instance_types.json."
    }
    text = "{\n" + _lines(note) + ',\n"catalogs": {\n' + _lines(catalogs) + "\n}\n}\n"
    dated.write_text(text, encoding="utf-8")
    return target


def unique_items(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the lists of each resource type that must not have identical items."""
    found = {}
    for kind, schema in schemas.items():
        structures = [schema, *schema.get("definitions", {}).values()]
        facts = [fact for structure in structures for fact in structure.get("properties", {}).items()]
        lists = [(name, fact.get("uniqueItems") is True) for name, fact in facts if fact.get("type") == "array"]
        found[kind] = sorted({name for name, _ in lists} - {name for name, is_unique in lists if not is_unique})
    return {kind: names for kind, names in found.items() if names}


def installed_schemas() -> dict[str, Mapping[str, Any]]:
    """Return the schema of each resource type of Amazon EMR in the installed cfn-lint."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    kinds: dict[str, Any] = json.loads((Path(__file__).parent / "cloudformation.json").read_text())["resources"]
    return {kind: PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema for kind in kinds}


def write_unique_items(folder: Path) -> Path:
    """Write ``unique_items.json`` into ``folder``, one resource type per line."""
    target = folder / "unique_items.json"
    target.write_text("{\n" + _lines(unique_items(installed_schemas())) + "\n}\n", encoding="utf-8")
    return target


def lifecycles(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the dates of releases, with those that follow from the release date where AWS states no others."""
    return {name: {**row, **_derived(row)} for name, row in rows.items()}


def _derived(row: Mapping[str, Any]) -> dict[str, Any]:
    missing = {name: months for name, months in MONTHS.items() if name not in row}
    if not missing or "released" not in row:
        return {}
    released = date.fromisoformat(row["released"])
    return {**{name: _months_after(released, months) for name, months in missing.items()}, "basis": "derived"}


def _months_after(day: date, months: int) -> str:
    # There is no February 29 two or three years after another.
    year, last = day.year + months // 12, 28 if day.month == 2 else 31
    return day.replace(year=year, day=min(day.day, last)).isoformat()


def write_lifecycles(folder: Path) -> Path:
    """Complete ``lifecycles.json`` in ``folder``, one release per line."""
    target = folder / "lifecycles.json"
    content = json.loads(target.read_text(encoding="utf-8"))
    head = {name: value for name, value in content.items() if name != "releases"}
    text = "{\n" + _lines(head) + ',\n"releases": {\n' + _lines(lifecycles(content["releases"])) + "\n}\n}\n"
    target.write_text(text, encoding="utf-8")
    return target


def _lines(members: Mapping[str, Any]) -> str:
    """Return the members of a JSON object, one per line."""
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members.items())


def main(arguments: Sequence[str] | None = None, folder: Path = Path(__file__).parent) -> None:
    """Rewrite one of the files."""
    parser = argparse.ArgumentParser(prog="python -m emr_constructs.data.refresh", description="Update a data file.")
    parser.add_argument(
        "what",
        nargs="?",
        choices=("api-shapes", "instance-types", "lifecycles", "unique-items"),
        default="api-shapes",
    )
    parser.add_argument("--region", default="us-east-1", help="whose instance types are listed (us-east-1)")
    parser.add_argument("--endpoint-url", help="an emulator of the EMR API")
    given = parser.parse_args(arguments)
    if given.what == "api-shapes":
        written = write(folder)
    elif given.what == "lifecycles":
        written = write_lifecycles(folder)
    elif given.what == "unique-items":
        written = write_unique_items(folder)
    else:
        import boto3
        from botocore.config import Config

        # One request for each release, because EMR throttles parallel requests.
        patient = Config(retries={"mode": "standard", "max_attempts": 10})
        client = boto3.client("emr", region_name=given.region, endpoint_url=given.endpoint_url, config=patient)
        written = write_instance_types(folder, client)
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main()
