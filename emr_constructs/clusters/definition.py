"""The definition of a cluster: release, applications, nodes, steps, termination.

A definition doesn't require a scope. Long-running clusters and transient clusters can share it; the
``ClusterProfile`` contains the network, roles and security configuration.

    definition = ClusterDefinition(release_label=ReleaseLabel.EMR_7_14_0, applications=[Application.SPARK])
    smaller = definition.replace(instances=InstanceGroups(master=InstanceGroup("m7g.xlarge")))
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.types import FLAG, KEY_PAIR, ROLE, Choice, Kind, ListOf, MappingOf, Named, type_errors
from ..capacity.ebs_volumes import RootVolume
from ..capacity.instance_groups import InstanceGroups
from ..rules import enforce
from ..software.applications import Application
from ..software.configurations import Configuration
from ..software.configurations import merge as merge_configurations
from ..software.release_label import DEFAULT_RELEASE, ReleaseLabel
from ..steps.scripts import Locate, unlocated
from ..steps.steps import Step
from .cluster_logs import CloudWatchLogs
from .termination import Termination

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

    from ..capacity.instance_fleets import InstanceFleets
    from .cluster_options import ClusterOptions

__all__ = ["ClusterDefinition"]

_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "cluster_name": (str,),
    "release_label": (ReleaseLabel, str),
    "applications": (ListOf(Application, str),),
    "instances": (InstanceGroups, Named("InstanceFleets")),
    "managed_scaling": (Named("ManagedScaling"),),
    "configurations": (ListOf(Configuration, ListOf(Configuration)),),
    "bootstrap_actions": (ListOf(Named("BootstrapAction")),),
    "steps": (ListOf(Step),),
    "step_concurrency_level": (int,),
    "termination": (Termination,),
    "unhealthy_node_replacement": (FLAG, None),
    "placement_strategy": (Choice(("SPREAD",)), None),
    "visible_to_all_users": (FLAG, None),
    "cloudwatch_logs": (CloudWatchLogs,),
    "s3_log_policies": (MappingOf((str,)),),
    "session_enabled": (bool,),
    "step_execution_role": (ROLE,),
    "root_volume": (RootVolume,),
    "custom_ami_id": (str,),
    "os_release_label": (str,),
    "scale_down_behavior": (str,),
    "additional_info": (Mapping,),
    "key_pair": (KEY_PAIR,),
    "kerberos": (Named("KerberosAttributes"),),
    "tags": (MappingOf((str,)),),
}

# None leaves these out instead of selecting the default.
_OMITTABLE: Final = {name for name, kinds in _KINDS.items() if None in kinds}

# Options that the API accepts without conversion.
_MEMBERS: Final = {
    "cluster_name": "Name",
    "step_concurrency_level": "StepConcurrencyLevel",
    "custom_ami_id": "CustomAmiId",
    "os_release_label": "OSReleaseLabel",
    "scale_down_behavior": "ScaleDownBehavior",
    "session_enabled": "SessionEnabled",
}


@check_calls
class ClusterDefinition:
    """An immutable definition of a cluster."""

    def __init__(self, **options: Unpack[ClusterOptions]) -> None:
        """Define what runs.

        :param options: see ``ClusterOptions``.
        :raises EmrError: an option doesn't exist, or EMR would reject the options.
        """
        given = {name: _own(value) for name, value in options.items() if value is not None or name in _OMITTABLE}
        known = {name: (value, *_KINDS[name]) for name, value in given.items() if name in _KINDS}
        problems = list(type_errors(known))
        if unknown := sorted(given.keys() - _KINDS):
            from .unknown_options import unknown_option

            problems += [unknown_option(name, _KINDS) for name in unknown]
        if problems:
            raise EmrError(problems)
        options = self._options = cast("ClusterOptions", given)
        release = options.get("release_label", DEFAULT_RELEASE)
        self.release_label: ReleaseLabel = release if isinstance(release, ReleaseLabel) else ReleaseLabel.of(release)
        """The release."""
        self.instances: InstanceGroups | InstanceFleets = options.get("instances") or InstanceGroups.default(
            self.release_label
        )
        """The nodes."""
        self.termination: Termination = options.get("termination") or Termination.when_idle()
        """When the cluster is terminated."""
        self.steps: tuple[Step, ...] = tuple(options.get("steps", ()))
        """The steps that are launched with the cluster."""
        self.configurations: tuple[Configuration, ...] = merge_configurations(options.get("configurations", ()))
        """The settings of the applications, merged by classification."""
        request = self._render()
        enforce("RunJobFlowInput", {"Name": "cluster", **request})
        if any(action.starts_ssm_agent for action in options.get("bootstrap_actions", ())):
            from ..software.bootstrap_actions import check_images

            check_images(request)

    def replace(self, **options: Unpack[ClusterOptions]) -> ClusterDefinition:
        """Return a copy with other ``options``."""
        merged: ClusterOptions = {**self._options, **options}
        return ClusterDefinition(**merged)

    def __repr__(self) -> str:
        return f"ClusterDefinition({', '.join(f'{name}={value!r}' for name, value in self._options.items())})"

    def __eq__(self, other: object) -> bool:
        return self._options == other._options if isinstance(other, ClusterDefinition) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._options))

    @property
    def options(self) -> ClusterOptions:
        """The options that were passed."""
        return {**self._options}

    @property
    def secrets(self) -> Iterator[secretsmanager.ISecret]:
        """The secrets that EMR reads with the service role to configure the applications."""
        for configuration in (*self.configurations, *self.instances.configurations):
            yield from configuration.secrets

    @property
    def uses_spot(self) -> bool:
        """Whether EMR requests Spot Instances, including those of managed scaling."""
        scaling = self._options.get("managed_scaling")
        adds_spot = scaling is not None and scaling.adds_spot and not isinstance(self.instances, InstanceGroups)
        return self.instances.uses_spot or adds_spot

    def _render(self, locate: Locate = unlocated) -> dict[str, Any]:
        """Render the definition as members of RunJobFlow.

        :param locate: returns the URI of a script. Default: the URIs of local files are unknown.
        """
        options = self._options
        request: dict[str, Any] = {"ReleaseLabel": self.release_label.label}
        visible = options.get("visible_to_all_users", True)
        if visible is not None:
            request["VisibleToAllUsers"] = visible
        request |= {_MEMBERS[name]: value for name, value in options.items() if name in _MEMBERS}
        if options.get("applications"):
            given = (
                item if isinstance(item, Application) else Application.of(item) for item in options["applications"]
            )
            request["Applications"] = [application._render() for application in given]
        request |= self._logs_and_roles(request.get("Applications", []))
        if self.configurations:
            request["Configurations"] = [configuration._render() for configuration in self.configurations]
        if options.get("bootstrap_actions"):
            request["BootstrapActions"] = [action._render(locate) for action in options["bootstrap_actions"]]
        if self.steps:
            request["Steps"] = [step._render(locate) for step in self.steps]
        if "root_volume" in options:
            request |= options["root_volume"]._render()
        if "kerberos" in options:
            request["KerberosAttributes"] = options["kerberos"]._render()
        if "additional_info" in options:
            request["AdditionalInfo"] = _json(options["additional_info"])
        if options.get("tags"):
            request["Tags"] = [{"Key": key, "Value": value} for key, value in options["tags"].items()]
        request |= self.termination._render()
        request |= self._capacity()
        request["Instances"] |= self.instances._render()
        replacement = options.get("unhealthy_node_replacement", True)
        if replacement is not None:
            request["Instances"]["UnhealthyNodeReplacement"] = replacement
        if "key_pair" in options:
            request["Instances"]["Ec2KeyName"] = options["key_pair"].key_pair_name
        return request

    def _logs_and_roles(self, applications: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Render the members about logs, with the application that sends them, and the role of steps."""
        monitoring: dict[str, Any] = {}
        members: dict[str, Any] = {}
        if "step_execution_role" in self._options:
            members["StepExecutionRoleArn"] = self._options["step_execution_role"].role_arn
        if "cloudwatch_logs" in self._options:
            monitoring["CloudWatchLogConfiguration"] = self._options["cloudwatch_logs"]._render()
            agent = Application.AMAZON_CLOUDWATCH_AGENT._render()
            if agent["Name"].lower() not in (str(each.get("Name")).lower() for each in applications):
                members["Applications"] = [*applications, agent]
        if "s3_log_policies" in self._options:
            policies = dict(self._options["s3_log_policies"])
            monitoring["S3LoggingConfiguration"] = {"LogTypeUploadPolicy": policies}
        return members | ({"MonitoringConfiguration": monitoring} if monitoring else {})

    def _capacity(self) -> dict[str, Any]:
        """Render the members about nodes outside of ``Instances``."""
        members: dict[str, Any] = {}
        if "managed_scaling" in self._options:
            members["ManagedScalingPolicy"] = self._options["managed_scaling"]._render()
        default = "SPREAD" if self.instances.has_three_masters else None
        strategy = self._options.get("placement_strategy", default)
        if strategy is not None:
            members["PlacementGroupConfigs"] = [{"InstanceRole": "MASTER", "PlacementStrategy": strategy}]
        return members


def _own(value: Any) -> Any:
    """Return a copy of a list or mapping, which its owner can change."""
    return value.copy() if isinstance(value, list | dict) else value


def _json(additional_info: Mapping[str, object]) -> str:
    try:
        if any(not isinstance(key, str) for key in additional_info):
            raise TypeError("keys must be strings")
        return json.dumps(additional_info, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise EmrError(
            f"additional_info must be convertible to JSON, got an error: {error}; use text, numbers, lists and "
            "mappings, and cdk.Token.as_string(...) for a token"
        ) from None
