"""Lighthouse's own verdict on the board as a phone on a slow network would load it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import WATER, Site, node_module, notice, run

RUNS = 3
"""Performance alone is measured again. Network and processor are simulated from what this machine did
meanwhile, so whatever else it was busy with can only lower the score; the other categories are
judgements of the page and must be right at once."""


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Lighthouse at a time, so that two workers do not slow each other down."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "lighthouse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lighthouse(address: str, chromium: str, report: Path) -> dict[str, Any]:
    """Lighthouse's report on a page, with its defaults: a mid-range phone, slow 4G, four times slower processor."""
    run(
        "node",
        node_module("lighthouse/cli/index.js"),
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        "--chrome-flags=--headless=new --no-sandbox",
        env=os.environ | {"CHROME_PATH": chromium},
        timeout=120,
    )
    found: dict[str, Any] = json.loads(report.read_bytes())
    return found


def complaints(report: dict[str, Any], category: str) -> list[str]:
    """What costs a category its points."""
    audits = [report["audits"][part["id"]] for part in report["categories"][category]["auditRefs"] if part["weight"]]
    return [
        f"{audit['id']}: {audit.get('displayValue') or audit.get('explanation') or audit['title']}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("path", ["", notice(WATER)], ids=["home", "notice"])
def test_lighthouse_gives_full_marks(site: Site, chromium: str, tmp_path: Path, path: str) -> None:
    """Performance, accessibility, best practices and search: 100 each, on the home page and on a notice."""
    best = 0.0
    for number in range(RUNS):
        report = lighthouse(site.address + path, chromium, tmp_path / f"{number}.json")
        scores = {name: category["score"] for name, category in report["categories"].items()}
        performance = scores.pop("performance")
        assert {name: complaints(report, name) for name in scores if scores[name] < 1} == {}
        best = max(best, performance)
        if best == 1:
            break
    assert best == 1, complaints(report, "performance")
