"""``releases``: the list, and the comparison of two releases."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from emr_constructs.rules.releases import known_labels
from tests.cli.tools import TEMPLATES, run
from tests.tools import PROJECT

OLD = """\
Resources:
  Cluster:
    Type: AWS::EMR::Cluster
    Properties:
      Name: analytics
      ReleaseLabel: emr-6.3.0
      Applications: [{Name: Spark}, {Name: Ganglia}, {Name: PrestoSQL}]
      JobFlowRole: EMR_EC2_DefaultRole
      ServiceRole: EMR_DefaultRole
      Configurations:
        - Classification: spark-log4j
          ConfigurationProperties: {log4j.rootCategory: WARN}
        - Classification: yarn-site
          ConfigurationProperties: {yarn.log-aggregation-enable: "true"}
      Instances:
        Ec2SubnetId: subnet-0123456789abcdef0
        KeepJobFlowAliveWhenNoSteps: true
        MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}
        CoreInstanceGroup: {InstanceCount: 2, InstanceType: m5.xlarge}
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "cluster.yaml"
    path.write_text(OLD)
    return path


def compared(*arguments):
    result = run("releases", *arguments, "--format", "json")
    assert result.exit_code == 0
    return json.loads(result.output)


def by_name(changes):
    return {change["name"]: (change["old"], change["new"], change["note"]) for change in changes}


def test_lists_every_release_with_dates_and_state():
    header, *rows = run("releases").output.splitlines()
    assert (
        " ".join(header.split()) == "release released standard support until extended support until end of life state"
    )
    assert [row.split()[0] for row in rows[:127]] == list(known_labels())
    states = {row.split()[0]: row.split(maxsplit=5) for row in rows[:127]}
    assert states["emr-7.3.0"] == [
        "emr-7.3.0", "2024-10-16", "2026-10-15", "2027-08-31", "2028-08-31", "out of support",
    ]  # fmt: skip
    assert states["emr-7.14.0"][3:] == ["-", "2029-09-08", "supported"]
    assert states["emr-6.11.1"][1] == "unknown"
    assert "States are those of 2026-11-25." in rows[128]


def test_lists_as_json():
    found = {release["release"]: release for release in json.loads(run("releases", "--format", "json").output)}
    assert list(found) == list(known_labels())
    assert found["emr-5.36.1"] == {
        "release": "emr-5.36.1",
        "released": None,
        "standard_support_until": "2026-08-31",
        "extended_support_until": "2027-06-30",
        "end_of_life": "2028-07-01",
        "state": "out of support",
        "basis": "stated",
        "sources": ["https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html"],
    }


def test_the_state_is_that_of_a_day():
    states = {
        day: json.loads(run("releases", "--format", "json", *day).output)[-1]["state"]
        for day in ((), ("--today", "2026-08-31"), ("--today=2027-09-01",))
    }
    assert list(states.values()) == ["out of support", "supported", "end of life"]


def test_compares_what_releases_run_on():
    changes = compared("emr-6.15.0", "emr-7.14.0")
    assert by_name(changes["support"])["state"][:2] == ("out of support", "supported")
    assert by_name(changes["support"])["standard support until"][:2] == ("2026-08-31", "2028-09-08")
    environment = {name: found[:2] for name, found in by_name(changes["environment"]).items()}
    assert environment == {
        "operating system": ("Amazon Linux 2", "Amazon Linux 2023"),
        "Java by default": ("8", "17"),
        "Python": ("2.7, 3.7", "3.9, 3.11"),
        "Python of PySpark": (None, "3.11"),
        "Scala": ("2.12.15", "2.12.18"),
    }


def test_compares_applications():
    applications = by_name(compared("emr-6.3.0", "emr-7.14.0")["applications"])
    assert applications["Spark"] == ("3.1.1-amzn-0", "3.5.8-amzn-0", "")
    assert applications["Ganglia"] == ("3.7.2", None, "removed")
    assert applications["Delta"] == (None, "3.3.2-amzn-3", "added")
    assert applications["PrestoSQL"] == ("350", "479-amzn-2", "renamed Trino")
    assert "Trino" not in applications
    # A component of releases that don't list it.
    assert "Hadoop" not in by_name(compared("emr-7.14.0", "emr-spark-8.1.0")["applications"])
    assert "Hadoop" not in by_name(compared("emr-spark-8.1.0", "emr-7.14.0")["applications"])


