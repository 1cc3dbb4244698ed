from __future__ import annotations

import pytest
from aws_cdk import Duration, Token

from emr_constructs import EmrError, Termination
from tests.tools import cluster_with


def test_when_idle_keeps_the_cluster_alive_until_it_is_idle():
    assert Termination.when_idle(Duration.minutes(30))._render() == {
        "Instances": {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": False},
        "AutoTerminationPolicy": {"IdleTimeout": 1800},
    }


def test_an_hour_is_the_default_as_in_the_console():
    assert Termination.when_idle()._render()["AutoTerminationPolicy"] == {"IdleTimeout": 3600}


def test_after_steps():
    assert Termination.after_steps()._render() == {
        "Instances": {"KeepJobFlowAliveWhenNoSteps": False, "TerminationProtected": False}
    }


@pytest.mark.parametrize("protected", [True, False])
def test_manual(protected):
    assert Termination.manual(protected=protected)._render() == {
        "Instances": {"KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": protected}
    }


@pytest.mark.parametrize("seconds", [59, 604801])
def test_rejects_a_timeout_out_of_range(seconds):
    with pytest.raises(EmrError, match=f"idle timeout must be 60 to 604800 seconds, got {seconds};"):
        cluster_with(Termination.when_idle(Duration.seconds(seconds)))


def test_rejects_parts_of_a_second():
    with pytest.raises(
        EmrError,
        match=r"the idle timeout must be a whole number of seconds, got 90\.5 seconds",
    ):
        Termination.when_idle(Duration.millis(90500))


def test_a_timeout_that_is_not_known_yet_is_in_seconds():
    timeout = Token.as_number({"Ref": "Timeout"})
    assert Termination.when_idle(Duration.seconds(timeout)).idle_timeout_seconds == timeout
    with pytest.raises(EmrError, match=r"the idle timeout must be in seconds if it is a token, .*Duration\.seconds"):
        Termination.when_idle(Duration.minutes(timeout))
