"""Permissions on clusters, and permissions of jobs on data.

- ``cluster.grants.submit_steps(role)`` allows a principal to submit steps, ``cancel_steps(role)`` to cancel them,
  ``terminate(role)`` to terminate the cluster, and ``describe(role)`` to view it.
- ``cluster.grants.submit_steps(role, runtime_roles=[analysts])`` limits the steps to a runtime role.
- ``cluster.grants.read_bucket(bucket, "sales/")`` allows the nodes to read below a prefix, with least privilege.
- ``cluster.grants.use_glue_data_catalog("sales")`` allows the nodes to read databases of the Glue Data Catalog.

A ``RuntimeRole`` and a ``TransientCluster`` have the same grants on data:
``analysts.grants.read_bucket(bucket)``.
The grant methods of other constructs also accept them: ``table.grant_read_data(cluster)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from .._core import tokens
from .._core.errors import EmrError
from .._core.input_values import reject_inputs
from .._core.prefixes import names_many
from .._core.signatures import check_calls
from .._core.types import GRANTABLE, check_types
from .._core.unknown import literal_part
from . import nag_findings
from .script_access import read_scripts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from ..interfaces import IClusterRef, IJobRole, IRuntimeRole
    from ..steps.scripts import Location

__all__ = ["ClusterGrants", "DataGrants", "grant_scripts"]

_DESCRIBE: Final = (
    "DescribeCluster",
    "DescribeStep",
    "GetAutoTerminationPolicy",
    "GetManagedScalingPolicy",
    "ListBootstrapActions",
    "ListInstanceFleets",
    "ListInstanceGroups",
    "ListInstances",
    "ListSteps",
)
_ADD_STEPS: Final = "AddJobFlowSteps"
_FOLLOW_STEPS: Final = ("CancelSteps", "DescribeCluster", "DescribeStep", "ListSteps")
_TERMINATE: Final = ("DescribeCluster", "TerminateJobFlows")

_S3_READ: Final = ("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion")
_S3_WRITE: Final = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
_GLUE_READ: Final = (
    "BatchGetPartition",
    "GetDatabase",
    "GetDatabases",
    "GetPartition",
    "GetPartitions",
    "GetTable",
    "GetTables",
    "GetUserDefinedFunction",
    "GetUserDefinedFunctions",
)
_LOOKED_UP: Final = ("default", "global_temp")
_GLUE_WRITE: Final = (
    "BatchCreatePartition",
    "BatchDeletePartition",
    "CreatePartition",
    "CreateTable",
    "DeletePartition",
    "DeleteTable",
    "UpdatePartition",
    "UpdateTable",
)


@check_calls
class DataGrants:
    """Least-privilege permissions on data for the jobs of a cluster or a runtime role."""

    def __init__(self, holder: IJobRole, acknowledge: Callable[[Mapping[str, str]], None]) -> None:
        """Grant permissions to the jobs of ``holder``.

        :param acknowledge: acknowledges findings of cdk-nag about the policies of ``holder``.
        :raises EmrError: ``holder`` isn't a construct with permissions.
        """
        check_types(holder=(holder, GRANTABLE))
        self._holder = holder
        self._acknowledge = acknowledge

    def read_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Allow jobs to read the objects of ``bucket`` below ``prefix``.

        Includes the key of the bucket. Unlike ``bucket.grant_read(...)``, the statements have no wildcards in actions,
        which checkers reject. Jobs can list the names of all objects in the bucket, which Hadoop's file systems require
        to detect missing objects.
        https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/assumed_roles.html

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the instance role isn't known, or the prefix isn't literal.
        """
        return self._use_bucket(bucket, prefix, _S3_READ, ["kms:Decrypt"])

    def read_write_bucket(self, bucket: s3.IBucket, prefix: str = "") -> iam.Grant:
        """Allow jobs to read, write, overwrite and delete objects below ``prefix``.

        :param prefix: for example ``sales/``. Default: the whole bucket.
        :raises EmrError: the instance role isn't known, or the prefix isn't literal.
        """
        return self._use_bucket(bucket, prefix, (*_S3_READ, *_S3_WRITE), ["kms:Decrypt", "kms:GenerateDataKey"])

    def write_logs(self, bucket: s3.IBucket, prefix: str, encryption_key: kms.IKey | None = None) -> iam.Grant:
        """Allow the nodes to write logs to ``bucket`` below ``prefix``.

        :param encryption_key: encrypts the logs. Default: none.
        :raises EmrError: the instance role isn't known.
        """
        self._check_prefix(prefix)
        objects = bucket.arn_for_objects(f"{prefix}*")
        self._acknowledge(nag_findings.wildcards(self._holder, {objects: nag_findings.LOG_PREFIX}))
        grant = self._add(self._holder, ["s3:PutObject"], [objects])
        if encryption_key is not None:
            actions = ["kms:Decrypt", "kms:GenerateDataKey"]
            grant = self._add(self._holder, actions, [tokens.key_arn(encryption_key)]).combine(grant)
        return grant

    def use_glue_data_catalog(self, *databases: str, write: bool = False) -> iam.Grant:
        """Allow jobs to read databases and tables of the Glue Data Catalog.

        The catalog is that of the account and Region of the stack. The databases ``default`` and ``global_temp``, which
        Spark and Hive always look up, are also readable.
        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-hive-metastore-glue.html

        :param databases: the names of databases.
        :param write: whether jobs can create, change and delete tables and partitions. Default: false.
        :raises EmrError: no database is specified, a name isn't that of a database, or the instance role isn't known.
        """
        reject_inputs("a Glue database of a grant", databases, at=self._holder)
        if not databases:
            raise EmrError(
                "databases must name at least one database of the Glue Data Catalog, got none; specify its name",
                at=self._holder,
            )
        if unclear := [name for name in databases if not name or {"/", " "} & set(name) or names_many(name)]:
            raise EmrError(
                f"databases must be names of Glue databases, got {', '.join(map(repr, unclear))}; name each database, "
                "without wildcards and policy variables",
                at=self._holder,
            )
        # https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html
        if folded := [name for name in databases if (text := literal_part(name)) != text.lower()]:
            raise EmrError(
                f"databases must be in lower case, as Glue stores them, got {', '.join(map(repr, folded))}; use "
                f"{', '.join(repr(name.lower()) for name in folded)}",
                at=self._holder,
            )
        named = [tokens.arn("glue", "catalog")]
        for database in dict.fromkeys(databases):
            named += [tokens.arn("glue", f"database/{database}"), tokens.arn("glue", f"table/{database}/*")]
        # Hive lists functions when a session starts.
        functions = [
            tokens.arn("glue", f"userDefinedFunction/{name}/*") for name in dict.fromkeys([*databases, "default"])
        ]
        inside = {arn: nag_findings.GLUE_TABLES for arn in (*named, *functions) if arn.endswith("*")}
        self._acknowledge(nag_findings.wildcards(self._holder, inside))
        readable = [*named, *(tokens.arn("glue", f"database/{name}") for name in _LOOKED_UP), *functions]
        grant = self._add(self._holder, [f"glue:{action}" for action in _GLUE_READ], readable)
        if write:
            grant = self._add(self._holder, [f"glue:{action}" for action in _GLUE_WRITE], named).combine(grant)
        return grant

    def _use_bucket(
        self, bucket: s3.IBucket, prefix: str, actions: tuple[str, ...], key_actions: list[str]
    ) -> iam.Grant:
        self._check_prefix(prefix)
        below = bucket.arn_for_objects(f"{prefix}*")
        reason = nag_findings.OBJECTS_BELOW_PREFIX
        self._acknowledge(nag_findings.wildcards(self._holder, {below: reason}))
        # To open s3://bucket/a/b/, Hadoop requests the objects a/b and a/b_$folder$; to create it, also those of a. S3
        # reports a missing object only to principals that can list the bucket, which it checks without a prefix.
        folder, _, rest = prefix.rpartition("/")
        inner = _folders(folder) if not rest else []
        outer = [marker for marker in _folders(folder) if marker not in inner[:2]]
        objects = [below, *(bucket.arn_for_objects(marker) for marker in inner[:2])]
        about = ["s3:GetBucketLocation", "s3:ListBucket"]
        if actions != _S3_READ:
            about.append("s3:ListBucketMultipartUploads")
        grant = self._add(self._holder, list(actions), objects)
        grant = self._add(self._holder, about, [bucket.bucket_arn]).combine(grant)
        if outer:
            above = [bucket.arn_for_objects(marker) for marker in outer]
            grant = self._add(self._holder, ["s3:GetObject"], above).combine(grant)
        if bucket.encryption_key is not None:
            grant = self._add(self._holder, key_actions, [tokens.key_arn(bucket.encryption_key)]).combine(grant)
        return grant

    def _check_prefix(self, prefix: str) -> None:
        reject_inputs("the prefix of a grant", prefix, at=self._holder)
        if prefix.startswith(("/", "s3://", "s3a://", "s3n://", "arn:")) or names_many(prefix) or prefix.isspace():
            raise EmrError(
                f"prefix must be a literal prefix of object keys, got {prefix!r}; use a prefix such as 'sales/', "
                "without a leading slash, a bucket, wildcards and policy variables",
                at=self._holder,
            )

    def _add(self, grantee: iam.IGrantable, actions: list[str], resources: list[str]) -> iam.Grant:
        if grantee is self._holder:
            # An error that is raised while CDK reads it becomes one of JavaScript.
            _ = grantee.grant_principal
        return iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=resources)


