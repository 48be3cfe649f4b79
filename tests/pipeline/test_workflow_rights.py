"""What the workflows may do: pinned actions, least privilege, no injection."""

import json
import re

from workflows import GITHUB, WORKFLOWS, each_workflow, load, steps

PINNED = re.compile(r"uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def test_there_are_the_three_workflows():
    """Notices are checked, the board is published and the generator is tested, each by its own workflow."""
    assert [path.stem for path in WORKFLOWS] == ["check", "publish", "test"]


@each_workflow
def test_every_action_is_pinned(path):
    """Every action is pinned by its full commit, with the version in a comment."""
    uses = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []


def test_one_action_has_one_version():
    """The same action has the same commit in every workflow."""
    pins = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


@each_workflow
def test_no_workflow_trusts_a_stranger(path):
    """No workflow runs with this repository's rights on a stranger's content."""
    assert not {"pull_request_target", "workflow_run", "issue_comment", "issues"} & set(load(path)["on"])


@each_workflow
def test_permissions_are_granted_job_by_job(path):
    """A workflow has no permission but those that a job names."""
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert all("permissions" in job for job in workflow["jobs"].values())


def test_what_may_be_written_is_records_and_the_site():
    """Those that collect approvals and write the log may write to the repository, the deployment the site; nobody else."""
    granted = {
        (path.stem, name, right)
        for path in WORKFLOWS
        for name, job in load(path)["jobs"].items()
        for right, level in job["permissions"].items()
        if level != "read"
    }
    assert granted == {
        ("publish", "collect", "contents"),
        ("publish", "log", "contents"),
        ("publish", "deploy", "pages"),
        ("publish", "deploy", "id-token"),
    }


def test_one_job_alone_knows_the_witness_key():
    """The witness key is used in one job on main, in an environment of its own; no other job has a secret."""
    jobs = {(path.stem, name): job for path in WORKFLOWS for name, job in load(path)["jobs"].items()}
    knowing = {where for where, job in jobs.items() if "secrets." in json.dumps(job)}
    assert knowing == {("publish", "collect")}
    collect = jobs["publish", "collect"]
    assert collect["environment"] == "approvals"
    assert collect["if"] == "github.ref == 'refs/heads/main'"
    assert [step["name"] for step in collect["steps"] if "secrets." in json.dumps(step)] == ["Collect approvals"]


@each_workflow
def test_no_expression_is_pasted_into_a_script(path):
    """What others can name, such as a branch, reaches a script as a variable and never as its text."""
    assert [step["name"] for step in steps(path) if "${{" in step.get("run", "")] == []


@each_workflow
def test_checkouts_leave_no_credentials_behind(path):
    """A checkout keeps no token in the working copy."""
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@each_workflow
def test_every_job_has_a_time_limit_and_every_step_a_name(path):
    """A job cannot hang for hours, and a reader of its log sees what each step is for."""
    assert all(job["timeout-minutes"] <= 30 for job in load(path)["jobs"].values())
    assert all(step["name"] for step in steps(path))


def test_notices_are_judged_with_the_whole_history():
    """Where approvals and first publication count, the checkout has the whole history."""
    judging = (("check", "notices"), ("publish", "collect"), ("publish", "build"), ("publish", "confirm"))
    for workflow, job in judging:
        checkout = steps(GITHUB / "workflows" / f"{workflow}.yml", job)[0]
        assert checkout["with"]["fetch-depth"] == 0
