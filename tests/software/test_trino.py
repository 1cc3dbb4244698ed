from __future__ import annotations

import pytest
from aws_cdk import Duration

from emr_constructs import EmrError, PrestoConfigurations, TrinoConfigurations
from tests.tools import properties_of


@pytest.mark.parametrize(
    ("preset", "classification"), [(TrinoConfigurations, "trino-config"), (PrestoConfigurations, "presto-config")]
)
def test_query_limits(preset, classification):
    found = preset.query_limits(max_memory="50GB", max_memory_per_node="10GB", max_run_time=Duration.hours(1))
    assert properties_of(found, classification) == {
        "query.max-memory": "50GB",
        "query.max-memory-per-node": "10GB",
        "query.max-run-time": "3600s",
    }


def test_a_connector_keeps_its_password_in_secrets_manager(secret):
    (trino,) = TrinoConfigurations.connector("mysql", {"connection-user": "a", "connection-password": secret})
    assert trino.classification == "trino-connector-mysql"
    assert list(trino._render()["Properties"]) == ["connection-user", "EMR.secret@connection-password"]
    (presto,) = PrestoConfigurations.connector("tpch", {"tpch.splits-per-node": 4})
    assert presto.classification == "presto-connector-tpch"


def test_fault_tolerant_execution(bucket):
    found = TrinoConfigurations.fault_tolerant_execution(bucket, "exchange/", retry_policy="QUERY")
    assert properties_of(found, "trino-config") == {"retry-policy": "QUERY"}
    assert properties_of(found, "trino-exchange-manager") == {"exchange.base-directories": "s3://data/exchange"}


def test_rejects_no_limit():
    with pytest.raises(EmrError, match="query_limits must have at least one limit, got none; specify"):
        TrinoConfigurations.query_limits()
