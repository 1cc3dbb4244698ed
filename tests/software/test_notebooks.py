from __future__ import annotations

from aws_cdk import Duration

from emr_constructs import JupyterHubConfigurations, LivyConfigurations
from tests.tools import properties_of


def test_livy_ends_idle_sessions():
    found = LivyConfigurations.sessions(idle_timeout=Duration.hours(2))
    assert properties_of(found, "livy-conf") == {
        "livy.server.session.timeout-check": "true",
        "livy.server.session.timeout": "7200s",
    }


def test_jupyterhub_keeps_notebooks_in_s3(bucket):
    found = JupyterHubConfigurations.s3_persistence(bucket)
    assert properties_of(found, "jupyter-s3-conf") == {
        "s3.persistence.enabled": "true",
        "s3.persistence.bucket": "data",
    }
