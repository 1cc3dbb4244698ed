"""The roles of the functions with which CDK implements custom resources."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk


def limit_roles_to_account(stack: cdk.Stack) -> None:
    """Let Lambda assume the roles of CDK's custom resources in ``stack`` only for functions of this account.

    CDK defines these roles by itself and has no option for their trust policy; call this after what uses them.
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    """
    for child in stack.node.children:
        if isinstance(child, cdk.CustomResourceProviderBase):
            role = cast("cdk.CfnResource", child.node.find_child("Role"))
            condition = {"StringEquals": {"aws:SourceAccount": stack.account}}
            role.add_property_override("AssumeRolePolicyDocument.Statement.0.Condition", condition)
