"""Every command that the pipeline types exists, and ends as it should."""

import os
import re
import shlex
import subprocess

import pytest
from workflows import ROOT, WORKFLOWS, run_step, step_named, steps

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
