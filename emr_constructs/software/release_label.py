"""EMR releases.

- ``ReleaseLabel.EMR_7_14_0`` is a release that the library knows.
- ``ReleaseLabel.of("emr-7.15.0")`` is any release; a warning reports releases that the library doesn't know.
- ``release.supports("managed_scaling")`` is whether the release supports a feature.
- ``release.application_version(Application.SPARK)`` is the version of an application.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from .._core.errors import EmrError
from .._core.known import require_known
from .._core.signatures import check_calls
from .._core.unknown import UNKNOWN
from .._core.values import known_value, value_class
from ..rules import check, releases

if TYPE_CHECKING:
    from .applications import Application

__all__ = ["DEFAULT_RELEASE", "ReleaseLabel"]


@check_calls
@value_class
class ReleaseLabel:
    """A release of Amazon EMR on EC2.

    Use a constant, or ``of`` for a release that this version of the library doesn't know.
    https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-release-components.html

    :raises EmrError: the label is invalid, or only known at deployment.
    """

    label: str
    """The label in EMR's spelling, for example ``emr-7.14.0`` or ``emr-spark-8.1.0``."""

    EMR_SPARK_8_1_0: ClassVar[ReleaseLabel]
    EMR_SPARK_8_0_0: ClassVar[ReleaseLabel]
    EMR_7_14_0: ClassVar[ReleaseLabel]
    EMR_7_13_0: ClassVar[ReleaseLabel]
    EMR_7_12_0: ClassVar[ReleaseLabel]
    EMR_7_11_0: ClassVar[ReleaseLabel]
    EMR_7_10_0: ClassVar[ReleaseLabel]
    EMR_7_9_0: ClassVar[ReleaseLabel]
    EMR_7_8_0: ClassVar[ReleaseLabel]
    EMR_7_7_0: ClassVar[ReleaseLabel]
    EMR_7_6_0: ClassVar[ReleaseLabel]
    EMR_7_5_0: ClassVar[ReleaseLabel]
    EMR_7_4_0: ClassVar[ReleaseLabel]
    EMR_7_3_0: ClassVar[ReleaseLabel]
    EMR_7_2_0: ClassVar[ReleaseLabel]
    EMR_7_1_0: ClassVar[ReleaseLabel]
    EMR_7_0_0: ClassVar[ReleaseLabel]
    EMR_6_15_0: ClassVar[ReleaseLabel]
    EMR_6_14_0: ClassVar[ReleaseLabel]
    EMR_6_13_0: ClassVar[ReleaseLabel]
    EMR_6_12_0: ClassVar[ReleaseLabel]
    EMR_6_11_1: ClassVar[ReleaseLabel]
    EMR_6_11_0: ClassVar[ReleaseLabel]
    EMR_6_10_1: ClassVar[ReleaseLabel]
    EMR_6_10_0: ClassVar[ReleaseLabel]
    EMR_6_9_1: ClassVar[ReleaseLabel]
    EMR_6_9_0: ClassVar[ReleaseLabel]
    EMR_6_8_1: ClassVar[ReleaseLabel]
    EMR_6_8_0: ClassVar[ReleaseLabel]
    EMR_6_7_0: ClassVar[ReleaseLabel]
    EMR_6_6_0: ClassVar[ReleaseLabel]
    EMR_6_5_0: ClassVar[ReleaseLabel]
    EMR_6_4_0: ClassVar[ReleaseLabel]
    EMR_6_3_1: ClassVar[ReleaseLabel]
    EMR_6_3_0: ClassVar[ReleaseLabel]
    EMR_6_2_1: ClassVar[ReleaseLabel]
    EMR_6_2_0: ClassVar[ReleaseLabel]
    EMR_6_1_1: ClassVar[ReleaseLabel]
    EMR_6_1_0: ClassVar[ReleaseLabel]
    EMR_6_0_1: ClassVar[ReleaseLabel]
    EMR_6_0_0: ClassVar[ReleaseLabel]
    EMR_5_36_2: ClassVar[ReleaseLabel]
    EMR_5_36_1: ClassVar[ReleaseLabel]
    EMR_5_36_0: ClassVar[ReleaseLabel]
    EMR_5_35_0: ClassVar[ReleaseLabel]
    EMR_5_34_0: ClassVar[ReleaseLabel]
    EMR_5_33_1: ClassVar[ReleaseLabel]
    EMR_5_33_0: ClassVar[ReleaseLabel]
    EMR_5_32_1: ClassVar[ReleaseLabel]
    EMR_5_32_0: ClassVar[ReleaseLabel]
    EMR_5_31_1: ClassVar[ReleaseLabel]
    EMR_5_31_0: ClassVar[ReleaseLabel]
    EMR_5_30_2: ClassVar[ReleaseLabel]
    EMR_5_30_1: ClassVar[ReleaseLabel]
    EMR_5_30_0: ClassVar[ReleaseLabel]
    EMR_5_29_0: ClassVar[ReleaseLabel]
    EMR_5_28_1: ClassVar[ReleaseLabel]
    EMR_5_28_0: ClassVar[ReleaseLabel]
    EMR_5_27_1: ClassVar[ReleaseLabel]
    EMR_5_27_0: ClassVar[ReleaseLabel]
    EMR_5_26_0: ClassVar[ReleaseLabel]
    EMR_5_25_0: ClassVar[ReleaseLabel]
    EMR_5_24_1: ClassVar[ReleaseLabel]
    EMR_5_24_0: ClassVar[ReleaseLabel]
    EMR_5_23_1: ClassVar[ReleaseLabel]
    EMR_5_23_0: ClassVar[ReleaseLabel]
    EMR_5_22_0: ClassVar[ReleaseLabel]
    EMR_5_21_2: ClassVar[ReleaseLabel]
    EMR_5_21_1: ClassVar[ReleaseLabel]
    EMR_5_21_0: ClassVar[ReleaseLabel]
    EMR_5_20_1: ClassVar[ReleaseLabel]
    EMR_5_20_0: ClassVar[ReleaseLabel]
    EMR_5_19_1: ClassVar[ReleaseLabel]
    EMR_5_19_0: ClassVar[ReleaseLabel]
    EMR_5_18_1: ClassVar[ReleaseLabel]
    EMR_5_18_0: ClassVar[ReleaseLabel]
    EMR_5_17_2: ClassVar[ReleaseLabel]
    EMR_5_17_1: ClassVar[ReleaseLabel]
    EMR_5_17_0: ClassVar[ReleaseLabel]
    EMR_5_16_1: ClassVar[ReleaseLabel]
    EMR_5_16_0: ClassVar[ReleaseLabel]
    EMR_5_15_1: ClassVar[ReleaseLabel]
    EMR_5_15_0: ClassVar[ReleaseLabel]
    EMR_5_14_2: ClassVar[ReleaseLabel]
    EMR_5_14_1: ClassVar[ReleaseLabel]
    EMR_5_14_0: ClassVar[ReleaseLabel]
    EMR_5_13_1: ClassVar[ReleaseLabel]
    EMR_5_13_0: ClassVar[ReleaseLabel]
    EMR_5_12_3: ClassVar[ReleaseLabel]
    EMR_5_12_2: ClassVar[ReleaseLabel]
    EMR_5_12_1: ClassVar[ReleaseLabel]
    EMR_5_12_0: ClassVar[ReleaseLabel]
    EMR_5_11_4: ClassVar[ReleaseLabel]
    EMR_5_11_3: ClassVar[ReleaseLabel]
    EMR_5_11_2: ClassVar[ReleaseLabel]
    EMR_5_11_1: ClassVar[ReleaseLabel]
    EMR_5_11_0: ClassVar[ReleaseLabel]
    EMR_5_10_1: ClassVar[ReleaseLabel]
    EMR_5_10_0: ClassVar[ReleaseLabel]
    EMR_5_9_1: ClassVar[ReleaseLabel]
    EMR_5_9_0: ClassVar[ReleaseLabel]
    EMR_5_8_3: ClassVar[ReleaseLabel]
    EMR_5_8_2: ClassVar[ReleaseLabel]
    EMR_5_8_1: ClassVar[ReleaseLabel]
    EMR_5_8_0: ClassVar[ReleaseLabel]
    EMR_5_7_1: ClassVar[ReleaseLabel]
    EMR_5_7_0: ClassVar[ReleaseLabel]
    EMR_5_6_1: ClassVar[ReleaseLabel]
    EMR_5_6_0: ClassVar[ReleaseLabel]
    EMR_5_5_4: ClassVar[ReleaseLabel]
    EMR_5_5_3: ClassVar[ReleaseLabel]
    EMR_5_5_2: ClassVar[ReleaseLabel]
    EMR_5_5_1: ClassVar[ReleaseLabel]
    EMR_5_5_0: ClassVar[ReleaseLabel]
    EMR_5_4_1: ClassVar[ReleaseLabel]
    EMR_5_4_0: ClassVar[ReleaseLabel]
    EMR_5_3_2: ClassVar[ReleaseLabel]
    EMR_5_3_1: ClassVar[ReleaseLabel]
    EMR_5_3_0: ClassVar[ReleaseLabel]
    EMR_5_2_3: ClassVar[ReleaseLabel]
    EMR_5_2_2: ClassVar[ReleaseLabel]
    EMR_5_2_1: ClassVar[ReleaseLabel]
    EMR_5_2_0: ClassVar[ReleaseLabel]
    EMR_5_1_1: ClassVar[ReleaseLabel]
    EMR_5_1_0: ClassVar[ReleaseLabel]
    EMR_5_0_3: ClassVar[ReleaseLabel]
    EMR_5_0_0: ClassVar[ReleaseLabel]

    def __post_init__(self) -> None:
        require_known("release_label", self.label)
        if releases.parse(self.label) is None:
            findings = check("RunJobFlowInput", {"Name": UNKNOWN, "Instances": UNKNOWN, "ReleaseLabel": self.label})
            raise EmrError(map(str, findings), findings=findings)

    @classmethod
    def of(cls, label: str) -> ReleaseLabel:
        """Return the release with ``label``.

        A release that is newer than the library is accepted; a cluster with it has the warning ``emr-release-unknown``.

        :raises EmrError: ``label`` isn't a release label, EMR has no such release, or it is a token.
        """
        return cls(label)

    @property
    def version(self) -> tuple[int, int, int]:
        """The major, minor and patch version."""
        release = releases.parse(self.label)
        assert release is not None
        return release.version

    @property
    def applications(self) -> Mapping[str, str]:
        """The applications of the release with their versions; empty if it isn't known."""
        return releases.applications(self.label)

    def application_version(self, application: Application) -> str | None:
        """Return the version of ``application``, such as ``3.5.6-amzn-2``.

        Returns None if the release doesn't contain the application or isn't known. Names are compared
        case-insensitively.
        """
        named = {name.lower(): version for name, version in self.applications.items()}
        return named.get(application.name.lower())

    @property
    def is_known(self) -> bool:
        """Whether this version of the library knows the release."""
        return self.label in releases.known_labels()

    @property
    def standard_support_until(self) -> date | None:
        """The last day of standard support; None if AWS states no date for the release.

        https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html
        """
        from ..rules.lifecycles import lifecycle

        dates = lifecycle(self.label)
        return None if dates is None else dates.standard_support_until

    @property
    def end_of_life(self) -> date | None:
        """The day from which AWS may remove the release from the API; None if AWS states no date for the release."""
        from ..rules.lifecycles import lifecycle

        dates = lifecycle(self.label)
        return None if dates is None else dates.end_of_life

    def supports(self, feature: str) -> bool:
        """Return whether the release has ``feature``, for example ``managed_scaling``.

        The names are the keys of ``features`` in ``emr_constructs/data/releases.json``.

        :raises EmrError: the feature is unknown.
        """
        try:
            return releases.feature(feature).in_version(self.version)
        except KeyError:
            known = ", ".join(releases.feature_names())
            raise EmrError(f"feature must be a known feature, got {feature!r}; use one of {known}") from None

    @property
    def pyspark_python(self) -> str:
        """The version of Python that PySpark uses by default, such as ``3.11``; ``python3`` can be another.

        :raises EmrError: the library doesn't know the version, as of releases before emr-7.0.0.
        """
        found = releases.known_labels().get(self.label, {}).get("pyspark_python")
        if found is None:
            raise EmrError(
                f"pyspark_python must be that of a known release from emr-7.0.0 on, got {self.label!r}; specify the "
                "version of Python instead"
            )
        return str(found)

    def __str__(self) -> str:
        return self.label


for _name in ReleaseLabel.__annotations__:
    if _name.isupper():
        _train, _, _version = _name.lower().replace("emr_spark_", "emr-spark ").replace("emr_", "emr ").partition(" ")
        _label = f"{_train}-{_version.replace('_', '.')}"
        setattr(ReleaseLabel, _name, known_value(ReleaseLabel, label=_label))

# Constant in all 0.x versions: another label replaces the clusters with the default.
DEFAULT_RELEASE: Final = ReleaseLabel.EMR_7_14_0
