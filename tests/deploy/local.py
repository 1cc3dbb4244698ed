"""Deploy the app to the emulator, show the cluster as the EMR API reports it, and destroy everything again.

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
        show("destroy", aws.cdk("destroy", "--all", "--force", *context))
        show("clusters", {cluster["Name"]: cluster["Status"]["State"] for cluster in emr.list_clusters()["Clusters"]})


if __name__ == "__main__":
    main(*sys.argv[1:])
