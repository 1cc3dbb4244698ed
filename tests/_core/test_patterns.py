from __future__ import annotations

import copy
import gc
import re

from emr_constructs._core import patterns
from emr_constructs._core.patterns import regex
from emr_constructs.rules.registry import load_rules


def test_a_pattern_matches_like_a_compiled_one():
    word = regex("[a-z]+", re.IGNORECASE)
    assert word.fullmatch("Word")
    assert not word.fullmatch("2")
    assert word.sub("", "1a2B") == "12"
    assert (word.pattern, word.flags) == ("[a-z]+", re.compile("[a-z]+", re.IGNORECASE).flags)


def test_a_pattern_can_be_copied():
    assert copy.deepcopy(regex("a")).match("a")


def test_all_patterns_compile():
    load_rules()
    found = [each for each in gc.get_objects() if isinstance(each, patterns._Lazy)]
    assert len(found) > 60
    assert all(isinstance(each.pattern, str) for each in found)
