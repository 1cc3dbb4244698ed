r"""What the starter of a job may choose, and nothing else.

    date = JobInput.text("date", default="yesterday", pattern=r"yesterday|\d{4}-\d{2}-\d{2}")
    nodes = JobInput.number("core_nodes", default=2, minimum=1, maximum=20)

``Step.spark("Import", script=script, args=["--date", date.value])`` and ``InstanceGroup("r7g.2xlarge", nodes.value)``
stand for what the execution gets as ``{"date": "2026-11-23", "core_nodes": 8}``. Only the work and the definition of a
:class:`TransientCluster` know what a value stands for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .._errors import EmrError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["JobInput", "TextInput", "WholeNumberInput", "as_expressions", "used_inputs"]

# In the spelling of a CDK token, so that rules take the text as not known yet, and CDK refuses it anywhere else.
_MARK: Final = re.compile(r"\$\{Token\[JobInput\.(\w+)\]\}")
# What Python makes of a number token of CDK inside a text.
_NUMBER_IN_TEXT: Final = re.compile(r"-1\.888\d+e\+289")


@dataclass(frozen=True, slots=True)
class JobInput:
    """A value that the starter of an execution may give; made with one of the factories."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z]\w{0,63}", self.name, re.ASCII):
            raise EmrError(f"the name of an input is {self.name!r}; use a letter, then up to 63 letters, digits and _")

    @staticmethod
    def text(name: str, *, default: str | None = None, pattern: str | None = None) -> TextInput:
        r"""Text, as an argument of a step or a part of one.

        :param name: the key in the input of the execution.
        :param default: the text where the execution gives none. Default: the execution has to give it.
        :param pattern: a regular expression for the whole text, such as ``\d{4}-\d{2}-\d{2}``. Default: any text.
        :raises EmrError: the name or the pattern is no such thing, or the default does not match the pattern.
        """
        return TextInput(name, default, pattern)

    @staticmethod
    def number(
        name: str, *, default: int | None = None, minimum: int | None = None, maximum: int | None = None
    ) -> WholeNumberInput:
        """A whole number, as the count of an instance group.

        :param name: the key in the input of the execution.
        :param default: the number where the execution gives none. Default: the execution has to give it.
        :param minimum: the lowest number. Default: any.
        :param maximum: the highest number. Default: any.
        :raises EmrError: the name is no such thing, or the numbers contradict each other.
        """
        return WholeNumberInput(name, default, minimum, maximum)

    @property
    def initial(self) -> Any:
        """The value where the execution gives none; None where it has to."""
        raise NotImplementedError

    @property
    def expectation(self) -> str:
        """What is accepted, in words."""
        raise NotImplementedError

    def refusal(self, given: str) -> str:
        """The JSONata expression that is true where the text ``given`` refers to a value that is not accepted."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TextInput(JobInput):
    """Text that the starter of an execution may give."""

    default: str | None
    pattern: str | None

    def __post_init__(self) -> None:
        JobInput.__post_init__(self)
        if self.pattern is None:
            return
        try:
            pattern = re.compile(self.pattern)
        except re.error as error:
            raise EmrError(f"the pattern of the input {self.name!r} is {self.pattern!r}: {error}; correct it") from None
        if self.default is not None and not pattern.fullmatch(self.default):
            raise EmrError(
                f"the default of the input {self.name!r} is {self.default!r}; use one that matches {self.pattern!r}"
            )

    @property
    def value(self) -> str:
        """Stands for the text."""
        return f"${{Token[JobInput.{self.name}]}}"

    @property
    def initial(self) -> str | None:
        return self.default

    @property
    def expectation(self) -> str:
        return "text" if self.pattern is None else f"text that matches {self.pattern}"

    def refusal(self, given: str) -> str:
        other = f'$type({given}) != "string"'
        if self.pattern is None:
            return other
        pattern = re.sub(r"(?<!\\)/", r"\\/", self.pattern)
        return f"{other} ? true : $not($contains({given}, /^(?:{pattern})$/))"


@dataclass(frozen=True, slots=True)
class WholeNumberInput(JobInput):
    """A whole number that the starter of an execution may give."""

    default: int | None
    minimum: int | None
    maximum: int | None

    def __post_init__(self) -> None:
        JobInput.__post_init__(self)
        lowest, highest = self.minimum, self.maximum
        if lowest is not None and highest is not None and lowest > highest:
            raise EmrError(f"the input {self.name!r} is {lowest} at least and {highest} at most; exchange them")
        if self.default is not None and (
            (lowest is not None and self.default < lowest) or (highest is not None and self.default > highest)
        ):
            raise EmrError(f"the default of the input {self.name!r} is {self.default}; use {self.expectation}")

    @property
    def value(self) -> int:
        """Stands for the number."""
        import aws_cdk as cdk

        # CDK gives whole numbers to Python as floats.
        number: int = cdk.Token.as_number(cdk.Token.as_any(f"{{% $inputs.{self.name} %}}"))  # type: ignore[assignment]
        return number

    @property
    def initial(self) -> int | None:
        return self.default

    @property
    def expectation(self) -> str:
        match self.minimum, self.maximum:
            case None, None:
                return "a whole number"
            case lowest, None:
                return f"a whole number of {lowest} or more"
            case None, highest:
                return f"a whole number of {highest} or less"
            case lowest, highest:
                return f"a whole number from {lowest} to {highest}"

    def refusal(self, given: str) -> str:
        bounds = [f"{given} != $floor({given})"]
        if self.minimum is not None:
            bounds.append(f"{given} < {self.minimum}")
        if self.maximum is not None:
            bounds.append(f"{given} > {self.maximum}")
        return f'$type({given}) != "number" ? true : ({" or ".join(bounds)})'


def as_expressions(value: Any) -> Any:
    """``value`` for a state machine: texts with an input become JSONata, and no other text is taken for JSONata."""
    match value:
        case str():
            return _expression(value)
        case dict():
            return {name: as_expressions(item) for name, item in value.items()}
        case list() | tuple():
            return [as_expressions(item) for item in value]
        case _:
            return value


def _expression(text: str) -> str:
    if _NUMBER_IN_TEXT.search(text):
        raise EmrError(f"{text!r} has a number of JobInput inside a text; use JobInput.text with the pattern '[0-9]+'")
    parts: Sequence[str] = _MARK.split(text)
    if len(parts) == 1 and not (text.startswith("{%") or text.endswith("%}")):
        return text
    terms = [f"$inputs.{part}" if at % 2 else json.dumps(part) for at, part in enumerate(parts) if at % 2 or part]
    return f"{{% {' & '.join(terms)} %}}"


def used_inputs(definition: Any) -> set[str]:
    """The names of the inputs that a resolved definition refers to."""
    return set(re.findall(r"\$inputs\.(\w+)", json.dumps(definition)))
