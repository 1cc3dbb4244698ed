from __future__ import annotations

from emr_constructs import EmrError


def test_is_a_value_error_with_one_sentence():
    error = EmrError("the count is 2; use 1")
    assert isinstance(error, ValueError)
    assert str(error) == "the count is 2; use 1"
    assert error.path == ""


def test_lists_several_problems_and_the_construct(stack):
    error = EmrError(["the count is 2; use 1", "the name is empty; give one"], at=stack)
    assert str(error) == ("2 problems:\n  - the count is 2; use 1\n  - the name is empty; give one\n  at Test")
    assert error.problems == ("the count is 2; use 1", "the name is empty; give one")
