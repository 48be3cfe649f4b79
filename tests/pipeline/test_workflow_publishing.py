"""When the workflows check and publish, in which order, and what they do when something is wrong."""

from itertools import pairwise

from workflows import GITHUB, load, run_step


def test_the_required_check_always_starts():
    """The check of a pull request has no filter that could keep a required check from ever starting."""
    on = load(GITHUB / "workflows" / "check.yml")["on"]
    assert on == {
        "pull_request": {"types": ["opened", "synchronize", "reopened", "ready_for_review"]},
        "pull_request_review": {"types": ["submitted", "edited", "dismissed"]},
    }


def publishing():
    """The workflow that publishes."""
    return load(GITHUB / "workflows" / "publish.yml")


def test_the_board_is_looked_after_on_every_change_and_every_quarter_of_an_hour():
    """Publication follows main, the clock and a person's hand, from main alone."""
    workflow = publishing()
    assert set(workflow["on"]) == {"push", "schedule", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["main"]}
    minutes = sorted(int(minute) for minute in workflow["on"]["schedule"][0]["cron"].split()[0].split(","))
    assert 0 not in minutes
    assert [later - earlier for earlier, later in pairwise(minutes)] == [15, 15, 15]
    assert workflow["jobs"]["build"]["if"] == "${{ !cancelled() && github.ref == 'refs/heads/main' }}"


def test_approvals_are_collected_before_it_is_asked_whether_the_board_is_due():
    """Reviews come without a push, so every run collects; what could not be collected holds nothing back."""
    jobs = publishing()["jobs"]
    assert jobs["build"]["needs"] == "collect"
    assert "needs" not in jobs["collect"]
    assert jobs["collect"]["if"] == "github.ref == 'refs/heads/main'"


def test_a_board_that_is_not_due_is_not_built():
    """Build, hand-over, deployment and confirmation hang on the answer; one that could not be had means yes."""
    jobs = publishing()["jobs"]
    names = [step["name"] for step in jobs["build"]["steps"]]
    due, build, hand = (
        names.index(name) for name in ("Is the public board due?", "Build the board", "Hand the board over")
    )
    assert due < build < hand
    assert jobs["build"]["steps"][due]["id"] == "due"
    assert jobs["build"]["steps"][build]["if"] == "steps.due.outputs.due != 'false'"
    assert jobs["build"]["steps"][hand]["if"] == "steps.build.outputs.status != ''"
    built = "needs.build.result == 'success' && needs.build.outputs.status != ''"
    assert jobs["deploy"]["if"] == f"${{{{ !cancelled() && {built} }}}}"
    assert jobs["confirm"]["if"] == "${{ !cancelled() && needs.deploy.result == 'success' }}"


def test_one_publication_at_a_time_and_the_newest_wins():
    """Runs never overlap, a deployment is never broken off, and whenever a run begins it reads the newest main."""
    workflow = publishing()
    assert workflow["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    refs = {name: job["steps"][0]["with"].get("ref") for name, job in workflow["jobs"].items() if name in CHECKED_OUT}
    assert refs == CHECKED_OUT


CHECKED_OUT = {
    "collect": "refs/heads/main",
    "build": "refs/heads/main",
    "confirm": "${{ needs.build.outputs.revision }}",
    "log": "refs/heads/main",
}


def test_what_an_earlier_attempt_built_is_never_deployed(tmp_path):
    """To run only what failed once more would put an old board over a newer one: that fails, loudly, and first."""
    jobs = publishing()["jobs"]
    assert jobs["build"]["outputs"]["attempt"] == "${{ github.run_attempt }}"
    first, deploy = jobs["deploy"]["steps"]
    assert first["if"] == "needs.build.outputs.attempt != github.run_attempt"
    assert "if" not in deploy
    assert "continue-on-error" not in first
    done = run_step("publish.yml", first["name"], tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=不发布旧内容 Not deployed::")


def test_what_was_deployed_is_confirmed():
    """The public board is compared with the very revision and instant that was built, at the address that has it."""
    jobs = publishing()["jobs"]
    confirm = jobs["confirm"]
    assert confirm["needs"] == ["build", "deploy"]
    step = confirm["steps"][-1]
    assert step["run"] == 'tools/confirm "$ADDRESS" "$AT"'
    assert step["env"]["AT"] == "${{ needs.build.outputs.at }}"
    assert step["env"]["ADDRESS"] == "${{ vars.GAOSHI_SITE || needs.deploy.outputs.address }}"
    assert step["env"]["GAOSHI_ROOT"] == "${{ vars.GAOSHI_ROOT }}"
    assert jobs["deploy"]["outputs"]["address"] == "${{ steps.deployment.outputs.page_url }}"
    assert all(
        jobs["build"]["outputs"][name] == f"${{{{ steps.build.outputs.{name} }}}}" for name in ("revision", "at")
    )


def test_the_right_notices_are_logged_though_the_host_is_to_be_mended():
    """The log hangs on the notices that the confirmation saw, and not on all else that it found."""
    jobs = publishing()["jobs"]
    assert jobs["confirm"]["outputs"]["notices"] == "${{ steps.confirm.outputs.notices }}"
    assert jobs["confirm"]["steps"][-1]["id"] == "confirm"
    assert jobs["log"]["needs"] == "confirm"
    assert jobs["log"]["if"] == "${{ !cancelled() && needs.confirm.outputs.notices == 'right' }}"


def test_the_board_is_deployed_before_the_run_is_loud():
    """What is withheld makes the run fail only after the rest is public."""
    jobs = load(GITHUB / "workflows" / "publish.yml")["jobs"]
    assert jobs["deploy"]["needs"] == "build"
    assert "status ==" not in jobs["deploy"]["if"]
    assert jobs["loud"]["needs"] == ["build", "deploy"]
    assert "needs.build.outputs.status == '1'" in jobs["loud"]["if"]
