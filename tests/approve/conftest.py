"""A notice that waits for approval, and the scan of a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from signing import A


@pytest.fixture
def asked(estate: Any) -> Any:
    """An estate whose one notice is on main and approved by nobody."""
    estate.notice(A, body="东门今晚八点起关闭。\n")
    estate.commit(approved=False)
    return estate


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """The scan of a sheet that somebody signed."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7 a signed sheet")
    return path
