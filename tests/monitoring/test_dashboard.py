from __future__ import annotations

import json

import pytest

from emr_constructs import Cluster, ClusterAlarms, ClusterDashboard, EmrError
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
    assert titles == ["## Capacity", "## YARN", "## HDFS", "## Input and output of MapReduce jobs"]


def test_every_graph_shows_metrics_of_the_cluster(graphs):
    for graph in graphs.values():
        assert graph["properties"]["metrics"], graph
        for metric in graph["properties"]["metrics"]:
            if "expression" not in metric[0]:
                namespace, _, dimension, cluster, *_ = metric
                assert (namespace, dimension, cluster) == ("AWS/ElasticMapReduce", "JobFlowId", "j-1")


@pytest.mark.parametrize(
    ("title", "counters"),
    [("Unhealthy and lost nodes", ["MRLostNodes"]), ("Failed and killed applications", ["AppsFailed", "AppsKilled"])],
)
def test_counters_are_shown_by_what_is_new(graphs, title, counters):
    shown = graphs[title]["properties"]["metrics"]
    expressions = [metric[0]["expression"] for metric in shown if "expression" in metric[0]]
    assert expressions == [f"DIFF({name.lower()})" for name in counters]
    used = {metric[1]: metric[-1] for metric in shown if metric[1:] and metric[1] in counters}
    assert {name: (options["id"], options["visible"]) for name, options in used.items()} == {
        name: (name.lower(), False) for name in counters
    }


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
    assert lines(drawn["Utilization, %"]) == [60]
    assert lines(drawn["Available memory, %"]) == []
    assert {title for title, graph in drawn.items() if lines(graph)} == {
        "Unhealthy and lost nodes",
        "Applications",
        "Failed and killed applications",
        "Utilization, %",
        "Missing and corrupt blocks",
    }
    assert not any(lines(graph) for graph in graphs.values())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cluster": "j-1"}, r"cluster must be an ICluster, got 'j-1'; use Cluster\.from_cluster_attributes\(\.\.\.\)"),
        ({"alarms": []}, r"alarms must be a ClusterAlarms, got \[\]"),
    ],
)
def test_rejects_bad_arguments(stack, options, message):
    cluster = Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(EmrError, match=message) as error:
        ClusterDashboard(stack, "Dashboard", **{"cluster": cluster, **options})
    assert error.value.path == "Test/Dashboard"
