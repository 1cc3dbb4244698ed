"""Applications of a cluster and their configurations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from .._core.nearest import nearest
from .constraints import constraint, matches, unique
from .parts import Part, once
from .registry import At, Severity, rule
from .releases import application_at, applications, has_application, known_labels
from .sources import api_reference, release_guide

__all__ = ["CLASSIFICATION", "SECRET_PREFIX", "configurations", "each_setting", "setting_at", "settings"]

_CONFIGURE = release_guide("emr-configure-apps")
_SECRETS = release_guide("storing-sensitive-data")
CLASSIFICATION = "[A-Za-z0-9][A-Za-z0-9._-]*"
SECRET_PREFIX = "EMR.secret@"  # noqa: S105  (marks a reference, is none)


def configurations(cluster: Part, *roles: str) -> Iterable[Part]:
    """The configurations of a cluster, and those of its instance groups and of the instance types of its fleets.

    :param roles: only of the nodes of these roles, such as ``MASTER``. Default: of all nodes.
    """
    return _configurations(cluster, roles) if roles else _all_configurations(cluster)


@once
def _all_configurations(cluster: Part) -> list[Part]:
    return list(_configurations(cluster, ()))


def _configurations(cluster: Part, roles: tuple[str, ...]) -> Iterator[Part]:
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


def setting_at(cluster: Part, classification: str, key: str) -> str:
    """The place of a setting that applies to the whole cluster; its configurations if it is not specified."""
    for part in reversed(cluster.items("Configurations")):
        if part.get("Classification") == classification and key in part.get("Properties", {}):
            return str(part.at("Properties", key))
    return cluster.at("Configurations")


def each_setting(got: Callable[[str | None, str, str], str | None]) -> Callable[[Part], Iterator[At]]:
    """Find the settings of a configuration for which ``got`` returns what is wrong.

    :param got: gets the name of the classification, the key and the value.
    """

    def found(configuration: Part) -> Iterator[At]:
        name: str | None = configuration.get("Classification")
        properties: dict[str, str] = configuration.get("Properties", {})
        for key, value in properties.items():
            if wrong := got(name, key, value):
                yield At(configuration.at("Properties", key), wrong)

    return found


def _plain_reference(_name: str | None, key: str, value: str) -> str | None:
    is_plain = key.startswith(SECRET_PREFIX) and not re.match(r"arn:[\w-]+:secretsmanager:", value)
    return f"{value!r} for {key!r}" if is_plain else None


def _long_reference(_name: str | None, key: str, value: str) -> str | None:
    length = len(key) + len(value)
    return f"{length} for {key[:60]!r}" if length > 1024 and key.startswith(SECRET_PREFIX) else None


def _readable_password(name: str | None, key: str, value: str) -> str | None:
    is_password = bool(value) and re.search(r"(password|secret[.-]?(access[.-]?)?key)$", key.lower())
    return f"plain text for {key!r} of {name!r}" if is_password and not key.startswith(SECRET_PREFIX) else None


@cache
def _known_applications() -> Mapping[str, str]:
    """The applications of all releases by their names in lower case."""
    return {name.lower(): name for label in known_labels() for name in applications(label)}


@rule("emr-application-unknown", "RunJobFlowInput", severity=Severity.WARNING, fix="correct the name",
      source=release_guide("emr-release-components"))  # fmt: skip
def _applications_are_spelled_right(cluster: Part) -> Iterator[At]:
    """An application must be one that some release offers, if the release of the cluster isn't known."""
    if not cluster.items("Applications") or applications(cluster.get("ReleaseLabel", "")):
        return
    known = _known_applications()
    for application in cluster.items("Applications"):
        name = application.get("Name", "")
        if not name or name.lower() in known or name.lower() == "hadoop":
            continue
        if near := nearest(name, known.values(), cutoff=0.8):
            message = f"application must be one that a release offers, got {name!r}"
            yield At(application.at("Name"), message, f"use {near!r}")


# fmt: off
matches("emr-classification", "Configuration", "Classification", CLASSIFICATION, what="the classification",
        must="have only letters, digits, dots, hyphens and underscores", fix="use a name such as spark-defaults",
        source=_CONFIGURE)
constraint("emr-classification-missing", "Configuration",
           "a configuration must have a classification, because its properties belong to no file otherwise",
           lambda configuration: "Classification" not in configuration
           and ("Properties" in configuration or "Configurations" in configuration),
           fix="specify Classification", severity=Severity.WARNING, source=_CONFIGURE)
unique("emr-classification-repeated", "RunJobFlowInput", "Configurations", "Classification", what="classifications",
       note=", because it is not documented which of two applies", fix="merge the configurations",
       severity=Severity.WARNING, source=_CONFIGURE)
constraint("emr-secret-reference", "Configuration",
           f"the value of a property with the prefix {SECRET_PREFIX} must be the ARN of a secret",
           each_setting(_plain_reference),
           fix="use the ARN of a secret in AWS Secrets Manager", is_form=True, source=_SECRETS)
constraint("emr-secret-length", "Configuration",
           "the key and value of a reference to a secret must have at most 1024 characters",
           each_setting(_long_reference), fix="use a shorter name for the secret", source=_SECRETS)
constraint("emr-plain-password", "Configuration",
           "a password must be a reference to a secret, because configurations are readable",
           each_setting(_readable_password), fix=f"use the prefix {SECRET_PREFIX} and the ARN of a secret",
           library_fix="pass a secretsmanager.ISecret as the value", severity=Severity.WARNING, source=_SECRETS)
unique("emr-application-repeated", "RunJobFlowInput", "Applications", "Name", what="applications", fold=str.lower,
       note=", regardless of case", fix="remove one of them", severity=Severity.WARNING,
       source=api_reference("RunJobFlow"))
constraint("emr-presto-and-trino", "RunJobFlowInput", "Presto can't be combined with Trino",
           lambda cluster: has_application(cluster, "Presto")
           and (has_application(cluster, "Trino") or has_application(cluster, "PrestoSQL"))
           and At(application_at(cluster, "Presto"), ""), fix="remove one of them", source=release_guide("emr-presto"))
