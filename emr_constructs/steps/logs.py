"""Where the logs of a single step go, for :meth:`Step.with_logs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.signatures import check_calls
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

__all__ = ["StepLogs"]


@check_calls
@dataclass(frozen=True, slots=True)
class StepLogs:
    """A folder of a bucket for the logs of a step."""

    bucket: s3.IBucket
    prefix: str
    """Ends with a slash."""

    encryption_key: kms.IKey | None

    def __post_init__(self) -> None:
        reject_inputs("the log prefix", self.prefix)
        if self.prefix.startswith("/") or not self.prefix.endswith("/"):
            raise EmrError(
                f"the log prefix is {self.prefix!r}; use a prefix that ends with a slash, such as 'nightly/'"
            )
        enforce("S3MonitoringConfiguration", self.render())

    def render(self) -> dict[str, Any]:
        """The location in the shape of the EMR API (``S3MonitoringConfiguration``)."""
        logs = {"LogUri": self.bucket.s3_url_for_object(self.prefix)}
        if self.encryption_key is not None:
            logs["EncryptionKeyArn"] = self.encryption_key.key_arn
        return logs
