"""The table of docs/upgrading.md has the first release with each feature."""

from __future__ import annotations

import re

from emr_constructs.data import load
from tests.test_costs import table
from tests.tools import PROJECT

PAGE = (PROJECT / "docs" / "upgrading.md").read_text()
FEATURES = {
    "emr-7.0.0": "Amazon Linux 2023",
    "emr-7.10.0": "S3A as the default S3 connector",
    "emr-7.11.0": "in-transit encryption with EMR-managed certificates",
    "emr-spark-8.0.0": "the EMR service VPC endpoint",
}


def test_the_page_has_the_first_release_of_each_feature():
    releases = {found["title"]: found["releases"] for found in load("releases.json")["features"].values()}
    rows = table(PAGE, "EMR releases")[1:]
    first = [re.fullmatch(r"(\S+) and later", row[1])[1] for row in rows]
    assert first == list(FEATURES)
    assert [row[0] for row in rows] == [f"before {release}" for release in first]
    for release, title in FEATURES.items():
        assert releases[title][-1] == [re.search(r"\d+\.\d+\.\d+", release)[0], None]
