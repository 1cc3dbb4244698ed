from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, replace

import pytest

from emr_constructs._core.values import converted, known_value, value_class


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


@value_class
class Row:
    """A row of cells."""

    title: str
    cells: Sequence[int] = converted(tuple)
    styles: Mapping[str, str] = converted(dict, default=())

    def __post_init__(self) -> None:
        if sum(self.cells) < 0:
            raise ValueError(self.cells)


def test_fields_are_converted_before_the_value_is_checked():
    cells, styles = [1, 2], {"color": "red"}
    row = Row("totals", (cell for cell in cells), styles)
    styles.clear()
    assert (row.title, row.cells, row.styles) == ("totals", (1, 2), {"color": "red"})
    with pytest.raises(ValueError, match=r"\(-1,\)"):
        Row("totals", iter([-1]))


def test_defaults_are_converted_for_each_value():
    first, second = Row("a", []), Row("b", [])
    assert first.styles == {} == second.styles
    assert first.styles is not second.styles


def test_a_converted_field_without_a_default_is_required():
    with pytest.raises(TypeError, match="cells"):
        Row("totals")


@pytest.mark.parametrize("name", ["cells", "title"])
def test_fields_of_a_class_with_converters_cannot_be_changed(name):
    row = Row("totals", [1])
    with pytest.raises(FrozenInstanceError):
        setattr(row, name, [2])
    assert replace(row, cells=[2]).cells == (2,)
    assert pickle.loads(pickle.dumps(row)) == row == copy.deepcopy(row)


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


def test_the_signature_follows_from_the_fields():
    assert str(inspect.signature(Size)) == "(width: 'int', height: 'int' = 2)"
    assert str(inspect.signature(Named)) == "(*, name: 'str')"
    assert str(inspect.signature(Row)).startswith("(title: 'str', cells: 'Sequence[int]', styles: ")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "missing a required argument: 'width'"),
        ((1, 2, 3), {}, "too many positional arguments"),
        ((1,), {"width": 2}, "multiple values for argument 'width'"),
        ((1,), {"depth": 2}, "unexpected keyword argument 'depth'"),
    ],
)
def test_a_call_with_other_arguments_is_rejected_as_python_does(arguments, options, message):
    with pytest.raises(TypeError, match=message):
        Size(*arguments, **options)


def test_a_field_by_name_only_has_no_position():
    with pytest.raises(TypeError, match="too many positional arguments"):
        Named("a")


@value_class
class Counted:
    counts: Mapping[str, int] = converted(dict, default=())


def test_a_default_is_converted_for_each_value():
    first, second = Counted(), Counted()
    assert first.counts == second.counts == {}
    assert first.counts is not second.counts
    assert Counted(inspect.signature(Counted).parameters["counts"].default).counts == {}