def test_compares_classifications_in_both_directions():
    gone = {found["name"]: found for found in compared("emr-6.3.0", "emr-7.14.0")["classifications"]}
    assert gone["spark-log4j"] == {"name": "spark-log4j", "replacement": "spark-log4j2", "is_certain": True}
    assert gone["sqoop-site"]["replacement"] is None
    new = {found["name"]: found for found in compared("emr-7.14.0", "emr-spark-8.1.0")["classifications"]}
    # Nested in desktop, which is nested in hue-ini, which the release doesn't have.
    assert new["auth"]["is_certain"]
    assert not new["cgroups"]["is_certain"]
    back = {found["name"]: found["replacement"] for found in compared("emr-7.14.0", "emr-6.3.0")["classifications"]}
    assert back["spark-log4j2"] == "spark-log4j"
    assert back["trino-config"] == "prestosql-config"
    assert back["trino-exchange-manager"] is None


def test_compares_features_and_instance_types():
    changes = compared("emr-6.15.0", "emr-7.14.0")
    assert "S3A as the default S3 connector" in changes["features_gained"]
    assert changes["features_lost"] == ["Apache Ranger"]
    assert changes["day"] == "2026-11-25"
    assert "g6.xlarge" in changes["instance_types_gained"]
    assert not [title for title in changes["features_gained"] if "family" in title]
    assert "EMRFS" in compared("emr-7.14.0", "emr-spark-8.1.0")["features_lost"]
    # EMR's answers about the type contradict each other for emr-5.18.0.
    assert "m1.large" not in compared("emr-5.18.0", "emr-7.14.0")["instance_types_gained"]
    assert "m1.large" not in compared("emr-7.14.0", "emr-5.18.0")["instance_types_lost"]


def test_a_release_does_not_differ_from_itself():
    changes = compared("emr-7.14.0", "emr-7.14.0")
    assert {change["note"] for change in changes["applications"]} == {""}
    assert all(change["old"] == change["new"] for part in ("support", "environment") for change in changes[part])
    lists = ("features_gained", "features_lost", "instance_types_gained", "instance_types_lost", "classifications")
    assert [changes[name] for name in (*lists, "findings")] == [[]] * 6


def test_a_template_limits_the_comparison_to_what_it_uses(template):
    changes = compared("emr-6.3.0", "emr-7.14.0", template)
    assert sorted(by_name(changes["applications"])) == ["Ganglia", "Hadoop", "PrestoSQL", "Spark"]
    assert [found["name"] for found in changes["classifications"]] == ["spark-log4j"]
    assert changes["instance_types_gained"] == changes["instance_types_lost"] == []
    found = [(finding["resource"], finding["path"], finding["rule"]) for finding in changes["findings"]]
    assert found == [
        ("Cluster", "Applications[1].Name", "emr-application-unavailable"),
        ("Cluster", "Applications[2].Name", "emr-application-unavailable"),
        ("Cluster", "Configurations[0].Classification", "emr-classification-unknown"),
    ]


def test_finds_what_the_new_release_requires_of_the_security_configuration(tmp_path):
    security = """\
  Security:
    Type: AWS::EMR::SecurityConfiguration
    Properties:
      SecurityConfiguration:
        EncryptionConfiguration:
          EnableAtRestEncryption: false
          EnableInTransitEncryption: true
          InTransitEncryptionConfiguration:
            TLSCertificateConfiguration: {CertificateProviderType: EMR}
"""
    path = tmp_path / "cluster.yaml"
    cluster = OLD.replace(
        "      Name: analytics\n", "      Name: analytics\n      SecurityConfiguration: !Ref Security\n"
    )
    path.write_text(cluster + security)
    found = {finding["rule"] for finding in compared("emr-7.14.0", "emr-7.10.0", path)["findings"]}
    assert "emr-security-configuration-release" in found


def test_finds_what_added_nodes_require_of_the_new_release(template):
    added = """\
  Tasks:
    Type: AWS::EMR::InstanceGroupConfig
    Properties: {JobFlowId: !Ref Cluster, InstanceRole: TASK, InstanceCount: 2, InstanceType: m8g.xlarge}
"""
    template.write_text(
        OLD.replace("emr-6.3.0", "emr-7.14.0").replace("{Name: Ganglia}, {Name: PrestoSQL}", "") + added
    )
    changes = compared("emr-7.14.0", "emr-6.3.0", template)
    found = [(finding["resource"], finding["path"], finding["rule"]) for finding in changes["findings"]]
    assert found == [("Tasks", "InstanceType", "emr-instance-type-release")]
    assert changes["instance_types_lost"] == ["m8g.xlarge"]


