from __future__ import annotations

import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from tests.tools import new_app, new_stack


@pytest.fixture(scope="package")
def shared_stack():
    """One for all tests that only refer to what exists."""
    return new_stack(new_app())


@pytest.fixture(scope="package")
def bucket(shared_stack):
    return s3.Bucket.from_bucket_name(shared_stack, "Data", "data")


@pytest.fixture(scope="package")
def secret(shared_stack):
    return secretsmanager.Secret.from_secret_name_v2(shared_stack, "Password", "hive")
