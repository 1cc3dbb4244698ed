"""Prints when a cluster is terminated."""

from __future__ import annotations

from typing import Final

from .code import Call, Code
from .context import Context, Members, is_intrinsic
from .durations import duration

__all__ = ["termination"]

_AN_HOUR: Final = 3600


def termination(members: Members, instances: Members, context: Context, *, keep_alive: bool | None) -> Code:
    """Return ``emr.Termination`` for the members of a request and of its ``Instances``.

    :param keep_alive: what ``KeepJobFlowAliveWhenNoSteps`` is if the request doesn't have it. None: left out.
    """
    kept = instances.take("KeepJobFlowAliveWhenNoSteps")
    protected = instances.take("TerminationProtected")
    kept = keep_alive if kept is None else kept
    policy = members.take("AutoTerminationPolicy")
    if policy is not None and (not isinstance(policy, dict) or is_intrinsic(policy)):
        policy = {"IdleTimeout": policy}
    idle = None if policy is None else duration(policy.get("IdleTimeout", _AN_HOUR), context)
    if kept is True and protected is False and idle is not None:
        return Call("emr.Termination.when_idle", (idle,))
    if kept is False and protected is False and idle is None:
        return Call("emr.Termination.after_steps")
    if kept is True and protected is not None and idle is None:
        options = {} if protected is False else {"protected": context.value(protected)}
        return Call("emr.Termination.manual", (), options)
    options = {} if kept is None else {"keep_alive": context.value(kept)}
    options |= {} if protected is None else {"protected": context.value(protected)}
    options |= {} if idle is None else {"idle_timeout": idle}
    return Call("emr.Termination.explicit", (), options)
