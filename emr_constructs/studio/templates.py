"""A Service Catalog portfolio of cluster templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

from aws_cdk import aws_iam as iam
from aws_cdk import aws_servicecatalog as servicecatalog
from constructs import Construct

from .._core.errors import EmrError
from .._core.signatures import checked
from .._core.types import implements
from ..security import nag_findings
from ..security.permissions import managed_policy
from . import template_permissions
from .template_parameters import length_problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from .template import StudioTemplate

__all__ = ["StudioTemplates"]

_Attach: TypeAlias = "Callable[[iam.IRole | iam.IUser | iam.IGroup], None]"


class StudioTemplates(Construct):
    """A portfolio of cluster templates, with the principals that can launch them.

    It must be in the account of the Studio. Service Catalog launches clusters with the launch role of a template, so
    users require no permissions to create clusters or to pass roles.
    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-studio-cluster-templates.html
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        templates: Sequence[StudioTemplate],
        principals: Sequence[iam.IRole | iam.IUser | iam.IGroup] = (),
        portfolio_name: str | None = None,
        provider_name: str = "Administrators",
        description: str = "Amazon EMR clusters for notebooks",
    ) -> None:
        """Define a portfolio.

        :param templates: the templates of the portfolio; ``add_template`` adds others.
        :param principals: the roles, users and groups that can launch clusters, such as the user role of a Studio or
            the execution role of SageMaker Studio; ``grant_launch`` adds others. Default: none.
        :param portfolio_name: the name that administrators see. Default: derived from the construct path.
        :param provider_name: the provider that users see. Default: ``Administrators``.
        :param description: what administrators see. Default: ``Amazon EMR clusters for notebooks``.
        :raises EmrError: there is no template, or an argument has another type.
        """
        super().__init__(scope, construct_id)
        name = self.node.path.replace("/", " ")[-100:] if portfolio_name is None else portfolio_name
        problems = list(
            length_problems(
                {
                    "portfolio_name": (name, 1, 100),
                    "provider_name": (provider_name, 1, 50),
                    "description": (description, 0, 2000),
                }
            )
        )
        if not templates:
            problems.append("templates must contain at least one StudioTemplate, got none; pass a template")
        if problems:
            raise EmrError(problems, at=self)
        self.portfolio: servicecatalog.Portfolio = servicecatalog.Portfolio(
            self,
            "Portfolio",
            display_name=name,
            provider_name=provider_name,
            description=description,
        )
        """The portfolio."""

        statements = template_permissions.use_templates()
        self.user_policy: iam.ManagedPolicy = managed_policy(self, "UserPolicy", statements)
        """Allows principals to launch templates, and to change and terminate what they launched."""
        known = nag_findings.of_statements(statements, nag_findings.TEMPLATE_USERS)
        nag_findings.acknowledge(self.user_policy, nag_findings.wildcards(self, known))
        self._templates: list[StudioTemplate] = []
        for template in templates:
            self.add_template(template)
        for principal in principals:
            self.grant_launch(principal)

    @property
    def templates(self) -> tuple[StudioTemplate, ...]:
        """The templates of the portfolio."""
        return tuple(self._templates)

    @checked
    def add_template(self, template: StudioTemplate) -> None:
        """Add a template, with its launch role.

        :raises EmrError: the portfolio contains it already.
        """
        if template in self._templates:
            raise EmrError(
                f"template must be one that the portfolio doesn't contain yet, got {template.node.path}; add it once",
                at=self,
            )
        self._templates.append(template)
        self.portfolio.add_product(template.product)
        self.portfolio.set_launch_role(
            template.product, template.launch_role, description="Launches clusters with the role of the template"
        )

    @checked
    def grant_launch(self, principal: iam.IRole | iam.IUser | iam.IGroup) -> None:
        """Allow a role, a user or a group to launch the templates.

        The principal gets access to the portfolio and ``user_policy``, whose statements apply to all portfolios
        that the principal has access to.

        :raises EmrError: ``principal`` isn't a role, a user or a group.
        """
        for member, give_access, attach in (
            ("role_arn", self.portfolio.give_access_to_role, self.user_policy.attach_to_role),
            ("group_arn", self.portfolio.give_access_to_group, self.user_policy.attach_to_group),
            ("user_arn", self.portfolio.give_access_to_user, self.user_policy.attach_to_user),
        ):
            if implements(principal, member):
                cast("_Attach", give_access)(principal)
                cast("_Attach", attach)(principal)
                return
