"""Notifications of failures, alarms with severities and a runbook, a dashboard, and the Spark history server.

Critical alarms and events are published to one encrypted topic, other alarms to a second one for a chat. Subscribe to
them: EMR doesn't send notifications itself.

Cost: 3 m7g.xlarge nodes until you terminate the cluster, 3 KMS keys, 10 alarms and 1 dashboard.
Files: ``jobs/word_count.py``.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

import emr_constructs as emr

JOBS = Path(__file__).parent / "jobs"


class EventsStack(cdk.Stack):
    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        cluster = emr.Cluster(
            self, "Cluster", vpc=vpc, applications=[emr.Application.SPARK], termination=emr.Termination.manual()
        )
        topic = emr.AlarmTopic(self, "OnCall")
        topic.topic.add_subscription(subscriptions.EmailSubscription("data-on-call@example.com"))
        reason = "The console also shows the alarms if an email is not delivered."
        cdk.Validations.of(topic).acknowledge(cdk.Acknowledgment(id="Serverless-SNSRedrivePolicy", reason=reason))

        cluster.events.notify_failures("Failures", topic)
        cluster.events.on_state_change("Ended", topic.event_target(), states=[emr.ClusterState.TERMINATED])
        cluster.events.on_unhealthy_node_replacement("NodeReplacement", topic.event_target())
        chat = emr.AlarmTopic(self, "Chat")
        alarms = emr.ClusterAlarms(
            self,
            "Alarms",
            cluster=cluster,
            topics={emr.AlarmSeverity.CRITICAL: topic, emr.AlarmSeverity.WARNING: chat, emr.AlarmSeverity.INFO: chat},
            severities={"HdfsUtilization": emr.AlarmSeverity.CRITICAL},
            runbook_url="https://wiki.example.com/emr#{alarm}",
        )
        emr.ClusterDashboard(self, "Dashboard", cluster=cluster, alarms=alarms)

        # After the rules, so that a step that fails immediately is also reported.
        script = emr.Script.from_asset(JOBS / "word_count.py")
        step = cluster.add_step(emr.Step.spark("Count words", script=script, args=[script, "hdfs:///counts/"]))
        step.node.add_dependency(cluster.node.find_child("FailuresStep"))

        cdk.CfnOutput(self, "Session", value=cluster.access.session_command)
        history = cluster.access.port_forwarding_command(emr.ClusterPort.SPARK_HISTORY_SERVER)
        cdk.CfnOutput(
            self,
            "SparkHistory",
            description="Forwards https://localhost:18480 to the Spark history server",
            value=history,
        )


if __name__ == "__main__":
    app = cdk.App()
    network = cdk.Stack(app, "ExampleNetwork")
    vpc = ec2.Vpc(network, "Vpc", nat_gateways=1)
    emr.add_s3_endpoint(vpc)
    EventsStack(app, "Events", vpc=vpc)
    app.synth()
