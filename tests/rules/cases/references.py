"""What the rules of ``emr_constructs.rules.references`` reject, and what they accept instead."""

from __future__ import annotations

from .parts import Case, cluster, refers

CASES = [
    # What a cluster in a template refers to
    Case("emr-profile-name", "RunJobFlowInput", cluster(JobFlowRole="arn:aws:iam::111111111111:role/nodes"),
         "JobFlowRole must be the name of an instance profile, got 'arn:aws:iam::111111111111:role/nodes'",
         cluster(JobFlowRole="nodes")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::Role"),
         "JobFlowRole must be the name of an instance profile, got 'Other', an AWS::IAM::Role, for JobFlowRole",
         refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-profile-reference", "ClusterReferences", refers("JobFlowRole", "AWS::IAM::InstanceProfile", "Arn"),
         "JobFlowRole must be the name of an instance profile, got the ARN of 'Other'",
         refers("JobFlowRole", "AWS::IAM::InstanceProfile")),
    Case("emr-role-reference", "ClusterReferences", refers("ServiceRole", "AWS::IAM::InstanceProfile"),
         "service role and Auto Scaling role must be IAM roles, got 'Other', an AWS::IAM::InstanceProfile, for "
         "ServiceRole",
         refers("ServiceRole", "AWS::IAM::Role", "Arn")),
    Case("emr-security-configuration-reference", "ClusterReferences",
         refers("SecurityConfiguration", "AWS::KMS::Key"),
         "SecurityConfiguration must be the name of a security configuration, got 'Other', an AWS::KMS::Key, for "
         "SecurityConfiguration",
         refers("SecurityConfiguration", "AWS::EMR::SecurityConfiguration")),
    Case("emr-unordered-resources", "ClusterReferences",
         {"Unordered": [{"LogicalId": "Policy", "Type": "AWS::IAM::Policy"}]},
         "a cluster must depend on the policies of its roles and the rules of its security groups, because it uses "
         "them from launch to termination, got no dependency on Policy",
         {"Unordered": []}),
    Case("emr-ends-at-once", "ClusterReferences", {"KeepAlive": False, "HasSteps": False},
         "a cluster without steps must have KeepJobFlowAliveWhenNoSteps, because CloudFormation's default is false",
         {"KeepAlive": False, "HasSteps": True}),
]  # fmt: skip
