"""Deploy the app to the emulator, show the cluster as the EMR API reports it, run the job, destroy everything again.

The job runs for two dates. A third execution is aborted while its step runs; its cluster has to be terminated by the
cleanup, which the script starts with the event, since the emulator emits none.

python -m tests.deploy.local [dev|production]
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.deploy.emulator import ACCOUNT, REGION, Emulator

JOB = "Job"


def show(title: str, value: Any) -> None:
    sys.stdout.write(
        f"\n== {title}\n{json.dumps(value, indent=2, default=str) if not isinstance(value, str) else value}\n"
    )


def brief(execution: dict[str, Any]) -> dict[str, Any]:
    return {name: execution.get(name) for name in ("status", "output", "error", "cause")}


def states(emr: Any) -> dict[str, str]:
    return {cluster["Name"]: cluster["Status"]["State"] for cluster in emr.list_clusters()["Clusters"]}


def main(environment: str = "dev") -> None:
    context = ("--context", f"environment={environment}")
    with Emulator() as aws:
        aws.cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
        show("deploy", aws.deploy(*context))
        emr = aws.client("emr")
        for cluster in emr.list_clusters()["Clusters"]:
            show("cluster", emr.describe_cluster(ClusterId=cluster["Id"])["Cluster"])
        (job,) = aws.client("cloudformation").describe_stacks(StackName=f"EmrJob-{environment}")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in job["Outputs"]}
        machine = outputs["StateMachineArn"]
        for day in ("2026-11-22", "2026-11-23"):
            done = aws.run(machine, f"day-{day}", {"day": day})
            show(f"job of {day}", brief(done))
            if done["status"] != "SUCCEEDED":
                raise SystemExit(f"the job of {day} is {done['status']}")
        stopped = aws.abort(machine, "day-2026-11-24", {"day": "2026-11-24"})
        show("aborted job", brief(stopped))
        show("clusters", states(emr))
        show("cleanup", brief(aws.clean_up(stopped)))
        running = {name for name, state in states(emr).items() if state != "TERMINATED" and f"/{JOB} " in name}
        if running:
            raise SystemExit(f"the cleanup left {running}")
        show("clusters", states(emr))
        show("destroy", aws.destroy())
        show("clusters", states(emr))


if __name__ == "__main__":
    main(*sys.argv[1:])
