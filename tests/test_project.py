"""The files around the library: settings of CDK, pins, data, and what the app says about its settings."""

from __future__ import annotations

import json
import re
import tarfile
import tomllib
from importlib import metadata
from pathlib import Path

import aws_cdk as cdk
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import app as project
import emr_constructs as emr
from examples import quickstart
from tests.catalogue import environment
from tests.tools import CONTEXT, PROJECT, imported_vpc, new_app, new_stack, resources, synthesize

LOCKS = sorted(PROJECT.glob("requirements*.txt"))
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)
# Where the app differs from what CDK recommends, and why.
EXCEPTIONS = {
    # With the recommended weak references a network can be deleted while clusters run in it.
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
    # The recommended list lacks GovCloud.
    "@aws-cdk/core:target-partitions": ["aws", "aws-cn", "aws-us-gov"],
}


def pins(path):
    return {canonicalize_name(name): version for name, version in PIN.findall(path.read_text())}


LOWEST = PROJECT / "requirements-lowest.txt"
PINS = {name: version for lock in LOCKS if lock != LOWEST for name, version in pins(lock).items()}


def recommended_flags():
    (package,) = (Path(cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.jsii.tgz")
    with tarfile.open(package) as archive:
        found = archive.extractfile("package/recommended-feature-flags.json")
        assert found is not None
        return json.load(found)


def test_the_feature_flags_are_the_recommended_ones():
    assert {**recommended_flags(), **EXCEPTIONS} == CONTEXT


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_requirements_are_locked_with_hashes(lock):
    """For all platforms, and by name: no lock has the address of a package index."""
    blocks = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock.read_text(), flags=re.MULTILINE))
    for block in blocks:
        assert PIN.match(block), block
        assert "--hash=sha256:" in block, block
    assert "://" not in lock.read_text()
    assert "--index" not in lock.read_text()
    assert pins(lock.with_suffix(".in")).items() <= pins(lock).items(), f"run make lock to write {lock.name}"


def test_everything_that_is_installed_is_locked():
    installed = {canonicalize_name(found.metadata["Name"]) for found in metadata.distributions()}
    assert installed - {"pip", "setuptools", "emr-constructs"} <= PINS.keys()


def test_workflows_and_pages_name_existing_targets():
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    workflows = [*(PROJECT / ".github" / "workflows").glob("*.yml")]
    assert workflows
    for path in [*workflows, PROJECT / ".ci" / "run", *PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]:
        named = re.findall(r"^[\s`-]*(?:run: )?make ([a-z-]+)", path.read_text(), re.MULTILINE)
        named += re.findall(r"`make ([a-z-]+)", path.read_text())
        assert {*named} <= targets, path
    for path in workflows:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {"contents": "read"}


def test_the_cdk_cli_is_locked():
    wanted = json.loads((PROJECT / "package.json").read_text())["devDependencies"]
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["devDependencies"] == wanted
    assert (
        wanted.items()
        <= {name.removeprefix("node_modules/"): found["version"] for name, found in packages.items()}.items()
    )
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_the_pins_are_in_the_ranges_of_the_library():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    optional = [name for names in project["optional-dependencies"].values() for name in names]
    lowest = pins(LOWEST)
    for requirement in map(Requirement, [*project["dependencies"], *optional]):
        (bound,) = (found.version for found in requirement.specifier if found.operator == ">=")
        assert Version(lowest[canonicalize_name(requirement.name)]) == Version(bound), "run make lock"
        assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)]), requirement


def test_an_unknown_environment_names_the_known_ones():
    with pytest.raises(SystemExit, match="environment must be dev or production, got 'staging'; use"):
        project.build(new_app(environment="staging"))


def test_the_library_does_not_need_feature_flags():
    """An app without any context gets the same protection."""
    stack = new_stack(new_app(flags=False))
    emr.ClusterAlarms(stack, "Alarms", cluster=emr.Cluster(stack, "Spark", vpc=imported_vpc(stack)))
    template = synthesize(stack)
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert {"AWS::EMR::Cluster", "AWS::EMR::SecurityConfiguration", "AWS::S3::BucketPolicy"} <= kinds
    buckets = [found for found in template["Resources"].values() if found["Type"] == "AWS::S3::Bucket"]
    assert all(all(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) for bucket in buckets)
    assert not [bucket for bucket in buckets if "AccessControl" in bucket["Properties"]]


def test_an_example_does_not_need_feature_flags():
    app = new_app(flags=False)
    synthesize(quickstart.QuickstartStack(app, "Quickstart", vpc=imported_vpc(new_stack(app))))


def test_an_empty_environment_is_unknown_too():
    with pytest.raises(SystemExit, match="environment must be dev or production, got ''"):
        project.build(new_app(environment=""))


@pytest.mark.parametrize("name", project.ENVIRONMENTS)
def test_the_network_has_the_zones_and_gateways_of_its_environment(name):
    """Also where neither account nor region is known, in which case CDK by itself makes two."""
    settings = project.ENVIRONMENTS[name]
    template = environment(name).templates[f"EmrNetwork-{name}"]
    zones = [
        str(subnet["Properties"]["AvailabilityZone"]) for subnet in resources(template, "AWS::EC2::Subnet").values()
    ]
    assert len(set(zones)) == settings.max_azs
    assert len(resources(template, "AWS::EC2::NatGateway")) == settings.nat_gateways


def test_the_version_has_one_source():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "emr_constructs/_version.py"
    (latest, *_) = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert emr.__version__ == latest


def test_the_license_is_apache_2():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])
    text = (PROJECT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
