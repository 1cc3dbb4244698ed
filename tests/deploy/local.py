"""Deploy the app to the emulator, show the cluster as the EMR API reports it, run the job, destroy everything again.

python -m tests.deploy.local [dev|production]
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.deploy.emulator import ACCOUNT, REGION, Emulator


def show(title: str, value: Any) -> None:
    sys.stdout.write(
        f"\n== {title}\n{json.dumps(value, indent=2, default=str) if not isinstance(value, str) else value}\n"
    )


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
        done = aws.run(outputs["StateMachineArn"], "by-hand", {"day": "2026-11-23"})
        show("job", {name: done.get(name) for name in ("status", "output", "error", "cause")})
        show("clusters", {cluster["Name"]: cluster["Status"]["State"] for cluster in emr.list_clusters()["Clusters"]})
        show("destroy", aws.cdk("destroy", "--all", "--force", *context))
        show("clusters", {cluster["Name"]: cluster["Status"]["State"] for cluster in emr.list_clusters()["Clusters"]})


if __name__ == "__main__":
    main(*sys.argv[1:])
