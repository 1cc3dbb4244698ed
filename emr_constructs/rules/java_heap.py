"""The heap of Java programs that run in YARN containers, which must fit into the memory of the container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._core.patterns import regex
from .constraints import constraint
from .parts import Part
from .registry import At, Severity
from .sources import release_guide
from .spark_values import mebibytes

# Classification, setting of the memory of a container in MiB, and setting of its Java options.
_PAIRS: Final = (
    ("mapred-site", "mapreduce.map.memory.mb", "mapreduce.map.java.opts"),
    ("mapred-site", "mapreduce.reduce.memory.mb", "mapreduce.reduce.java.opts"),
    ("mapred-site", "yarn.app.mapreduce.am.resource.mb", "yarn.app.mapreduce.am.command-opts"),
    ("hive-site", "hive.tez.container.size", "hive.tez.java.opts"),
    ("tez-site", "tez.am.resource.memory.mb", "tez.am.launch.cmd-opts"),
    ("tez-site", "tez.task.resource.memory.mb", "tez.task.launch.cmd-opts"),
)
_HEAP: Final = regex(r"-Xmx(\d+[kmgt]?)\b", re.IGNORECASE)


def _large_heaps(configuration: Part) -> Iterator[At]:
    name = configuration.get("Classification")
    properties: dict[str, str] = configuration.get("Properties", {})
    for owner, memory, options in _PAIRS:
        container = properties.get(memory, "").strip() if name == owner else ""
        found = _HEAP.search(properties.get(options, "")) if container.isdecimal() and len(container) < 10 else None
        if found is None:
            continue
        text = found[1]
        heap = int(text) >> 20 if text.isdecimal() else mebibytes(text)
        if heap is not None and heap > int(container):
            got = f"{found[0]} in {options} and {container} MiB as {memory}"
            yield At(configuration.at("Properties", options), got)


constraint(
    "emr-java-heap",
    "Configuration",
    "heap of a Java program must be at most the memory of its YARN container, because YARN stops it otherwise",
    _large_heaps,
    fix="use a heap of about 80 percent of the memory of the container",
    severity=Severity.WARNING,
    source=release_guide("emr-hadoop-task-config"),
)
