"""Every policy of the roles of state machines and schedules, statement by statement."""

from __future__ import annotations

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler

import emr_constructs as emr
from tests.iam import documents
from tests.security.test_role_documents import HERE, SPARK
from tests.tools import imported_key, imported_vpc, new_stack

STEP = emr.Step.spark("Import", script=emr.Script.from_uri("s3://jobs/a.py"))
ANY_CLUSTER = f"arn:<AWS::Partition>:elasticmapreduce:{HERE}:cluster/*"
THE_CLUSTER = f"arn:<AWS::Partition>:elasticmapreduce:{HERE}:cluster/j-1"
ANALYSTS = "arn:aws:iam::111111111111:role/analysts"
LAUNCHER = "Test/Job <address>"
TAGGED = f"StringEquals elasticmapreduce:ResourceTag/emr-constructs:launcher = {LAUNCHER}"
TAGGING = f"if StringEquals elasticmapreduce:RequestTag/emr-constructs:launcher = {LAUNCHER}"
EMR = "elasticmapreduce.<AWS::URLSuffix>"
NO_ROLE = "Null elasticmapreduce:ExecutionRoleArn = true"
ONE_ROLE = f"StringEqualsIfExists elasticmapreduce:ExecutionRoleArn = {ANALYSTS}"

OBSERVE = {
    "DeliverLogs: logs:CreateLogDelivery, logs:DeleteLogDelivery, logs:DescribeLogGroups, "
    "logs:DescribeResourcePolicies, logs:GetLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, "
    "logs:UpdateLogDelivery on *",
    "WriteTraces: xray:GetSamplingRules, xray:GetSamplingTargets, xray:PutTelemetryRecords, xray:PutTraceSegments on *",
}
PUBLISH = {
    "Publish: sns:Publish on <JobTopic>",
    "EncryptMessages: kms:Decrypt, kms:GenerateDataKey on <JobKey.Arn>",
}
LAUNCH = {
    f"LaunchTaggedClusters: elasticmapreduce:RunJobFlow on * {TAGGING}",
    f"TagClusters: elasticmapreduce:AddTags on {ANY_CLUSTER} {TAGGING}",
    "PassServiceRole: iam:PassRole on <ProfileServiceRole.Arn> "
    "if StringLike iam:PassedToService = elasticmapreduce.amazonaws.com*",
    "PassInstanceRole: iam:PassRole on <ProfileInstanceRole.Arn> "
    "if StringLike iam:PassedToService = ec2.amazonaws.com*",
    f"CreateCleanupRole: iam:CreateServiceLinkedRole on arn:<AWS::Partition>:iam::<AWS::AccountId>:"
    f"role/aws-service-role/{EMR}/AWSServiceRoleForEMRCleanup if StringEquals iam:AWSServiceName = {EMR}",
    "UseTaggedClusters: elasticmapreduce:CancelSteps, elasticmapreduce:DescribeCluster, "
    f"elasticmapreduce:DescribeStep, elasticmapreduce:TerminateJobFlows on {ANY_CLUSTER} if {TAGGED}",
}
CLEAN_UP = {
    "ListClusters: elasticmapreduce:ListClusters on *",
    f"DescribeClusters: elasticmapreduce:DescribeCluster on {ANY_CLUSTER}",
    f"TerminateTaggedClusters: elasticmapreduce:TerminateJobFlows on {ANY_CLUSTER} if {TAGGED}",
    f"DescribeExecutions: states:DescribeExecution on arn:<AWS::Partition>:states:{HERE}:"
    "execution:<JobStateMachine.Name>:*",
}
MACHINES = {
    "JobObservePolicy": OBSERVE,
    "JobCleanupJobPolicy": {*CLEAN_UP, *PUBLISH},
    "JobCleanupJobObservePolicy": OBSERVE,
    "JobCleanupRulePolicy": {"StartExecution: states:StartExecution on <JobCleanupJobStateMachine>"},
}


def set_policies(*actions):
    listed = ", ".join(f"elasticmapreduce:{action}" for action in actions)
    return {
        f"SetPoliciesAtLaunch: {listed} on {ANY_CLUSTER} {TAGGING}",
        f"SetPoliciesOfTaggedClusters: {listed} on {ANY_CLUSTER} if {TAGGED}",
    }


def submit_steps(where, *conditions):
    return f"SubmitSteps: elasticmapreduce:AddJobFlowSteps on {where} if {' and '.join(conditions)}"


def of_jobs(stack):
    """Without the policies of the profile, which a cluster has too."""
    return {name: found for name, found in documents(stack).items() if name.startswith(("Job", "Schedule", "Machine"))}


def make_job(stack, *work, profile=None, **options):
    profile = profile or emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
    return emr.TransientCluster(stack, "Job", profile=profile, applications=SPARK, workflow=work or [STEP], **options)


def analysts(stack):
    return iam.Role.from_role_arn(stack, "Analysts", ANALYSTS, mutable=False)


def existing(stack):
    return emr.Cluster.from_cluster_attributes(stack, "Existing", cluster_id="j-1")


