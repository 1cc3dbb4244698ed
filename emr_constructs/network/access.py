"""Access to the primary node of a cluster.

- ``cluster.access.session_command`` opens a shell with AWS Systems Manager.
- ``cluster.access.port_forwarding_command(ClusterPort.SPARK_HISTORY_SERVER)`` forwards the port of a web interface.
- ``cluster.access.allow_from(office, ClusterPort.LIVY)`` allows a security group or an address range to connect.
- ``cluster.access.add_dns_name(zone, "trino")`` defines a name that stays when the cluster is replaced.

Sessions require neither a key pair nor a security group rule, but the IAM permission ``ssm:StartSession`` on the
instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

from .._core.errors import EmrError
from .._core.signatures import check_calls
from .._core.types import CLUSTER, check_types
from ..rules.security_configuration import is_encrypted_in_transit
from ..software.release_label import ReleaseLabel
from .ports import ClusterPort

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_route53 as route53

    from ..interfaces import IClusterRef

__all__ = ["ClusterAccess"]

_ANYWHERE = ("0.0.0.0/0", "::/0")


@check_calls
class ClusterAccess:
    """Sessions, port forwarding and open ports of one cluster.

    Ports of an imported cluster are those of a current release without in-transit encryption; use
    ``ClusterPort.of`` for others.
    """

    def __init__(self, cluster: IClusterRef) -> None:
        """Define the access to ``cluster``.

        :raises EmrError: ``cluster`` isn't a cluster.
        """
        check_types(cluster=(cluster, CLUSTER))
        self._cluster = cluster
        self._request: Mapping[str, Any] | None = cluster.run_job_flow_request

    @property
    def session_command(self) -> str:
        """The command that opens a shell on the primary node, or on one of three.

        An imported cluster consists of instance groups, unless it was imported with ``has_instance_fleets=True``.
        https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
        """
        region = self._cluster.stack.region
        master = (
            f"$(aws emr list-instances --region {region} --cluster-id {self._cluster.cluster_id}"
            f" --instance-{'fleet-type' if self._cluster.has_instance_fleets else 'group-types'} MASTER"
            " --instance-states RUNNING --query 'Instances[0].Ec2InstanceId' --output text)"
        )
        return f"aws ssm start-session --region {region} --target {master}"

    def port_forwarding_command(self, port: ClusterPort, *, local_port: int | None = None) -> str:
        """Return the command that forwards ``port`` of the primary node to a local port.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html

        :param local_port: the local port. Default: the same number.
        :raises EmrError: the cluster doesn't have the application, or ``local_port`` isn't a port.
        """
        number = self._number(port)
        local = number if local_port is None else ClusterPort.of(local_port).number
        return (
            f"{self.session_command} --document-name AWS-StartPortForwardingSession"
            f" --parameters portNumber={number},localPortNumber={local}"
        )

    def ssh_command(self, key_file: str) -> str:
        """Return the command that opens a shell on the primary node with SSH.

        Requires access to port 22, see ``allow_from``.
        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-connect-master-node-ssh.html

        :param key_file: the local file with the private key of the cluster's key pair.
        :raises EmrError: the cluster has no key pair.
        """
        if self._request is not None and "Ec2KeyName" not in self._request["Instances"]:
            raise EmrError(
                "SSH requires a cluster with a key pair, got none; pass key_pair=... to the cluster, or use "
                "access.session_command",
                at=self._cluster,
            )
        region = self._cluster.stack.region
        return f"aws emr ssh --region {region} --cluster-id {self._cluster.cluster_id} --key-pair-file {key_file}"

    def allow_from(self, peer: ec2.IConnectable, *ports: ClusterPort) -> None:
        """Allow ``peer`` to connect to ``ports`` of the primary nodes.

        :param peer: an address range, or a construct with connections, such as an instance or a security group.
        :raises EmrError: there is no port, the peer is the whole internet, the cluster doesn't have the application, or
            its security groups aren't known.
        """
        if not ports:
            raise EmrError("ports must not be empty; specify at least one, such as ClusterPort.LIVY", at=self._cluster)
        address = getattr(peer, "unique_id", None)
        if address in _ANYWHERE:
            raise EmrError(
                f"peer must not be the whole internet, got {address}; use a network or a security group, or forward "
                "the port with access.port_forwarding_command()",
                at=self._cluster,
            )
        for port in ports:
            number = self._number(port)
            self._cluster.master_connections.allow_from(peer, ec2.Port.tcp(number), f"{port.title}, TCP {number}")

    def add_dns_name(
        self,
        zone: route53.IHostedZone,
        name: str,
        *,
        ttl: Duration | None = None,
        construct_id: str | None = None,
    ) -> route53.CnameRecord:
        """Define a DNS name of the primary node, which moves to the new cluster when the cluster is replaced.

        It is a CNAME record for the node's own name: the private DNS name in a private subnet, which resolves in the
        VPC, or the public one in a public subnet. CloudFormation updates the record after the new cluster is ready and
        before it deletes the old one. The record of an imported cluster refers to its ``master_public_dns``.

        With in-transit encryption or Kerberos, the certificates and principals contain only the node's own name, which
        the warning ``emr-dns-name-identity`` reports.
        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat

        :param zone: the hosted zone of the name. A private zone must be associated with the VPCs of the clients.
        :param name: relative to the zone or within it, such as ``trino`` or ``trino.example.internal``. A name that
            ends with a dot must be within the zone. A token is relative to the zone.
        :param ttl: how long clients cache the record. Default: 1 minute.
        :param construct_id: the ID of the record, which is defined below the cluster. Default: derived from the name.
        :raises EmrError: the cluster has three primary nodes or was imported without ``master_public_dns``, the zone
            was imported without its name, the name isn't a DNS name below the zone, a cluster of the stack
            already has the name, or the cluster already has a construct with this ID.
        """
        from .._core import tokens
        from .dns_names import create_record

        return create_record(self._cluster, zone, name, tokens.minutes(1) if ttl is None else ttl, construct_id)

    def _number(self, port: ClusterPort) -> int:
        """Return the number of ``port`` on this cluster."""
        request = self._request
        if request is None:
            return port.on(None, tls=False)
        names = {application["Name"].lower() for application in request.get("Applications", ())}
        if port.application is not None and port.application.lower() not in names:
            raise EmrError(
                f"port must belong to an application of the cluster, got the port of {port.title}; add "
                f"{port.application} to applications",
                at=self._cluster,
            )
        tls = is_encrypted_in_transit(self._cluster.security_document or {})
        return port.on(ReleaseLabel.of(request["ReleaseLabel"]), tls=tls)
