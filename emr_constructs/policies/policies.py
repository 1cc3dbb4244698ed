"""Policies that many companies have: instance types, releases, tags, encryption and others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from .._core.errors import EmrError
from .._core.findings import Severity
from .._core.signatures import check_calls
from ..rules.releases import Release, parse
from .arguments import (
    release_of,
    require_number,
    require_patterns,
    require_tag_keys,
    require_texts,
    require_volume_types,
)
from .nodes import Role  # noqa: TC001 - checks of calls read it
from .parts import Violation
from .policy import Policy

if TYPE_CHECKING:
    from .cluster import ResolvedCluster

__all__ = ["Policies"]

_Found = Iterator[Violation]
_ROLES: Final[tuple[Role, ...]] = ("primary", "core", "task")


@check_calls
class Policies:
    """Conditions on clusters for a ``RuleSet``.

        rules = emr.RuleSet(emr.Policies.instance_types("m7g.*", "r7g.*"), emr.Policies.tags("cost-center"))

    All methods have the parameters ``severity``, by default an error, and ``rule_id``: the whole ID, by default the
    name of the policy with the prefix of the rule set, such as ``company-instance-types``.
    """

    @staticmethod
    def instance_types(
        *patterns: str,
        roles: Sequence[Role] = _ROLES,
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Require instance types that match a pattern, in groups and fleets.

        :param patterns: such as ``m7g.*`` or ``m7g.[24]xlarge``.
        :param roles: the roles of the nodes. Default: all.
        :raises EmrError: there is no pattern.
        """
        require_patterns("patterns", patterns)
        require_texts("roles", roles, "'core'")
        of_role = "" if set(roles) == set(_ROLES) else f" of {_listed(roles, 'and')} nodes"
        condition = f"instance type{of_role} must match {_listed(patterns)}"
        fix = f"use an instance type that matches {_listed(patterns)}"

        def find(cluster: ResolvedCluster) -> _Found:
            for nodes in cluster.nodes:
                for kind in nodes.instance_types if nodes.role in roles else ():
                    if kind.name is not None and not _matches(kind.name, patterns):
                        yield kind.violation(f"{condition}, got {kind.name!r}", member="InstanceType")

        return Policy("instance-types", _sentence(condition), fix, find, severity, rule_id)

    @staticmethod
    def volumes(
        *types: str,
        minimum_gib: int | None = None,
        maximum_gib: int | None = None,
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Require types and sizes of the EBS volumes that are specified for groups and fleets.

        Root volumes and the volumes that EMR adds by itself have no type in a request, so they aren't judged.

        :param types: such as ``gp3``. Default: any.
        :param minimum_gib: the smallest size of a volume in GiB. Default: none.
        :param maximum_gib: the largest size of a volume in GiB. Default: none.
        :raises EmrError: there is neither a type nor a size.
        """
        if not types and minimum_gib is None and maximum_gib is None:
            raise EmrError(
                "types must have at least one volume type, got none; use 'gp3', or a minimum_gib or maximum_gib"
            )
        if types:
            require_volume_types("types", types)
        require_number("minimum_gib", minimum_gib)
        require_number("maximum_gib", maximum_gib)
        if minimum_gib is not None and maximum_gib is not None and minimum_gib > maximum_gib:
            problem = f"minimum_gib must be at most maximum_gib, got {minimum_gib} and {maximum_gib}"
            raise EmrError(f"{problem}; swap them")
        of_type = [f"type {_listed(types)}"] if types else []
        bounds = [
            f"{what} {size} GiB"
            for what, size in (("at least", minimum_gib), ("at most", maximum_gib))
            if size is not None
        ]
        condition = f"EBS volume must have {' and '.join([*of_type, *bounds])}"

        def find(cluster: ResolvedCluster) -> _Found:
            for volume in (item for nodes in cluster.nodes for kind in nodes.instance_types for item in kind.volumes):
                inside = "VolumeSpecification"
                if types and volume.volume_type is not None and volume.volume_type not in types:
                    found = f"{condition}, got {volume.volume_type}"
                    yield volume.violation(found, member=f"{inside}.VolumeType", fix=f"use {_listed(types)}")
                size = volume.size_gib if bounds else None
                if size is not None and (size < (minimum_gib or 0) or size > (maximum_gib or size)):
                    found = f"{condition}, got {size} GiB"
                    yield volume.violation(found, member=f"{inside}.SizeInGB", fix="change the size")

        return Policy("volumes", _sentence(condition), f"use a volume with {' and '.join([*of_type, *bounds])}", find,
                      severity, rule_id)  # fmt: skip

    @staticmethod
    def maximum_nodes(maximum: int, *, severity: Severity = Severity.ERROR, rule_id: str | None = None) -> Policy:
        """Limit the number of nodes, at launch and with managed and automatic scaling.

        :param maximum: the number of primary, core and task nodes. A fleet counts as if all of its instances had the
            type with the fewest units.
        :raises EmrError: the number isn't positive.
        """
        require_number("maximum", maximum)
        condition = f"cluster must have at most {maximum} node{'' if maximum == 1 else 's'}"

        def find(cluster: ResolvedCluster) -> _Found:
            found = cluster.maximum_nodes
            if found > maximum:
                is_scaled = cluster.value("ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits") is not None
                place = "ManagedScalingPolicy.ComputeLimits.MaximumCapacityUnits" if is_scaled else "Instances"
                is_exact = not is_scaled and all(
                    not nodes.is_fleet and nodes.maximum_count == nodes.count for nodes in cluster.nodes
                )
                yield cluster.violation(f"{condition}, got {found if is_exact else f'up to {found}'}", member=place)

        fix = "use fewer nodes, or a lower limit of scaling"
        return Policy("maximum-nodes", _sentence(condition), fix, find, severity, rule_id)

    @staticmethod
    def releases(
        *,
        minimum: str | None = None,
        maximum: str | None = None,
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Require a range of releases.

        :param minimum: the first release, such as ``emr-7.5.0``. Default: any.
        :param maximum: the last release. Default: any. Limits apply to releases of their kind: those of
            ``emr-spark-8.0.0`` don't apply to ``emr-7.5.0``.
        :raises EmrError: a limit is no release label, or there is none.
        """
        limits = {
            name: release_of(name, label)
            for name, label in (("minimum", minimum), ("maximum", maximum))
            if label is not None
        }
        if not limits:
            raise EmrError("minimum must be a release label, got none; use minimum='emr-7.5.0'")
        low, high = limits.get("minimum"), limits.get("maximum")
        if low is not None and high is not None and (low.train != high.train or low.version > high.version):
            problem = f"minimum must be a release before maximum, got {low.label} and {high.label}"
            raise EmrError(f"{problem}; swap them, or use releases of one kind")
        words = [*([f"{low.label} or later"] if low else []), *([f"{high.label} or earlier"] if high else [])]
        condition = f"release must be {' and '.join(words)}"

        def find(cluster: ResolvedCluster) -> _Found:
            label = cluster.release_label
            release = parse(label) if label is not None else None
            if label is None:
                yield cluster.violation(f"{condition}, got none")
            elif release is not None and _is_outside(release, low, high):
                yield cluster.violation(f"{condition}, got {label}", member="ReleaseLabel")

        return Policy("releases", _sentence(condition), f"use {' and '.join(words)}", find, severity, rule_id)

    @staticmethod
    def tags(
        *keys: str,
        values: Mapping[str, Sequence[str]] | None = None,
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Require tags of clusters. Tags of the stack count if its cloud assembly is checked.

        :param keys: the keys of the tags.
        :param values: the accepted values by key, with patterns such as ``team-*``. The keys are also required.
            Default: any value.
        :raises EmrError: there is no key.
        """
        accepted = values or {}
        required = list(dict.fromkeys([*keys, *accepted]))
        require_tag_keys("keys", required)
        for key, patterns in accepted.items():
            require_texts(f"values[{key!r}]", patterns, "'*' for any value")
        what = "tag" if len(required) == 1 else "tags"
        condition = f"cluster must have the {what} {_listed(required, 'and')}"

        def find(cluster: ResolvedCluster) -> _Found:
            tags = cluster.tags
            missing = [key for key in required if key not in tags]
            if missing:
                yield cluster.violation(f"{condition}, got no {_listed(missing)}", member="Tags",
                                        fix=f"add {_listed(missing, 'and')}")  # fmt: skip
            for key, patterns in accepted.items():
                if key in tags and not _matches(tags[key], patterns):
                    message = f"tag {key} must have the value {_listed(patterns)}, got {tags[key]!r}"
                    yield cluster.violation(message, member="Tags", fix=f"use {_listed(patterns)}")

        of_values = [f"{key} {_listed(patterns)}" for key, patterns in accepted.items()]
        statement = condition + (f", with the values {_listed(of_values, 'and')}" if of_values else "")
        return Policy("tags", _sentence(statement), "add the tags", find, severity, rule_id)

    @staticmethod
    def ends_by_itself(*, severity: Severity = Severity.ERROR, rule_id: str | None = None) -> Policy:
        """Require that clusters terminate after their steps, when they are idle, or by their state machine."""

        def find(cluster: ResolvedCluster) -> _Found:
            if not cluster.ends_by_itself:
                message = "cluster must terminate by itself, got manual termination"
                yield cluster.violation(message, member="Instances.KeepJobFlowAliveWhenNoSteps")

        fix = "add an auto-termination policy, or set KeepJobFlowAliveWhenNoSteps to false"
        return Policy("ends-by-itself", "Cluster must terminate by itself.", fix, find, severity, rule_id)

    @staticmethod
    def hourly_cost(
        limit: float,
        *,
        prices: str | os.PathLike[str],
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Limit the hourly cost at launch and at the limit of scaling: EC2 and EMR at On-Demand prices, and EBS.

        Unknown values, and instance types without a price, aren't judged.

        :param limit: the amount per hour, in the currency of the prices.
        :param prices: the path of the file that ``emr-constructs prices`` wrote.
        :raises EmrError: the limit isn't positive, or the file can't be read.
        """
        from ..prices.price_file import read_prices
        from .costs import cost_policy

        return cost_policy(limit, read_prices(os.fspath(prices)), severity, rule_id)

    @staticmethod
    def private(*, severity: Severity = Severity.ERROR, rule_id: str | None = None) -> Policy:
        """Require private subnets: specified, and without a route to an internet gateway in the template.

        Subnets of other stacks aren't judged, because the template doesn't have their routes.
        """

        def find(cluster: ResolvedCluster) -> _Found:
            for subnet in cluster.subnets:
                if not subnet.is_private:
                    yield subnet.violation(f"cluster must run in a private subnet, got public subnet {subnet.name!r}")
            if not cluster.subnets:
                yield cluster.violation("cluster must run in a private subnet, got no subnet", member="Instances")

        fix = "use a subnet without a route to an internet gateway"
        return Policy("private", "Cluster must run in a private subnet.", fix, find, severity, rule_id)

    @staticmethod
    def encrypted(
        *,
        at_rest: bool = True,
        in_transit: bool = True,
        severity: Severity = Severity.ERROR,
        rule_id: str | None = None,
    ) -> Policy:
        """Require a security configuration that encrypts data.

        :param at_rest: whether local disks and EBS volumes must be encrypted. Amazon S3 encrypts all objects. Default:
            true.
        :param in_transit: whether data in transit must be encrypted. Default: true.
        :raises EmrError: both are false.
        """
        kinds = [*(["at rest"] if at_rest else []), *(["in transit"] if in_transit else [])]
        if not kinds:
            raise EmrError("at_rest or in_transit must be true, got False for both; require at least one of them")
        condition = f"cluster must encrypt data {' and '.join(kinds)}"

        def find(cluster: ResolvedCluster) -> _Found:
            found = cluster.security_configuration
            if found is None:
                yield cluster.violation(f"{condition}, got no security configuration", fix="specify one")
                return
            if at_rest and not found.encrypts_local_disks:
                yield found.violation(f"{condition}, got local disks without encryption")
            if in_transit and not found.encrypts_in_transit:
                yield found.violation(f"{condition}, got none in transit")

        fix = "enable encryption in the security configuration"
        return Policy("encrypted", _sentence(condition), fix, find, severity, rule_id)


def _is_outside(release: Release, low: Release | None, high: Release | None) -> bool:
    """Whether a release is outside of the limits of its kind."""
    is_early = low is not None and low.train == release.train and release.version < low.version
    return is_early or (high is not None and high.train == release.train and release.version > high.version)


def _matches(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def _listed(words: Sequence[str], conjunction: str = "or") -> str:
    """``words`` as text: ``a, b or c``."""
    return f" {conjunction} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _sentence(condition: str) -> str:
    return f"{condition[0].upper()}{condition[1:]}."
