"""What every test of `gaoshi approvals collect` begins and ends with: a pull request, and what came of its clicks."""

from __future__ import annotations

from typing import Any

from forge_server import World

A, B = "2026-11/a", "2026-11/b"


def propose(world: World, number: int = 1, notice_id: str = A, **fields: Any) -> str:
    """A pull request with one notice, not merged yet; its commit."""
    world.begin(number)
    world.dev.notice(notice_id, **fields)
    return world.save(number)


def stages(run: Any) -> list[tuple[str, str, str]]:
    """The statements that were made: by whom, for which stage, and yes or no."""
    return [(made["approver"], made["stage"], made["decision"]) for made in run.data["statements"]]


def whys(run: Any) -> list[str]:
    """Why clicks did not count."""
    return [ignored["why"] for ignored in run.data["ignored"]]