def test_properties_of_configurations_are_not_in_use(template):
    """A property can have the name of a member of the EMR API."""
    template.write_text(
        OLD.replace("{log4j.rootCategory: WARN}", "{InstanceType: m7g.xlarge, Classification: sqoop-site}")
    )
    changes = compared("emr-6.3.0", "emr-7.14.0", template)
    assert changes["instance_types_gained"] == []
    assert [found["name"] for found in changes["classifications"]] == ["spark-log4j"]


def test_lists_instance_types_in_use_that_the_new_release_lacks(tmp_path):
    path = tmp_path / "cluster.yaml"
    path.write_text(OLD.replace("m5.xlarge}", "m7g.xlarge}").replace("emr-6.3.0", "emr-7.14.0"))
    assert compared("emr-7.14.0", "emr-6.3.0", path)["instance_types_lost"] == ["m7g.xlarge"]
    output = run("releases", "emr-7.14.0", "emr-6.3.0", path).output
    assert "instance types lost\n  m7g.xlarge\n" in output


def test_applications_that_the_file_does_not_determine_are_all_compared(tmp_path):
    path = tmp_path / "cluster.yaml"
    parameter = "Parameters:\n  Second:\n    Type: String\n"
    path.write_text(parameter + OLD.replace("{Name: Ganglia}", "{Name: !Ref Second}"))
    assert "Sqoop" in by_name(compared("emr-6.3.0", "emr-7.14.0", path)["applications"])


def test_prints_text(template):
    output = run("releases", "emr-6.3.0", "emr-7.14.0", template).output
    rows = [line.split(maxsplit=2) for line in output.splitlines()]
    assert ["Ganglia", "3.7.2", "-             removed"] in rows
    assert ["spark-log4j", "renamed", "spark-log4j2"] in rows
    assert "\n\nfeatures lost\n  Apache Ranger; PrestoSQL, which became Trino\n" in output
    assert "\n\nfindings with emr-7.14.0 only\n  Cluster: Applications[1].Name: error: application must be" in output
    assert output.splitlines()[1].split() == ["state", "on", "2026-11-25", "out", "of", "support", "supported"]
    extended = [line.split() for line in run("releases", "emr-6.15.0", "emr-7.14.0").output.splitlines()]
    assert ["extended", "support", "until", "2027-06-30", "-"] in extended
    other = run("releases", "emr-6.3.0", "emr-7.14.0", "--today", "2030-01-01").output
    assert "state on 2030-01-01     end of life     end of life" in other
    everything = run("releases", "emr-6.3.0", "emr-7.14.0").output
    # A family instead of all of its types.
    assert "m8g.*" in everything
    assert "m8g.xlarge" not in everything


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["emr-7.14.0"], "RELEASE must be two releases, which a template can follow, got 'emr-7.14.0'; specify two"),
        (["a", "b", "c", "d"], "RELEASE must be two releases, which a template can follow, got 'a' 'b' 'c' 'd'"),
        (["emr-6.15", "emr-7.14.0"], "RELEASE must be a known release, got 'emr-6.15'; use emr-6.15.0, or one that"),
        (["emr-7.14.0", "x"], "RELEASE must be a known release, got 'x'; use one that emr-constructs releases lists"),
        (["--today", "soon"], "--today must be a date, got 'soon'; use one such as --today=2027-01-31"),
    ],
)
def test_wrong_arguments(arguments, says):
    result = run("releases", *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("gone.yaml", None, "gone.yaml: No such file or directory"),
        ("empty.yaml", "Resources: {}\n", "empty.yaml: the file must launch a cluster"),
        ("list.json", "[1]", "list.json: the content must be a CloudFormation template"),
    ],
)
def test_wrong_files(tmp_path, name, text, says):
    if text is not None:
        (tmp_path / name).write_text(text)
    result = run("releases", "emr-6.15.0", "emr-7.14.0", tmp_path / name)
    assert result.exit_code == 2
    assert says in result.output


