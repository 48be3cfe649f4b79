"""`gaoshi confirm` compares the manifest field by field, and follows it nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from confirmed import ENDED, OWN, PAGES, SHORT, A, Found, Lying, in_notices, manifest, portal
from public_server import CLOCK, PublicServer
from questions import differences

from gaoshi.core.alongside import NOWHERE
from gaoshi.core.confirming import LISTS


def test_a_manifest_with_endless_notices_is_not_followed(project: Any, public: PublicServer) -> None:
    """Whoever invents thousands of notices does not get them all asked for."""
    in_notices(public, lambda n: n.extend(n[0] | {"id": f"2026-11/x{number}"} for number in range(10_001)))
    assert differences(project, public, "--fresh-within", "30m", at="2026-11-24T02:05Z") == {("many", "board.json", "")}
    assert set(public.paths) == {"board.json", "", CLOCK}


MANIFESTS: list[tuple[str, Lying, Found]] = [
    ("another revision", lambda p: manifest(p, revision="0" * 40), {("revision", "board.json", "")}),
    ("another board", lambda p: manifest(p, board="elsewhere"), {("field", "board.json", "board")}),
    ("another roster", lambda p: manifest(p, roster="0" * 40), {("field", "board.json", "roster")}),
    ("records that are not here", lambda p: manifest(p, records=["0" * 40]), {("records", "board.json", "")}),
    ("records that are no commit", lambda p: manifest(p, records=["--all"]), {("no-board", "board.json", "")}),
    ("records by another name", lambda p: manifest(p, records=["HEAD"]), {("no-board", "board.json", "")}),
    (
        "due a day later",
        lambda p: manifest(p, next=None, due="2026-11-25T10:00:00+08:00"),
        {("field", "board.json", "next"), ("field", "board.json", "due")},
    ),
    ("a notice less", lambda p: in_notices(p, lambda n: n.pop(0)), {("missing", "board.json", SHORT)}),
    (
        "a notice more",
        lambda p: in_notices(p, lambda n: n.append(n[0] | {"id": ENDED})),
        {("stranger", "board.json", ENDED)},
    ),
    (
        "other content",
        lambda p: in_notices(p, lambda n: n[0].update(content_id="0" * 40)),
        {("content", "board.json", SHORT)},
    ),
    (
        "an end that nobody foresaw",
        lambda p: in_notices(p, lambda n: n[0].update(foreseen={"is": "withdrawn", "at": "2026-11-24T18:00:00+08:00"})),
        {("until", "board.json", SHORT)},
    ),
    (
        "an end as none can be foreseen",
        lambda p: in_notices(p, lambda n: n[0].update(foreseen={"is": "live", "at": "2026-11-24T18:00:00+08:00"})),
        {("no-board", "board.json", "")},
    ),
    (
        "another approval",
        lambda p: in_notices(p, lambda n: n[0].update(approval="0000-0000")),
        {("approval", "board.json", SHORT)},
    ),
    (
        "another address",
        lambda p: in_notices(p, lambda n: n[0]["url"].update(en="../../secret/")),
        {("address", "board.json", SHORT)},
    ),
    ("made in time to come", lambda p: manifest(p, at="2026-11-24T10:10:01+08:00"), {("future", "board.json", "")}),
    (
        "made days before",
        lambda p: manifest(p, at="2026-11-20T09:30:00+08:00"),
        {("field", "board.json", "next"), ("missing", "board.json", ENDED)},
    ),
    ("a portal", lambda p: portal(p, "board.json"), {("no-board", "board.json", "")}),
    (
        "half of it",
        lambda p: p.files.update({"board.json": p.files["board.json"][:200]}),
        {("no-board", "board.json", "")},
    ),
    ("none", lambda p: p.files.pop("board.json") and None, {("status", "board.json", "")}),
]


@pytest.mark.parametrize(("lie", "found"), [one[1:] for one in MANIFESTS], ids=[one[0] for one in MANIFESTS])
def test_a_wrong_manifest_is_found(project: Any, public: PublicServer, lie: Lying, found: Found) -> None:
    """What the manifest says is compared field by field, and pages are not asked for what it says wrongly."""
    lie(public)
    assert differences(project, public) == found
    assert set(public.paths) <= {"board.json", CLOCK}


def test_a_path_that_leads_out_is_never_asked(project: Any, public: PublicServer) -> None:
    """Whatever addresses and ids a manifest names, only pages of notices below the board are asked for."""
    out = ["../../etc/passwd", "//other.example/", "http://other.example/", "en/../../x/", f"notices/{A}/?x", "%2e%2e/"]
    for path in out:
        in_notices(public, lambda n, path=path: n[0].update(url={"zh": path, "..": f"../notices/{SHORT}/", "en": path}))
        found = differences(project, public, "--fresh-within", "30m", at="2026-11-24T02:05Z")
        assert ("address", "board.json", SHORT) in found
    assert set(public.paths) <= {
        CLOCK,
        "board.json",
        "kiosk.json",
        *LISTS,
        *PAGES,
        *OWN,
        NOWHERE,
        *(path for path in public.paths if "assets/" in path),
    }
