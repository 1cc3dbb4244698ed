"""``moto_server``, one request at a time, with what it lacks to run these stacks.

- It makes resources when they are first read, so that two requests at once would make them twice.
- ``/test/steps`` says what becomes of the steps that are submitted from now on; waits are long if they do not complete.
- :mod:`tests.deploy.repairs` and :mod:`tests.step_functions` say what its CloudFormation and its interpreter lack.
"""

from __future__ import annotations

import json
import threading
from typing import Any

from moto.server import DomainDispatcherApplication, main

from tests.deploy.repairs import repaired
from tests.step_functions import World, interpreter

_world = World()
_dispatch = DomainDispatcherApplication.__call__
_one_at_a_time = threading.RLock()


def _dispatch_alone(application: DomainDispatcherApplication, environ: dict[str, Any], start_response: Any) -> Any:
    with _one_at_a_time:
        if environ.get("PATH_INFO") == "/test/steps":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            _world.outcome = json.loads(body)["state"]
            _world.wait_seconds = 0.01 if _world.outcome == "COMPLETED" else 2
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b"{}"]
        return list(_dispatch(application, environ, start_response))


if __name__ == "__main__":
    DomainDispatcherApplication.__call__ = _dispatch_alone
    with repaired(), interpreter(_world):
        main()
