"""The pages of AWS that state the facts behind the rules."""

from __future__ import annotations

__all__ = [
    "api_reference",
    "management_guide",
    "release_guide",
    "step_functions_guide",
    "template_reference",
    "user_guide",
]

_DOCS = "https://docs.aws.amazon.com"


def management_guide(page: str) -> str:
    """A page of the Amazon EMR Management Guide."""
    return f"{_DOCS}/emr/latest/ManagementGuide/{page}.html"


def release_guide(page: str) -> str:
    """A page of the Amazon EMR Release Guide."""
    return f"{_DOCS}/emr/latest/ReleaseGuide/{page}.html"


def api_reference(page: str) -> str:
    """A page of the Amazon EMR API Reference."""
    return f"{_DOCS}/emr/latest/APIReference/API_{page}.html"


def step_functions_guide(page: str) -> str:
    """A page of the AWS Step Functions Developer Guide."""
    return f"{_DOCS}/step-functions/latest/dg/{page}.html"


def template_reference(page: str) -> str:
    """A page of the CloudFormation template reference on ``AWS::EMR``."""
    return f"{_DOCS}/AWSCloudFormation/latest/TemplateReference/{page}.html"


def user_guide(page: str) -> str:
    """A page of the AWS CloudFormation User Guide."""
    return f"{_DOCS}/AWSCloudFormation/latest/UserGuide/{page}.html"
