"""How people reach what runs on the master node of a cluster.

- ``cluster.access.session_command`` opens a shell there, with AWS Systems Manager.
- ``cluster.access.port_forwarding_command(ClusterPort.SPARK_HISTORY_SERVER)`` brings a web interface to one's browser.
- ``cluster.access.allow_from(office, ClusterPort.LIVY)`` opens a port to a security group or an address range.

Sessions need no key and no rule of a security group. They are allowed by IAM, ``ssm:StartSession`` on the instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2

from .._core.errors import EmrError
from .._core.signatures import check_calls
from ..rules.security_configuration import is_encrypted_in_transit
from ..software.release_label import ReleaseLabel
from .ports import ClusterPort

if TYPE_CHECKING:
    from ..interfaces import IClusterRef

__all__ = ["ClusterAccess"]

_ANYWHERE = ("0.0.0.0/0", "::/0")


@check_calls
class ClusterAccess:
    """Sessions, port forwarding and open ports of one cluster.

    An imported cluster has the ports of a current release without encryption in transit; name others with
    :meth:`ClusterPort.of`.
    """

    def __init__(self, cluster: IClusterRef) -> None:
        self._cluster = cluster
        self._request: Mapping[str, Any] | None = cluster.run_job_flow_request

    @property
    def session_command(self) -> str:
        """Opens a shell on the master node; on one of them where there are three.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
        """
        region = self._cluster.stack.region
        fleets = self._request is not None and "InstanceFleets" in self._request["Instances"]
        master = (
            f"$(aws emr list-instances --region {region} --cluster-id {self._cluster.cluster_id}"
            f" --instance-{'fleet-type' if fleets else 'group-types'} MASTER"
            " --instance-states RUNNING --query 'Instances[0].Ec2InstanceId' --output text)"
        )
        return f"aws ssm start-session --region {region} --target {master}"

    def port_forwarding_command(self, port: ClusterPort, *, local_port: int | None = None) -> str:
        """Makes ``port`` of the master node reachable at one's own machine, as long as the command runs.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html

        :param local_port: the port on one's own machine. Default: the same number.
        :raises EmrError: the cluster does not have the application, or ``local_port`` is no port.
        """
        number = self._number(port)
        local = number if local_port is None else ClusterPort.of(local_port).number
        return (
            f"{self.session_command} --document-name AWS-StartPortForwardingSession"
            f" --parameters portNumber={number},localPortNumber={local}"
        )

    def ssh_command(self, key_file: str) -> str:
        """Opens a shell on the master node with SSH, from a network that :meth:`allow_from` lets in at port 22.

        https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-connect-master-node-ssh.html

        :param key_file: the private key of the cluster's key pair, on one's own machine.
        :raises EmrError: the cluster has no key pair.
        """
        if self._request is not None and "Ec2KeyName" not in self._request["Instances"]:
            raise EmrError(
                "the cluster has no key pair, so nobody can log in with SSH; give it key_pair=..., or use "
                "access.session_command",
                at=self._cluster,
            )
        region = self._cluster.stack.region
        return f"aws emr ssh --region {region} --cluster-id {self._cluster.cluster_id} --key-pair-file {key_file}"

    def allow_from(self, peer: ec2.IConnectable, *ports: ClusterPort) -> None:
        """Let ``peer`` connect to ``ports`` of the master nodes, and of no others.

        :param peer: something with connections, such as an instance or a security group, or an address range.
        :raises EmrError: no port is given, the peer is the whole internet, the cluster does not have an application, or
            its security groups are not known.
        """
        if not ports:
            raise EmrError("no port is given; give one such as ClusterPort.LIVY", at=self._cluster)
        address = getattr(peer, "unique_id", None)
        if address in _ANYWHERE:
            raise EmrError(
                f"the peer is {address}, the whole internet; name a network or a security group, or forward the port "
                "with access.port_forwarding_command()",
                at=self._cluster,
            )
        for port in ports:
            number = self._number(port)
            self._cluster.master_connections.allow_from(peer, ec2.Port.tcp(number), f"{port.title}, TCP {number}")

    def _number(self, port: ClusterPort) -> int:
        """The number of ``port`` on this cluster."""
        request = self._request
        if request is None:
            return port.on(None, tls=False)
        names = {application["Name"].lower() for application in request.get("Applications", ())}
        if port.application is not None and port.application.lower() not in names:
            raise EmrError(
                f"the cluster does not have {port.application}, so nothing listens at the port of {port.title}; add "
                f"{port.application} to the applications",
                at=self._cluster,
            )
        tls = is_encrypted_in_transit(self._cluster.security_document or {})
        return port.on(ReleaseLabel.of(request["ReleaseLabel"]), tls=tls)
