"""Configurations of applications.

- ``Configuration("spark-defaults", {"spark.executor.memory": "8g", "spark.dynamicAllocation.enabled": True})``
- ``Configuration.environment("hadoop-env", {"HADOOP_HEAPSIZE": 4096})`` sets environment variables.
- ``Configuration("hive-site", {"javax.jdo.option.ConnectionPassword": secret})`` references a secret of Secrets
  Manager.
- ``*Configuration.glue_data_catalog(Application.SPARK, Application.HIVE)`` uses AWS Glue as the metastore.
- ``*Configuration.from_file("emr-configurations.json")`` reads a file in the format of the EMR API.
- ``*HBaseConfigurations.on_s3(bucket)`` and similar classes configure single applications.

Configurations of the same classification are merged. Different values for the same key are an error.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard

from .._core.errors import EmrError
from .._core.input_values import renderable
from .._core.patterns import regex
from .._core.signatures import check_calls
from .._core.values import converted, value_class
from ..rules import enforce
from ..rules.software import SECRET_PREFIX
from ..steps.arguments import as_text
from .applications import Application
from .configuration_files import load
from .plain_secrets import PlainSecret, json_errors

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

__all__ = [
    "Configuration",
    "ConfigurationValue",
    "Configurations",
    "flatten",
    "is_secret",
    "merge",
    "render",
    "secret_arns",
]

ConfigurationValue: TypeAlias = "str | int | float | bool | PlainSecret"
"""Numbers and booleans are converted to strings. EMR reads the whole text of a secret, which the template doesn't
contain."""

Configurations: TypeAlias = "Sequence[Configuration | Sequence[Configuration]]"
"""Configurations, or tuples of them as returned by factories."""

_CREDENTIAL: Final = regex(r"(password|passwd|secret|key|token|user|user[._-]?name)$", re.IGNORECASE)
_GLUE_CLIENT: Final = {
    "hive.metastore.client.factory.class": ("com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory")
}
_GLUE_CONNECTOR: Final = {"hive.metastore": "glue"}
_GLUE: Final[dict[Application, tuple[str, dict[str, str]]]] = {
    Application.SPARK: ("spark-hive-site", _GLUE_CLIENT),
    Application.HIVE: ("hive-site", _GLUE_CLIENT),
    Application.PRESTO: ("presto-connector-hive", _GLUE_CONNECTOR),
    Application.TRINO: ("trino-connector-hive", _GLUE_CONNECTOR),
}


def flatten(configurations: Iterable[Configuration | Sequence[Configuration]]) -> tuple[Configuration, ...]:
    """Return the configurations, including those in nested sequences."""
    nested = ((item,) if isinstance(item, Configuration) else item for item in configurations)
    return tuple(chain.from_iterable(nested))


def _as_dict(properties: Mapping[str, ConfigurationValue] | None) -> dict[str, ConfigurationValue] | None:
    return None if properties is None else dict(properties)


def _as_tuple(configurations: Configurations | None) -> tuple[Configuration, ...] | None:
    return None if configurations is None else flatten(configurations)


@check_calls
@value_class
class Configuration:
    """The properties of a configuration classification.

    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-configure-apps.html

    :raises EmrError: the classification is invalid, there are no properties and no nested configurations, a value isn't
        text, a number, a boolean or a secret, or the secret of a password is a JSON object.
    """

    classification: str
    """The classification, for example ``spark-defaults``, ``hive-site`` or ``hadoop-env``."""

    properties: Mapping[str, ConfigurationValue] | None = converted(_as_dict, default=None)
    """The properties. An empty mapping is rendered. Default: none."""

    configurations: Configurations | None = converted(_as_tuple, default=None)
    """Nested configurations, for example ``export`` inside ``hadoop-env``. An empty list is rendered. Default: none."""

    def __post_init__(self) -> None:
        if not self.properties and not self.configurations:
            raise EmrError(
                f"configuration {self.classification!r} must not be empty; specify properties or nested configurations"
            )
        problems = [
            problem
            for key, value in (self.properties or {}).items()
            if is_secret(value) and _CREDENTIAL.search(key)
            for problem in json_errors(f"{key!r} of {self.classification!r}", value)
        ]
        if problems:
            raise EmrError(problems)
        enforce("Configuration", self._render())

    @classmethod
    def environment(cls, classification: str, variables: Mapping[str, ConfigurationValue]) -> Configuration:
        """Set the environment variables of an application.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-configure-apps.html

        :param classification: a classification that ends with ``-env``, for example ``hadoop-env``, ``spark-env`` or
            ``yarn-env``.
        :param variables: the variables, which are in a nested ``export`` classification.
        :raises EmrError: the classification doesn't end with ``-env``, or there are no variables.
        """
        if not classification.endswith("-env"):
            raise EmrError(
                f"classification must end with -env, got {classification!r}; use a classification of environment "
                "variables, such as hadoop-env"
            )
        return cls(classification, configurations=[cls("export", variables)])

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> tuple[Configuration, ...]:
        """Read configurations from a JSON or YAML file in the format of the EMR API.

        The file is valid input for ``aws emr create-cluster --configurations file://...``: a list of objects with
        ``Classification``, ``Properties`` and ``Configurations``. ``true`` and numbers don't require quotes and are
        used as written. A secret is referenced as ``"EMR.secret@<key>": "<ARN>"``. The service role is allowed to read
        it, but not to use a customer managed key of the secret.

        :param path: relative to the working directory of the app, or absolute; ``.json``, ``.yaml`` or ``.yml``.
        :raises EmrError: the file can't be read, doesn't have this format, repeats a key, or has different values for
            the same key.
        """
        file = os.fspath(path)
        content = load(file)
        try:
            return merge([cls._from_api(item) for item in content])
        except EmrError as error:
            raise EmrError(f"{file}: {problem}" for problem in error.problems) from None

    @classmethod
    def _from_api(cls, item: Mapping[str, Any]) -> Configuration:
        """Return a ``Configuration`` of the EMR API."""
        inner = item.get("Configurations")
        nested = None if inner is None else [cls._from_api(each) for each in inner]
        return cls(item["Classification"], item.get("Properties"), nested)

    @classmethod
    def glue_data_catalog(cls, *applications: Application, catalog_id: str | None = None) -> tuple[Configuration, ...]:
        """Use the AWS Glue Data Catalog as the metastore of ``applications``.

        Spark, Hive, Presto and Trino are supported. The nodes require permission to read the catalog:
        ``cluster.grants.use_glue_data_catalog("my_database")``.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hive-metastore-glue.html

        :param applications: the applications.
        :param catalog_id: the account ID of the catalog. Default: the account of the cluster.
        :raises EmrError: there is no application, or an application doesn't support the catalog.
        """
        usable = ", ".join(application.name for application in _GLUE)
        if not applications:
            raise EmrError(f"applications must not be empty; specify one or more of {usable}")
        unusable = [application.name for application in applications if application not in _GLUE]
        if unusable:
            raise EmrError(
                f"applications must support the Glue Data Catalog, got {', '.join(unusable)}; use some of {usable}"
            )
        catalog = {} if catalog_id is None else {"hive.metastore.glue.catalogid": catalog_id}
        chosen = (_GLUE[application] for application in dict.fromkeys(applications))
        return tuple(cls(classification, {**properties, **catalog}) for classification, properties in chosen)

    @property
    def secrets(self) -> Iterator[secretsmanager.ISecret]:
        """The secrets that EMR reads for this configuration."""
        yield from (value for value in (self.properties or {}).values() if is_secret(value))
        for nested in flatten(self.configurations or ()):
            yield from nested.secrets

    def _render(self) -> dict[str, Any]:
        """Render ``Configuration`` of the EMR API."""
        rendered: dict[str, Any] = {"Classification": self.classification}
        if self.properties is not None:
            rendered["Properties"] = dict(
                _render_property(self.classification, key, value) for key, value in self.properties.items()
            )
        if self.configurations is not None:
            rendered["Configurations"] = render(self.configurations)
        return rendered


def merge(configurations: Iterable[Configuration | Sequence[Configuration]]) -> tuple[Configuration, ...]:
    """Merge the configurations of each classification, in order of first appearance.

    :raises EmrError: two configurations set the same key to different values.
    """
    by_name: dict[str, list[Configuration]] = {}
    for configuration in flatten(configurations):
        by_name.setdefault(configuration.classification, []).append(configuration)
    return tuple(same[0] if len(same) == 1 else _merged(same) for same in by_name.values())


def render(configurations: Configurations) -> list[dict[str, Any]]:
    """Render the merged configurations for the EMR API."""
    return [configuration._render() for configuration in merge(configurations)]


def secret_arns(rendered: object) -> Iterator[str]:
    """Return the ARNs of the secrets that EMR reads for a rendered request."""
    if isinstance(rendered, Mapping):
        for key, value in rendered.items():
            if str(key).startswith(SECRET_PREFIX):
                yield value
            else:
                yield from secret_arns(value)
    elif isinstance(rendered, list):
        for item in rendered:
            yield from secret_arns(item)


def _merged(same: Sequence[Configuration]) -> Configuration:
    name = same[0].classification
    properties: dict[str, ConfigurationValue] = {}
    disagreements = []
    for configuration in same:
        for key, value in (configuration.properties or {}).items():
            earlier = properties.setdefault(key, value)
            if _render_property(name, key, earlier) != _render_property(name, key, value):
                disagreements.append(
                    f"{key!r} of {name!r} must have one value, got {earlier!r} and {value!r}; remove one of them"
                )
    if disagreements:
        raise EmrError(disagreements)
    nested = [part.configurations for part in same if part.configurations is not None]
    return Configuration(
        name,
        properties if any(part.properties is not None for part in same) else None,
        merge(chain.from_iterable(nested)) if nested else None,
    )


def is_secret(value: object) -> TypeGuard[secretsmanager.ISecret]:
    return hasattr(value, "secret_arn")


def _render_property(classification: str, key: str, value: object) -> tuple[str, object]:
    """Render a property; the key of a secret has a prefix, its value is the ARN."""
    match value:
        case str():
            return key, renderable(value)
        case int() | float():
            return key, as_text(value)
        case _ if is_secret(value):
            return SECRET_PREFIX + key, value.secret_arn
        case _:
            raise EmrError(
                f"the property {key!r} of {classification!r} must be text, a number, a boolean or a secret of Secrets "
                f"Manager, got {value!r}; use one of them"
            )
