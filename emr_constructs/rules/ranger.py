"""Apache Ranger: its admin server, its plugins, and what they require."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .constraints import constraint, matches, repeated, requires_release
from .registry import Part, Severity, rule
from .releases import has_application, supports
from .security_configuration import DOCUMENT, LAUNCH
from .shapes import add_enum, add_list, add_shape
from .software import configurations, settings
from .sources import management_guide
from .topology import has_three_masters

_RANGER = management_guide("emr-ranger-security-config")
_CONSIDERATIONS = management_guide("emr-ranger-app-support")
# The applications besides Trino that EMR installs together with Ranger.
_ALLOWED: Final = (
    "Spark",
    "Hive",
    "Hadoop",
    "Livy",
    "Zeppelin",
    "Hue",
    "Ganglia",
    "HCatalog",
    "Mahout",
    "MXNet",
    "TensorFlow",
    "Tez",
    "ZooKeeper",
)
_PLUGINS: Final = "RangerPluginConfigurations"
_STRINGS: Final = (
    "AdminServerURL",
    "AdminServerSecretARN",
    "RoleForRangerPluginsARN",
    "RoleForOtherAWSServicesARN",
)
_REQUIRED: Final = {**dict.fromkeys(_STRINGS, "String"), _PLUGINS: "RangerPluginConfigurationList"}
_PLUGIN: Final = {"App": "RangerApplication", "ClientSecretARN": "String", "PolicyRepositoryName": "String"}

add_enum("RangerApplication", ("Spark", "Hive", "EMRFS-S3", "Trino"))
add_shape("RangerConfiguration", {**_REQUIRED, "AuditConfiguration": "AuditConfiguration"}, required=_REQUIRED)
add_shape("RangerPluginConfiguration", _PLUGIN, required=_PLUGIN)
add_list("RangerPluginConfigurationList", "RangerPluginConfiguration")
add_shape("AuditConfiguration", {"Destinations": "AuditDestinations"}, required=["Destinations"])
add_shape("AuditDestinations", {"AmazonCloudWatchLogs": "AuditLogs"}, required=["AmazonCloudWatchLogs"])
add_shape("AuditLogs", {"CloudWatchLogGroup": "String"}, required=["CloudWatchLogGroup"])


@rule(
    "emr-ranger-plugins",
    "RangerConfiguration",
    fix="specify one plugin for each application",
    is_form=True,
    source=_RANGER,
)
def _one_plugin_for_each_application(ranger: Part) -> Iterator[str]:
    """Ranger must have at least one plugin, and one for each application."""
    if ranger.is_complete(_PLUGINS) and ranger.get(_PLUGINS) == []:
        yield "Ranger must have plugins"
    names = (plugin.get("App") for plugin in ranger.items(_PLUGINS))
    yield from (f"applications of Ranger plugins must be unique, got {it}" for it in repeated(filter(None, names)))


def _without_kerberos(document: Part) -> bool:
    authentication = document.part("AuthenticationConfiguration")
    is_missing = document.is_complete("AuthenticationConfiguration") and "KerberosConfiguration" not in authentication
    return is_missing and "RangerConfiguration" in document.part("AuthorizationConfiguration")


def _ranger(launch: Part) -> Part:
    return launch.part("SecurityConfiguration").part("AuthorizationConfiguration").part("RangerConfiguration")


def _without_plugin(launch: Part) -> list[str]:
    ranger, cluster = _ranger(launch), launch.part("Cluster")
    if _PLUGINS not in ranger or not ranger.is_complete(_PLUGINS):
        return []
    plugins = {plugin.get("App") for plugin in ranger.items(_PLUGINS)}
    return [
        f"{name} without one" for name in ("Spark", "Hive") if has_application(cluster, name) and name not in plugins
    ]


def _uses_ranger(launch: Part) -> bool:
    return "RangerConfiguration" in launch.part("SecurityConfiguration").part("AuthorizationConfiguration")


def _uses_glue(cluster: Part) -> bool:
    found = list(configurations(cluster, "MASTER"))
    sites = (settings(found, name) for name in ("hive-site", "spark-hive-site"))
    return any("glue" in site.get("hive.metastore.client.factory.class", "").lower() for site in sites)


def _excluded_applications(launch: Part) -> list[str]:
    cluster = launch.part("Cluster")
    if not _uses_ranger(launch):
        return []
    names = [str(application.get("Name", "hadoop")) for application in cluster.items("Applications")]
    allowed = {name.lower() for name in _ALLOWED}
    if supports(cluster.get("ReleaseLabel", ""), "ranger_trino") is not False:
        allowed.add("trino")
    return [name for name in names if name.lower() not in allowed]


# fmt: off
matches("emr-ranger-admin-url", "RangerConfiguration", "AdminServerURL", r"https://[^/\s]+/?",
        what="URL of the Ranger admin server", must="begin with https:// and have no path",
        fix="use an address such as https://ranger.example.com:6182", source=_RANGER)
constraint("emr-ranger-kerberos", DOCUMENT, "Ranger requires Kerberos, to identify users", _without_kerberos,
           fix="add Kerberos, with a cluster-dedicated or an external KDC", source=_RANGER)
constraint("emr-ranger-application", LAUNCH, "Spark and Hive must have a Ranger plugin on a cluster with Ranger",
           _without_plugin, fix="add the plugin, or remove the application", source=_RANGER)
constraint("emr-ranger-excluded-application", LAUNCH,
           "applications of a cluster with Ranger must be those that EMR supports with it", _excluded_applications,
           fix="remove the application, or run it on a cluster without Ranger", source=_CONSIDERATIONS)
constraint("emr-ranger-ha", LAUNCH, "a cluster with Ranger must have one primary node, because EMR supports no others",
           lambda launch: _uses_ranger(launch) and has_three_masters(launch.part("Cluster")),
           fix="use one primary node", severity=Severity.WARNING, source=_CONSIDERATIONS)
constraint("emr-ranger-glue", LAUNCH, "Ranger can't be combined with the AWS Glue Data Catalog",
           lambda launch: _uses_ranger(launch) and _uses_glue(launch.part("Cluster")),
           fix="use the Hive metastore of the cluster, or an external one", severity=Severity.WARNING,
           source=_CONSIDERATIONS)
requires_release("emr-ranger-release", LAUNCH, {"ranger": _uses_ranger}, fix="use a release that supports Ranger",
                 source=management_guide("emr-ranger"))
