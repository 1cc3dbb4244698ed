"""The log destination of a single step, for ``Step.with_logs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.prefixes import as_folder, prefix_errors
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

__all__ = ["StepLogs"]


@check_calls
@value_class
class StepLogs:
    """A folder of a bucket for the logs of a step."""

    bucket: s3.IBucket
    prefix: str = converted(as_folder)
    """Ends with a slash, which is added if it is missing."""

    encryption_key: kms.IKey | None

    def __post_init__(self) -> None:
        reject_inputs("the log prefix", self.prefix)
        problems = list(prefix_errors("prefix", self.prefix, example="nightly/"))
        if problems:
            raise EmrError(problems)
        enforce("S3MonitoringConfiguration", self._render())

    def _render(self) -> dict[str, Any]:
        """Render the folder as ``S3MonitoringConfiguration`` of the EMR API."""
        logs = {"LogUri": self.bucket.s3_url_for_object(self.prefix)}
        if self.encryption_key is not None:
            logs["EncryptionKeyArn"] = self.encryption_key.key_arn
        return logs
