"""The workflows of this repository, and their steps."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
NODE_TOOLS = ROOT / "tests" / "browser"

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


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
