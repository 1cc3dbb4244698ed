"""A state machine that launches a cluster with every member that RunJobFlow takes.

Step Functions compares the arguments of a call with a list of its own when a state machine is created, nested members
included; the examples set only some of them. No cluster could be launched like this: only the names matter.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_stepfunctions as sfn

from emr_constructs.data import load
from emr_constructs.data.refresh import ROOT
from emr_constructs.workflows.emr_states import Exit, launch_cluster
from tests.tools import new_app

_SHAPES: Final[dict[str, Any]] = load("api_shapes.json")
_SCALARS: Final = {"string": "text", "integer": 1, "long": 1, "double": 1.5, "float": 1.5, "boolean": True}


def sample(name: str = ROOT, outer: tuple[str, ...] = ()) -> Any:
    """A value of a shape that has every member; a list of a shape inside that shape is empty."""
    shape = _SHAPES[name]
    within = (*outer, name)
    match shape["type"]:
        case "structure":
            return {key: sample(member, within) for key, member in shape["members"].items()}
        case "list":
            return [] if shape["member"] in within else [sample(shape["member"], within)]
        case "map":
            return {"key": sample(shape["value"], within)}
        case "string" if "enum" in shape:
            return shape["enum"][0]
        case kind:
            return _SCALARS[kind]


def definition() -> dict[str, Any]:
    """The definition of the state machine."""
    failed = Exit("failure", "Failed")
    states = launch_cluster(sample(), following="Launched", failed=failed, unknown=failed, variables={})
    states |= {
        "Launched": {"Type": "Succeed"},
        "Failed": {"Type": "Fail", "Error": "{% $failure.Error %}", "Cause": "{% $failure.Cause %}"},
    }
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


@cache
def every_member() -> cdk.App:
    """A synthesized app with the state machine."""
    app = new_app()
    stack = cdk.Stack(app, "EveryMember")
    body = sfn.DefinitionBody.from_string(stack.to_json_string(definition()))
    sfn.StateMachine(stack, "RunJobFlow", definition_body=body)
    app.synth()
    return app
