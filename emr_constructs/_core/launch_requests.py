"""What identifies the launch requests that a template publishes for other programs."""

from __future__ import annotations

from typing import Final

__all__ = ["PUBLISHERS", "REQUEST_IN_BUCKET", "TEMPLATE_TAG"]

TEMPLATE_TAG: Final = "emr-constructs:launch-template"
"""The tag of a cluster that was launched with a launch template; the cleanup of state machines doesn't know it."""

REQUEST_IN_BUCKET: Final = "Custom::EmrLaunchRequest"
"""The type of the custom resource that writes a request to an S3 bucket."""

PUBLISHERS: Final = {
    "AWS::SSM::Parameter": "Value",
    "AWS::SecretsManager::Secret": "SecretString",
    REQUEST_IN_BUCKET: "Create",
    "AWS::Lambda::Function": "Environment",
}
"""By type of resource, the property that requests with the tag are published in."""
