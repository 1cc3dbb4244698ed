"""Apache Ranger: its admin server, its plugins, and what they require."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, matches, repeated_at, requires_release
from .parts import Part
from .registry import At, Severity, rule
from .releases import application_at, has_application, supports
from .security_configuration import DOCUMENT, LAUNCH
from .software import configurations
from .sources import management_guide
from .topology import three_masters_at

_RANGER = management_guide("emr-ranger-security-config")
_CONSIDERATIONS = management_guide("emr-ranger-app-support")
# The applications, in addition to Trino, that EMR installs together with Ranger.
_ALLOWED: Final = frozenset((
    "spark", "hive", "hadoop", "livy", "zeppelin", "hue", "ganglia", "hcatalog", "mahout", "mxnet", "tensorflow", "tez",
    "zookeeper",
))  # fmt: skip
_FACTORY: Final = "hive.metastore.client.factory.class"
_PLUGINS: Final = "RangerPluginConfigurations"


@rule("emr-ranger-plugins", "RangerConfiguration", fix="specify one plugin for each application", is_form=True,
      source=_RANGER)  # fmt: skip
def _one_plugin_for_each_application(ranger: Part) -> Iterator[At]:
    """Ranger must have at least one plugin, and one for each application."""
    if ranger.is_complete(_PLUGINS) and ranger.get(_PLUGINS) == []:
        yield At(ranger.at(_PLUGINS), "Ranger must have plugins")
    for found in repeated_at(ranger.items(_PLUGINS), "App"):
        yield At(found.place, f"applications of Ranger plugins must be unique, got {found.message}")


def _without_plugin(launch: Part) -> Iterator[At]:
    authorization, cluster = (
        launch.part("SecurityConfiguration").part("AuthorizationConfiguration"),
        launch.part("Cluster"),
    )
    ranger = authorization.part("RangerConfiguration")
    plugins = {plugin.get("App") for plugin in ranger.items(_PLUGINS)}
    for name in ("Spark", "Hive") if _PLUGINS in ranger and ranger.is_complete(_PLUGINS) else ():
        if has_application(cluster, name) and name not in plugins:
            yield At(application_at(cluster, name), f"{name} without one")


def _uses_ranger(launch: Part) -> bool:
    return "RangerConfiguration" in launch.part("SecurityConfiguration").part("AuthorizationConfiguration")


def _with_glue(launch: Part) -> At | None:
    for part in configurations(launch.part("Cluster"), "MASTER") if _uses_ranger(launch) else ():
        properties: dict[str, str] = part.get("Properties", {})
        is_site = part.get("Classification") in ("hive-site", "spark-hive-site")
        if is_site and "glue" in properties.get(_FACTORY, "").lower():
            return At(part.at("Properties", _FACTORY), "")
    return None


def _excluded_applications(cluster: Part) -> list[At]:
    places = {str(found.get("Name", "hadoop")): found.at("Name") for found in cluster.items("Applications")}
    has_trino = supports(cluster.get("ReleaseLabel", ""), "ranger_trino") is not False
    allowed = _ALLOWED | {"trino"} if has_trino else _ALLOWED
    return [At(place, name) for name, place in places.items() if name.lower() not in allowed]


# fmt: off
matches("emr-ranger-admin-url", "RangerConfiguration", "AdminServerURL", r"https://[^/\s]+/?",
        what="the URL of the Ranger admin server", must="begin with https:// and have no path",
        fix="use an address such as https://ranger.example.com:6182", source=_RANGER)
constraint("emr-ranger-kerberos", DOCUMENT, "Ranger requires Kerberos, to identify users",
           lambda document: "RangerConfiguration" in document.part("AuthorizationConfiguration")
           and document.is_complete("AuthenticationConfiguration")
           and "KerberosConfiguration" not in document.part("AuthenticationConfiguration"),
           at="AuthenticationConfiguration.KerberosConfiguration",
           fix="add Kerberos, with a cluster-dedicated or an external KDC", source=_RANGER)
constraint("emr-ranger-application", LAUNCH, "Spark and Hive must have a Ranger plugin on a cluster with Ranger",
           _without_plugin, fix="add the plugin, or remove the application", source=_RANGER)
constraint("emr-ranger-excluded-application", LAUNCH,
           "the applications of a cluster with Ranger must be those that EMR supports with it",
           lambda launch: _uses_ranger(launch) and _excluded_applications(launch.part("Cluster")),
           fix="remove the application, or run it on a cluster without Ranger", source=_CONSIDERATIONS)
constraint("emr-ranger-ha", LAUNCH,
           "a cluster with Ranger must have one primary node, because EMR doesn't support Ranger with three",
           lambda launch: _uses_ranger(launch) and (place := three_masters_at(launch.part("Cluster")))
           and At(place, ""), fix="use one primary node", severity=Severity.WARNING, source=_CONSIDERATIONS)
constraint("emr-ranger-glue", LAUNCH, "Ranger can't be combined with the AWS Glue Data Catalog", _with_glue,
           fix="use the Hive metastore of the cluster, or an external one", severity=Severity.WARNING,
           source=_CONSIDERATIONS)
requires_release("emr-ranger-release", LAUNCH, {"ranger": _uses_ranger}, fix="use a release that supports Ranger",
                 source=management_guide("emr-ranger"))
