"""Renew the data files that are read from AWS's own service models.

``python -m emr_constructs.data.refresh`` rewrites ``api_shapes.json`` from the EMR service model of the
botocore that is installed (a development dependency; no AWS account, no network).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = "RunJobFlowInput"
# What a rule can check; documentation and serialization hints stay behind.
FACTS = ("type", "enum", "min", "max")


def api_shapes(model: dict[str, Any]) -> dict[str, Any]:
    """The shapes reachable from RunJobFlow's input in the botocore service ``model``, reduced to their facts."""
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
    """The EMR service model of the installed botocore."""
    from botocore.loaders import Loader

    model: dict[str, Any] = Loader().load_service_model("emr", "service-2")
    return model


def write(folder: Path) -> Path:
    """Write ``api_shapes.json`` into ``folder``, one shape a line so that a diff shows what AWS changed."""
    shapes = api_shapes(installed_model())
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(shapes[name])}" for name in sorted(shapes))
    target = folder / "api_shapes.json"
    target.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(__file__).parent)}\n")
