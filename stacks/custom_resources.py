"""Trust policies of the roles that CDK creates for custom resources."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk


def limit_roles_to_account(stack: cdk.Stack) -> None:
    """Allow Lambda to assume the roles of CDK's custom resources in ``stack`` only for functions in this account.

    CDK creates these roles and has no option for their trust policy. Call this after the constructs that use them.
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    """
    for child in stack.node.children:
        if isinstance(child, cdk.CustomResourceProviderBase):
            role = cast("cdk.CfnResource", child.node.find_child("Role"))
            condition = {"StringEquals": {"aws:SourceAccount": stack.account}}
            role.add_property_override("AssumeRolePolicyDocument.Statement.0.Condition", condition)
