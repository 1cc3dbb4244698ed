"""Cluster templates: products of Service Catalog for EMR Studio and SageMaker Studio."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

import emr_constructs as emr
from emr_constructs import (
    Application,
    ClusterProfile,
    EmrError,
    InstanceGroup,
    InstanceGroups,
    StudioTemplate,
    StudioTemplates,
    Termination,
)
from tests.linting import lint
from tests.tools import PROJECT, flat, imported_vpc, new_app, new_stack, only, resources, statements, warnings

NOTEBOOKS = [Application.JUPYTER_ENTERPRISE_GATEWAY, Application.LIVY, Application.SPARK]
GROUPS = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("r7g.2xlarge", 4))
WORD_COUNT = emr.Script.from_asset(PROJECT / "examples" / "jobs" / "word_count.py")
TAG = "emr-constructs:studio-template"


def make(stack, profile=None, construct_id="Spark", **options):
    profile = profile or ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))
    return StudioTemplate(stack, construct_id, profile=profile, **{"applications": NOTEBOOKS, **options})


class Synthesized:
    """The template of a stack, and the templates of its products by construct ID."""

    def __init__(self, app, stack):
        assembly = app.synth()
        self.main = assembly.get_stack_by_name(stack.stack_name).template
        self.products = {}
        for found in stack.node.find_all():
            if isinstance(found, StudioTemplate):
                path = Path(assembly.directory) / found._product_stack.template_file
                self.products[found.node.id] = json.loads(path.read_text())


@pytest.fixture(scope="module")
def synthesized():
    """Templates in another stack than their profile, in a known account and region."""
    app = new_app()
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    shared = new_stack(app, "Shared", env=env)
    profile = ClusterProfile(shared, "Profile", vpc=imported_vpc(shared))
    stack = new_stack(app, "Products", env=env)
    spark = make(
        stack,
        profile,
        product_name="Spark for analysts",
        instances=GROUPS,
        master_instance_types=["m7g.xlarge", "m7g.2xlarge"],
        core_instance_types=["r7g.xlarge", "r7g.2xlarge"],
        core_instance_counts=[2, 4],
        steps=[emr.Step.spark("Count", script=WORD_COUNT)],
        termination=Termination.when_idle(cdk.Duration.hours(2)),
    )
    bucket = s3.Bucket(stack, "Scripts", bucket_name="company-scripts")
    fleets = emr.InstanceFleets(
        master=emr.InstanceFleet.on_demand("m7g.xlarge", units=1),
        core=emr.InstanceFleet.on_demand("m7g.xlarge", units=2),
    )
    plain = make(
        stack,
        profile,
        "Plain",
        instances=fleets,
        sagemaker=False,
        cluster_name="mine",
        cloudwatch_logs=emr.CloudWatchLogs(),
        asset_bucket=bucket,
        launch_role=iam.Role.from_role_name(stack, "Launcher", "company-launcher"),
        steps=[emr.Step.spark("Count", script=WORD_COUNT)],
    )
    spark.grants.read_bucket(s3.Bucket.from_bucket_name(stack, "Sales", "company-sales"), "2026/")
    sagemaker = ec2.SecurityGroup.from_security_group_id(stack, "SageMaker", "sg-1234")
    spark.connections.allow_from(sagemaker, ec2.Port.tcp(8998))
    users = [
        iam.Role(stack, "Analysts", assumed_by=iam.AccountRootPrincipal()),
        iam.Group.from_group_name(stack, "Group", "analysts"),
        iam.User.from_user_name(stack, "User", "jane"),
    ]
    StudioTemplates(stack, "Templates", templates=[spark, plain], principals=users, provider_name="Data platform")
    return Synthesized(app, stack)


def cluster(template):
    return only(template, "AWS::EMR::Cluster")


def test_the_parameters_and_the_output_of_emr_studio(synthesized):
    template = synthesized.products["Spark"]
    assert {"SubnetId", "ClusterName"} <= template["Parameters"].keys()
    assert template["Parameters"]["ClusterName"]["Default"] == "Spark for analysts"
    assert cluster(template)["Name"] == {"Ref": "ClusterName"}
    ((logical_id, _),) = resources(template, "AWS::EMR::Cluster").items()
    assert template["Outputs"]["ClusterId"]["Value"] == {"Ref": logical_id}
    chosen = {"Fn::If": ["HasSubnetId", {"Ref": "SubnetId"}, "subnet-aaaa"]}
    assert cluster(template)["Instances"]["Ec2SubnetId"] == chosen
    assert template["Conditions"]["HasSubnetId"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "SubnetId"}, ""]}]}


def test_instance_fleets_run_in_the_one_subnet(synthesized):
    template = synthesized.products["Plain"]
    chosen = {"Fn::If": ["HasSubnetId", {"Ref": "SubnetId"}, "subnet-aaaa"]}
    assert cluster(template)["Instances"]["Ec2SubnetIds"] == [chosen]
    assert template["Parameters"]["ClusterName"]["Default"] == "mine"


def test_logs_in_cloudwatch(synthesized):
    logs = cluster(synthesized.products["Plain"])["MonitoringConfiguration"]["CloudWatchLogConfiguration"]
    assert logs["Enabled"] is True
    (group,) = (name for name in resources(synthesized.main, "AWS::Logs::LogGroup") if name.startswith("Plain"))
    assert f"ExportsOutputRef{group}" in json.dumps(logs["LogGroupName"])


def test_what_sagemaker_studio_requires(synthesized):
    products = resources(synthesized.main, "AWS::ServiceCatalog::CloudFormationProduct")
    tagged = {found["Properties"]["Name"]: found["Properties"].get("Tags") for found in products.values()}
    assert tagged == {
        "Spark for analysts": [{"Key": "sagemaker:studio-visibility:emr", "Value": "true"}],
        "Plain": None,
    }
    project = {"SageMakerProjectName", "SageMakerProjectId"}
    template = synthesized.products["Spark"]
    assert {template["Parameters"][name]["Default"] for name in project} == {""}
    (tag,) = (tag for tag in cluster(template)["Tags"] if tag["Key"] == "emr-constructs:sagemaker-project")
    assert tag["Value"]["Fn::If"][0] == "HasSageMakerProject"
    assert not project & synthesized.products["Plain"]["Parameters"].keys()


def test_users_choose_among_the_allowed_values(synthesized):
    template = synthesized.products["Spark"]
    allowed = {
        name: (found["Type"], found["Default"], found["AllowedValues"])
        for name, found in template["Parameters"].items()
        if "AllowedValues" in found
    }
    assert allowed == {
        "MasterInstanceType": ("String", "m7g.xlarge", ["m7g.xlarge", "m7g.2xlarge"]),
        "CoreInstanceType": ("String", "r7g.2xlarge", ["r7g.xlarge", "r7g.2xlarge"]),
        "CoreInstanceCount": ("Number", "4", ["2", "4"]),
    }
    instances = cluster(template)["Instances"]
    assert instances["MasterInstanceGroup"]["InstanceType"] == {"Ref": "MasterInstanceType"}
    assert instances["CoreInstanceGroup"]["InstanceType"] == {"Ref": "CoreInstanceType"}
    assert instances["CoreInstanceGroup"]["InstanceCount"] == {"Ref": "CoreInstanceCount"}
    assert instances["MasterInstanceGroup"]["InstanceCount"] == 1


def test_the_product_imports_the_profile(synthesized):
    properties = cluster(synthesized.products["Spark"])
    for name in ("JobFlowRole", "ServiceRole", "SecurityConfiguration"):
        assert properties[name]["Fn::ImportValue"].startswith("Shared:Exports"), name
    # A product without roles and policies requires no capability.
    for template in synthesized.products.values():
        assert {found["Type"] for found in template["Resources"].values()} == {"AWS::EMR::Cluster"}


def test_connections_and_permissions_are_those_of_the_stack(synthesized):
    rules = resources(synthesized.main, "AWS::EC2::SecurityGroupIngress").values()
    assert [rule["Properties"]["SourceSecurityGroupId"] for rule in rules] == ["sg-1234", "sg-1234"]
    assert {rule["Properties"]["FromPort"] for rule in rules} == {8998}
    assert "company-sales/2026/*" in json.dumps(statements(synthesized.main, "SparkInstancePolicy"))


def test_cfn_lint_finds_only_a_property_that_it_does_not_know(synthesized):
    found = {
        name: [f"{each.rule.id} {each.message}" for each in lint(json.dumps(template), "eu-west-1")]
        for name, template in synthesized.products.items()
    }
    # The product with CloudWatch logs; the property is newer than the pinned cfn-lint.
    unknown = "E3002 Additional properties are not allowed ('MonitoringConfiguration' was unexpected)"
    assert {name: messages for name, messages in found.items() if messages} == {"Plain": [unknown]}


def test_scripts_are_assets_of_the_stack_or_in_the_asset_bucket(synthesized):
    in_cdk, in_bucket = (
        flat(cluster(synthesized.products[name])["Steps"][0]["HadoopJarStep"]["Args"][-1])
        for name in ("Spark", "Plain")
    )
    assert in_cdk.startswith("s3://cdk-hnb659fds-assets-111111111111-eu-west-1/")
    assert in_bucket.startswith("s3://company-scripts/")
    for name, uri in (("Spark", in_cdk), ("Plain", in_bucket)):
        (read,) = (
            flat(statement["Resource"])
            for statement in statements(synthesized.main, f"{name}InstancePolicy")
            if statement["Action"] == "s3:GetObject"
        )
        assert read == f"arn:aws:s3:::{uri.removeprefix('s3://')}"
    assert only(synthesized.main, "Custom::CDKBucketDeployment")["DestinationBucketName"]["Ref"].startswith("Scripts")


def test_the_launch_role_reaches_only_clusters_of_its_template(synthesized):
    (value,) = (tag["Value"] for tag in cluster(synthesized.products["Spark"])["Tags"] if tag["Key"] == TAG)
    role = only(synthesized.main, "AWS::IAM::Role", "SparkLaunchRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "servicecatalog.amazonaws.com"}
    by_sid = {statement["Sid"]: statement for statement in statements(synthesized.main, "SparkLaunchPolicy")}
    request = {"StringEquals": {f"elasticmapreduce:RequestTag/{TAG}": value}}
    resource = {"StringEquals": {f"elasticmapreduce:ResourceTag/{TAG}": value}}
    assert by_sid["LaunchTaggedClusters"]["Condition"] == request
    assert by_sid["TagClusters"]["Condition"] == request
    assert by_sid["ManageTaggedClusters"]["Condition"] == resource
    assert "elasticmapreduce:TerminateJobFlows" in by_sid["ManageTaggedClusters"]["Action"]
    assert "elasticmapreduce:PutAutoTerminationPolicy" in by_sid["TagClusters"]["Action"]
    assert by_sid["GetTemplate"]["Condition"] == {
        "StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}
    }
    assert flat(by_sid["ManageStacks"]["Resource"]).endswith(":stack/SC-*")
    passed = [statement for statement in by_sid.values() if statement["Action"] == "iam:PassRole"]
    assert len(passed) == 2
    assert all("*" not in json.dumps(statement["Resource"]) for statement in passed)
    # Other templates have a role of their own, or one that was passed.
    assert not [name for name in synthesized.main["Resources"] if name.startswith("PlainLaunch")]


def test_the_portfolio_has_the_products_their_launch_roles_and_the_principals(synthesized):
    main = synthesized.main
    assert only(main, "AWS::ServiceCatalog::Portfolio")["ProviderName"] == "Data platform"
    assert len(resources(main, "AWS::ServiceCatalog::PortfolioProductAssociation")) == 2
    roles = {
        flat(found["Properties"]["RoleArn"])
        for found in resources(main, "AWS::ServiceCatalog::LaunchRoleConstraint").values()
    }
    assert len(roles) == 2
    assert any(role.endswith(":role/company-launcher") for role in roles)
    assert len(resources(main, "AWS::ServiceCatalog::PortfolioPrincipalAssociation")) == 3
    policy = only(main, "AWS::IAM::ManagedPolicy", "TemplatesUserPolicy")
    assert (len(policy["Roles"]), policy["Groups"], policy["Users"]) == (1, ["analysts"], ["jane"])
    by_sid = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    assert by_sid["ManageOwnClusters"]["Condition"] == {"StringEquals": {"servicecatalog:userLevel": "self"}}
    assert "servicecatalog:ProvisionProduct" in by_sid["LaunchTemplates"]["Action"]


def test_users_launch_only_after_the_permissions_exist(synthesized):
    products = resources(synthesized.main, "AWS::ServiceCatalog::CloudFormationProduct")
    (spark,) = (found for found in products.values() if found["Properties"]["Name"] == "Spark for analysts")
    assert any("InstancePolicy" in name for name in spark["DependsOn"])


@pytest.fixture(scope="module")
def stack():
    return new_stack(name="Rejected")


@pytest.fixture(scope="module")
def profile(stack):
    return ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (
                {"core_instance_types": ["r7g.2xlarge", "g7.2xlarge"], "release_label": "emr-7.11.0"},
                "core_instance_types must be supported by emr-7.11.0, got 'g7.2xlarge'; remove them",
            ),
            (
                {"master_instance_types": ["m7g.xlarge", "g7.2xlarge"], "release_label": "emr-7.11.0"},
                "master_instance_types must be supported by emr-7.11.0, got 'g7.2xlarge'",
            ),
            (
                {"core_instance_types": ["r7g.2xlarge", "m7g"]},
                "core_instance_types contains 'm7g': ",
            ),
            (
                {"core_instance_types": ["r7g.xlarge"]},
                "core_instance_types must contain the value of the definition, which is the default of the parameter "
                "CoreInstanceType, got 'r7g.xlarge' without 'r7g.2xlarge'",
            ),
            ({"core_instance_counts": [4, 0]}, "core_instance_counts contains 0: "),
            ({"core_instance_counts": [4, -1]}, "core_instance_counts contains -1: "),
            ({"core_instance_counts": [4, 4]}, "core_instance_counts must be different values, got 4, 4"),
            ({"core_instance_counts": []}, "core_instance_counts must contain at least one value, got none"),
            ({"core_instance_counts": [4, "8"]}, "core_instance_counts[1] must be an integer, got '8'"),
            ({"core_instance_types": "r7g.2xlarge"}, "core_instance_types must be a list"),
            (
                {"core_instance_counts": [4], "instances": InstanceGroups(master=InstanceGroup("m7g.xlarge"))},
                "core_instance_counts requires a core group, got none",
            ),
            (
                {"core_instance_types": ["r7g.2xlarge", cdk.Fn.ref("Type")]},
                "core_instance_types must be known at synth time, got a token; list plain values",
            ),
            ({"product_name": cdk.Fn.ref("Name"), "version_name": ""}, "version_name must have 1 to 100 characters"),
            ({"cluster_name": cdk.Fn.ref("Name")}, "cluster_name must be known at synth time, got a token"),
            ({"product_name": "x" * 101}, "product_name must have 1 to 100 characters, got 101"),
            ({"product_name": ""}, "product_name must have 1 to 100 characters, got 0"),
            ({"description": "x" * 1025}, "description must have 0 to 1024 characters, got 1025"),
            ({"version_name": ""}, "version_name must have 1 to 100 characters, got 0"),
            ({"owner": ""}, "owner must have 1 to 8191 characters, got 0"),
            ({"vpc": None, "core_instance_typ": []}, "core_instance_typ"),
        ],
    )  # fmt: skip
    def test_options(self, stack, profile, options, message):
        with pytest.raises(EmrError) as error:
            make(stack, profile, f"T{id(options)}", **{"instances": GROUPS, **options})
        assert message in str(error.value)
        assert len(error.value.problems) == 1

    def test_fleets_have_no_allowed_values(self, stack, profile):
        fleets = emr.InstanceFleets(master=emr.InstanceFleet.on_demand("m7g.xlarge", units=1))
        with pytest.raises(EmrError, match="core_instance_types requires instance groups, got instance fleets"):
            make(stack, profile, "Fleets", instances=fleets, core_instance_types=["m7g.xlarge"])

    def test_kerberos(self, stack, profile):
        password = cdk.SecretValue.secrets_manager("kdc")
        kerberos = emr.KerberosAttributes("EC2.INTERNAL", kdc_admin_password=password)
        with pytest.raises(EmrError, match="kerberos must not be specified for a template"):
            make(stack, profile, "Kerberos", kerberos=kerberos)

    def test_an_asset_bucket_without_a_name(self, stack, profile):
        with pytest.raises(EmrError, match="asset_bucket must have a name that is known at synth time"):
            make(stack, profile, "Unnamed", asset_bucket=s3.Bucket(stack, "Bucket"))

    def test_a_profile_in_another_region(self):
        app = new_app()
        there = new_stack(app, "There", env=cdk.Environment(account="111111111111", region="eu-west-1"))
        here = new_stack(app, "Here", env=cdk.Environment(account="111111111111", region="us-east-1"))
        with pytest.raises(EmrError) as error:
            make(here, ClusterProfile(there, "Profile", vpc=imported_vpc(there)))
        assert (
            "profile must be in the account and Region of the clusters, 111111111111/us-east-1, got a profile in "
            "111111111111/eu-west-1; define a profile there"
        ) in str(error.value)
        assert "at Here/Spark" in str(error.value)

    def test_a_profile_without_a_known_instance_role(self, stack):
        existing = ClusterProfile(
            stack,
            "Existing",
            vpc=imported_vpc(stack, "ExistingVpc"),
            service_role=iam.Role.from_role_name(stack, "ServiceRole", "company-emr"),
            instance_profile=iam.InstanceProfile.from_instance_profile_name(stack, "Nodes", "company-nodes"),
        )
        with pytest.raises(EmrError, match="pass launch_role"):
            make(stack, existing, "Unknown")

    def test_portfolios(self, stack, profile):
        template = make(stack, profile, "InPortfolio")
        with pytest.raises(EmrError, match="templates must contain at least one StudioTemplate, got none"):
            StudioTemplates(stack, "Empty", templates=[])
        with pytest.raises(EmrError, match="provider_name must have 1 to 50 characters, got 51"):
            StudioTemplates(stack, "LongName", templates=[template], provider_name="x" * 51)
        templates = StudioTemplates(stack, "Portfolio", templates=[template])
        assert templates.templates == (template,)
        with pytest.raises(EmrError, match="template must be one that the portfolio doesn't contain yet"):
            templates.add_template(template)
        with pytest.raises(
            EmrError, match=r"principal must be an iam\.IRole, an iam\.IUser or an iam\.IGroup, got 'arn"
        ):
            templates.grant_launch("arn:aws:iam::111111111111:role/analysts")


def test_clusters_that_nobody_terminates_and_missing_applications_are_reported():
    stack = new_stack()
    profile = ClusterProfile(stack, "Profile", vpc=imported_vpc(stack))

    def reported(construct_id, **options):
        found = warnings(make(stack, profile, construct_id, **options))
        return [each for each in found if "emr-studio-template" in each]

    assert reported("Good") == []
    (unending,) = reported("Manual", termination=Termination.manual())
    assert "clusters of this template run (and are billed) until their users terminate them" in unending
    (lacking,) = reported("Bare", applications=[Application.SPARK])
    assert "this template doesn't install JupyterEnterpriseGateway, Livy;" in lacking
    (explicit,) = reported("Explicit", termination=Termination.explicit())
    assert "termination" in explicit
