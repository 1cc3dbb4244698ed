"""Parts of a cluster as company rules read them: steps, subnets and the security configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .known import Undecided
from .parts import ResolvedPart, Source

__all__ = ["ResolvedConfiguration", "ResolvedSecurityConfiguration", "ResolvedStep", "ResolvedSubnet"]


class ResolvedStep(ResolvedPart):
    """A step: of the cluster, or one that another resource or a state machine adds.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_StepConfig.html
    """

    _SHAPE = "StepConfig"

    @property
    def name(self) -> str | None:
        """The name."""
        return self._text("Name")

    @property
    def action_on_failure(self) -> str | None:
        """What happens if the step fails, such as ``CONTINUE``."""
        return self._text("ActionOnFailure")

    @property
    def jar(self) -> str | None:
        """The JAR file, such as ``command-runner.jar``."""
        return self._text("HadoopJarStep", "Jar")

    @property
    def arguments(self) -> Sequence[str]:
        """The arguments, such as ``spark-submit`` and its options."""
        return self._texts("HadoopJarStep", "Args")


class ResolvedConfiguration(ResolvedPart):
    """Settings of an application: a classification and its properties.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_Configuration.html
    """

    _SHAPE = "Configuration"

    @property
    def classification(self) -> str | None:
        """The classification, such as ``spark-defaults``."""
        return self._text("Classification")

    @property
    def properties(self) -> Mapping[str, str]:
        """The settings by name."""
        try:
            return self._values(self._read("Properties"))
        except Undecided:
            return self._values(None, is_complete=False)

    @property
    def configurations(self) -> Sequence[ResolvedConfiguration]:
        """The nested configurations, such as ``export`` of ``spark-env``."""
        return self._parts(ResolvedConfiguration, "Configurations")


class ResolvedSubnet(ResolvedPart):
    """A subnet that the cluster may run in."""

    def __init__(self, source: Source, name: str | None = None, is_private: bool | None = None) -> None:  # noqa: FBT001
        super().__init__(source)
        self._name = name
        self._is_private = is_private

    @property
    def name(self) -> str:
        """The logical ID in the template, or the subnet ID."""
        if self._name is None:
            raise Undecided(self._source.key)
        return self._name

    @property
    def is_private(self) -> bool:
        """Whether the subnet has no route to an internet gateway. Unknown for a subnet of another stack."""
        if self._is_private is None:
            raise Undecided(self._source.key)
        return self._is_private


class ResolvedSecurityConfiguration(ResolvedPart):
    """A security configuration.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
    """

    _SHAPE = "SecurityConfigurationDocument"

    @property
    def encrypts_s3(self) -> bool:
        """Whether data that EMRFS writes to Amazon S3 is encrypted with the mode and the key of the configuration."""
        return self._encrypts("AtRest", "S3EncryptionConfiguration")

    @property
    def encrypts_local_disks(self) -> bool:
        """Whether instance store volumes and EBS volumes are encrypted."""
        return self._encrypts("AtRest", "LocalDiskEncryptionConfiguration")

    @property
    def encrypts_in_transit(self) -> bool:
        """Whether data in transit is encrypted."""
        return self._encrypts("InTransit", "TLSCertificateConfiguration")

    @property
    def requires_imdsv2(self) -> bool:
        """Whether the nodes only accept version 2 of the instance metadata service."""
        return self._number("InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion") == 2

    def _encrypts(self, kind: str, part: str) -> bool:
        if not self._flag("EncryptionConfiguration", f"Enable{kind}Encryption"):
            return False
        return self._read("EncryptionConfiguration", f"{kind}EncryptionConfiguration", part) is not None
