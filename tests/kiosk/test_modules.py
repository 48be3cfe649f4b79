"""The screen's modules by themselves, in Node's own test runner."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lobby import CASES, TEMPLATES

TESTS = sorted(Path(__file__).resolve().parent.glob("*.test.mjs"))


@pytest.mark.parametrize("path", TESTS, ids=[path.name.partition(".")[0] for path in TESTS])
def test_modules(path: Path, tmp_path: Path) -> None:
    """Every test of the modules passes in Node, none is left out."""
    shutil.copytree(TEMPLATES / "kiosk", tmp_path / "modules")
    shutil.copy(path, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    result = subprocess.run(
        ["node", "--test"],
        cwd=tmp_path,
        env=os.environ | {"SCREEN_CASES": str(CASES), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    counts = dict(
        line[2:].split(" ", 1) for line in result.stdout.splitlines() if line.startswith("# ") and " " in line[2:]
    )
    assert int(counts["pass"]) == int(counts["tests"]) > 0
