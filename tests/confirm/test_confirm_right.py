"""`gaoshi confirm` proves a board that is right, whatever else may be in it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confirmed import AT, ENDED, OWN, PAGES, SHORT, TEXT, UPCOMING, WITHHELD, A
from public_server import CLOCK, PublicServer, files_of, send
from questions import ask, differences

from gaoshi.core.alongside import NOWHERE
from gaoshi.core.confirming import LISTS

_SEAL = {f"assets/{name}" for name in ("seal.png", "seal.svg", "share.png")}


def test_a_right_board_is_proved(project: Any, public: PublicServer) -> None:
    """Every notice in every language, what ended, the lists and the assets are asked for, and all is right."""
    run = ask(project, public)
    assert (run.status, run.out) == (0, "")
    assert run.err.startswith("Proved: the public board shows the edition. Notices: 2, languages: 2,")
    assets = {f"assets/{path.name}" for path in (project.site / "assets").glob("board.*")}
    gone = {f"{home}notices/{notice_id}/" for notice_id in (ENDED, WITHHELD, UPCOMING) for home in ("", "en/")}
    screens = {path for path in public.files if path.startswith("kiosk")}
    known = {"board.json", CLOCK, *LISTS, *PAGES, *OWN, *gone, *assets, *_SEAL, *screens, NOWHERE}
    assert sorted(public.paths) == sorted(known)


def test_a_board_that_foresees_is_proved(make_estate: Callable[[str], Any]) -> None:
    """Its pages drop a notice at the instant that is foreseen, and `board.json` tells that beside the stated end."""
    estate = make_estate("foreseeing")
    estate.notice(A, {"outcome": {"is": "withdrawn", "at": "2026-11-24 18:00", "note": "x"}})
    estate.commit()
    assert estate.build(at=AT).status == 0
    assert estate.manifest["notices"][0]["foreseen"]["at"] == "2026-11-24T18:00:00+08:00"
    server = PublicServer(files_of(estate.site))
    try:
        assert differences(estate, server) == set()
    finally:
        server.close()


def test_what_is_asked_goes_past_caches(project: Any, public: PublicServer) -> None:
    """Every request asks caches to look again, and has no query but the one for the time."""
    assert ask(project, public).status == 0
    assert all(headers.get("Cache-Control") == "no-cache" for _, headers in public.asked)
    assert [path for path in public.paths if "?" in path] == [CLOCK]


def test_a_packed_board_is_proved(project: Any, public: PublicServer) -> None:
    """As hosts send it, compressed."""

    def packed(handler: Any, number: int) -> None:
        path = handler.path[1:]
        if path not in public.files:
            return public.serve(handler, path)
        kind = {"board.json": "application/json", "sitemap.xml": "text/xml"}.get(path, "text/html")
        kind = {"css": "text/css", "js": "application/javascript"}.get(path.rpartition(".")[2], kind)
        return send(handler, gzip.compress(public.files[path]), kind=f"{kind}; charset=utf-8", Content_Encoding="gzip")

    public.any_lie = packed
    assert differences(project, public) == set()


def over_page(public: PublicServer, notice_id: str) -> str:
    """A page of this board, of this instant, that says nothing but that a notice is over."""
    form = f'<article class="notice notice--over" data-id="{notice_id}" data-state="expired"><h1>已结束</h1></article>'
    page = public.files[f"notices/{A}/"].decode()
    return re.sub(r'<article class="notice".*</article>', form, page, flags=re.DOTALL)


def test_an_ended_notice_has_its_own_ended_page_or_none(project: Any, public: PublicServer) -> None:
    """That page is as good as none; another one that says that it is over is told, above all with the text."""
    path = f"notices/{ENDED}/"
    assert b"notice--over" in public.files[path]
    over = over_page(public, ENDED)
    public.files[path] = over.encode()
    assert differences(project, public) == {("page", path, ENDED)}
    public.files[path] = over.replace("已结束", f"已结束<p hidden>{TEXT[:9]}\n{TEXT[9:]}").encode()
    assert differences(project, public) == {("text", path, ENDED)}
    public.files[path] = over_page(public, UPCOMING).encode()
    assert differences(project, public) == {("still", path, ENDED)}
    del public.files[path]
    assert differences(project, public) == set()
    public.files[f"notices/{A}/"] = over_page(public, A).encode()
    assert differences(project, public) == {("over", f"notices/{A}/", A)}


def test_what_was_never_public_has_no_ended_page(project: Any, public: PublicServer) -> None:
    """Nobody made one, so whoever serves one invents it."""
    for notice_id in (WITHHELD, UPCOMING):
        public.files[f"notices/{notice_id}/"] = over_page(public, notice_id).encode()
    assert differences(project, public) == {("still", f"notices/{one}/", one) for one in (WITHHELD, UPCOMING)}


def test_a_live_page_holds_what_it_turns_into(project: Any, public: PublicServer) -> None:
    """The form for when it has ended waits in the page, unseen; seen, it says that a live notice is over."""
    path = f"notices/{SHORT}/"
    waiting = re.search(r'<article class="notice notice--over"[^>]* hidden>', public.files[path].decode())
    assert waiting
    public.edit(path, waiting[0], waiting[0].replace(" hidden", ""))
    assert differences(project, public) == {("over", path, SHORT)}
    public.edit(path, 'class="notice"', 'class="notice" hidden')
    assert differences(project, public) == {("over", path, SHORT)}
    public.files[f"notices/{ENDED}/"] = public.files[path].replace(SHORT.encode(), ENDED.encode())
    assert ("still", f"notices/{ENDED}/", ENDED) in differences(project, public)


def test_nobody_needs_git_to_look_at_a_board(
    project: Any, public: PublicServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without git, the board is compared with itself."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for more in ([], ["--fresh-within", "30m"]):
        assert ask(type(project)(tmp_path), public, *more, at="2026-11-24T02:05Z").status == 0


def test_without_a_project_the_board_is_compared_with_itself(
    public: PublicServer, tmp_path: Path, project: Any
) -> None:
    """From anywhere: manifest, pages, lists and assets agree with each other."""
    elsewhere = type(project)(tmp_path / "nowhere")
    elsewhere.root.mkdir()
    run = ask(elsewhere, public, at="2026-11-24T02:05Z")
    assert (run.status, run.out) == (0, "")
    assert "agrees with itself. Notices: 2, languages: 2" in run.err
    gone = f"notices/{ENDED}/"
    assert gone not in public.paths
    assert set(PAGES) <= set(public.paths)
