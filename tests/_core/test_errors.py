from __future__ import annotations

import pytest

from emr_constructs import EmrError
from emr_constructs._core.errors import errors_at, report
from emr_constructs._core.findings import Finding, Severity
from tests.tools import warnings


def test_is_a_value_error_with_one_sentence():
    error = EmrError("the count is 2; use 1")
    assert isinstance(error, ValueError)
    assert str(error) == "the count is 2; use 1"
    assert error.path == ""


def test_lists_several_problems_and_the_construct(stack):
    error = EmrError(["the count is 2; use 1", "the name is empty; give one"], at=stack)
    assert str(error) == ("2 problems:\n  - the count is 2; use 1\n  - the name is empty; give one\n  at Test")
    assert error.problems == ("the count is 2; use 1", "the name is empty; give one")


def test_a_construct_path_keeps_the_findings(stack):
    finding = Finding("emr-step-name", Severity.ERROR, "Name must not be empty", "specify a name")
    with pytest.raises(EmrError) as raised, errors_at(stack):
        raise EmrError([str(finding)], findings=[finding])
    assert raised.value.findings == (finding,)
    assert raised.value.path == "Test"


def test_warnings_are_added_and_errors_raised(stack):
    warning = Finding("emr-scaling-period", Severity.WARNING, "period must be 300, got 60", "use 300")
    error = Finding("emr-step-name", Severity.ERROR, "Name must not be empty", "specify a name")
    report([warning], stack)
    assert [it.split(" [ack:")[0] for it in warnings(stack)] == ["period must be 300, got 60; use 300"]
    with pytest.raises(EmrError, match="Name must not be empty; specify a name") as raised:
        report([warning, error], stack)
    assert raised.value.findings == (error,)
