"""EMR API requests as arguments of Step Functions: its names, and JSONata expressions and tokens for unknown values."""

from __future__ import annotations

from typing import Any

from .._core.input_values import as_expressions
from .._core.spelling import STATE_NAMES
from ..clusters.typed_tokens import with_typed_tokens

__all__ = ["api_arguments"]


def api_arguments(request: Any, shape: str) -> Any:
    """Return a request, or a part of it, for a state that calls the EMR API.

    :param shape: the name of its shape in the service model.
    :raises EmrError: a token can't be a part of the value that contains it.
    """
    return as_expressions(with_typed_tokens(request, shape, STATE_NAMES))