@check_calls
class ClusterGrants(DataGrants):
    """Permissions on a cluster, which require only a reference to it."""

    def __init__(self, cluster: IClusterRef, acknowledge: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__(cluster, acknowledge)
        self._cluster = cluster

    def describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow ``grantee`` to view the cluster, its nodes and its steps."""
        return self._grant(grantee, _DESCRIBE)

    def submit_steps(self, grantee: iam.IGrantable, *, runtime_roles: Sequence[IRuntimeRole] = ()) -> iam.Grant:
        """Allow ``grantee`` to submit steps, view them and cancel them.

        A step runs with the permissions of the nodes or of its runtime role, so principals that can submit
        steps also have them.

        :param runtime_roles: the roles that ``grantee`` can run steps with. Required on a cluster with runtime roles.
            Default: none.
        :raises EmrError: the cluster has runtime roles and none is specified.
        """
        if self._cluster.has_runtime_roles and not runtime_roles:
            raise EmrError(
                "runtime_roles must contain the roles of the steps on a cluster with runtime roles, got none; specify "
                "runtime_roles=[...]",
                at=self._cluster,
            )
        if not runtime_roles:
            return self._grant(grantee, (_ADD_STEPS, *_FOLLOW_STEPS))
        adding = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[f"elasticmapreduce:{_ADD_STEPS}"],
            resource_arns=[self._cluster.cluster_arn],
            conditions={
                "StringEquals": {"elasticmapreduce:ExecutionRoleArn": [role.role_arn for role in runtime_roles]}
            },
        )
        return self._grant(grantee, _FOLLOW_STEPS).combine(adding)

    def cancel_steps(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow ``grantee`` to view steps and cancel them, but not to submit any.

        Only pending steps can be canceled; from emr-5.28.0 on, also running steps.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-cancel-steps.html
        """
        return self._grant(grantee, _FOLLOW_STEPS)

    def terminate(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow ``grantee`` to terminate the cluster."""
        return self._grant(grantee, _TERMINATE)

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...]) -> iam.Grant:
        return self._add(grantee, [f"elasticmapreduce:{action}" for action in actions], [self._cluster.cluster_arn])


def grant_scripts(grantee: iam.IGrantable, locations: Iterable[Location]) -> None:
    """Allow ``grantee`` to read scripts, and to list scripts that are data."""
    found = list(locations)
    for statement in read_scripts(found):
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=statement["Action"],
            resource_arns=statement["Resource"],
            conditions=statement.get("Condition"),
        )
    for key in dict.fromkeys(location.encryption_key for location in found if location.encryption_key is not None):
        key.grant_decrypt(grantee)


def _folders(path: str) -> list[str]:
    """Return the objects that can represent a folder and its parents, innermost first."""
    names = path.split("/") if path else []
    paths = ["/".join(names[:depth]) for depth in range(len(names), 0, -1)]
    return [marker for path in paths for marker in (path, f"{path}_$folder$")]
