"""The age of releases is only checked on request: for the rule about it, and for no other."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from emr_constructs.rules.lifecycles import AGE, data_date, judged_on


def judging(rule: str) -> AbstractContextManager[None]:
    return judged_on(data_date()) if rule == AGE else nullcontext()
