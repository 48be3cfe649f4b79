"""An outsider proves an approval with git and ssh-keygen alone, by the very commands that the document shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTICE = "2026-11/tower-3-water"
DOCUMENT = (ROOT / "docs" / "approval.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """The commands of the section “Check it yourself”, each block as it stands."""
    section = DOCUMENT.partition("\n## Check it yourself\n")[2].partition("\n## ")[0]
    return [
        re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    ]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of this repository with the sample as it is here, and a machine that has git and ssh-keygen only."""
    home = tmp_path / "clone"
    quiet = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "clone", "--quiet", "--no-tags", str(ROOT), str(home)], check=True, env=quiet)
    for part in ("notices", "records"):
        shutil.rmtree(home / part)
        shutil.copytree(ROOT / part, home / part)
    shutil.copy(ROOT / ".github" / "approvers.yml", home / ".github" / "approvers.yml")
    me = ["-c", "user.name=x", "-c", "user.email=x@cloudtop.example"]
    subprocess.run(["git", "add", "--all"], cwd=home, check=True, env=quiet)
    subprocess.run(["git", *me, "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=home, check=True, env=quiet)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("git", "ssh-keygen", "cat", "sed", "sh"):
        found = shutil.which(name)
        assert found, f"{name} is missing on this machine"
        (tools / name).symlink_to(found)
    return home


def run(clone: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a block there, as it stands, in a plain shell."""
    environment = {"PATH": str(clone.parent / "bin"), "HOME": str(clone.parent), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["sh", "-e", "-c", script], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )


def test_an_outsider_proves_an_approval_by_the_documented_commands(clone: Path) -> None:
    """The content id, the statement, the key and the signature fit together, and the last command says so."""
    content, statement, *_ = (run(clone, block) for block in commands())
    verified = run(clone, "\n".join(commands()))
    assert verified.returncode == 0, verified.stderr
    [said] = json.loads(statement.stdout)["subject"]
    assert said == {"name": NOTICE, "digest": {"gitTree": content.stdout.strip()}}
    assert 'Good "gaoshi-approval" signature for yun-lichun with ED25519 key' in verified.stdout


def test_the_documented_commands_find_a_changed_statement_out(clone: Path) -> None:
    """One word of the statement changed, and ssh-keygen says that it was not signed."""
    [path] = (clone / "records" / "approvals" / NOTICE).glob("*-publish-yun-lichun.json")
    path.write_text(path.read_text(encoding="utf-8").replace("approve", "reject", 1), encoding="utf-8")
    verified = run(clone, "\n".join(commands()))
    assert verified.returncode != 0
    assert "Good" not in verified.stdout


def test_the_statement_shown_is_the_samples(clone: Path) -> None:
    """The document shows a statement that lies in records/, word for word."""
    [path] = (clone / "records" / "approvals" / NOTICE).glob("*-publish-yun-lichun.json")
    shown = DOCUMENT.partition("```json\n")[2].partition("```")[0]
    assert shown == path.read_text(encoding="utf-8")


def test_every_approval_of_the_sample_is_one_that_ssh_keygen_accepts(clone: Path) -> None:
    """Gaoshi's own quick check and ssh-keygen agree on every signature of the sample."""
    roster = (clone / ".github" / "approvers.yml").read_text(encoding="utf-8")
    keys = dict(re.findall(r"- id: (\S+)\n(?:(?!\n\n)[\s\S])*?key: (ssh-\S+ [^,}\s]+)", roster))
    lines = [f'{name} namespaces="gaoshi-approval,gaoshi-receipt" {key}' for name, key in keys.items()]
    (clone / "allowed").write_text("\n".join([*lines, ""]))
    signed = sorted((clone / "records").glob("*/*/*/*.json.sig"))
    signed = [path for path in signed if path.parts[-4] in {"approvals", "receipts"}]
    assert len(signed) > 100
    script = []
    for path in signed:
        payload = path.with_suffix("")
        data = json.loads(payload.read_text(encoding="utf-8"))
        is_receipt = "witness" in data
        who = (
            data["witness"] if is_receipt else data["predicate"]["given"].get("witness", data["predicate"]["approver"])
        )
        name = "gaoshi-receipt" if is_receipt else "gaoshi-approval"
        script.append(f"ssh-keygen -Y verify -q -f allowed -I {who} -n {name} -s '{path}' < '{payload}'")
    done = run(clone, "\n".join(script))
    assert done.returncode == 0, done.stderr + done.stdout
