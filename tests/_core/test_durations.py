from __future__ import annotations

import pytest
from aws_cdk import CfnParameter, Duration

from emr_constructs import EmrError
from emr_constructs._core.durations import whole_seconds


def test_seconds_of_any_unit():
    assert whole_seconds("the time", Duration.minutes(2)) == 120
    assert whole_seconds("the time", Duration.millis(3000)) == 3


def test_rejects_a_part_of_a_second():
    with pytest.raises(
        EmrError, match=r"the time must be a whole number of seconds, got 0\.5 seconds; use cdk\.Duration\.seconds\(1\)"
    ):
        whole_seconds("the time", Duration.millis(500))


def test_rejects_a_time_that_is_not_known_yet(stack):
    parameter = CfnParameter(stack, "Seconds", type="Number")
    with pytest.raises(
        EmrError, match=r"the time must be known at synth time, got a token; use a cdk\.Duration of a plain"
    ):
        whole_seconds("the time", Duration.seconds(parameter.value_as_number))
