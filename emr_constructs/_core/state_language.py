"""States of Step Functions, as dictionaries in the Amazon States Language with JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from . import tokens

__all__ = [
    "ANY_ERROR",
    "ERROR_TEXT",
    "RETRY_ALL",
    "RETRY_WAITS",
    "State",
    "console_link",
    "publish",
    "reasons",
    "rule",
    "task",
]

State: TypeAlias = dict[str, Any]

ANY_ERROR: Final = ["States.ALL"]
ERROR_TEXT: Final = "$states.errorOutput.Error & ': ' & $states.errorOutput.Cause"
"""The JSONata expression for the error text in a Catch."""

RETRY_WAITS: Final = {"IntervalSeconds": 10, "BackoffRate": 3}
RETRY_ALL: Final = [{"ErrorEquals": ANY_ERROR, "MaxAttempts": 3, **RETRY_WAITS}]
"""For idempotent calls: reads, terminations, messages."""

_CONSOLE: Final = "aws.amazon.com"
_CONSOLES: Final = {"aws-cn": "amazonaws.cn", "aws-us-gov": "amazonaws-us-gov.com"}


def task(api: str, arguments: Mapping[str, Any] | str) -> State:
    """Return a state that calls ``api``, such as ``aws-sdk:emr:runJobFlow``."""
    return {"Type": "Task", "Resource": f"arn:{tokens.partition()}:states:::{api}", "Arguments": arguments}


def publish(topic_arn: str, title: str, outcome: str, details: Mapping[str, str]) -> State:
    """Return a state that publishes an outcome.

    :param title: the text before the outcome in the subject.
    :param details: JSONata expressions for the members of the message.
    """
    members = {"Outcome": json.dumps(outcome), **details}
    message = ", ".join(f"{json.dumps(name)}: {value}" for name, value in members.items())
    # A subject has up to 100 characters of ASCII.
    subject = f"{re.sub(r'[^ -~]+', ' ', title)[:80]} {outcome}"[:100]
    arguments = {"TopicArn": topic_arn, "Subject": subject, "Message": f"{{% $string({{{message}}}, true) %}}"}
    return {**task("sns:publish", arguments), "Retry": RETRY_ALL}


def rule(condition: str) -> State:
    """Return the condition of a Choice rule."""
    return {"Condition": f"{{% {condition} %}}"}


def reasons(*expressions: str) -> str:
    """Return the JSONata expression that joins the messages of EMR."""
    texts = f'$filter([{", ".join(expressions)}], function($text) {{ $type($text) = "string" }})'
    return f'$join([{texts}], "; ")'


def console_link(cluster_id: str) -> str:
    """Return the JSONata expression for the address of a cluster in the console of its partition.

    Partition and Region are those of the execution.

    :param cluster_id: the JSONata expression for the cluster ID.
    """
    execution = "$split($states.context.Execution.Id, ':')"
    return (
        f"($parts := {execution}; $domain := $lookup({json.dumps(_CONSOLES)}, $parts[1]); "
        f"'https://console.' & ($exists($domain) ? $domain : '{_CONSOLE}') & '/emr/home?region=' & $parts[3] & "
        f"'#/clusterDetails/' & {cluster_id})"
    )