def every_hour(stack, target):
    emr.Schedule(stack, "Schedule", target=target, schedule=scheduler.ScheduleExpression.cron(minute="0"))


def test_a_job_without_more(stack):
    make_job(stack)
    launch = {*LAUNCH, *PUBLISH, submit_steps(ANY_CLUSTER, TAGGED, NO_ROLE), *set_policies("PutAutoTerminationPolicy")}
    assert of_jobs(stack) == {"JobPolicy": launch, **MACHINES}


def test_a_job_that_notifies_nobody(stack):
    make_job(stack, topic=None)
    launch = {*LAUNCH, submit_steps(ANY_CLUSTER, TAGGED, NO_ROLE), *set_policies("PutAutoTerminationPolicy")}
    assert of_jobs(stack) == {"JobPolicy": launch, **MACHINES, "JobCleanupJobPolicy": CLEAN_UP}


def test_a_job_that_runs_alone(stack):
    make_job(stack, allow_concurrent_executions=False)
    listing = {"ListExecutions: states:ListExecutions on <JobStateMachine>"}
    assert of_jobs(stack)["JobExecutionsPolicy"] == listing


def test_a_job_whose_groups_scale_by_rules(stack):
    trigger = emr.ScalingTrigger.below("YARNMemoryAvailablePercentage", 15)
    rules = [emr.ScalingRule.change_by("Out", 1, when=trigger)]
    policy = emr.AutoScalingPolicy(minimum=1, maximum=2, rules=rules)
    core = emr.InstanceGroup("m7g.xlarge", auto_scaling_policy=policy)
    make_job(stack, instances=emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge"), core=core))
    passing = (
        "PassAutoScalingRole: iam:PassRole on <ProfileAutoScalingRole.Arn> "
        "if StringLike iam:PassedToService = application-autoscaling.amazonaws.com*"
    )
    policies = set_policies("PutAutoScalingPolicy", "PutAutoTerminationPolicy")
    launch = {*LAUNCH, *PUBLISH, submit_steps(ANY_CLUSTER, TAGGED, NO_ROLE), passing, *policies}
    assert of_jobs(stack)["JobPolicy"] == launch


def test_a_job_whose_cluster_scales(stack):
    scaling = emr.ManagedScaling.instances(minimum=1, maximum=4)
    make_job(stack, managed_scaling=scaling)
    policies = set_policies("PutAutoTerminationPolicy", "PutManagedScalingPolicy")
    assert of_jobs(stack)["JobPolicy"] >= policies


def test_a_job_with_a_runtime_role(stack):
    security = emr.SecurityConfiguration(
        stack, "Security", encryption_key=imported_key(stack), runtime_roles=emr.RuntimeRoles()
    )
    profile = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), security_configuration=security)
    make_job(stack, emr.StepTask(STEP, runtime_role=analysts(stack)), profile=profile)
    policies = set_policies("PutAutoTerminationPolicy")
    launch = {*LAUNCH, *PUBLISH, submit_steps(ANY_CLUSTER, TAGGED, ONE_ROLE), *policies}
    assert of_jobs(stack)["JobPolicy"] == launch


def dead_letters(target, key):
    return {
        f"SendToDeadLetterQueue: sqs:SendMessage on <{target}ScheduleDeadLettersQueue.Arn>",
        f"EncryptDeadLetters: kms:Decrypt, kms:GenerateDataKey on <{key}.Arn>",
    }


def test_a_schedule_of_a_job(stack):
    every_hour(stack, make_job(stack))
    starting = "StartExecution: states:StartExecution on <JobStateMachine>"
    assert of_jobs(stack)["SchedulePolicy"] == {starting, *dead_letters("Job", "JobKey")}


@pytest.mark.parametrize("role", [None, analysts])
def test_a_schedule_of_a_step(stack, role):
    runtime_role = role and role(stack)
    every_hour(
        stack,
        emr.StepSubmission(stack, "Submission", cluster=existing(stack), step=STEP, runtime_role=runtime_role),
    )
    condition = ONE_ROLE if role else NO_ROLE
    letters = dead_letters("Submission", "ScheduleDeadLettersKey")
    assert of_jobs(stack) == {"SchedulePolicy": {submit_steps(THE_CLUSTER, condition), *letters}}


@pytest.mark.parametrize("role", [None, analysts])
def test_who_submits_a_step(role):
    stack = new_stack()
    runtime_role = role and role(stack)
    submission = emr.StepSubmission(stack, "Submission", cluster=existing(stack), step=STEP, runtime_role=runtime_role)
    submission.grant_submit(iam.ManagedPolicy(stack, "Machine"))
    condition = ONE_ROLE if role else NO_ROLE
    assert of_jobs(stack) == {
        "Machine": {
            submit_steps(THE_CLUSTER, condition).replace("SubmitSteps", "-"),
            f"-: elasticmapreduce:CancelSteps, elasticmapreduce:DescribeStep on {THE_CLUSTER}",
        }
    }
