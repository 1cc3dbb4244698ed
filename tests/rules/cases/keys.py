"""What the rules of ``emr_constructs.rules.keys`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case

CASES = [
    Case("emr-repeated-key", "MappingKey", {"Key": "ReleaseLabel", "Lines": [6, 7]},
         "a key must be unique in its mapping, because all values except the last are lost, got 'ReleaseLabel' in "
         "lines 6 and 7",
         {"Key": "ReleaseLabel", "Lines": [6]}),
    Case("emr-repeated-key", "MappingKey", {"Key": "Classification", "Lines": [1, 1]},
         "got 'Classification' 2 times in line 1", {"Key": "Classification", "Lines": []}),
]  # fmt: skip
