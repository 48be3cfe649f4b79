"""An estate whose log is written at ten in the morning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from log_world import A, B, two_clones


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 10:00 on 24 November 2026 in Shanghai, for a command that is not told otherwise."""
    present = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
    for module in ("surroundings", "log_appeared"):
        monkeypatch.setattr(f"gaoshi.cli.{module}.now", lambda: present)


@pytest.fixture
def two(estate: Any) -> Any:
    """An estate with two notices that are public until 30 November, 18:00."""
    estate.notice(A)
    estate.notice(B)
    estate.commit()
    return estate


@pytest.fixture
def clones(two: Any, tmp_path: Path) -> tuple[Any, Any, Path]:
    """Two clones of that estate, and the bare repository that both push to."""
    return two_clones(two, tmp_path)
