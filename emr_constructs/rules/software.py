"""Configurations of the applications on a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .registry import Part, Severity, rule
from .sources import release_guide

__all__ = ["SECRET_PREFIX", "configurations", "settings"]

_CONFIGURE = release_guide("emr-configure-apps")
_SECRETS = release_guide("storing-sensitive-data")
SECRET_PREFIX = "EMR.secret@"  # noqa: S105  (marks a reference, is none)


def configurations(cluster: Part, *roles: str) -> Iterator[Part]:
    """The configurations of a cluster, and those of its instance groups and of the instance types of its fleets.

    :param roles: only of the nodes of these roles, such as ``MASTER``. Default: of all nodes.
    """
    instances = cluster.part("Instances")
    yield from cluster.items("Configurations")
    for group in instances.items("InstanceGroups"):
        if not roles or group.get("InstanceRole") in roles:
            yield from group.items("Configurations")
    for fleet in instances.items("InstanceFleets"):
        if not roles or fleet.get("InstanceFleetType") in roles:
            for kind in fleet.items("InstanceTypeConfigs"):
                yield from kind.items("Configurations")


def settings(found: Iterable[Part], classification: str) -> dict[str, str]:
    """The properties of ``classification`` in the configurations ``found``."""
    same = (part for part in found if part.get("Classification") == classification)
    return {key: value for part in same for key, value in part.get("Properties", {}).items()}


@rule("emr-classification", "Configuration", do="use a name such as spark-defaults", source=_CONFIGURE)
def _classification_is_a_name(configuration: Part) -> Iterator[str]:
    """A configuration has a classification: a word of letters, digits, dots, hyphens and underscores."""
    name = configuration.get("Classification")
    if name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        yield f"the classification is {name!r}"


@rule("emr-classification-repeated", "RunJobFlowInput", do="merge them into one", source=_CONFIGURE)
def _classifications_differ(cluster: Part) -> Iterator[str]:
    """A classification appears once in the configurations of a cluster."""
    names = [name for part in cluster.items("Configurations") if (name := part.get("Classification"))]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{names.count(name)} configurations have the classification {name!r}"


@rule(
    "emr-secret-reference",
    "Configuration",
    do="give the ARN of a secret in Secrets Manager",
    source=_SECRETS,
)
def _secret_reference_is_an_arn(configuration: Part) -> Iterator[str]:
    """A property whose key begins with ``EMR.secret@`` has the ARN of a secret as its value."""
    for key, value in configuration.get("Properties", {}).items():
        if key.startswith(SECRET_PREFIX) and not re.match(r"arn:[\w-]+:secretsmanager:", value):
            yield f"the property {key!r} is {value!r}"


@rule("emr-secret-length", "Configuration", do="use 1024 characters at most", source=_SECRETS)
def _secret_reference_is_short(configuration: Part) -> Iterator[str]:
    """The key and the value of a reference to a secret have at most 1024 characters together."""
    for key, value in configuration.get("Properties", {}).items():
        if key.startswith(SECRET_PREFIX) and len(key) + len(value) > 1024:
            yield f"the property {key[:60]!r} has {len(key) + len(value)} characters with its value"


@rule(
    "emr-plain-password",
    "Configuration",
    do="give a secret of Secrets Manager as the value: whoever may describe the cluster reads the configurations",
    source=_SECRETS,
    severity=Severity.WARNING,
)
def _passwords_are_secrets(configuration: Part) -> Iterator[str]:
    """A password among the properties is a reference to a secret."""
    for key, value in configuration.get("Properties", {}).items():
        if value and not key.startswith(SECRET_PREFIX) and re.search(r"(password|secret[.-]?key)$", key.lower()):
            yield f"the property {key!r} of {configuration.get('Classification')!r} is readable"
