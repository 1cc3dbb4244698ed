from __future__ import annotations

import pytest

from emr_constructs import Application, EmrError
from emr_constructs.data import load

CONSTANTS = [value for name, value in vars(Application).items() if name.isupper()]


def test_there_is_a_constant_for_every_application_of_every_release():
    offered = {name for release in load("releases.json")["releases"] for name in release["applications"]}
    assert offered | {"Hadoop"} == {constant.name for constant in CONSTANTS}


def test_accepts_an_application_that_is_newer_than_the_library():
    assert Application.of("NewEngine")._render() == {"Name": "NewEngine"}
    assert Application.of("Spark") == Application.SPARK


def test_rejects_an_empty_name():
    with pytest.raises(EmrError, match="name must not be empty, got ''; use a name such as 'Spark'"):
        Application.of("")
