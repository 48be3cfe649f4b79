"""`gaoshi confirm`, asked of a public server, and what it answers."""

from __future__ import annotations

from typing import Any

from public_server import PublicServer

SOON = "2026-11-24 10:05"
ELSEWHERE = "2026-11-24T02:05Z"
"""The same instant, where no project tells the time zone."""


def ask(project: Any, public: PublicServer, *arguments: str, at: str = SOON, within: str = "0m") -> Any:
    """Run `gaoshi confirm` in the project."""
    options = ("--at", at, "--within", within, "--lang", "en", *arguments)
    return project.run("confirm", public.address, *options)


def differences(project: Any, public: PublicServer, *arguments: str, at: str = SOON) -> set[tuple[str, str, str]]:
    """What differs: by which code, on which page, of which notice. The exit status says the same."""
    run = ask(project, public, "--format", "json", *arguments, at=at)
    assert run.status == (1 if run.data["differences"] else 0), run.err
    assert run.data["confirmed"] is (run.status == 0)
    return {(one["code"], one["page"], one["id"] or "") for one in run.data["differences"]}


def both_ways(project: Any, public: PublicServer) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """What differs from the edition, and what differs within the board itself."""
    return differences(project, public), differences(project, public, "--fresh-within", "30m", at=ELSEWHERE)
