"""The structures that the service model doesn't describe."""

from emr_constructs.data import load

DECLARED, OF_THE_MODEL = load("declared_shapes.json"), load("api_shapes.json")


def test_they_refer_to_shapes_that_exist():
    known = DECLARED.keys() | OF_THE_MODEL.keys()
    named = {name for shape in DECLARED.values() for name in shape.get("members", {}).values()}
    items = {shape["member"] for shape in DECLARED.values() if shape["type"] == "list"}
    assert not (named | items) - known


def test_none_of_them_replaces_one_of_the_model():
    assert not DECLARED.keys() & OF_THE_MODEL.keys()


def test_what_they_require_is_declared():
    for name, shape in DECLARED.items():
        assert set(shape.get("required", ())) <= shape.get("members", {}).keys(), name
