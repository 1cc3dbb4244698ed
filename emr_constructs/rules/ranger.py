"""Apache Ranger: its admin server, its plugins, and what it needs besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .registry import Part, rule
from .releases import has_application, lacks
from .security_configuration import DOCUMENT, LAUNCH
from .shapes import add_enum, add_list, add_shape
from .sources import management_guide

_RANGER = management_guide("emr-ranger-security-config")

add_enum("RangerApplication", ("Spark", "Hive", "EMRFS-S3", "Trino"))
_REQUIRED: Final = {
    "AdminServerURL": "String",
    "AdminServerSecretARN": "String",
    "RoleForRangerPluginsARN": "String",
    "RoleForOtherAWSServicesARN": "String",
    "RangerPluginConfigurations": "RangerPluginConfigurationList",
}
_PLUGIN: Final = {"App": "RangerApplication", "ClientSecretARN": "String", "PolicyRepositoryName": "String"}
add_shape("RangerConfiguration", {**_REQUIRED, "AuditConfiguration": "AuditConfiguration"}, required=_REQUIRED)
add_shape("RangerPluginConfiguration", _PLUGIN, required=_PLUGIN)
add_list("RangerPluginConfigurationList", "RangerPluginConfiguration")
add_shape("AuditConfiguration", {"Destinations": "AuditDestinations"}, required=["Destinations"])
add_shape("AuditDestinations", {"AmazonCloudWatchLogs": "AuditLogs"}, required=["AmazonCloudWatchLogs"])
add_shape("AuditLogs", {"CloudWatchLogGroup": "String"}, required=["CloudWatchLogGroup"])


@rule(
    "emr-ranger-admin-url",
    "RangerConfiguration",
    do="use an address such as https://ranger.example.com:6182",
    source=_RANGER,
)
def _ranger_is_reached_with_tls(ranger: Part) -> Iterator[str]:
    """The plugins reach the Ranger admin server over TLS."""
    url = ranger.get("AdminServerURL")
    if url is not None and not re.fullmatch(r"https://[^/\s]+/?", url):
        yield f"the URL of the Ranger admin server is {url!r}"


@rule(
    "emr-ranger-plugins",
    "RangerConfiguration",
    do="give one plugin for each application",
    source=_RANGER,
)
def _one_plugin_for_each_application(ranger: Part) -> Iterator[str]:
    """Ranger has one plugin for each application, and one at least."""
    if ranger.is_complete("RangerPluginConfigurations") and ranger.get("RangerPluginConfigurations") == []:
        yield "Ranger has no plugins"
    names = [plugin.get("App") for plugin in ranger.items("RangerPluginConfigurations") if plugin.get("App")]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Ranger has {names.count(name)} plugins for {name}"


@rule(
    "emr-ranger-kerberos",
    DOCUMENT,
    do="add Kerberos, with a KDC of the cluster or an external one",
    source=_RANGER,
)
def _ranger_needs_kerberos(document: Part) -> Iterator[str]:
    """Ranger needs Kerberos, which tells it who asks."""
    if not document.is_complete("AuthenticationConfiguration"):
        return
    ranger = "RangerConfiguration" in document.part("AuthorizationConfiguration")
    if ranger and "KerberosConfiguration" not in document.part("AuthenticationConfiguration"):
        yield "the security configuration has Ranger and no Kerberos"


@rule(
    "emr-ranger-application",
    LAUNCH,
    do="add its plugin, or leave the application out",
    source=_RANGER,
)
def _applications_have_a_plugin(launch: Part) -> Iterator[str]:
    """With Ranger, Spark and Hive are only installed with their plugin."""
    ranger = launch.part("SecurityConfiguration").part("AuthorizationConfiguration").part("RangerConfiguration")
    if "RangerPluginConfigurations" not in ranger or not ranger.is_complete("RangerPluginConfigurations"):
        return
    plugins = {plugin.get("App") for plugin in ranger.items("RangerPluginConfigurations")}
    for application in ("Spark", "Hive"):
        if has_application(launch.part("Cluster"), application) and application not in plugins:
            yield f"the cluster has {application}, and Ranger has no plugin for it"


@rule("emr-ranger-release", LAUNCH, do="use a release that has it", source=management_guide("emr-ranger"))
def _release_has_ranger(launch: Part) -> Iterator[tuple[str, str]]:
    """Ranger needs a release from 5.32.0 or 6.3.0 on; EMR gave it up with 7.4.0."""
    if "RangerConfiguration" in launch.part("SecurityConfiguration").part("AuthorizationConfiguration"):
        yield from lacks(launch.part("Cluster"), "ranger")