def test_narrow_terminals_lose_nothing(template):
    output = run("releases", "emr-6.3.0", "emr-7.14.0", template, env={"COLUMNS": "30"}).output
    assert "…" not in output
    assert "PySpark" in output


def test_lists_without_cdk_and_without_reading_templates():
    code = (
        "import sys; from emr_constructs.cli.releases import run; run((), 'json', None);"
        "assert not {'aws_cdk', 'jsii', 'emr_constructs.templates.inputs'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)


class TestCheck:
    """``check --age``."""

    def test_says_nothing_unless_asked(self, template):
        assert run("check", template).output == "0 errors and 0 warnings in 1 file\n"
        assert run("check", template, "--no-age").output == "0 errors and 0 warnings in 1 file\n"

    def test_reports_the_line_as_a_warning(self, template):
        result = run("check", "--age", template)
        assert result.exit_code == 0
        assert result.output.splitlines() == [
            f"{template}:6: warning: release must be in standard support, got emr-6.3.0, whose standard support ended "
            "on 2026-08-31 [emr-release-age]",
            "    at Resources.Cluster.Properties.ReleaseLabel",
            "    use emr-7.14.0, or acknowledge this warning",
            "0 errors and 1 warning in 1 file",
        ]

    def test_judges_by_another_day(self, template):
        assert "0 warnings" in run("check", template, "--age", "--today", "2026-08-31").output
        assert "end of life on 2027-09-01" in run("check", template, "--age", "--today=2027-09-01").output
        # Without a value, by the clock: after this was written.
        assert "emr-release-age" in run("check", template, "--age", "--today").output

    def test_a_day_requires_the_check(self, template):
        result = run("check", template, "--today", "2027-01-01")
        assert result.exit_code == 2
        assert "--today requires --age, which is not set" in result.output

    def test_a_day_must_be_one(self, template):
        result = run("check", "--age", "--today", template)
        assert result.exit_code == 2
        assert "--today must be a date, got" in result.output
        assert run("check", template, "--age", "--today", "2026-02-30").exit_code == 2

    def test_json_and_sarif(self, template):
        (finding,) = json.loads(run("check", "--age", template, "--format", "json").output)["findings"]
        assert (finding["rule"], finding["severity"], finding["line"]) == ("emr-release-age", "warning", 6)
        (sarif,) = json.loads(run("check", "--age", template, "--format", "sarif").output)["runs"]
        assert [result["ruleId"] for result in sarif["results"]] == ["emr-release-age"]

    def test_pyproject_can_ask_for_it(self, template, tmp_path):
        file = tmp_path / "settings.toml"
        file.write_text("[tool.emr-constructs]\nage = true\n")
        assert "emr-release-age" in run("check", template, "--config", file).output
        assert "1 warning" in run("check", template, "--config", file, "--today", "2027-01-01").output
        assert "0 warnings" in run("check", template, "--config", file, "--no-age").output
        file.write_text('[tool.emr-constructs]\nage = "yes"\n')
        result = run("check", template, "--config", file)
        assert result.exit_code == 2
        assert "age must be true or false, got 'yes'" in result.output

    def test_it_can_be_accepted(self, template, tmp_path):
        accepted = "    Metadata: {emr-constructs: {acknowledge: [{id: emr-release-age, reason: migration in May}]}}\n"
        template.write_text(OLD.replace("    Properties:\n", f"{accepted}    Properties:\n"))
        assert "0 warnings" in run("check", "--age", template).output
        template.write_text(OLD)
        file = tmp_path / "settings.toml"
        file.write_text('[[tool.emr-constructs.acknowledge]]\nid = "emr-release-age"\nreason = "migration in May"\n')
        assert "0 warnings" in run("check", "--age", template, "--config", file).output
        assert "0 warnings" in run("check", "--age", template, "--ignore", "emr-release-age").output

    def test_running_clusters_are_judged_too(self, tmp_path):
        path = tmp_path / "answer.json"
        path.write_text(json.dumps({"Cluster": {"Id": "j-1", "Name": "a", "ReleaseLabel": "emr-6.3.0"}}))
        assert "emr-release-age" in run("check", "--age", path).output
        assert "0 warnings" in run("check", path).output

    def test_supported_releases_have_no_finding(self):
        assert "0 warnings" in run("check", "--age", TEMPLATES / "private_network.yaml").output
