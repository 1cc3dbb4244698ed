"""``BootstrapAction.start_ssm_agent()``: the script as nodes run it, where it comes from, and what it excludes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

import emr_constructs
from emr_constructs import (
    Application,
    BootstrapAction,
    Cluster,
    ClusterDefinition,
    EmrError,
    FleetInstanceType,
    InstanceFleet,
    InstanceFleets,
    InstanceGroup,
    InstanceGroups,
    Script,
)
from tests.tools import flat, imported_vpc, new_stack, only, statements, synthesize

AMI = "ami-0123456789abcdef0"
SCRIPT = Path(emr_constructs.__file__).parent / "software" / "start_ssm_agent.sh"
ACTION = BootstrapAction.start_ssm_agent()
SUDO = 'echo "sudo $*" >> "$CALLS"; exec "$@"'


class TestOnANode:
    """A node is a folder of programs: each writes down how it is called."""

    @staticmethod
    def run(folder, **programs):
        """The exit code, the calls and what is written to standard error."""
        calls = folder / "calls"
        for name, code in programs.items():
            program = folder / name
            program.write_text(f"#!{shutil.which('bash')}\n{code}\n")
            program.chmod(0o755)
        run = subprocess.run(
            [shutil.which("bash"), SCRIPT],
            env={"PATH": str(folder), "CALLS": str(calls)},
            capture_output=True,
            check=False,
            text=True,
        )
        made = calls.read_text().splitlines() if calls.exists() else []
        return run.returncode, made, run.stderr

    @staticmethod
    def program(name, code=0):
        return f'echo "{name} $*" >> "$CALLS"; exit {code}'

    def test_starts_the_agent_now_and_with_each_boot(self, tmp_path):
        code, calls, errors = self.run(tmp_path, sudo=SUDO, systemctl=self.program("systemctl"))
        assert (code, errors) == (0, "")
        assert calls == [
            "sudo systemctl enable --now amazon-ssm-agent",
            "systemctl enable --now amazon-ssm-agent",
        ]

    def test_starts_the_agent_of_amazon_linux_1(self, tmp_path):
        code, calls, errors = self.run(tmp_path, sudo=SUDO, start=self.program("start"))
        assert (code, errors) == (0, "")
        assert calls == ["sudo start amazon-ssm-agent", "start amazon-ssm-agent"]

    @pytest.mark.parametrize(
        "programs",
        [
            {"sudo": SUDO, "systemctl": "exit 5"},
            {"sudo": SUDO, "start": "exit 1"},
            {"sudo": "exit 1", "systemctl": "exit 0"},
            {"sudo": SUDO},
            {"systemctl": "exit 0"},
            {},
        ],
        ids=["no-unit", "runs-already", "no-permission", "no-init", "no-sudo", "nothing"],
    )
    def test_never_fails_the_node(self, tmp_path, programs):
        code, _, errors = self.run(tmp_path, **programs)
        assert code == 0
        assert "the SSM Agent could not be started; sessions on this node might not work" in errors


def test_the_script_stays_as_it_is():
    """Its hash is part of the name of the asset: a change of the file replaces every cluster that uses it."""
    digest = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    assert digest == "5fceb4fce6af9cef8bb2a208ff2435b88f526786a05f0a7f17ed8bd68c318834"


@pytest.fixture(scope="module")
def template():
    stack = new_stack()
    Cluster(stack, "Spark", vpc=imported_vpc(stack), applications=[Application.SPARK], bootstrap_actions=[ACTION])
    return synthesize(stack)


class TestInTheTemplate:
    def test_each_node_runs_the_script_from_the_bucket_of_assets(self, template):
        (action,) = only(template, "AWS::EMR::Cluster")["BootstrapActions"]
        assert action["Name"] == "Start SSM Agent"
        script = action["ScriptBootstrapAction"]
        assert "Args" not in script
        assert flat(script["Path"]).startswith("s3://cdk-hnb659fds-assets-")
        assert flat(script["Path"]).endswith(".sh")

    def test_the_nodes_may_read_the_script(self, template):
        uri = flat(only(template, "AWS::EMR::Cluster")["BootstrapActions"][0]["ScriptBootstrapAction"]["Path"])
        readable = [
            flat(statement["Resource"])
            for statement in statements(template, "InstancePolicy")
            if "s3:GetObject" in statement["Action"]
        ]
        assert f"arn:<AWS::Partition>:s3:::{uri.removeprefix('s3://')}" in readable


def test_a_cluster_has_no_bootstrap_actions_by_default():
    """Adding one would replace it."""
    assert "BootstrapActions" not in ClusterDefinition()._render()


def test_only_the_script_of_the_library_starts_the_agent():
    assert ACTION.starts_ssm_agent
    assert not BootstrapAction("Start SSM Agent", Script.from_uri("s3://bucket/start_ssm_agent.sh")).starts_ssm_agent


class TestWithACustomAmi:
    MESSAGE = r"BootstrapAction\.start_ssm_agent\(\) can't be combined with custom_ami_id='ami-\w+' of {}, "

    def test_of_the_cluster(self):
        with pytest.raises(EmrError, match=self.MESSAGE.format("the cluster")) as error:
            ClusterDefinition(custom_ami_id=AMI, bootstrap_actions=[ACTION])
        assert "requires the SSM Agent to be disabled; remove one of them" in str(error.value)

    def test_of_an_instance_group(self):
        groups = InstanceGroups(master=InstanceGroup("m7g.xlarge"), core=InstanceGroup("m7g.xlarge", custom_ami_id=AMI))
        with pytest.raises(EmrError, match=self.MESSAGE.format("the instance group 'Core'")):
            ClusterDefinition(instances=groups, bootstrap_actions=[ACTION])

    def test_of_an_instance_type(self):
        kind = FleetInstanceType("m7g.xlarge", custom_ami_id=AMI)
        fleets = InstanceFleets(master=InstanceFleet.on_demand(kind, units=1))
        with pytest.raises(EmrError, match=self.MESSAGE.format(r"the instance type m7g\.xlarge")):
            ClusterDefinition(instances=fleets, bootstrap_actions=[ACTION])

    def test_of_a_task_group_that_is_added_later(self):
        stack = new_stack()
        cluster = Cluster(stack, "Spark", vpc=imported_vpc(stack), bootstrap_actions=[ACTION])
        with pytest.raises(EmrError, match=self.MESSAGE.format("the instance group 'Task'")) as error:
            cluster.add_task_group(InstanceGroup("m7g.xlarge", custom_ami_id=AMI))
        assert "at Test/Spark" in str(error.value)

    def test_a_custom_ami_takes_other_bootstrap_actions(self):
        other = BootstrapAction("Setup", Script.from_uri("s3://bucket/setup.sh"))
        request = ClusterDefinition(custom_ami_id=AMI, bootstrap_actions=[other])._render()
        assert (request["CustomAmiId"], len(request["BootstrapActions"])) == (AMI, 1)
