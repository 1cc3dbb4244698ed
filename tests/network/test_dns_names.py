"""DNS names of clusters: which record is rendered, which names are rejected, and when clients are warned about."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53

import emr_constructs as emr
from emr_constructs.network.dns_names import record_name
from tests.tools import imported_vpc, new_app, new_stack, resources, synthesize, warnings

RECORD = "AWS::Route53::RecordSet"


def zone_in(stack, name="corp.example"):
    return route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z123", zone_name=name)


def cluster_in(stack, *, profile=None, **options):
    shared = emr.ClusterProfile(stack, "Profile", vpc=imported_vpc(stack), **(profile or {}))
    return emr.Cluster(stack, "Cluster", profile=shared, applications=[emr.Application.SPARK], **options)


@pytest.fixture(scope="module")
def plain():
    stack = new_stack(new_app())
    return cluster_in(stack, profile={"security_configuration": None}), zone_in(stack)


@pytest.fixture(scope="module")
def synthesized():
    stack = new_stack(new_app())
    cluster, zone = cluster_in(stack), zone_in(stack)
    name = cdk.CfnParameter(stack, "Name").value_as_string
    seconds = cdk.CfnParameter(stack, "Seconds", type="Number").value_as_number
    made = [
        cluster.access.add_dns_name(zone, "trino"),
        cluster.access.add_dns_name(zone, "spark.corp.example.", ttl=cdk.Duration.minutes(5)),
        cluster.access.add_dns_name(zone, name, ttl=cdk.Duration.seconds(seconds), construct_id="Chosen"),
    ]
    template = synthesize(stack)
    return made, template, warnings(stack)


def test_a_record_refers_to_the_primary_node(synthesized):
    _, template, _ = synthesized
    (cluster,) = resources(template, "AWS::EMR::Cluster")
    target = [{"Fn::GetAtt": [cluster, "MasterPublicDNS"]}]
    properties = [record["Properties"] for record in resources(template, RECORD).values()]
    assert all(found.pop("ResourceRecords") == target and found.pop("HostedZoneId") == "Z123" for found in properties)
    assert properties == [
        {"Name": "trino.corp.example.", "TTL": "60", "Type": "CNAME"},
        {"Name": "spark.corp.example.", "TTL": "300", "Type": "CNAME"},
        {
            "Name": {"Fn::Join": ["", [{"Ref": "Name"}, ".corp.example."]]},
            "TTL": {"Ref": "Seconds"},
            "Type": "CNAME",
        },
    ]


def test_ids_are_below_the_cluster(synthesized):
    made, _, _ = synthesized
    assert [record.node.path for record in made] == [
        "Test/Cluster/DnsNameTrino", "Test/Cluster/DnsNameSparkCorpExample", "Test/Cluster/Chosen",
    ]  # fmt: skip


def test_warns_about_certificates(synthesized):
    *_, found = synthesized
    (first, *others) = [text for text in found if "emr-dns-name-identity" in text]
    assert first.startswith(
        "the certificates of in-transit encryption identify the node by its own name, not by trino.corp.example; "
        "configure the clients to expect the node's own name, then acknowledge this warning"
    )
    assert len(others) == 2
    assert "not by the DNS name;" in others[1]


def test_warns_about_principals():
    stack = new_stack(new_app())
    kerberos = emr.Kerberos.cluster_dedicated_kdc(ticket_lifetime_hours=24)
    configuration = emr.SecurityConfiguration(
        stack, "Security", kerberos=kerberos, s3_encryption=None, local_disk_encryption=None, in_transit_encryption=None
    )
    password = cdk.SecretValue.cfn_parameter(cdk.CfnParameter(stack, "Password", no_echo=True))
    cluster = cluster_in(
        stack,
        profile={"security_configuration": configuration},
        kerberos=emr.KerberosAttributes(realm="EC2.INTERNAL", kdc_admin_password=password),
    )
    cluster.access.add_dns_name(zone_in(stack), "hive")
    (found,) = [text for text in warnings(stack) if "emr-dns-name-identity" in text]
    assert found.startswith("the Kerberos principals identify the node by its own name, not by hive.corp.example;")


def test_a_warning_can_be_acknowledged():
    stack = new_stack(new_app())
    emr.acknowledge(stack, "emr-dns-name-identity", reason="clients verify the CA only")
    cluster_in(stack).access.add_dns_name(zone_in(stack), "trino")
    synthesize(stack)
    assert not [text for text in warnings(stack) if "emr-dns-name-identity" in text]


def test_no_warning_without_identities(plain):
    cluster, zone = plain
    cluster.access.add_dns_name(zone, "quiet", ttl=cdk.Duration.seconds(0))
    assert not [text for text in warnings(cluster) if "emr-dns-name-identity" in text]


def test_a_name_has_one_record(plain):
    cluster, zone = plain
    cluster.access.add_dns_name(zone, "first")
    other = emr.Cluster.from_cluster_attributes(
        cluster.stack, "Other", cluster_id="j-2", master_public_dns="ip-10-0-0-2.ec2.internal"
    )
    message = "name must be unique in the zone, because a name has one CNAME record, got '{}' twice; use another name"
    for taken, name in ((cluster, "First.corp.example"), (other, "first")):
        with pytest.raises(emr.EmrError, match=message.format(name)):
            taken.access.add_dns_name(zone, name, construct_id="Again")
    again = route53.HostedZone.from_hosted_zone_attributes(
        cluster.stack, "Again", hosted_zone_id="Z123", zone_name="corp.example"
    )
    with pytest.raises(emr.EmrError, match="name must be unique in the zone"):
        other.access.add_dns_name(again, "first")
    another = route53.HostedZone.from_hosted_zone_attributes(
        cluster.stack, "Another", hosted_zone_id="Z124", zone_name="corp.example"
    )
    other.access.add_dns_name(another, "first")
    # Stacks may replace each other.
    green = emr.Cluster.from_cluster_attributes(
        cdk.Stack(cluster.stack.node.root, "Green"), "Green", cluster_id="j-3", master_public_dns="ip-10-0-0-3.example"
    )
    green.access.add_dns_name(zone, "first")


def test_the_name_of_an_imported_cluster():
    stack = new_stack(new_app())
    given = "ip-10-0-0-1.ec2.internal"
    cluster = emr.Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1", master_public_dns=given)
    cluster.access.add_dns_name(zone_in(stack), "trino")
    (record,) = resources(synthesize(stack), RECORD).values()
    assert record["Properties"]["ResourceRecords"] == [given]


def test_an_imported_cluster_requires_its_name():
    stack = new_stack(new_app())
    cluster = emr.Cluster.from_cluster_attributes(stack, "Cluster", cluster_id="j-1")
    with pytest.raises(emr.EmrError, match="import the cluster with master_public_dns="):
        cluster.access.add_dns_name(zone_in(stack), "trino")


@pytest.mark.parametrize("placement", ["SPREAD", None])
@pytest.mark.parametrize(
    "instances",
    [
        emr.InstanceGroups(master=emr.InstanceGroup("m7g.xlarge", 3), core=emr.InstanceGroup("m7g.xlarge", 2)),
        emr.InstanceFleets(
            master=emr.InstanceFleet.on_demand("m7g.xlarge", units=3),
            core=emr.InstanceFleet.on_demand("m7g.xlarge", units=2),
        ),
    ],
)
def test_rejects_three_primary_nodes(instances, placement):
    stack = new_stack(new_app())
    cluster = cluster_in(
        stack, instances=instances, placement_strategy=placement, termination=emr.Termination.manual(protected=True)
    )
    with pytest.raises(emr.EmrError, match=r"requires a cluster with one primary node, got three, .*Load Balancer"):
        cluster.access.add_dns_name(zone_in(stack), "trino")


@pytest.mark.parametrize(
    ("zone", "name", "expected"),
    [
        ("corp.example", "trino", "trino.corp.example."),
        ("corp.example", "trino.prod", "trino.prod.corp.example."),
        ("corp.example", "trino.corp.example", "trino.corp.example."),
        ("corp.example", "Trino.CORP.example.", "Trino.CORP.example."),
        ("corp.example.", "trino", "trino.corp.example."),
        ("corp.example", "trinocorp.example", "trinocorp.example.corp.example."),
        ("corp.example", "*", "*.corp.example."),
        ("corp.example", "*.trino", "*.trino.corp.example."),
        ("corp.example", "_x-1", "_x-1.corp.example."),
        ("${Token[Zone.1]}", "trino", "trino.${Token[Zone.1]}."),
        ("${Token[Zone.1]}", "trino.other.", "trino.other."),
        ("corp.example", "${Token[Name.1]}", "${Token[Name.1]}.corp.example."),
    ],
)
def test_full_names(zone, name, expected):
    assert record_name(zone, name) == expected


def test_the_longest_name():
    longest = ".".join(["a" * 60] * 3 + ["b" * 59])
    assert len(record_name("corp.example", longest)) == 256
    with pytest.raises(emr.EmrError, match="name must have at most 255 characters with its zone, got 256; shorten it"):
        record_name("corp.example", f"{longest}b")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "name must be a DNS name, .* got ''; use a name such as 'trino'"),
        (".", "name must be a DNS name"),
        ("a..b", "name must be a DNS name"),
        ("https://trino", "name must be a DNS name, .*, got 'https://trino'"),
        ("trino node", "name must be a DNS name"),
        ("träno", "name must be a DNS name"),
        ("-trino", "name must be a DNS name"),
        ("a" * 64, "name must be a DNS name, with labels of 1 to 63"),
        ("a.*", "name must be a DNS name"),
        ("corp.example", "name must be below the zone, because .*, got 'corp.example'; use a name such as 'emr.corp"),
        ("CORP.example.", "name must be below the zone"),
        ("trino.other.example.", "name must be in the zone corp.example, got 'trino.other.example.'; use a name "),
        (".".join(["a" * 60] * 5), "name must have at most 255 characters with its zone, got 317; shorten it"),
    ],
)
def test_rejects_other_names(name, message):
    with pytest.raises(emr.EmrError, match=message):
        record_name("corp.example", name)


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda access, _: access.add_dns_name("corp.example", "a"), "zone must be a route53.IHostedZone, got 'corp"),
        (lambda access, _: access.add_dns_name(None, "a"), "zone must be a route53.IHostedZone, got None"),
        (lambda access, zone: access.add_dns_name(zone, 5), "name must be a string, got 5"),
        (lambda access, zone: access.add_dns_name(zone, "a", ttl=60), "ttl must be a cdk.Duration, got 60"),
        (
            lambda access, zone: access.add_dns_name(zone, "a", ttl=cdk.Duration.millis(1500)),
            "ttl must be a whole number of seconds, got 1.5",
        ),
        (
            lambda access, zone: access.add_dns_name(zone, "a", ttl=cdk.Duration.days(30000)),
            "ttl must be between 0 and 2147483647 seconds, got 2592000000",
        ),
        (
            lambda access, zone: [access.add_dns_name(zone, name) for name in ("twice", "Twice")],
            "the ID of the DNS name must be unique in the cluster, got 'DnsNameTwice' twice; use another name or",
        ),
        (
            lambda access, zone: access.add_dns_name(
                route53.HostedZone.from_hosted_zone_id(zone.stack, "Nameless", "Z1"), "a"
            ),
            "zone must be a route53.IHostedZone with a name, got one .* use route53.HostedZone.from_hosted_zone_attr",
        ),
    ],
)
def test_rejects_other_arguments(plain, add, message):
    cluster, zone = plain
    with pytest.raises(emr.EmrError, match=message) as raised:
        add(cluster.access, zone)
    assert raised.value.path == "Test/Cluster"
