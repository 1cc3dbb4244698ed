from __future__ import annotations

import json

import pytest

from emr_constructs import Cluster, ClusterAlarms, ClusterDashboard
from tests.tools import flat, imported_vpc, new_app, new_stack, only, synthesize


def make(*, imported=False, alarms=None):
    """The widgets of a dashboard, by title."""
    stack = new_stack(new_app())
    if imported:
        cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    else:
        cluster = Cluster(stack, "Cluster", vpc=imported_vpc(stack))
    watched = None if alarms is None else ClusterAlarms(stack, "Alarms", cluster=cluster, **alarms)
    ClusterDashboard(stack, "Dashboard", cluster=cluster, alarms=watched)
    properties = only(synthesize(stack), "AWS::CloudWatch::Dashboard")
    assert "DashboardName" not in properties
    widgets = json.loads(flat(properties["DashboardBody"]))["widgets"]
    graphs = {widget["properties"]["title"]: widget for widget in widgets if widget["type"] == "metric"}
    return graphs, [widget["properties"]["markdown"] for widget in widgets if widget["type"] == "text"]


def lines(graph):
    return [line["value"] for line in graph["properties"].get("annotations", {}).get("horizontal", [])]


@pytest.fixture(scope="module")
def graphs():
    return make(imported=True)[0]


def test_has_a_row_for_each_topic():
    _, titles = make(imported=True)
    assert titles == ["## Capacity", "## YARN", "## HDFS", "## Reading and writing by MapReduce jobs"]


def test_every_graph_shows_metrics_of_the_cluster(graphs):
    for graph in graphs.values():
        assert graph["properties"]["metrics"], graph
        for namespace, _, dimension, cluster, *_ in graph["properties"]["metrics"]:
            assert (namespace, dimension, cluster) == ("AWS/ElasticMapReduce", "JobFlowId", "j-1")


def test_shows_a_cluster_of_the_stack():
    graphs, _ = make()
    (metric,) = graphs["Idle"]["properties"]["metrics"]
    assert metric[1] == "IsIdle"
    assert metric[3].startswith("<Cluster")


def test_no_graph_leaves_the_width_of_the_dashboard_or_covers_another(graphs):
    cells = [
        (x, y)
        for graph in graphs.values()
        for x in range(graph["x"], graph["x"] + graph["width"])
        for y in range(graph["y"], graph["y"] + graph["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_alarms_are_lines(graphs):
    drawn, _ = make(imported=True, alarms={"hdfs_utilization_above": 60, "yarn_memory_available_below": None})
    assert lines(drawn["Use, %"]) == [60]
    assert lines(drawn["Free memory, %"]) == []
    assert {title for title, graph in drawn.items() if lines(graph)} == {
        "Nodes that fail",
        "Applications",
        "Failed applications",
        "Use, %",
        "Blocks that are lost",
    }
    assert not any(lines(graph) for graph in graphs.values())
