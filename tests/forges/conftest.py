"""A repository with pull requests on a forge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forge_server import TOKEN, World


@pytest.fixture
def world(make_estate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An estate on a forge, asked by somebody who has a token and never waits."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setattr("gaoshi.cli.collect.sleep", lambda _: None)
    for name in ("GITHUB_REPOSITORY", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    world = World(make_estate("dev"), tmp_path)
    yield world
    world.server.close()
