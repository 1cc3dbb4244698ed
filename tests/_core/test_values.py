from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from emr_constructs._core.values import known_value, value_class


@value_class
class Size:
    """A size."""

    width: int
    height: int = 2

    def __post_init__(self) -> None:
        if self.width < 0:
            raise ValueError(self.width)


@value_class(kw_only=True)
class Named:
    """A name."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


def test_values_with_equal_fields_are_equal():
    assert Size(1) == Size(1, 2)
    assert hash(Size(1)) == hash(Size(1, 2))
    assert Size(1) != Size(2)
    assert Size(1) != (1, 2)


def test_fields_are_shown_unless_the_class_does_it():
    assert repr(Size(1)) == "Size(width=1, height=2)"
    assert repr(Named(name="a")) == "<a>"


@pytest.mark.parametrize("name", ["width", "unknown"])
def test_fields_cannot_be_changed(name):
    value = Size(1)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(value, name, 3)
    with pytest.raises(FrozenInstanceError):
        del value.width
    assert value == Size(1)


def test_copies_are_equal():
    assert replace(Size(1), height=3) == Size(1, 3)
    assert copy.deepcopy(Size(1)) == Size(1)
    assert pickle.loads(pickle.dumps(Size(1))) == Size(1)


def test_named_fields_have_no_position():
    with pytest.raises(TypeError):
        Named("a")


def test_known_values_equal_checked_ones():
    assert known_value(Size, width=1, height=2) == Size(1)
