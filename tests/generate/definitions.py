"""Definitions of clusters for the tests of printers: each is made from a number."""

from __future__ import annotations

from random import Random

import aws_cdk as cdk

import emr_constructs as emr

TYPES = ("m7g.xlarge", "m6g.2xlarge", "r7g.xlarge", "c7g.4xlarge")
TEXTS = (
    "a", "Two words", "s3://bucket/key", "it's", 'say "yes"', "back\\slash", "line\nbreak", "{braces}", "ü", "012",
    "x" * 99,
)  # fmt: skip
SCRIPTS = (
    emr.Script.from_uri("s3://bucket/jobs/job.py"),
    emr.Script.from_uri("s3a://bucket/jobs/job.jar"),
    emr.Script.from_uri("s3://bucket/a b.q"),
    emr.Script.from_uri("file:///home/hadoop/job.py"),
    emr.Script.on_node("/usr/lib/spark/examples/jars/spark-examples.jar"),
)


class Definitions:
    """Makes the parts of a definition at random."""

    def __init__(self, seed):
        self.random = Random(seed)

    def chance(self, of_ten=5):
        return self.random.random() * 10 < of_ten

    def one(self, *choices):
        return self.random.choice(choices)

    def text(self):
        return self.random.choice(TEXTS)

    def some(self, **factories):
        """Some of the options, each with what its factory returns."""
        return {name: factory() for name, factory in factories.items() if self.chance()}

    def mapping(self):
        values = ("true", "false", "7", "07", "8g", True, 12, self.text())
        keys = ("a.b", "c", "d e", 'f"g')
        return {key: self.random.choice(values) for key in keys if self.chance()} or {"x": "1"}

    def number(self, low, high):
        return lambda: self.random.randint(low, high)

    def definition(self):
        instances = self.one(self.groups, self.fleets)()
        is_groups = isinstance(instances, emr.InstanceGroups)
        options = self.some(
            cluster_name=self.text,
            configurations=self.configurations,
            bootstrap_actions=lambda: [self.bootstrap_action() for _ in range(self.random.randint(0, 2))],
            steps=lambda: [self.step() for _ in range(self.random.randint(0, 3))],
            root_volume=lambda: emr.RootVolume(
                size_gib=50, **self.some(iops=self.number(3000, 4000), throughput_mibps=self.number(125, 300))
            ),
            custom_ami_id=lambda: "ami-0123456789abcdef0",
            os_release_label=lambda: "2023.12.20260629.0",
            scale_down_behavior=lambda: "TERMINATE_AT_TASK_COMPLETION",
            additional_info=lambda: {"a": [1, True, None, {"b": self.text()}]},
            tags=lambda: {"team": self.text(), "empty": ""},
            termination=self.termination,
            unhealthy_node_replacement=lambda: self.one(True, False, None),
            visible_to_all_users=lambda: self.one(True, False, None),
            placement_strategy=lambda: self.one("SPREAD", None),
            applications=lambda: [emr.Application.SPARK, emr.Application.HIVE, "Unheard"][: self.random.randint(0, 3)],
            managed_scaling=lambda: self.managed_scaling(is_groups),
        )
        label = self.one("emr-7.14.0", "emr-7.14.0", "emr-6.15.0", "emr-7.99.0")
        return emr.ClusterDefinition(release_label=label, instances=instances, **options)

    def groups(self):
        tasks = [self.group(name=f"Task {number}") for number in range(self.random.randint(0, 2))]
        master = emr.InstanceGroup(self.random.choice(TYPES), self.one(1, 3), **self.some(name=self.text))
        return emr.InstanceGroups(master=master, core=self.group(), tasks=tasks)

    def group(self, **options):
        if not options and self.chance(3):
            options = {"name": None}
        return emr.InstanceGroup(
            self.random.choice(TYPES),
            self.random.randint(1, 5),
            **options,
            **self.nodes(),
            **self.some(
                market=lambda: self.one(
                    None, emr.Market.spot(), emr.Market.spot(bid_price=0.25), emr.Market.spot(bid_price="0.10")
                ),
                auto_scaling_policy=self.policy,
            ),
        )

    def nodes(self):
        return self.some(
            ebs_volumes=lambda: [self.volume() for _ in range(self.random.randint(0, 2))],
            ebs_optimized=self.chance,
            configurations=self.configurations,
            custom_ami_id=lambda: "ami-1123456789abcdef0",
        )

    def volume(self):
        count = self.some(count=lambda: self.one(1, 2, None))
        return self.one(
            lambda: emr.EbsVolume.gp3(size_gib=64, **count, **self.some(iops=self.number(3000, 4000))),
            lambda: emr.EbsVolume.gp3(size_gib=64, **count, iops=4000, throughput_mibps=250),
            lambda: emr.EbsVolume.gp2(size_gib=64, **count),
            lambda: emr.EbsVolume.io1(size_gib=64, iops=500, **count),
            lambda: emr.EbsVolume.st1(size_gib=500, **count),
            lambda: emr.EbsVolume.sc1(size_gib=500, **count),
            lambda: emr.EbsVolume.standard(size_gib=64, **count),
        )()

    def policy(self):
        rules = [self.rule(f"Rule {number}") for number in range(self.random.randint(1, 3))]
        return emr.AutoScalingPolicy(minimum=1, maximum=9, rules=rules)

    def rule(self, name):
        trigger = emr.ScalingTrigger(
            metric_name=self.one("YARNMemoryAvailablePercentage", "AppsPending"),
            comparison=self.one("GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL"),
            threshold=self.one(1.5, 15, 80.0),
            **self.some(
                evaluation_periods=self.number(1, 3),
                period_seconds=lambda: 600,
                statistic=lambda: self.one("AVERAGE", "MAXIMUM"),
                unit=lambda: "PERCENT",
                namespace=lambda: "AWS/ElasticMapReduce",
                dimensions=lambda: {"JobFlowId": "${emr.clusterId}"},
            ),
        )
        factory, amount = self.one(
            (emr.ScalingRule.change_by, -2), (emr.ScalingRule.change_by_percent, 50), (emr.ScalingRule.set_to, 4)
        )
        if self.chance(2):
            return emr.ScalingRule(name=name, adjustment_type=None, adjustment=amount, when=trigger)
        further = self.some(cool_down_seconds=self.number(0, 600), description=self.text)
        return factory(name, amount, when=trigger, **further)

    def managed_scaling(self, is_groups):
        factory = (
            self.one(emr.ManagedScaling.instances, emr.ManagedScaling.vcpu)
            if is_groups
            else (emr.ManagedScaling.fleet_units)
        )
        return factory(
            minimum=2, maximum=9,
            **self.some(
                maximum_on_demand=self.number(2, 9),
                maximum_core=self.number(2, 9),
                utilization_performance_index=lambda: self.one(1, 25, 100),
            ),
        )  # fmt: skip

    def fleets(self):
        fleets = self.some(core=self.fleet, task=self.fleet)
        if "core" not in fleets:
            fleets = {}
        master = self.one(emr.InstanceFleet.on_demand, emr.InstanceFleet.spot)(*TYPES[:2], units=1)
        return emr.InstanceFleets(master=master, **fleets)

    def fleet(self):
        types = [self.fleet_type(name) for name in TYPES[: self.random.randint(1, 4)]]
        options = self.some(
            name=self.text,
            on_demand_provisioning=lambda: emr.OnDemandProvisioning(
                **self.some(allocation_strategy=lambda: emr.OnDemandAllocationStrategy.LOWEST_PRICE,
                            capacity_reservations=self.reservations),
            ),
            spot_provisioning=lambda: emr.SpotProvisioning(
                **self.some(allocation_strategy=lambda: self.one(*emr.SpotAllocationStrategy),
                            timeout_minutes=self.number(5, 99),
                            timeout_action=lambda: self.one(*emr.SpotTimeoutAction)),
            ),
            on_demand_resizing=lambda: emr.OnDemandResizing(
                timeout_minutes=9,
                **self.some(allocation_strategy=lambda: emr.OnDemandAllocationStrategy.LOWEST_PRICE,
                            capacity_reservations=self.reservations),
            ),
            spot_resizing=lambda: emr.SpotResizing(
                timeout_minutes=9, **self.some(allocation_strategy=lambda: self.one(*emr.SpotAllocationStrategy))
            ),
        )  # fmt: skip
        return self.one(
            lambda: emr.InstanceFleet.on_demand(*types, units=4, **options),
            lambda: emr.InstanceFleet.spot(*types, units=4, **options),
            lambda: emr.InstanceFleet(types, 3, None, **{"name": None} | options),
            lambda: emr.InstanceFleet(types, None, 3, **{"spot_provisioning": None} | options),
            lambda: emr.InstanceFleet.mixed(*types, on_demand_units=2, spot_units=4, **options),
        )()

    def fleet_type(self, name):
        prices = self.one({}, {"bid_price": 0.25}, {"bid_price_percentage": 80.0})
        further = self.some(weighted_capacity=self.number(1, 4), priority=lambda: self.one(0.0, 1.5, 2))
        return emr.FleetInstanceType(name, **prices, **further, **self.nodes())

    def reservations(self):
        group = "arn:aws:resource-groups:us-east-1:123456789012:group/reserved"
        return self.one(
            emr.CapacityReservations.open(), emr.CapacityReservations.none(), emr.CapacityReservations.targeted(group)
        )

    def configurations(self):
        presets = (
            lambda: emr.Configuration.glue_data_catalog(emr.Application.SPARK, emr.Application.HIVE),
            lambda: emr.Configuration.glue_data_catalog(emr.Application.HIVE, catalog_id="123456789012"),
            emr.SparkConfigurations.maximize_resource_allocation,
            lambda: emr.SparkConfigurations.dynamic_allocation(min_executors=2, max_executors=40),
            lambda: emr.SparkConfigurations.environment(self.mapping()),
            lambda: emr.HadoopConfigurations.log_levels({"org.apache": "WARN"}),
            lambda: emr.HadoopConfigurations.hdfs_replication(2),
            emr.HadoopConfigurations.emrfs,
            lambda: emr.SparkConfigurations.dynamic_allocation(idle_timeout=cdk.Duration.minutes(5)),
            lambda: emr.SparkConfigurations.table_formats(self.table_format()),
            lambda: emr.FlinkConfigurations.resources(task_slots=4, task_manager_memory="8g"),
            lambda: emr.LivyConfigurations.sessions(idle_timeout=cdk.Duration.seconds(90)),
            lambda: emr.PrestoConfigurations.query_limits(max_memory="50GB", max_run_time=cdk.Duration.hours(1)),
            emr.HiveConfigurations.metastore_without_tls,
            lambda: emr.YarnConfigurations.application_masters_on("CORE"),
            lambda: emr.YarnConfigurations.capacity_scheduler({"default": 30, "etl": 70}, maximum={"etl": 90}),
            lambda: emr.TrinoConfigurations.query_limits(max_memory="50GB"),
            lambda: (emr.Configuration("spark-defaults", self.mapping()),),
            lambda: (emr.Configuration("hive-site", {"EMR.secret@password": "arn:aws:secretsmanager:a:b:secret:c"}),),
            lambda: (emr.Configuration("spark-defaults", self.mapping(), []),),
            lambda: (emr.Configuration("hadoop-env", {}, [emr.Configuration("export", self.mapping())]),),
            lambda: (
                emr.Configuration(
                    "container-executor",
                    configurations=[emr.Configuration("docker", {"a": "b"}), emr.Configuration("other", {"c": 1})],
                ),
            ),
        )
        return [self.random.choice(presets)() for _ in range(self.random.randint(0, 3))]

    def table_format(self):
        return self.one(
            emr.TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/"),
            emr.TableFormat.iceberg(catalog="lake", warehouse="s3://bucket/lake/", metastore="hive", default=True),
            emr.TableFormat.delta(),
        )

    def bootstrap_action(self):
        args = [self.text() for _ in range(self.random.randint(0, 2))]
        uri = self.one("s3://bucket/install.sh", "file:/usr/share/aws/emr/install.sh")
        return emr.BootstrapAction(self.text(), emr.Script.from_uri(uri), args)

    def step(self):
        action = self.some(action_on_failure=lambda: self.one(None, *emr.ActionOnFailure))
        args = self.some(args=lambda: [self.text(), "--date", "2026-11-23"])
        script = self.random.choice(SCRIPTS)
        name = self.text()
        return self.one(
            lambda: emr.Step.spark(
                name, script=script, **args, **action,
                **self.some(
                    packages=lambda: ["org.example:library:1.0", "org.example:other:2.0"],
                    jars=lambda: [emr.Script.from_uri("s3://bucket/a.jar"), emr.Script.from_uri("s3://bucket/b.jar")],
                    files=lambda: {"app.conf": emr.Script.from_uri("s3://bucket/app.conf")},
                    archives=lambda: {"env": emr.Script.from_uri("s3://bucket/env.tar.gz")},
                    conf=self.mapping,
                    deploy_mode=lambda: self.one("cluster", "client"),
                ),
            ),
            lambda: emr.Step.spark_sql(
                name, script=script, **args, **action, **self.some(variables=self.mapping, conf=self.mapping)
            ),
            lambda: emr.Step.hive(name, script=script, **args, **action, **self.some(variables=self.mapping)),
            lambda: emr.Step.pig(name, script=script, **args, **action, **self.some(parameters=self.mapping)),
            lambda: emr.Step.hadoop_streaming(
                name, mapper="cat", reducer="aggregate", inputs=["s3://a/b", "s3://c/d"], output="s3://e/f", **args,
                **action, **self.some(conf=self.mapping, files=lambda: {"x.py": script}),
            ),
            lambda: emr.Step.s3_dist_cp(
                name, src="hdfs:///a", dest="s3://b/c", **args, **action,
                **self.some(
                    src_pattern=lambda: ".*", group_by=lambda: ".*(a).*", target_size_mib=lambda: 128,
                    output_codec=lambda: "gzip", delete_on_success=self.chance,
                ),
            ),
            lambda: emr.Step.jar(
                name, jar=self.one(SCRIPTS[1], SCRIPTS[-1]), **args, **action,
                **self.some(main_class=lambda: "com.example.Main", properties=self.mapping),
            ),
            lambda: emr.Step.custom(name, command=["spark-submit", "--conf", "a=b", self.text()], **action),
        )()  # fmt: skip

    def termination(self):
        return self.one(
            emr.Termination.after_steps(),
            emr.Termination.manual(),
            emr.Termination.manual(protected=True),
            emr.Termination.when_idle(),
            emr.Termination.when_idle(cdk.Duration.seconds(self.one(61, 120, 7200, 86400))),
            emr.Termination(True, True, 3600),
            emr.Termination(None, True),
            emr.Termination(None, None, 600),
            emr.Termination(False, None),
            emr.Termination(),
        )


def made(seed):
    """A definition that EMR accepts. None if the parts can't be combined."""
    try:
        return Definitions(seed).definition()
    except emr.EmrError:
        return None
